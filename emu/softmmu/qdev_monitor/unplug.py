"""``device_add`` and ``device_del`` of a running machine (softmmu/qdev-monitor.c)."""

from __future__ import annotations

from emu.hw.core.hotplug import HOTPLUG_HANDLER_GET_CLASS, hotplug_handler_unplug, hotplug_handler_unplug_request
from emu.hw.core.qdev import DEVICE, DEVICE_GET_CLASS, TYPE_DEVICE, DeviceState, qdev_globals
from emu.hw.core.qdev_hotplug import qdev_get_hotplug_handler
from emu.monitor.monitor import Monitor, hmp_handle_error, monitor_cur_is_qmp
from emu.qapi.error import ERROR_CLASS_DEVICE_NOT_FOUND, Error, error_set, error_setg
from emu.qobject.qdict import QDict, qdict_get_str
from emu.qom.object import (
    OBJECT,
    object_dynamic_cast,
    object_get_typename,
    object_resolve_path_at,
    object_unparent,
    object_unref,
)
from emu.softmmu.qdev_monitor.add import qbus_is_hotpluggable, qdev_device_add, qdev_get_peripheral
from emu.softmmu.qdev_monitor.help import qdev_device_help
from emu.trace import emulates
from emu.util.qemu_config import qemu_find_opts
from emu.util.qemu_option import qemu_opts_del, qemu_opts_from_qdict
from emu.util.qemu_timer import QEMU_CLOCK_VIRTUAL, qemu_clock_get_ms
from emu.util.rcu import drain_call_rcu


@emulates
def qmp_device_add(qdict: QDict) -> None:
    """softmmu/qdev-monitor.c. Error: options that do not parse, or qdev_device_add's."""
    opts = qemu_opts_from_qdict(qemu_find_opts("device"), qdict)
    if not monitor_cur_is_qmp() and qdev_device_help(opts):
        qemu_opts_del(opts)
        return
    try:
        dev = qdev_device_add(opts)
    except Error:
        # what is left of a half-made device goes before the answer is given
        drain_call_rcu()
        qemu_opts_del(opts)
        raise
    if dev is None:
        drain_call_rcu()
        qemu_opts_del(opts)
        return
    object_unref(OBJECT(dev))


@emulates
def find_device_state(id: str) -> DeviceState:
    """softmmu/qdev-monitor.c. Returns the device of an id or path. Error: there is none, or it is no device."""
    obj = object_resolve_path_at(qdev_get_peripheral(), id)
    if obj is None:
        error_set(ERROR_CLASS_DEVICE_NOT_FOUND, f"Device '{id}' not found")

    if object_dynamic_cast(obj, TYPE_DEVICE) is None:
        error_setg(f"{id} is not a hotpluggable device")
    return DEVICE(obj)


@emulates
def qdev_unplug(dev: DeviceState) -> None:
    """softmmu/qdev-monitor.c. Asks the guest to let a device go, or takes it away where nobody is asked.

    Error: a blocker, a bus or a device that allows no hotplugging, or what its handler says.
    """
    dc = DEVICE_GET_CLASS(dev)

    for reason in dev.unplug_blockers:
        raise reason

    if dev.parent_bus is not None and not qbus_is_hotpluggable(dev.parent_bus):
        error_setg(f"Bus '{dev.parent_bus.name}' does not support hotplugging")

    if not dc.hotpluggable:
        error_setg(f"Device '{object_get_typename(OBJECT(dev))}' does not support hotplugging")

    qdev_globals().qdev_hot_removed = True

    hotplug_ctrl = qdev_get_hotplug_handler(dev)
    assert hotplug_ctrl is not None

    if HOTPLUG_HANDLER_GET_CLASS(hotplug_ctrl).unplug_request is not None:
        hotplug_handler_unplug_request(hotplug_ctrl, dev)
    else:
        hotplug_handler_unplug(hotplug_ctrl, dev)
        object_unparent(OBJECT(dev))


@emulates
def qmp_device_del(id: str) -> None:
    """softmmu/qdev-monitor.c. Error: no such device, already being unplugged, or qdev_unplug's."""
    dev = find_device_state(id)
    if dev.pending_deleted_event and (
        dev.pending_deleted_expires_ms == 0 or dev.pending_deleted_expires_ms > qemu_clock_get_ms(QEMU_CLOCK_VIRTUAL)
    ):
        error_setg(f"Device {id} is already in the process of unplug")

    qdev_unplug(dev)


@emulates
def hmp_device_add(mon: Monitor, qdict: QDict) -> None:
    """softmmu/qdev-monitor.c."""
    try:
        qmp_device_add(qdict)
    except Error as err:
        hmp_handle_error(mon, err)


@emulates
def hmp_device_del(mon: Monitor, qdict: QDict) -> None:
    """softmmu/qdev-monitor.c."""
    try:
        qmp_device_del(qdict_get_str(qdict, "id"))
    except Error as err:
        hmp_handle_error(mon, err)
