"""Power and reset (hw/pci/pci.c)."""

from __future__ import annotations

from emu.hw.core.qdev import qdev_reset_all
from emu.hw.core.qdev_core import DEVICE, BusState
from emu.hw.pci.msi import msi_reset
from emu.hw.pci.msix import msix_reset
from emu.hw.pci.pci.bar import pci_reset_regions, pci_update_mappings
from emu.hw.pci.pci.bytes import pci_byte_test_and_clear_mask, pci_get_word, pci_word_test_and_clear_mask
from emu.hw.pci.pci.irq import pci_device_deassert_intx
from emu.hw.pci.pci.structs import PCI_BUS, PCIDevice
from emu.softmmu.memory import memory_region_set_enabled
from emu.standard_headers.linux.pci_regs import (
    PCI_CACHE_LINE_SIZE,
    PCI_COMMAND,
    PCI_COMMAND_MASTER,
    PCI_INTERRUPT_LINE,
    PCI_STATUS,
)
from emu.trace import emulates


def _writable(dev: PCIDevice, at: int) -> int:
    return pci_get_word(dev.wmask + at) | pci_get_word(dev.w1cmask + at)


@emulates
def pci_do_device_reset(dev: PCIDevice) -> None:
    """Reset what all devices have: pins, command and status, BARs, message interrupts."""
    pci_device_deassert_intx(dev)
    assert dev.irq_state == 0
    pci_word_test_and_clear_mask(dev.config + PCI_COMMAND, _writable(dev, PCI_COMMAND))
    pci_word_test_and_clear_mask(dev.config + PCI_STATUS, _writable(dev, PCI_STATUS))
    pci_byte_test_and_clear_mask(dev.config + PCI_INTERRUPT_LINE, _writable(dev, PCI_INTERRUPT_LINE) & 0xFF)
    dev.config[PCI_CACHE_LINE_SIZE] = 0x0
    pci_reset_regions(dev)
    pci_update_mappings(dev)
    msi_reset(dev)
    msix_reset(dev)


@emulates
def pci_device_reset(dev: PCIDevice) -> None:
    """Reset a device on its own: RST#, or a function level reset."""
    qdev_reset_all(DEVICE(dev))
    pci_do_device_reset(dev)


@emulates
def pcibus_reset(qbus: BusState) -> None:
    """Reset the devices of a bus, after their own reset methods."""
    bus = PCI_BUS(qbus)
    for dev in bus.devices:
        if dev is not None:
            pci_do_device_reset(dev)
    assert not any(bus.irq_count or ())


@emulates
def pci_set_power(d: PCIDevice, state: bool) -> None:
    """Switch a device on or off: without power nothing is mapped and it is no master."""
    if d.has_power == state:
        return
    d.has_power = state
    pci_update_mappings(d)
    master = pci_get_word(d.config + PCI_COMMAND) & PCI_COMMAND_MASTER
    memory_region_set_enabled(d.bus_master_enable_region, bool(master) and d.has_power)
    if not d.has_power:
        pci_device_reset(d)
