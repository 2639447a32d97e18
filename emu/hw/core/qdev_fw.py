"""Names of devices as firmware knows them (hw/core/qdev-fw.c)."""

from __future__ import annotations

from emu.hw.core.fw_path_provider import fw_path_provider_try_get_dev_path
from emu.hw.core.qdev_core import BUS_GET_CLASS, DEVICE_GET_CLASS, BusState, DeviceState
from emu.qom.object import OBJECT, Object, object_get_typename
from emu.trace import emulates


def qdev_fw_name(dev: DeviceState) -> str:
    """Return the firmware's name of a kind of device."""
    return DEVICE_GET_CLASS(dev).fw_name or object_get_typename(OBJECT(dev))


def bus_get_fw_dev_path(bus: BusState, dev: DeviceState) -> str | None:
    """Return the name that a bus gives a device."""
    bc = BUS_GET_CLASS(bus)
    return bc.get_fw_dev_path(dev) if bc.get_fw_dev_path is not None else None


def qdev_get_fw_dev_path_from_handler(bus: BusState, dev: DeviceState) -> str | None:
    """Return the name that an ancestor gives a device."""
    obj: Object | None = OBJECT(dev).parent
    while obj is not None:
        found = fw_path_provider_try_get_dev_path(obj, bus, dev)
        if found is not None:
            return found
        obj = obj.parent
    return None


def qdev_get_own_fw_dev_path_from_handler(bus: BusState, dev: DeviceState) -> str | None:
    """Return the name that a device gives itself."""
    return fw_path_provider_try_get_dev_path(OBJECT(dev), bus, dev)


def qdev_get_fw_dev_path(dev: DeviceState) -> str:
    """Return the firmware's path of a device, from the root."""
    path = ""
    step: DeviceState | None = dev
    while step is not None and step.parent_bus is not None:
        bus = step.parent_bus
        name = qdev_get_fw_dev_path_from_handler(bus, step) or bus_get_fw_dev_path(bus, step)
        path = f"/{name}{path}" if name else path
        step = bus.parent
    return path


@emulates(file="hw/core/qdev.c")
def qdev_set_legacy_instance_id(dev: DeviceState, alias_id: int, required_for_version: int) -> None:
    """Give a device the instance id that old versions migrated it under."""
    assert not dev.realized
    dev.instance_id_alias = alias_id
    dev.alias_required_for_version = required_for_version
