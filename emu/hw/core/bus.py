"""Buses: initialise, realize, walk (hw/core/bus.c)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from emu.hw.core import qdev
from emu.hw.core.qdev_core import (
    BUS,
    BUS_CLASS,
    BUS_GET_CLASS,
    QDEV_HOTPLUG_HANDLER_PROPERTY,
    TYPE_BUS,
    BusClass,
    BusState,
    DeviceState,
)
from emu.hw.core.resettable import resettable_is_in_reset, resettable_reset
from emu.hw.resettable import (
    RESET_TYPE_COLD,
    RESETTABLE_CLASS,
    RESETTABLE_GET_CLASS,
    TYPE_RESETTABLE_INTERFACE,
    ResettableState,
)
from emu.qapi.error import error_abort
from emu.qemu.module import type_init
from emu.qom.object import (
    OBJECT,
    TYPE_OBJECT,
    Object,
    TypeInfo,
    object_get_typename,
    object_initialize,
    object_new,
    object_property_add_bool,
    object_property_add_child,
    object_property_add_link,
    object_property_allow_set_link,
    object_property_set_bool,
    object_property_set_link,
    object_unparent,
    object_unref,
    type_register_static,
)
from emu.qom.parts import Part
from emu.trace import Ptr, emulates

Walker = Callable[[Any, Any], int] | None


@emulates
def qbus_set_hotplug_handler(bus: BusState, handler: Part | None) -> None:
    """Let an object answer for what is plugged into a bus."""
    with error_abort():
        object_property_set_link(OBJECT(bus), QDEV_HOTPLUG_HANDLER_PROPERTY, handler)


@emulates
def qbus_set_bus_hotplug_handler(bus: BusState) -> None:
    """Let a bus answer for itself."""
    qbus_set_hotplug_handler(bus, OBJECT(bus))


@emulates
def qbus_walk_children(
    bus: BusState, pre_devfn: Walker, pre_busfn: Walker, post_devfn: Walker, post_busfn: Walker, opaque: Any
) -> int:
    """Walk a bus and all below it. A walker's non-zero result ends its bus, a negative one the walk."""
    if pre_busfn is not None and (err := pre_busfn(bus, opaque)):
        return err
    for kid in list(bus.children):
        err = qdev.qdev_walk_children(kid.child, pre_devfn, pre_busfn, post_devfn, post_busfn, opaque)
        if err < 0:
            return err
    if post_busfn is not None and (err := post_busfn(bus, opaque)):
        return err
    return 0


@emulates
def bus_cold_reset(bus: BusState) -> None:
    """Reset a bus and all below it."""
    resettable_reset(OBJECT(bus), RESET_TYPE_COLD)


def bus_is_in_reset(bus: BusState) -> bool:
    """Tell whether a bus is in reset."""
    return resettable_is_in_reset(OBJECT(bus))


def bus_get_reset_state(obj: Part) -> ResettableState:
    """Return the reset state of a bus."""
    return BUS(obj).reset


@emulates
def bus_reset_child_foreach(obj: Part, cb: Callable[..., None], opaque: Any, type_: int) -> None:
    """Hand every device of a bus to a reset phase."""
    for kid in list(BUS(obj).children):
        cb(OBJECT(kid.child), opaque, type_)


@emulates
def qbus_init_internal(bus: BusState, parent: DeviceState | None, name: str | None) -> None:
    """Name a bus (given, or the parent's id, or type and number) and hang it below its device."""
    bus.parent = parent
    if name is not None:
        bus.name = name
    elif parent is not None and parent.id is not None:
        bus.name = f"{parent.id}.{parent.num_child_bus}"
    else:
        bc = BUS_GET_CLASS(bus)
        bus_id = bc.automatic_ids
        bc.automatic_ids += 1
        bus.name = f"{object_get_typename(bus)}.{bus_id}".lower()
    if parent is not None:
        parent.child_bus.insert(0, bus)
        parent.num_child_bus += 1
        object_property_add_child(OBJECT(parent), bus.name, OBJECT(bus))
        object_unref(OBJECT(bus))


@emulates
def bus_unparent(obj: Part) -> None:
    """Unparent of a bus: its devices go first."""
    bus = BUS(obj)
    assert bus.parent is not None
    while len(bus.children):
        object_unparent(OBJECT(bus.children[0].child))
    bus.parent.child_bus.remove(bus)
    bus.parent.num_child_bus -= 1
    bus.parent = None


@emulates
def qbus_init(place: Ptr, typename: str, parent: DeviceState | None, name: str | None) -> None:
    """Initialise an embedded bus."""
    bus = BUS(object_initialize(place, typename))
    qbus_init_internal(bus, parent, name)


@emulates
def qbus_new(typename: str, parent: DeviceState | None, name: str | None) -> BusState:
    """Make a bus on the heap."""
    bus = BUS(object_new(typename))
    qbus_init_internal(bus, parent, name)
    return bus


@emulates
def qbus_realize(bus: BusState) -> None:
    """Realize a bus. Error: its class's realize refuses."""
    object_property_set_bool(OBJECT(bus), "realized", True)


@emulates
def qbus_unrealize(bus: BusState) -> None:
    """Unrealize a bus."""
    with error_abort():
        object_property_set_bool(OBJECT(bus), "realized", False)


def bus_get_realized(obj: Object) -> bool:
    """Getter of a bus's ``realized``."""
    return BUS(obj).realized


@emulates
def bus_set_realized(obj: Object, value: bool) -> None:
    """Setter of a bus's ``realized``."""
    bus = BUS(obj)
    bc = BUS_GET_CLASS(bus)
    if value and not bus.realized:
        if bc.realize is not None:
            bc.realize(bus)
    elif not value and bus.realized:
        for kid in list(bus.children):
            qdev.qdev_unrealize(kid.child)
        if bc.unrealize is not None:
            bc.unrealize(bus)
    bus.realized = value


@emulates
def qbus_initfn(obj: Object) -> None:
    """Instance init of ``bus``."""
    bus = BUS(obj)
    object_property_add_link(
        obj,
        QDEV_HOTPLUG_HANDLER_PROPERTY,
        "hotplug-handler",
        Ptr(bus, "hotplug_handler"),
        object_property_allow_set_link,
        0,
    )
    object_property_add_bool(obj, "realized", bus_get_realized, bus_set_realized)


def default_bus_get_fw_dev_path(dev: DeviceState) -> str:
    """Name a device in a firmware path by its type."""
    return object_get_typename(dev)


@emulates
def bus_phases_reset(bus: BusState) -> None:
    """Reset method of buses that have none of the older kind: run the phases."""
    rc = RESETTABLE_GET_CLASS(bus)
    if rc.phases_enter is not None:
        rc.phases_enter(OBJECT(bus), RESET_TYPE_COLD)
    if rc.phases_hold is not None:
        rc.phases_hold(OBJECT(bus))
    if rc.phases_exit is not None:
        rc.phases_exit(OBJECT(bus))


@emulates
def bus_transitional_reset(obj: Part) -> None:
    """Run the class's reset method, old or new."""
    bc = BUS_GET_CLASS(obj)
    if bc.reset is not None:
        bc.reset(BUS(obj))


def bus_get_transitional_reset(obj: Part) -> Callable[[Any], None] | None:
    """Return the transitional function of a class whose reset is of the older kind."""
    return bus_transitional_reset if BUS_GET_CLASS(obj).reset is not bus_phases_reset else None


@emulates
def bus_class_init(klass: Part, data: object) -> None:
    """Class init of ``bus``."""
    bc: BusClass = BUS_CLASS(klass)
    rc = RESETTABLE_CLASS(klass)
    klass._whole.unparent = bus_unparent
    bc.get_fw_dev_path = default_bus_get_fw_dev_path
    rc.get_state = bus_get_reset_state
    rc.child_foreach = bus_reset_child_foreach
    bc.reset = bus_phases_reset
    rc.get_transitional_function = bus_get_transitional_reset


@emulates
def qbus_finalize(obj: Object) -> None:
    """Instance finalize of ``bus``: its name is freed."""
    BUS(obj).name = None


bus_info = TypeInfo(
    name=TYPE_BUS,
    parent=TYPE_OBJECT,
    instance=BusState,
    abstract=True,
    class_=BusClass,
    instance_init=qbus_initfn,
    instance_finalize=qbus_finalize,
    class_init=bus_class_init,
    interfaces=(TYPE_RESETTABLE_INTERFACE,),
)


@type_init
@emulates
def bus_register_types() -> None:
    """Register ``bus``."""
    type_register_static(bus_info)
