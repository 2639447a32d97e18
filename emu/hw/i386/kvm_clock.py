"""The clock that KVM offers (hw/i386/kvm/clock.c)."""

from __future__ import annotations

from emu.sysemu.accel import kvm_enabled
from emu.trace import emulates


@emulates(file="hw/i386/kvm/clock.c")
def kvmclock_create(create_always: bool) -> None:
    """Make the clock, under KVM."""
    assert not kvm_enabled()
