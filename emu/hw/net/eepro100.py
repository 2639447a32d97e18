"""Intel's 100 Mbit/s cards as their creation leaves them; no packet passes (hw/net/eepro100.c)."""

from __future__ import annotations

import struct
from typing import Any, ClassVar, Final, NamedTuple

from emu.hw.core.qdev import DEVICE, DEVICE_CLASS, DeviceCategory
from emu.hw.core.qdev_properties import device_class_set_props
from emu.hw.core.qdev_properties_system import DEFINE_NIC_PROPERTIES
from emu.hw.core.reset import qemu_register_reset
from emu.hw.nvram.eeprom93xx import eeprom93xx_data, eeprom93xx_free, eeprom93xx_new, eeprom_t
from emu.hw.pci.pci import (
    INTERFACE_CONVENTIONAL_PCI_DEVICE,
    PCI_DEVICE_CLASS,
    TYPE_PCI_DEVICE,
    PCIDevice,
    pci_add_capability,
    pci_register_bar,
    pci_set_byte,
    pci_set_word,
)
from emu.hw.pci.pci_ids import PCI_CLASS_NETWORK_ETHERNET, PCI_VENDOR_ID_INTEL
from emu.migration.savevm import VMSTATE_INSTANCE_ID_ANY, VMStateDescription, vmstate_register, vmstate_unregister
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
from emu.qom.object import (
    OBJECT,
    Object,
    ObjectClass,
    TypeInfo,
    object_class_get_name,
    object_get_typename,
    type_register,
)
from emu.qom.parts import Part, caster
from emu.softmmu.bootdevice import device_add_bootindex_property
from emu.softmmu.memory import DEVICE_LITTLE_ENDIAN, MemoryRegion, memory_region_init_io
from emu.softmmu.unmodelled_ops import unmodelled_ops
from emu.standard_headers.linux.pci_regs import (
    PCI_BASE_ADDRESS_MEM_PREFETCH,
    PCI_BASE_ADDRESS_SPACE_IO,
    PCI_CAP_ID_PM,
    PCI_INTERRUPT_PIN,
    PCI_LATENCY_TIMER,
    PCI_MAX_LAT,
    PCI_MIN_GNT,
    PCI_PM_PMC,
    PCI_PM_SIZEOF,
    PCI_STATUS,
    PCI_STATUS_DEVSEL_MEDIUM,
    PCI_STATUS_FAST_BACK,
)
from emu.trace import Ptr, embedded, emulates

FILE: Final = "hw/net/eepro100.c"
eepro100_ops: Final = unmodelled_ops("eepro100_ops", FILE, "eepro100_read", "eepro100_write", endianness=DEVICE_LITTLE_ENDIAN)


EEPROM_SIZE: Final = 64
EEPROM_PHY_ID: Final = 6
EEPROM_ID: Final = 5
EEPROM_ID_VALID: Final = 1 << 14


class E100PCIDeviceInfo(NamedTuple):
    """What the models differ in."""

    name: str
    device_id: int
    revision: int
    power_management: bool = True
    subsystem_vendor_id: int = 0
    subsystem_id: int = 0

    @property
    def desc(self) -> str:
        """Return the description."""
        letters = self.name[1:].upper()
        return f"Intel i{letters} Ethernet"


e100_devices: Final = (
    E100PCIDeviceInfo("i82550", 0x1209, 0x0E),
    E100PCIDeviceInfo("i82551", 0x1209, 0x0F),
    E100PCIDeviceInfo("i82557a", 0x1229, 0x01, power_management=False),
    E100PCIDeviceInfo("i82557b", 0x1229, 0x02, power_management=False),
    E100PCIDeviceInfo("i82557c", 0x1229, 0x03, power_management=False),
    E100PCIDeviceInfo("i82558a", 0x1229, 0x04),
    E100PCIDeviceInfo("i82558b", 0x1229, 0x05),
    E100PCIDeviceInfo("i82559a", 0x1229, 0x06),
    E100PCIDeviceInfo("i82559b", 0x1229, 0x07),
    E100PCIDeviceInfo("i82559c", 0x1229, 0x0C, subsystem_vendor_id=PCI_VENDOR_ID_INTEL, subsystem_id=0x0040),
    E100PCIDeviceInfo("i82559er", 0x1209, 0x09),
    E100PCIDeviceInfo("i82562", 0x1209, 0x0E),
    E100PCIDeviceInfo("i82801", 0x2449, 0x03),
)


class EEPRO100State(Part):
    """The card."""

    SIZE: ClassVar[int] = 16032
    nic: NICState | None = None
    conf: NICConf = embedded(NICConf)
    mmio_bar: MemoryRegion | None = None
    io_bar: MemoryRegion | None = None
    flash_bar: MemoryRegion | None = None
    eeprom: eeprom_t | None = None
    vmstate: VMStateDescription | None = None


EEPRO100 = caster(EEPRO100State, TYPE_PCI_DEVICE)


@emulates(modelled=False)
def nic_receive(nc: NetClientState, buf: bytes, size: int) -> int:
    """Take a packet."""
    return 0


net_eepro100_info: Final = NetClientInfo(
    variable="net_eepro100_info", type=NetClientDriver.NIC, size=(NICState,), receive=nic_receive
)


def eepro100_get_class(name: str) -> E100PCIDeviceInfo:
    """Return what is special about a model."""
    return next(info for info in e100_devices if info.name == name)


@emulates
def e100_pci_reset(pci_dev: PCIDevice, info: E100PCIDeviceInfo) -> None:
    """Fill the configuration space."""
    pci_conf = pci_dev.config
    pci_set_word(pci_conf + PCI_STATUS, PCI_STATUS_DEVSEL_MEDIUM | PCI_STATUS_FAST_BACK)
    pci_set_byte(pci_conf + PCI_LATENCY_TIMER, 0x20)
    pci_set_byte(pci_conf + PCI_INTERRUPT_PIN, 1)
    pci_set_byte(pci_conf + PCI_MIN_GNT, 0x08)
    pci_set_byte(pci_conf + PCI_MAX_LAT, 0x18)
    if info.power_management:
        pci_add_capability(pci_dev, PCI_CAP_ID_PM, 0xDC, PCI_PM_SIZEOF)
        pci_set_word(pci_conf + (0xDC + PCI_PM_PMC), 0x7E21)


@emulates
def nic_selective_reset(s: EEPRO100State) -> None:
    """Fill the card's memory; its registers are not modelled."""
    assert s.eeprom is not None
    eeprom = eeprom93xx_data(s.eeprom)
    words = [*struct.unpack("<3H", bytes(s.conf.macaddr.a)), *list(eeprom)[3:]]
    words[EEPROM_ID] = EEPROM_ID_VALID
    if object_get_typename(OBJECT(s)) in ("i82557b", "i82557c"):
        words[EEPROM_ID] = 0x0100
    words[EEPROM_PHY_ID] = 1
    words[-1] = 0xBABA - sum(words[:-1]) & 0xFFFF
    for at, word in enumerate(words):
        eeprom[at] = word


@emulates
def nic_reset(opaque: Any) -> None:
    """Set the card as after power-on."""
    nic_selective_reset(opaque)


@emulates
def e100_nic_realize(pci_dev: PCIDevice) -> None:
    """Make the windows and the network."""
    s, dev = EEPRO100(pci_dev), DEVICE(pci_dev)
    e100_pci_reset(pci_dev, eepro100_get_class(object_get_typename(OBJECT(pci_dev))))
    s.eeprom = eeprom93xx_new(dev, EEPROM_SIZE)
    memory_region_init_io(Ptr(s, "mmio_bar"), OBJECT(s), eepro100_ops, s, "eepro100-mmio", 4096)
    assert s.mmio_bar is not None
    pci_register_bar(pci_dev, 0, PCI_BASE_ADDRESS_MEM_PREFETCH, s.mmio_bar)
    memory_region_init_io(Ptr(s, "io_bar"), OBJECT(s), eepro100_ops, s, "eepro100-io", 64)
    assert s.io_bar is not None
    pci_register_bar(pci_dev, 1, PCI_BASE_ADDRESS_SPACE_IO, s.io_bar)
    memory_region_init_io(Ptr(s, "flash_bar"), OBJECT(s), eepro100_ops, s, "eepro100-flash", 128 * 1024)
    assert s.flash_bar is not None
    pci_register_bar(pci_dev, 2, 0, s.flash_bar)
    qemu_macaddr_default_if_unset(s.conf.macaddr)
    nic_reset(s)
    s.nic = qemu_new_nic(net_eepro100_info, s.conf, object_get_typename(OBJECT(pci_dev)), dev.id, dev, s)
    qemu_format_nic_info_str(qemu_get_queue(s.nic), bytes(s.conf.macaddr.a))
    qemu_register_reset(nic_reset, s)
    s.vmstate = VMStateDescription(name=qemu_get_queue(s.nic).model)
    vmstate_register(pci_dev, VMSTATE_INSTANCE_ID_ANY, s.vmstate, s)


@emulates
def pci_nic_uninit(pci_dev: PCIDevice) -> None:
    """Give state, memory and network back; the reset handler stays behind, as in QEMU."""
    s = EEPRO100(pci_dev)
    assert s.nic is not None
    assert s.vmstate is not None
    assert s.eeprom is not None
    vmstate_unregister(pci_dev, s.vmstate, s)
    eeprom93xx_free(DEVICE(pci_dev), s.eeprom)
    qemu_del_nic(s.nic)


@emulates
def eepro100_instance_init(obj: Object) -> None:
    """Add the place in the boot order."""
    s = EEPRO100(obj)
    device_add_bootindex_property(obj, Ptr(s.conf, "bootindex"), "bootindex", "/ethernet-phy@0", DEVICE(obj))


e100_properties: Final = DEFINE_NIC_PROPERTIES(EEPRO100State, "conf")


@emulates
def eepro100_class_init(klass: ObjectClass, data: Any) -> None:
    """Set the ids."""
    dc, k = DEVICE_CLASS(klass), PCI_DEVICE_CLASS(klass)
    info = eepro100_get_class(object_class_get_name(klass))
    dc.categories |= 1 << DeviceCategory.DEVICE_CATEGORY_NETWORK
    device_class_set_props(dc, e100_properties)
    dc.desc = info.desc
    k.vendor_id = PCI_VENDOR_ID_INTEL
    k.class_id = PCI_CLASS_NETWORK_ETHERNET
    k.romfile = "pxe-eepro100.rom"
    k.realize = e100_nic_realize
    k.exit = pci_nic_uninit
    k.device_id = info.device_id
    k.revision = info.revision
    k.subsystem_vendor_id = info.subsystem_vendor_id
    k.subsystem_id = info.subsystem_id


@type_init
@emulates
def eepro100_register_types() -> None:
    """Register all models."""
    for info in e100_devices:
        type_register(
            TypeInfo(
                name=info.name,
                parent=TYPE_PCI_DEVICE,
                instance=EEPRO100State,
                instance_init=eepro100_instance_init,
                class_init=eepro100_class_init,
                interfaces=(INTERFACE_CONVENTIONAL_PCI_DEVICE,),
            )
        )
