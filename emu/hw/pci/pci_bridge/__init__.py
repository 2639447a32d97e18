"""Bridges from one PCI bus to another (hw/pci/pci_bridge.c)."""

from emu.hw.pci.pci.bridges import (
    PCI_BRIDGE,
    PCI_BRIDGE_DEV_PROP_CHASSIS_NR,
    PCI_BRIDGE_DEV_PROP_MSI,
    PCI_BRIDGE_DEV_PROP_SHPC,
    PCI_BRIDGE_QEMU_CAP_SIZE,
    TYPE_PCI_BRIDGE,
    PCIBridge,
    PCIBridgeWindows,
    PCIResReserve,
    pci_bridge_get_device,
    pci_bridge_get_sec_bus,
    sec_bus_of,
)
from emu.hw.pci.pci_bridge.bridge import (
    pci_bridge_disable_base_limit,
    pci_bridge_exitfn,
    pci_bridge_initfn,
    pci_bridge_map_irq,
    pci_bridge_qemu_reserve_cap_init,
    pci_bridge_reset,
    pci_bridge_ssvid_init,
    pci_bridge_write_config,
)
from emu.hw.pci.pci_bridge.regions import pci_bridge_update_mappings
from emu.hw.pci.pci_bridge.window import pci_bridge_get_base, pci_bridge_get_limit
