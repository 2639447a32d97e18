"""The i8259 interrupt controller as a PC's board wires it; its registers and priorities are not modelled (hw/intc/i8259.c)."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from emu.hw.core.gpio import qdev_connect_gpio_out, qdev_get_gpio_in, qdev_init_gpio_in, qdev_init_gpio_out
from emu.hw.core.irq import IRQState, qemu_irq, qemu_set_irq
from emu.hw.core.qdev import DEVICE, DEVICE_CLASS, DeviceState, device_class_set_parent_realize
from emu.hw.intc.i8259_common import (
    PIC_COMMON,
    TYPE_PIC_COMMON,
    PICCommonState,
    i8259_init_chip,
    pic_reset_common,
)
from emu.hw.isa.isa_bus import ISABus
from emu.qemu.module import type_init
from emu.qom.object import OBJECT, ObjectClass, TypeInfo, type_register_static
from emu.qom.parts import Part, caster, class_getter
from emu.softmmu.memory import Impl, memory_region_init_io
from emu.softmmu.unmodelled_ops import unmodelled_ops
from emu.trace import Ptr, emulates

TYPE_I8259: Final = "isa-i8259"
FILE: Final = "hw/intc/i8259.c"


class PICClass(Part):
    """Keeps the base type's ``realize``."""

    SIZE: ClassVar[int] = 200
    parent_realize: Any = None


PIC_CLASS = caster(PICClass, TYPE_I8259)
PIC_GET_CLASS = class_getter(PICClass)

pic_base_ioport_ops: Final = unmodelled_ops("pic_base_ioport_ops", FILE, "pic_ioport_read", "pic_ioport_write", impl=Impl(1, 1))
pic_elcr_ioport_ops: Final = unmodelled_ops("pic_elcr_ioport_ops", FILE, "elcr_ioport_read", "elcr_ioport_write", impl=Impl(1, 1))


@emulates
def pic_update_irq(s: PICCommonState) -> None:
    """Drive the line to the CPU. A request can only be seen once the guest has set up the controller."""
    qemu_set_irq(s.int_out[0], 0)


@emulates(modelled=False)
def pic_set_irq(opaque: Any, irq: int, level: int) -> None:
    """Take a request from a device."""


@emulates
def pic_init_reset(s: PICCommonState) -> None:
    """Start from the beginning."""
    pic_reset_common(s)
    pic_update_irq(s)


@emulates
def pic_reset(dev: DeviceState) -> None:
    """Make all lines edge-triggered and start from the beginning."""
    s = PIC_COMMON(dev)
    s.elcr = 0
    pic_init_reset(s)


@emulates
def pic_realize(dev: DeviceState) -> None:
    """Make registers and lines."""
    s, pc = PIC_COMMON(dev), PIC_GET_CLASS(dev)
    memory_region_init_io(Ptr(s, "base_io"), OBJECT(s), pic_base_ioport_ops, s, "pic", 2)
    memory_region_init_io(Ptr(s, "elcr_io"), OBJECT(s), pic_elcr_ioport_ops, s, "elcr", 1)
    qdev_init_gpio_out(dev, Ptr(s, "int_out"), 1)
    qdev_init_gpio_in(dev, pic_set_irq, 8)
    pc.parent_realize(dev)


@emulates
def i8259_init(bus: ISABus, parent_irq: qemu_irq) -> list[IRQState]:
    """Make a PC's two controllers, the second behind line 2 of the first. Return their 16 lines."""
    dev = DEVICE(i8259_init_chip(TYPE_I8259, bus, True))
    qdev_connect_gpio_out(dev, 0, parent_irq)
    irq_set = [qdev_get_gpio_in(dev, i) for i in range(8)]
    dev = DEVICE(i8259_init_chip(TYPE_I8259, bus, False))
    qdev_connect_gpio_out(dev, 0, irq_set[2])
    irq_set += [qdev_get_gpio_in(dev, i) for i in range(8)]
    return irq_set


@emulates
def i8259_class_init(klass: ObjectClass, data: Any) -> None:
    """Override realize and reset."""
    k, dc = PIC_CLASS(klass), DEVICE_CLASS(klass)
    device_class_set_parent_realize(dc, pic_realize, Ptr(k, "parent_realize"))
    dc.reset = pic_reset


i8259_info: Final = TypeInfo(name=TYPE_I8259, parent=TYPE_PIC_COMMON, class_=PICClass, class_init=i8259_class_init)


@type_init
@emulates
def pic_register_types() -> None:
    """Register the type."""
    type_register_static(i8259_info)
