"""Properties of objects and classes: adding, finding, walking, reading and writing (qom/object.c, qom/qom-qobject.c)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from emu.qapi.error import error_abort, error_setg
from emu.qapi.qobject_input_visitor import qobject_input_visitor_new
from emu.qapi.qobject_output_visitor import qobject_output_visitor_new
from emu.qapi.string_input_visitor import string_input_visitor_new
from emu.qapi.string_output_visitor import string_output_visitor_new
from emu.qom.object.structs import Accessor, Object, ObjectClass, ObjectProperty, TypeImpl
from emu.qom.object.types import lineage, object_get_typename
from emu.qom.parts import Part
from emu.trace import Map, argument, emulates, g_free, refused

INT16_MAX = 0x7FFF


def object_property_is_child(prop: ObjectProperty) -> bool:
    """Tell whether a property makes its value a child."""
    return prop.type.startswith("child<")


def object_class_property_find(klass: Part, name: str) -> ObjectProperty | None:
    """Look a class property up: a class's ancestors come before itself."""
    for table in class_property_tables(klass._whole.type):
        prop = table.get(name)
        if prop is not None:
            return prop
    return None


def class_property_tables(ti: TypeImpl) -> tuple[Map[ObjectProperty], ...]:
    """Return the tables of class properties of a type's ancestors, the root's first, and its own."""
    tables: tuple[Map[ObjectProperty], ...] | None = ti.__dict__.get("_tables")
    if tables is None:
        tables = ti.__dict__["_tables"] = tuple([step.class_.properties for step in reversed(lineage(ti)) if step.class_])
    return tables


def object_property_find(obj: Part, name: str) -> ObjectProperty | None:
    """Look a property of an object up, those of its class first."""
    whole: Object = obj._whole
    prop = class_properties(whole.class_.type).get(name)
    return prop if prop is not None else whole.properties.get(name)


def class_properties(ti: TypeImpl) -> dict[str, ObjectProperty]:
    """Return all class properties of the objects of a type, by name. Its class is complete: there are objects."""
    found: dict[str, ObjectProperty] | None = ti.__dict__.get("_named")
    if found is None:
        found = ti.__dict__["_named"] = {}
        for table in reversed(class_property_tables(ti)):
            found.update(table.items())
    return found


def object_property_find_err(obj: Part, name: str) -> ObjectProperty:
    """Look a property up. Error: there is none."""
    prop = object_property_find(obj, name)
    if prop is None:
        error_setg(f"Property '{object_get_typename(obj)}.{name}' not found")
    return prop


def object_class_property_find_err(klass: Part, name: str) -> ObjectProperty:
    """Look a class property up. Error: there is none."""
    prop = object_class_property_find(klass, name)
    if prop is None:
        error_setg(f"Property '.{name}' not found")
    return prop


def object_class_property_iter(klass: Part) -> Iterator[ObjectProperty]:
    """Walk the properties of a class, then of its ancestors, each in the order of its hash table."""
    for table in reversed(class_property_tables(klass._whole.type)):
        if len(table):
            yield from table.values()


def object_property_iter(obj: Part) -> Iterator[ObjectProperty]:
    """Walk the properties of an object, then those of its class and its ancestors."""
    whole: Object = obj._whole
    yield from list(whole.properties.values())
    yield from object_class_property_iter(whole.class_)


@emulates
def object_property_try_add(
    obj: Part,
    name: str,
    type_: str,
    get: Accessor | None,
    set_: Accessor | None,
    release: Any = None,
    opaque: Any = None,
) -> ObjectProperty:
    """Add a property; ``name[*]`` takes the first free index. Error: the name is taken."""
    whole: Object = obj._whole
    if name.endswith("[*]"):
        return _try_add_first_free(obj, name[:-3], (type_, get, set_, release, opaque))
    if object_property_find(obj, name) is not None:
        error_setg(duplicate(obj, name))
    prop = ObjectProperty(**given(name, type_, get, set_, release, opaque))
    whole.properties[name] = prop
    return prop


def _try_add_first_free(obj: Part, stem: str, rest: tuple[Any, ...]) -> ObjectProperty:
    """Call object_property_try_add with one index after another, as it does itself; the calls that fail are only noted."""
    whole: Object = obj._whole
    named, own = class_properties(whole.class_.type), whole.properties
    me, values = argument(obj), tuple([argument(value) for value in rest])
    for i in range(INT16_MAX):
        name = f"{stem}[{i}]"
        if name not in named and name not in own:
            return object_property_try_add(obj, name, *rest)
        refused(object_property_try_add, (me, name, *values), duplicate(obj, name))
    raise AssertionError(f"no free index for {stem}")


def duplicate(obj: Part, name: str) -> str:
    """Return what is said of a name that is taken."""
    return f"attempt to add duplicate property '{name}' to object (type '{object_get_typename(obj)}')"


def given(name: str, type_: str, get: Any, set_: Any, release: Any, opaque: Any) -> dict[str, Any]:
    """Return the fields of a property that differ from zeroed memory."""
    fields = {"name": name, "type": type_}
    if get is not None:
        fields["get"] = get
    if set_ is not None:
        fields["set"] = set_
    if release is not None:
        fields["release"] = release
    if opaque is not None:
        fields["opaque"] = opaque
    return fields


@emulates
def object_property_add(
    obj: Part,
    name: str,
    type_: str,
    get: Accessor | None,
    set_: Accessor | None,
    release: Any = None,
    opaque: Any = None,
) -> ObjectProperty:
    """Add a property whose name must be free."""
    with error_abort():
        return object_property_try_add(obj, name, type_, get, set_, release, opaque)


@emulates
def object_class_property_add(
    klass: Part,
    name: str,
    type_: str,
    get: Accessor | None,
    set_: Accessor | None,
    release: Any = None,
    opaque: Any = None,
) -> ObjectProperty:
    """Add a property to a class, for all its instances."""
    whole: ObjectClass = klass._whole
    assert object_class_property_find(klass, name) is None, f"duplicate class property {name}"
    prop = ObjectProperty(**given(name, type_, get, set_, release, opaque))
    whole.properties[name] = prop
    return prop


@emulates
def object_property_del(obj: Part, name: str) -> None:
    """Release and remove a property of an object."""
    whole: Object = obj._whole
    prop = whole.properties[name]
    if prop.release is not None:
        prop.release(whole, name, prop.opaque)
    del whole.properties[name]
    g_free(prop)


def object_property_get(obj: Part, name: str, v: Any) -> Any:
    """Read a property into an output visitor. Error: there is none, or it can't be read."""
    prop = object_property_find_err(obj, name)
    if prop.get is None:
        error_setg(f"Property '{object_get_typename(obj)}.{name}' is not readable")
    return prop.get(obj._whole, v, name, prop.opaque)


@emulates
def object_property_set(obj: Part, name: str, v: Any) -> None:
    """Write a property from an input visitor. Error: there is none, it can't be written, or the setter refuses."""
    prop = object_property_find_err(obj, name)
    if prop.set is None:
        error_setg(f"Property '{object_get_typename(obj)}.{name}' is not writable")
    prop.set(obj._whole, v, name, prop.opaque)


@emulates
def object_property_set_qobject(obj: Part, name: str, value: Any) -> None:
    """Write a property from a QObject (qom/qom-qobject.c)."""
    object_property_set(obj, name, qobject_input_visitor_new(value))


@emulates
def object_property_set_str(obj: Part, name: str, value: str) -> None:
    """Write a string property."""
    object_property_set_qobject(obj, name, value)


@emulates
def object_property_set_bool(obj: Part, name: str, value: bool) -> None:
    """Write a boolean property."""
    object_property_set_qobject(obj, name, value)


@emulates
def object_property_set_int(obj: Part, name: str, value: int) -> None:
    """Write an integer property."""
    object_property_set_qobject(obj, name, value)


@emulates
def object_property_set_uint(obj: Part, name: str, value: int) -> None:
    """Write an unsigned integer property."""
    object_property_set_qobject(obj, name, value)


def object_property_get_qobject(obj: Part, name: str) -> Any:
    """Read a property as a QObject (qom/qom-qobject.c)."""
    v = qobject_output_visitor_new()
    object_property_get(obj, name, v)
    return v.complete()


def _get_typed(obj: Part, name: str, kind: type, word: str) -> Any:
    value = object_property_get_qobject(obj, name)
    if type(value) is not kind:
        error_setg(f"Invalid parameter type for '{name}', expected: {word}")
    return value


def object_property_get_str(obj: Part, name: str) -> str:
    """Read a string property. Error: it is of another type."""
    value: str = _get_typed(obj, name, str, "string")
    return value


def object_property_get_bool(obj: Part, name: str) -> bool:
    """Read a boolean property. Error: it is of another type."""
    value: bool = _get_typed(obj, name, bool, "boolean")
    return value


def object_property_get_int(obj: Part, name: str) -> int:
    """Read an integer property. Error: it is of another type."""
    value: int = _get_typed(obj, name, int, "int")
    return value


def object_property_get_uint(obj: Part, name: str) -> int:
    """Read an unsigned integer property. Error: it is of another type."""
    value: int = _get_typed(obj, name, int, "uint")
    return value


@emulates
def object_property_parse(obj: Part, name: str, string: str) -> None:
    """Write a property from text."""
    object_property_set(obj, name, string_input_visitor_new(string))


def object_property_print(obj: Part, name: str, human: bool) -> str:
    """Read a property as text."""
    v = string_output_visitor_new(human)
    object_property_get(obj, name, v)
    text: str = v.complete()
    return text


def object_property_get_type(obj: Part, name: str) -> str:
    """Return the type of a property. Error: there is none."""
    return object_property_find_err(obj, name).type


@emulates
def object_property_init_defval(obj: Part, prop: ObjectProperty) -> None:
    """Write a property's default into a new object."""
    assert prop.set is not None
    with error_abort():
        prop.set(obj._whole, qobject_input_visitor_new(prop.defval), prop.name, prop.opaque)


def object_property_set_default(prop: ObjectProperty, defval: Any) -> None:
    """Give a property a default, written at object_class_property_init_all."""
    assert prop.defval is None
    assert prop.init is None
    prop.defval = defval
    prop.init = object_property_init_defval


object_property_set_default_bool = object_property_set_default
object_property_set_default_str = object_property_set_default
object_property_set_default_int = object_property_set_default
object_property_set_default_uint = object_property_set_default


@emulates
def object_property_set_description(obj: Part, name: str, description: str | None) -> None:
    """Describe a property of an object."""
    with error_abort():
        object_property_find_err(obj, name).description = description


def object_class_property_set_description(klass: Part, name: str, description: str | None) -> None:
    """Describe a property of a class."""
    klass._whole.properties[name].description = description
