"""IDE buses and drives as devices (hw/ide/qdev.c). NotModelled: hard disks, and what a drive holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Final

from emu.blockdev import DriveInfo
from emu.errors import NotModelled
from emu.hw.block.block import DEFINE_BLOCK_ERROR_PROPERTIES, DEFINE_BLOCK_PROPERTIES, BlockConf
from emu.hw.core.bus import qbus_init
from emu.hw.core.qdev import (
    BUS,
    BUS_CLASS,
    DEVICE,
    DEVICE_CLASS,
    TYPE_BUS,
    TYPE_DEVICE,
    BusState,
    DeviceCategory,
    DeviceState,
    qdev_new,
    qdev_realize_and_unref,
)
from emu.hw.core.qdev_fw import qdev_fw_name
from emu.hw.core.qdev_properties import (
    DEFINE_PROP_STRING,
    DEFINE_PROP_UINT16,
    DEFINE_PROP_UINT32,
    DEFINE_PROP_UINT64,
    device_class_set_props,
    qdev_prop_set_uint32,
)
from emu.hw.core.qdev_properties_system import DEFINE_PROP_BIOS_CHS_TRANS
from emu.hw.ide.core import BIOS_ATA_TRANSLATION_AUTO, IDE_BUS, IDE_CD, IDE_HD, TYPE_IDE_BUS, IDEBus
from emu.qapi.error import Error, error_fatal, error_setg
from emu.qapi.visitor import visit_type_int32
from emu.qemu.module import type_init
from emu.qom.object import (
    Object,
    ObjectClass,
    TypeInfo,
    object_property_add,
    object_property_set_int,
    type_register_static,
)
from emu.qom.parts import Part, caster, class_getter
from emu.softmmu.bootdevice import add_boot_device_path, check_boot_index
from emu.softmmu.runstate import qemu_del_vm_change_state_handler
from emu.trace import Ptr, embedded, emulates
from emu.util.osdep import qemu_hw_version

TYPE_IDE_DEVICE: Final = "ide-device"
UINT32_MAX: Final = 0xFFFFFFFF


class IDEDeviceClass(Part):
    """What kinds of drives differ in."""

    SIZE: ClassVar[int] = 184
    realize: Callable[[IDEDevice], None] | None = None


class IDEDevice(Part):
    """A drive."""

    SIZE: ClassVar[int] = 304
    unit: int = 0
    conf: BlockConf = embedded(BlockConf)
    chs_trans: int = 0
    version: str | None = None
    serial: str | None = None
    model: str | None = None
    wwn: int = 0
    rotation_rate: int = 0


IDE_DEVICE = caster(IDEDevice, TYPE_IDE_DEVICE)
IDE_DEVICE_CLASS = caster(IDEDeviceClass, TYPE_IDE_DEVICE)
IDE_DEVICE_GET_CLASS = class_getter(IDEDeviceClass)

ide_props: Final = (DEFINE_PROP_UINT32("unit", IDEDevice, "unit", UINT32_MAX),)


@emulates
def idebus_unrealize(bus: BusState) -> None:
    """Be told no more when the machine starts and stops."""
    ibus = IDE_BUS(bus)
    if ibus.vmstate is not None:
        qemu_del_vm_change_state_handler(ibus.vmstate)


def idebus_get_fw_dev_path(dev: DeviceState) -> str:
    """Name a drive for the firmware by its bus."""
    assert dev.parent_bus is not None
    return f"{qdev_fw_name(dev)}@{IDE_BUS(dev.parent_bus).bus_id:x}"


@emulates
def ide_bus_class_init(klass: ObjectClass, data: Any) -> None:
    """Set how drives are named."""
    k = BUS_CLASS(klass)
    k.get_fw_dev_path = idebus_get_fw_dev_path
    k.unrealize = idebus_unrealize


@emulates
def ide_bus_init(idebus: Ptr, dev: DeviceState, bus_id: int, max_units: int) -> None:
    """Make a bus."""
    qbus_init(idebus, TYPE_IDE_BUS, dev, None)
    bus: IDEBus = idebus.get()
    bus.bus_id = bus_id
    bus.max_units = max_units


@emulates
def ide_qdev_realize(qdev: DeviceState) -> None:
    """Take a place on the bus. Error: there is none, or it is taken."""
    dev, dc = IDE_DEVICE(qdev), IDE_DEVICE_GET_CLASS(qdev)
    assert qdev.parent_bus is not None
    bus = IDE_BUS(qdev.parent_bus)
    if dev.unit == UINT32_MAX:
        dev.unit = 1 if bus.master is not None else 0
    if dev.unit >= bus.max_units:
        error_setg(f"Can't create IDE unit {dev.unit}, bus supports only {bus.max_units} units")
    if dev.unit > 1:
        error_setg(f"Invalid IDE unit {dev.unit}")
    if (bus.master, bus.slave)[dev.unit] is not None:
        error_setg(f"IDE unit {dev.unit} is in use")
    if dev.unit == 0:
        bus.master = dev
    else:
        bus.slave = dev
    assert dc.realize is not None
    dc.realize(dev)


@emulates
def ide_create_drive(bus: IDEBus, unit: int, drive: DriveInfo) -> IDEDevice:
    """Make a drive that ``-drive``, or the machine by default, asks for."""
    dev = qdev_new("ide-cd" if drive.media_cd else "ide-hd")
    qdev_prop_set_uint32(dev, "unit", unit)
    IDE_DEVICE(dev).conf.blk = drive
    with error_fatal():
        qdev_realize_and_unref(dev, BUS(bus))
    return IDE_DEVICE(dev)


def ide_get_geometry(bus: BusState, unit: int) -> tuple[int, int, int] | None:
    """Return cylinders, heads and sectors of a disk, None where there is none."""
    s = IDE_BUS(bus).ifs[unit]
    if s.drive_kind != IDE_HD or not s.present:
        return None
    return s.cylinders, s.heads, s.sectors


def ide_get_bios_chs_trans(bus: BusState, unit: int) -> int:
    """Return how the firmware translates a disk's geometry."""
    return IDE_BUS(bus).ifs[unit].chs_trans


@emulates
def ide_dev_initfn(dev: IDEDevice, kind: int) -> None:
    """Check the properties and enter the drive into its place. Error: they do not suit IDE. NotModelled: a disk."""
    qdev = DEVICE(dev)
    assert qdev.parent_bus is not None
    if dev.conf.blk is None and kind != IDE_CD:
        error_setg("No drive specified")
    if kind != IDE_CD:
        raise NotModelled("hard disks")
    if dev.conf.discard_granularity == UINT32_MAX:
        dev.conf.discard_granularity = 512
    elif dev.conf.discard_granularity not in (0, 512):
        error_setg("discard_granularity must be 512 for ide")
    dev.conf.logical_block_size = dev.conf.logical_block_size or 512
    dev.conf.physical_block_size = dev.conf.physical_block_size or 512
    if dev.conf.logical_block_size != 512:
        error_setg("logical_block_size must be 512 for IDE")
    s = IDE_BUS(qdev.parent_bus).ifs[dev.unit]
    s.drive_kind = kind
    s.present = True
    if dev.version is None:
        dev.version = qemu_hw_version()
    if dev.serial is None:
        dev.serial = f"QM{s.drive_serial:05d}"
    add_boot_device_path(dev.conf.bootindex, qdev, "/disk@1" if dev.unit else "/disk@0")


def ide_dev_get_bootindex(obj: Object, v: Any, name: str, opaque: Any) -> None:
    """Read the place in the boot order."""
    visit_type_int32(v, name, IDE_DEVICE(obj).conf.bootindex)


@emulates
def ide_dev_set_bootindex(obj: Object, v: Any, name: str, opaque: Any) -> None:
    """Write the place in the boot order. Error: it is taken."""
    d = IDE_DEVICE(obj)
    boot_index = visit_type_int32(v, name, 0)
    check_boot_index(boot_index)
    d.conf.bootindex = boot_index
    if d.unit != UINT32_MAX:
        add_boot_device_path(d.conf.bootindex, DEVICE(d), "/disk@1" if d.unit else "/disk@0")


@emulates
def ide_dev_instance_init(obj: Object) -> None:
    """Add the property ``bootindex``."""
    object_property_add(obj, "bootindex", "int32", ide_dev_get_bootindex, ide_dev_set_bootindex)
    try:
        object_property_set_int(obj, "bootindex", -1)
    except Error:
        return


@emulates
def ide_hd_realize(dev: IDEDevice) -> None:
    """Make a hard disk."""
    ide_dev_initfn(dev, IDE_HD)


@emulates
def ide_cd_realize(dev: IDEDevice) -> None:
    """Make a CD-ROM drive."""
    ide_dev_initfn(dev, IDE_CD)


ide_cd_properties: Final = (
    *DEFINE_BLOCK_PROPERTIES(IDEDevice, "conf"),
    *DEFINE_BLOCK_ERROR_PROPERTIES(IDEDevice, "conf"),
    DEFINE_PROP_STRING("ver", IDEDevice, "version"),
    DEFINE_PROP_UINT64("wwn", IDEDevice, "wwn", 0),
    DEFINE_PROP_STRING("serial", IDEDevice, "serial"),
    DEFINE_PROP_STRING("model", IDEDevice, "model"),
)
ide_hd_properties: Final = (
    *ide_cd_properties,
    DEFINE_PROP_UINT32("cyls", IDEDevice, "conf.cyls", 0),
    DEFINE_PROP_UINT32("heads", IDEDevice, "conf.heads", 0),
    DEFINE_PROP_UINT32("secs", IDEDevice, "conf.secs", 0),
    DEFINE_PROP_UINT32("lcyls", IDEDevice, "conf.lcyls", 0),
    DEFINE_PROP_UINT32("lheads", IDEDevice, "conf.lheads", 0),
    DEFINE_PROP_UINT32("lsecs", IDEDevice, "conf.lsecs", 0),
    DEFINE_PROP_BIOS_CHS_TRANS("bios-chs-trans", IDEDevice, "chs_trans", BIOS_ATA_TRANSLATION_AUTO),
    DEFINE_PROP_UINT16("rotation_rate", IDEDevice, "rotation_rate", 0),
)


@emulates
def ide_hd_class_init(klass: ObjectClass, data: Any) -> None:
    """Set what is special about hard disks."""
    dc, k = DEVICE_CLASS(klass), IDE_DEVICE_CLASS(klass)
    k.realize = ide_hd_realize
    dc.fw_name = "drive"
    dc.desc = "virtual IDE disk"
    device_class_set_props(dc, ide_hd_properties)


@emulates
def ide_cd_class_init(klass: ObjectClass, data: Any) -> None:
    """Set what is special about CD-ROM drives."""
    dc, k = DEVICE_CLASS(klass), IDE_DEVICE_CLASS(klass)
    k.realize = ide_cd_realize
    dc.fw_name = "drive"
    dc.desc = "virtual IDE CD-ROM"
    device_class_set_props(dc, ide_cd_properties)


@emulates
def ide_device_class_init(klass: ObjectClass, data: Any) -> None:
    """Set what all drives share."""
    k = DEVICE_CLASS(klass)
    k.realize = ide_qdev_realize
    k.categories |= 1 << DeviceCategory.DEVICE_CATEGORY_STORAGE
    k.bus_type = TYPE_IDE_BUS
    device_class_set_props(k, ide_props)


ide_bus_info: Final = TypeInfo(name=TYPE_IDE_BUS, parent=TYPE_BUS, instance=IDEBus, class_init=ide_bus_class_init)
ide_hd_info: Final = TypeInfo(name="ide-hd", parent=TYPE_IDE_DEVICE, class_init=ide_hd_class_init)
ide_cd_info: Final = TypeInfo(name="ide-cd", parent=TYPE_IDE_DEVICE, class_init=ide_cd_class_init)
ide_device_type_info: Final = TypeInfo(
    name=TYPE_IDE_DEVICE,
    parent=TYPE_DEVICE,
    instance=IDEDevice,
    abstract=True,
    class_=IDEDeviceClass,
    class_init=ide_device_class_init,
    instance_init=ide_dev_instance_init,
)


@type_init
@emulates
def ide_register_types() -> None:
    """Register buses and drives."""
    type_register_static(ide_bus_info)
    type_register_static(ide_hd_info)
    type_register_static(ide_cd_info)
    type_register_static(ide_device_type_info)
