"""DEC's card 21143 as its creation leaves it; no packet passes (hw/net/tulip.c)."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from typing import Any, ClassVar, Final

from emu.hw.core.irq import IRQState, qemu_free_irq
from emu.hw.core.qdev import DEVICE, DEVICE_CLASS, DeviceCategory, DeviceState
from emu.hw.core.qdev_properties import device_class_set_props
from emu.hw.core.qdev_properties_system import DEFINE_NIC_PROPERTIES
from emu.hw.nvram.eeprom93xx import eeprom93xx_data, eeprom93xx_free, eeprom93xx_new, eeprom_t
from emu.hw.pci.pci import (
    INTERFACE_CONVENTIONAL_PCI_DEVICE,
    PCI_DEVICE_CLASS,
    TYPE_PCI_DEVICE,
    PCIDevice,
    pci_allocate_irq,
    pci_register_bar,
)
from emu.hw.pci.pci_ids import PCI_CLASS_NETWORK_ETHERNET
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
from emu.softmmu.memory import DEVICE_LITTLE_ENDIAN, Impl, MemoryRegion, memory_region_init_io
from emu.softmmu.unmodelled_ops import unmodelled_ops
from emu.standard_headers.linux.pci_regs import (
    PCI_BASE_ADDRESS_SPACE_IO,
    PCI_BASE_ADDRESS_SPACE_MEMORY,
    PCI_INTERRUPT_PIN,
)
from emu.trace import Ptr, embedded, emulates

TYPE_TULIP: Final = "tulip"
PCI_VENDOR_ID_DEC: Final = 0x1011
PCI_DEVICE_ID_DEC_21143: Final = 0x0019

tulip_ops: Final = unmodelled_ops(
    "tulip_ops", "hw/net/tulip.c", "tulip_read", "tulip_write", endianness=DEVICE_LITTLE_ENDIAN, impl=Impl(4, 4)
)


eeprom_default: Final = (
    *(0x103C, 0x104F, 0x0000, 0x0000, 0x0000, 0x0000, 0x0000, 0x0000),
    *(0x0856, 0x0104, 0x8000, 0xB348, 0xA70E, 0x1E00, 0x0000, 0x0800),
    *(0x8D01, 0x0003, 0x0000, 0x7800, 0x01E0, 0x5000, 0x1800, 0x0000),
    *(0x0000,) * 23,
    *(0x6BE8,),
    *(0x0000, 0x0000, 0x0000, 0x8000, 0xB348, 0xA70E, 0x0040, 0x0000),
    *(0x0000,) * 8,
)


class TULIPState(Part):
    """The card."""

    SIZE: ClassVar[int] = 15696
    nic: NICState | None = None
    conf: NICConf = embedded(NICConf)
    io: MemoryRegion | None = None
    memory: MemoryRegion | None = None
    irq: IRQState | None = None
    eeprom: eeprom_t | None = None


TULIP = caster(TULIPState, TYPE_TULIP)


@emulates(modelled=False)
def tulip_receive_nc(nc: NetClientState, buf: bytes, size: int) -> int:
    """Take a packet."""
    return 0


net_tulip_info: Final = NetClientInfo(
    variable="net_tulip_info", type=NetClientDriver.NIC, size=(NICState,), receive=tulip_receive_nc
)


@emulates
def tulip_idblock_crc(s: TULIPState, srom: Sequence[int]) -> int:
    """Return the checksum over the first bits of the memory, up to its own place: the low half of word 8."""
    crc = 0xFF
    bits = [word >> bit & 1 for word in srom[:8] for bit in range(15, -1, -1)] + [srom[8] >> bit & 1 for bit in range(15, 7, -1)]
    for bit in bits:
        crc = crc << 1 & 0xFF ^ (0x7 if bit ^ crc >> 7 else 0)
    return crc


@emulates
def tulip_srom_crc(s: TULIPState, eeprom: bytes) -> int:
    """Return the checksum over the memory: the low half of Ethernet's."""
    return zlib.crc32(eeprom) & 0xFFFF


@emulates
def tulip_fill_eeprom(s: TULIPState) -> None:
    """Fill the card's memory: what every one has, the address, two checksums."""
    assert s.eeprom is not None
    words = list(eeprom_default)
    words[10:13] = struct.unpack("<3H", bytes(s.conf.macaddr.a))
    words[8] = words[8] & 0xFF00 | tulip_idblock_crc(s, words)
    words[63] = tulip_srom_crc(s, struct.pack("<63H", *words[:63]))
    eeprom = eeprom93xx_data(s.eeprom)
    for at, word in enumerate(words):
        eeprom[at] = word


@emulates(modelled=False)
def tulip_qdev_reset(dev: DeviceState) -> None:
    """Set all registers as after power-on."""


@emulates
def pci_tulip_realize(pci_dev: PCIDevice) -> None:
    """Make both windows and the network."""
    s, dev = TULIP(pci_dev), DEVICE(pci_dev)
    pci_dev.config[PCI_INTERRUPT_PIN] = 1
    qemu_macaddr_default_if_unset(s.conf.macaddr)
    s.eeprom = eeprom93xx_new(dev, 64)
    tulip_fill_eeprom(s)
    memory_region_init_io(Ptr(s, "io"), OBJECT(s), tulip_ops, s, "tulip-io", 128)
    memory_region_init_io(Ptr(s, "memory"), OBJECT(s), tulip_ops, s, "tulip-mem", 128)
    assert s.io is not None
    assert s.memory is not None
    pci_register_bar(pci_dev, 0, PCI_BASE_ADDRESS_SPACE_IO, s.io)
    pci_register_bar(pci_dev, 1, PCI_BASE_ADDRESS_SPACE_MEMORY, s.memory)
    s.irq = pci_allocate_irq(pci_dev)
    s.nic = qemu_new_nic(net_tulip_info, s.conf, object_get_typename(OBJECT(pci_dev)), dev.id, dev, s)
    qemu_format_nic_info_str(qemu_get_queue(s.nic), bytes(s.conf.macaddr.a))


@emulates
def pci_tulip_exit(pci_dev: PCIDevice) -> None:
    """Give network, interrupt and memory back."""
    s = TULIP(pci_dev)
    assert s.nic is not None
    assert s.irq is not None
    assert s.eeprom is not None
    qemu_del_nic(s.nic)
    qemu_free_irq(s.irq)
    eeprom93xx_free(DEVICE(pci_dev), s.eeprom)


@emulates
def tulip_instance_init(obj: Object) -> None:
    """Add the place in the boot order."""
    s = TULIP(obj)
    device_add_bootindex_property(obj, Ptr(s.conf, "bootindex"), "bootindex", "/ethernet-phy@0", DEVICE(obj))


tulip_properties: Final = DEFINE_NIC_PROPERTIES(TULIPState, "conf")
vmstate_pci_tulip: Final = VMStateDescription(name="tulip")


@emulates
def tulip_class_init(klass: ObjectClass, data: Any) -> None:
    """Set the ids."""
    dc, k = DEVICE_CLASS(klass), PCI_DEVICE_CLASS(klass)
    k.realize = pci_tulip_realize
    k.exit = pci_tulip_exit
    k.vendor_id = PCI_VENDOR_ID_DEC
    k.device_id = PCI_DEVICE_ID_DEC_21143
    k.subsystem_vendor_id = 0x103C
    k.subsystem_id = 0x104F
    k.class_id = PCI_CLASS_NETWORK_ETHERNET
    dc.vmsd = vmstate_pci_tulip
    device_class_set_props(dc, tulip_properties)
    dc.reset = tulip_qdev_reset
    dc.categories |= 1 << DeviceCategory.DEVICE_CATEGORY_NETWORK


tulip_info: Final = TypeInfo(
    name=TYPE_TULIP,
    parent=TYPE_PCI_DEVICE,
    instance=TULIPState,
    instance_init=tulip_instance_init,
    class_init=tulip_class_init,
    interfaces=(INTERFACE_CONVENTIONAL_PCI_DEVICE,),
)


@type_init
@emulates
def tulip_register_types() -> None:
    """Register the type."""
    type_register_static(tulip_info)
