"""Interrupt pins: their levels, and the way to the interrupt controller (hw/pci/pci.c)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from emu.hw.core.irq import qemu_allocate_irq, qemu_irq
from emu.hw.core.qdev_core import BUS
from emu.hw.pci.pci.bytes import pci_get_byte, pci_get_word
from emu.hw.pci.pci.structs import (
    PCI_INTX_DISABLED,
    PCI_NUM_PINS,
    PCI_SLOT,
    PCIBus,
    PCIDevice,
    PCIINTxRoute,
    pci_bus_is_root,
    pci_get_bus,
)
from emu.qom.object import object_get_typename
from emu.standard_headers.linux.pci_regs import (
    PCI_COMMAND,
    PCI_COMMAND_INTX_DISABLE,
    PCI_INTERRUPT_PIN,
    PCI_STATUS,
    PCI_STATUS_INTERRUPT,
)
from emu.trace import emulates
from emu.util.error_report import error_report


@emulates
def pci_irq_state(d: PCIDevice, irq_num: int) -> int:
    """Return the level of a pin."""
    return d.irq_state >> irq_num & 0x1


def pci_set_irq_state(d: PCIDevice, irq_num: int, level: int) -> None:
    """Note the level of a pin."""
    d.irq_state = d.irq_state & ~(0x1 << irq_num) & 0xFF | level << irq_num


@emulates
def pci_bus_change_irq_level(bus: PCIBus, irq_num: int, change: int) -> None:
    """Count a line of a bus up or down; it is raised while anybody raises it."""
    assert 0 <= irq_num < bus.nirq
    assert bus.irq_count is not None
    assert bus.set_irq is not None
    bus.irq_count[irq_num] += change
    bus.set_irq(bus.irq_opaque, irq_num, int(bus.irq_count[irq_num] != 0))


@emulates
def pci_change_irq_level(pci_dev: PCIDevice, irq_num: int, change: int) -> None:
    """Carry a change of a pin up the bridges to the bus that has an interrupt controller."""
    while True:
        bus = pci_get_bus(pci_dev)
        assert bus.map_irq is not None
        irq_num = bus.map_irq(pci_dev, irq_num)
        if bus.set_irq is not None:
            break
        assert bus.parent_dev is not None
        pci_dev = bus.parent_dev
    pci_bus_change_irq_level(bus, irq_num, change)


def pci_bus_get_irq_level(bus: PCIBus, irq_num: int) -> int:
    """Return the level of a line of a bus."""
    assert 0 <= irq_num < bus.nirq
    assert bus.irq_count is not None
    return int(bus.irq_count[irq_num] != 0)


def pci_update_irq_status(dev: PCIDevice) -> None:
    """Show in the status register whether any pin is raised."""
    if dev.irq_state:
        dev.config[PCI_STATUS] |= PCI_STATUS_INTERRUPT
    else:
        dev.config[PCI_STATUS] &= ~PCI_STATUS_INTERRUPT


@emulates
def pci_device_deassert_intx(dev: PCIDevice) -> None:
    """Lower all four pins."""
    for i in range(PCI_NUM_PINS):
        pci_irq_handler(dev, i, 0)


def pci_irq_disabled(d: PCIDevice) -> int:
    """Tell whether the guest has switched the pins off: 0, or the bit."""
    return pci_get_word(d.config + PCI_COMMAND) & PCI_COMMAND_INTX_DISABLE


@emulates
def pci_update_irq_disabled(d: PCIDevice, was_irq_disabled: int) -> None:
    """Assert or deassert what is pending after the guest switched the pins on or off."""
    disabled = pci_irq_disabled(d)
    if disabled == was_irq_disabled:
        return
    for i in range(PCI_NUM_PINS):
        state = pci_irq_state(d, i)
        pci_change_irq_level(d, i, -state if disabled else state)


@emulates
def pci_irq_handler(opaque: PCIDevice, irq_num: int, level: int) -> None:
    """Set the level of pin 0 to 3."""
    pci_dev = opaque
    assert 0 <= irq_num < PCI_NUM_PINS
    assert level in (0, 1)
    change = level - pci_irq_state(pci_dev, irq_num)
    if not change:
        return
    pci_set_irq_state(pci_dev, irq_num, level)
    pci_update_irq_status(pci_dev)
    if pci_irq_disabled(pci_dev):
        return
    pci_change_irq_level(pci_dev, irq_num, change)


@emulates(file="include/hw/pci/pci.h")
def pci_intx(pci_dev: PCIDevice) -> int:
    """Return the number of a device's pin from 0 on, -1 for none."""
    return pci_get_byte(pci_dev.config + PCI_INTERRUPT_PIN) - 1


@emulates
def pci_allocate_irq(pci_dev: PCIDevice) -> qemu_irq:
    """Make an interrupt line of a device's pin."""
    intx = pci_intx(pci_dev)
    assert 0 <= intx < PCI_NUM_PINS
    return qemu_allocate_irq(pci_irq_handler, pci_dev, intx)


@emulates
def pci_set_irq(pci_dev: PCIDevice, level: int) -> None:
    """Set the level of a device's pin."""
    intx = pci_intx(pci_dev)
    pci_irq_handler(pci_dev, intx, level)


@emulates(file="include/hw/pci/pci.h")
def pci_irq_assert(pci_dev: PCIDevice) -> None:
    """Raise a device's pin."""
    pci_set_irq(pci_dev, 1)


@emulates(file="include/hw/pci/pci.h")
def pci_irq_deassert(pci_dev: PCIDevice) -> None:
    """Lower a device's pin."""
    pci_set_irq(pci_dev, 0)


@emulates
def pci_bus_set_route_irq_fn(bus: PCIBus, route_intx_to_irq: Callable[[Any, int], PCIINTxRoute]) -> None:
    """Let a root bus tell where a pin ends."""
    assert pci_bus_is_root(bus)
    bus.route_intx_to_irq = route_intx_to_irq


@emulates
def pci_device_route_intx_to_irq(dev: PCIDevice, pin: int) -> PCIINTxRoute:
    """Return where a pin of a device ends."""
    step: PCIDevice | None = dev
    while step is not None:
        bus = pci_get_bus(step)
        assert bus.map_irq is not None
        pin = bus.map_irq(step, pin)
        step = bus.parent_dev
    if bus.route_intx_to_irq is None:
        parent = BUS(bus).parent
        assert parent is not None
        error_report(f"PCI: Bug - unimplemented PCI INTx routing ({object_get_typename(parent)})")
        return PCIINTxRoute(PCI_INTX_DISABLED, -1)
    return bus.route_intx_to_irq(bus.irq_opaque, pin)


@emulates
def pci_bus_fire_intx_routing_notifier(bus: PCIBus) -> None:
    """Tell the devices on and below a bus that pins end elsewhere now."""
    for dev in bus.devices:
        if dev is not None and dev.intx_routing_notifier is not None:
            dev.intx_routing_notifier(dev)
    for sec in bus.child:
        pci_bus_fire_intx_routing_notifier(sec)


@emulates
def pci_device_set_intx_routing_notifier(dev: PCIDevice, notifier: Callable[[PCIDevice], None]) -> None:
    """Have a device told when its pins end elsewhere."""
    dev.intx_routing_notifier = notifier


def pci_swizzle(slot: int, pin: int) -> int:
    """Return the pin of a bridge that a pin behind it becomes (PCI-to-PCI bridge specification 9.1)."""
    return (slot + pin) % PCI_NUM_PINS


@emulates
def pci_swizzle_map_irq_fn(pci_dev: PCIDevice, pin: int) -> int:
    """Map the pins of a bus behind a bridge."""
    return pci_swizzle(PCI_SLOT(pci_dev.devfn), pin)
