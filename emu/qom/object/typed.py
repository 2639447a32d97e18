"""Properties of plain types: strings, booleans, enumerations, numbers in memory, aliases (qom/object.c)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from emu.qapi.error import error_abort
from emu.qapi.forward_visitor import visitor_forward_field
from emu.qapi.visitor import (
    visit_type_bool,
    visit_type_enum,
    visit_type_str,
    visit_type_uint8,
    visit_type_uint16,
    visit_type_uint32,
    visit_type_uint64,
)
from emu.qom.object.paths import object_resolve_path_component
from emu.qom.object.properties import (
    object_class_property_add,
    object_property_add,
    object_property_find_err,
    object_property_get,
    object_property_is_child,
    object_property_set,
    object_property_set_description,
)
from emu.qom.object.structs import Object, ObjectProperty
from emu.qom.parts import Part
from emu.trace import Ptr, Struct, emulates, g_free

OBJ_PROP_FLAG_READ: Final = 1
OBJ_PROP_FLAG_WRITE: Final = 2
OBJ_PROP_FLAG_READWRITE: Final = 3


class AccessorProperty(Struct):
    """``StringProperty``, ``BoolProperty`` and ``EnumProperty`` of qom/object.c: a getter and a setter of one value."""

    get: Callable[[Any], Any] | None = None
    set: Callable[[Any, Any], None] | None = None
    lookup: str | None = None


def _accessors(get: Any, set_: Any, lookup: Any = None) -> AccessorProperty:
    fields = {"get": get, "set": set_}
    prop = AccessorProperty(**{name: value for name, value in fields.items() if value is not None})
    if lookup is not None:
        prop.__dict__["_lookup"] = lookup
    return prop


@emulates
def property_get_str(obj: Object, v: Any, name: str, opaque: AccessorProperty) -> None:
    """Getter of a string property."""
    assert opaque.get is not None
    visit_type_str(v, name, opaque.get(obj))


@emulates
def property_set_str(obj: Object, v: Any, name: str, opaque: AccessorProperty) -> None:
    """Setter of a string property."""
    assert opaque.set is not None
    opaque.set(obj, visit_type_str(v, name, None))


@emulates
def property_get_bool(obj: Object, v: Any, name: str, opaque: AccessorProperty) -> None:
    """Getter of a boolean property."""
    assert opaque.get is not None
    visit_type_bool(v, name, opaque.get(obj))


@emulates
def property_set_bool(obj: Object, v: Any, name: str, opaque: AccessorProperty) -> None:
    """Setter of a boolean property: ``realized`` comes this way."""
    assert opaque.set is not None
    opaque.set(obj, visit_type_bool(v, name, False))


@emulates
def property_get_enum(obj: Object, v: Any, name: str, opaque: AccessorProperty) -> None:
    """Getter of an enumeration property."""
    assert opaque.get is not None
    visit_type_enum(v, name, opaque.get(obj), opaque.__dict__["_lookup"])


@emulates
def property_set_enum(obj: Object, v: Any, name: str, opaque: AccessorProperty) -> None:
    """Setter of an enumeration property."""
    assert opaque.set is not None
    opaque.set(obj, visit_type_enum(v, name, 0, opaque.__dict__["_lookup"]))


@emulates
def property_release_data(obj: Object, name: str, opaque: Struct) -> None:
    """Release of a property that owns its opaque data."""
    g_free(opaque)


Getter = Callable[[Any], Any] | None
Setter = Callable[[Any, Any], None] | None


@emulates
def object_property_add_str(obj: Part, name: str, get: Getter, set_: Setter) -> ObjectProperty:
    """Add a string property with a getter and a setter of its own."""
    accessors = (property_get_str if get else None, property_set_str if set_ else None)
    return object_property_add(obj, name, "string", *accessors, property_release_data, _accessors(get, set_))


@emulates
def object_class_property_add_str(klass: Part, name: str, get: Getter, set_: Setter) -> ObjectProperty:
    """Add a string property to a class."""
    accessors = (property_get_str if get else None, property_set_str if set_ else None)
    return object_class_property_add(klass, name, "string", *accessors, None, _accessors(get, set_))


@emulates
def object_property_add_bool(obj: Part, name: str, get: Getter, set_: Setter) -> ObjectProperty:
    """Add a boolean property with a getter and a setter of its own."""
    accessors = (property_get_bool if get else None, property_set_bool if set_ else None)
    return object_property_add(obj, name, "bool", *accessors, property_release_data, _accessors(get, set_))


@emulates
def object_class_property_add_bool(klass: Part, name: str, get: Getter, set_: Setter) -> ObjectProperty:
    """Add a boolean property to a class."""
    accessors = (property_get_bool if get else None, property_set_bool if set_ else None)
    return object_class_property_add(klass, name, "bool", *accessors, None, _accessors(get, set_))


@emulates
def object_property_add_enum(obj: Part, name: str, typename: str, lookup: Any, get: Getter, set_: Setter) -> ObjectProperty:
    """Add an enumeration property; ``lookup`` is its QEnumLookup."""
    accessors = (property_get_enum if get else None, property_set_enum if set_ else None)
    return object_property_add(obj, name, typename, *accessors, property_release_data, _accessors(get, set_, lookup))


@emulates
def object_class_property_add_enum(
    klass: Part, name: str, typename: str, lookup: Any, get: Getter, set_: Setter
) -> ObjectProperty:
    """Add an enumeration property to a class."""
    accessors = (property_get_enum if get else None, property_set_enum if set_ else None)
    return object_class_property_add(klass, name, typename, *accessors, None, _accessors(get, set_, lookup))


class PointerProperty(Struct):
    """The address of a number in memory, for properties that show it (``void *`` in QEMU)."""

    pointer: str = ""


VISITS: Final = {8: visit_type_uint8, 16: visit_type_uint16, 32: visit_type_uint32, 64: visit_type_uint64}


def _pointer_accessors(bits: int) -> tuple[Any, Any]:
    visit = VISITS[bits]

    def get(obj: Object, v: Any, name: str, opaque: PointerProperty) -> None:
        visit(v, name, opaque.__dict__["_ptr"].get())

    def set_(obj: Object, v: Any, name: str, opaque: PointerProperty) -> None:
        opaque.__dict__["_ptr"].set(visit(v, name, 0))

    return (
        emulates(name=f"property_get_uint{bits}_ptr", file="qom/object.c")(get),
        emulates(name=f"property_set_uint{bits}_ptr", file="qom/object.c")(set_),
    )


POINTER_ACCESSORS: Final = {bits: _pointer_accessors(bits) for bits in VISITS}


def _add_pointer(obj: Part, name: str, bits: int, ptr: Ptr, flags: int) -> ObjectProperty:
    get, set_ = POINTER_ACCESSORS[bits]
    opaque = PointerProperty(pointer=f"&{type(ptr.struct).__name__}.{ptr.field}")
    opaque.__dict__["_ptr"] = ptr
    accessors = (get if flags & OBJ_PROP_FLAG_READ else None, set_ if flags & OBJ_PROP_FLAG_WRITE else None)
    return object_property_add(obj, name, f"uint{bits}", *accessors, None, opaque)


@emulates
def object_property_add_uint8_ptr(obj: Part, name: str, v: Ptr, flags: int) -> ObjectProperty:
    """Add a property that shows an 8-bit number in memory."""
    return _add_pointer(obj, name, 8, v, flags)


@emulates
def object_property_add_uint16_ptr(obj: Part, name: str, v: Ptr, flags: int) -> ObjectProperty:
    """Add a property that shows a 16-bit number in memory."""
    return _add_pointer(obj, name, 16, v, flags)


@emulates
def object_property_add_uint32_ptr(obj: Part, name: str, v: Ptr, flags: int) -> ObjectProperty:
    """Add a property that shows a 32-bit number in memory."""
    return _add_pointer(obj, name, 32, v, flags)


@emulates
def object_property_add_uint64_ptr(obj: Part, name: str, v: Ptr, flags: int) -> ObjectProperty:
    """Add a property that shows a 64-bit number in memory."""
    return _add_pointer(obj, name, 64, v, flags)


class AliasProperty(Struct):
    """The other end of an alias (qom/object.c)."""

    target_obj: Object
    target_name: str = ""


@emulates
def property_get_alias(obj: Object, v: Any, name: str, opaque: AliasProperty) -> None:
    """Getter of an alias: read the target's property under its own name."""
    object_property_get(opaque.target_obj, opaque.target_name, visitor_forward_field(v, opaque.target_name, name))


@emulates
def property_set_alias(obj: Object, v: Any, name: str, opaque: AliasProperty) -> None:
    """Setter of an alias: write the target's property under its own name."""
    object_property_set(opaque.target_obj, opaque.target_name, visitor_forward_field(v, opaque.target_name, name))


def property_resolve_alias(obj: Object, opaque: AliasProperty, part: str) -> Object | None:
    """Resolver of an alias."""
    return object_resolve_path_component(opaque.target_obj, opaque.target_name)


@emulates
def property_release_alias(obj: Object, name: str, opaque: AliasProperty) -> None:
    """Release of an alias."""
    g_free(opaque)


@emulates
def object_property_add_alias(obj: Part, name: str, target_obj: Part, target_name: str) -> ObjectProperty:
    """Let a property of another object appear as one's own; a child appears as a link."""
    with error_abort():
        target_prop = object_property_find_err(target_obj, target_name)
    child = object_property_is_child(target_prop)
    prop_type = "link" + target_prop.type.removeprefix("child") if child else target_prop.type
    opaque = AliasProperty(target_obj=target_obj._whole, target_name=target_name)
    op = object_property_add(obj, name, prop_type, property_get_alias, property_set_alias, property_release_alias, opaque)
    op.resolve = property_resolve_alias
    if target_prop.defval is not None:
        op.defval = target_prop.defval
    object_property_set_description(obj, op.name, target_prop.description)
    return op
