"""What all i8259 interrupt controllers share (hw/intc/i8259_common.c, include/hw/isa/i8259_internal.h)."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from emu.hw.core.irq import IRQState
from emu.hw.core.qdev import DEVICE, DEVICE_CLASS, DeviceState
from emu.hw.core.qdev_fw import qdev_set_legacy_instance_id
from emu.hw.core.qdev_properties import (
    DEFINE_PROP_BIT,
    DEFINE_PROP_UINT8,
    DEFINE_PROP_UINT32,
    device_class_set_props,
    qdev_prop_set_bit,
    qdev_prop_set_uint8,
    qdev_prop_set_uint32,
)
from emu.hw.intc.intc import INTERRUPT_STATS_PROVIDER_CLASS, TYPE_INTERRUPT_STATS_PROVIDER
from emu.hw.isa.isa_bus import (
    ISA_DEVICE,
    TYPE_ISA_DEVICE,
    ISABus,
    ISADevice,
    isa_new,
    isa_realize_and_unref,
    isa_register_ioport,
)
from emu.migration.savevm import VMStateDescription
from emu.qapi.error import error_fatal
from emu.qemu.module import type_init
from emu.qom.object import ObjectClass, TypeInfo, type_register_static
from emu.qom.parts import Part, caster, class_getter
from emu.softmmu.memory import MemoryRegion
from emu.trace import Seq, emulates, seq

TYPE_PIC_COMMON: Final = "pic-common"
NO_PORT: Final = 0xFFFFFFFF


class PICCommonClass(Part):
    """What implementations differ in."""

    SIZE: ClassVar[int] = 192


class PICCommonState(Part):
    """An interrupt controller: eight lines in, one out."""

    SIZE: ClassVar[int] = 768
    last_irr: int = 0
    irr: int = 0
    imr: int = 0
    isr: int = 0
    priority_add: int = 0
    irq_base: int = 0
    read_reg_select: int = 0
    poll: int = 0
    special_mask: int = 0
    init_state: int = 0
    auto_eoi: int = 0
    rotate_on_auto_eoi: int = 0
    special_fully_nested_mode: int = 0
    init4: int = 0
    single_mode: int = 0
    elcr: int = 0
    elcr_mask: int = 0
    int_out: Seq[IRQState | None] = seq()
    master: int = 0
    iobase: int = 0
    elcr_addr: int = 0
    base_io: MemoryRegion | None = None
    elcr_io: MemoryRegion | None = None


PIC_COMMON = caster(PICCommonState, TYPE_PIC_COMMON)
PIC_COMMON_GET_CLASS = class_getter(PICCommonClass)


@emulates
def pic_reset_common(s: PICCommonState) -> None:
    """Forget all requests and masks; only level-triggered requests stay."""
    s.last_irr = 0
    s.irr &= s.elcr
    s.imr = 0
    s.isr = 0
    s.priority_add = 0
    s.irq_base = 0
    s.read_reg_select = 0
    s.poll = 0
    s.special_mask = 0
    s.init_state = 0
    s.auto_eoi = 0
    s.rotate_on_auto_eoi = 0
    s.special_fully_nested_mode = 0
    s.init4 = 0
    s.single_mode = 0


@emulates
def pic_common_realize(dev: DeviceState) -> None:
    """Put the registers at their ports."""
    s, isa = PIC_COMMON(dev), ISA_DEVICE(dev)
    assert s.base_io is not None
    isa_register_ioport(isa, s.base_io, s.iobase)
    if s.elcr_addr != NO_PORT:
        assert s.elcr_io is not None
        isa_register_ioport(isa, s.elcr_io, s.elcr_addr)
    qdev_set_legacy_instance_id(dev, s.iobase, 1)


@emulates
def i8259_init_chip(name: str, bus: ISABus, master: bool) -> ISADevice:
    """Make one of a PC's two controllers."""
    isadev = isa_new(name)
    dev = DEVICE(isadev)
    qdev_prop_set_uint32(dev, "iobase", 0x20 if master else 0xA0)
    qdev_prop_set_uint32(dev, "elcr_addr", 0x4D0 if master else 0x4D1)
    qdev_prop_set_uint8(dev, "elcr_mask", 0xF8 if master else 0xDE)
    qdev_prop_set_bit(dev, "master", master)
    with error_fatal():
        isa_realize_and_unref(isadev, bus)
    return isadev


@emulates(modelled=False)
def pic_get_statistics(obj: Any) -> None:
    """Return how many interrupts there were."""


@emulates(modelled=False)
def pic_print_info(obj: Any, mon: Any) -> None:
    """Print the registers (``info pic``)."""


vmstate_pic_common: Final = VMStateDescription(name="i8259", version_id=1, minimum_version_id=1)
pic_properties_common: Final = (
    DEFINE_PROP_UINT32("iobase", PICCommonState, "iobase", -1),
    DEFINE_PROP_UINT32("elcr_addr", PICCommonState, "elcr_addr", -1),
    DEFINE_PROP_UINT8("elcr_mask", PICCommonState, "elcr_mask", -1),
    DEFINE_PROP_BIT("master", PICCommonState, "master", 0, False),
)


@emulates
def pic_common_class_init(klass: ObjectClass, data: Any) -> None:
    """Set what all share."""
    dc, ic = DEVICE_CLASS(klass), INTERRUPT_STATS_PROVIDER_CLASS(klass)
    dc.vmsd = vmstate_pic_common
    device_class_set_props(dc, pic_properties_common)
    dc.realize = pic_common_realize
    dc.user_creatable = False
    ic.get_statistics = pic_get_statistics
    ic.print_info = pic_print_info


pic_common_type: Final = TypeInfo(
    name=TYPE_PIC_COMMON,
    parent=TYPE_ISA_DEVICE,
    instance=PICCommonState,
    class_=PICCommonClass,
    class_init=pic_common_class_init,
    abstract=True,
    interfaces=(TYPE_INTERRUPT_STATS_PROVIDER,),
)


@type_init
@emulates
def pic_common_register_types() -> None:
    """Register the type."""
    type_register_static(pic_common_type)
