"""``query-pci``: what QMP and ``info pci`` tell of PCI (hw/pci/pci.c, qapi/pci.json)."""

from __future__ import annotations

from typing import Any

from emu.hw.core.qdev_core import DEVICE
from emu.hw.pci.pci.bar import pci_bar_address
from emu.hw.pci.pci.bus import pci_bus_num, pci_find_bus_nr, pci_for_each_device_under_bus, pci_globals
from emu.hw.pci.pci.bytes import pci_get_word
from emu.hw.pci.pci.hosts import PCI_HOST_BRIDGE
from emu.hw.pci.pci.path import get_class_desc
from emu.hw.pci.pci.structs import (
    PCI_BAR_UNMAPPED,
    PCI_DEVICE_GET_CLASS,
    PCI_FUNC,
    PCI_HEADER_TYPE_MULTI_FUNCTION,
    PCI_SLOT,
    PCIBus,
    PCIDevice,
)
from emu.hw.pci.pci_bridge.window import pci_bridge_get_base, pci_bridge_get_limit
from emu.standard_headers.linux import pci_regs as r
from emu.trace import emulates

Json = dict[str, Any]


def signed(address: int) -> int:
    """Return an address as the schema has it, a signed number: nowhere is -1."""
    return address - (1 << 64) if address >> 63 else address


def qmp_query_pci_regions(dev: PCIDevice) -> list[Json]:
    """Return a device's base address registers: addresses and sizes in bytes."""
    regions: list[Json] = []
    for i, region in enumerate(dev.io_regions):
        if not region.size:
            continue
        info: Json = {"bar": i}
        if region.type & r.PCI_BASE_ADDRESS_SPACE_IO:
            info["type"] = "io"
        else:
            info["prefetch"] = bool(region.type & r.PCI_BASE_ADDRESS_MEM_PREFETCH)
            info["mem_type_64"] = bool(region.type & r.PCI_BASE_ADDRESS_MEM_TYPE_64)
            info["type"] = "memory"
        info["address"] = signed(region.addr)
        info["size"] = region.size
        regions.append(info)
    return regions


def qmp_query_pci_bridge(dev: PCIDevice, bus: PCIBus) -> Json:
    """Return what a bridge leads to: bus numbers, windows, devices."""

    def window(type_: int) -> Json:
        return {"base": signed(pci_bridge_get_base(dev, type_)), "limit": signed(pci_bridge_get_limit(dev, type_))}

    secondary = dev.config[r.PCI_SECONDARY_BUS]
    info: Json = {
        "bus": {
            "number": dev.config[r.PCI_PRIMARY_BUS],
            "secondary": secondary,
            "subordinate": dev.config[r.PCI_SUBORDINATE_BUS],
            "io_range": window(r.PCI_BASE_ADDRESS_SPACE_IO),
            "memory_range": window(r.PCI_BASE_ADDRESS_SPACE_MEMORY),
            "prefetchable_range": window(r.PCI_BASE_ADDRESS_MEM_PREFETCH),
        }
    }
    if secondary != 0:
        child_bus = pci_find_bus_nr(bus, secondary)
        if child_bus is not None:
            info["devices"] = qmp_query_pci_devices(child_bus, secondary)
    return info


def qmp_query_pci_device(dev: PCIDevice, bus: PCIBus, bus_num: int) -> Json:
    """Return what ``query-pci`` tells of a device."""
    class_ = pci_get_word(dev.config + r.PCI_CLASS_DEVICE)
    desc = get_class_desc(class_)
    ids: Json = {
        "device": pci_get_word(dev.config + r.PCI_DEVICE_ID),
        "vendor": pci_get_word(dev.config + r.PCI_VENDOR_ID),
    }
    info: Json = {
        "bus": bus_num,
        "slot": PCI_SLOT(dev.devfn),
        "function": PCI_FUNC(dev.devfn),
        "class_info": {"class": class_} if desc is None else {"desc": desc.desc, "class": class_},
        "id": ids,
        "irq_pin": dev.config[r.PCI_INTERRUPT_PIN],
        "qdev_id": DEVICE(dev).id or "",
    }
    if dev.config[r.PCI_INTERRUPT_PIN] != 0:
        info["irq"] = dev.config[r.PCI_INTERRUPT_LINE]
    type_ = dev.config[r.PCI_HEADER_TYPE] & ~PCI_HEADER_TYPE_MULTI_FUNCTION
    if type_ == r.PCI_HEADER_TYPE_BRIDGE:
        info["pci_bridge"] = qmp_query_pci_bridge(dev, bus)
    elif type_ == r.PCI_HEADER_TYPE_NORMAL:
        ids["subsystem"] = pci_get_word(dev.config + r.PCI_SUBSYSTEM_ID)
        ids["subsystem-vendor"] = pci_get_word(dev.config + r.PCI_SUBSYSTEM_VENDOR_ID)
    elif type_ == r.PCI_HEADER_TYPE_CARDBUS:
        ids["subsystem"] = pci_get_word(dev.config + r.PCI_CB_SUBSYSTEM_ID)
        ids["subsystem-vendor"] = pci_get_word(dev.config + r.PCI_CB_SUBSYSTEM_VENDOR_ID)
    info["regions"] = qmp_query_pci_regions(dev)
    return info


def qmp_query_pci_devices(bus: PCIBus, bus_num: int) -> list[Json]:
    """Return the devices of a bus, by number."""
    return [qmp_query_pci_device(dev, bus, bus_num) for dev in bus.devices if dev is not None]


@emulates
def qmp_query_pci() -> list[Json]:
    """Return every PCI bus with its devices, in the form of QMP's ``query-pci``."""
    buses: list[Json] = []
    for host in pci_globals().pci_host_bridges:
        root = PCI_HOST_BRIDGE(host).bus
        assert root is not None
        number = pci_bus_num(root)
        bus = pci_find_bus_nr(root, number)
        if bus is not None:
            buses.append({"bus": number, "devices": qmp_query_pci_devices(bus, number)})
    return buses


Range = tuple[int, int]
"""Lowest and highest address."""


def pci_bus_get_w64_range(bus: PCIBus) -> Range | None:
    """Return the addresses above 4 GiB that the devices of a bus use, None if they use none."""
    found: list[Range] = []
    pci_for_each_device_under_bus(bus, pci_dev_get_w64, found)
    return (min(lob for lob, _ in found), max(upb for _, upb in found)) if found else None


def pci_dev_get_w64(_bus: PCIBus, dev: PCIDevice, opaque: list[Range]) -> None:
    """Note the addresses above 4 GiB that a device uses."""
    if not pci_get_word(dev.config + r.PCI_COMMAND) & r.PCI_COMMAND_MEMORY:
        return
    if PCI_DEVICE_GET_CLASS(dev).is_bridge:
        base = max(pci_bridge_get_base(dev, r.PCI_BASE_ADDRESS_MEM_PREFETCH), 1 << 32)
        limit = pci_bridge_get_limit(dev, r.PCI_BASE_ADDRESS_MEM_PREFETCH)
        if limit >= base:
            opaque.append((base, limit))
    for i, region in enumerate(dev.io_regions):
        type_ = region.type
        if not region.size or type_ & r.PCI_BASE_ADDRESS_SPACE_IO or not type_ & r.PCI_BASE_ADDRESS_MEM_TYPE_64:
            continue
        addr = pci_bar_address(dev, i, type_, region.size)
        lob = max(addr, 1 << 32)
        upb = addr + region.size - 1
        if addr != PCI_BAR_UNMAPPED and upb >= lob:
            opaque.append((lob, upb))
