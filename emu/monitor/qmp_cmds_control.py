"""Commands about the monitor itself (monitor/qmp-cmds-control.c)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from emu.monitor.qmp import MonitorQMP, QMPCapability, query_version
from emu.qapi.error import ERROR_CLASS_COMMAND_NOT_FOUND, error_set, error_setg
from emu.trace import emulates
from emu.util.error_report import error_report_state


def current_qmp() -> MonitorQMP:
    """Return the monitor for programs whose command runs."""
    mon = error_report_state().cur_mon
    assert isinstance(mon, MonitorQMP)
    return mon


@emulates
def qmp_caps_accept(mon: MonitorQMP, list: Sequence[QMPCapability]) -> None:
    """monitor/qmp-cmds-control.c. Error: a capability that was not offered."""
    unavailable = ", ".join(str(cap) for cap in list if cap not in mon._offered)
    if unavailable:
        error_setg(f"Capability {unavailable} not available")
    for cap in list:
        if cap not in mon.capab:
            mon.capab.append(cap)


@emulates
def qmp_qmp_capabilities(enable: Sequence[QMPCapability]) -> None:
    """monitor/qmp-cmds-control.c. Ends the negotiation. Error: it has ended, or a capability that was not offered."""
    mon = current_qmp()
    if mon.negotiated:
        error_set(ERROR_CLASS_COMMAND_NOT_FOUND, "Capabilities negotiation is already complete, command ignored")
    qmp_caps_accept(mon, enable)
    mon.negotiated = True


@emulates
def qmp_query_version() -> dict[str, Any]:
    """monitor/qmp-cmds-control.c."""
    return query_version()


@emulates
def qmp_query_commands() -> list[dict[str, str]]:
    """monitor/qmp-cmds-control.c. Returns all commands, the last one registered first: those not emulated too."""
    return [{"name": name} for name in reversed(list(current_qmp().commands))]
