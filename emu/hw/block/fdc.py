"""Floppy drives and the core of their controller; no floppy is ever read (hw/block/fdc.c, hw/block/fdc-internal.h)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Final

from emu.blockdev import DriveInfo, blk_by_legacy_dinfo
from emu.hw.block.block import (
    BLOCKDEV_ON_ERROR_AUTO,
    DEFINE_BLOCK_PROPERTIES,
    BlockConf,
    blkconf_apply_backend_options,
    blkconf_blocksizes,
)
from emu.hw.core.bus import qbus_init
from emu.hw.core.irq import IRQState, qemu_set_irq
from emu.hw.core.qdev import (
    BUS,
    DEVICE_CLASS,
    TYPE_BUS,
    TYPE_DEVICE,
    DeviceCategory,
    DeviceState,
    qdev_new,
    qdev_realize_and_unref,
)
from emu.hw.core.qdev_properties import (
    DEFINE_PROP_SIGNED,
    DEFINE_PROP_UINT32,
    device_class_set_props,
    qdev_prop_set_enum,
    qdev_prop_set_uint32,
)
from emu.hw.core.qdev_properties_system import qdev_prop_fdc_drive_type
from emu.qapi.error import error_fatal, error_setg
from emu.qemu.module import type_init
from emu.qom.object import ObjectClass, TypeInfo, type_register_static
from emu.qom.parts import Part, caster
from emu.softmmu.ioport import PortioList
from emu.trace import Ptr, Seq, Struct, embedded, emulates, fresh
from emu.util.qemu_timer import QEMUClockType, QEMUTimer, timer_del, timer_new_ns

TYPE_FLOPPY_BUS: Final = "floppy-bus"
TYPE_FLOPPY_DRIVE: Final = "floppy"
MAX_FD: Final = 2
FLOPPY_DRIVE_TYPE_144: Final = 0
FLOPPY_DRIVE_TYPE_288: Final = 1
FLOPPY_DRIVE_TYPE_120: Final = 2
FLOPPY_DRIVE_TYPE_NONE: Final = 3
FLOPPY_DRIVE_TYPE_AUTO: Final = 4
FD_SRA_nDRV2: Final = 0x40
FD_SRA_INTPEND: Final = 0x80
FD_DOR_nRESET: Final = 0x04
FD_DOR_DMAEN: Final = 0x08
FD_MSR_RQM: Final = 0x80
FD_CONFIG_EIS_EFIFO: Final = 0x40 | 0x20
UINT32_MAX: Final = 0xFFFFFFFF


class FloppyBus(Part):
    """The bus of a controller."""

    SIZE: ClassVar[int] = 128
    fdc: FDCtrl | None = None


class FDrive(Struct):
    """One of the places for a drive."""

    fdctrl: FDCtrl | None = None
    blk: Any = None
    drive: int = 0
    perpendicular: int = 0
    head: int = 0
    track: int = 0
    sect: int = 0
    disk: int = 0
    last_sect: int = 0
    max_track: int = 0
    ro: int = 0
    media_changed: int = 0


class FDrives(Seq[FDrive]):
    """``FDrive drives[MAX_FD]``."""

    def __init__(self) -> None:
        super().__init__([FDrive() for _ in range(MAX_FD)])


class DriveType(Struct):
    """The type of drive that a property asks for."""

    type: int = 0


class FDCtrl(Struct):
    """The core of a controller. ``qdev_for_drives`` is an array in C: here A and B."""

    irq: IRQState | None = None
    result_timer: QEMUTimer | None = None
    dma_chann: int = 0
    dma: Any = None
    version: int = 0
    sra: int = 0
    srb: int = 0
    dor: int = 0
    msr: int = 0
    cur_drv: int = 0
    status0: int = 0
    fifo_size: int = 0
    data_pos: int = 0
    data_len: int = 0
    config: int = 0
    bus: FloppyBus | None = None
    num_floppies: int = 0
    drives: Seq[FDrive] = fresh(FDrives)
    qdev_for_drives_A: DriveType = embedded(DriveType)
    qdev_for_drives_B: DriveType = embedded(DriveType)
    reset_sensei: int = 0
    fallback: int = 0
    portio_list: PortioList = embedded(PortioList)


class FloppyDrive(Part):
    """A drive."""

    SIZE: ClassVar[int] = 264
    unit: int = 0
    conf: BlockConf = embedded(BlockConf)
    type: int = 0


FLOPPY_BUS = caster(FloppyBus, TYPE_FLOPPY_BUS)
FLOPPY_DRIVE = caster(FloppyDrive, TYPE_FLOPPY_DRIVE)


@emulates
def floppy_bus_create(fdc: FDCtrl, bus: Ptr, dev: DeviceState) -> None:
    """Make the bus of a controller."""
    qbus_init(bus, TYPE_FLOPPY_BUS, dev, None)
    bus.get().fdc = fdc


@emulates
def fd_init(drv: FDrive) -> None:
    """Start without a floppy."""
    drv.perpendicular = 0
    drv.disk = FLOPPY_DRIVE_TYPE_NONE
    drv.last_sect = 0
    drv.max_track = 0
    drv.ro = True
    drv.media_changed = 1


@emulates
def fd_recalibrate(drv: FDrive) -> None:
    """Move the head to track 0."""
    drv.head = 0
    drv.track = 0
    drv.sect = 1


@emulates
def pick_drive_type(drv: FDrive) -> None:
    """Settle the type of a drive; an empty one is of the fallback type."""
    if drv.drive == FLOPPY_DRIVE_TYPE_AUTO:
        assert drv.fdctrl is not None
        drv.drive = drv.fdctrl.fallback


@emulates
def fd_revalidate(drv: FDrive) -> None:
    """Look at the floppy anew: there is none."""
    drv.disk = FLOPPY_DRIVE_TYPE_NONE
    if drv.blk is not None:
        drv.ro = True
    else:
        drv.last_sect = 0
        drv.max_track = 0
        drv.drive = FLOPPY_DRIVE_TYPE_NONE


@emulates
def floppy_drive_realize(qdev: DeviceState) -> None:
    """Take a place at the controller. Error: there is none, it is taken, or the properties do not suit a floppy."""
    dev = FLOPPY_DRIVE(qdev)
    assert qdev.parent_bus is not None
    fdc = FLOPPY_BUS(qdev.parent_bus).fdc
    assert fdc is not None
    if dev.unit == UINT32_MAX:
        dev.unit = next((i for i in range(MAX_FD) if fdc.drives[i].blk is None), MAX_FD)
    if dev.unit >= MAX_FD:
        error_setg(f"Can't create floppy unit {dev.unit}, bus supports only {MAX_FD} units")
    drive = fdc.drives[dev.unit]
    if drive.blk is not None:
        error_setg(f"Floppy unit {dev.unit} is in use")
    if dev.conf.blk is None:
        dev.conf.blk = DriveInfo()
    blkconf_blocksizes(dev.conf)
    if dev.conf.logical_block_size != 512 or dev.conf.physical_block_size != 512:
        error_setg("Physical and logical block size must be 512 for floppy")
    dev.conf.rerror = BLOCKDEV_ON_ERROR_AUTO
    dev.conf.werror = BLOCKDEV_ON_ERROR_AUTO
    blkconf_apply_backend_options(dev.conf, True, False)
    drive.blk = dev.conf.blk
    drive.fdctrl = fdc
    fd_init(drive)
    drive.drive = dev.type
    pick_drive_type(drive)
    dev.type = drive.drive
    fd_revalidate(drive)


floppy_drive_properties: Final = (
    DEFINE_PROP_UINT32("unit", FloppyDrive, "unit", -1),
    *DEFINE_BLOCK_PROPERTIES(FloppyDrive, "conf"),
    DEFINE_PROP_SIGNED("drive-type", FloppyDrive, "type", FLOPPY_DRIVE_TYPE_AUTO, qdev_prop_fdc_drive_type),
)


@emulates
def floppy_drive_class_init(klass: ObjectClass, data: Any) -> None:
    """Set what makes a device a drive."""
    k = DEVICE_CLASS(klass)
    k.realize = floppy_drive_realize
    k.categories |= 1 << DeviceCategory.DEVICE_CATEGORY_STORAGE
    k.bus_type = TYPE_FLOPPY_BUS
    device_class_set_props(k, floppy_drive_properties)
    k.desc = "virtual floppy drive"


@emulates
def fdctrl_reset_irq(fdctrl: FDCtrl) -> None:
    """Lower the interrupt."""
    fdctrl.status0 = 0
    if fdctrl.sra & FD_SRA_INTPEND:
        qemu_set_irq(fdctrl.irq, 0)
        fdctrl.sra &= ~FD_SRA_INTPEND


@emulates
def fdctrl_to_command_phase(fdctrl: FDCtrl) -> None:
    """Wait for a command."""
    fdctrl.data_pos = 0
    fdctrl.data_len = 1
    fdctrl.msr = FD_MSR_RQM


@emulates
def fdctrl_reset(fdctrl: FDCtrl, do_irq: int) -> None:
    """Start anew, heads at track 0."""
    fdctrl_reset_irq(fdctrl)
    fdctrl.sra = 0
    fdctrl.srb = 0xC0
    if fdctrl.drives[1].blk is None:
        fdctrl.sra |= FD_SRA_nDRV2
    fdctrl.cur_drv = 0
    fdctrl.dor = FD_DOR_nRESET | (FD_DOR_DMAEN if fdctrl.dma_chann != -1 else 0)
    fdctrl.msr = FD_MSR_RQM
    fdctrl.reset_sensei = 0
    assert fdctrl.result_timer is not None
    timer_del(fdctrl.result_timer)
    for drive in fdctrl.drives:
        fd_recalibrate(drive)
    fdctrl_to_command_phase(fdctrl)


@emulates(modelled=False)
def fdctrl_result_timer(opaque: Any) -> None:
    """End a command."""


@emulates(modelled=False)
def fdctrl_transfer_handler(opaque: Any, nchan: int, dma_pos: int, dma_len: int) -> int:
    """Transfer a sector by DMA."""
    return 0


@emulates
def fdctrl_init_drives(bus: FloppyBus, fds: Sequence[DriveInfo | None]) -> None:
    """Make the drives that ``-drive``, or the machine by default, asks for."""
    for i in range(MAX_FD):
        fd = fds[i]
        if fd is not None:
            dev = qdev_new("floppy")
            qdev_prop_set_uint32(dev, "unit", i)
            qdev_prop_set_enum(dev, "drive-type", FLOPPY_DRIVE_TYPE_AUTO)
            FLOPPY_DRIVE(dev).conf.blk = blk_by_legacy_dinfo(fd)
            with error_fatal():
                qdev_realize_and_unref(dev, BUS(bus))


@emulates
def fdctrl_realize_common(dev: DeviceState, fdctrl: FDCtrl) -> None:
    """Make timer, bus and places. Error: the fallback type is none."""
    if fdctrl.fallback == FLOPPY_DRIVE_TYPE_AUTO:
        error_setg("Cannot choose a fallback FDrive type of 'auto'")
    fdctrl.fifo_size = 512
    fdctrl.result_timer = timer_new_ns(QEMUClockType.QEMU_CLOCK_VIRTUAL, fdctrl_result_timer, fdctrl)
    fdctrl.version = 0x90
    fdctrl.config = FD_CONFIG_EIS_EFIFO
    fdctrl.num_floppies = MAX_FD
    floppy_bus_create(fdctrl, Ptr(fdctrl, "bus"), dev)
    for drive in fdctrl.drives:
        drive.fdctrl = fdctrl
        fd_init(drive)
        fd_revalidate(drive)


floppy_bus_info: Final = TypeInfo(name=TYPE_FLOPPY_BUS, parent=TYPE_BUS, instance=FloppyBus)
floppy_drive_info: Final = TypeInfo(
    name=TYPE_FLOPPY_DRIVE, parent=TYPE_DEVICE, instance=FloppyDrive, class_init=floppy_drive_class_init
)


@type_init
@emulates
def fdc_register_types() -> None:
    """Register bus and drive."""
    type_register_static(floppy_bus_info)
    type_register_static(floppy_drive_info)
