"""Devices on buses, devices and buses in a tree (hw/core/qdev.c)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from emu.hw.core.qdev_core import BUS_GET_CLASS, DEVICE_GET_CLASS, BusChild, BusState, DeviceState
from emu.hw.core.resettable import resettable_change_parent
from emu.qom.object import (
    OBJECT,
    object_dynamic_cast,
    object_get_typename,
    object_property_add_link,
    object_property_del,
    object_ref,
    object_resolve_path_component,
    object_unref,
)
from emu.trace import Ptr, emulates, g_free
from emu.util.rcu import call_rcu

Walker = Callable[[Any, Any], int] | None


@emulates
def bus_free_bus_child(kid: BusChild) -> None:
    """Free a place on a bus, when no reader can still see it (RCU)."""
    object_unref(OBJECT(kid.child))
    g_free(kid)


@emulates
def bus_remove_child(bus: BusState, child: DeviceState) -> None:
    """Take a device off a bus."""
    for kid in bus.children:
        if kid.child is child:
            bus.children.remove(kid)
            bus.num_children -= 1
            object_property_del(OBJECT(bus), f"child[{kid.index}]")
            call_rcu(bus_free_bus_child, kid)
            break


@emulates
def bus_add_child(bus: BusState, child: DeviceState) -> None:
    """Put a device at the head of a bus's list, with a link property for it."""
    bus.num_children += 1
    kid = BusChild(index=bus.max_index, child=child)
    bus.max_index += 1
    object_ref(OBJECT(child))
    bus.children.insert(0, kid)
    object_property_add_link(OBJECT(bus), f"child[{kid.index}]", object_get_typename(child), Ptr(kid, "child"), None, 0)


@emulates
def bus_check_address(bus: BusState, child: DeviceState) -> None:
    """Let the bus judge a device's address. Error: it is wrong."""
    bc = BUS_GET_CLASS(bus)
    if bc.check_address is not None:
        bc.check_address(bus, child)


@emulates
def qdev_set_parent_bus(dev: DeviceState, bus: BusState) -> None:
    """Put a device on a bus, off its old one. Error: the bus refuses its address."""
    old_parent_bus = dev.parent_bus
    bus_type = DEVICE_GET_CLASS(dev).bus_type
    assert bus_type is not None
    assert object_dynamic_cast(bus, bus_type) is not None
    bus_check_address(bus, dev)
    if old_parent_bus is not None:
        object_ref(OBJECT(dev))
        bus_remove_child(old_parent_bus, dev)
    dev.parent_bus = bus
    object_ref(OBJECT(bus))
    bus_add_child(bus, dev)
    if dev.realized:
        resettable_change_parent(dev, bus, old_parent_bus)
    if old_parent_bus is not None:
        object_unref(OBJECT(old_parent_bus))
        object_unref(OBJECT(dev))


def qdev_get_parent_bus(dev: DeviceState) -> BusState | None:
    """Return the bus that a device is on."""
    return dev.parent_bus


def qdev_get_child_bus(dev: DeviceState, name: str) -> BusState | None:
    """Return a bus of a device, by property or by name."""
    child = object_resolve_path_component(OBJECT(dev), name)
    if object_dynamic_cast(child, "bus") is not None:
        assert child is not None
        bus: BusState = child._parts[BusState]  # type: ignore[assignment]  # parts are keyed by their own class
        return bus
    return next((bus for bus in dev.child_bus if bus.name == name), None)


@emulates
def qdev_walk_children(
    dev: DeviceState, pre_devfn: Walker, pre_busfn: Walker, post_devfn: Walker, post_busfn: Walker, opaque: Any
) -> int:
    """Walk a device and all below it. A walker's non-zero result ends its device, a negative one the walk."""
    from emu.hw.core.bus import qbus_walk_children

    if pre_devfn is not None and (err := pre_devfn(dev, opaque)):
        return err
    for bus in list(dev.child_bus):
        err = qbus_walk_children(bus, pre_devfn, pre_busfn, post_devfn, post_busfn, opaque)
        if err < 0:
            return err
    if post_devfn is not None and (err := post_devfn(dev, opaque)):
        return err
    return 0


def qdev_find_recursive(bus: BusState, id_: str) -> DeviceState | None:
    """Find a device by id on a bus or below it."""
    for kid in bus.children:
        dev = kid.child
        if dev.id is not None and dev.id == id_:
            return dev
        for child in dev.child_bus:
            found = qdev_find_recursive(child, id_)
            if found is not None:
                return found
    return None


@emulates
def qdev_get_dev_path(dev: DeviceState | None) -> str | None:
    """Name a device by its place on its bus, None where the bus has no such names."""
    if dev is None or dev.parent_bus is None:
        return None
    bc = BUS_GET_CLASS(dev.parent_bus)
    return bc.get_dev_path(dev) if bc.get_dev_path is not None else None
