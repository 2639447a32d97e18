"""Where a new device goes: its class, and the bus that ``bus=`` names (softmmu/qdev-monitor.c)."""

from __future__ import annotations

import re
from typing import Final

from emu.errors import NotModelled
from emu.hw.core.machine import MACHINE_CLASS, device_type_is_dynamic_sysbus
from emu.hw.core.qdev import (
    BUS_GET_CLASS,
    DEVICE_CLASS,
    DEVICE_GET_CLASS,
    TYPE_DEVICE,
    BusState,
    DeviceClass,
    DeviceState,
    MachineInitPhase,
    phase_check,
    qdev_get_machine,
)
from emu.hw.core.sysbus import TYPE_SYS_BUS_DEVICE, sysbus_get_default
from emu.qapi.error import ERROR_CLASS_DEVICE_NOT_FOUND, Error, error_append_hint, error_set, error_setg
from emu.qom.object import (
    OBJECT,
    module_object_class_by_name,
    object_class_dynamic_cast,
    object_class_is_abstract,
    object_dynamic_cast,
    object_get_class,
    object_get_typename,
)
from emu.softmmu.qdev_monitor.alias import find_typename_by_alias, qdev_class_get_alias, qdev_class_has_alias
from emu.source import beyond_recorded, installed_program
from emu.trace import emulates

_ELEMENT: Final = re.compile(r"[^/]{1,127}")
"""What ``sscanf`` reads with "%127[^/]"."""


@emulates
def qdev_get_device_class(driver: str) -> tuple[str, DeviceClass]:
    """softmmu/qdev-monitor.c. Returns the type's name, resolved, and its class. Error: no such type, or not for users."""
    original_name = driver

    oc = module_object_class_by_name(driver)
    if not oc:
        typename = find_typename_by_alias(driver)

        if typename:
            driver = typename
            oc = module_object_class_by_name(driver)

    if oc is None and beyond_recorded("7.2", driver):
        raise NotModelled(f"device type '{driver}'")

    if oc is None or not object_class_dynamic_cast(oc, TYPE_DEVICE):
        if driver != original_name:
            error_setg(f"'{original_name}' (alias '{driver}') is not a valid device model name")
        else:
            error_setg(f"'{driver}' is not a valid device model name")

    if object_class_is_abstract(oc):
        error_setg("Parameter 'driver' expects a non-abstract device type")

    if not oc.type.modelled and driver in installed_program("7.2")["devices"]:
        raise NotModelled(f"device type '{driver}'")

    dc = DEVICE_CLASS(oc)
    if not dc.user_creatable or (phase_check(MachineInitPhase.PHASE_MACHINE_READY) and not dc.hotpluggable):
        error_setg("Parameter 'driver' expects a pluggable device type")

    if object_class_dynamic_cast(oc, TYPE_SYS_BUS_DEVICE):
        mc = MACHINE_CLASS(object_get_class(qdev_get_machine()))
        if not device_type_is_dynamic_sysbus(mc, driver):
            error_setg("Parameter 'driver' expects a dynamic sysbus device type for the machine")

    return driver, dc


def qbus_error_append_bus_list_hint(dev: DeviceState, err: Error) -> None:
    """Add the buses that a device offers to an error (softmmu/qdev-monitor.c)."""
    names = ", ".join(f'"{child.name}"' for child in dev.child_bus)
    error_append_hint(err, f'child buses at "{dev.id or object_get_typename(OBJECT(dev))}":{" " + names if names else ""}\n')


def qbus_error_append_dev_list_hint(bus: BusState, err: Error) -> None:
    """Add the devices on a bus to an error (softmmu/qdev-monitor.c)."""
    names = ", ".join(
        f'"{object_get_typename(OBJECT(kid.child))}"' + (f'/"{kid.child.id}"' if kid.child.id else "") for kid in bus.children
    )
    error_append_hint(err, f'devices at "{bus.name}":{" " + names if names else ""}\n')


@emulates
def qbus_find_bus(dev: DeviceState, elem: str) -> BusState | None:
    """softmmu/qdev-monitor.c. Returns the child bus of a name."""
    return next((child for child in dev.child_bus if child.name == elem), None)


@emulates
def qbus_find_dev(bus: BusState, elem: str) -> DeviceState | None:
    """softmmu/qdev-monitor.c. Returns a device of a bus: by id, else by type, else by the alias of its type."""
    for kid in bus.children:
        if kid.child.id and kid.child.id == elem:
            return kid.child
    for kid in bus.children:
        if object_get_typename(OBJECT(kid.child)) == elem:
            return kid.child
    for kid in bus.children:
        dc = DEVICE_GET_CLASS(kid.child)

        if qdev_class_has_alias(dc) and qdev_class_get_alias(dc) == elem:
            return kid.child
    return None


def qbus_is_full(bus: BusState) -> bool:
    """Tell whether a bus takes no more devices (softmmu/qdev-monitor.c)."""
    if bus.full:
        return True
    bus_class = BUS_GET_CLASS(bus)
    return bool(bus_class.max_dev and bus.num_children >= bus_class.max_dev)


@emulates
def qbus_find_recursive(bus: BusState, name: str | None, bus_typename: str | None) -> BusState | None:
    """softmmu/qdev-monitor.c. Searches a tree for a bus by name or by type; prefers one that is not full."""
    if name is not None:
        match = bus.name == name
    else:
        assert bus_typename is not None
        match = object_dynamic_cast(OBJECT(bus), bus_typename) is not None

    if match and not qbus_is_full(bus):
        return bus

    pick = bus if match else None

    for kid in bus.children:
        for child in kid.child.child_bus:
            ret = qbus_find_recursive(child, name, bus_typename)
            if ret and not qbus_is_full(ret):
                return ret
            if ret and not pick:
                pick = ret

    return pick


def _element(path: str, pos: int) -> tuple[str, int]:
    """Return the element of a path at an offset, cut to 127 characters, and the offset behind it."""
    found = _ELEMENT.match(path, pos)
    return (found[0], found.end()) if found else ("", pos)


def _past_slashes(path: str, pos: int) -> int:
    assert pos == len(path) or path[pos] == "/"
    while pos < len(path) and path[pos] == "/":
        pos += 1
    return pos


def _find_device(bus: BusState, elem: str) -> DeviceState:
    dev = qbus_find_dev(bus, elem)
    if not dev:
        try:
            error_set(ERROR_CLASS_DEVICE_NOT_FOUND, f"Device '{elem}' not found")
        except Error as err:
            qbus_error_append_dev_list_hint(bus, err)
            raise
    return dev


@emulates
def qbus_find(path: str) -> BusState:
    """softmmu/qdev-monitor.c. Resolves ``bus=``: from the root (``/``), or from a bus of that name. Error: not found, full."""
    if path.startswith("/"):
        bus = sysbus_get_default()
        pos = 0
    else:
        elem, pos = _element(path, 0)
        start = qbus_find_recursive(sysbus_get_default(), elem, None)
        if not start:
            error_setg(f"Bus '{elem}' not found")
        bus = start

    while True:
        pos = _past_slashes(path, pos)
        if pos == len(path):
            break

        elem, pos = _element(path, pos)
        dev = _find_device(bus, elem)

        pos = _past_slashes(path, pos)
        if pos == len(path):
            # The path ends with a device: its only bus will do.
            if dev.num_child_bus == 1:
                bus = dev.child_bus[0]
                break
            if not dev.num_child_bus:
                error_setg(f"Device '{elem}' has no child bus")
            try:
                error_setg(f"Device '{elem}' has multiple child buses")
            except Error as err:
                qbus_error_append_bus_list_hint(dev, err)
                raise

        elem, pos = _element(path, pos)
        child = qbus_find_bus(dev, elem)
        if not child:
            try:
                error_setg(f"Bus '{elem}' not found")
            except Error as err:
                qbus_error_append_bus_list_hint(dev, err)
                raise
        bus = child

    if qbus_is_full(bus):
        error_setg(f"Bus '{path}' is full")
    return bus
