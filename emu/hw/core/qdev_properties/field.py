"""How properties of objects lead to the fields that hold their values; arrays and links (hw/core/qdev-properties.c)."""

from __future__ import annotations

from typing import Any, Final

from emu.hw.core.qdev_core import DEVICE, DeviceState
from emu.hw.core.qdev_properties.scalars import get_uint32, qdev_propinfo_set_default_value_uint
from emu.hw.core.qdev_properties.structs import Accessor, ArrayElementProperty, Property, PropertyInfo
from emu.qapi.error import error_setg
from emu.qapi.visitor import visit_type_uint32
from emu.qom.object import (
    OBJ_PROP_LINK_STRONG,
    Object,
    ObjectClass,
    ObjectProperty,
    object_class_property_add_link,
    object_get_typename,
    object_property_add,
)
from emu.trace import Ptr, Seq, emulates

PROP_ARRAY_LEN_PREFIX: Final = "len-"


def object_field_prop_ptr(obj: Object, prop: Property) -> Ptr:
    """Return the address of the field that holds a property's value."""
    return Ptr(prop.holder(obj), prop.field)


@emulates
def qdev_prop_set_after_realize(dev: DeviceState, name: str) -> None:
    """Refuse to set a property of a realized device. Error: always."""
    typename = object_get_typename(dev)
    if dev.id is not None:
        error_setg(f"Attempt to set property '{name}' on device '{dev.id}' (type '{typename}') after it was realized")
    error_setg(f"Attempt to set property '{name}' on anonymous device (type '{typename}') after it was realized")


@emulates
def qdev_prop_allow_set(obj: Object, name: str, info: PropertyInfo) -> bool:
    """Let a property be set before the device is realized. Error: it is."""
    dev = DEVICE(obj)
    if dev.realized and not info.realized_set_allowed:
        qdev_prop_set_after_realize(dev, name)
    return True


@emulates
def qdev_prop_allow_set_link_before_realize(obj: Object, name: str, val: Object | None) -> None:
    """Let a link be set before the device is realized. Error: it is."""
    dev = DEVICE(obj)
    if dev.realized:
        shown = "(null)" if dev.id is None else dev.id
        error_setg(
            f"Attempt to set link property '{name}' on device '{shown}' (type '{object_get_typename(obj)}') after it was realized"
        )


def field_prop_get(obj: Object, v: Any, name: str, opaque: Property) -> Any:
    """Getter of a property that is held in a field."""
    assert opaque.info.get is not None
    return opaque.info.get(obj, v, name, opaque)


def field_prop_getter(info: PropertyInfo) -> Accessor | None:
    """Return the getter for a kind of property, None where it can't be read."""
    return field_prop_get if info.get is not None else None


def field_prop_set(obj: Object, v: Any, name: str, opaque: Property) -> Any:
    """Setter of a property that is held in a field. Error: the device is realized, or the value is wrong."""
    info = opaque.info
    qdev_prop_allow_set(obj, name, info)
    assert info.set is not None
    return info.set(obj, v, name, opaque)


def field_prop_setter(info: PropertyInfo) -> Accessor | None:
    """Return the setter for a kind of property, None where it can't be written."""
    return field_prop_set if info.set is not None else None


@emulates
def array_element_release(obj: Object, name: str, opaque: ArrayElementProperty) -> None:
    """Release of an element of an array."""
    if opaque.info.release is not None:
        opaque.info.release(obj, name, opaque)


@emulates
def set_prop_arraylen(obj: Object, v: Any, name: str, opaque: Property) -> None:
    """Setter of the length of an array: makes the array, and a property for each element. Error: it was set before."""
    if opaque.read(obj):
        error_setg(f"array size property {name} may not be set more than once")
    alen = visit_type_uint32(v, name)
    opaque.write(obj, alen)
    if not alen:
        return
    assert name.startswith(PROP_ARRAY_LEN_PREFIX)
    arrayname = name.removeprefix(PROP_ARRAY_LEN_PREFIX)
    info = opaque.arrayinfo
    assert info is not None
    array: Seq[Any] = Seq([opaque.arrayzero] * alen)
    setattr(opaque.holder(obj), opaque.arrayfield, array)
    for i in range(alen):
        propname = f"{arrayname}[{i}]"
        arrayprop = ArrayElementProperty(propname, info, array, i)
        object_property_add(
            obj, propname, info.name, field_prop_getter(info), field_prop_setter(info), array_element_release, arrayprop
        )


qdev_prop_arraylen: Final = PropertyInfo(
    name="uint32", get=get_uint32, set=set_prop_arraylen, set_default_value=qdev_propinfo_set_default_value_uint
)


@emulates
def create_link_property(oc: ObjectClass, name: str, prop: Property) -> ObjectProperty:
    """Make a property that links to another object."""
    assert not prop.outer, "a link is a field of the device's own struct"
    return object_class_property_add_link(
        oc, name, prop.link_type, (prop.state, prop.field), qdev_prop_allow_set_link_before_realize, OBJ_PROP_LINK_STRONG
    )


qdev_prop_link: Final = PropertyInfo(name="link", create=create_link_property)
