"""``realized``: the property that makes a device work, and unmakes it (hw/core/qdev.c)."""

from __future__ import annotations

from emu.hw.core.hotplug import hotplug_handler_plug, hotplug_handler_pre_plug
from emu.hw.core.qdev.bus_link import qdev_set_parent_bus
from emu.hw.core.qdev.state import listeners_call, qdev_get_machine, qdev_globals
from emu.hw.core.qdev_core import DEVICE, DEVICE_GET_CLASS, TYPE_DEVICE, BusState, DeviceState
from emu.hw.core.qdev_hotplug import qdev_get_hotplug_handler
from emu.hw.core.resettable import (
    resettable_assert_reset,
    resettable_change_parent,
    resettable_release_reset,
    resettable_state_clear,
)
from emu.hw.resettable import RESET_TYPE_COLD
from emu.migration.savevm import (
    VMSTATE_INSTANCE_ID_ANY,
    vmstate_check_only_migratable,
    vmstate_register_with_alias_id,
    vmstate_unregister,
)
from emu.qapi.error import Error, error_abort, error_setg
from emu.qom.container import container_get
from emu.qom.object import (
    OBJECT,
    Object,
    object_child_foreach_recursive,
    object_dynamic_cast,
    object_get_canonical_path,
    object_get_root,
    object_get_typename,
    object_property_add_child,
    object_property_set_bool,
    object_unparent,
    object_unref,
)
from emu.qom.parts import Part
from emu.trace import emulates


@emulates
def qdev_realize(dev: DeviceState, bus: BusState | None) -> None:
    """Put a device on its bus and realize it. Error: the bus or a realize function refuses."""
    assert not dev.realized
    assert dev.parent_bus is None
    if bus is not None:
        qdev_set_parent_bus(dev, bus)
    else:
        assert DEVICE_GET_CLASS(dev).bus_type is None
    object_property_set_bool(OBJECT(dev), "realized", True)


@emulates
def qdev_realize_and_unref(dev: DeviceState, bus: BusState | None) -> None:
    """Realize a device and leave it to its parent."""
    try:
        qdev_realize(dev, bus)
    finally:
        object_unref(OBJECT(dev))


@emulates
def qdev_unrealize(dev: DeviceState) -> None:
    """Undo what realize did."""
    with error_abort():
        object_property_set_bool(OBJECT(dev), "realized", False)


def device_get_realized(obj: Object) -> bool:
    """Getter of ``realized``."""
    return DEVICE(obj).realized


@emulates
def check_only_migratable(obj: Object) -> None:
    """Refuse a device that can't migrate where that was asked for. Error: it can't."""
    if not vmstate_check_only_migratable(DEVICE_GET_CLASS(obj).vmsd):
        error_setg(f"Device {object_get_typename(obj)} is not migratable, but --only-migratable was specified")


@emulates
def device_set_realized(obj: Object, value: bool) -> None:
    """Setter of ``realized``: everything that happens between an initialised device and one that works.

    Error: a check, the hotplug handler, the class's realize or a child bus refuses; all is undone then.
    """
    dev = DEVICE(obj)
    dc = DEVICE_GET_CLASS(dev)
    if dev.hotplugged and not dc.hotpluggable:
        error_setg(f"Device '{object_get_typename(obj)}' does not support hotplugging")
    if value and not dev.realized:
        _realize(obj, dev)
    elif not value and dev.realized:
        _unrealize(dev)


def _realize(obj: Object, dev: DeviceState) -> None:
    dc = DEVICE_GET_CLASS(dev)
    unattached_parent = False
    try:
        check_only_migratable(obj)
        if obj.parent is None:
            count = qdev_globals().unattached_count
            qdev_globals().unattached_count = count + 1
            object_property_add_child(container_get(qdev_get_machine(), "/unattached"), f"device[{count}]", obj)
            unattached_parent = True
        hotplug_ctrl = qdev_get_hotplug_handler(dev)
        if hotplug_ctrl is not None:
            hotplug_handler_pre_plug(hotplug_ctrl, dev)
        if dc.realize is not None:
            dc.realize(dev)
        _after_realize(dev, hotplug_ctrl)
        dev.realized = True
    except Error:
        if unattached_parent:
            object_unparent(obj)
            qdev_globals().unattached_count -= 1
        raise


def _after_realize(dev: DeviceState, hotplug_ctrl: Part | None) -> None:
    from emu.hw.core.bus import qbus_realize, qbus_unrealize

    dc = DEVICE_GET_CLASS(dev)
    listeners_call(dev, realize=True)
    registered = False
    try:
        dev.canonical_path = object_get_canonical_path(dev)
        if dc.vmsd is not None:
            vmstate_register_with_alias_id(
                dev, VMSTATE_INSTANCE_ID_ANY, dc.vmsd, dev, dev.instance_id_alias, dev.alias_required_for_version
            )
        registered = True
        resettable_state_clear(dev.reset)
        for bus in list(dev.child_bus):
            qbus_realize(bus)
        if dev.hotplugged:
            resettable_assert_reset(dev, RESET_TYPE_COLD)
            resettable_change_parent(dev, dev.parent_bus, None)
            resettable_release_reset(dev, RESET_TYPE_COLD)
        dev.pending_deleted_event = False
        if hotplug_ctrl is not None:
            hotplug_handler_plug(hotplug_ctrl, dev)
    except Error:
        if registered:
            for bus in list(dev.child_bus):
                qbus_unrealize(bus)
            if dc.vmsd is not None:
                vmstate_unregister(dev, dc.vmsd, dev)
        dev.canonical_path = None
        if dc.unrealize is not None:
            dc.unrealize(dev)
        raise


def _unrealize(dev: DeviceState) -> None:
    from emu.hw.core.bus import qbus_unrealize

    dc = DEVICE_GET_CLASS(dev)
    dev.realized = False
    for bus in list(dev.child_bus):
        qbus_unrealize(bus)
    if dc.vmsd is not None:
        vmstate_unregister(dev, dc.vmsd, dev)
    if dc.unrealize is not None:
        dc.unrealize(dev)
    dev.pending_deleted_event = True
    listeners_call(dev, realize=False)


def _assert_realized_properly(obj: Object) -> int:
    if object_dynamic_cast(obj, TYPE_DEVICE) is not None:
        dev = DEVICE(obj)
        assert dev.realized, f"{object_get_canonical_path(obj)} was never realized"
        assert dev.parent_bus is not None or DEVICE_GET_CLASS(dev).bus_type is None
    return 0


@emulates
def qdev_assert_realized_properly() -> None:
    """Make sure that no device of the tree was forgotten."""
    object_child_foreach_recursive(object_get_root(), _assert_realized_properly)
