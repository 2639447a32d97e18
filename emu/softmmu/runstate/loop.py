"""Requests to reset and to end, and what the main loop does about them (softmmu/runstate.c)."""

from __future__ import annotations

from emu.qapi.qapi_types_run_state import RunState, ShutdownCause
from emu.qapi.qmp_event import event_send
from emu.softmmu.runstate.state import qemu_system_reset, runstate_c, runstate_check, runstate_set
from emu.softmmu.runstate_action import RebootAction, ShutdownAction, runstate_actions
from emu.trace import emulates
from emu.util.error_report import error_report
from emu.util.main_loop import qemu_notify_event


def shutdown_caused_by_guest(cause: ShutdownCause) -> bool:
    """Tell whether the guest asked for it (include/sysemu/runstate.h)."""
    return cause >= ShutdownCause.GUEST_SHUTDOWN


@emulates
def qemu_system_reset_request(reason: ShutdownCause) -> None:
    """softmmu/runstate.c. Has the machine reset when the main loop comes to it, or the program end: ``-no-reboot``."""
    if runstate_actions().reboot_action == RebootAction.SHUTDOWN and reason != ShutdownCause.SUBSYSTEM_RESET:
        runstate_c().shutdown_requested = reason
    else:
        runstate_c().reset_requested = reason
    qemu_notify_event()


@emulates
def qemu_system_shutdown_request(reason: ShutdownCause) -> None:
    """softmmu/runstate.c. Has the program end when the main loop comes to it."""
    runstate_c().shutdown_requested = reason
    qemu_notify_event()


def qemu_system_killed(signal: int, pid: int, sender: str | None) -> None:
    """Have the program end because of a signal; ``sender`` is the name of the process (softmmu/runstate.c)."""
    own = runstate_c()
    runstate_actions().shutdown_action = ShutdownAction.POWEROFF
    own.killer = sender
    own.shutdown_signal = signal
    own.shutdown_pid = pid
    own.shutdown_requested = ShutdownCause.HOST_SIGNAL


def qemu_kill_report(sender: str | None) -> None:
    """Say who ended the program; ``sender`` is the name of the process (softmmu/runstate.c)."""
    from emu.softmmu.qtest import qtest_driver

    own = runstate_c()
    if qtest_driver() or not own.shutdown_signal:
        return
    if own.shutdown_pid == 0:
        error_report(f"terminating on signal {own.shutdown_signal}")
    else:
        error_report(f"terminating on signal {own.shutdown_signal} from pid {own.shutdown_pid} ({sender or '<unknown process>'})")
    own.shutdown_signal = 0


@emulates
def qemu_system_shutdown(cause: ShutdownCause) -> None:
    """softmmu/runstate.c. Tells programs that this one ends."""
    event_send("SHUTDOWN", {"guest": shutdown_caused_by_guest(cause), "reason": str(cause)})


@emulates
def main_loop_should_exit() -> bool:
    """softmmu/runstate.c. Does what was requested; returns whether the program is to end."""
    from emu.softmmu.cpus import pause_all_vcpus, resume_all_vcpus, vm_stop

    own = runstate_c()
    request = own.shutdown_requested
    if request != ShutdownCause.NONE:
        own.shutdown_requested = ShutdownCause.NONE
        qemu_kill_report(own.killer)
        qemu_system_shutdown(request)
        if runstate_actions().shutdown_action != ShutdownAction.PAUSE:
            own.ended = True
            return True
        vm_stop(RunState.SHUTDOWN)

    request = own.reset_requested
    if request != ShutdownCause.NONE:
        own.reset_requested = ShutdownCause.NONE
        pause_all_vcpus()
        qemu_system_reset(request)
        resume_all_vcpus()
        if not runstate_check(RunState.RUNNING):
            runstate_set(RunState.PRELAUNCH)
    return False


def main_loop_turn() -> bool:
    """Do what the main loop does between two waits, unless nothing is requested; return whether the program is to end."""
    own = runstate_c()
    if own.ended:
        return True
    if own.shutdown_requested == ShutdownCause.NONE and own.reset_requested == ShutdownCause.NONE:
        return False
    ended: bool = main_loop_should_exit()
    return ended
