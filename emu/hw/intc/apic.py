"""The local APIC; with one, message interrupts work (hw/intc/apic.c). NotModelled: its registers."""

from __future__ import annotations

from typing import Any, Final

from emu.hw.core.qdev import DeviceState
from emu.hw.intc.apic_common import (
    APIC_COMMON,
    APIC_COMMON_CLASS,
    APIC_SPACE_SIZE,
    TYPE_APIC_COMMON,
    APICCommonState,
)
from emu.hw.pci.msi import msi_globals
from emu.qapi.error import error_setg
from emu.qemu.module import type_init
from emu.qom.object import OBJECT, ObjectClass, TypeInfo, object_get_typename, type_register_static
from emu.softmmu.memory import Impl, Valid, memory_region_init_io
from emu.softmmu.unmodelled_ops import unmodelled_ops
from emu.trace import Ptr, emulates
from emu.util.qemu_timer import QEMUClockType, timer_free, timer_new_ns

TYPE_APIC: Final = "apic"
MAX_APICS: Final = 255

apic_io_ops: Final = unmodelled_ops(
    "apic_io_ops", "hw/intc/apic.c", "apic_mem_read", "apic_mem_write", valid=Valid(1, 4), impl=Impl(1, 4)
)


@emulates(modelled=False)
def apic_timer(opaque: Any) -> None:
    """Raise the timer's interrupt."""


@emulates(modelled=False)
def apic_vapic_base_update(s: APICCommonState) -> None:
    """Move the helper for old Windows: this APIC has no use for it."""


@emulates
def apic_realize(dev: DeviceState) -> None:
    """Make the registers; from now on message interrupts work. Error: no such id."""
    s = APIC_COMMON(dev)
    if s.id >= MAX_APICS:
        error_setg(f"{object_get_typename(OBJECT(dev))} initialization failed. APIC ID {s.id} is invalid")
    memory_region_init_io(Ptr(s, "io_memory"), OBJECT(s), apic_io_ops, s, "apic-msi", APIC_SPACE_SIZE)
    assert s.io_memory is not None
    s.io_memory.disable_reentrancy_guard = True
    s.timer = timer_new_ns(QEMUClockType.QEMU_CLOCK_VIRTUAL, apic_timer, s)
    msi_globals().msi_nonbroken = True


@emulates
def apic_unrealize(dev: DeviceState) -> None:
    """Give the timer back."""
    timer_free(APIC_COMMON(dev).timer)


@emulates
def apic_class_init(klass: ObjectClass, data: Any) -> None:
    """Set this implementation's functions."""
    k = APIC_COMMON_CLASS(klass)
    k.realize = apic_realize
    k.unrealize = apic_unrealize
    k.vapic_base_update = apic_vapic_base_update


apic_info: Final = TypeInfo(name=TYPE_APIC, parent=TYPE_APIC_COMMON, class_init=apic_class_init)


@type_init
@emulates
def apic_register_types() -> None:
    """Register the type."""
    type_register_static(apic_info)
