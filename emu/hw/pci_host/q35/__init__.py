"""The Q35's host bridge (hw/pci-host/q35.c)."""

from emu.hw.pci_host.q35.host import (
    MCH_HOST_PROP_IO_MEM,
    MCH_HOST_PROP_PCI_MEM,
    MCH_HOST_PROP_RAM_MEM,
    MCH_HOST_PROP_SYSTEM_MEM,
    Q35_HOST_DEVICE,
    TYPE_Q35_HOST_DEVICE,
    Q35PCIHost,
)

__all__ = [
    "MCH_HOST_PROP_IO_MEM",
    "MCH_HOST_PROP_PCI_MEM",
    "MCH_HOST_PROP_RAM_MEM",
    "MCH_HOST_PROP_SYSTEM_MEM",
    "Q35_HOST_DEVICE",
    "TYPE_Q35_HOST_DEVICE",
    "Q35PCIHost",
]
