"""The PC speaker; it stays silent (hw/audio/pcspk.c, include/hw/audio/pcspk.h)."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from emu.hw.core.qdev import DEVICE_CLASS, DeviceCategory, DeviceState
from emu.hw.core.qdev_properties import (
    DEFINE_PROP_BOOL,
    DEFINE_PROP_UINT32,
    device_class_set_props,
    qdev_prop_allow_set_link_before_realize,
)
from emu.hw.core.qdev_properties_system import DEFINE_PROP_AUDIODEV
from emu.hw.isa.isa_bus import (
    ISA_DEVICE,
    TYPE_ISA_DEVICE,
    ISABus,
    ISADevice,
    isa_realize_and_unref,
    isa_register_ioport,
)
from emu.hw.timer.i8254_common import TYPE_PIT_COMMON
from emu.migration.savevm import VMStateDescription
from emu.qapi.error import error_fatal
from emu.qemu.module import type_init
from emu.qom.object import (
    OBJECT,
    Object,
    ObjectClass,
    TypeInfo,
    object_property_add_link,
    object_property_set_link,
    type_register_static,
)
from emu.qom.parts import Part, caster
from emu.softmmu.memory import Impl, MemoryRegion, memory_region_init_io
from emu.softmmu.unmodelled_ops import unmodelled_ops
from emu.trace import Ptr, Struct, embedded, emulates

TYPE_PC_SPEAKER: Final = "isa-pcspk"

pcspk_io_ops: Final = unmodelled_ops("pcspk_io_ops", "hw/audio/pcspk.c", "pcspk_io_read", "pcspk_io_write", impl=Impl(1, 1))


class QEMUSoundCard(Struct):
    """Where sound goes (audio/audio.h): nowhere."""

    state: Any = None


class PCSpkState(Part):
    """The speaker."""

    SIZE: ClassVar[int] = 2320
    ioport: MemoryRegion | None = None
    iobase: int = 0
    card: QEMUSoundCard = embedded(QEMUSoundCard)
    pit: Any = None
    migrate: bool = False


PC_SPEAKER = caster(PCSpkState, TYPE_PC_SPEAKER)


@emulates
def pcspk_initfn(obj: Object) -> None:
    """Make the register and the link to the timer."""
    s = PC_SPEAKER(obj)
    memory_region_init_io(Ptr(s, "ioport"), OBJECT(s), pcspk_io_ops, s, "pcspk", 1)
    object_property_add_link(obj, "pit", TYPE_PIT_COMMON, Ptr(s, "pit"), qdev_prop_allow_set_link_before_realize, 0)


@emulates
def pcspk_realizefn(dev: DeviceState) -> None:
    """Put the register at its port."""
    isadev, s = ISA_DEVICE(dev), PC_SPEAKER(dev)
    assert s.ioport is not None
    isa_register_ioport(isadev, s.ioport, s.iobase)


vmstate_spk: Final = VMStateDescription(name="pcspk", version_id=1, minimum_version_id=1)
pcspk_properties: Final = (
    DEFINE_PROP_AUDIODEV("audiodev", PCSpkState, "card.state"),
    DEFINE_PROP_UINT32("iobase", PCSpkState, "iobase", 0x61),
    DEFINE_PROP_BOOL("migrate", PCSpkState, "migrate", True),
)


@emulates
def pcspk_class_initfn(klass: ObjectClass, data: Any) -> None:
    """Set what makes a device the speaker."""
    dc = DEVICE_CLASS(klass)
    dc.realize = pcspk_realizefn
    dc.categories |= 1 << DeviceCategory.DEVICE_CATEGORY_SOUND
    dc.vmsd = vmstate_spk
    device_class_set_props(dc, pcspk_properties)
    dc.user_creatable = False


pcspk_info: Final = TypeInfo(
    name=TYPE_PC_SPEAKER,
    parent=TYPE_ISA_DEVICE,
    instance=PCSpkState,
    instance_init=pcspk_initfn,
    class_init=pcspk_class_initfn,
)


@type_init
@emulates
def pcspk_register() -> None:
    """Register the type."""
    type_register_static(pcspk_info)


@emulates(file="include/hw/audio/pcspk.h")
def pcspk_init(isadev: ISADevice, bus: ISABus, pit: ISADevice) -> None:
    """Realize the machine's speaker on the timer that drives it."""
    object_property_set_link(OBJECT(isadev), "pit", OBJECT(pit))
    with error_fatal():
        isa_realize_and_unref(isadev, bus)
