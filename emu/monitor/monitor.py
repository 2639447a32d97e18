"""Monitors: how ``-mon`` makes one, and how a command prints to it (monitor/monitor.c)."""

from __future__ import annotations

from typing import Final

from emu.chardev.char_fe import qemu_chr_fe_write_all
from emu.chardev.structs import CharBackend
from emu.errors import NotModelled
from emu.qapi.error import Error, error_reportf_err, error_setg
from emu.qapi.opts_visitor import opts_visitor_new
from emu.qapi.qapi_struct import QapiStruct, qapi_free, visit_struct
from emu.qapi.qapi_util import QapiEnum
from emu.qapi.qmp_event import event_state
from emu.qobject.qdict import QDict
from emu.trace import Seq, Struct, embedded, emulates, per_run, seq
from emu.util.cutils import qemu_parse_fd
from emu.util.error_report import error_report_state
from emu.util.qemu_option import QemuOpts

READ_SIZE: Final = 4096


class Monitor(Struct):
    """A monitor. What was printed to it and not yet sent is kept beside the log: it would hold every text many times."""

    is_qmp: bool = False
    skip_flush: bool = False
    suspend_cnt: int = 0
    chr: CharBackend = embedded(CharBackend)

    @property
    def outbuf(self) -> str:
        """What was printed and not yet sent."""
        return "".join(self.__dict__.get("_outbuf", ()))

    def take(self) -> str:
        """Return what was printed, and forget it."""
        text = self.outbuf
        self.__dict__.pop("_outbuf", None)
        return text

    def puts(self, text: str) -> None:
        """Print to it; whoever is at the other end gets it at the end of the line."""
        self.__dict__.setdefault("_outbuf", []).append(text)
        if text.endswith("\n"):
            self.flush()

    def flush(self) -> None:
        """Send what was printed, without waiting for the end of the line (``monitor_flush``)."""
        if not self.skip_flush and self.chr.chr is not None and (text := self.take()):
            data = text.replace("\n", "\r\n").encode("utf-8", "surrogateescape")
            qemu_chr_fe_write_all(self.chr, data, len(data))

    def printf(self, text: str) -> None:
        """Print to it, if it is one for people."""
        if not self.is_qmp:
            self.puts(text)

    def send_event(self, qdict: QDict) -> None:
        """Send an event, if it is a monitor that gets them."""


class MonitorGlobals(Struct):
    """The global variables of monitor/monitor.c."""

    mon_list: Seq[Monitor] = seq()


monitor_globals = per_run(MonitorGlobals)


class MonitorMode(QapiEnum):
    """For people, or for programs (qapi/control.json)."""

    READLINE = 0, "readline"
    CONTROL = 1, "control"


class MonitorOptions(QapiStruct):
    """``-mon`` (qapi/control.json)."""

    id: str | None = None
    mode: MonitorMode | None = None
    pretty: bool | None = None
    chardev: str


def monitor_data_init(mon: Monitor, is_qmp: bool, skip_flush: bool) -> None:
    """Fill a new monitor in (monitor/monitor.c)."""
    mon.is_qmp = is_qmp
    mon.skip_flush = skip_flush


def monitor_list_append(mon: Monitor) -> None:
    """Make a monitor known: from now on it gets events (monitor/monitor.c)."""
    monitor_globals().mon_list.insert(0, mon)
    event_state().emit = monitor_qapi_event_emit


def monitor_qapi_event_emit(qdict: QDict) -> None:
    """Send an event to all monitors for programs that are past the negotiation (monitor/monitor.c)."""
    for mon in monitor_globals().mon_list:
        mon.send_event(qdict)


def monitor_suspend(mon: Monitor) -> None:
    """Hear nothing until monitor_resume (monitor/monitor.c)."""
    mon.suspend_cnt += 1


def monitor_resume(mon: Monitor) -> None:
    """Hear again what comes (monitor/monitor.c)."""
    mon.suspend_cnt -= 1


def monitor_can_read(mon: Monitor) -> int:
    """Return how many bytes may come (monitor/monitor.c). QEMU takes them one by one; nobody can tell."""
    return 0 if mon.suspend_cnt else READ_SIZE


def monitor_printf(mon: Monitor, text: str) -> None:
    """Print to a monitor."""
    mon.printf(text)


def monitor_set_cur(mon: Monitor | None) -> Monitor | None:
    """Make a monitor the one whose command runs; return the one before (monitor/monitor.c)."""
    state = error_report_state()
    before = state.cur_mon
    state.cur_mon = mon
    return before if isinstance(before, Monitor) else None


def monitor_cur_is_qmp() -> bool:
    """Tell whether a command of a monitor for programs runs (monitor/monitor.c)."""
    mon = error_report_state().cur_mon
    return mon is not None and mon.is_qmp


def hmp_handle_error(mon: Monitor, err: Error) -> None:
    """Print an error to the person who gave the command (monitor/hmp-cmds.c)."""
    error_reportf_err(err, "Error: ")


@emulates
def monitor_init(opts: MonitorOptions, allow_hmp: bool) -> int:
    """monitor/monitor.c. Error: no such character device, another holds it, or options that do not go together."""
    from emu.chardev.char import qemu_chr_find
    from emu.monitor.hmp import monitor_init_hmp
    from emu.monitor.qmp import monitor_init_qmp

    chr_ = qemu_chr_find(opts.chardev)
    if chr_ is None:
        error_setg(f'chardev "{opts.chardev}" not found')

    mode = opts.mode
    if mode is None:
        mode = MonitorMode.READLINE if allow_hmp else MonitorMode.CONTROL

    if mode == MonitorMode.CONTROL:
        monitor_init_qmp(chr_, bool(opts.pretty))
    else:
        if not allow_hmp:
            error_setg("Only QMP is supported")
        if opts.pretty:
            error_setg("'pretty' is not compatible with HMP monitors")
        monitor_init_hmp(chr_, True)
    return 0


@emulates
def monitor_init_opts(opts: QemuOpts) -> int:
    """monitor/monitor.c. One ``-mon``. Error: options that do not fit, or monitor_init's."""
    options = visit_struct(opts_visitor_new(opts), None, MonitorOptions)

    ret = monitor_init(options, True)
    qapi_free(options)
    return ret


@emulates
def monitor_fd_param(mon: Monitor | None, fdname: str) -> int:
    """monitor/misc.c. Returns the descriptor that a number names. Error: it names none.

    Names that a monitor was given descriptors under (``getfd``) are not modelled.
    """
    if not fdname[:1].isdigit() and mon is not None:
        raise NotModelled("file descriptors with names")
    fd = qemu_parse_fd(fdname)
    if fd == -1:
        error_setg(f"Invalid file descriptor number '{fdname}'")
    return fd
