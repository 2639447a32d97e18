"""A machine of nothing but a host bridge and a root bus, and cards to put on it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from emu.hw.core.bus import bus_register_types
from emu.hw.core.hotplug import hotplug_handler_register_types
from emu.hw.core.irq import irq_register_types
from emu.hw.core.machine import TYPE_MACHINE
from emu.hw.core.machine.types import machine_register_types
from emu.hw.core.qdev import MachineInitPhase, phase_advance, qdev_realize
from emu.hw.core.qdev.device import qdev_register_types
from emu.hw.core.qdev_core import BUS, DEVICE
from emu.hw.core.resettable import reset_register_types
from emu.hw.core.sysbus import SYS_BUS_DEVICE, sysbus_realize, sysbus_register_types
from emu.hw.core.vmstate_if import vmstate_register_types
from emu.hw.pci.msi import msi_globals
from emu.hw.pci.pci import (
    INTERFACE_CONVENTIONAL_PCI_DEVICE,
    INTERFACE_PCIE_DEVICE,
    PCI_DEVICE,
    PCI_DEVICE_CLASS,
    TYPE_PCI_BUS,
    TYPE_PCI_DEVICE,
    PCIBus,
    PCIDevice,
    pci_bus_irqs,
    pci_new_multifunction,
    pci_root_bus_new,
)
from emu.hw.pci.pci.device import pci_register_types
from emu.hw.pci.pci_bridge.bridge import pci_bridge_register_types
from emu.hw.pci.pci_host import PCI_HOST_BRIDGE, PCI_HOST_BRIDGE_CLASS, TYPE_PCI_HOST_BRIDGE, pci_host_register_types
from emu.hw.pci.pcie_port import pcie_port_register_types
from emu.hw.pci_bridge.gen_pcie_root_port import gen_rp_register_types
from emu.hw.pci_bridge.i82801b11 import d2pbr_register
from emu.hw.pci_bridge.ioh3420 import ioh3420_register_types
from emu.hw.pci_bridge.pci_bridge_dev import pci_bridge_dev_register
from emu.hw.pci_bridge.pcie_pci_bridge import pciepci_register
from emu.hw.pci_bridge.pcie_root_port import rp_register_types
from emu.hw.pci_bridge.xio3130_downstream import xio3130_downstream_register_types
from emu.hw.pci_bridge.xio3130_upstream import xio3130_upstream_register_types
from emu.qom.container import container_register_types
from emu.qom.object import (
    OBJECT,
    TypeInfo,
    object_get_root,
    object_new,
    object_property_add_child,
    object_property_parse,
    type_register_static,
)
from emu.qom.object.base import register_types
from emu.softmmu.memory import MemoryRegion, memory_region_init
from emu.softmmu.memory.types import memory_register_types
from emu.softmmu.physmem import cpu_exec_init_all, get_system_io, get_system_memory
from emu.trace import Ptr, Recorder, Struct


def tiny_host_class_init(klass: Any, data: object) -> None:
    PCI_HOST_BRIDGE_CLASS(klass).root_bus_path = lambda host, bus: "0000:00"


def card_class_init(klass: Any, data: object) -> None:
    k = PCI_DEVICE_CLASS(klass)
    k.vendor_id = 0x1234
    k.device_id = 0x5678
    k.class_id = 0x0280


class Holder(Struct):
    mr: MemoryRegion | None = None


@dataclass
class Tiny:
    rec: Recorder
    bus: PCIBus
    levels: list[tuple[int, int]]

    def card(self, name: str = "card", addr: int = -1, bus: PCIBus | None = None, **props: str) -> PCIDevice:
        """Make a card and realize it. In the names of properties ``_`` stands for ``-`` and ``__`` for ``_``."""
        dev = pci_new_multifunction(addr, False, name)
        id_ = props.pop("id", None)
        DEVICE(dev).id = id_
        for prop, value in props.items():
            object_property_parse(OBJECT(dev), prop.replace("__", "\0").replace("_", "-").replace("\0", "_"), value)
        qdev_realize(DEVICE(dev), BUS(self.bus if bus is None else bus))
        return dev


@contextmanager
def tiny(root: str = TYPE_PCI_BUS) -> Iterator[Tiny]:
    """Make the machine, with a root bus of a type."""
    rec = Recorder()
    with rec.active():
        for register in (
            register_types,
            container_register_types,
            memory_register_types,
            vmstate_register_types,
            reset_register_types,
            hotplug_handler_register_types,
            qdev_register_types,
            bus_register_types,
            irq_register_types,
            machine_register_types,
            sysbus_register_types,
            pci_register_types,
            pci_host_register_types,
            pci_bridge_register_types,
            pcie_port_register_types,
            rp_register_types,
            gen_rp_register_types,
            ioh3420_register_types,
            xio3130_upstream_register_types,
            xio3130_downstream_register_types,
            d2pbr_register,
            pci_bridge_dev_register,
            pciepci_register,
        ):
            register()
        type_register_static(TypeInfo(name="tiny-machine", parent=TYPE_MACHINE))
        type_register_static(TypeInfo(name="tiny-host", parent=TYPE_PCI_HOST_BRIDGE, class_init=tiny_host_class_init))
        both = (INTERFACE_CONVENTIONAL_PCI_DEVICE,), (INTERFACE_PCIE_DEVICE,)
        for name, interfaces in zip(("card", "pcie-card"), both, strict=True):
            info = TypeInfo(name=name, parent=TYPE_PCI_DEVICE, class_init=card_class_init, interfaces=interfaces)
            type_register_static(info)
        object_property_add_child(object_get_root(), "machine", object_new("tiny-machine"))
        phase_advance(MachineInitPhase.PHASE_MACHINE_CREATED)
        cpu_exec_init_all()
        host = DEVICE(object_new("tiny-host"))
        bus = pci_root_bus_new(host, "pci.0", get_system_memory(), get_system_io(), 0, root)
        PCI_HOST_BRIDGE(host).bus = bus
        sysbus_realize(SYS_BUS_DEVICE(host))
        levels: list[tuple[int, int]] = []
        pci_bus_irqs(
            bus, lambda opaque, irq, level: levels.append((irq, level)), lambda dev, pin: (dev.devfn >> 3) + pin & 3, None, 4
        )
        msi_globals().msi_nonbroken = True
        yield Tiny(rec, bus, levels)


def region(owner: Any, name: str, size: int) -> MemoryRegion:
    """Make a region for a BAR."""
    holder = Holder()
    memory_region_init(Ptr(holder, "mr"), owner, name, size)
    assert holder.mr is not None
    return holder.mr


def cards(devices: Any) -> list[PCIDevice]:
    """Return the devices of a bus."""
    return [PCI_DEVICE(dev) for dev in devices if dev is not None]
