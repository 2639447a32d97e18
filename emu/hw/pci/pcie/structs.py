"""Ports of PCI Express and slots behind them (include/hw/pci/pcie_port.h, include/hw/pci/pcie.h)."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, Final

from emu.hw.pci.pci.structs import PCIDevice
from emu.qom.parts import Part, caster, class_getter
from emu.standard_headers.linux.pci_regs import PCI_EXP_SLTCTL_ABPE, PCI_EXP_SLTCTL_CCIE, PCI_EXP_SLTCTL_PDCE

TYPE_PCIE_PORT: Final = "pcie-port"
TYPE_PCIE_SLOT: Final = "pcie-slot"
TYPE_PCIE_ROOT_PORT: Final = "pcie-root-port-base"
COMPAT_PROP_PCP: Final = "power_controller_present"

PCI_EXP_HP_EV_ABP: Final = PCI_EXP_SLTCTL_ABPE
PCI_EXP_HP_EV_PDC: Final = PCI_EXP_SLTCTL_PDCE
PCI_EXP_HP_EV_CCI: Final = PCI_EXP_SLTCTL_CCIE
PCI_EXP_HP_EV_SUPPORTED: Final = PCI_EXP_HP_EV_ABP | PCI_EXP_HP_EV_PDC | PCI_EXP_HP_EV_CCI


class PCIEPort(Part):
    """A port of a root complex or a switch: a bridge with a number."""

    SIZE: ClassVar[int] = 5520
    port: int = 0


class PCIESlot(Part):
    """A port with a slot behind it: where it is, how fast its link may be, whether devices may come and go."""

    SIZE: ClassVar[int] = 5552
    chassis: int = 0
    slot: int = 0
    speed: int = 0
    width: int = 0
    disable_acs: bool = False
    hotplug: bool = False
    native_hotplug: bool = False


class PCIERootPortClass(Part):
    """What classes of root ports differ in: interrupts, and where their capabilities lie."""

    SIZE: ClassVar[int] = 296
    parent_realize: Callable[[object], None] | None = None
    parent_reset: Callable[[object], None] | None = None
    aer_vector: Callable[[PCIDevice], int] | None = None
    interrupts_init: Callable[[PCIDevice], None] | None = None
    interrupts_uninit: Callable[[PCIDevice], None] | None = None
    exp_offset: int = 0
    aer_offset: int = 0
    ssvid_offset: int = 0
    acs_offset: int = 0
    ssid: int = 0


PCIE_PORT = caster(PCIEPort, TYPE_PCIE_PORT)
PCIE_SLOT = caster(PCIESlot, TYPE_PCIE_SLOT)
PCIE_ROOT_PORT_CLASS = caster(PCIERootPortClass, TYPE_PCIE_ROOT_PORT)
PCIE_ROOT_PORT_GET_CLASS = class_getter(PCIERootPortClass)
