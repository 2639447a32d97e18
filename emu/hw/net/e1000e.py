"""Intel's gigabit card 82574L as its creation leaves it; no packet passes (hw/net/e1000e.c)."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any, ClassVar, Final

from emu.hw.core.qdev import DEVICE, DEVICE_CLASS, DeviceCategory, DeviceState
from emu.hw.core.qdev_properties import (
    DEFINE_PROP_BOOL,
    DEFINE_PROP_SIGNED,
    device_class_set_props,
    qdev_prop_uint8,
    qdev_prop_uint16,
)
from emu.hw.core.qdev_properties_system import DEFINE_NIC_PROPERTIES
from emu.hw.net.e1000e_core import (
    E1000E_MSIX_VEC_NUM,
    E1000E_NUM_QUEUES,
    e1000e_core_pci_realize,
    e1000e_core_pci_uninit,
    e1000e_core_reset,
)
from emu.hw.net.net_rx_pkt import NetRxPkt
from emu.hw.net.net_tx_pkt import NetTxPkt
from emu.hw.pci.msi import msi_init, msi_uninit
from emu.hw.pci.msix import msix_init, msix_uninit, msix_vector_use
from emu.hw.pci.pci import (
    INTERFACE_PCIE_DEVICE,
    PCI_DEVICE,
    PCI_DEVICE_CLASS,
    TYPE_PCI_DEVICE,
    PCIDevice,
    PCIError,
    pci_add_capability,
    pci_default_write_config,
    pci_register_bar,
    pci_set_word,
)
from emu.hw.pci.pci_ids import PCI_CLASS_NETWORK_ETHERNET, PCI_VENDOR_ID_INTEL
from emu.hw.pci.pcie import pcie_cap_exit, pcie_dev_ser_num_init, pcie_endpoint_cap_v1_init
from emu.hw.pci.pcie_aer import pcie_aer_exit, pcie_aer_init
from emu.migration.savevm import VMStateDescription
from emu.net.net import (
    NetClientInfo,
    NetClientState,
    NICConf,
    NICState,
    qemu_del_nic,
    qemu_format_nic_info_str,
    qemu_get_queue,
    qemu_get_subqueue,
    qemu_has_vnet_hdr,
    qemu_macaddr_default_if_unset,
    qemu_new_nic,
    qemu_set_vnet_hdr_len,
    qemu_using_vnet_hdr,
)
from emu.qapi.qapi_types_net import NetClientDriver
from emu.qemu.module import type_init
from emu.qom.object import OBJECT, Object, ObjectClass, TypeInfo, object_get_typename, type_register_static
from emu.qom.parts import Part, caster
from emu.softmmu.bootdevice import device_add_bootindex_property
from emu.softmmu.memory import DEVICE_LITTLE_ENDIAN, Impl, MemoryRegion, memory_region_init, memory_region_init_io
from emu.softmmu.unmodelled_ops import unmodelled_ops
from emu.standard_headers.linux.pci_regs import (
    PCI_BASE_ADDRESS_SPACE_IO,
    PCI_BASE_ADDRESS_SPACE_MEMORY,
    PCI_CACHE_LINE_SIZE,
    PCI_CAP_ID_PM,
    PCI_INTERRUPT_PIN,
    PCI_PM_CTRL,
    PCI_PM_PMC,
    PCI_PM_SIZEOF,
    PCI_SUBSYSTEM_ID,
    PCI_SUBSYSTEM_VENDOR_ID,
)
from emu.trace import Map, Ptr, Seq, embedded, emulates, fresh, mapping, seq
from emu.util.qemu_timer import QEMUTimer

TYPE_E1000E: Final = "e1000e"
FILE: Final = "hw/net/e1000e.c"
VIRTIO_NET_HDR_SIZE: Final = 10
"""``sizeof(struct virtio_net_hdr)``."""
PM_CAPABILITIES: Final = 0x0002 | 0x0020
"""Version 1.1, device-specific initialisation."""
PM_WRITABLE: Final = 0x0003 | 0x0100 | 0x1E00
"""State, wake-up, choice of what the data register shows."""
PM_STATUS: Final = 0x8000
PCI_ERR_VER: Final = 2
PCI_ERR_SIZEOF: Final = 0x48

e1000e_eeprom_template: Final = (
    *(0x0000, 0x0000, 0x0000, 0x0420, 0xF746, 0x2010, 0xFFFF, 0xFFFF),
    *(0x0000, 0x0000, 0x026B, 0x0000, 0x8086, 0x0000, 0x0000, 0x8058),
    *(0x0000, 0x2001, 0x7E7C, 0xFFFF, 0x1000, 0x00C8, 0x0000, 0x2704),
    *(0x6CC9, 0x3150, 0x070E, 0x460B, 0x2D84, 0x0100, 0xF000, 0x0706),
    *(0x6000, 0x0080, 0x0F04, 0x7FFF, 0x4F01, 0xC600, 0x0000, 0x20FF),
    *(0x0028, 0x0003, 0x0000, 0x0000, 0x0000, 0x0003, 0x0000, 0xFFFF),
    *(0x0100, 0xC000, 0x121C, 0xC007, 0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF),
    *(0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF, 0x0000, 0x0120, 0xFFFF, 0x0000),
)
mmio_ops: Final = unmodelled_ops(
    "mmio_ops", FILE, "e1000e_mmio_read", "e1000e_mmio_write", endianness=DEVICE_LITTLE_ENDIAN, impl=Impl(4, 4)
)
io_ops: Final = unmodelled_ops(
    "io_ops", FILE, "e1000e_io_read", "e1000e_io_write", endianness=DEVICE_LITTLE_ENDIAN, impl=Impl(4, 4)
)


class EepromData(Seq[int]):
    """``uint16_t eeprom[64]``."""

    def __init__(self) -> None:
        super().__init__([0] * 64)


class TxPackets(Seq[NetTxPkt | None]):
    """A packet for each queue: ``tx[i].tx_pkt``."""

    def __init__(self) -> None:
        super().__init__([None] * E1000E_NUM_QUEUES)


class E1000EState(Part):
    """The card; ``core`` is taken apart here."""

    SIZE: ClassVar[int] = 144160
    nic: NICState | None = None
    conf: NICConf = embedded(NICConf)
    mmio: MemoryRegion | None = None
    flash: MemoryRegion | None = None
    io: MemoryRegion | None = None
    msix: MemoryRegion | None = None
    subsys_ven: int = 0
    subsys: int = 0
    subsys_ven_used: int = 0
    subsys_used: int = 0
    disable_vnet: int = 0
    eeprom: Seq[int] = fresh(EepromData)
    autoneg_timer: QEMUTimer | None = None
    delay_timers: Seq[QEMUTimer] = seq()
    throttling_timers: Seq[QEMUTimer] = seq()
    tx_pkt: Seq[NetTxPkt | None] = fresh(TxPackets)
    rx_pkt: NetRxPkt | None = None
    max_queue_num: int = 0
    permanent_mac: bytes = b""
    mac: Map[int] = mapping()
    """Registers, as far as they are modelled."""
    has_vnet: bool = False
    init_vet: bool = False


E1000E = caster(E1000EState, TYPE_E1000E)


@emulates(modelled=False)
def e1000e_nc_receive(nc: NetClientState, buf: bytes, size: int) -> int:
    """Take a packet."""
    return 0


@emulates(modelled=False)
def e1000e_set_link_status(nc: NetClientState) -> None:
    """See the cable pulled or plugged."""


net_e1000e_info: Final = NetClientInfo(
    variable="net_e1000e_info",
    type=NetClientDriver.NIC,
    size=(NICState,),
    receive=e1000e_nc_receive,
    link_status_changed=e1000e_set_link_status,
)


@emulates
def e1000e_qdev_reset(dev: DeviceState) -> None:
    """Reset the card."""
    e1000e_core_reset(E1000E(dev))


@emulates
def e1000e_write_config(pci_dev: PCIDevice, address: int, val: int, len_: int) -> None:
    """Write the configuration space; packets that waited for bus mastering are not modelled."""
    pci_default_write_config(pci_dev, address, val, len_)


@emulates
def e1000e_use_msix_vectors(s: E1000EState, num_vectors: int) -> bool:
    """Use all messages."""
    for i in range(num_vectors):
        msix_vector_use(PCI_DEVICE(s), i)
    return True


@emulates
def e1000e_init_msix(s: E1000EState) -> None:
    """Make the table of messages; without message interrupts on the board the card does without."""
    assert s.msix is not None
    try:
        msix_init(PCI_DEVICE(s), E1000E_MSIX_VEC_NUM, s.msix, 3, 0x0000, s.msix, 3, 0x2000, 0xA0)
    except PCIError:
        return
    e1000e_use_msix_vectors(s, E1000E_MSIX_VEC_NUM)


@emulates
def e1000e_add_pm_capability(pdev: PCIDevice, offset: int, pmc: int) -> int:
    """Add power management."""
    ret = pci_add_capability(pdev, PCI_CAP_ID_PM, offset, PCI_PM_SIZEOF)
    pci_set_word(pdev.config + (offset + PCI_PM_PMC), pmc)
    pci_set_word(pdev.wmask + (offset + PCI_PM_CTRL), PM_WRITABLE)
    pci_set_word(pdev.w1cmask + (offset + PCI_PM_CTRL), PM_STATUS)
    return ret


@emulates
def e1000e_gen_dsn(mac: bytes) -> int:
    """Return the serial number that follows from the address."""
    return int.from_bytes(mac[:3] + b"\xff\xff" + mac[3:6], "big")


@emulates
def e1000e_init_net_peer(s: E1000EState, pci_dev: PCIDevice, macaddr: bytes) -> None:
    """Make the network; packets carry headers of virtio if every queue's backend takes them."""
    dev = DEVICE(pci_dev)
    s.nic = qemu_new_nic(net_e1000e_info, s.conf, object_get_typename(OBJECT(s)), dev.id, dev, s)
    s.max_queue_num = s.conf.peers.queues - 1 if s.conf.peers.queues else 0
    s.permanent_mac = macaddr
    qemu_format_nic_info_str(qemu_get_queue(s.nic), macaddr)
    s.has_vnet = False
    if s.disable_vnet:
        return
    for i in range(s.conf.peers.queues):
        nc = qemu_get_subqueue(s.nic, i)
        if nc.peer is None or not qemu_has_vnet_hdr(nc.peer):
            return
    s.has_vnet = True
    for i in range(s.conf.peers.queues):
        nc = qemu_get_subqueue(s.nic, i)
        qemu_set_vnet_hdr_len(nc.peer, VIRTIO_NET_HDR_SIZE)
        qemu_using_vnet_hdr(nc.peer, True)


@emulates
def e1000e_pci_realize(pci_dev: PCIDevice) -> None:
    """Make windows, capabilities, network and memory."""
    s = E1000E(pci_dev)
    pci_dev.config_write = e1000e_write_config
    config = pci_dev.config
    config[PCI_CACHE_LINE_SIZE] = 0x10
    config[PCI_INTERRUPT_PIN] = 1
    pci_set_word(config + PCI_SUBSYSTEM_VENDOR_ID, s.subsys_ven)
    pci_set_word(config + PCI_SUBSYSTEM_ID, s.subsys)
    s.subsys_ven_used = s.subsys_ven
    s.subsys_used = s.subsys
    owner = OBJECT(s)
    memory_region_init_io(Ptr(s, "mmio"), owner, mmio_ops, s, "e1000e-mmio", 128 * 1024)
    assert s.mmio is not None
    pci_register_bar(pci_dev, 0, PCI_BASE_ADDRESS_SPACE_MEMORY, s.mmio)
    memory_region_init(Ptr(s, "flash"), owner, "e1000e-flash", 128 * 1024)
    assert s.flash is not None
    pci_register_bar(pci_dev, 1, PCI_BASE_ADDRESS_SPACE_MEMORY, s.flash)
    memory_region_init_io(Ptr(s, "io"), owner, io_ops, s, "e1000e-io", 32)
    assert s.io is not None
    pci_register_bar(pci_dev, 2, PCI_BASE_ADDRESS_SPACE_IO, s.io)
    memory_region_init(Ptr(s, "msix"), owner, "e1000e-msix", 16 * 1024)
    assert s.msix is not None
    pci_register_bar(pci_dev, 3, PCI_BASE_ADDRESS_SPACE_MEMORY, s.msix)
    qemu_macaddr_default_if_unset(s.conf.macaddr)
    macaddr = bytes(s.conf.macaddr.a)
    e1000e_init_msix(s)
    pcie_endpoint_cap_v1_init(pci_dev, 0xE0)
    with suppress(PCIError):
        msi_init(pci_dev, 0xD0, 1, True, False)
    e1000e_add_pm_capability(pci_dev, 0xC8, PM_CAPABILITIES)
    pcie_aer_init(pci_dev, PCI_ERR_VER, 0x100, PCI_ERR_SIZEOF)
    pcie_dev_ser_num_init(pci_dev, 0x140, e1000e_gen_dsn(macaddr))
    e1000e_init_net_peer(s, pci_dev, macaddr)
    e1000e_core_pci_realize(s, e1000e_eeprom_template, macaddr)


@emulates
def e1000e_pci_uninit(pci_dev: PCIDevice) -> None:
    """Give everything back."""
    s = E1000E(pci_dev)
    e1000e_core_pci_uninit(s)
    pcie_aer_exit(pci_dev)
    pcie_cap_exit(pci_dev)
    assert s.nic is not None
    qemu_del_nic(s.nic)
    assert s.msix is not None
    msix_uninit(pci_dev, s.msix, s.msix)
    msi_uninit(pci_dev)


vmstate_e1000e: Final = VMStateDescription(name="e1000e", version_id=1, minimum_version_id=1)
e1000e_prop_disable_vnet: Final = replace(
    qdev_prop_uint8, description="Do not use virtio headers, perform SW offloads emulation instead"
)
e1000e_prop_subsys_ven: Final = replace(qdev_prop_uint16, description="PCI device Subsystem Vendor ID")
e1000e_prop_subsys: Final = replace(qdev_prop_uint16, description="PCI device Subsystem ID")
e1000e_properties: Final = (
    *DEFINE_NIC_PROPERTIES(E1000EState, "conf"),
    DEFINE_PROP_SIGNED("disable_vnet_hdr", E1000EState, "disable_vnet", 0, e1000e_prop_disable_vnet),
    DEFINE_PROP_SIGNED("subsys_ven", E1000EState, "subsys_ven", PCI_VENDOR_ID_INTEL, e1000e_prop_subsys_ven),
    DEFINE_PROP_SIGNED("subsys", E1000EState, "subsys", 0, e1000e_prop_subsys),
    DEFINE_PROP_BOOL("init-vet", E1000EState, "init_vet", True),
)


@emulates
def e1000e_class_init(klass: ObjectClass, data: Any) -> None:
    """Set the ids."""
    dc, c = DEVICE_CLASS(klass), PCI_DEVICE_CLASS(klass)
    c.realize = e1000e_pci_realize
    c.exit = e1000e_pci_uninit
    c.vendor_id = PCI_VENDOR_ID_INTEL
    c.device_id = 0x10D3
    c.revision = 0
    c.romfile = "efi-e1000e.rom"
    c.class_id = PCI_CLASS_NETWORK_ETHERNET
    dc.desc = "Intel 82574L GbE Controller"
    dc.reset = e1000e_qdev_reset
    dc.vmsd = vmstate_e1000e
    device_class_set_props(dc, e1000e_properties)
    dc.categories |= 1 << DeviceCategory.DEVICE_CATEGORY_NETWORK


@emulates
def e1000e_instance_init(obj: Object) -> None:
    """Add the place in the boot order."""
    s = E1000E(obj)
    device_add_bootindex_property(obj, Ptr(s.conf, "bootindex"), "bootindex", "/ethernet-phy@0", DEVICE(obj))


e1000e_info: Final = TypeInfo(
    name=TYPE_E1000E,
    parent=TYPE_PCI_DEVICE,
    instance=E1000EState,
    class_init=e1000e_class_init,
    instance_init=e1000e_instance_init,
    interfaces=(INTERFACE_PCIE_DEVICE,),
)


@type_init
@emulates
def e1000e_register_types() -> None:
    """Register the type."""
    type_register_static(e1000e_info)
