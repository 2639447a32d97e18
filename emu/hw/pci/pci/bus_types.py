"""The types of buses: class and realize (hw/pci/pci.c)."""

from __future__ import annotations

from typing import Final

from emu.hw.core.machine import qemu_add_machine_init_done_notifier, qemu_remove_machine_init_done_notifier
from emu.hw.core.qdev_core import BUS_CLASS, TYPE_BUS, BusState
from emu.hw.pci.pci.bus import pci_bus_allows_extended_config_space, pcibus_num, pcibus_numa_node
from emu.hw.pci.pci.dma import pci_init_bus_master
from emu.hw.pci.pci.path import pcibus_dev_print, pcibus_get_dev_path, pcibus_get_fw_dev_path
from emu.hw.pci.pci.power import pcibus_reset
from emu.hw.pci.pci.structs import (
    PCI_BUS,
    PCI_BUS_CLASS,
    PCI_BUS_EXTENDED_CONFIG_SPACE,
    TYPE_CXL_BUS,
    TYPE_PCI_BUS,
    TYPE_PCIE_BUS,
    PCIBus,
    PCIBusClass,
    pci_bus_is_root,
    pci_get_bus,
)
from emu.migration.savevm import VMSTATE_INSTANCE_ID_ANY, VMStateDescription, vmstate_register, vmstate_unregister
from emu.qom.object import TypeInfo
from emu.qom.parts import Part
from emu.trace import container_of, emulates
from emu.util.notify import Notifier

vmstate_pcibus: Final = VMStateDescription(name="PCIBUS", version_id=1, minimum_version_id=1)


@emulates
def pcibus_machine_done(notifier: Notifier, data: object) -> None:
    """Once the machine is complete, give every device its way to memory."""
    bus: PCIBus = container_of(notifier)
    for dev in bus.devices:
        if dev is not None:
            pci_init_bus_master(dev)


@emulates
def pci_bus_realize(qbus: BusState) -> None:
    """Realize of ``PCI``."""
    bus = PCI_BUS(qbus)
    bus.machine_done.notify = pcibus_machine_done
    qemu_add_machine_init_done_notifier(bus.machine_done)
    vmstate_register(None, VMSTATE_INSTANCE_ID_ANY, vmstate_pcibus, bus)


@emulates
def pcie_bus_realize(qbus: BusState) -> None:
    """Realize of ``PCIE``: extended configuration space is there if every bus above has it."""
    bus = PCI_BUS(qbus)
    pci_bus_realize(qbus)
    if pci_bus_is_root(bus):
        bus.flags |= PCI_BUS_EXTENDED_CONFIG_SPACE
    else:
        assert bus.parent_dev is not None
        if pci_bus_allows_extended_config_space(pci_get_bus(bus.parent_dev)):
            bus.flags |= PCI_BUS_EXTENDED_CONFIG_SPACE


@emulates
def pci_bus_unrealize(qbus: BusState) -> None:
    """Unrealize of ``PCI``."""
    bus = PCI_BUS(qbus)
    qemu_remove_machine_init_done_notifier(bus.machine_done)
    vmstate_unregister(None, vmstate_pcibus, bus)


@emulates
def pci_bus_class_init(klass: Part, data: object) -> None:
    """Class init of ``PCI``."""
    k = BUS_CLASS(klass)
    pbc = PCI_BUS_CLASS(klass)
    k.print_dev = pcibus_dev_print
    k.get_dev_path = pcibus_get_dev_path
    k.get_fw_dev_path = pcibus_get_fw_dev_path
    k.realize = pci_bus_realize
    k.unrealize = pci_bus_unrealize
    k.reset = pcibus_reset
    pbc.bus_num = pcibus_num
    pbc.numa_node = pcibus_numa_node


@emulates
def pcie_bus_class_init(klass: Part, data: object) -> None:
    """Class init of ``PCIE`` and of ``CXL``."""
    BUS_CLASS(klass).realize = pcie_bus_realize


pci_bus_info: Final = TypeInfo(
    name=TYPE_PCI_BUS, parent=TYPE_BUS, instance=PCIBus, class_=PCIBusClass, class_init=pci_bus_class_init
)
pcie_bus_info: Final = TypeInfo(name=TYPE_PCIE_BUS, parent=TYPE_PCI_BUS, class_init=pcie_bus_class_init)
cxl_bus_info: Final = TypeInfo(name=TYPE_CXL_BUS, parent=TYPE_PCIE_BUS, class_init=pcie_bus_class_init)
