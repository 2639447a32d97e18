"""The types of pci.c; realizing and unrealizing a device, making one (hw/pci/pci.c)."""

from __future__ import annotations

from typing import Final

from emu.hw.core.qdev import qdev_new, qdev_realize_and_unref
from emu.hw.core.qdev_core import BUS, DEVICE, DEVICE_CLASS, TYPE_DEVICE, DeviceState
from emu.hw.core.qdev_properties import (
    DEFINE_PROP_BIT,
    DEFINE_PROP_STRING,
    DEFINE_PROP_UINT32,
    Property,
    device_class_set_props,
    qdev_prop_set_bit,
    qdev_prop_set_int32,
)
from emu.hw.core.qdev_properties_system import DEFINE_PROP_PCI_DEVFN
from emu.hw.pci.pci.bar import pci_unregister_io_regions
from emu.hw.pci.pci.bus import (
    pci_bus_is_express,
)
from emu.hw.pci.pci.bus_types import cxl_bus_info, pci_bus_info, pcie_bus_info
from emu.hw.pci.pci.bytes import pci_get_word
from emu.hw.pci.pci.dma import pci_msi_trigger
from emu.hw.pci.pci.irq import pci_device_deassert_intx
from emu.hw.pci.pci.power import pci_set_power
from emu.hw.pci.pci.register import do_pci_register_device, do_pci_unregister_device
from emu.hw.pci.pci.rom import ROMSIZE_UNSET, pci_add_option_rom, pci_del_option_rom
from emu.hw.pci.pci.structs import (
    INTERFACE_CONVENTIONAL_PCI_DEVICE,
    INTERFACE_CXL_DEVICE,
    INTERFACE_PCIE_DEVICE,
    PCI_DEVICE,
    PCI_DEVICE_GET_CLASS,
    PCI_FUNC,
    QEMU_PCI_CAP_EXPRESS,
    QEMU_PCI_CAP_MULTIFUNCTION,
    QEMU_PCI_CAP_MULTIFUNCTION_BITNR,
    QEMU_PCIE_CAP_CXL,
    QEMU_PCIE_EXTCAP_INIT_BITNR,
    QEMU_PCIE_LNKSTA_DLLLA_BITNR,
    TYPE_PCI_BUS,
    TYPE_PCI_DEVICE,
    PCIBus,
    PCIDevice,
    PCIDeviceClass,
    pci_get_bus,
)
from emu.hw.pci.pci_ids import PCI_CLASS_NETWORK_ETHERNET
from emu.migration.savevm import VMStateDescription
from emu.qapi.error import Error, error_fatal, error_setg
from emu.qemu.module import type_init
from emu.qom.object import (
    TYPE_INTERFACE,
    TypeInfo,
    object_class_dynamic_cast,
    object_class_is_abstract,
    object_get_typename,
    type_register_static,
)
from emu.qom.parts import Part
from emu.standard_headers.linux.pci_regs import PCI_CLASS_DEVICE
from emu.trace import emulates

pci_props: Final[tuple[Property, ...]] = (
    DEFINE_PROP_PCI_DEVFN("addr", PCIDevice, "devfn", -1),
    DEFINE_PROP_STRING("romfile", PCIDevice, "romfile"),
    DEFINE_PROP_UINT32("romsize", PCIDevice, "romsize", ROMSIZE_UNSET),
    DEFINE_PROP_UINT32("rombar", PCIDevice, "rom_bar", 1),
    DEFINE_PROP_BIT("multifunction", PCIDevice, "cap_present", QEMU_PCI_CAP_MULTIFUNCTION_BITNR, False),
    DEFINE_PROP_BIT("x-pcie-lnksta-dllla", PCIDevice, "cap_present", QEMU_PCIE_LNKSTA_DLLLA_BITNR, True),
    DEFINE_PROP_BIT("x-pcie-extcap-init", PCIDevice, "cap_present", QEMU_PCIE_EXTCAP_INIT_BITNR, True),
    DEFINE_PROP_STRING("failover_pair_id", PCIDevice, "failover_pair_id"),
    DEFINE_PROP_UINT32("acpi-index", PCIDevice, "acpi_index", 0),
)

vmstate_pci_device: Final = VMStateDescription(name="PCIDevice", version_id=2, minimum_version_id=1)


@emulates
def pci_qdev_unrealize(dev: DeviceState) -> None:
    """Unrealize of every PCI device; the class's own part is ``PCIDeviceClass.exit``."""
    pci_dev = PCI_DEVICE(dev)
    pc = PCI_DEVICE_GET_CLASS(pci_dev)
    pci_unregister_io_regions(pci_dev)
    pci_del_option_rom(pci_dev)
    if pc.exit is not None:
        pc.exit(pci_dev)
    pci_device_deassert_intx(pci_dev)
    do_pci_unregister_device(pci_dev)
    pci_dev.msi_trigger = None


def check_failover(pci_dev: PCIDevice) -> None:
    """Refuse a primary device of a failover pair that could not be unplugged during migration. Error: why."""
    if not pci_bus_is_express(pci_get_bus(pci_dev)):
        error_setg("failover primary device must be on PCIExpress bus")
    if pci_get_word(pci_dev.config + PCI_CLASS_DEVICE) != PCI_CLASS_NETWORK_ETHERNET:
        error_setg("failover primary device is not an Ethernet device")
    if pci_dev.cap_present & QEMU_PCI_CAP_MULTIFUNCTION or PCI_FUNC(pci_dev.devfn) != 0:
        error_setg("failover: primary device must be in its own PCI slot")


@emulates
def pci_qdev_realize(qdev: DeviceState) -> None:
    """Realize of every PCI device; the class's own part is ``PCIDeviceClass.realize``. Error: any step refuses."""
    pci_dev = PCI_DEVICE(qdev)
    pc = PCI_DEVICE_GET_CLASS(pci_dev)
    romsize = pci_dev.romsize
    if romsize != ROMSIZE_UNSET and (not romsize or romsize & (romsize - 1)):
        error_setg(f"ROM size {romsize} is not a power of two")

    # hybrid devices decide themselves whether they are PCI Express
    if object_class_dynamic_cast(pc, INTERFACE_PCIE_DEVICE) is not None and (
        object_class_dynamic_cast(pc, INTERFACE_CONVENTIONAL_PCI_DEVICE) is None
    ):
        pci_dev.cap_present |= QEMU_PCI_CAP_EXPRESS
    if object_class_dynamic_cast(pc, INTERFACE_CXL_DEVICE) is not None:
        pci_dev.cap_present |= QEMU_PCIE_CAP_CXL

    do_pci_register_device(pci_dev, object_get_typename(qdev), pci_dev.devfn)
    if pc.realize is not None:
        try:
            pc.realize(pci_dev)
        except Error:
            do_pci_unregister_device(pci_dev)
            raise
    try:
        if pci_dev.failover_pair_id is not None:
            check_failover(pci_dev)
            DEVICE(qdev).allow_unplug_during_migration = True
        is_default_rom = False
        if pci_dev.romfile is None and pc.romfile is not None:
            pci_dev.romfile = pc.romfile
            is_default_rom = True
        pci_add_option_rom(pci_dev, is_default_rom)
    except Error:
        pci_qdev_unrealize(DEVICE(pci_dev))
        raise
    pci_set_power(pci_dev, True)
    pci_dev.msi_trigger = pci_msi_trigger


@emulates
def pci_new_multifunction(devfn: int, multifunction: bool, name: str) -> PCIDevice:
    """Make a device for a place of a bus."""
    dev = qdev_new(name)
    qdev_prop_set_int32(dev, "addr", devfn)
    qdev_prop_set_bit(dev, "multifunction", multifunction)
    return PCI_DEVICE(dev)


@emulates
def pci_new(devfn: int, name: str) -> PCIDevice:
    """Make a single-function device for a place of a bus."""
    return pci_new_multifunction(devfn, False, name)


@emulates
def pci_realize_and_unref(dev: PCIDevice, bus: PCIBus) -> None:
    """Realize a device on a bus and leave it to its parent."""
    qdev_realize_and_unref(DEVICE(dev), BUS(bus))


@emulates
def pci_create_simple_multifunction(bus: PCIBus, devfn: int, multifunction: bool, name: str) -> PCIDevice:
    """Make and realize a device."""
    dev = pci_new_multifunction(devfn, multifunction, name)
    with error_fatal():
        pci_realize_and_unref(dev, bus)
    return dev


@emulates
def pci_create_simple(bus: PCIBus, devfn: int, name: str) -> PCIDevice:
    """Make and realize a single-function device."""
    return pci_create_simple_multifunction(bus, devfn, False, name)


@emulates
def pci_device_class_init(klass: Part, data: object) -> None:
    """Class init of ``pci-device``: from here on ``DeviceClass.realize`` is pci_qdev_realize."""
    k = DEVICE_CLASS(klass)
    k.realize = pci_qdev_realize
    k.unrealize = pci_qdev_unrealize
    k.bus_type = TYPE_PCI_BUS
    device_class_set_props(k, pci_props)


@emulates
def pci_device_class_base_init(klass: Part, data: object) -> None:
    """Class base init of ``pci-device``: every device says which kinds of bus it is for."""
    if not object_class_is_abstract(klass):
        conventional = object_class_dynamic_cast(klass, INTERFACE_CONVENTIONAL_PCI_DEVICE)
        pcie = object_class_dynamic_cast(klass, INTERFACE_PCIE_DEVICE)
        cxl = object_class_dynamic_cast(klass, INTERFACE_CXL_DEVICE)
        assert conventional is not None or pcie is not None or cxl is not None


conventional_pci_interface_info: Final = TypeInfo(name=INTERFACE_CONVENTIONAL_PCI_DEVICE, parent=TYPE_INTERFACE)
cxl_interface_info: Final = TypeInfo(name=INTERFACE_CXL_DEVICE, parent=TYPE_INTERFACE)
pcie_interface_info: Final = TypeInfo(name=INTERFACE_PCIE_DEVICE, parent=TYPE_INTERFACE)
pci_device_type_info: Final = TypeInfo(
    name=TYPE_PCI_DEVICE,
    parent=TYPE_DEVICE,
    instance=PCIDevice,
    abstract=True,
    class_=PCIDeviceClass,
    class_init=pci_device_class_init,
    class_base_init=pci_device_class_base_init,
)


@type_init
@emulates
def pci_register_types() -> None:
    """Register the types of pci.c."""
    type_register_static(pci_bus_info)
    type_register_static(pcie_bus_info)
    type_register_static(cxl_bus_info)
    type_register_static(conventional_pci_interface_info)
    type_register_static(cxl_interface_info)
    type_register_static(pcie_interface_info)
    type_register_static(pci_device_type_info)
