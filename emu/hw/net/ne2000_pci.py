"""The NE2000 on PCI as its creation leaves it; no packet passes (hw/net/ne2000-pci.c)."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from emu.hw.core.irq import IRQState
from emu.hw.core.qdev import DEVICE, DEVICE_CLASS, DeviceCategory
from emu.hw.core.qdev_properties import device_class_set_props
from emu.hw.core.qdev_properties_system import DEFINE_NIC_PROPERTIES
from emu.hw.pci.pci import (
    INTERFACE_CONVENTIONAL_PCI_DEVICE,
    PCI_DEVICE_CLASS,
    TYPE_PCI_DEVICE,
    PCIDevice,
    pci_allocate_irq,
    pci_register_bar,
)
from emu.hw.pci.pci_ids import PCI_CLASS_NETWORK_ETHERNET, PCI_DEVICE_ID_REALTEK_8029, PCI_VENDOR_ID_REALTEK
from emu.migration.savevm import VMStateDescription
from emu.net.net import (
    NetClientInfo,
    NetClientState,
    NICConf,
    NICState,
    qemu_del_nic,
    qemu_format_nic_info_str,
    qemu_get_queue,
    qemu_macaddr_default_if_unset,
    qemu_new_nic,
)
from emu.qapi.qapi_types_net import NetClientDriver
from emu.qemu.module import type_init
from emu.qom.object import OBJECT, Object, ObjectClass, TypeInfo, object_get_typename, type_register_static
from emu.qom.parts import Part, caster
from emu.softmmu.bootdevice import device_add_bootindex_property
from emu.softmmu.memory import DEVICE_LITTLE_ENDIAN, MemoryRegion, memory_region_init_io
from emu.softmmu.unmodelled_ops import unmodelled_ops
from emu.standard_headers.linux.pci_regs import (
    PCI_BASE_ADDRESS_SPACE_IO,
    PCI_INTERRUPT_PIN,
)
from emu.trace import Ptr, embedded, emulates

TYPE_NE2K_PCI: Final = "ne2k_pci"

ne2000_ops: Final = unmodelled_ops(
    "ne2000_ops", "hw/net/ne2000.c", "ne2000_read", "ne2000_write", endianness=DEVICE_LITTLE_ENDIAN
)


class PCINE2000State(Part):
    """The card."""

    SIZE: ClassVar[int] = 60320
    nic: NICState | None = None
    conf: NICConf = embedded(NICConf)
    io: MemoryRegion | None = None
    irq: IRQState | None = None
    isr: int = 0


NE2K_PCI = caster(PCINE2000State, TYPE_NE2K_PCI)


@emulates(modelled=False)
def ne2000_receive(nc: NetClientState, buf: bytes, size: int) -> int:
    """Take a packet."""
    return 0


net_ne2000_info: Final = NetClientInfo(
    variable="net_ne2000_info", type=NetClientDriver.NIC, size=(NICState,), receive=ne2000_receive
)


@emulates(file="hw/net/ne2000.c")
def ne2000_setup_io(s: Part, dev: Object, size: int) -> None:
    """Make the registers."""
    memory_region_init_io(Ptr(s, "io"), dev, ne2000_ops, s, "ne2000", size)


@emulates(file="hw/net/ne2000.c")
def ne2000_reset(s: Any) -> None:
    """Say that the card, whatever bus it is on, was reset; its memory is not modelled."""
    s.isr = 0x80


@emulates
def pci_ne2000_realize(pci_dev: PCIDevice) -> None:
    """Make the registers and the network."""
    s, dev, pci_conf = NE2K_PCI(pci_dev), DEVICE(pci_dev), pci_dev.config
    pci_conf[PCI_INTERRUPT_PIN] = 1
    ne2000_setup_io(s, OBJECT(pci_dev), 0x100)
    assert s.io is not None
    pci_register_bar(pci_dev, 0, PCI_BASE_ADDRESS_SPACE_IO, s.io)
    s.irq = pci_allocate_irq(pci_dev)
    qemu_macaddr_default_if_unset(s.conf.macaddr)
    ne2000_reset(s)
    s.nic = qemu_new_nic(net_ne2000_info, s.conf, object_get_typename(OBJECT(pci_dev)), dev.id, dev, s)
    qemu_format_nic_info_str(qemu_get_queue(s.nic), bytes(s.conf.macaddr.a))


@emulates
def pci_ne2000_exit(pci_dev: PCIDevice) -> None:
    """Give the network back."""
    s = NE2K_PCI(pci_dev)
    assert s.nic is not None
    qemu_del_nic(s.nic)


@emulates
def ne2000_instance_init(obj: Object) -> None:
    """Add the place in the boot order."""
    s = NE2K_PCI(obj)
    device_add_bootindex_property(obj, Ptr(s.conf, "bootindex"), "bootindex", "/ethernet-phy@0", DEVICE(obj))


ne2000_properties: Final = DEFINE_NIC_PROPERTIES(PCINE2000State, "conf")
vmstate_pci_ne2000: Final = VMStateDescription(name="ne2000", version_id=3, minimum_version_id=3)


@emulates
def ne2000_class_init(klass: ObjectClass, data: Any) -> None:
    """Set the ids."""
    dc, k = DEVICE_CLASS(klass), PCI_DEVICE_CLASS(klass)
    k.realize = pci_ne2000_realize
    k.exit = pci_ne2000_exit
    k.romfile = "efi-ne2k_pci.rom"
    k.vendor_id = PCI_VENDOR_ID_REALTEK
    k.device_id = PCI_DEVICE_ID_REALTEK_8029
    k.class_id = PCI_CLASS_NETWORK_ETHERNET
    dc.vmsd = vmstate_pci_ne2000
    device_class_set_props(dc, ne2000_properties)
    dc.categories |= 1 << DeviceCategory.DEVICE_CATEGORY_NETWORK


ne2000_info: Final = TypeInfo(
    name=TYPE_NE2K_PCI,
    parent=TYPE_PCI_DEVICE,
    instance=PCINE2000State,
    instance_init=ne2000_instance_init,
    class_init=ne2000_class_init,
    interfaces=(INTERFACE_CONVENTIONAL_PCI_DEVICE,),
)


@type_init
@emulates
def ne2000_register_types() -> None:
    """Register the type."""
    type_register_static(ne2000_info)
