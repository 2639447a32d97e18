"""The line by which the floating point unit tells of errors (target/i386/tcg/sysemu/fpu_helper.c)."""

from __future__ import annotations

from emu.hw.core.irq import IRQState, qemu_irq
from emu.trace import Struct, emulates, per_run


class FpuStatics(Struct):
    """The line."""

    ferr_irq: IRQState | None = None


fpu_statics = per_run(FpuStatics)


@emulates(file="target/i386/tcg/sysemu/fpu_helper.c")
def x86_register_ferr_irq(irq: qemu_irq) -> None:
    """Take the line."""
    fpu_statics().ferr_irq = irq
