"""Bridges: what all of them do in realize, on reset and when written (hw/pci/pci_bridge.c)."""

from __future__ import annotations

import struct
from typing import Final

from emu.hw.core.bus import qbus_init
from emu.hw.core.qdev import qbus_reset_all
from emu.hw.core.qdev_core import BUS, DEVICE, DeviceState
from emu.hw.pci.pci.bridges import (
    PCI_BRIDGE,
    PCI_BRIDGE_QEMU_CAP_SIZE,
    REDHAT_PCI_CAP_RESOURCE_RESERVE,
    TYPE_PCI_BRIDGE,
    UNSET_32,
    UNSET_64,
    PCIBridge,
    PCIResReserve,
    sec_bus_of,
)
from emu.hw.pci.pci.bytes import (
    pci_byte_test_and_clear_mask,
    pci_byte_test_and_set_mask,
    pci_config_set_class,
    pci_get_word,
    pci_set_long,
    pci_set_word,
    pci_word_test_and_clear_mask,
    pci_word_test_and_set_mask,
)
from emu.hw.pci.pci.caps import pci_add_capability
from emu.hw.pci.pci.config import pci_default_write_config
from emu.hw.pci.pci.irq import pci_swizzle_map_irq_fn
from emu.hw.pci.pci.structs import (
    PCI_DEVICE,
    PCI_HEADER_TYPE_MULTI_FUNCTION,
    TYPE_PCI_DEVICE,
    MapIrq,
    PCIDevice,
    pci_get_bus,
)
from emu.hw.pci.pci_bridge.regions import (
    pci_bridge_region_cleanup,
    pci_bridge_region_del,
    pci_bridge_region_init,
    pci_bridge_update_mappings,
)
from emu.hw.pci.pci_ids import PCI_CLASS_BRIDGE_PCI
from emu.qapi.error import error_setg
from emu.qemu.module import type_init
from emu.qemu.range import ranges_overlap
from emu.qom.object import TypeInfo, type_register_static
from emu.softmmu.memory import UINT64_MAX, memory_region_init
from emu.standard_headers.linux import pci_regs as r
from emu.trace import Ptr, emulates

PCI_SSVID_SIZEOF: Final = 8
PCI_SSVID_SVID: Final = 4
PCI_SSVID_SSID: Final = 6
GIB: Final = 1 << 30


@emulates(file="hw/pci/pci_bridge.c")
def pci_bridge_ssvid_init(dev: PCIDevice, offset: int, svid: int, ssid: int) -> int:
    """Add the capability that tells a bridge's subsystem; return its offset."""
    pos = pci_add_capability(dev, r.PCI_CAP_ID_SSVID, offset, PCI_SSVID_SIZEOF)
    pci_set_word(dev.config + pos + PCI_SSVID_SVID, svid)
    pci_set_word(dev.config + pos + PCI_SSVID_SSID, ssid)
    return pos


@emulates(file="hw/pci/pci_bridge.c")
def pci_bridge_write_config(d: PCIDevice, address: int, val: int, len_: int) -> None:
    """Write a bridge's configuration space; move the windows, reset what is behind it."""
    s = PCI_BRIDGE(d)
    oldctl = pci_get_word(d.config + r.PCI_BRIDGE_CONTROL)
    pci_default_write_config(d, address, val, len_)
    if (
        ranges_overlap(address, len_, r.PCI_COMMAND, 2)
        or ranges_overlap(address, len_, r.PCI_IO_BASE, 2)
        or ranges_overlap(address, len_, r.PCI_MEMORY_BASE, 20)
        or ranges_overlap(address, len_, r.PCI_BRIDGE_CONTROL, 2)
    ):
        pci_bridge_update_mappings(s)
    newctl = pci_get_word(d.config + r.PCI_BRIDGE_CONTROL)
    if ~oldctl & newctl & r.PCI_BRIDGE_CTL_BUS_RESET:
        qbus_reset_all(BUS(sec_bus_of(s)))


@emulates(file="hw/pci/pci_bridge.c")
def pci_bridge_disable_base_limit(dev: PCIDevice) -> None:
    """Shut the windows: each begins behind its end."""
    conf = dev.config
    pci_byte_test_and_set_mask(conf + r.PCI_IO_BASE, r.PCI_IO_RANGE_MASK & 0xFF)
    pci_byte_test_and_clear_mask(conf + r.PCI_IO_LIMIT, r.PCI_IO_RANGE_MASK & 0xFF)
    pci_word_test_and_set_mask(conf + r.PCI_MEMORY_BASE, r.PCI_MEMORY_RANGE_MASK & 0xFFFF)
    pci_word_test_and_clear_mask(conf + r.PCI_MEMORY_LIMIT, r.PCI_MEMORY_RANGE_MASK & 0xFFFF)
    pci_word_test_and_set_mask(conf + r.PCI_PREF_MEMORY_BASE, r.PCI_PREF_RANGE_MASK & 0xFFFF)
    pci_word_test_and_clear_mask(conf + r.PCI_PREF_MEMORY_LIMIT, r.PCI_PREF_RANGE_MASK & 0xFFFF)
    pci_set_long(conf + r.PCI_PREF_BASE_UPPER32, 0)
    pci_set_long(conf + r.PCI_PREF_LIMIT_UPPER32, 0)


@emulates(file="hw/pci/pci_bridge.c")
def pci_bridge_reset(qdev: DeviceState) -> None:
    """Reset what bridges add to the header: bus numbers, windows, control."""
    conf = PCI_DEVICE(qdev).config
    conf[r.PCI_PRIMARY_BUS] = 0
    conf[r.PCI_SECONDARY_BUS] = 0
    conf[r.PCI_SUBORDINATE_BUS] = 0
    conf[r.PCI_SEC_LATENCY_TIMER] = 0
    pci_byte_test_and_clear_mask(conf + r.PCI_IO_BASE, r.PCI_IO_RANGE_MASK & 0xFF)
    pci_byte_test_and_clear_mask(conf + r.PCI_IO_LIMIT, r.PCI_IO_RANGE_MASK & 0xFF)
    pci_word_test_and_clear_mask(conf + r.PCI_MEMORY_BASE, r.PCI_MEMORY_RANGE_MASK & 0xFFFF)
    pci_word_test_and_clear_mask(conf + r.PCI_MEMORY_LIMIT, r.PCI_MEMORY_RANGE_MASK & 0xFFFF)
    pci_word_test_and_clear_mask(conf + r.PCI_PREF_MEMORY_BASE, r.PCI_PREF_RANGE_MASK & 0xFFFF)
    pci_word_test_and_clear_mask(conf + r.PCI_PREF_MEMORY_LIMIT, r.PCI_PREF_RANGE_MASK & 0xFFFF)
    pci_set_long(conf + r.PCI_PREF_BASE_UPPER32, 0)
    pci_set_long(conf + r.PCI_PREF_LIMIT_UPPER32, 0)
    pci_set_word(conf + r.PCI_BRIDGE_CONTROL, 0)


@emulates(file="hw/pci/pci_bridge.c")
def pci_bridge_initfn(dev: PCIDevice, typename: str) -> None:
    """Give a bridge its header and the bus behind it, of a type; the bus has the bridge's id as its name."""
    parent = pci_get_bus(dev)
    br = PCI_BRIDGE(dev)
    pci_word_test_and_set_mask(dev.config + r.PCI_STATUS, r.PCI_STATUS_66MHZ | r.PCI_STATUS_FAST_BACK)
    pci_config_set_class(dev.config, PCI_CLASS_BRIDGE_PCI)
    dev.config[r.PCI_HEADER_TYPE] = dev.config[r.PCI_HEADER_TYPE] & PCI_HEADER_TYPE_MULTI_FUNCTION | r.PCI_HEADER_TYPE_BRIDGE
    pci_set_word(dev.config + r.PCI_SEC_STATUS, r.PCI_STATUS_66MHZ | r.PCI_STATUS_FAST_BACK)
    if not br.bus_name and DEVICE(dev).id:
        br.bus_name = DEVICE(dev).id
    qbus_init(Ptr(br, "sec_bus"), typename, DEVICE(dev), br.bus_name)
    sec_bus = sec_bus_of(br)
    sec_bus.parent_dev = dev
    sec_bus.map_irq = br.map_irq or pci_swizzle_map_irq_fn
    memory_region_init(Ptr(br, "address_space_mem"), br, "pci_bridge_pci", UINT64_MAX)
    sec_bus.address_space_mem = br.address_space_mem
    memory_region_init(Ptr(br, "address_space_io"), br, "pci_bridge_io", 4 * GIB)
    sec_bus.address_space_io = br.address_space_io
    br.windows = pci_bridge_region_init(br)
    parent.child.insert(0, sec_bus)


@emulates(file="hw/pci/pci_bridge.c")
def pci_bridge_exitfn(pci_dev: PCIDevice) -> None:
    """Undo pci_bridge_initfn; the bus itself goes with the device."""
    s = PCI_BRIDGE(pci_dev)
    sec_bus = sec_bus_of(s)
    assert not len(sec_bus.child)
    pci_get_bus(pci_dev).child.remove(sec_bus)
    assert s.windows is not None
    pci_bridge_region_del(s, s.windows)
    pci_bridge_region_cleanup(s, s.windows)


@emulates(file="hw/pci/pci_bridge.c")
def pci_bridge_map_irq(br: PCIBridge, bus_name: str | None, map_irq: MapIrq | None) -> None:
    """Set, before realize, the name of the bus behind a bridge and how interrupts come through."""
    br.map_irq = map_irq
    br.bus_name = bus_name


@emulates(file="hw/pci/pci_bridge.c")
def pci_bridge_qemu_reserve_cap_init(dev: PCIDevice, cap_offset: int, res_reserve: PCIResReserve) -> None:
    """Add the capability that tells firmware what to keep free behind a bridge, if anything was said.

    Error: two kinds of prefetchable memory at once, or 4 GiB and more where addresses have 32 bits.
    """
    res = res_reserve
    if UNSET_64 not in (res.mem_pref_32, res.mem_pref_64):
        error_setg("PCI resource reserve cap: PREF32 and PREF64 conflict")
    if res.mem_non_pref != UNSET_64 and res.mem_non_pref >= 4 * GIB:
        error_setg("PCI resource reserve cap: mem-reserve must be less than 4G")
    if res.mem_pref_32 != UNSET_64 and res.mem_pref_32 >= 4 * GIB:
        error_setg("PCI resource reserve cap: pref32-reserve  must be less than 4G")
    sizes = (res.io, res.mem_non_pref, res.mem_pref_32, res.mem_pref_64)
    if res.bus == UNSET_32 and all(size == UNSET_64 for size in sizes):
        return
    offset = pci_add_capability(dev, r.PCI_CAP_ID_VNDR, cap_offset, PCI_BRIDGE_QEMU_CAP_SIZE)
    cap = struct.pack(
        "<BBIQIIQ",
        PCI_BRIDGE_QEMU_CAP_SIZE,
        REDHAT_PCI_CAP_RESOURCE_RESERVE,
        res.bus,
        res.io,
        res.mem_non_pref & UNSET_32,
        res.mem_pref_32 & UNSET_32,
        res.mem_pref_64,
    )
    dev.config.put(offset + r.PCI_CAP_FLAGS, cap)


pci_bridge_type_info: Final = TypeInfo(name=TYPE_PCI_BRIDGE, parent=TYPE_PCI_DEVICE, instance=PCIBridge, abstract=True)


@type_init
@emulates(file="hw/pci/pci_bridge.c")
def pci_bridge_register_types() -> None:
    """Register ``base-pci-bridge``."""
    type_register_static(pci_bridge_type_info)
