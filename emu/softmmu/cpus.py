"""Start and stop of the guest's processors (softmmu/cpus.c). None of them runs."""

from __future__ import annotations

from emu.qapi.qapi_types_run_state import RunState
from emu.qapi.qmp_event import event_send
from emu.softmmu.runstate import runstate_is_running, runstate_set, vm_state_notify
from emu.trace import emulates
from emu.util.qemu_timer import QEMU_CLOCK_VIRTUAL, qemu_clock_enable


@emulates
def resume_all_vcpus() -> None:
    """softmmu/cpus.c. Lets the guest's timers run; its processors do not."""
    if runstate_is_running():
        qemu_clock_enable(QEMU_CLOCK_VIRTUAL, True)


@emulates
def vm_prepare_start(step_pending: bool) -> int:
    """softmmu/cpus.c. Tells everybody that the machine starts; -1 if it runs already."""
    if runstate_is_running():
        return -1

    event_send("RESUME")
    runstate_set(RunState.RUNNING)
    vm_state_notify(True, RunState.RUNNING)
    return 0


@emulates
def pause_all_vcpus() -> None:
    """softmmu/cpus.c. Stops the guest's timers."""
    qemu_clock_enable(QEMU_CLOCK_VIRTUAL, False)


@emulates
def do_vm_stop(state: RunState, send_stop: bool) -> int:
    """softmmu/cpus.c. Tells everybody that the machine stops, if it runs."""
    if runstate_is_running():
        runstate_set(state)
        pause_all_vcpus()
        vm_state_notify(False, state)
        if send_stop:
            event_send("STOP")
    return 0


@emulates
def vm_stop(state: RunState) -> int:
    """softmmu/cpus.c."""
    return do_vm_stop(state, True)


@emulates
def vm_shutdown() -> int:
    """softmmu/cpus.c. Stops the machine for good, and tells no program."""
    return do_vm_stop(RunState.SHUTDOWN, False)


@emulates
def vm_start() -> None:
    """softmmu/cpus.c."""
    if not vm_prepare_start(False):
        resume_all_vcpus()
