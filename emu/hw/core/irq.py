"""Interrupt lines (hw/core/irq.c, include/hw/irq.h)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Final

from emu.qemu.module import type_init
from emu.qom.object import OBJECT, TYPE_OBJECT, TypeInfo, object_new, object_unref, type_register_static
from emu.qom.parts import Part, caster
from emu.trace import Seq, Struct, emulates, seq

TYPE_IRQ: Final = "irq"

qemu_irq_handler = Callable[[Any, int, int], None]


class IRQState(Part):
    """An interrupt line: whoever raises it calls ``handler(opaque, n, level)``."""

    SIZE: ClassVar[int] = 64
    handler: qemu_irq_handler | None = None
    opaque: Any = None
    n: int = 0


qemu_irq = IRQState | None

IRQ = caster(IRQState, TYPE_IRQ)


@emulates
def qemu_set_irq(irq: qemu_irq, level: int) -> None:
    """Set the level of a line; a line that leads nowhere is passed over."""
    if irq is None:
        return
    assert irq.handler is not None
    irq.handler(irq.opaque, irq.n, level)


@emulates(file="include/hw/irq.h")
def qemu_irq_raise(irq: qemu_irq) -> None:
    """Set a line to 1 (include/hw/irq.h)."""
    qemu_set_irq(irq, 1)


@emulates(file="include/hw/irq.h")
def qemu_irq_lower(irq: qemu_irq) -> None:
    """Set a line to 0 (include/hw/irq.h)."""
    qemu_set_irq(irq, 0)


class IRQArray(Struct):
    """An array of lines on the heap (``qemu_irq *``), which several may point to."""

    lines: Seq[IRQState] = seq()

    def __getitem__(self, n: int) -> IRQState:
        return self.lines[n]

    def __len__(self) -> int:
        return len(self.lines)


@emulates
def qemu_extend_irqs(old: Seq[IRQState], n_old: int, handler: qemu_irq_handler | None, opaque: Any, n: int) -> Seq[IRQState]:
    """Append ``n`` new lines to an array of lines."""
    for i in range(n_old, n + n_old):
        old.append(qemu_allocate_irq(handler, opaque, i))
    return old


@emulates
def qemu_allocate_irqs(handler: qemu_irq_handler | None, opaque: Any, n: int) -> IRQArray:
    """Make an array of ``n`` lines."""
    irqs = IRQArray()
    qemu_extend_irqs(irqs.lines, 0, handler, opaque, n)
    return irqs


@emulates
def qemu_allocate_irq(handler: qemu_irq_handler | None, opaque: Any, n: int) -> IRQState:
    """Make a line."""
    irq = IRQ(object_new(TYPE_IRQ))
    irq.handler = handler
    irq.opaque = opaque
    irq.n = n
    return irq


@emulates
def qemu_free_irqs(s: IRQArray, n: int) -> None:
    """Drop an array of lines."""
    for i in range(n):
        qemu_free_irq(s[i])


@emulates
def qemu_free_irq(irq: IRQState) -> None:
    """Drop a line."""
    object_unref(OBJECT(irq))


irq_type_info: Final = TypeInfo(name=TYPE_IRQ, parent=TYPE_OBJECT, instance=IRQState, alike=True)


@type_init
@emulates
def irq_register_types() -> None:
    """Register the type."""
    type_register_static(irq_type_info)
