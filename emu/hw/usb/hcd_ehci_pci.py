"""EHCI controllers on PCI (hw/usb/hcd-ehci-pci.c)."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, ClassVar, Final, NamedTuple

from emu.hw.core.qdev import BUS, DEVICE, DEVICE_CLASS, DEVICE_GET_CLASS, DeviceCategory, DeviceState
from emu.hw.core.qdev_properties import DEFINE_PROP_UINT32, device_class_set_props
from emu.hw.pci import pci_ids as ids
from emu.hw.pci.pci import (
    INTERFACE_CONVENTIONAL_PCI_DEVICE,
    PCI_DEVICE,
    PCI_DEVICE_CLASS,
    TYPE_PCI_DEVICE,
    PCIDevice,
    pci_allocate_irq,
    pci_default_write_config,
    pci_get_address_space,
    pci_get_word,
    pci_register_bar,
    pci_set_byte,
    pci_set_word,
)
from emu.hw.usb.bus import USB_RELEASE_2, USB_SBRN, USBBus
from emu.hw.usb.hcd_ehci import (
    NB_PORTS,
    EHCIState,
    ehci_reset,
    usb_ehci_finalize,
    usb_ehci_init,
    usb_ehci_realize,
    usb_ehci_unrealize,
)
from emu.migration.savevm import VMStateDescription
from emu.qapi.error import Error
from emu.qemu.module import type_init
from emu.qemu.range import range_covers_byte
from emu.qom.object import Object, ObjectClass, TypeInfo, type_register, type_register_static
from emu.qom.parts import Part, caster
from emu.softmmu.physmem import address_space_memory
from emu.standard_headers.linux.pci_regs import (
    PCI_BASE_ADDRESS_SPACE_MEMORY,
    PCI_CAPABILITY_LIST,
    PCI_CLASS_PROG,
    PCI_COMMAND,
    PCI_COMMAND_MASTER,
    PCI_INTERRUPT_PIN,
    PCI_MAX_LAT,
    PCI_MIN_GNT,
)
from emu.trace import embedded, emulates

TYPE_PCI_EHCI: Final = "pci-ehci-usb"
LEGACY_SUPPORT: Final = (0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xC0)
"""Bytes from 0x64 on: USBLEGSUP at 0x68 and what belongs to it (EHCI 1.0, 2.1.7)."""


class EHCIPCIInfo(NamedTuple):
    """What the models differ in."""

    name: str
    device_id: int
    revision: int
    companion: bool = False


class EHCIPCIState(Part):
    """A controller on PCI."""

    SIZE: ClassVar[int] = 4816
    ehci: EHCIState = embedded(EHCIState)


PCI_EHCI = caster(EHCIPCIState, TYPE_PCI_EHCI)


def ehci_of_bus(bus: USBBus) -> EHCIState:
    """Return the controller whose bus it is; in C the one is embedded in the other."""
    return PCI_EHCI(BUS(bus).parent).ehci


@emulates
def usb_ehci_pci_realize(dev: PCIDevice) -> None:
    """Write the configuration space, make the controller and its BAR."""
    s = PCI_EHCI(dev).ehci
    pci_conf = dev.config

    pci_set_byte(pci_conf + PCI_CLASS_PROG, 0x20)

    pci_set_byte(pci_conf + PCI_CAPABILITY_LIST, 0x00)

    pci_set_byte(pci_conf + PCI_INTERRUPT_PIN, 4)
    pci_set_byte(pci_conf + PCI_MIN_GNT, 0)
    pci_set_byte(pci_conf + PCI_MAX_LAT, 0)

    pci_set_byte(pci_conf + USB_SBRN, USB_RELEASE_2)
    pci_set_byte(pci_conf + 0x61, 0x20)  # frame length adjustment (EHCI 1.0, 2.1.5)
    pci_set_word(pci_conf + 0x62, 0x00)

    for i, value in enumerate(LEGACY_SUPPORT):
        pci_conf[0x64 + i] = value

    s.irq = pci_allocate_irq(dev)
    s.as_ = pci_get_address_space(dev)

    with suppress(Error):  # QEMU passes no errp: a controller with wrong frames goes on without ports
        usb_ehci_realize(s, DEVICE(dev))
    assert s.mem is not None
    pci_register_bar(dev, 0, PCI_BASE_ADDRESS_SPACE_MEMORY, s.mem)


@emulates
def usb_ehci_pci_init(obj: Object) -> None:
    """Lay the registers out; one that can't be unplugged takes companions."""
    dc = DEVICE_GET_CLASS(obj)
    s = PCI_EHCI(obj).ehci

    s.caps[0x09] = 0x68

    s.capsbase = 0x00
    s.opregbase = 0x20
    s.portscbase = 0x44
    s.portnr = NB_PORTS

    if not dc.hotpluggable:
        s.companion_enable = True

    usb_ehci_init(s, DEVICE(obj))


@emulates
def usb_ehci_pci_finalize(obj: Object) -> None:
    """Give the controller's memory back."""
    usb_ehci_finalize(PCI_EHCI(obj).ehci)


@emulates
def usb_ehci_pci_exit(dev: PCIDevice) -> None:
    """Undo what realize did."""
    s = PCI_EHCI(dev).ehci
    usb_ehci_unrealize(s, DEVICE(dev))
    s.irq = None


@emulates
def usb_ehci_pci_reset(dev: DeviceState) -> None:
    """Reset the controller."""
    ehci_reset(PCI_EHCI(PCI_DEVICE(dev)).ehci)


@emulates
def usb_ehci_pci_write_config(dev: PCIDevice, addr: int, val: int, l: int) -> None:
    """Write configuration space; a controller that may not be bus master sees memory as the CPU does."""
    pci_default_write_config(dev, addr, val, l)

    if not range_covers_byte(addr, l, PCI_COMMAND):
        return
    busmaster = pci_get_word(dev.config + PCI_COMMAND) & PCI_COMMAND_MASTER
    PCI_EHCI(dev).ehci.as_ = pci_get_address_space(dev) if busmaster else address_space_memory()


ehci_pci_properties: Final = (DEFINE_PROP_UINT32("maxframes", EHCIPCIState, "ehci.maxframes", 128),)
vmstate_ehci_pci: Final = VMStateDescription(name="ehci", version_id=2, minimum_version_id=1)


@emulates
def ehci_class_init(klass: ObjectClass, data: Any) -> None:
    """Set what all models share."""
    dc, k = DEVICE_CLASS(klass), PCI_DEVICE_CLASS(klass)
    k.realize = usb_ehci_pci_realize
    k.exit = usb_ehci_pci_exit
    k.class_id = ids.PCI_CLASS_SERIAL_USB
    k.config_write = usb_ehci_pci_write_config
    dc.vmsd = vmstate_ehci_pci
    device_class_set_props(dc, ehci_pci_properties)
    dc.reset = usb_ehci_pci_reset


@emulates
def ehci_data_class_init(klass: ObjectClass, data: EHCIPCIInfo) -> None:
    """Set what a model is."""
    dc, k = DEVICE_CLASS(klass), PCI_DEVICE_CLASS(klass)
    k.vendor_id = ids.PCI_VENDOR_ID_INTEL
    k.device_id = data.device_id
    k.revision = data.revision
    dc.categories |= 1 << DeviceCategory.DEVICE_CATEGORY_USB
    if data.companion:
        dc.hotpluggable = False


ehci_pci_type_info: Final = TypeInfo(
    name=TYPE_PCI_EHCI,
    parent=TYPE_PCI_DEVICE,
    instance=EHCIPCIState,
    instance_init=usb_ehci_pci_init,
    instance_finalize=usb_ehci_pci_finalize,
    abstract=True,
    class_init=ehci_class_init,
    interfaces=(INTERFACE_CONVENTIONAL_PCI_DEVICE,),
)
ehci_pci_info: Final = (
    EHCIPCIInfo("usb-ehci", ids.PCI_DEVICE_ID_INTEL_82801D, 0x10),
    EHCIPCIInfo("ich9-usb-ehci1", ids.PCI_DEVICE_ID_INTEL_82801I_EHCI1, 0x03, companion=True),
    EHCIPCIInfo("ich9-usb-ehci2", ids.PCI_DEVICE_ID_INTEL_82801I_EHCI2, 0x03, companion=True),
)


@type_init
@emulates
def ehci_pci_register_types() -> None:
    """Register the controllers."""
    type_register_static(ehci_pci_type_info)

    for info in ehci_pci_info:
        type_register(TypeInfo(name=info.name, parent=TYPE_PCI_EHCI, class_init=ehci_data_class_init, class_data=info))
