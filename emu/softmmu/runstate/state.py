"""What the machine is doing, who hears of it, and its reset (softmmu/runstate.c)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from emu.errors import QemuAbort
from emu.qapi.qapi_types_run_state import RunState, ShutdownCause
from emu.qapi.qmp_event import event_send
from emu.trace import Seq, Struct, emulates, g_free, per_run, seq
from emu.util.error_report import error_report
from emu.util.notify import notifier_list_notify

VMChangeStateHandler = Callable[[Any, bool, RunState], None]

_S = RunState
_AFTER_STOP: Final = (_S.RUNNING, _S.FINISH_MIGRATE, _S.PRELAUNCH)

runstate_transitions_def: Final[dict[RunState, tuple[RunState, ...]]] = {
    _S.PRELAUNCH: (_S.INMIGRATE, _S.RUNNING, _S.FINISH_MIGRATE),
    _S.DEBUG: (*_AFTER_STOP, _S.SUSPENDED),
    _S.INMIGRATE: (
        _S.INTERNAL_ERROR,
        _S.IO_ERROR,
        _S.PAUSED,
        _S.RUNNING,
        _S.SHUTDOWN,
        _S.SUSPENDED,
        _S.WATCHDOG,
        _S.GUEST_PANICKED,
        _S.FINISH_MIGRATE,
        _S.PRELAUNCH,
        _S.POSTMIGRATE,
        _S.COLO,
    ),
    _S.INTERNAL_ERROR: (_S.PAUSED, _S.FINISH_MIGRATE, _S.PRELAUNCH),
    _S.IO_ERROR: _AFTER_STOP,
    _S.PAUSED: (*_AFTER_STOP, _S.POSTMIGRATE, _S.COLO),
    _S.POSTMIGRATE: _AFTER_STOP,
    _S.FINISH_MIGRATE: (
        _S.RUNNING,
        _S.PAUSED,
        _S.POSTMIGRATE,
        _S.PRELAUNCH,
        _S.COLO,
    ),
    _S.RESTORE_VM: (_S.RUNNING, _S.PRELAUNCH),
    _S.COLO: (_S.RUNNING, _S.PRELAUNCH, _S.SHUTDOWN),
    _S.RUNNING: (
        _S.DEBUG,
        _S.INTERNAL_ERROR,
        _S.IO_ERROR,
        _S.PAUSED,
        _S.FINISH_MIGRATE,
        _S.RESTORE_VM,
        _S.SAVE_VM,
        _S.SHUTDOWN,
        _S.WATCHDOG,
        _S.GUEST_PANICKED,
        _S.COLO,
        _S.SUSPENDED,
    ),
    _S.SAVE_VM: (_S.RUNNING,),
    _S.SHUTDOWN: (
        _S.PAUSED,
        _S.FINISH_MIGRATE,
        _S.PRELAUNCH,
        _S.COLO,
    ),
    _S.SUSPENDED: (*_AFTER_STOP, _S.COLO),
    _S.WATCHDOG: (*_AFTER_STOP, _S.COLO),
    _S.GUEST_PANICKED: _AFTER_STOP,
}
"""From each state, those that may follow."""


class VMChangeStateEntry(Struct):
    """A function to call when the machine starts or stops (softmmu/runstate.c)."""

    cb: VMChangeStateHandler
    opaque: Any = None
    priority: int = 0


class RunstateStatics(Struct):
    """The static variables of softmmu/runstate.c."""

    current_run_state: RunState = RunState.PRELAUNCH
    vm_change_state_head: Seq[VMChangeStateEntry] = seq()
    exit_notifiers: Seq[Any] = seq()
    reset_requested: ShutdownCause = ShutdownCause.NONE
    shutdown_requested: ShutdownCause = ShutdownCause.NONE
    shutdown_signal: int = 0
    shutdown_pid: int = 0
    killer: str | None = None
    """The name of the process behind ``shutdown_pid``, which QEMU looks up."""
    ended: bool = False
    """The main loop has come to its end."""


runstate_c = per_run(RunstateStatics)


def runstate_check(state: RunState) -> bool:
    """Tell whether this is the present state (softmmu/runstate.c)."""
    return runstate_c().current_run_state == state


def runstate_is_running() -> bool:
    """Tell whether the guest's processors run (softmmu/runstate.c)."""
    return runstate_check(RunState.RUNNING)


def runstate_needs_reset() -> bool:
    """Tell whether only a reset can go on from here (softmmu/runstate.c)."""
    return runstate_check(RunState.INTERNAL_ERROR) or runstate_check(RunState.SHUTDOWN)


@emulates
def runstate_init() -> None:
    """softmmu/runstate.c. The table of transitions is a constant here."""


@emulates
def runstate_set(new_state: RunState) -> None:
    """softmmu/runstate.c. Aborts on a transition that the table does not have."""
    own = runstate_c()

    if own.current_run_state == new_state:
        return

    if new_state not in runstate_transitions_def[own.current_run_state]:
        error_report(f"invalid runstate transition: '{own.current_run_state}' -> '{new_state}'")
        raise QemuAbort

    own.current_run_state = new_state


@emulates
def qemu_add_vm_change_state_handler_prio(cb: VMChangeStateHandler, opaque: Any, priority: int) -> VMChangeStateEntry:
    """softmmu/runstate.c. Lower priorities are called first at start, last at stop."""
    e = VMChangeStateEntry(cb=cb, opaque=opaque, priority=priority)
    head = runstate_c().vm_change_state_head

    # Ascending; among equals, in the order of registration.
    at = next((i for i, other in enumerate(head) if priority < other.priority), len(head))
    head.insert(at, e)
    return e


@emulates
def qemu_add_vm_change_state_handler(cb: VMChangeStateHandler, opaque: Any) -> VMChangeStateEntry:
    """softmmu/runstate.c."""
    return qemu_add_vm_change_state_handler_prio(cb, opaque, 0)


@emulates
def qemu_del_vm_change_state_handler(e: VMChangeStateEntry) -> None:
    """softmmu/runstate.c."""
    runstate_c().vm_change_state_head.remove(e)
    g_free(e)


@emulates
def vm_state_notify(running: bool, state: RunState) -> None:
    """softmmu/runstate.c. Tells the handlers that the machine starts, or, last one first, that it stops."""
    entries = tuple(runstate_c().vm_change_state_head)
    for e in entries if running else reversed(entries):
        e.cb(e.opaque, running, state)


@emulates
def qemu_system_reset(reason: ShutdownCause) -> None:
    """softmmu/runstate.c. Resets the machine and all its devices."""
    from emu.hw.core.machine import MACHINE_GET_CLASS, machine_globals
    from emu.hw.core.reset import qemu_devices_reset

    current_machine = machine_globals().current_machine
    mc = MACHINE_GET_CLASS(current_machine) if current_machine else None

    if current_machine and mc and mc.reset:
        mc.reset(current_machine, reason)
    else:
        qemu_devices_reset(reason)
    if reason not in {ShutdownCause.NONE, ShutdownCause.SUBSYSTEM_RESET, ShutdownCause.SNAPSHOT_LOAD}:
        event_send("RESET", {"guest": reason >= ShutdownCause.GUEST_SHUTDOWN, "reason": str(reason)})


@emulates
def qemu_add_exit_notifier(notify: Any) -> None:
    """softmmu/runstate.c."""
    runstate_c().exit_notifiers.insert(0, notify)


@emulates
def qemu_remove_exit_notifier(notify: Any) -> None:
    """softmmu/runstate.c."""
    runstate_c().exit_notifiers.remove(notify)


@emulates
def qemu_run_exit_notifiers() -> None:
    """softmmu/runstate.c. Runs as the program ends, however it ends."""
    notifier_list_notify(runstate_c().exit_notifiers, None)


@emulates
def qemu_init_subsystems() -> None:
    """softmmu/runstate.c. Registers all types; the other subsystems have nothing that the machine here would see."""
    register_types("7.2")
    runstate_init()


def register_types(version: str) -> None:
    """Call every function that registers types, in the order of the link."""
    from emu.qemu.module import MODULE_INIT_QOM, module_call_init
    from emu.qom.unmodelled import link_order
    from emu.source import recorded_types

    module_call_init(MODULE_INIT_QOM, link_order(recorded_types(version).type_init, version))
