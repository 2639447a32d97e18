"""Flash memory with Intel's commands; what it holds is not modelled (hw/block/pflash_cfi01.c)."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from emu.blockdev import DriveInfo
from emu.errors import NotModelled
from emu.hw.core.qdev import DEVICE_CLASS, DeviceCategory, DeviceState
from emu.hw.core.qdev_properties import (
    DEFINE_PROP_BIT,
    DEFINE_PROP_BOOL,
    DEFINE_PROP_STRING,
    DEFINE_PROP_UINT8,
    DEFINE_PROP_UINT16,
    DEFINE_PROP_UINT32,
    DEFINE_PROP_UINT64,
    device_class_set_props,
)
from emu.hw.core.qdev_properties_system import DEFINE_PROP_DRIVE
from emu.hw.core.sysbus import SYS_BUS_DEVICE, TYPE_SYS_BUS_DEVICE, sysbus_init_mmio
from emu.migration.savevm import VMStateDescription
from emu.qapi.error import error_setg
from emu.qemu.module import type_init
from emu.qom.object import OBJECT, ObjectClass, TypeInfo, type_register_static
from emu.qom.parts import Part, caster
from emu.softmmu.memory import MemoryRegion, memory_region_init_rom_device, memory_region_rom_device_set_romd
from emu.softmmu.unmodelled_ops import unmodelled_ops
from emu.trace import Ptr, emulates

TYPE_PFLASH_CFI01: Final = "cfi.pflash01"
PFLASH_BE: Final = 0
PFLASH_SECURE: Final = 1

pflash_cfi01_ops: Final = unmodelled_ops(
    "pflash_cfi01_ops", "hw/block/pflash_cfi01.c", "pflash_mem_read_with_attrs", "pflash_mem_write_with_attrs"
)


class PFlashCFI01(Part):
    """A chip, or several side by side."""

    SIZE: ClassVar[int] = 1280
    blk: Any = None
    nb_blocs: int = 0
    sector_len: int = 0
    bank_width: int = 0
    device_width: int = 0
    max_device_width: int = 0
    features: int = 0
    wcycle: int = 0
    ro: bool = False
    cmd: int = 0
    status: int = 0
    ident0: int = 0
    ident1: int = 0
    ident2: int = 0
    ident3: int = 0
    mem: MemoryRegion | None = None
    name: str | None = None
    old_multiple_chip_handling: bool = False


PFLASH_CFI01 = caster(PFlashCFI01, TYPE_PFLASH_CFI01)


@emulates
def pflash_cfi01_realize(dev: DeviceState) -> None:
    """Make the memory, empty. Error: its size or its name is not given."""
    pfl = PFLASH_CFI01(dev)
    if pfl.sector_len == 0:
        error_setg('attribute "sector-length" not specified or zero.')
    if pfl.nb_blocs == 0:
        error_setg('attribute "num-blocks" not specified or zero.')
    if pfl.name is None:
        error_setg('attribute "name" not specified.')
    total_len = pfl.sector_len * pfl.nb_blocs
    memory_region_init_rom_device(Ptr(pfl, "mem"), OBJECT(dev), pflash_cfi01_ops, pfl, pfl.name, total_len)
    assert pfl.mem is not None
    sysbus_init_mmio(SYS_BUS_DEVICE(dev), pfl.mem)
    pfl.ro = False
    if not pfl.max_device_width:
        pfl.max_device_width = pfl.device_width
    pfl.wcycle = 0
    pfl.cmd = 0
    pfl.status = 0x80


@emulates
def pflash_cfi01_system_reset(dev: DeviceState) -> None:
    """Be read as memory."""
    pfl = PFLASH_CFI01(dev)
    pfl.cmd = 0
    pfl.wcycle = 0
    assert pfl.mem is not None
    memory_region_rom_device_set_romd(pfl.mem, True)
    pfl.status = 0x80


vmstate_pflash: Final = VMStateDescription(name="pflash_cfi01", version_id=1, minimum_version_id=1)
pflash_cfi01_properties: Final = (
    DEFINE_PROP_DRIVE("drive", PFlashCFI01, "blk"),
    DEFINE_PROP_UINT32("num-blocks", PFlashCFI01, "nb_blocs", 0),
    DEFINE_PROP_UINT64("sector-length", PFlashCFI01, "sector_len", 0),
    DEFINE_PROP_UINT8("width", PFlashCFI01, "bank_width", 0),
    DEFINE_PROP_UINT8("device-width", PFlashCFI01, "device_width", 0),
    DEFINE_PROP_UINT8("max-device-width", PFlashCFI01, "max_device_width", 0),
    DEFINE_PROP_BIT("big-endian", PFlashCFI01, "features", PFLASH_BE, False),
    DEFINE_PROP_BIT("secure", PFlashCFI01, "features", PFLASH_SECURE, False),
    DEFINE_PROP_UINT16("id0", PFlashCFI01, "ident0", 0),
    DEFINE_PROP_UINT16("id1", PFlashCFI01, "ident1", 0),
    DEFINE_PROP_UINT16("id2", PFlashCFI01, "ident2", 0),
    DEFINE_PROP_UINT16("id3", PFlashCFI01, "ident3", 0),
    DEFINE_PROP_STRING("name", PFlashCFI01, "name"),
    DEFINE_PROP_BOOL("old-multiple-chip-handling", PFlashCFI01, "old_multiple_chip_handling", False),
)


@emulates
def pflash_cfi01_class_init(klass: ObjectClass, data: Any) -> None:
    """Set what makes a device this memory."""
    dc = DEVICE_CLASS(klass)
    dc.reset = pflash_cfi01_system_reset
    dc.realize = pflash_cfi01_realize
    device_class_set_props(dc, pflash_cfi01_properties)
    dc.vmsd = vmstate_pflash
    dc.categories |= 1 << DeviceCategory.DEVICE_CATEGORY_STORAGE


pflash_cfi01_info: Final = TypeInfo(
    name=TYPE_PFLASH_CFI01, parent=TYPE_SYS_BUS_DEVICE, instance=PFlashCFI01, class_init=pflash_cfi01_class_init
)


@type_init
@emulates
def pflash_cfi01_register_types() -> None:
    """Register the type."""
    type_register_static(pflash_cfi01_info)


def pflash_cfi01_get_blk(fl: PFlashCFI01) -> Any:
    """Return what the memory holds."""
    return fl.blk


@emulates
def pflash_cfi01_legacy_drive(fl: PFlashCFI01, dinfo: DriveInfo | None) -> None:
    """Take what ``-drive if=pflash`` or ``-pflash`` gives. NotModelled: it gives something."""
    if dinfo is not None:
        raise NotModelled("firmware in flash memory (-drive if=pflash)")
