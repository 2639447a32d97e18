"""The helper that spares old Windows exits on KVM; it sleeps here (hw/i386/kvmvapic.c)."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from emu.hw.core.loader import option_rom_add
from emu.hw.core.qdev import DEVICE_CLASS, DeviceState
from emu.hw.core.sysbus import SYS_BUS_DEVICE, TYPE_SYS_BUS_DEVICE, sysbus_add_io, sysbus_init_ioports
from emu.migration.savevm import VMStateDescription
from emu.qemu.module import type_init
from emu.qom.object import OBJECT, ObjectClass, TypeInfo, type_register_static
from emu.qom.parts import Part, caster
from emu.softmmu.memory import MemoryRegion, memory_region_init_io
from emu.softmmu.unmodelled_ops import unmodelled_ops
from emu.trace import Ptr, emulates

TYPE_VAPIC: Final = "kvmvapic"
VAPIC_IO_PORT: Final = 0x7E

vapic_ops: Final = unmodelled_ops("vapic_ops", "hw/i386/kvmvapic.c", "vapic_read", "vapic_write")


class VAPICROMState(Part):
    """The helper."""

    SIZE: ClassVar[int] = 1536
    io: MemoryRegion | None = None
    state: int = 0
    rom_state_paddr: int = 0


VAPIC = caster(VAPICROMState, TYPE_VAPIC)


@emulates
def vapic_reset(dev: DeviceState) -> None:
    """Sleep."""
    s = VAPIC(dev)
    s.state = 0
    s.rom_state_paddr = 0


@emulates
def vapic_realize(dev: DeviceState) -> None:
    """Make the port; the guest's part is an option ROM."""
    sbd, s = SYS_BUS_DEVICE(dev), VAPIC(dev)
    memory_region_init_io(Ptr(s, "io"), OBJECT(s), vapic_ops, s, "kvmvapic", 2)
    assert s.io is not None
    sysbus_add_io(sbd, VAPIC_IO_PORT, s.io)
    sysbus_init_ioports(sbd, VAPIC_IO_PORT, 2)
    option_rom_add("kvmvapic.bin", -1)


vmstate_vapic: Final = VMStateDescription(name="kvm-tpr-opt", version_id=1, minimum_version_id=1)


@emulates
def vapic_class_init(klass: ObjectClass, data: Any) -> None:
    """Set what makes a device the helper."""
    dc = DEVICE_CLASS(klass)
    dc.reset = vapic_reset
    dc.vmsd = vmstate_vapic
    dc.realize = vapic_realize


vapic_type: Final = TypeInfo(name=TYPE_VAPIC, parent=TYPE_SYS_BUS_DEVICE, instance=VAPICROMState, class_init=vapic_class_init)


@type_init
@emulates
def vapic_register() -> None:
    """Register the type."""
    type_register_static(vapic_type)
