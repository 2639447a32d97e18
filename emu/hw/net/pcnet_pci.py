"""AMD's PCnet card on PCI as its creation leaves it; no packet passes (hw/net/pcnet-pci.c, hw/net/pcnet.c)."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from emu.hw.core.irq import IRQState
from emu.hw.core.qdev import DEVICE, DEVICE_CLASS, DeviceCategory, DeviceState
from emu.hw.core.qdev_properties import device_class_set_props
from emu.hw.core.qdev_properties_system import DEFINE_NIC_PROPERTIES
from emu.hw.pci.pci import (
    INTERFACE_CONVENTIONAL_PCI_DEVICE,
    PCI_DEVICE_CLASS,
    TYPE_PCI_DEVICE,
    PCIDevice,
    pci_allocate_irq,
    pci_register_bar,
    pci_set_word,
)
from emu.hw.pci.pci_ids import PCI_CLASS_NETWORK_ETHERNET, PCI_DEVICE_ID_AMD_LANCE, PCI_VENDOR_ID_AMD
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
from emu.softmmu.memory import DEVICE_LITTLE_ENDIAN, Impl, MemoryRegion, Valid, memory_region_init_io
from emu.softmmu.unmodelled_ops import unmodelled_ops
from emu.standard_headers.linux.pci_regs import (
    PCI_BASE_ADDRESS_SPACE_IO,
    PCI_INTERRUPT_PIN,
    PCI_MAX_LAT,
    PCI_MIN_GNT,
    PCI_STATUS,
    PCI_STATUS_DEVSEL_MEDIUM,
    PCI_STATUS_FAST_BACK,
    PCI_SUBSYSTEM_ID,
    PCI_SUBSYSTEM_VENDOR_ID,
)
from emu.trace import Ptr, embedded, emulates
from emu.util.qemu_timer import QEMUClockType, QEMUTimer, timer_free, timer_new_ns

TYPE_PCI_PCNET: Final = "pcnet"
FILE: Final = "hw/net/pcnet-pci.c"

pcnet_io_ops: Final = unmodelled_ops(
    "pcnet_io_ops", FILE, "pcnet_ioport_read", "pcnet_ioport_write", endianness=DEVICE_LITTLE_ENDIAN
)
pcnet_mmio_ops: Final = unmodelled_ops(
    "pcnet_mmio_ops",
    FILE,
    "pcnet_ioport_read",
    "pcnet_ioport_write",
    endianness=DEVICE_LITTLE_ENDIAN,
    valid=Valid(1, 4),
    impl=Impl(1, 4),
)


class PCIPCNetState(Part):
    """The card."""

    SIZE: ClassVar[int] = 15904
    nic: NICState | None = None
    conf: NICConf = embedded(NICConf)
    mmio: MemoryRegion | None = None
    io_bar: MemoryRegion | None = None
    irq: IRQState | None = None
    poll_timer: QEMUTimer | None = None
    lnkst: int = 0


PCI_PCNET = caster(PCIPCNetState, TYPE_PCI_PCNET)


@emulates(modelled=False)
def pcnet_receive(nc: NetClientState, buf: bytes, size: int) -> int:
    """Take a packet."""
    return 0


net_pci_pcnet_info: Final = NetClientInfo(
    variable="net_pci_pcnet_info", type=NetClientDriver.NIC, size=(NICState,), receive=pcnet_receive
)


@emulates(file="hw/net/pcnet.c", modelled=False)
def pcnet_poll_timer(opaque: Any) -> None:
    """Look for packets to send."""


@emulates(modelled=False)
def pci_reset(dev: DeviceState) -> None:
    """Set all registers as after power-on."""


@emulates(file="hw/net/pcnet.c")
def pcnet_common_init(pci_dev: PCIDevice, s: PCIPCNetState) -> None:
    """Make the network; the card's memory is not modelled."""
    dev = DEVICE(pci_dev)
    s.poll_timer = timer_new_ns(QEMUClockType.QEMU_CLOCK_VIRTUAL, pcnet_poll_timer, s)
    qemu_macaddr_default_if_unset(s.conf.macaddr)
    s.nic = qemu_new_nic(net_pci_pcnet_info, s.conf, object_get_typename(OBJECT(pci_dev)), dev.id, dev, s)
    qemu_format_nic_info_str(qemu_get_queue(s.nic), bytes(s.conf.macaddr.a))
    s.lnkst = 0x40


@emulates
def pci_pcnet_realize(pci_dev: PCIDevice) -> None:
    """Make both windows and the network."""
    s, pci_conf = PCI_PCNET(pci_dev), pci_dev.config
    pci_set_word(pci_conf + PCI_STATUS, PCI_STATUS_FAST_BACK | PCI_STATUS_DEVSEL_MEDIUM)
    pci_set_word(pci_conf + PCI_SUBSYSTEM_VENDOR_ID, 0x0)
    pci_set_word(pci_conf + PCI_SUBSYSTEM_ID, 0x0)
    pci_conf[PCI_INTERRUPT_PIN] = 1
    pci_conf[PCI_MIN_GNT] = 0x06
    pci_conf[PCI_MAX_LAT] = 0xFF
    memory_region_init_io(Ptr(s, "mmio"), OBJECT(s), pcnet_mmio_ops, s, "pcnet-mmio", 0x20)
    memory_region_init_io(Ptr(s, "io_bar"), OBJECT(s), pcnet_io_ops, s, "pcnet-io", 0x20)
    assert s.io_bar is not None
    assert s.mmio is not None
    pci_register_bar(pci_dev, 0, PCI_BASE_ADDRESS_SPACE_IO, s.io_bar)
    pci_register_bar(pci_dev, 1, 0, s.mmio)
    s.irq = pci_allocate_irq(pci_dev)
    pcnet_common_init(pci_dev, s)


@emulates
def pci_pcnet_uninit(pci_dev: PCIDevice) -> None:
    """Give the network back."""
    s = PCI_PCNET(pci_dev)
    timer_free(s.poll_timer)
    assert s.nic is not None
    qemu_del_nic(s.nic)


@emulates
def pcnet_instance_init(obj: Object) -> None:
    """Add the place in the boot order."""
    s = PCI_PCNET(obj)
    device_add_bootindex_property(obj, Ptr(s.conf, "bootindex"), "bootindex", "/ethernet-phy@0", DEVICE(obj))


pcnet_properties: Final = DEFINE_NIC_PROPERTIES(PCIPCNetState, "conf")
vmstate_pci_pcnet: Final = VMStateDescription(name="pcnet", version_id=3, minimum_version_id=2)


@emulates
def pcnet_class_init(klass: ObjectClass, data: Any) -> None:
    """Set the ids."""
    dc, k = DEVICE_CLASS(klass), PCI_DEVICE_CLASS(klass)
    k.realize = pci_pcnet_realize
    k.exit = pci_pcnet_uninit
    k.romfile = "efi-pcnet.rom"
    k.vendor_id = PCI_VENDOR_ID_AMD
    k.device_id = PCI_DEVICE_ID_AMD_LANCE
    k.revision = 0x10
    k.class_id = PCI_CLASS_NETWORK_ETHERNET
    dc.reset = pci_reset
    dc.vmsd = vmstate_pci_pcnet
    device_class_set_props(dc, pcnet_properties)
    dc.categories |= 1 << DeviceCategory.DEVICE_CATEGORY_NETWORK


pcnet_info: Final = TypeInfo(
    name=TYPE_PCI_PCNET,
    parent=TYPE_PCI_DEVICE,
    instance=PCIPCNetState,
    instance_init=pcnet_instance_init,
    class_init=pcnet_class_init,
    interfaces=(INTERFACE_CONVENTIONAL_PCI_DEVICE,),
)


@type_init
@emulates
def pci_pcnet_register_types() -> None:
    """Register the type."""
    type_register_static(pcnet_info)
