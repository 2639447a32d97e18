"""Accelerators and the machine (accel/accel-softmmu.c)."""

from __future__ import annotations

from emu.accel.accel_common import ACCEL, ACCEL_GET_CLASS, AccelState
from emu.hw.core.machine import MachineState, current_machine
from emu.qom.object import OBJECT, object_set_accelerator_compat_props, object_unref
from emu.trace import Seq, emulates


@emulates
def accel_init_machine(accel: AccelState, ms: MachineState) -> int:
    """accel/accel-softmmu.c. Makes the accelerator the machine's; a negative errno if it cannot be used."""
    acc = ACCEL_GET_CLASS(accel)
    assert acc.allowed
    assert acc.init_machine
    ms.accelerator = OBJECT(accel)
    acc.allowed(True)
    ret = acc.init_machine(ms)
    if ret < 0:
        ms.accelerator = None
        acc.allowed(False)
        object_unref(OBJECT(accel))
    else:
        object_set_accelerator_compat_props(acc.compat_props or Seq())
    return ret


def current_accel() -> AccelState:
    """Return the machine's accelerator (accel/accel-softmmu.c)."""
    accel = current_machine().accelerator
    assert accel is not None
    return ACCEL(accel)


def current_accel_name() -> str:
    """Return the name of the machine's accelerator (accel/accel-common.c)."""
    return ACCEL_GET_CLASS(current_accel()).name or ""


@emulates
def accel_setup_post(ms: MachineState) -> None:
    """accel/accel-softmmu.c."""
    accel = current_accel()
    acc = ACCEL_GET_CLASS(accel)
    if acc.setup_post:
        acc.setup_post(ms, accel)
