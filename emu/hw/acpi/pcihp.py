"""PCI hotplug by ACPI: the guest is told to look, and ejects by writing a port (hw/acpi/pcihp.c)."""

from __future__ import annotations

from typing import Any, Final

from emu.hw.acpi.acpi_interface import AcpiEventStatusBits, acpi_send_event
from emu.hw.core.bus import qbus_set_hotplug_handler
from emu.hw.core.hotplug import hotplug_handler_unplug
from emu.hw.core.qdev import BUS, DEVICE, DEVICE_GET_CLASS, DeviceState, qdev_unrealize
from emu.hw.core.qdev_core import qbus_is_hotpluggable
from emu.hw.core.qdev_hotplug import qdev_get_hotplug_handler
from emu.hw.i386.acpi_build import acpi_get_i386_pci_host
from emu.hw.pci.pci import (
    PCI_DEVICE,
    PCI_DEVICE_GET_CLASS,
    PCI_SLOT,
    PCIBus,
    PCIDevice,
    pci_bridge_get_device,
    pci_for_each_bus,
    pci_for_each_bus_depth_first,
    pci_get_bus,
    pci_is_vf,
)
from emu.hw.pci.pci_bridge import PCI_BRIDGE, TYPE_PCI_BRIDGE, pci_bridge_get_sec_bus
from emu.hw.pci.pci_host import PCI_HOST_BRIDGE
from emu.hw.pci.pcie import pcie_cap_slot_enable_power
from emu.hw.pci.pcie_port import PCIE_SLOT, TYPE_PCIE_SLOT
from emu.qapi.error import Error, error_abort, error_setg
from emu.qom.object import (
    OBJ_PROP_FLAG_READ,
    OBJECT,
    Object,
    object_dynamic_cast,
    object_property_add_uint16_ptr,
    object_property_add_uint32_ptr,
    object_property_get_uint,
    object_unparent,
)
from emu.qom.parts import Part
from emu.softmmu.memory import (
    DEVICE_LITTLE_ENDIAN,
    MemoryRegion,
    MemoryRegionOps,
    Valid,
    memory_region_add_subregion,
    memory_region_init_io,
)
from emu.trace import Map, Ptr, Seq, Struct, emulates, mapping, per_run, seq
from emu.util.qemu_timer import QEMU_CLOCK_VIRTUAL, qemu_clock_get_ms

ACPI_PCIHP_IO_BASE_PROP: Final = "acpi-pcihp-io-base"
ACPI_PCIHP_IO_LEN_PROP: Final = "acpi-pcihp-io-len"
ACPI_PCIHP_PROP_BSEL: Final = "acpi-pcihp-bsel"
ACPI_PCIHP_MAX_HOTPLUG_BUS: Final = 256
ACPI_PCIHP_BSEL_DEFAULT: Final = 0x0
ACPI_PCIHP_SIZE: Final = 0x0018
PCI_UP_BASE: Final = 0x0000
PCI_DOWN_BASE: Final = 0x0004
PCI_EJ_BASE: Final = 0x0008
PCI_RMV_BASE: Final = 0x000C
PCI_SEL_BASE: Final = 0x0010
PCI_AIDX_BASE: Final = 0x0014
ONBOARD_INDEX_MAX: Final = 16 * 1024 - 1
TYPE_PCIE_ROOT_PORT: Final = "pcie-root-port-base"
TYPE_XIO3130_DOWNSTREAM: Final = "xio3130-downstream"
UINT32_MAX: Final = 0xFFFFFFFF


class AcpiPciHpPciStatus(Struct):
    """A bus's slots: a bit each for devices that came, that shall go, and that can go."""

    up: int = 0
    down: int = 0
    hotplug_enable: int = UINT32_MAX


class AcpiPciHpState(Struct):
    """The registers. Of the 256 buses, those that never were more than reset leaves them have no entry."""

    acpi_pcihp_pci_status: Map[AcpiPciHpPciStatus] = mapping()
    hotplug_select: int = 0
    acpi_index: int = 0
    root: PCIBus | None = None
    io: MemoryRegion | None = None
    legacy_piix: bool = False
    io_base: int = 0
    io_len: int = 0


def status_of(s: AcpiPciHpState, bsel: int) -> AcpiPciHpPciStatus:
    """Return the entry of a bus."""
    status = s.acpi_pcihp_pci_status.get(str(bsel))
    if status is None:
        status = s.acpi_pcihp_pci_status[str(bsel)] = AcpiPciHpPciStatus()
    return status


class BusSelect(Struct):
    """The number of a bus for the guest."""

    bsel: int = 0


class PcihpStatics(Struct):
    """The statics of hw/acpi/pcihp.c: indexes that are taken, and whether the buses have their numbers."""

    used_acpi_index_list: Seq[int] = seq()
    bsel_is_set: bool = False


pcihp_statics = per_run(PcihpStatics)


def acpi_pcihp_get_bsel(bus: PCIBus) -> int:
    """Return the number of a bus, -1 for none."""
    try:
        bsel = object_property_get_uint(OBJECT(bus), ACPI_PCIHP_PROP_BSEL)
    except Error:
        return -1
    return bsel if bsel < ACPI_PCIHP_MAX_HOTPLUG_BUS else -1


@emulates
def acpi_set_bsel(bus: PCIBus, opaque: int) -> int:
    """Number a bus that devices can be plugged into; return the next number."""
    if qbus_is_hotpluggable(BUS(bus)):
        bus_bsel = BusSelect(bsel=opaque)
        object_property_add_uint32_ptr(OBJECT(bus), ACPI_PCIHP_PROP_BSEL, Ptr(bus_bsel, "bsel"), OBJ_PROP_FLAG_READ)
        return opaque + 1
    return opaque


@emulates
def acpi_set_pci_info() -> None:
    """Number all buses, once."""
    own = pcihp_statics()
    host = acpi_get_i386_pci_host()
    if own.bsel_is_set:
        return
    own.bsel_is_set = True
    bus = PCI_HOST_BRIDGE(host).bus if host is not None else None
    if bus is None:
        return
    next_bsel = [ACPI_PCIHP_BSEL_DEFAULT]

    def number(sec: PCIBus, opaque: Any) -> Any:
        next_bsel[0] = acpi_set_bsel(sec, next_bsel[0])
        return opaque

    pci_for_each_bus_depth_first(bus, number, None, None)


@emulates
def acpi_pcihp_disable_root_bus() -> None:
    """Take hotplug from the root bus."""
    host = acpi_get_i386_pci_host()
    assert host is not None
    bus = PCI_HOST_BRIDGE(host).bus
    if bus is not None and qbus_is_hotpluggable(BUS(bus)):
        qbus_set_hotplug_handler(BUS(bus), None)


@emulates
def acpi_pcihp_find_hotplug_bus(s: AcpiPciHpState, bsel: int) -> PCIBus | None:
    """Return the bus of a number, if devices can be plugged into it."""
    if bsel < 0:
        return None
    found: list[PCIBus] = []

    def test(bus: PCIBus, opaque: Any) -> None:
        if bsel == acpi_pcihp_get_bsel(bus):
            found.append(bus)

    assert s.root is not None
    pci_for_each_bus(s.root, test, None)
    bus = found[-1] if found else None
    if not bsel and bus is None:
        bus = s.root
    return bus if bus is not None and qbus_is_hotpluggable(BUS(bus)) else None


def acpi_pcihp_pc_no_hotplug(s: AcpiPciHpState, dev: PCIDevice) -> bool:
    """Tell whether a device can't be unplugged: bridges that were there at boot, and functions of their kind."""
    pc, dc = PCI_DEVICE_GET_CLASS(dev), DEVICE_GET_CLASS(dev)
    return (pc.is_bridge and not DEVICE(dev).hotplugged) or not dc.hotpluggable or pci_is_vf(dev)


def functions_of(bus: PCIBus) -> list[PCIDevice]:
    """Return the functions on a bus."""
    return [PCI_DEVICE(kid.child) for kid in BUS(bus).children]


@emulates
def acpi_pcihp_eject_slot(s: AcpiPciHpState, bsel: int, slots: int) -> None:
    """Take away what is in a slot: the lowest bit of ``slots``."""
    slot = (slots & -slots).bit_length() - 1
    bus = acpi_pcihp_find_hotplug_bus(s, bsel)
    if bus is None or not 0 <= slot <= 31:
        return
    status = status_of(s, bsel)
    status.down &= ~(1 << slot)
    status.up &= ~(1 << slot)
    for dev in functions_of(bus):
        qdev = DEVICE(dev)
        if PCI_SLOT(dev.devfn) != slot or acpi_pcihp_pc_no_hotplug(s, dev):
            continue
        if dev.partially_hotplugged:
            # failover keeps the device, to plug it in again if migration fails
            qdev.pending_deleted_event = False
        else:
            hotplug_ctrl = qdev_get_hotplug_handler(qdev)
            assert hotplug_ctrl is not None
            with error_abort():
                hotplug_handler_unplug(hotplug_ctrl, qdev)
            object_unparent(OBJECT(qdev))


@emulates
def acpi_pcihp_update_hotplug_bus(s: AcpiPciHpState, bsel: int) -> None:
    """At reset, do what was still to be ejected, and note which slots can be."""
    bus = acpi_pcihp_find_hotplug_bus(s, bsel)
    status = status_of(s, bsel)
    while status.down:
        acpi_pcihp_eject_slot(s, bsel, status.down)
    status.hotplug_enable = UINT32_MAX
    if bus is None:
        return
    for pdev in functions_of(bus):
        if acpi_pcihp_pc_no_hotplug(s, pdev):
            status.hotplug_enable &= ~(1 << PCI_SLOT(pdev.devfn))


@emulates
def acpi_pcihp_update(s: AcpiPciHpState) -> None:
    """Do that for every bus: one without number and entry is as reset leaves it."""
    numbered: set[int] = {0, *(int(bsel) for bsel in s.acpi_pcihp_pci_status)}
    assert s.root is not None
    pci_for_each_bus(s.root, lambda bus, opaque: numbered.add(acpi_pcihp_get_bsel(bus)), None)
    for i in sorted(numbered - {-1}):
        acpi_pcihp_update_hotplug_bus(s, i)


@emulates
def acpi_pcihp_reset(s: AcpiPciHpState, acpihp_root_off: bool) -> None:
    """Reset hotplug."""
    if acpihp_root_off:
        acpi_pcihp_disable_root_bus()
    acpi_set_pci_info()
    acpi_pcihp_update(s)


@emulates
def acpi_pcihp_device_pre_plug_cb(hotplug_dev: Part, dev: DeviceState) -> None:
    """Check a device. Error: its bus has no number, or its ``acpi-index`` is too high or taken."""
    pdev = PCI_DEVICE(dev)
    if dev.hotplugged and acpi_pcihp_get_bsel(pci_get_bus(pdev)) < 0:
        error_setg(f"Unsupported bus. Bus doesn't have property '{ACPI_PCIHP_PROP_BSEL}' set")
    # systemd, the only one who looks at the index, stops there
    if pdev.acpi_index > ONBOARD_INDEX_MAX:
        error_setg(f"acpi-index should be less or equal to {ONBOARD_INDEX_MAX}")
    if pdev.acpi_index:
        used_indexes = pcihp_statics().used_acpi_index_list
        if pdev.acpi_index in used_indexes:
            error_setg(f"a PCI device with acpi-index = {pdev.acpi_index} already exist")
        at = sum(index < pdev.acpi_index for index in used_indexes)
        used_indexes.insert(at, pdev.acpi_index)


@emulates
def acpi_pcihp_device_plug_cb(hotplug_dev: Part, s: AcpiPciHpState, dev: DeviceState) -> None:
    """Take over the bus of a bridge that is there at boot; tell the guest of what comes later."""
    pdev = PCI_DEVICE(dev)
    if not dev.hotplugged:
        if not s.legacy_piix and object_dynamic_cast(OBJECT(dev), TYPE_PCI_BRIDGE) is not None:
            sec = pci_bridge_get_sec_bus(PCI_BRIDGE(pdev))
            if object_dynamic_cast(OBJECT(dev), TYPE_PCIE_SLOT) is not None and not PCIE_SLOT(pdev).hotplug:
                qbus_set_hotplug_handler(BUS(sec), None)
                return
            qbus_set_hotplug_handler(BUS(sec), hotplug_dev)
            assert not len(sec.child)
        return
    bus = pci_get_bus(pdev)
    bridge = pci_bridge_get_device(bus)
    if any(object_dynamic_cast(bridge, name) is not None for name in (TYPE_PCIE_ROOT_PORT, TYPE_XIO3130_DOWNSTREAM)):
        assert bridge is not None
        pcie_cap_slot_enable_power(bridge)
    bsel = acpi_pcihp_get_bsel(bus)
    assert bsel >= 0
    status_of(s, bsel).up |= 1 << PCI_SLOT(pdev.devfn)
    acpi_send_event(DEVICE(hotplug_dev), AcpiEventStatusBits.ACPI_PCI_HOTPLUG_STATUS)


@emulates
def acpi_pcihp_device_unplug_cb(hotplug_dev: Part, s: AcpiPciHpState, dev: DeviceState) -> None:
    """Take a device away; its ``acpi-index`` is free again."""
    pdev = PCI_DEVICE(dev)
    if pdev.acpi_index:
        pcihp_statics().used_acpi_index_list.remove(pdev.acpi_index)
    qdev_unrealize(dev)


@emulates
def acpi_pcihp_device_unplug_request_cb(hotplug_dev: Part, s: AcpiPciHpState, dev: DeviceState) -> None:
    """Ask the guest to let a device go. Error: its bus has no number."""
    pdev = PCI_DEVICE(dev)
    bsel = acpi_pcihp_get_bsel(pci_get_bus(pdev))
    if bsel < 0:
        error_setg(f"Unsupported bus. Bus doesn't have property '{ACPI_PCIHP_PROP_BSEL}' set")
    dev.pending_deleted_event = True
    # a guest that is still booting drops the request: it may be repeated at once
    dev.pending_deleted_expires_ms = qemu_clock_get_ms(QEMU_CLOCK_VIRTUAL)
    status_of(s, bsel).down |= 1 << PCI_SLOT(pdev.devfn)
    acpi_send_event(DEVICE(hotplug_dev), AcpiEventStatusBits.ACPI_PCI_HOTPLUG_STATUS)


@emulates
def pci_read(opaque: AcpiPciHpState, addr: int, size: int) -> int:
    """Read a register of the bus that is selected."""
    s = opaque
    if s.hotplug_select >= ACPI_PCIHP_MAX_HOTPLUG_BUS:
        return 0
    status = status_of(s, s.hotplug_select)
    val = 0
    if addr == PCI_UP_BASE:
        val = status.up
        if not s.legacy_piix:
            status.up = 0
    elif addr == PCI_DOWN_BASE:
        val = status.down
    elif addr == PCI_RMV_BASE:
        val = status.hotplug_enable
    elif addr == PCI_SEL_BASE:
        val = s.hotplug_select
    elif addr == PCI_AIDX_BASE:
        val = s.acpi_index
        s.acpi_index = 0
    return val


@emulates
def pci_write(opaque: AcpiPciHpState, addr: int, data: int, size: int) -> None:
    """Write a register: select a bus, eject a slot, ask for a slot's ``acpi-index``."""
    s = opaque
    s.acpi_index = 0
    if addr == PCI_AIDX_BASE:
        slot = (data & -data).bit_length() - 1
        bus = acpi_pcihp_find_hotplug_bus(s, s.hotplug_select) if s.hotplug_select < ACPI_PCIHP_MAX_HOTPLUG_BUS else None
        for dev in functions_of(bus) if bus is not None else ():
            if PCI_SLOT(dev.devfn) == slot:
                s.acpi_index = object_property_get_uint(OBJECT(dev), "acpi-index")
                break
    elif addr == PCI_EJ_BASE:
        if s.hotplug_select < ACPI_PCIHP_MAX_HOTPLUG_BUS:
            acpi_pcihp_eject_slot(s, s.hotplug_select, data)
    elif addr == PCI_SEL_BASE:
        s.hotplug_select = ACPI_PCIHP_BSEL_DEFAULT if s.legacy_piix else data


acpi_pcihp_io_ops: Final = MemoryRegionOps(
    name="acpi_pcihp_io_ops",
    read=pci_read,
    write=pci_write,
    endianness=DEVICE_LITTLE_ENDIAN,
    valid=Valid(min_access_size=4, max_access_size=4),
)


@emulates
def acpi_pcihp_init(
    owner: Object,
    s: AcpiPciHpState,
    root_bus: PCIBus,
    address_space_io: MemoryRegion,
    bridges_enabled: bool,
    io_base: int,
) -> None:
    """Make the registers."""
    s.io_len = ACPI_PCIHP_SIZE
    s.io_base = io_base
    s.root = root_bus
    s.legacy_piix = not bridges_enabled
    memory_region_init_io(Ptr(s, "io"), owner, acpi_pcihp_io_ops, s, "acpi-pci-hotplug", s.io_len)
    assert s.io is not None
    memory_region_add_subregion(address_space_io, s.io_base, s.io)
    object_property_add_uint16_ptr(owner, ACPI_PCIHP_IO_BASE_PROP, Ptr(s, "io_base"), OBJ_PROP_FLAG_READ)
    object_property_add_uint16_ptr(owner, ACPI_PCIHP_IO_LEN_PROP, Ptr(s, "io_len"), OBJ_PROP_FLAG_READ)
