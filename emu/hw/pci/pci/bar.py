"""Base address registers: what they stand for, where the guest put it, mapping it there (hw/pci/pci.c)."""

from __future__ import annotations

from emu.errors import NotModelled, QemuAbort
from emu.hw.core.machine import MACHINE_CLASS
from emu.hw.core.qdev import qdev_get_machine
from emu.hw.pci.pci.bytes import pci_get_long, pci_get_quad, pci_get_word, pci_set_long, pci_set_quad
from emu.hw.pci.pci.structs import (
    PCI_BAR_UNMAPPED,
    PCI_HEADER_TYPE_MULTI_FUNCTION,
    PCI_NUM_REGIONS,
    PCI_ROM_SLOT,
    QEMU_PCI_VGA_IO_HI,
    QEMU_PCI_VGA_IO_HI_BASE,
    QEMU_PCI_VGA_IO_HI_SIZE,
    QEMU_PCI_VGA_IO_LO,
    QEMU_PCI_VGA_IO_LO_BASE,
    QEMU_PCI_VGA_IO_LO_SIZE,
    QEMU_PCI_VGA_MEM,
    QEMU_PCI_VGA_MEM_BASE,
    QEMU_PCI_VGA_MEM_SIZE,
    PCIDevice,
    pci_get_bus,
    pci_is_vf,
)
from emu.qom.object import object_get_class
from emu.softmmu.memory import (
    HWADDR_MAX,
    MemoryRegion,
    memory_region_add_subregion_overlap,
    memory_region_del_subregion,
    memory_region_set_enabled,
    memory_region_size,
)
from emu.standard_headers.linux.pci_regs import (
    PCI_BASE_ADDRESS_0,
    PCI_BASE_ADDRESS_MEM_TYPE_64,
    PCI_BASE_ADDRESS_SPACE_IO,
    PCI_COMMAND,
    PCI_COMMAND_IO,
    PCI_COMMAND_MEMORY,
    PCI_HEADER_TYPE,
    PCI_HEADER_TYPE_BRIDGE,
    PCI_ROM_ADDRESS,
    PCI_ROM_ADDRESS1,
    PCI_ROM_ADDRESS_ENABLE,
)
from emu.trace import emulates
from emu.util.error_report import error_printf

UINT32_MAX = (1 << 32) - 1
UINT64_MASK = (1 << 64) - 1


def _header_type(d: PCIDevice) -> int:
    return d.config[PCI_HEADER_TYPE] & ~PCI_HEADER_TYPE_MULTI_FUNCTION


def pci_bar(d: PCIDevice, reg: int) -> int:
    """Return the offset of a base address register; the ROM's differs between devices and bridges."""
    assert not pci_is_vf(d)
    if reg != PCI_ROM_SLOT:
        return PCI_BASE_ADDRESS_0 + reg * 4
    return PCI_ROM_ADDRESS1 if _header_type(d) == PCI_HEADER_TYPE_BRIDGE else PCI_ROM_ADDRESS


@emulates
def pci_register_bar(pci_dev: PCIDevice, region_num: int, type_: int, memory: MemoryRegion) -> None:
    """Let base address register ``region_num`` stand for a region, whose size must be a power of two."""
    size = memory_region_size(memory)
    assert not pci_is_vf(pci_dev)
    assert 0 <= region_num < PCI_NUM_REGIONS
    assert size
    assert not size & (size - 1)
    if _header_type(pci_dev) == PCI_HEADER_TYPE_BRIDGE and region_num >= 2:
        # a bridge with a ROM file is stopped by QEMU's own assertion
        assertion = "hdr_type != PCI_HEADER_TYPE_BRIDGE || region_num < 2"
        error_printf(f"qemu-system-x86_64: ../../hw/pci/pci.c:1245: pci_register_bar: Assertion `{assertion}' failed.\n")
        raise QemuAbort
    bus = pci_get_bus(pci_dev)
    r = pci_dev.io_regions[region_num]
    r.addr = PCI_BAR_UNMAPPED
    r.size = size
    r.type = type_
    r.memory = memory
    r.address_space = bus.address_space_io if type_ & PCI_BASE_ADDRESS_SPACE_IO else bus.address_space_mem
    # the guest finds out the size from which address bits it can set
    wmask = ~(size - 1) & UINT64_MASK
    if region_num == PCI_ROM_SLOT:
        wmask |= PCI_ROM_ADDRESS_ENABLE
    addr = pci_bar(pci_dev, region_num)
    pci_set_long(pci_dev.config + addr, type_)
    if not r.type & PCI_BASE_ADDRESS_SPACE_IO and r.type & PCI_BASE_ADDRESS_MEM_TYPE_64:
        pci_set_quad(pci_dev.wmask + addr, wmask)
        pci_set_quad(pci_dev.cmask + addr, UINT64_MASK)
    else:
        pci_set_long(pci_dev.wmask + addr, wmask & 0xFFFFFFFF)
        pci_set_long(pci_dev.cmask + addr, 0xFFFFFFFF)


@emulates
def pci_update_vga(pci_dev: PCIDevice) -> None:
    """Show or hide the legacy VGA ranges as the command register says."""
    if not pci_dev.has_vga:
        return
    cmd = pci_get_word(pci_dev.config + PCI_COMMAND)
    memory_region_set_enabled(pci_dev.vga_regions[QEMU_PCI_VGA_MEM], bool(cmd & PCI_COMMAND_MEMORY))
    memory_region_set_enabled(pci_dev.vga_regions[QEMU_PCI_VGA_IO_LO], bool(cmd & PCI_COMMAND_IO))
    memory_region_set_enabled(pci_dev.vga_regions[QEMU_PCI_VGA_IO_HI], bool(cmd & PCI_COMMAND_IO))


@emulates
def pci_register_vga(pci_dev: PCIDevice, mem: MemoryRegion, io_lo: MemoryRegion, io_hi: MemoryRegion) -> None:
    """Let a device answer at the legacy VGA addresses."""
    bus = pci_get_bus(pci_dev)
    assert bus.address_space_mem is not None
    assert bus.address_space_io is not None
    assert not pci_dev.has_vga
    assert memory_region_size(mem) == QEMU_PCI_VGA_MEM_SIZE
    pci_dev.vga_regions[QEMU_PCI_VGA_MEM] = mem
    memory_region_add_subregion_overlap(bus.address_space_mem, QEMU_PCI_VGA_MEM_BASE, mem, 1)
    assert memory_region_size(io_lo) == QEMU_PCI_VGA_IO_LO_SIZE
    pci_dev.vga_regions[QEMU_PCI_VGA_IO_LO] = io_lo
    memory_region_add_subregion_overlap(bus.address_space_io, QEMU_PCI_VGA_IO_LO_BASE, io_lo, 1)
    assert memory_region_size(io_hi) == QEMU_PCI_VGA_IO_HI_SIZE
    pci_dev.vga_regions[QEMU_PCI_VGA_IO_HI] = io_hi
    memory_region_add_subregion_overlap(bus.address_space_io, QEMU_PCI_VGA_IO_HI_BASE, io_hi, 1)
    pci_dev.has_vga = True
    pci_update_vga(pci_dev)


@emulates
def pci_unregister_vga(pci_dev: PCIDevice) -> None:
    """Undo pci_register_vga."""
    if not pci_dev.has_vga:
        return
    bus = pci_get_bus(pci_dev)
    for place, space in (
        (QEMU_PCI_VGA_MEM, bus.address_space_mem),
        (QEMU_PCI_VGA_IO_LO, bus.address_space_io),
        (QEMU_PCI_VGA_IO_HI, bus.address_space_io),
    ):
        region = pci_dev.vga_regions[place]
        assert region is not None
        assert space is not None
        memory_region_del_subregion(space, region)
    pci_dev.has_vga = False


def pci_get_bar_addr(pci_dev: PCIDevice, region_num: int) -> int:
    """Return where a base address register's region is mapped."""
    return pci_dev.io_regions[region_num].addr


def pci_config_get_bar_addr(d: PCIDevice, reg: int, type_: int, size: int) -> int:
    """Return the address that the guest has written into a base address register."""
    if pci_is_vf(d):
        raise NotModelled("virtual functions (SR-IOV)")
    bar = d.config + pci_bar(d, reg)
    new_addr = pci_get_quad(bar) if type_ & PCI_BASE_ADDRESS_MEM_TYPE_64 else pci_get_long(bar)
    if reg != PCI_ROM_SLOT:
        # the ROM's enable bit is looked at by the caller
        new_addr &= ~(size - 1)
    return new_addr


@emulates
def pci_bar_address(d: PCIDevice, reg: int, type_: int, size: int) -> int:
    """Return where a base address register's region belongs now, PCI_BAR_UNMAPPED for nowhere."""
    cmd = pci_get_word(d.config + PCI_COMMAND)
    allow_0_address = MACHINE_CLASS(object_get_class(qdev_get_machine())).pci_allow_0_address
    if type_ & PCI_BASE_ADDRESS_SPACE_IO:
        if not cmd & PCI_COMMAND_IO:
            return PCI_BAR_UNMAPPED
        new_addr = pci_config_get_bar_addr(d, reg, type_, size)
        last_addr = (new_addr + size - 1) & UINT64_MASK
        if last_addr <= new_addr or last_addr >= UINT32_MAX or (not allow_0_address and new_addr == 0):
            return PCI_BAR_UNMAPPED
        return new_addr
    if not cmd & PCI_COMMAND_MEMORY:
        return PCI_BAR_UNMAPPED
    new_addr = pci_config_get_bar_addr(d, reg, type_, size)
    if reg == PCI_ROM_SLOT and not new_addr & PCI_ROM_ADDRESS_ENABLE:
        return PCI_BAR_UNMAPPED
    new_addr &= ~(size - 1)
    last_addr = (new_addr + size - 1) & UINT64_MASK
    if last_addr <= new_addr or last_addr == PCI_BAR_UNMAPPED or (not allow_0_address and new_addr == 0):
        return PCI_BAR_UNMAPPED
    if not type_ & PCI_BASE_ADDRESS_MEM_TYPE_64 and last_addr >= UINT32_MAX:
        return PCI_BAR_UNMAPPED
    if last_addr >= HWADDR_MAX:
        return PCI_BAR_UNMAPPED
    return new_addr


@emulates
def pci_update_mappings(d: PCIDevice) -> None:
    """Map each base address register's region where it belongs now."""
    for i, r in enumerate(d.io_regions):
        if not r.size:
            continue
        new_addr = pci_bar_address(d, i, r.type, r.size)
        if not d.has_power:
            new_addr = PCI_BAR_UNMAPPED
        if new_addr == r.addr:
            continue
        assert r.address_space is not None
        assert r.memory is not None
        if r.addr != PCI_BAR_UNMAPPED:
            memory_region_del_subregion(r.address_space, r.memory)
        r.addr = new_addr
        if r.addr != PCI_BAR_UNMAPPED:
            memory_region_add_subregion_overlap(r.address_space, r.addr, r.memory, 1)
    pci_update_vga(d)


@emulates
def pci_unregister_io_regions(pci_dev: PCIDevice) -> None:
    """Unmap every region of a device."""
    for r in pci_dev.io_regions:
        if not r.size or r.addr == PCI_BAR_UNMAPPED:
            continue
        assert r.address_space is not None
        assert r.memory is not None
        memory_region_del_subregion(r.address_space, r.memory)
    pci_unregister_vga(pci_dev)


@emulates
def pci_reset_regions(dev: PCIDevice) -> None:
    """Reset the base address registers to address 0."""
    if pci_is_vf(dev):
        return
    for r, region in enumerate(dev.io_regions):
        if not region.size:
            continue
        bar = dev.config + pci_bar(dev, r)
        if not region.type & PCI_BASE_ADDRESS_SPACE_IO and region.type & PCI_BASE_ADDRESS_MEM_TYPE_64:
            pci_set_quad(bar, region.type)
        else:
            pci_set_long(bar, region.type)
