"""Buses: the types, root buses, bus numbers, walking (hw/pci/pci.c)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from emu.hw.core.bus import qbus_init, qbus_new, qbus_unrealize
from emu.hw.core.qdev_core import BUS, DeviceState
from emu.hw.pci.pci.hosts import PCI_HOST_BRIDGE
from emu.hw.pci.pci.structs import (
    PCI_BUS,
    PCI_BUS_EXTENDED_CONFIG_SPACE,
    PCI_BUS_GET_CLASS,
    PCI_BUS_IS_ROOT,
    PCI_DEVICE_GET_CLASS,
    PCI_FUNC,
    TYPE_PCIE_BUS,
    MapIrq,
    PCIBus,
    PCIDevice,
    SetIrq,
    pci_bus_is_root,
    pci_get_bus,
)
from emu.qom.object import object_dynamic_cast
from emu.qom.parts import Part
from emu.softmmu.memory import MemoryRegion
from emu.standard_headers.linux.pci_regs import (
    PCI_BRIDGE_CONTROL,
    PCI_BRIDGE_CTL_BUS_RESET,
    PCI_SECONDARY_BUS,
    PCI_SUBORDINATE_BUS,
)
from emu.trace import Ptr, Seq, Struct, emulates, per_run, seq

NUMA_NODE_UNASSIGNED: Final = 128


class PCIGlobals(Struct):
    """The file-level variables of hw/pci/pci.c."""

    pci_host_bridges: Seq[Part] = seq()


pci_globals = per_run(PCIGlobals)

BusDevFn = Callable[[PCIBus, PCIDevice, Any], None]


@emulates(file="include/hw/pci/pci_bus.h")
def pci_bus_allows_extended_config_space(bus: PCIBus) -> bool:
    """Tell whether the 4096 bytes of a device's configuration space can be reached."""
    return bool(bus.flags & PCI_BUS_EXTENDED_CONFIG_SPACE)


@emulates
def pcibus_num(bus: PCIBus) -> int:
    """Return the number of a bus: 0 for a root, else what its bridge's secondary bus register says."""
    if pci_bus_is_root(bus):
        return 0
    assert bus.parent_dev is not None
    return bus.parent_dev.config[PCI_SECONDARY_BUS]


@emulates
def pcibus_numa_node(bus: PCIBus) -> int:
    """Return the NUMA node of a bus: none."""
    return NUMA_NODE_UNASSIGNED


def pci_bus_num(s: PCIBus) -> int:
    """Return the number of a bus."""
    bus_num = PCI_BUS_GET_CLASS(s).bus_num
    assert bus_num is not None
    return bus_num(s)


def pci_dev_bus_num(dev: Part) -> int:
    """Return the number of the bus that a device is on."""
    return pci_bus_num(pci_get_bus(dev))


def pci_bus_numa_node(bus: PCIBus) -> int:
    """Return the NUMA node of a bus."""
    numa_node = PCI_BUS_GET_CLASS(bus).numa_node
    assert numa_node is not None
    return numa_node(bus)


def pci_bus_is_express(bus: PCIBus) -> bool:
    """Tell whether a bus is a PCI Express bus."""
    return object_dynamic_cast(bus, TYPE_PCIE_BUS) is not None


@emulates
def pci_host_bus_register(host: DeviceState) -> None:
    """Note a host bridge, the newest first."""
    pci_globals().pci_host_bridges.insert(0, PCI_HOST_BRIDGE(host))


@emulates
def pci_host_bus_unregister(host: DeviceState) -> None:
    """Forget a host bridge."""
    pci_globals().pci_host_bridges.remove(PCI_HOST_BRIDGE(host))


@emulates
def pci_root_bus_internal_init(
    bus: PCIBus,
    parent: DeviceState,
    address_space_mem: MemoryRegion | None,
    address_space_io: MemoryRegion | None,
    devfn_min: int,
) -> None:
    """Make a bus a root: its BARs are mapped into these two regions, its first function is ``devfn_min``."""
    assert PCI_FUNC(devfn_min) == 0
    bus.devfn_min = devfn_min
    bus.slot_reserved_mask = 0x0
    bus.address_space_mem = address_space_mem
    bus.address_space_io = address_space_io
    bus.flags |= PCI_BUS_IS_ROOT
    pci_host_bus_register(parent)


@emulates
def pci_bus_uninit(bus: PCIBus) -> None:
    """Undo pci_root_bus_internal_init."""
    parent = BUS(bus).parent
    assert parent is not None
    pci_host_bus_unregister(parent)


@emulates
def pci_root_bus_init(
    bus: Ptr,
    parent: DeviceState,
    name: str | None,
    address_space_mem: MemoryRegion,
    address_space_io: MemoryRegion,
    devfn_min: int,
    typename: str,
) -> None:
    """Make a root bus in memory that the host bridge embeds."""
    qbus_init(bus, typename, parent, name)
    pci_root_bus_internal_init(PCI_BUS(bus.get()), parent, address_space_mem, address_space_io, devfn_min)


@emulates
def pci_root_bus_new(
    parent: DeviceState,
    name: str | None,
    address_space_mem: MemoryRegion | None,
    address_space_io: MemoryRegion | None,
    devfn_min: int,
    typename: str,
) -> PCIBus:
    """Make a root bus on the heap."""
    bus = PCI_BUS(qbus_new(typename, parent, name))
    pci_root_bus_internal_init(bus, parent, address_space_mem, address_space_io, devfn_min)
    return bus


@emulates
def pci_root_bus_cleanup(bus: PCIBus) -> None:
    """Take a root bus down; the caller deletes it."""
    pci_bus_uninit(bus)
    qbus_unrealize(BUS(bus))


@emulates
def pci_bus_irqs(bus: PCIBus, set_irq: SetIrq | None, map_irq: MapIrq, irq_opaque: Any, nirq: int) -> None:
    """Say where the interrupts of a bus go: ``nirq`` lines, and which of them a device's pin drives."""
    bus.set_irq = set_irq
    bus.map_irq = map_irq
    bus.irq_opaque = irq_opaque
    bus.nirq = nirq
    bus.irq_count = Seq([0] * nirq)


@emulates
def pci_bus_irqs_cleanup(bus: PCIBus) -> None:
    """Undo pci_bus_irqs."""
    bus.set_irq = None
    bus.map_irq = None
    bus.irq_opaque = None
    bus.nirq = 0


@emulates
def pci_register_root_bus(
    parent: DeviceState,
    name: str | None,
    set_irq: SetIrq | None,
    map_irq: MapIrq,
    irq_opaque: Any,
    address_space_mem: MemoryRegion,
    address_space_io: MemoryRegion,
    devfn_min: int,
    nirq: int,
    typename: str,
) -> PCIBus:
    """Make a root bus with its interrupts."""
    bus = pci_root_bus_new(parent, name, address_space_mem, address_space_io, devfn_min, typename)
    pci_bus_irqs(bus, set_irq, map_irq, irq_opaque, nirq)
    return bus


@emulates
def pci_unregister_root_bus(bus: PCIBus) -> None:
    """Undo pci_register_root_bus."""
    pci_bus_irqs_cleanup(bus)
    pci_root_bus_cleanup(bus)


def pci_bus_range(bus: PCIBus) -> tuple[int, int]:
    """Return the lowest and the highest bus number on and below a bus."""
    min_bus = max_bus = pci_bus_num(bus)
    for dev in bus.devices:
        if dev is not None and PCI_DEVICE_GET_CLASS(dev).is_bridge:
            min_bus = min(min_bus, dev.config[PCI_SECONDARY_BUS])
            max_bus = max(max_bus, dev.config[PCI_SUBORDINATE_BUS])
    return min_bus, max_bus


def pci_device_root_bus(d: PCIDevice) -> PCIBus:
    """Return the root bus above a device."""
    bus = pci_get_bus(d)
    while not pci_bus_is_root(bus):
        assert bus.parent_dev is not None
        bus = pci_get_bus(bus.parent_dev)
    return bus


def pci_bus_bypass_iommu(bus: PCIBus) -> bool:
    """Tell whether a bus's host bridge goes past the IOMMU."""
    rootbus = bus
    if not pci_bus_is_root(bus):
        assert bus.parent_dev is not None
        rootbus = pci_device_root_bus(bus.parent_dev)
    parent = BUS(rootbus).parent
    assert parent is not None
    host_bridge = PCI_HOST_BRIDGE(parent)
    assert host_bridge.bus is rootbus
    return host_bridge.bypass_iommu


def pci_for_each_device_under_bus(bus: PCIBus, fn: BusDevFn, opaque: Any) -> None:
    """Call a function for each device of a bus, by number."""
    for d in list(bus.devices):
        if d is not None:
            fn(bus, d, opaque)


def pci_for_each_device_under_bus_reverse(bus: PCIBus, fn: BusDevFn, opaque: Any) -> None:
    """Call a function for each device of a bus, from the last on."""
    for d in reversed(list(bus.devices)):
        if d is not None:
            fn(bus, d, opaque)


def pci_for_each_device(bus: PCIBus, bus_num: int, fn: BusDevFn, opaque: Any) -> None:
    """Call a function for each device of the bus of a number."""
    found = pci_find_bus_nr(bus, bus_num)
    if found is not None:
        pci_for_each_device_under_bus(found, fn, opaque)


def pci_for_each_device_reverse(bus: PCIBus, bus_num: int, fn: BusDevFn, opaque: Any) -> None:
    """Call a function for each device of the bus of a number, from the last on."""
    found = pci_find_bus_nr(bus, bus_num)
    if found is not None:
        pci_for_each_device_under_bus_reverse(found, fn, opaque)


@emulates
def pci_for_each_bus_depth_first(
    bus: PCIBus | None,
    begin: Callable[[PCIBus, Any], Any] | None,
    end: Callable[[PCIBus, Any], None] | None,
    parent_state: Any,
) -> None:
    """Walk the buses below a bus; ``begin`` returns the state that its children get."""
    if bus is None:
        return
    state = begin(bus, parent_state) if begin is not None else parent_state
    for sec in bus.child:
        pci_for_each_bus_depth_first(sec, begin, end, state)
    if end is not None:
        end(bus, state)


def pci_for_each_bus(bus: PCIBus, fn: Callable[[PCIBus, Any], None], opaque: Any) -> None:
    """Walk the buses below a bus in no particular order."""
    pci_for_each_bus_depth_first(bus, None, fn, opaque)


def pci_secondary_bus_in_range(dev: PCIDevice, bus_num: int) -> bool:
    """Tell whether a bridge leads to the bus of a number; a bridge in reset leads nowhere."""
    if dev.config.read(PCI_BRIDGE_CONTROL, 2) & PCI_BRIDGE_CTL_BUS_RESET:
        return False
    return dev.config[PCI_SECONDARY_BUS] <= bus_num <= dev.config[PCI_SUBORDINATE_BUS]


def pci_root_bus_in_range(bus: PCIBus, bus_num: int) -> bool:
    """Tell whether a bridge of a root bus leads to the bus of a number."""
    return any(
        dev is not None and PCI_DEVICE_GET_CLASS(dev).is_bridge and pci_secondary_bus_in_range(dev, bus_num)
        for dev in bus.devices
    )


@emulates
def pci_find_bus_nr(bus: PCIBus | None, bus_num: int) -> PCIBus | None:
    """Return the bus of a number, on or below a bus."""
    if bus is None:
        return None
    if pci_bus_num(bus) == bus_num:
        return bus
    if not pci_bus_is_root(bus):
        assert bus.parent_dev is not None
        if not pci_secondary_bus_in_range(bus.parent_dev, bus_num):
            return None
    step: PCIBus | None = bus
    while step is not None:
        for sec in step.child:
            if pci_bus_num(sec) == bus_num:
                return sec
            if _leads_to(sec, bus_num):
                step = sec
                break
        else:
            step = None
    return None


def _leads_to(sec: PCIBus, bus_num: int) -> bool:
    if pci_bus_is_root(sec):
        return pci_root_bus_in_range(sec, bus_num)
    assert sec.parent_dev is not None
    return pci_secondary_bus_in_range(sec.parent_dev, bus_num)


def pci_find_device(bus: PCIBus, bus_num: int, devfn: int) -> PCIDevice | None:
    """Return the function of a number on the bus of a number."""
    found = pci_find_bus_nr(bus, bus_num)
    return found.devices[devfn] if found is not None else None


def pci_address_space(dev: PCIDevice) -> MemoryRegion:
    """Return the region that memory BARs of a device's bus are mapped into."""
    space = pci_get_bus(dev).address_space_mem
    assert space is not None
    return space


def pci_address_space_io(dev: PCIDevice) -> MemoryRegion:
    """Return the region that I/O BARs of a device's bus are mapped into."""
    space = pci_get_bus(dev).address_space_io
    assert space is not None
    return space
