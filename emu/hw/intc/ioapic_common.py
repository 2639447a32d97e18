"""What all I/O APICs share (hw/intc/ioapic_common.c, include/hw/i386/ioapic_internal.h)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Final

from emu.hw.core.qdev import DEVICE_CLASS, DeviceState
from emu.hw.core.sysbus import SYS_BUS_DEVICE, TYPE_SYS_BUS_DEVICE, sysbus_init_mmio
from emu.hw.intc.intc import INTERRUPT_STATS_PROVIDER_CLASS, TYPE_INTERRUPT_STATS_PROVIDER
from emu.migration.savevm import VMStateDescription
from emu.qapi.error import error_setg
from emu.qemu.module import type_init
from emu.qom.object import ObjectClass, TypeInfo, type_register_static
from emu.qom.parts import Part, caster, class_getter
from emu.softmmu.memory import MemoryRegion
from emu.trace import Seq, Struct, embedded, emulates, fresh, per_run
from emu.util.notify import Notifier
from emu.util.qemu_timer import QEMUTimer

TYPE_IOAPIC_COMMON: Final = "ioapic-common"
MAX_IOAPICS: Final = 2
IOAPIC_NUM_PINS: Final = 24
IOAPIC_LVT_MASKED: Final = 1 << 16


class IOAPICCommonClass(Part):
    """What implementations differ in."""

    SIZE: ClassVar[int] = 224
    realize: Callable[[DeviceState], None] | None = None
    unrealize: Callable[[DeviceState], None] | None = None
    pre_save: Any = None
    post_load: Any = None


class RedirectionTable(Seq[int]):
    """``uint64_t ioredtbl[IOAPIC_NUM_PINS]``."""

    def __init__(self) -> None:
        super().__init__([0] * IOAPIC_NUM_PINS)


class IOAPICCommonState(Part):
    """An I/O APIC: 24 lines in, messages to the CPUs out."""

    SIZE: ClassVar[int] = 1712
    io_memory: MemoryRegion | None = None
    id: int = 0
    ioregsel: int = 0
    irr: int = 0
    ioredtbl: Seq[int] = fresh(RedirectionTable)
    machine_done: Notifier = embedded(Notifier)
    version: int = 0
    delayed_ioapic_service_timer: QEMUTimer | None = None


class IoapicGlobals(Struct):
    """How many there are."""

    ioapic_no: int = 0


ioapic_globals = per_run(IoapicGlobals)
IOAPIC_COMMON = caster(IOAPICCommonState, TYPE_IOAPIC_COMMON)
IOAPIC_COMMON_CLASS = caster(IOAPICCommonClass, TYPE_IOAPIC_COMMON)
IOAPIC_COMMON_GET_CLASS = class_getter(IOAPICCommonClass)


@emulates
def ioapic_reset_common(dev: DeviceState) -> None:
    """Mask all lines."""
    s = IOAPIC_COMMON(dev)
    s.id = 0
    s.ioregsel = 0
    s.irr = 0
    for i in range(IOAPIC_NUM_PINS):
        s.ioredtbl[i] = IOAPIC_LVT_MASKED


@emulates
def ioapic_common_realize(dev: DeviceState) -> None:
    """Let the implementation realize itself and offer its registers. Error: there are two already."""
    own, s = ioapic_globals(), IOAPIC_COMMON(dev)
    if own.ioapic_no >= MAX_IOAPICS:
        error_setg(f"Only {MAX_IOAPICS} ioapics allowed")
    info = IOAPIC_COMMON_GET_CLASS(s)
    assert info.realize is not None
    info.realize(dev)
    assert s.io_memory is not None
    sysbus_init_mmio(SYS_BUS_DEVICE(s), s.io_memory)
    own.ioapic_no += 1


@emulates(modelled=False)
def ioapic_get_statistics(obj: Any) -> None:
    """Return how many interrupts there were."""


@emulates(modelled=False)
def ioapic_print_info(obj: Any, mon: Any) -> None:
    """Print the redirection table (``info pic``)."""


vmstate_ioapic_common: Final = VMStateDescription(name="ioapic", version_id=3, minimum_version_id=1)


@emulates
def ioapic_common_class_init(klass: ObjectClass, data: Any) -> None:
    """Set what all share."""
    dc, ic = DEVICE_CLASS(klass), INTERRUPT_STATS_PROVIDER_CLASS(klass)
    dc.realize = ioapic_common_realize
    dc.vmsd = vmstate_ioapic_common
    ic.print_info = ioapic_print_info
    ic.get_statistics = ioapic_get_statistics


ioapic_common_type: Final = TypeInfo(
    name=TYPE_IOAPIC_COMMON,
    parent=TYPE_SYS_BUS_DEVICE,
    instance=IOAPICCommonState,
    class_=IOAPICCommonClass,
    class_init=ioapic_common_class_init,
    abstract=True,
    interfaces=(TYPE_INTERRUPT_STATS_PROVIDER,),
)


@type_init
@emulates
def ioapic_common_register_types() -> None:
    """Register the type."""
    type_register_static(ioapic_common_type)
