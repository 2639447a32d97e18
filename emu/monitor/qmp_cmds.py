"""Commands of both monitors that ask or steer the machine (monitor/qmp-cmds.c)."""

from __future__ import annotations

from typing import Any

from emu.qapi.qapi_types_run_state import RunState, ShutdownCause
from emu.softmmu.cpus import vm_stop
from emu.softmmu.globals import globals_c
from emu.softmmu.runstate import (
    qemu_system_reset_request,
    qemu_system_shutdown_request,
    runstate_c,
    runstate_is_running,
)
from emu.softmmu.runstate_action import ShutdownAction, runstate_actions
from emu.trace import emulates
from emu.util.uuid import qemu_uuid_unparse


@emulates
def qmp_query_name() -> str | None:
    """monitor/qmp-cmds.c. Returns the name of ``-name``."""
    return globals_c().qemu_name


@emulates
def qmp_query_uuid() -> str:
    """monitor/qmp-cmds.c."""
    return qemu_uuid_unparse(globals_c().qemu_uuid)


@emulates(file="softmmu/runstate.c")
def qmp_query_status() -> dict[str, Any]:
    """Returns what the machine is doing (softmmu/runstate.c)."""
    return {"running": runstate_is_running(), "singlestep": False, "status": str(runstate_c().current_run_state)}


@emulates
def qmp_quit() -> None:
    """monitor/qmp-cmds.c. Ends the program, whatever ``-no-shutdown`` says."""
    runstate_actions().shutdown_action = ShutdownAction.POWEROFF
    qemu_system_shutdown_request(ShutdownCause.HOST_QMP_QUIT)


@emulates
def qmp_stop() -> None:
    """monitor/qmp-cmds.c. Stops the guest."""
    vm_stop(RunState.PAUSED)


@emulates
def qmp_system_reset() -> None:
    """monitor/qmp-cmds.c. Resets the machine."""
    qemu_system_reset_request(ShutdownCause.HOST_QMP_SYSTEM_RESET)
