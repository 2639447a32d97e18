"""The regions through which a bridge shows what is behind it (hw/pci/pci_bridge.c)."""

from __future__ import annotations

from emu.hw.pci.pci.bar import pci_register_vga, pci_unregister_vga
from emu.hw.pci.pci.bridges import PCIBridge, PCIBridgeWindows
from emu.hw.pci.pci.bytes import pci_get_word
from emu.hw.pci.pci.structs import (
    PCI_DEVICE,
    QEMU_PCI_VGA_IO_HI,
    QEMU_PCI_VGA_IO_HI_BASE,
    QEMU_PCI_VGA_IO_HI_SIZE,
    QEMU_PCI_VGA_IO_LO,
    QEMU_PCI_VGA_IO_LO_BASE,
    QEMU_PCI_VGA_IO_LO_SIZE,
    QEMU_PCI_VGA_MEM,
    QEMU_PCI_VGA_MEM_BASE,
    QEMU_PCI_VGA_MEM_SIZE,
    PCIBus,
    pci_get_bus,
)
from emu.hw.pci.pci_bridge.window import pci_bridge_get_base, pci_bridge_get_limit
from emu.qom.object import OBJECT, object_unparent
from emu.softmmu.memory import (
    MemoryRegion,
    memory_region_add_subregion_overlap,
    memory_region_del_subregion,
    memory_region_init_alias,
    memory_region_transaction_begin,
    memory_region_transaction_commit,
)
from emu.standard_headers.linux.pci_regs import (
    PCI_BASE_ADDRESS_MEM_PREFETCH,
    PCI_BASE_ADDRESS_SPACE_IO,
    PCI_BASE_ADDRESS_SPACE_MEMORY,
    PCI_BRIDGE_CONTROL,
    PCI_BRIDGE_CTL_VGA,
    PCI_COMMAND,
    PCI_COMMAND_IO,
    PCI_COMMAND_MEMORY,
)
from emu.trace import Ptr, emulates, g_free


def some(mr: MemoryRegion | None) -> MemoryRegion:
    """Return a region that must be there."""
    assert mr is not None
    return mr


@emulates(file="hw/pci/pci_bridge.c")
def pci_bridge_init_alias(
    bridge: PCIBridge,
    alias: Ptr,
    type_: int,
    name: str,
    space: MemoryRegion,
    parent_space: MemoryRegion,
    enabled: bool,
) -> None:
    """Open one window, as wide as the registers say; a window that is shut has no bytes."""
    bridge_dev = PCI_DEVICE(bridge)
    base = pci_bridge_get_base(bridge_dev, type_)
    limit = pci_bridge_get_limit(bridge_dev, type_)
    size = limit + 1 - base if enabled and limit >= base else 0
    memory_region_init_alias(alias, bridge, name, space, base, size)
    memory_region_add_subregion_overlap(parent_space, base, alias.get(), 1)


@emulates(file="hw/pci/pci_bridge.c")
def pci_bridge_init_vga_aliases(br: PCIBridge, parent: PCIBus, alias_vga: PCIBridgeWindows) -> None:
    """Make the windows for legacy VGA addresses, and open them if bridge control says so."""
    pd = PCI_DEVICE(br)
    brctl = pci_get_word(pd.config + PCI_BRIDGE_CONTROL)
    io, mem = some(br.address_space_io), some(br.address_space_mem)
    windows = (
        (QEMU_PCI_VGA_IO_LO, "pci_bridge_vga_io_lo", io, QEMU_PCI_VGA_IO_LO_BASE, QEMU_PCI_VGA_IO_LO_SIZE),
        (QEMU_PCI_VGA_IO_HI, "pci_bridge_vga_io_hi", io, QEMU_PCI_VGA_IO_HI_BASE, QEMU_PCI_VGA_IO_HI_SIZE),
        (QEMU_PCI_VGA_MEM, "pci_bridge_vga_mem", mem, QEMU_PCI_VGA_MEM_BASE, QEMU_PCI_VGA_MEM_SIZE),
    )
    for place, name, space, base, size in windows:
        memory_region_init_alias(Ptr(alias_vga, "alias_vga", place), br, name, space, base, size)
    if brctl & PCI_BRIDGE_CTL_VGA:
        vga = alias_vga.alias_vga
        pci_register_vga(pd, some(vga[QEMU_PCI_VGA_MEM]), some(vga[QEMU_PCI_VGA_IO_LO]), some(vga[QEMU_PCI_VGA_IO_HI]))


@emulates(file="hw/pci/pci_bridge.c")
def pci_bridge_region_init(br: PCIBridge) -> PCIBridgeWindows:
    """Open the windows as the registers say."""
    pd = PCI_DEVICE(br)
    parent = pci_get_bus(pd)
    w = PCIBridgeWindows()
    cmd = pci_get_word(pd.config + PCI_COMMAND)
    memory, ports = bool(cmd & PCI_COMMAND_MEMORY), bool(cmd & PCI_COMMAND_IO)
    mem, io = some(br.address_space_mem), some(br.address_space_io)
    parent_mem, parent_io = some(parent.address_space_mem), some(parent.address_space_io)
    prefetchable = PCI_BASE_ADDRESS_MEM_PREFETCH
    pci_bridge_init_alias(br, Ptr(w, "alias_pref_mem"), prefetchable, "pci_bridge_pref_mem", mem, parent_mem, memory)
    pci_bridge_init_alias(br, Ptr(w, "alias_mem"), PCI_BASE_ADDRESS_SPACE_MEMORY, "pci_bridge_mem", mem, parent_mem, memory)
    pci_bridge_init_alias(br, Ptr(w, "alias_io"), PCI_BASE_ADDRESS_SPACE_IO, "pci_bridge_io", io, parent_io, ports)
    pci_bridge_init_vga_aliases(br, parent, w)
    return w


@emulates(file="hw/pci/pci_bridge.c")
def pci_bridge_region_del(br: PCIBridge, w: PCIBridgeWindows) -> None:
    """Shut the windows."""
    pd = PCI_DEVICE(br)
    parent = pci_get_bus(pd)
    memory_region_del_subregion(some(parent.address_space_io), some(w.alias_io))
    memory_region_del_subregion(some(parent.address_space_mem), some(w.alias_mem))
    memory_region_del_subregion(some(parent.address_space_mem), some(w.alias_pref_mem))
    pci_unregister_vga(pd)


@emulates(file="hw/pci/pci_bridge.c")
def pci_bridge_region_cleanup(br: PCIBridge, w: PCIBridgeWindows) -> None:
    """Give the regions of windows that are shut back."""
    vga = w.alias_vga
    for region in (
        w.alias_io,
        w.alias_mem,
        w.alias_pref_mem,
        vga[QEMU_PCI_VGA_IO_LO],
        vga[QEMU_PCI_VGA_IO_HI],
        vga[QEMU_PCI_VGA_MEM],
    ):
        object_unparent(OBJECT(some(region)))
    g_free(w)


@emulates(file="hw/pci/pci_bridge.c")
def pci_bridge_update_mappings(br: PCIBridge) -> None:
    """Move the windows to where the registers say, all at once."""
    w = br.windows
    assert w is not None
    memory_region_transaction_begin()
    pci_bridge_region_del(br, w)
    pci_bridge_region_cleanup(br, w)
    br.windows = pci_bridge_region_init(br)
    memory_region_transaction_commit()
