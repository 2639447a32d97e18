"""The i8254 timer; counting is not modelled (hw/timer/i8254.c, include/hw/timer/i8254.h)."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from emu.hw.core.gpio import qdev_connect_gpio_out, qdev_init_gpio_in, qdev_init_gpio_out
from emu.hw.core.irq import qemu_irq
from emu.hw.core.qdev import DEVICE, DEVICE_CLASS, DeviceState, device_class_set_parent_realize
from emu.hw.core.qdev_properties import DEFINE_PROP_UINT32, device_class_set_props, qdev_prop_set_uint32
from emu.hw.isa.isa_bus import ISABus, ISADevice, isa_get_irq, isa_new, isa_realize_and_unref
from emu.hw.timer.i8254_common import (
    PIT_COMMON,
    PIT_COMMON_CLASS,
    TYPE_PIT_COMMON,
    PITChannelState,
    PITCommonState,
    pit_get_channel_info_common,
    pit_reset_common,
)
from emu.qapi.error import error_fatal
from emu.qemu.module import type_init
from emu.qom.object import OBJECT, ObjectClass, TypeInfo, type_register_static
from emu.qom.parts import Part, caster, class_getter
from emu.softmmu.memory import DEVICE_LITTLE_ENDIAN, Impl, memory_region_init_io
from emu.softmmu.unmodelled_ops import unmodelled_ops
from emu.trace import Ptr, emulates
from emu.util.qemu_timer import QEMUClockType, timer_new_ns

TYPE_I8254: Final = "isa-pit"


class PITClass(Part):
    """Keeps the base type's ``realize``."""

    SIZE: ClassVar[int] = 216
    parent_realize: Any = None


PIT_CLASS = caster(PITClass, TYPE_I8254)
PIT_GET_CLASS = class_getter(PITClass)

pit_ioport_ops: Final = unmodelled_ops(
    "pit_ioport_ops",
    "hw/timer/i8254.c",
    "pit_ioport_read",
    "pit_ioport_write",
    endianness=DEVICE_LITTLE_ENDIAN,
    impl=Impl(1, 1),
)


@emulates(modelled=False)
def pit_set_channel_gate(s: PITCommonState, sc: PITChannelState, val: int) -> None:
    """Open or close the gate of a counter."""


@emulates(modelled=False)
def pit_irq_timer(opaque: Any) -> None:
    """Raise or lower the interrupt when counter 0 turns."""


@emulates
def pit_reset(dev: DeviceState) -> None:
    """Start all counters; the timer for the first interrupt is not armed here."""
    pit_reset_common(PIT_COMMON(dev))


@emulates
def pit_irq_control(opaque: Any, n: int, enable: int) -> None:
    """Let the HPET take counter 0's interrupt, or give it back."""
    PIT_COMMON(opaque).channels[0].irq_disabled = int(not enable)


@emulates(modelled=False)
def pit_post_load(s: PITCommonState) -> None:
    """Go on counting after a migration."""


@emulates
def pit_realizefn(dev: DeviceState) -> None:
    """Make registers and lines."""
    pit, pc = PIT_COMMON(dev), PIT_GET_CLASS(dev)
    s = pit.channels[0]
    s.irq_timer = timer_new_ns(QEMUClockType.QEMU_CLOCK_VIRTUAL, pit_irq_timer, s)
    qdev_init_gpio_out(dev, Ptr(s, "irq"), 1)
    memory_region_init_io(Ptr(pit, "ioports"), OBJECT(pit), pit_ioport_ops, pit, "pit", 4)
    qdev_init_gpio_in(dev, pit_irq_control, 1)
    pc.parent_realize(dev)


pit_properties: Final = (DEFINE_PROP_UINT32("iobase", PITCommonState, "iobase", -1),)


@emulates
def pit_class_initfn(klass: ObjectClass, data: Any) -> None:
    """Set this implementation's functions."""
    pc, k, dc = PIT_CLASS(klass), PIT_COMMON_CLASS(klass), DEVICE_CLASS(klass)
    device_class_set_parent_realize(dc, pit_realizefn, Ptr(pc, "parent_realize"))
    k.set_channel_gate = pit_set_channel_gate
    k.get_channel_info = pit_get_channel_info_common
    k.post_load = pit_post_load
    dc.reset = pit_reset
    device_class_set_props(dc, pit_properties)


pit_info: Final = TypeInfo(name=TYPE_I8254, parent=TYPE_PIT_COMMON, class_=PITClass, class_init=pit_class_initfn)


@type_init
@emulates
def pit_register_types() -> None:
    """Register the type."""
    type_register_static(pit_info)


@emulates(file="include/hw/timer/i8254.h")
def i8254_pit_init(bus: ISABus, base: int, isa_irq: int, alt_irq: qemu_irq) -> ISADevice:
    """Make the timer; its interrupt goes to ``alt_irq`` if ``isa_irq`` is negative."""
    d = isa_new(TYPE_I8254)
    dev = DEVICE(d)
    qdev_prop_set_uint32(dev, "iobase", base)
    with error_fatal():
        isa_realize_and_unref(d, bus)
    qdev_connect_gpio_out(dev, 0, isa_get_irq(d, isa_irq) if isa_irq >= 0 else alt_irq)
    return d
