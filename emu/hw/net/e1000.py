"""Intel's gigabit card 82540EM as its creation leaves it; no packet passes (hw/net/e1000.c)."""

from __future__ import annotations

import itertools
from typing import Any, ClassVar, Final, NamedTuple

from emu.hw.core.qdev import DEVICE, DEVICE_CLASS, DeviceCategory, DeviceState
from emu.hw.core.qdev_properties import DEFINE_PROP_BIT, device_class_set_props
from emu.hw.core.qdev_properties_system import DEFINE_NIC_PROPERTIES
from emu.hw.net.e1000x_common import (
    e1000x_core_prepare_eeprom,
    e1000x_reset_mac_addr,
    e1000x_update_regs_on_link_down,
)
from emu.hw.pci.pci import (
    INTERFACE_CONVENTIONAL_PCI_DEVICE,
    PCI_DEVICE_CLASS,
    PCI_DEVICE_GET_CLASS,
    TYPE_PCI_DEVICE,
    PCIDevice,
    PCIDeviceClass,
    pci_default_write_config,
    pci_register_bar,
)
from emu.hw.pci.pci_ids import PCI_CLASS_NETWORK_ETHERNET, PCI_VENDOR_ID_INTEL
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
from emu.qom.object import (
    OBJECT,
    Object,
    ObjectClass,
    TypeInfo,
    object_get_typename,
    type_register,
    type_register_static,
)
from emu.qom.parts import Part, caster, class_getter
from emu.softmmu.bootdevice import device_add_bootindex_property
from emu.softmmu.memory import (
    DEVICE_LITTLE_ENDIAN,
    Impl,
    MemoryRegion,
    memory_region_add_coalescing,
    memory_region_init_io,
)
from emu.softmmu.unmodelled_ops import unmodelled_ops
from emu.standard_headers.linux.pci_regs import (
    PCI_BASE_ADDRESS_SPACE_IO,
    PCI_BASE_ADDRESS_SPACE_MEMORY,
    PCI_CACHE_LINE_SIZE,
    PCI_INTERRUPT_PIN,
)
from emu.trace import Map, Ptr, Seq, embedded, emulates, fresh, mapping
from emu.util.qemu_timer import QEMUClockType, QEMUTimer, timer_del, timer_free, timer_new_ms, timer_new_ns

TYPE_E1000_BASE: Final = "e1000-base"
FILE: Final = "hw/net/e1000.c"
IOPORT_SIZE: Final = 0x40
PNPMMIO_SIZE: Final = 0x20000
ETH_P_VLAN: Final = 0x8100
E1000_FLAG_AUTONEG_BIT: Final = 0
E1000_FLAG_MIT_BIT: Final = 1
E1000_FLAG_MAC_BIT: Final = 2
E1000_FLAG_TSO_BIT: Final = 3
E1000_FLAG_VET_BIT: Final = 4

EXCLUDED_REGS: Final = (0x20, 0xC0, 0xC8, 0xD0, 0xD8, 0x400, 0x3818, PNPMMIO_SIZE)
"""Registers whose write does something at once: MDIC, ICR, ICS, IMS, IMC, TCTL, TDT."""
PHY_REG_INIT: Final = {
    "PHY_CTRL": 0x1140,
    "PHY_STATUS": 0x794D,
    "PHY_ID1": 0x141,
    "PHY_AUTONEG_ADV": 0xDE1,
    "PHY_LP_ABILITY": 0x1E0,
    "PHY_1000T_CTRL": 0x0E00,
    "PHY_1000T_STATUS": 0x3C00,
    "M88E1000_PHY_SPEC_CTRL": 0x360,
    "M88E1000_PHY_SPEC_STATUS": 0xAC00,
    "M88E1000_EXT_PHY_SPEC_CTRL": 0x0D60,
}
MAC_REG_INIT: Final = {
    "CTRL": 0x140240,
    "STATUS": 0x80080783,
    "LEDCTL": 0x602,
    "PBA": 0x00100030,
    "MANC": 0x222300,
}
e1000_eeprom_template: Final = (
    *(0x0000, 0x0000, 0x0000, 0x0000, 0xFFFF, 0x0000, 0x0000, 0x0000),
    *(0x3000, 0x1000, 0x6403, 0x0000, 0x8086, 0x0000, 0x8086, 0x3040),
    *(0x0008, 0x2000, 0x7E14, 0x0048, 0x1000, 0x00D8, 0x0000, 0x2700),
    *(0x6CC9, 0x3150, 0x0722, 0x040B, 0x0984, 0x0000, 0xC000, 0x0706),
    *(0x1008, 0x0000, 0x0F04, 0x7FFF, 0x4D01, 0xFFFF, 0xFFFF, 0xFFFF),
    *(0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF),
    *(0x0100, 0x4000, 0x121C, 0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF),
    *(0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF, 0x0000),
)

e1000_mmio_ops: Final = unmodelled_ops(
    "e1000_mmio_ops", FILE, "e1000_mmio_read", "e1000_mmio_write", endianness=DEVICE_LITTLE_ENDIAN, impl=Impl(4, 4)
)
e1000_io_ops: Final = unmodelled_ops("e1000_io_ops", FILE, "e1000_io_read", "e1000_io_write", endianness=DEVICE_LITTLE_ENDIAN)


class E1000Info(NamedTuple):
    """What the models differ in."""

    name: str
    device_id: int
    revision: int
    phy_id2: int


e1000_devices: Final = (
    E1000Info("e1000", 0x100E, 0x03, 0xC20),
    E1000Info("e1000-82544gc", 0x100C, 0x03, 0xC30),
    E1000Info("e1000-82545em", 0x100F, 0x03, 0xC20),
)


class EepromData(Seq[int]):
    """``uint16_t eeprom_data[64]``."""

    def __init__(self) -> None:
        super().__init__([0] * 64)


class E1000BaseClass(Part):
    """What the models differ in."""

    SIZE: ClassVar[int] = 240
    phy_id2: int = 0


class E1000State(Part):
    """The card; registers by name, those that are not 0."""

    SIZE: ClassVar[int] = 208592
    nic: NICState | None = None
    conf: NICConf = embedded(NICConf)
    mmio: MemoryRegion | None = None
    io: MemoryRegion | None = None
    mac_reg: Map[int] = mapping()
    phy_reg: Map[int] = mapping()
    eeprom_data: Seq[int] = fresh(EepromData)
    rxbuf_min_shift: int = 0
    autoneg_timer: QEMUTimer | None = None
    mit_timer: QEMUTimer | None = None
    mit_timer_on: bool = False
    flush_queue_timer: QEMUTimer | None = None
    compat_flags: int = 0


E1000 = caster(E1000State, TYPE_E1000_BASE)
E1000_CLASS = caster(E1000BaseClass, TYPE_E1000_BASE)
E1000_GET_CLASS = class_getter(E1000BaseClass)


@emulates(modelled=False)
def e1000_can_receive(nc: NetClientState) -> bool:
    """Say whether the guest has made room."""
    return False


@emulates(modelled=False)
def e1000_receive(nc: NetClientState, buf: bytes, size: int) -> int:
    """Take a packet."""
    return 0


@emulates(modelled=False)
def e1000_set_link_status(nc: NetClientState) -> None:
    """See the cable pulled or plugged."""


@emulates(modelled=False)
def e1000_autoneg_timer(opaque: Any) -> None:
    """Finish negotiating the speed."""


@emulates(modelled=False)
def e1000_mit_timer(opaque: Any) -> None:
    """Raise the interrupt that was held back."""


@emulates(modelled=False)
def e1000_flush_queue_timer(opaque: Any) -> None:
    """Take the packets that waited."""


@emulates
def e1000_vet_init_need(opaque: E1000State) -> bool:
    """Tell whether reset sets the type of tagged packets: machines up to 5.2 leave it 0."""
    return bool(opaque.compat_flags & 1 << E1000_FLAG_VET_BIT)


@emulates
def e1000_reset(opaque: E1000State) -> None:
    """Set all registers as after power-on."""
    d = opaque
    assert d.nic is not None
    for timer in (d.autoneg_timer, d.mit_timer, d.flush_queue_timer):
        assert timer is not None
        timer_del(timer)
    d.mit_timer_on = False
    for regs, init in ((d.phy_reg, PHY_REG_INIT), (d.mac_reg, MAC_REG_INIT)):
        for reg in [reg for reg in regs if reg not in init]:
            del regs[reg]
        for reg, value in init.items():
            regs[reg] = value
    d.phy_reg["PHY_ID2"] = E1000_GET_CLASS(d).phy_id2
    d.rxbuf_min_shift = 1
    if qemu_get_queue(d.nic).link_down:
        e1000x_update_regs_on_link_down(d.mac_reg, d.phy_reg)
    e1000x_reset_mac_addr(d.nic, d.mac_reg, bytes(d.conf.macaddr.a))
    if e1000_vet_init_need(d):
        d.mac_reg["VET"] = ETH_P_VLAN


@emulates
def e1000_mmio_setup(d: E1000State) -> None:
    """Make both windows; writes of registers that can wait are batched."""
    memory_region_init_io(Ptr(d, "mmio"), OBJECT(d), e1000_mmio_ops, d, "e1000-mmio", PNPMMIO_SIZE)
    assert d.mmio is not None
    memory_region_add_coalescing(d.mmio, 0, EXCLUDED_REGS[0])
    for this, after in itertools.pairwise(EXCLUDED_REGS):
        memory_region_add_coalescing(d.mmio, this + 4, after - this - 4)
    memory_region_init_io(Ptr(d, "io"), OBJECT(d), e1000_io_ops, d, "e1000-io", IOPORT_SIZE)


vmstate_e1000: Final = VMStateDescription(name="e1000", version_id=2, minimum_version_id=1)
net_e1000_info: Final = NetClientInfo(
    variable="net_e1000_info",
    type=NetClientDriver.NIC,
    size=(NICState,),
    can_receive=e1000_can_receive,
    receive=e1000_receive,
    link_status_changed=e1000_set_link_status,
)


@emulates
def e1000_write_config(pci_dev: PCIDevice, address: int, val: int, len_: int) -> None:
    """Write the configuration space; packets that waited for bus mastering are not modelled."""
    pci_default_write_config(pci_dev, address, val, len_)


@emulates
def pci_e1000_uninit(dev: PCIDevice) -> None:
    """Give timers and network back."""
    d = E1000(dev)
    timer_free(d.autoneg_timer)
    timer_free(d.mit_timer)
    timer_free(d.flush_queue_timer)
    assert d.nic is not None
    qemu_del_nic(d.nic)


@emulates
def pci_e1000_realize(pci_dev: PCIDevice) -> None:
    """Make windows, memory, network and timers."""
    dev, d = DEVICE(pci_dev), E1000(pci_dev)
    pci_dev.config_write = e1000_write_config
    pci_conf = pci_dev.config
    pci_conf[PCI_CACHE_LINE_SIZE] = 0x10
    pci_conf[PCI_INTERRUPT_PIN] = 1
    e1000_mmio_setup(d)
    assert d.mmio is not None
    assert d.io is not None
    pci_register_bar(pci_dev, 0, PCI_BASE_ADDRESS_SPACE_MEMORY, d.mmio)
    pci_register_bar(pci_dev, 1, PCI_BASE_ADDRESS_SPACE_IO, d.io)
    qemu_macaddr_default_if_unset(d.conf.macaddr)
    macaddr = bytes(d.conf.macaddr.a)
    k: PCIDeviceClass = PCI_DEVICE_GET_CLASS(pci_dev)
    e1000x_core_prepare_eeprom(d.eeprom_data, e1000_eeprom_template, k.device_id, macaddr)
    d.nic = qemu_new_nic(net_e1000_info, d.conf, object_get_typename(OBJECT(d)), dev.id, dev, d)
    qemu_format_nic_info_str(qemu_get_queue(d.nic), macaddr)
    d.autoneg_timer = timer_new_ms(QEMUClockType.QEMU_CLOCK_VIRTUAL, e1000_autoneg_timer, d)
    d.mit_timer = timer_new_ns(QEMUClockType.QEMU_CLOCK_VIRTUAL, e1000_mit_timer, d)
    d.flush_queue_timer = timer_new_ms(QEMUClockType.QEMU_CLOCK_VIRTUAL, e1000_flush_queue_timer, d)


@emulates
def qdev_e1000_reset(dev: DeviceState) -> None:
    """Reset the card."""
    e1000_reset(E1000(dev))


e1000_properties: Final = (
    *DEFINE_NIC_PROPERTIES(E1000State, "conf"),
    DEFINE_PROP_BIT("autonegotiation", E1000State, "compat_flags", E1000_FLAG_AUTONEG_BIT, True),
    DEFINE_PROP_BIT("mitigation", E1000State, "compat_flags", E1000_FLAG_MIT_BIT, True),
    DEFINE_PROP_BIT("extra_mac_registers", E1000State, "compat_flags", E1000_FLAG_MAC_BIT, True),
    DEFINE_PROP_BIT("migrate_tso_props", E1000State, "compat_flags", E1000_FLAG_TSO_BIT, True),
    DEFINE_PROP_BIT("init-vet", E1000State, "compat_flags", E1000_FLAG_VET_BIT, True),
)


@emulates
def e1000_class_init(klass: ObjectClass, data: E1000Info) -> None:
    """Set what makes a device this model."""
    dc, k, e = DEVICE_CLASS(klass), PCI_DEVICE_CLASS(klass), E1000_CLASS(klass)
    k.realize = pci_e1000_realize
    k.exit = pci_e1000_uninit
    k.romfile = "efi-e1000.rom"
    k.vendor_id = PCI_VENDOR_ID_INTEL
    k.device_id = data.device_id
    k.revision = data.revision
    e.phy_id2 = data.phy_id2
    k.class_id = PCI_CLASS_NETWORK_ETHERNET
    dc.categories |= 1 << DeviceCategory.DEVICE_CATEGORY_NETWORK
    dc.desc = "Intel Gigabit Ethernet"
    dc.reset = qdev_e1000_reset
    dc.vmsd = vmstate_e1000
    device_class_set_props(dc, e1000_properties)


@emulates
def e1000_instance_init(obj: Object) -> None:
    """Add the place in the boot order."""
    n = E1000(obj)
    device_add_bootindex_property(obj, Ptr(n.conf, "bootindex"), "bootindex", "/ethernet-phy@0", DEVICE(n))


e1000_base_info: Final = TypeInfo(
    name=TYPE_E1000_BASE,
    parent=TYPE_PCI_DEVICE,
    instance=E1000State,
    instance_init=e1000_instance_init,
    class_=E1000BaseClass,
    abstract=True,
    interfaces=(INTERFACE_CONVENTIONAL_PCI_DEVICE,),
)


@type_init
@emulates
def e1000_register_types() -> None:
    """Register all models."""
    type_register_static(e1000_base_info)
    for info in e1000_devices:
        type_register(TypeInfo(name=info.name, parent=TYPE_E1000_BASE, class_data=info, class_init=e1000_class_init))
