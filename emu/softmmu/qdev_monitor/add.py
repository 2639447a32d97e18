"""How ``-device`` and ``device_add`` make a device (softmmu/qdev-monitor.c)."""

from __future__ import annotations

from emu.hw.core.qdev import (
    DEVICE,
    BusState,
    DeviceState,
    MachineInitPhase,
    phase_check,
    qdev_get_machine,
    qdev_new,
    qdev_realize,
    qdev_should_hide_device,
)
from emu.hw.core.qdev_hotplug import qdev_get_machine_hotplug_handler, qdev_hotplug_allowed
from emu.hw.core.sysbus import sysbus_get_default
from emu.qapi.error import Error, error_setg, errp_guard
from emu.qobject.qdict import QDict, qdict_clone_shallow, qdict_del, qdict_get_try_str
from emu.qom.container import container_get
from emu.qom.object import (
    OBJECT,
    Object,
    object_dynamic_cast,
    object_get_typename,
    object_property_add_child,
    object_property_try_add_child,
    object_unparent,
    object_unref,
)
from emu.qom.object_interfaces import object_set_properties_from_keyval
from emu.softmmu.qdev_monitor.find import qbus_find, qbus_find_recursive, qbus_is_full, qdev_get_device_class
from emu.trace import Struct, emulates, per_run
from emu.util.qemu_option import QemuOpts, qemu_opts_del, qemu_opts_to_qdict


class QdevMonitorStatics(Struct):
    """The static variables of softmmu/qdev-monitor.c."""

    peripheral: Object | None = None
    peripheral_anon: Object | None = None
    anon_count: int = 0


qdev_monitor_c = per_run(QdevMonitorStatics)


@emulates
def qdev_get_peripheral() -> Object:
    """softmmu/qdev-monitor.c. Returns the parent of devices that have an id."""
    own = qdev_monitor_c()
    if own.peripheral is None:
        own.peripheral = container_get(qdev_get_machine(), "/peripheral")
    return own.peripheral


@emulates
def qdev_get_peripheral_anon() -> Object:
    """softmmu/qdev-monitor.c. Returns the parent of devices that have none."""
    own = qdev_monitor_c()
    if own.peripheral_anon is None:
        own.peripheral_anon = container_get(qdev_get_machine(), "/peripheral-anon")
    return own.peripheral_anon


@emulates
def qdev_set_id(dev: DeviceState, id: str | None) -> str:
    """softmmu/qdev-monitor.c. Gives the device its place in the tree of objects; returns its name there. Error: id taken."""
    assert not dev.id
    assert not dev.realized

    if id is not None:
        try:
            prop = object_property_try_add_child(qdev_get_peripheral(), id, OBJECT(dev))
        except Error:
            error_setg(f"Duplicate device ID '{id}'")
        dev.id = id
    else:
        own = qdev_monitor_c()
        name = f"device[{own.anon_count}]"
        own.anon_count += 1
        prop = object_property_add_child(qdev_get_peripheral_anon(), name, OBJECT(dev))

    return prop.name


def qbus_is_hotpluggable(bus: BusState) -> bool:
    """Tell whether devices may come to a bus at run time (include/hw/qdev-core.h)."""
    return bus.hotplug_handler is not None


def _find_bus(opts: QDict, driver: str, bus_type: str | None) -> BusState | None:
    path = qdict_get_try_str(opts, "bus")
    bus: BusState | None = None
    if path is not None:
        bus = qbus_find(path)
        if bus_type is None or not object_dynamic_cast(OBJECT(bus), bus_type):
            error_setg(f"Device '{driver}' can't go on {object_get_typename(OBJECT(bus))} bus")
    elif bus_type is not None:
        bus = qbus_find_recursive(sysbus_get_default(), None, bus_type)
        if not bus or qbus_is_full(bus):
            error_setg(f"No '{bus_type}' bus found for device '{driver}'")
    return bus


@emulates
def qdev_device_add_from_qdict(opts: QDict, from_json: bool) -> DeviceState | None:
    """softmmu/qdev-monitor.c. Finds class and bus, makes the device, sets its properties, realizes it.

    None: the device stays hidden (failover). Error: any of it fails; nothing is left of the device.
    """
    with errp_guard():
        driver = qdict_get_try_str(opts, "driver")
        if driver is None:
            error_setg("Parameter 'driver' is missing")

        driver, dc = qdev_get_device_class(driver)
        bus = _find_bus(opts, driver, dc.bus_type)

        if qdev_should_hide_device(opts, from_json):
            if bus and not qbus_is_hotpluggable(bus):
                error_setg(f"Bus '{bus.name}' does not support hotplugging")
            return None

        if phase_check(MachineInitPhase.PHASE_MACHINE_READY) and bus and not qbus_is_hotpluggable(bus):
            error_setg(f"Bus '{bus.name}' does not support hotplugging")

        dev = qdev_new(driver)

        try:
            if phase_check(MachineInitPhase.PHASE_MACHINE_READY):
                qdev_hotplug_allowed(dev)

                if not bus and not qdev_get_machine_hotplug_handler(dev):
                    error_setg(f"Device '{driver}' can not be hotplugged on this machine")

            qdev_set_id(dev, qdict_get_try_str(opts, "id"))

            dev.opts = qdict_clone_shallow(opts)
            qdict_del(dev.opts, "driver")
            qdict_del(dev.opts, "bus")
            qdict_del(dev.opts, "id")

            object_set_properties_from_keyval(OBJECT(dev), dev.opts, from_json)

            qdev_realize(DEVICE(dev), bus)
        except Error:
            object_unparent(OBJECT(dev))
            object_unref(OBJECT(dev))
            raise
        return dev


@emulates
def qdev_device_add(opts: QemuOpts) -> DeviceState | None:
    """softmmu/qdev-monitor.c. Makes a device of one ``-device``. Error: as qdev_device_add_from_qdict."""
    qdict = qemu_opts_to_qdict(opts, None)

    ret = qdev_device_add_from_qdict(qdict, False)
    if ret:
        qemu_opts_del(opts)
    return ret
