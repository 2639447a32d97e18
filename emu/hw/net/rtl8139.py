"""Realtek's card 8139 as its creation leaves it; no packet passes (hw/net/rtl8139.c)."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from emu.hw.core.qdev import DEVICE, DEVICE_CLASS, DeviceCategory, DeviceState
from emu.hw.core.qdev_properties import device_class_set_props
from emu.hw.core.qdev_properties_system import DEFINE_NIC_PROPERTIES
from emu.hw.pci.pci import (
    INTERFACE_CONVENTIONAL_PCI_DEVICE,
    PCI_DEVICE_CLASS,
    TYPE_PCI_DEVICE,
    PCIDevice,
    pci_register_bar,
)
from emu.hw.pci.pci_ids import PCI_CLASS_NETWORK_ETHERNET, PCI_DEVICE_ID_REALTEK_8139, PCI_VENDOR_ID_REALTEK
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
from emu.softmmu.memory import DEVICE_LITTLE_ENDIAN, MemoryRegion, memory_region_init_alias, memory_region_init_io
from emu.softmmu.unmodelled_ops import unmodelled_ops
from emu.standard_headers.linux.pci_regs import (
    PCI_BASE_ADDRESS_SPACE_IO,
    PCI_BASE_ADDRESS_SPACE_MEMORY,
    PCI_CAPABILITY_LIST,
    PCI_INTERRUPT_PIN,
)
from emu.trace import Ptr, embedded, emulates
from emu.util.qemu_timer import QEMUClockType, QEMUTimer, timer_free, timer_new_ns

TYPE_RTL8139: Final = "rtl8139"
RTL8139_PCI_REVID: Final = 0x20

rtl8139_io_ops: Final = unmodelled_ops(
    "rtl8139_io_ops", "hw/net/rtl8139.c", "rtl8139_ioport_read", "rtl8139_ioport_write", endianness=DEVICE_LITTLE_ENDIAN
)


class RTL8139State(Part):
    """The card."""

    SIZE: ClassVar[int] = 11792
    nic: NICState | None = None
    conf: NICConf = embedded(NICConf)
    bar_io: MemoryRegion | None = None
    bar_mem: MemoryRegion | None = None
    timer: QEMUTimer | None = None


RTL8139 = caster(RTL8139State, TYPE_RTL8139)


@emulates(modelled=False)
def rtl8139_receive(nc: NetClientState, buf: bytes, size: int) -> int:
    """Take a packet."""
    return 0


net_rtl8139_info: Final = NetClientInfo(
    variable="net_rtl8139_info", type=NetClientDriver.NIC, size=(NICState,), receive=rtl8139_receive
)


@emulates(modelled=False)
def rtl8139_timer(opaque: Any) -> None:
    """Raise the timer's interrupt."""


@emulates(modelled=False)
def rtl8139_reset(d: DeviceState) -> None:
    """Set all registers as after power-on."""


@emulates
def pci_rtl8139_realize(pci_dev: PCIDevice) -> None:
    """Make the window, reached in two ways, and the network; the card's memory is not modelled."""
    s, dev, pci_conf = RTL8139(pci_dev), DEVICE(pci_dev), pci_dev.config
    pci_conf[PCI_INTERRUPT_PIN] = 1
    pci_conf[PCI_CAPABILITY_LIST] = 0xDC
    memory_region_init_io(Ptr(s, "bar_io"), OBJECT(s), rtl8139_io_ops, s, "rtl8139", 0x100)
    assert s.bar_io is not None
    memory_region_init_alias(Ptr(s, "bar_mem"), OBJECT(s), "rtl8139-mem", s.bar_io, 0, 0x100)
    assert s.bar_mem is not None
    pci_register_bar(pci_dev, 0, PCI_BASE_ADDRESS_SPACE_IO, s.bar_io)
    pci_register_bar(pci_dev, 1, PCI_BASE_ADDRESS_SPACE_MEMORY, s.bar_mem)
    qemu_macaddr_default_if_unset(s.conf.macaddr)
    s.nic = qemu_new_nic(net_rtl8139_info, s.conf, object_get_typename(OBJECT(pci_dev)), dev.id, dev, s)
    qemu_format_nic_info_str(qemu_get_queue(s.nic), bytes(s.conf.macaddr.a))
    s.timer = timer_new_ns(QEMUClockType.QEMU_CLOCK_VIRTUAL, rtl8139_timer, s)


@emulates
def pci_rtl8139_uninit(pci_dev: PCIDevice) -> None:
    """Give the network back."""
    s = RTL8139(pci_dev)
    timer_free(s.timer)
    assert s.nic is not None
    qemu_del_nic(s.nic)


@emulates
def rtl8139_instance_init(obj: Object) -> None:
    """Add the place in the boot order."""
    s = RTL8139(obj)
    device_add_bootindex_property(obj, Ptr(s.conf, "bootindex"), "bootindex", "/ethernet-phy@0", DEVICE(obj))


rtl8139_properties: Final = DEFINE_NIC_PROPERTIES(RTL8139State, "conf")
vmstate_rtl8139: Final = VMStateDescription(name="rtl8139", version_id=5, minimum_version_id=3)


@emulates
def rtl8139_class_init(klass: ObjectClass, data: Any) -> None:
    """Set the ids."""
    dc, k = DEVICE_CLASS(klass), PCI_DEVICE_CLASS(klass)
    k.realize = pci_rtl8139_realize
    k.exit = pci_rtl8139_uninit
    k.romfile = "efi-rtl8139.rom"
    k.vendor_id = PCI_VENDOR_ID_REALTEK
    k.device_id = PCI_DEVICE_ID_REALTEK_8139
    k.revision = RTL8139_PCI_REVID
    k.class_id = PCI_CLASS_NETWORK_ETHERNET
    dc.reset = rtl8139_reset
    dc.vmsd = vmstate_rtl8139
    device_class_set_props(dc, rtl8139_properties)
    dc.categories |= 1 << DeviceCategory.DEVICE_CATEGORY_NETWORK


rtl8139_info: Final = TypeInfo(
    name=TYPE_RTL8139,
    parent=TYPE_PCI_DEVICE,
    instance=RTL8139State,
    instance_init=rtl8139_instance_init,
    class_init=rtl8139_class_init,
    interfaces=(INTERFACE_CONVENTIONAL_PCI_DEVICE,),
)


@type_init
@emulates
def rtl8139_register_types() -> None:
    """Register the type."""
    type_register_static(rtl8139_info)
