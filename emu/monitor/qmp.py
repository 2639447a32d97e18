"""The monitor for programs (monitor/qmp.c)."""

from __future__ import annotations

from typing import Any, Final

from emu.chardev.char_fe import qemu_chr_fe_init, qemu_chr_fe_set_handlers
from emu.chardev.structs import CHR_EVENT_CLOSED, CHR_EVENT_OPENED, Chardev
from emu.monitor.monitor import Monitor, monitor_can_read, monitor_data_init, monitor_list_append
from emu.qapi.error import ERROR_CLASS_COMMAND_NOT_FOUND, Error
from emu.qapi.qapi_util import QapiEnum
from emu.qapi.qmp_dispatch import QmpCommandList, qmp_cap_negotiation_commands, qmp_commands, qmp_dispatch, qmp_error_response
from emu.qemu.version import QEMU_PKGVERSION, QEMU_VERSION_MAJOR, QEMU_VERSION_MICRO, QEMU_VERSION_MINOR
from emu.qobject.json_streamer import JSONMessageParser
from emu.qobject.qdict import QDict, qdict_get_qdict, qdict_get_try_str, qdict_put_str, qobject_of
from emu.qobject.qjson import qobject_to_json_pretty
from emu.qobject.qobject import QObject
from emu.softmmu.runstate import runstate_c
from emu.trace import Seq, emulates, seq

EXPECTING_NEGOTIATION: Final = "Expecting capabilities negotiation with 'qmp_capabilities'"


class QMPCapability(QapiEnum):
    """What a program may ask to be on (qapi/control.json)."""

    OOB = 0, "oob"


class MonitorQMP(Monitor):
    """A monitor for programs. ``commands`` are those that it takes at present, ``capab`` the capabilities that are on."""

    pretty: bool = False
    negotiated: bool = False
    capab: Seq[int] = seq()

    _offered: tuple[QMPCapability, ...] = ()
    _parser: JSONMessageParser

    @property
    def commands(self) -> QmpCommandList:
        """Return the table that commands are looked up in."""
        return qmp_commands() if self.negotiated else qmp_cap_negotiation_commands()

    @property
    def oob_enabled(self) -> bool:
        """Tell whether commands may jump the queue (qmp_oob_enabled)."""
        return QMPCapability.OOB in self.capab

    def send_event(self, qdict: QDict) -> None:
        """Send an event, once capabilities are negotiated."""
        if self.negotiated:
            qmp_send_response(self, qdict)


def query_version() -> dict[str, Any]:
    """Return what ``query-version`` returns."""
    triple = {"major": QEMU_VERSION_MAJOR, "minor": QEMU_VERSION_MINOR, "micro": QEMU_VERSION_MICRO}
    return {"qemu": triple, "package": QEMU_PKGVERSION}


@emulates
def qmp_greeting(mon: MonitorQMP) -> QDict:
    """monitor/qmp.c. The first thing that is said."""
    greeting = {"QMP": {"version": query_version(), "capabilities": [str(cap) for cap in mon._offered]}}
    qdict = qobject_of(greeting)
    assert isinstance(qdict, QDict)
    return qdict


@emulates
def qmp_send_response(mon: MonitorQMP, rsp: QDict) -> None:
    """monitor/qmp.c. Sends an answer, a greeting or an event as a line of JSON."""
    mon.puts(qobject_to_json_pretty(rsp, mon.pretty) + "\n")


@emulates
def monitor_qmp_dispatch(mon: MonitorQMP, req: QObject) -> None:
    """monitor/qmp.c. Does a command and answers it."""
    negotiating = not mon.negotiated
    rsp = qmp_dispatch(mon.commands, req, mon.oob_enabled, mon)
    assert rsp is not None

    if negotiating:
        error = qdict_get_qdict(rsp, "error")
        if error and qdict_get_try_str(error, "class") == ERROR_CLASS_COMMAND_NOT_FOUND and not mon.negotiated:
            qdict_put_str(error, "desc", EXPECTING_NEGOTIATION)

    qmp_send_response(mon, rsp)


@emulates
def handle_qmp_command(mon: MonitorQMP, req: QObject | None, err: Error | None) -> None:
    """monitor/qmp.c. Takes a command that was read, or the error of what could not be. Nothing waits in a queue here.

    After the end of the main loop nothing is heard any more.
    """
    if runstate_c().ended:
        return
    if err is not None:
        qmp_send_response(mon, qmp_error_response(err))
        return
    assert req is not None
    monitor_qmp_dispatch(mon, req)


def monitor_qmp_read(mon: MonitorQMP, buf: bytes, size: int) -> None:
    """Take bytes (monitor/qmp.c)."""
    mon._parser.feed(buf[:size])


@emulates
def monitor_qmp_event(mon: MonitorQMP, event: int) -> None:
    """monitor/qmp.c. Greets who connects; what came and is not complete goes with who leaves."""
    if event == CHR_EVENT_OPENED:
        mon.negotiated = False
        qmp_send_response(mon, qmp_greeting(mon))
    elif event == CHR_EVENT_CLOSED:
        new_parser(mon)


def new_parser(mon: MonitorQMP) -> None:
    """Begin a stream of commands."""
    mon.__dict__["_parser"] = JSONMessageParser(lambda req, err: handle_qmp_command(mon, req, err))


def monitor_qmp_new(pretty: bool, skip_flush: bool, offered: tuple[QMPCapability, ...]) -> MonitorQMP:
    """Return a monitor that no character device is behind yet."""
    mon = MonitorQMP()
    monitor_data_init(mon, True, skip_flush)
    mon.pretty = pretty
    mon.__dict__["_offered"] = offered
    new_parser(mon)
    return mon


@emulates
def monitor_init_qmp(chr_: Chardev, pretty: bool) -> None:
    """monitor/qmp.c. Takes hold of the device. Error: another holds it."""
    # a monitor on a descriptor or socket has a thread of its own, which is what lets commands jump the queue
    mon = monitor_qmp_new(pretty, False, tuple(QMPCapability))
    qemu_chr_fe_init(mon.chr, chr_)

    qemu_chr_fe_set_handlers(mon.chr, monitor_can_read, monitor_qmp_read, monitor_qmp_event, mon)
    monitor_list_append(mon)
