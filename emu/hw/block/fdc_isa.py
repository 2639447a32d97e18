"""A PC's floppy controller (hw/block/fdc-isa.c)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Final

from emu.blockdev import DriveInfo
from emu.hw.acpi.acpi_interface import ACPI_DEV_AML_IF_CLASS, TYPE_ACPI_DEV_AML_IF
from emu.hw.block.fdc import (
    FLOPPY_DRIVE_TYPE_120,
    FLOPPY_DRIVE_TYPE_144,
    FLOPPY_DRIVE_TYPE_288,
    FLOPPY_DRIVE_TYPE_AUTO,
    FLOPPY_DRIVE_TYPE_NONE,
    FDCtrl,
    fdctrl_init_drives,
    fdctrl_realize_common,
    fdctrl_reset,
)
from emu.hw.core.qdev import DEVICE, DEVICE_CLASS, DeviceCategory, DeviceState
from emu.hw.core.qdev_fw import qdev_set_legacy_instance_id
from emu.hw.core.qdev_properties import DEFINE_PROP_SIGNED, DEFINE_PROP_UINT32, device_class_set_props
from emu.hw.core.qdev_properties_system import qdev_prop_fdc_drive_type
from emu.hw.isa.isa_bus import (
    ISA_DEVICE,
    TYPE_ISA_DEVICE,
    ISADevice,
    isa_bus_from_device,
    isa_get_dma,
    isa_get_irq,
    isa_register_portio_list,
)
from emu.migration.savevm import VMStateDescription
from emu.qapi.error import error_setg
from emu.qemu.module import type_init
from emu.qom.object import Object, ObjectClass, TypeInfo, type_register_static
from emu.qom.parts import Part, caster
from emu.softmmu.bootdevice import device_add_bootindex_property
from emu.softmmu.ioport import MemoryRegionPortio
from emu.softmmu.unmodelled_ops import unmodelled_port_read, unmodelled_port_write
from emu.trace import Ptr, embedded, emulates
from emu.trace.calls import declared

__all__ = [
    "FLOPPY_DRIVE_TYPE_NONE",
    "TYPE_ISA_FDC",
    "cmos_get_fd_drive_type",
    "isa_fdc_get_drive_type",
    "isa_fdc_init_drives",
]

TYPE_ISA_FDC: Final = "isa-fdc"
UINT32_MAX: Final = 0xFFFFFFFF

_read: Final = unmodelled_port_read("fdctrl_read", "hw/block/fdc.c")
_write: Final = unmodelled_port_write("fdctrl_write", "hw/block/fdc.c")
i8257_dma_register_channel: Final = declared("i8257_dma_register_channel", "hw/dma/i8257.c")
fdc_portio_list: Final = (
    MemoryRegionPortio(1, 5, 1, read=_read, write=_write),
    MemoryRegionPortio(7, 1, 1, read=_read, write=_write),
)


class FDCtrlISABus(Part):
    """The controller."""

    SIZE: ClassVar[int] = 880
    iobase: int = 0
    irq: int = 0
    dma: int = 0
    state: FDCtrl = embedded(FDCtrl)
    bootindexA: int = 0
    bootindexB: int = 0


ISA_FDC = caster(FDCtrlISABus, TYPE_ISA_FDC)


@emulates
def fdctrl_external_reset_isa(d: DeviceState) -> None:
    """Reset the core."""
    fdctrl_reset(ISA_FDC(d).state, 0)


@emulates
def isa_fdc_init_drives(fdc: ISADevice, fds: Sequence[DriveInfo | None]) -> None:
    """Make the drives that were asked for."""
    bus = ISA_FDC(fdc).state.bus
    assert bus is not None
    fdctrl_init_drives(bus, fds)


@emulates
def isabus_fdc_realize(dev: DeviceState) -> None:
    """Make the registers, find interrupt and DMA channel, realize the core. Error: no DMA controller."""
    isadev, isa = ISA_DEVICE(dev), ISA_FDC(dev)
    fdctrl = isa.state
    isa_register_portio_list(isadev, fdctrl.portio_list, isa.iobase, fdc_portio_list, fdctrl, "fdc")
    fdctrl.irq = isa_get_irq(isadev, isa.irq)
    fdctrl.dma_chann = -1 if isa.dma == UINT32_MAX else isa.dma
    if fdctrl.dma_chann != -1:
        fdctrl.dma = isa_get_dma(isa_bus_from_device(isadev), isa.dma)
        if fdctrl.dma is None:
            error_setg("ISA controller does not support DMA")
        i8257_dma_register_channel(fdctrl.dma, fdctrl.dma_chann)
    qdev_set_legacy_instance_id(dev, isa.iobase, 2)
    fdctrl_realize_common(dev, fdctrl)


def isa_fdc_get_drive_type(fdc: ISADevice, i: int) -> int:
    """Return the type of a drive."""
    return ISA_FDC(fdc).state.drives[i].drive


def cmos_get_fd_drive_type(fd0: int) -> int:
    """Return the firmware's number of a type of drive."""
    return {FLOPPY_DRIVE_TYPE_144: 4, FLOPPY_DRIVE_TYPE_288: 5, FLOPPY_DRIVE_TYPE_120: 2}.get(fd0, 0)


@emulates(modelled=False)
def build_fdc_aml(adev: Any, scope: Any) -> None:
    """Describe the device in ACPI's language."""


vmstate_isa_fdc: Final = VMStateDescription(name="fdc", version_id=2, minimum_version_id=2)
isa_fdc_properties: Final = (
    DEFINE_PROP_UINT32("iobase", FDCtrlISABus, "iobase", 0x3F0),
    DEFINE_PROP_UINT32("irq", FDCtrlISABus, "irq", 6),
    DEFINE_PROP_UINT32("dma", FDCtrlISABus, "dma", 2),
    DEFINE_PROP_SIGNED("fdtypeA", FDCtrlISABus, "state.qdev_for_drives_A.type", FLOPPY_DRIVE_TYPE_AUTO, qdev_prop_fdc_drive_type),
    DEFINE_PROP_SIGNED("fdtypeB", FDCtrlISABus, "state.qdev_for_drives_B.type", FLOPPY_DRIVE_TYPE_AUTO, qdev_prop_fdc_drive_type),
    DEFINE_PROP_SIGNED("fallback", FDCtrlISABus, "state.fallback", FLOPPY_DRIVE_TYPE_288, qdev_prop_fdc_drive_type),
)


@emulates
def isabus_fdc_class_init(klass: ObjectClass, data: Any) -> None:
    """Set what makes a device the controller."""
    dc, adevc = DEVICE_CLASS(klass), ACPI_DEV_AML_IF_CLASS(klass)
    dc.desc = "virtual floppy controller"
    dc.realize = isabus_fdc_realize
    dc.fw_name = "fdc"
    dc.reset = fdctrl_external_reset_isa
    dc.vmsd = vmstate_isa_fdc
    adevc.build_dev_aml = build_fdc_aml
    device_class_set_props(dc, isa_fdc_properties)
    dc.categories |= 1 << DeviceCategory.DEVICE_CATEGORY_STORAGE


@emulates
def isabus_fdc_instance_init(obj: Object) -> None:
    """Add the places of both drives in the boot order."""
    isa = ISA_FDC(obj)
    device_add_bootindex_property(obj, Ptr(isa, "bootindexA"), "bootindexA", "/floppy@0", DEVICE(obj))
    device_add_bootindex_property(obj, Ptr(isa, "bootindexB"), "bootindexB", "/floppy@1", DEVICE(obj))


isa_fdc_info: Final = TypeInfo(
    name=TYPE_ISA_FDC,
    parent=TYPE_ISA_DEVICE,
    instance=FDCtrlISABus,
    class_init=isabus_fdc_class_init,
    instance_init=isabus_fdc_instance_init,
    interfaces=(TYPE_ACPI_DEV_AML_IF,),
)


@type_init
@emulates
def isa_fdc_register_types() -> None:
    """Register the type."""
    type_register_static(isa_fdc_info)
