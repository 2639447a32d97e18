"""The windows of a bridge as its registers tell them (hw/pci/pci_bridge.c; PCI-to-PCI bridge specification 3.2.5)."""

from __future__ import annotations

from emu.hw.pci.pci.bytes import pci_get_long, pci_get_word
from emu.hw.pci.pci.structs import PCIDevice
from emu.standard_headers.linux import pci_regs as r
from emu.trace import emulates

PAGE_OF_PORTS = 0xFFF
MEGABYTE = 0xFFFFF


@emulates(file="hw/pci/pci_bridge.c")
def pci_config_get_io_base(d: PCIDevice, base: int, base_upper16: int) -> int:
    """Return the ports that an I/O window begins or ends with, a multiple of 4096."""
    val = (d.config[base] & r.PCI_IO_RANGE_MASK) << 8
    if d.config[base] & r.PCI_IO_RANGE_TYPE_32:
        val |= pci_get_word(d.config + base_upper16) << 16
    return val


@emulates(file="hw/pci/pci_bridge.c")
def pci_config_get_memory_base(d: PCIDevice, base: int) -> int:
    """Return the address that a memory window begins or ends with, a multiple of 1 MiB."""
    return (pci_get_word(d.config + base) & r.PCI_MEMORY_RANGE_MASK) << 16


@emulates(file="hw/pci/pci_bridge.c")
def pci_config_get_pref_base(d: PCIDevice, base: int, upper: int) -> int:
    """Return the address that a window of prefetchable memory begins or ends with, a multiple of 1 MiB."""
    tmp = pci_get_word(d.config + base)
    val = (tmp & r.PCI_PREF_RANGE_MASK) << 16
    if tmp & r.PCI_PREF_RANGE_TYPE_64:
        val |= pci_get_long(d.config + upper) << 32
    return val


@emulates(file="hw/pci/pci_bridge.c")
def pci_bridge_get_base(bridge: PCIDevice, type_: int) -> int:
    """Return the first address of the window for a kind of BAR."""
    if type_ & r.PCI_BASE_ADDRESS_SPACE_IO:
        return pci_config_get_io_base(bridge, r.PCI_IO_BASE, r.PCI_IO_BASE_UPPER16)
    if type_ & r.PCI_BASE_ADDRESS_MEM_PREFETCH:
        return pci_config_get_pref_base(bridge, r.PCI_PREF_MEMORY_BASE, r.PCI_PREF_BASE_UPPER32)
    return pci_config_get_memory_base(bridge, r.PCI_MEMORY_BASE)


@emulates(file="hw/pci/pci_bridge.c")
def pci_bridge_get_limit(bridge: PCIDevice, type_: int) -> int:
    """Return the last address of the window for a kind of BAR."""
    if type_ & r.PCI_BASE_ADDRESS_SPACE_IO:
        return pci_config_get_io_base(bridge, r.PCI_IO_LIMIT, r.PCI_IO_LIMIT_UPPER16) | PAGE_OF_PORTS
    if type_ & r.PCI_BASE_ADDRESS_MEM_PREFETCH:
        return pci_config_get_pref_base(bridge, r.PCI_PREF_MEMORY_LIMIT, r.PCI_PREF_LIMIT_UPPER32) | MEGABYTE
    return pci_config_get_memory_base(bridge, r.PCI_MEMORY_LIMIT) | MEGABYTE
