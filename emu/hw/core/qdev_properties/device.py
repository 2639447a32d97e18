"""Properties of devices as a whole: from a class's table to QOM, setting them, globals (hw/core/qdev-properties.c)."""

from __future__ import annotations

from errno import EEXIST, ENOENT
from typing import Any

from emu.hw.core.qdev_core import DEVICE_CLASS, TYPE_DEVICE, DeviceClass, DeviceState
from emu.hw.core.qdev_properties.field import field_prop_getter, field_prop_setter
from emu.hw.core.qdev_properties.structs import Property
from emu.qapi.error import error_abort, error_fatal, error_setg
from emu.qapi.qapi_util import qapi_enum_lookup
from emu.qapi.visitor import visit_type_str
from emu.qom.object import (
    OBJECT,
    OBJECT_CLASS,
    GlobalProperty,
    Object,
    ObjectClass,
    object_apply_global_props,
    object_class_by_name,
    object_class_dynamic_cast,
    object_class_get_parent,
    object_class_property_add,
    object_class_property_set_description,
    object_dynamic_cast,
    object_get_class,
    object_get_typename,
    object_property_add,
    object_property_add_alias,
    object_property_set_bool,
    object_property_set_description,
    object_property_set_int,
    object_property_set_str,
)
from emu.qom.parts import Part
from emu.source import beyond_recorded
from emu.trace import Seq, Struct, emulates, per_run, seq
from emu.util.error_report import warn_report


def qdev_prop_walk(props: tuple[Property, ...] | None, name: str) -> Property | None:
    """Return the property of a table that has a name, None where there is none."""
    return next((prop for prop in props or () if prop.name == name), None)


def qdev_prop_find(dev: DeviceState, name: str) -> Property | None:
    """Return the property of a device by its name, its class's before those of ancestors; None where there is none."""
    klass: ObjectClass | None = object_get_class(OBJECT(dev))
    while klass is not None and klass.type.name != TYPE_DEVICE:
        prop = qdev_prop_walk(DEVICE_CLASS(klass).props_, name)
        if prop is not None:
            return prop
        klass = object_class_get_parent(klass)
    return None


def error_set_from_qdev_prop_error(ret: int, obj: Part, name: str, value: str) -> None:
    """Raise the Error that a negative errno of a setter stands for; 0 is none."""
    of = f"Property '{object_get_typename(obj)}.{name}'"
    if ret == -EEXIST:
        error_setg(f"{of} can't take value '{value}', it's in use")
    if ret == -ENOENT:
        error_setg(f"{of} can't find value '{value}'")
    if ret:
        error_setg(f"{of} doesn't take value '{value}'")


@emulates
def qdev_prop_set_bit(dev: Part, name: str, value: bool) -> None:
    """Set a boolean before realize."""
    with error_abort():
        object_property_set_bool(OBJECT(dev), name, value)


@emulates
def qdev_prop_set_uint8(dev: Part, name: str, value: int) -> None:
    """Set a number before realize."""
    with error_abort():
        object_property_set_int(OBJECT(dev), name, value)


@emulates
def qdev_prop_set_uint16(dev: Part, name: str, value: int) -> None:
    """Set a number before realize."""
    with error_abort():
        object_property_set_int(OBJECT(dev), name, value)


@emulates
def qdev_prop_set_uint32(dev: Part, name: str, value: int) -> None:
    """Set a number before realize."""
    with error_abort():
        object_property_set_int(OBJECT(dev), name, value)


@emulates
def qdev_prop_set_int32(dev: Part, name: str, value: int) -> None:
    """Set a number before realize."""
    with error_abort():
        object_property_set_int(OBJECT(dev), name, value)


@emulates
def qdev_prop_set_uint64(dev: Part, name: str, value: int) -> None:
    """Set a number before realize; C passes it as an ``int64_t``."""
    with error_abort():
        object_property_set_int(OBJECT(dev), name, value - (1 << 64) if value >> 63 else value)


@emulates
def qdev_prop_set_string(dev: Part, name: str, value: str) -> None:
    """Set a string before realize."""
    with error_abort():
        object_property_set_str(OBJECT(dev), name, value)


@emulates
def qdev_prop_set_enum(dev: DeviceState, name: str, value: int) -> None:
    """Set an enumeration before realize."""
    prop = qdev_prop_find(dev, name)
    assert prop is not None
    assert prop.info.enum_table is not None
    with error_abort():
        object_property_set_str(OBJECT(dev), name, qapi_enum_lookup(prop.info.enum_table, value))


class QdevProperties(Struct):
    """The static variable of hw/core/qdev-properties.c."""

    global_props: Seq[GlobalProperty] = seq()


qdev_properties = per_run(QdevProperties)


@emulates
def qdev_prop_register_global(prop: GlobalProperty) -> None:
    """Note a global property of the user."""
    qdev_properties().global_props.append(prop)


@emulates
def qdev_find_global_prop(obj: Part, name: str) -> GlobalProperty | None:
    """Return the first global property that sets a property of an object, None where none does."""
    for p in qdev_properties().global_props:
        if object_dynamic_cast(obj, p.driver) is not None and p.property == name:
            return p
    return None


@emulates
def qdev_prop_check_globals() -> int:
    """Warn of global properties that no device used; return 1 if there is one, else 0."""
    ret = 0
    for prop in qdev_properties().global_props:
        if prop.used:
            continue
        klass = object_class_by_name(prop.driver)
        oc = object_class_dynamic_cast(klass, TYPE_DEVICE) if klass is not None else None
        if oc is None and not beyond_recorded("7.2", prop.driver):
            warn_report(f"global {prop.driver}.{prop.property} has invalid class name")
            ret = 1
        elif oc is not None and not DEVICE_CLASS(oc).hotpluggable:
            warn_report(f"global {prop.driver}.{prop.property}={prop.value} not used")
            ret = 1
    return ret


@emulates
def qdev_prop_set_globals(dev: DeviceState) -> None:
    """Apply the user's global properties to a new device; of a hot-plugged one, errors are warnings."""
    if dev.hotplugged:
        object_apply_global_props(OBJECT(dev), qdev_properties().global_props, False)
    else:
        with error_fatal():
            object_apply_global_props(OBJECT(dev), qdev_properties().global_props, True)


@emulates
def qdev_property_add_static(dev: DeviceState, prop: Property) -> None:
    """Add a property to one device, and give it its default."""
    obj, info = OBJECT(dev), prop.info
    assert info.create is None
    op = object_property_add(obj, prop.name, info.name, field_prop_getter(info), field_prop_setter(info), info.release, prop)
    object_property_set_description(obj, prop.name, info.description)
    if prop.set_default:
        assert info.set_default_value is not None
        info.set_default_value(op, prop)
        if op.init is not None:
            op.init(obj, op)


@emulates
def qdev_class_add_property(klass: DeviceClass, name: str, prop: Property) -> None:
    """Add a property to a class."""
    oc, info = OBJECT_CLASS(klass), prop.info
    if info.create is not None:
        op = info.create(oc, name, prop)
    else:
        op = object_class_property_add(oc, name, info.name, field_prop_getter(info), field_prop_setter(info), info.release, prop)
    if prop.set_default:
        assert info.set_default_value is not None
        info.set_default_value(op, prop)
    if info.description is not None:
        object_class_property_set_description(oc, name, info.description)


@emulates
def qdev_get_legacy_property(obj: Object, v: Any, name: str, opaque: Property) -> None:
    """Getter of a legacy property: the value as ``info qtree`` shows it."""
    assert opaque.info.print is not None
    visit_type_str(v, name, opaque.info.print(obj, opaque))


def qdev_class_add_legacy_property(dc: DeviceClass, prop: Property) -> None:
    """Add ``legacy-NAME`` for a property that prints itself, or that can't be read."""
    info = prop.info
    if info.print is None and info.get is not None:
        return
    getter = qdev_get_legacy_property if info.print is not None else info.get
    object_class_property_add(OBJECT_CLASS(dc), f"legacy-{prop.name}", "str", getter, None, None, prop)


@emulates
def device_class_set_props(dc: DeviceClass, props: tuple[Property, ...]) -> None:
    """Take a table of properties over into a class."""
    dc.props_ = props
    for prop in props:
        qdev_class_add_legacy_property(dc, prop)
        qdev_class_add_property(dc, prop.name, prop)


@emulates
def qdev_alias_all_properties(target: DeviceState, source: Part) -> None:
    """Give ``source`` an alias of every property of the device ``target``, its class's before those of ancestors."""
    klass: ObjectClass | None = object_get_class(OBJECT(target))
    while klass is not None and klass.type.name != TYPE_DEVICE:
        for prop in DEVICE_CLASS(klass).props_ or ():
            object_property_add_alias(source, prop.name, OBJECT(target), prop.name)
        klass = object_class_get_parent(klass)
