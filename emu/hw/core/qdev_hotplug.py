"""Which hotplug handler a device answers to: the machine's, else its bus's (hw/core/qdev-hotplug.c)."""

from __future__ import annotations

from emu.hw.core.qdev_core import DeviceState
from emu.qom.object import object_dynamic_cast
from emu.qom.parts import Part
from emu.trace import emulates


@emulates
def qdev_get_machine_hotplug_handler(dev: DeviceState) -> Part | None:
    """Return the machine's handler for a device."""
    from emu.hw.core.machine import MACHINE, MACHINE_GET_CLASS, TYPE_MACHINE
    from emu.hw.core.qdev import qdev_get_machine

    m_obj = qdev_get_machine()
    if object_dynamic_cast(m_obj, TYPE_MACHINE) is not None:
        machine = MACHINE(m_obj)
        mc = MACHINE_GET_CLASS(machine)
        if mc.get_hotplug_handler is not None:
            handler: Part | None = mc.get_hotplug_handler(machine, dev)
            return handler
    return None


@emulates
def qdev_hotplug_allowed(dev: DeviceState) -> None:
    """Let the machine veto a hotplug. Error: it does."""
    from emu.hw.core.machine import MACHINE, MACHINE_GET_CLASS, TYPE_MACHINE
    from emu.hw.core.qdev import qdev_get_machine

    m_obj = qdev_get_machine()
    if object_dynamic_cast(m_obj, TYPE_MACHINE) is not None:
        machine = MACHINE(m_obj)
        mc = MACHINE_GET_CLASS(machine)
        if mc.hotplug_allowed is not None:
            mc.hotplug_allowed(machine, dev)


@emulates
def qdev_get_bus_hotplug_handler(dev: DeviceState) -> Part | None:
    """Return the handler of the bus that a device is on."""
    return dev.parent_bus.hotplug_handler if dev.parent_bus is not None else None


@emulates
def qdev_get_hotplug_handler(dev: DeviceState) -> Part | None:
    """Return the handler of a device."""
    hotplug_ctrl = qdev_get_machine_hotplug_handler(dev)
    if hotplug_ctrl is None and dev.parent_bus is not None:
        hotplug_ctrl = qdev_get_bus_hotplug_handler(dev)
    return hotplug_ctrl


@emulates
def qdev_simple_device_unplug_cb(hotplug_dev: Part, dev: DeviceState) -> None:
    """Unplug callback for simple cases."""
    from emu.hw.core.qdev import qdev_unrealize

    qdev_unrealize(dev)
