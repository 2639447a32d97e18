"""The type ``device``: class, instance, end (hw/core/qdev.c)."""

from __future__ import annotations

from emu.errors import QemuAbort
from emu.hw.core.qdev.bus_link import bus_remove_child, qdev_get_dev_path
from emu.hw.core.qdev.realize import device_get_realized, device_set_realized, qdev_unrealize
from emu.hw.core.qdev.reset import (
    device_get_reset_state,
    device_get_transitional_reset,
    device_phases_reset,
    device_reset_child_foreach,
)
from emu.hw.core.qdev.state import phase_check, qdev_globals
from emu.hw.core.qdev_clock import qdev_finalize_clocklist
from emu.hw.core.qdev_core import (
    DEVICE,
    DEVICE_CLASS,
    DEVICE_GET_CLASS,
    TYPE_BUS,
    TYPE_DEVICE,
    DeviceClass,
    DeviceRealize,
    DeviceReset,
    DeviceState,
    DeviceUnrealize,
    MachineInitPhase,
    qbus_is_hotpluggable,
)
from emu.hw.core.vmstate_if import TYPE_VMSTATE_IF, VMSTATE_IF_CLASS
from emu.hw.resettable import RESETTABLE_CLASS, TYPE_RESETTABLE_INTERFACE
from emu.qapi.qmp_event import event_send
from emu.qemu.module import type_init
from emu.qom.object import (
    OBJECT,
    TYPE_OBJECT,
    Object,
    TypeInfo,
    object_apply_compat_props,
    object_class_by_name,
    object_class_property_add_bool,
    object_class_property_add_link,
    object_new,
    object_unparent,
    object_unref,
    type_register_static,
)
from emu.qom.parts import Part
from emu.trace import Ptr, emulates
from emu.util.error_report import error_report


@emulates
def qdev_new(name: str) -> DeviceState:
    """Make a device; its reference count is 1 and it is on no bus. An unknown type aborts."""
    if object_class_by_name(name) is None:
        error_report(f"unknown type '{name}'")
        raise QemuAbort
    return DEVICE(object_new(name))


@emulates
def qdev_try_new(name: str) -> DeviceState | None:
    """Make a device if its type exists."""
    if object_class_by_name(name) is None:
        return None
    return DEVICE(object_new(name))


def device_get_hotpluggable(obj: Object) -> bool:
    """Getter of ``hotpluggable``."""
    bus = DEVICE(obj).parent_bus
    return DEVICE_GET_CLASS(obj).hotpluggable and (bus is None or qbus_is_hotpluggable(bus))


def device_get_hotplugged(obj: Object) -> bool:
    """Getter of ``hotplugged``."""
    return bool(DEVICE(obj).hotplugged)


@emulates
def device_initfn(obj: Object) -> None:
    """Instance init of ``device``."""
    dev = DEVICE(obj)
    if phase_check(MachineInitPhase.PHASE_MACHINE_READY):
        dev.hotplugged = 1
        qdev_globals().qdev_hot_added = True
    dev.instance_id_alias = -1
    dev.realized = False
    dev.allow_unplug_during_migration = False


@emulates
def device_post_init(obj: Object) -> None:
    """Instance post init of ``device``: global properties, the user's last so that they win."""
    from emu.hw.core.qdev_properties import qdev_prop_set_globals

    object_apply_compat_props(obj)
    qdev_prop_set_globals(DEVICE(obj))


@emulates
def device_finalize(obj: Object) -> None:
    """Instance finalize of ``device``."""
    dev = DEVICE(obj)
    assert not len(dev.unplug_blockers)
    while len(dev.gpios):
        dev.gpios.pop(0)
    qdev_finalize_clocklist(dev)
    if dev.pending_deleted_event:
        assert dev.canonical_path is not None
        qapi_event_send_device_deleted(dev.id, dev.canonical_path)
        dev.canonical_path = None
    dev.opts = None
    dev.id = None


@emulates(file="qapi/qapi-events-qdev.c")
def qapi_event_send_device_deleted(device: str | None, path: str) -> None:
    """Tell programs that a device is gone."""
    event_send("DEVICE_DELETED", {"path": path} if device is None else {"device": device, "path": path})


@emulates
def device_class_base_init(klass: Part, data: object) -> None:
    """Class base init of ``device``: properties are looked up in ancestors, so they are not inherited."""
    DEVICE_CLASS(klass).props_ = None


@emulates
def device_unparent(obj: Part) -> None:
    """Unparent of a device: unrealize it, drop its buses, leave its bus."""
    dev = DEVICE(obj)
    if dev.realized:
        qdev_unrealize(dev)
    while dev.num_child_bus:
        object_unparent(OBJECT(dev.child_bus[0]))
    if dev.parent_bus is not None:
        bus_remove_child(dev.parent_bus, dev)
        object_unref(OBJECT(dev.parent_bus))
        dev.parent_bus = None


@emulates
def device_vmstate_if_get_id(obj: Part) -> str | None:
    """Name a device in a migration stream by its place."""
    return qdev_get_dev_path(DEVICE(obj))


@emulates
def device_class_init(klass: Part, data: object) -> None:
    """Class init of ``device``."""
    dc = DEVICE_CLASS(klass)
    vc = VMSTATE_IF_CLASS(klass)
    rc = RESETTABLE_CLASS(klass)
    klass._whole.unparent = device_unparent
    dc.hotpluggable = True
    dc.user_creatable = True
    vc.get_id = device_vmstate_if_get_id
    rc.get_state = device_get_reset_state
    rc.child_foreach = device_reset_child_foreach
    dc.reset = device_phases_reset
    rc.get_transitional_function = device_get_transitional_reset
    object_class_property_add_bool(klass, "realized", device_get_realized, device_set_realized)
    object_class_property_add_bool(klass, "hotpluggable", device_get_hotpluggable, None)
    object_class_property_add_bool(klass, "hotplugged", device_get_hotplugged, None)
    object_class_property_add_link(klass, "parent_bus", TYPE_BUS, (DeviceState, "parent_bus"), None, 0)


@emulates
def device_class_set_parent_reset(dc: DeviceClass, dev_reset: DeviceReset, parent_reset: Ptr) -> None:
    """Override ``reset``; keep the old one at ``parent_reset``."""
    parent_reset.set(dc.reset)
    dc.reset = dev_reset


@emulates
def device_class_set_parent_realize(dc: DeviceClass, dev_realize: DeviceRealize, parent_realize: Ptr) -> None:
    """Override ``realize``; keep the old one at ``parent_realize``. This turns an order of calls round."""
    parent_realize.set(dc.realize)
    dc.realize = dev_realize


@emulates
def device_class_set_parent_unrealize(dc: DeviceClass, dev_unrealize: DeviceUnrealize, parent_unrealize: Ptr) -> None:
    """Override ``unrealize``; keep the old one at ``parent_unrealize``."""
    parent_unrealize.set(dc.unrealize)
    dc.unrealize = dev_unrealize


device_type_info = TypeInfo(
    name=TYPE_DEVICE,
    parent=TYPE_OBJECT,
    instance=DeviceState,
    instance_init=device_initfn,
    instance_post_init=device_post_init,
    instance_finalize=device_finalize,
    class_base_init=device_class_base_init,
    class_init=device_class_init,
    abstract=True,
    class_=DeviceClass,
    interfaces=(TYPE_VMSTATE_IF, TYPE_RESETTABLE_INTERFACE),
)


@type_init
@emulates
def qdev_register_types() -> None:
    """Register ``device``."""
    type_register_static(device_type_info)
