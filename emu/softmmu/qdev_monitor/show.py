"""``info qtree`` (softmmu/qdev-monitor.c)."""

from __future__ import annotations

from emu.hw.core.qdev import BUS_GET_CLASS, DEVICE_CLASS, TYPE_DEVICE, BusState, DeviceState
from emu.hw.core.sysbus import sysbus_get_default
from emu.monitor.monitor import Monitor, monitor_printf
from emu.qapi.error import Error
from emu.qobject.qdict import QDict
from emu.qom.object import (
    OBJECT,
    ObjectClass,
    object_class_by_name,
    object_class_get_parent,
    object_get_class,
    object_get_typename,
    object_property_find,
    object_property_get_str,
    object_property_print,
)
from emu.trace import emulates


def _property_text(dev: DeviceState, name: str) -> str | None:
    legacy = f"legacy-{name}"
    try:
        if object_property_find(OBJECT(dev), legacy) is not None:
            return object_property_get_str(OBJECT(dev), legacy)
        return object_property_print(OBJECT(dev), name, True)
    except Error:
        return None


def _lines_of_properties(dev: DeviceState) -> list[str]:
    lines: list[str] = []
    class_: ObjectClass | None = object_get_class(OBJECT(dev))
    last = object_class_by_name(TYPE_DEVICE)
    while class_ is not None and class_ is not last:
        for prop in DEVICE_CLASS(class_).props_ or ():
            value = _property_text(dev, prop.name)
            if value is not None:
                lines.append(f"{prop.name} = {value or '<null>'}")
        class_ = object_class_get_parent(class_)
    return lines


def qdev_print(mon: Monitor, dev: DeviceState, indent: int) -> None:
    """softmmu/qdev-monitor.c. A device: its lines, its properties, what its bus says of it, the buses it has."""
    lines = []
    for ngl in dev.gpios:
        lines += [f'gpio-in "{ngl.name or ""}" {ngl.num_in}'] if ngl.num_in else []
        lines += [f'gpio-out "{ngl.name or ""}" {ngl.num_out}'] if ngl.num_out else []
    lines += _lines_of_properties(dev)
    monitor_printf(mon, f'{" " * indent}dev: {object_get_typename(OBJECT(dev))}, id "{dev.id or ""}"\n')
    indent += 2
    monitor_printf(mon, "".join(f"{' ' * indent}{line}\n" for line in lines))
    if dev.parent_bus is not None:
        print_dev = BUS_GET_CLASS(dev.parent_bus).print_dev
        if print_dev is not None:
            print_dev(mon, dev, indent)
    for child in dev.child_bus:
        qbus_print(mon, child, indent)


def qbus_print(mon: Monitor, bus: BusState, indent: int) -> None:
    """softmmu/qdev-monitor.c. A bus and the devices on it."""
    monitor_printf(mon, f"{' ' * indent}bus: {bus.name}\n{' ' * (indent + 2)}type {object_get_typename(OBJECT(bus))}\n")
    for kid in bus.children:
        qdev_print(mon, kid.child, indent + 2)


@emulates
def hmp_info_qtree(mon: Monitor, qdict: QDict | None) -> None:
    """softmmu/qdev-monitor.c. Prints all buses and devices, from the system bus on."""
    bus = sysbus_get_default()
    if bus is not None:
        qbus_print(mon, bus, 0)
