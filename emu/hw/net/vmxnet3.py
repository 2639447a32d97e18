"""VMware's third paravirtual card as its creation leaves it; no packet passes (hw/net/vmxnet3.c)."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, ClassVar, Final

from emu.hw.core.qdev import DEVICE, DEVICE_CLASS, DeviceCategory, DeviceState, device_class_set_parent_realize
from emu.hw.core.qdev_properties import DEFINE_PROP_BIT, device_class_set_props
from emu.hw.core.qdev_properties_system import DEFINE_NIC_PROPERTIES
from emu.hw.pci.msi import msi_init, msi_uninit
from emu.hw.pci.msix import msix_init, msix_uninit, msix_vector_use
from emu.hw.pci.pci import (
    INTERFACE_CONVENTIONAL_PCI_DEVICE,
    INTERFACE_PCIE_DEVICE,
    PCI_DEVICE,
    PCI_DEVICE_CLASS,
    QEMU_PCI_CAP_EXPRESS,
    TYPE_PCI_DEVICE,
    PCIDevice,
    PCIError,
    pci_bus_is_express,
    pci_get_bus,
    pci_is_express,
    pci_register_bar,
)
from emu.hw.pci.pci_ids import PCI_CLASS_NETWORK_ETHERNET
from emu.hw.pci.pcie import pcie_dev_ser_num_init, pcie_endpoint_cap_init
from emu.migration.savevm import VMStateDescription
from emu.net.net import (
    NetClientInfo,
    NetClientState,
    NICConf,
    NICState,
    qemu_del_nic,
    qemu_format_nic_info_str,
    qemu_get_queue,
    qemu_has_vnet_hdr,
    qemu_macaddr_default_if_unset,
    qemu_new_nic,
    qemu_set_vnet_hdr_len,
    qemu_using_vnet_hdr,
)
from emu.qapi.qapi_types_net import NetClientDriver
from emu.qemu.module import type_init
from emu.qom.object import OBJECT, Object, ObjectClass, TypeInfo, object_get_typename, type_register_static
from emu.qom.parts import Part, caster, class_getter
from emu.softmmu.bootdevice import device_add_bootindex_property
from emu.softmmu.memory import DEVICE_LITTLE_ENDIAN, Impl, MemoryRegion, memory_region_init, memory_region_init_io
from emu.softmmu.unmodelled_ops import unmodelled_ops
from emu.standard_headers.linux.pci_regs import PCI_BASE_ADDRESS_SPACE_MEMORY, PCI_INTERRUPT_PIN
from emu.trace import Ptr, embedded, emulates

TYPE_VMXNET3: Final = "vmxnet3"
FILE: Final = "hw/net/vmxnet3.c"
PCI_VENDOR_ID_VMWARE: Final = 0x15AD
PCI_DEVICE_ID_VMWARE_VMXNET3: Final = 0x07B0
OLD_MSI_OFFSETS_BIT: Final = 0
DISABLE_PCIE_BIT: Final = 1
VMXNET3_MAX_INTRS: Final = 25
VIRTIO_NET_HDR_SIZE: Final = 10
"""``sizeof(struct virtio_net_hdr)``."""

b0_ops: Final = unmodelled_ops(
    "b0_ops", FILE, "vmxnet3_io_bar0_read", "vmxnet3_io_bar0_write", endianness=DEVICE_LITTLE_ENDIAN, impl=Impl(4, 4)
)
b1_ops: Final = unmodelled_ops(
    "b1_ops", FILE, "vmxnet3_io_bar1_read", "vmxnet3_io_bar1_write", endianness=DEVICE_LITTLE_ENDIAN, impl=Impl(4, 4)
)


class VMXNET3Class(Part):
    """Keeps the base type's ``realize``."""

    SIZE: ClassVar[int] = 240
    parent_dc_realize: Any = None


class VMXNET3State(Part):
    """The card."""

    SIZE: ClassVar[int] = 14880
    nic: NICState | None = None
    conf: NICConf = embedded(NICConf)
    bar0: MemoryRegion | None = None
    bar1: MemoryRegion | None = None
    msix_bar: MemoryRegion | None = None
    msix_used: bool = False
    perm_mac: str = ""
    link_status_and_speed: int = 0
    peer_has_vhdr: bool = False
    tx_sop: bool = False
    device_active: bool = False
    compat_flags: int = 0


VMXNET3 = caster(VMXNET3State, TYPE_VMXNET3)
VMXNET3_DEVICE_CLASS = caster(VMXNET3Class, TYPE_VMXNET3)
VMXNET3_DEVICE_GET_CLASS = class_getter(VMXNET3Class)


@emulates(modelled=False)
def vmxnet3_receive(nc: NetClientState, buf: bytes, size: int) -> int:
    """Take a packet."""
    return 0


net_vmxnet3_info: Final = NetClientInfo(
    variable="net_vmxnet3_info", type=NetClientDriver.NIC, size=(NICState,), receive=vmxnet3_receive
)


@emulates(modelled=False)
def vmxnet3_qdev_reset(dev: DeviceState) -> None:
    """Set all registers as after power-on."""


@emulates
def vmxnet3_init_msix(s: VMXNET3State) -> bool:
    """Make the table of messages. Return whether the board takes messages."""
    old = bool(s.compat_flags & 1 << OLD_MSI_OFFSETS_BIT)
    d, bar = PCI_DEVICE(s), s.msix_bar
    assert bar is not None
    try:
        msix_init(d, VMXNET3_MAX_INTRS, bar, 2, 0, bar, 2, 0x800 if old else 0x1000, 0 if old else 0x9C)
    except PCIError:
        s.msix_used = False
        return False
    for i in range(VMXNET3_MAX_INTRS):
        msix_vector_use(d, i)
    s.msix_used = True
    return True


@emulates
def vmxnet3_peer_has_vnet_hdr(s: VMXNET3State) -> bool:
    """Tell whether the backend takes packets with headers of virtio."""
    assert s.nic is not None
    return qemu_has_vnet_hdr(qemu_get_queue(s.nic).peer)


@emulates
def vmxnet3_net_init(s: VMXNET3State) -> None:
    """Make the network; packets carry headers of virtio if the backend takes them."""
    d = DEVICE(s)
    qemu_macaddr_default_if_unset(s.conf.macaddr)
    mac = bytes(s.conf.macaddr.a)
    s.perm_mac = mac.hex(":")
    s.link_status_and_speed = 10000 << 16 | 1
    s.nic = qemu_new_nic(net_vmxnet3_info, s.conf, object_get_typename(OBJECT(s)), d.id, d, s)
    s.peer_has_vhdr = vmxnet3_peer_has_vnet_hdr(s)
    s.tx_sop = True
    if s.peer_has_vhdr:
        qemu_set_vnet_hdr_len(qemu_get_queue(s.nic).peer, VIRTIO_NET_HDR_SIZE)
        qemu_using_vnet_hdr(qemu_get_queue(s.nic).peer, True)
    qemu_format_nic_info_str(qemu_get_queue(s.nic), mac)


@emulates
def vmxnet3_device_serial_num(s: VMXNET3State) -> int:
    """Return the serial number that follows from the address."""
    mac = bytes(s.conf.macaddr.a)
    return int.from_bytes(b"\xfe" + mac[3:6] + mac[:3] + b"\xff", "little")


@emulates
def vmxnet3_pci_realize(pci_dev: PCIDevice) -> None:
    """Make windows, messages, network and capabilities."""
    s = VMXNET3(pci_dev)
    owner = OBJECT(s)
    memory_region_init_io(Ptr(s, "bar0"), owner, b0_ops, s, "vmxnet3-b0", 4096)
    assert s.bar0 is not None
    pci_register_bar(pci_dev, 0, PCI_BASE_ADDRESS_SPACE_MEMORY, s.bar0)
    memory_region_init_io(Ptr(s, "bar1"), owner, b1_ops, s, "vmxnet3-b1", 4096)
    assert s.bar1 is not None
    pci_register_bar(pci_dev, 1, PCI_BASE_ADDRESS_SPACE_MEMORY, s.bar1)
    memory_region_init(Ptr(s, "msix_bar"), owner, "vmxnet3-msix-bar", 0x2000)
    assert s.msix_bar is not None
    pci_register_bar(pci_dev, 2, PCI_BASE_ADDRESS_SPACE_MEMORY, s.msix_bar)
    pci_dev.config[PCI_INTERRUPT_PIN] = 0x01
    with suppress(PCIError):
        msi_init(pci_dev, 0x50 if s.compat_flags & 1 << OLD_MSI_OFFSETS_BIT else 0x84, 1, True, False)
    vmxnet3_init_msix(s)
    vmxnet3_net_init(s)
    if pci_is_express(pci_dev):
        if pci_bus_is_express(pci_get_bus(pci_dev)):
            pcie_endpoint_cap_init(pci_dev, 0x48)
        pcie_dev_ser_num_init(pci_dev, 0x100, vmxnet3_device_serial_num(s))


@emulates
def vmxnet3_deactivate_device(s: VMXNET3State) -> None:
    """Stop sending and receiving: only a guest's driver starts it."""
    assert not s.device_active


@emulates
def vmxnet3_net_uninit(s: VMXNET3State) -> None:
    """Give the network back."""
    assert s.nic is not None
    vmxnet3_deactivate_device(s)
    qemu_del_nic(s.nic)


@emulates
def vmxnet3_pci_uninit(pci_dev: PCIDevice) -> None:
    """Give everything back."""
    s = VMXNET3(pci_dev)
    assert s.msix_bar is not None
    vmxnet3_net_uninit(s)
    if s.msix_used:
        msix_uninit(pci_dev, s.msix_bar, s.msix_bar)
    msi_uninit(pci_dev)


@emulates
def vmxnet3_realize(qdev: DeviceState) -> None:
    """Be a PCI Express card unless an old machine says no."""
    vc, pci_dev, s = VMXNET3_DEVICE_GET_CLASS(qdev), PCI_DEVICE(qdev), VMXNET3(qdev)
    if not s.compat_flags & 1 << DISABLE_PCIE_BIT:
        pci_dev.cap_present |= QEMU_PCI_CAP_EXPRESS
    vc.parent_dc_realize(qdev)


@emulates
def vmxnet3_instance_init(obj: Object) -> None:
    """Add the place in the boot order."""
    s = VMXNET3(obj)
    device_add_bootindex_property(obj, Ptr(s.conf, "bootindex"), "bootindex", "/ethernet-phy@0", DEVICE(obj))


vmstate_vmxnet3: Final = VMStateDescription(name="vmxnet3", version_id=1, minimum_version_id=1)
vmxnet3_properties: Final = (
    *DEFINE_NIC_PROPERTIES(VMXNET3State, "conf"),
    DEFINE_PROP_BIT("x-old-msi-offsets", VMXNET3State, "compat_flags", OLD_MSI_OFFSETS_BIT, False),
    DEFINE_PROP_BIT("x-disable-pcie", VMXNET3State, "compat_flags", DISABLE_PCIE_BIT, False),
)


@emulates
def vmxnet3_class_init(klass: ObjectClass, data: Any) -> None:
    """Set the ids."""
    dc, c, vc = DEVICE_CLASS(klass), PCI_DEVICE_CLASS(klass), VMXNET3_DEVICE_CLASS(klass)
    c.realize = vmxnet3_pci_realize
    c.exit = vmxnet3_pci_uninit
    c.vendor_id = PCI_VENDOR_ID_VMWARE
    c.device_id = PCI_DEVICE_ID_VMWARE_VMXNET3
    c.revision = 0x1
    c.romfile = "efi-vmxnet3.rom"
    c.class_id = PCI_CLASS_NETWORK_ETHERNET
    c.subsystem_vendor_id = PCI_VENDOR_ID_VMWARE
    c.subsystem_id = PCI_DEVICE_ID_VMWARE_VMXNET3
    device_class_set_parent_realize(dc, vmxnet3_realize, Ptr(vc, "parent_dc_realize"))
    dc.desc = "VMWare Paravirtualized Ethernet v3"
    dc.reset = vmxnet3_qdev_reset
    dc.vmsd = vmstate_vmxnet3
    device_class_set_props(dc, vmxnet3_properties)
    dc.categories |= 1 << DeviceCategory.DEVICE_CATEGORY_NETWORK


vmxnet3_info: Final = TypeInfo(
    name=TYPE_VMXNET3,
    parent=TYPE_PCI_DEVICE,
    class_=VMXNET3Class,
    instance=VMXNET3State,
    class_init=vmxnet3_class_init,
    instance_init=vmxnet3_instance_init,
    interfaces=(INTERFACE_PCIE_DEVICE, INTERFACE_CONVENTIONAL_PCI_DEVICE),
)


@type_init
@emulates
def vmxnet3_register_types() -> None:
    """Register the type."""
    type_register_static(vmxnet3_info)
