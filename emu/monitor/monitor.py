"""Monitors: how ``-mon`` makes one, and how a command prints to it (monitor/monitor.c)."""

from __future__ import annotations

from emu.errors import NotModelled
from emu.qapi.error import Error, error_reportf_err, error_setg
from emu.qapi.opts_visitor import opts_visitor_new
from emu.qapi.qapi_struct import QapiStruct, qapi_free, visit_struct
from emu.qapi.qapi_util import QapiEnum
from emu.trace import Struct, emulates
from emu.util.cutils import qemu_parse_fd
from emu.util.error_report import error_report_state
from emu.util.qemu_option import QemuOpts


class Monitor(Struct):
    """A monitor: ``outbuf`` is what was printed to it and not yet sent."""

    is_qmp: bool = False
    outbuf: str = ""

    def printf(self, text: str) -> None:
        """Print to it."""
        self.outbuf += text


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
