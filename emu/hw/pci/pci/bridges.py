"""Bridges: structs and constants (include/hw/pci/pci_bridge.h)."""

from __future__ import annotations

from typing import ClassVar, Final

from emu.hw.pci.pci.structs import QEMU_PCI_VGA_NUM_REGIONS, MapIrq, PCIBus, PCIDevice
from emu.qom.parts import Part, caster
from emu.softmmu.memory import MemoryRegion
from emu.trace import Seq, Struct, emulates, fresh

TYPE_PCI_BRIDGE: Final = "base-pci-bridge"

PCI_BRIDGE_DEV_PROP_CHASSIS_NR: Final = "chassis_nr"
PCI_BRIDGE_DEV_PROP_MSI: Final = "msi"
PCI_BRIDGE_DEV_PROP_SHPC: Final = "shpc"

PCI_BRIDGE_QEMU_CAP_SIZE: Final = 32
"""``sizeof(PCIBridgeQemuCap)``."""
REDHAT_PCI_CAP_RESOURCE_RESERVE: Final = 1
UNSET_32: Final = 0xFFFFFFFF
UNSET_64: Final = 0xFFFF_FFFF_FFFF_FFFF


class VgaAliases(Seq[MemoryRegion | None]):
    """``MemoryRegion alias_vga[QEMU_PCI_VGA_NUM_REGIONS]``."""

    def __init__(self) -> None:
        super().__init__([None] * QEMU_PCI_VGA_NUM_REGIONS)


class PCIBridgeWindows(Struct):
    """The windows through which a bridge shows what is behind it, in the address spaces of the bus that it is on."""

    alias_pref_mem: MemoryRegion | None = None
    alias_mem: MemoryRegion | None = None
    alias_io: MemoryRegion | None = None
    alias_vga: Seq[MemoryRegion | None] = fresh(VgaAliases)


class PCIBridge(Part):
    """A device with a bus behind it. The address spaces behind it are whole ones, whatever its windows show of them."""

    SIZE: ClassVar[int] = 5504
    sec_bus: PCIBus | None = None
    address_space_mem: MemoryRegion | None = None
    address_space_io: MemoryRegion | None = None
    windows: PCIBridgeWindows | None = None
    map_irq: MapIrq | None = None
    bus_name: str | None = None


class PCIResReserve(Struct):
    """What firmware is to keep free behind a bridge: buses, and bytes of each kind of address. All ones: not said."""

    bus: int = 0
    io: int = 0
    mem_non_pref: int = 0
    mem_pref_32: int = 0
    mem_pref_64: int = 0


PCI_BRIDGE = caster(PCIBridge, TYPE_PCI_BRIDGE)


def pci_bridge_get_device(bus: PCIBus) -> PCIDevice | None:
    """Return the bridge that a bus is behind."""
    return bus.parent_dev


def sec_bus_of(br: PCIBridge) -> PCIBus:
    """Return the bus behind a bridge whose bus was made."""
    assert br.sec_bus is not None
    return br.sec_bus


@emulates(file="hw/pci/pci_bridge.c")
def pci_bridge_get_sec_bus(br: PCIBridge) -> PCIBus:
    """Return the bus behind a bridge."""
    return sec_bus_of(br)
