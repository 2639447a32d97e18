"""Host bridges: the structs (include/hw/pci/pci_host.h)."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, Final

from emu.hw.pci.pci.structs import PCIBus
from emu.qom.parts import Part, caster, class_getter
from emu.softmmu.memory import MemoryRegion

TYPE_PCI_HOST_BRIDGE: Final = "pci-host-bridge"


class PCIHostState(Part):
    """A host bridge: its root bus, and the two regions through which the guest reaches configuration space."""

    SIZE: ClassVar[int] = 1680
    conf_mem: MemoryRegion | None = None
    data_mem: MemoryRegion | None = None
    mmcfg: MemoryRegion | None = None
    config_reg: int = 0
    mig_enabled: bool = False
    bus: PCIBus | None = None
    bypass_iommu: bool = False


class PCIHostBridgeClass(Part):
    """What classes of host bridges differ in: how they name their root bus."""

    SIZE: ClassVar[int] = 200
    root_bus_path: Callable[[PCIHostState, PCIBus], str] | None = None


PCI_HOST_BRIDGE = caster(PCIHostState, TYPE_PCI_HOST_BRIDGE)
PCI_HOST_BRIDGE_CLASS = caster(PCIHostBridgeClass, TYPE_PCI_HOST_BRIDGE)
PCI_HOST_BRIDGE_GET_CLASS = class_getter(PCIHostBridgeClass)
