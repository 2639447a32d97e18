"""Start and stop of the guest's processors (softmmu/cpus.c). None of them runs."""

from __future__ import annotations

from emu.qapi.qapi_types_run_state import RunState
from emu.softmmu.runstate import runstate_is_running, runstate_set, vm_state_notify
from emu.trace import emulates


@emulates(modelled=False)
def resume_all_vcpus() -> None:
    """softmmu/cpus.c. Would let the processors run."""


@emulates
def vm_prepare_start(step_pending: bool) -> int:
    """softmmu/cpus.c. Tells everybody that the machine starts; -1 if it runs already."""
    if runstate_is_running():
        return -1

    runstate_set(RunState.RUNNING)
    vm_state_notify(True, RunState.RUNNING)
    return 0


@emulates
def vm_start() -> None:
    """softmmu/cpus.c."""
    if not vm_prepare_start(False):
        resume_all_vcpus()
