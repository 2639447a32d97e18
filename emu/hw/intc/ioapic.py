"""The I/O APIC; routing interrupts to CPUs is not modelled (hw/intc/ioapic.c)."""

from __future__ import annotations

from typing import Any, Final

from emu.hw.core.gpio import qdev_init_gpio_in
from emu.hw.core.machine import qemu_add_machine_init_done_notifier
from emu.hw.core.qdev import DEVICE_CLASS, DeviceState
from emu.hw.core.qdev_properties import DEFINE_PROP_UINT8, device_class_set_props
from emu.hw.intc.ioapic_common import (
    IOAPIC_COMMON,
    IOAPIC_COMMON_CLASS,
    IOAPIC_NUM_PINS,
    TYPE_IOAPIC_COMMON,
    IOAPICCommonState,
    ioapic_reset_common,
)
from emu.qapi.error import error_setg
from emu.qemu.module import type_init
from emu.qom.object import OBJECT, ObjectClass, TypeInfo, type_register_static
from emu.softmmu.memory import memory_region_init_io
from emu.softmmu.unmodelled_ops import unmodelled_ops
from emu.trace import Ptr, emulates
from emu.util.qemu_timer import QEMUClockType, timer_free, timer_new_ns

TYPE_IOAPIC: Final = "ioapic"
IOAPIC_VER_DEF: Final = 0x20

ioapic_io_ops: Final = unmodelled_ops("ioapic_io_ops", "hw/intc/ioapic.c", "ioapic_mem_read", "ioapic_mem_write")


@emulates(modelled=False)
def delayed_ioapic_service_cb(opaque: Any) -> None:
    """Deliver what was held back."""


@emulates(modelled=False)
def ioapic_set_irq(opaque: Any, vector: int, level: int) -> None:
    """Take a request from a device."""


@emulates(modelled=False)
def ioapic_update_kvm_routes(s: IOAPICCommonState) -> None:
    """Tell KVM the routes."""


@emulates
def ioapic_machine_done_notify(notifier: Any, data: Any) -> None:
    """Tell the IOMMU of KVM's split interrupt controller: there is neither here."""


@emulates
def ioapic_realize(dev: DeviceState) -> None:
    """Make registers and lines. Error: a version that is not known."""
    s = IOAPIC_COMMON(dev)
    if s.version not in (0x11, 0x20):
        error_setg(f"IOAPIC only supports version 0x11 or 0x20 (default: {IOAPIC_VER_DEF:#x}).")
    memory_region_init_io(Ptr(s, "io_memory"), OBJECT(s), ioapic_io_ops, s, "ioapic", 0x1000)
    s.delayed_ioapic_service_timer = timer_new_ns(QEMUClockType.QEMU_CLOCK_VIRTUAL, delayed_ioapic_service_cb, s)
    qdev_init_gpio_in(dev, ioapic_set_irq, IOAPIC_NUM_PINS)
    s.machine_done.notify = ioapic_machine_done_notify
    qemu_add_machine_init_done_notifier(s.machine_done)


@emulates
def ioapic_unrealize(dev: DeviceState) -> None:
    """Give the timer back."""
    timer_free(IOAPIC_COMMON(dev).delayed_ioapic_service_timer)


ioapic_properties: Final = (DEFINE_PROP_UINT8("version", IOAPICCommonState, "version", IOAPIC_VER_DEF),)


@emulates
def ioapic_class_init(klass: ObjectClass, data: Any) -> None:
    """Set this implementation's functions."""
    k, dc = IOAPIC_COMMON_CLASS(klass), DEVICE_CLASS(klass)
    k.realize = ioapic_realize
    k.unrealize = ioapic_unrealize
    k.post_load = ioapic_update_kvm_routes
    dc.reset = ioapic_reset_common
    device_class_set_props(dc, ioapic_properties)


ioapic_info: Final = TypeInfo(name=TYPE_IOAPIC, parent=TYPE_IOAPIC_COMMON, class_init=ioapic_class_init)


@type_init
@emulates
def ioapic_register_types() -> None:
    """Register the type."""
    type_register_static(ioapic_info)
