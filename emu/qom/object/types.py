"""The type table: registration, and how a type gets its class (qom/object.c)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from emu.errors import QemuExit
from emu.qom.object.structs import (
    INTERFACE_CLASS,
    OBJECT_CLASS,
    TYPE_INTERFACE,
    InterfaceClass,
    Object,
    ObjectClass,
    TypeImpl,
    TypeInfo,
)
from emu.qom.parts import Part, allocate
from emu.trace import Map, Seq, Struct, depart, emulates, fresh, per_run, recorder
from emu.util.error_report import error_report
from emu.util.ghash import GHashTable

T = TypeVar("T", bound=Part)


class TypeTable(Struct):
    """The file-level state of qom/object.c's type system."""

    type_table: Map[TypeImpl] = fresh(GHashTable)
    type_interface: TypeImpl | None = None
    enumerating_types: bool = False


types = per_run(TypeTable)


def _abort(text: str) -> QemuExit:
    recorder().message("stderr", text + "\n")
    return QemuExit(134)


@emulates
def type_new(info: TypeInfo) -> TypeImpl:
    """Make the TypeImpl of a TypeInfo. A name that is taken aborts."""
    if info.name in types().type_table:
        raise _abort(f"Registering `{info.name}' which already exists")
    ti = TypeImpl(**info.given)
    ti.__dict__["_info"] = info
    return ti


@emulates
def type_register_internal(info: TypeInfo) -> TypeImpl:
    """Make a TypeImpl and enter it into the type table."""
    depart()  # a type that only some runs have
    ti = type_new(info)
    table = types()
    assert not table.enumerating_types
    table.type_table[ti.name] = ti
    return ti


def type_register(info: TypeInfo) -> TypeImpl:
    """Register a type with a parent."""
    assert info.parent
    return type_register_internal(info)


@emulates
def type_register_static(info: TypeInfo) -> TypeImpl:
    """Register a type whose TypeInfo is a constant of its file."""
    return type_register(info)


@emulates
def type_register_static_array(infos: Iterable[TypeInfo]) -> None:
    """Register each of several types."""
    for info in infos:
        type_register_static(info)


def type_get_by_name(name: str | None) -> TypeImpl | None:
    """Look a type up."""
    return types().type_table.get(name) if name is not None else None


def type_get_parent(ti: TypeImpl) -> TypeImpl | None:
    """Return the parent of a type, looked up by name the first time. A missing parent aborts."""
    if ti.parent_type is None and ti.parent is not None:
        parent = type_get_by_name(ti.parent)
        if parent is None:
            raise _abort(f"Type '{ti.name}' is missing its parent '{ti.parent}'")
        ti.parent_type = parent
    return ti.parent_type


def type_class_get_size(ti: TypeImpl) -> int:
    """Return the size of a type's class struct, in bytes: its own or the nearest ancestor's."""
    if ti.class_size:
        return ti.class_size
    parent = type_get_parent(ti)
    return type_class_get_size(parent) if parent else ObjectClass.SIZE


def type_object_get_size(ti: TypeImpl) -> int:
    """Return the size of a type's instance struct, in bytes: its own or the nearest ancestor's, 0 if none has one."""
    if ti.instance_size:
        return ti.instance_size
    parent = type_get_parent(ti)
    return type_object_get_size(parent) if parent else 0


def object_type_get_instance_size(typename: str) -> int:
    """Return the size of a type's instances, in bytes."""
    ti = type_get_by_name(typename)
    assert ti is not None
    return type_object_get_size(ti)


def type_is_ancestor(ti: TypeImpl | None, target_type: TypeImpl) -> bool:
    """Tell whether ``target_type`` is ``ti`` or above it."""
    return ti is not None and target_type in ancestors(ti)


def lineage(ti: TypeImpl) -> tuple[TypeImpl, ...]:
    """Return a type and its ancestors, the root last."""
    line: tuple[TypeImpl, ...] | None = ti.__dict__.get("_lineage")
    if line is None:
        parent = type_get_parent(ti)
        line = (ti,) if parent is None else (ti, *lineage(parent))
        ti.__dict__["_lineage"] = line
    return line


def ancestors(ti: TypeImpl) -> frozenset[TypeImpl]:
    """Return a type and all types above it."""
    above: frozenset[TypeImpl] | None = ti.__dict__.get("_above")
    if above is None:
        above = ti.__dict__["_above"] = frozenset(lineage(ti))
    return above


def structs_of(ti: TypeImpl, instance: bool) -> tuple[type[Part], ...]:
    """Return the structs that make up an instance (or the class) of a type, base first."""
    chain: list[type[Part]] = []
    for step in lineage(ti):
        struct = step._info.instance if instance else step._info.class_
        if struct is not None and struct not in chain:
            chain.append(struct)
    base: type[Part] = Object if instance else ObjectClass
    if base not in chain:
        chain.append(base)
    return tuple(reversed(chain))


@emulates
def type_initialize_interface(ti: TypeImpl, interface_type: TypeImpl, parent_type: TypeImpl) -> None:
    """Give a class its own copy of an interface: an unregistered type ``type::interface`` with a class of its own."""
    iface_impl = type_new(TypeInfo(name=f"{ti.name}::{interface_type.name}", parent=parent_type.name, abstract=True))
    iface_impl.parent_type = parent_type
    type_initialize(iface_impl)
    assert iface_impl.class_ is not None
    assert ti.class_ is not None
    new_iface = INTERFACE_CLASS(iface_impl.class_)
    new_iface.concrete_class = ti.class_
    new_iface.interface_type = interface_type
    ti.class_.interfaces.append(new_iface)


def type_initialize(ti: TypeImpl) -> None:
    """Make the class of a type, once: a call that finds the class there is not recorded."""
    if not has_class(ti):
        _type_initialize(ti)


def has_class(ti: TypeImpl) -> bool:
    """Tell whether a type has its class, without looking at that: most classes are made for nobody."""
    return "class_" in ti.__dict__ or "_late" in ti.__dict__


@emulates(name="type_initialize")
def _type_initialize(ti: TypeImpl) -> None:
    depart()  # a class that is needed before all others
    ti.class_size = type_class_get_size(ti)
    ti.instance_size = type_object_get_size(ti)
    if ti.instance_size == 0:
        # no instance could be made: interfaces are abstract without saying so
        ti.abstract = True
    type_interface = types().type_interface
    assert type_interface is not None
    if type_is_ancestor(ti, type_interface):
        assert ti.instance_size == 0
        assert not ti.num_interfaces

    parent = type_get_parent(ti)
    if parent is not None:
        type_initialize(parent)
        assert parent.class_size <= ti.class_size
        assert parent.instance_size <= ti.instance_size
    klass: ObjectClass = allocate(ti.name, structs_of(ti, instance=False), copy=parent.class_ if parent else None)
    ti.class_ = klass

    if parent is not None:
        if ti.modelled:
            type_initialize_interfaces(ti, parent)
        else:
            share_interfaces(ti, parent)

    klass.properties  # noqa: B018  # the table is made here
    klass.type = ti
    while parent is not None:
        if parent.class_base_init is not None:
            parent.class_base_init(klass, ti.class_data)
        parent = type_get_parent(parent)
    if ti.class_init is not None:
        ti.class_init(klass, ti.class_data)


def type_initialize_interfaces(ti: TypeImpl, parent: TypeImpl) -> None:
    """Give a class the interfaces of its parent, then those of its own that it does not have yet."""
    assert ti.class_ is not None
    assert parent.class_ is not None
    for iface in parent.class_.interfaces:
        interface_type = iface.interface_type or OBJECT_CLASS(iface).type
        type_initialize_interface(ti, interface_type, OBJECT_CLASS(iface).type)
    for typename in ti.interfaces:
        t = type_get_by_name(typename)
        if t is None:
            error_report(f"missing interface '{typename}' for object '{parent.name}'")
            raise QemuExit(134)
        if not any(type_is_ancestor(OBJECT_CLASS(e).type, t) for e in ti.class_.interfaces):
            type_initialize_interface(ti, t, t)


def share_interfaces(ti: TypeImpl, parent: TypeImpl) -> None:
    """Let a type that is not modelled answer for its interfaces with its parent's and the interfaces' own classes."""
    assert ti.class_ is not None
    assert parent.class_ is not None
    interfaces = list(parent.class_.interfaces)
    for typename in ti.interfaces:
        t = types().type_table[typename]
        type_initialize(t)
        if not any(type_is_ancestor(OBJECT_CLASS(e).type, t) for e in interfaces):
            assert t.class_ is not None
            interfaces.append(INTERFACE_CLASS(t.class_))
    if interfaces:
        ti.class_.interfaces = Seq(interfaces)


def object_class_dynamic_cast(klass: Part | None, typename: str) -> ObjectClass | InterfaceClass | None:
    """Return ``klass`` if it is of a type, its interface class if it implements it (once), else None."""
    if klass is None:
        return None
    whole: ObjectClass = klass._whole
    ti = whole.type
    try:
        return ti._casts[typename]
    except AttributeError:
        ti.__dict__["_casts"] = {}
    except KeyError:
        pass
    target_type = type_get_by_name(typename)
    found = ti._casts[typename] = _class_as(whole, target_type) if target_type is not None else None
    return found


def _class_as(whole: ObjectClass, target_type: TypeImpl) -> ObjectClass | InterfaceClass | None:
    ti = whole.type
    table = types()
    assert table.type_interface is not None
    if ti is not target_type and len(whole.interfaces) and type_is_ancestor(target_type, table.type_interface):
        found = [iface for iface in whole.interfaces if type_is_ancestor(OBJECT_CLASS(iface).type, target_type)]
        return found[0] if len(found) == 1 else None
    return whole if type_is_ancestor(ti, target_type) else None


def object_dynamic_cast(obj: Part | None, typename: str) -> Any:
    """Return ``obj`` if it is of a type or implements an interface, else None."""
    if obj is not None and object_class_dynamic_cast(obj._whole.class_, typename) is not None:
        return obj
    return None


def interface_getter(struct: type[T], typename: str) -> Callable[[Part], T]:
    """Return the way from an object to the struct of an interface of its class (``HOTPLUG_HANDLER_GET_CLASS``)."""

    def class_of(obj: Part) -> T:
        iface = object_class_dynamic_cast(obj._whole.class_, typename)
        assert iface is not None, f"{obj!r} does not implement {typename}"
        return iface._parts[struct]  # type: ignore[return-value]

    return class_of


def interface_class(struct: type[T], typename: str) -> Callable[[Part], T]:
    """Return the way from a class to the struct of an interface that it implements (``VMSTATE_IF_CLASS``)."""

    def cast_to(klass: Part) -> T:
        iface = object_class_dynamic_cast(klass, typename)
        assert iface is not None, f"{klass!r} does not implement {typename}"
        return iface._parts[struct]  # type: ignore[return-value]

    return cast_to


def object_get_typename(obj: Part) -> str:
    """Return the name of an object's type."""
    name: str = obj._whole.class_.type.name
    return name


def object_get_class(obj: Part) -> ObjectClass:
    """Return an object's class."""
    klass: ObjectClass = obj._whole.class_
    return klass


def object_class_is_abstract(klass: Part) -> bool:
    """Tell whether no instance of a class can be made."""
    abstract: bool = klass._whole.type.abstract
    return abstract


def object_class_get_name(klass: Part) -> str:
    """Return the name of a class."""
    name: str = klass._whole.type.name
    return name


def object_class_get_parent(klass: Part) -> ObjectClass | None:
    """Return the parent of a class."""
    parent = type_get_parent(klass._whole.type)
    if parent is None:
        return None
    type_initialize(parent)
    return parent.class_


def object_class_by_name(typename: str) -> ObjectClass | None:
    """Look a class up, and make it if it was never needed before."""
    ti = type_get_by_name(typename)
    if ti is None:
        return None
    type_initialize(ti)
    return ti.class_


@emulates
def module_object_class_by_name(typename: str) -> ObjectClass | None:
    """Look a class up; a type in a loadable module of QEMU counts as missing here."""
    return object_class_by_name(typename)


def note_interface_type(ti: TypeImpl) -> None:
    """Keep the root of all interfaces at hand."""
    assert ti.name == TYPE_INTERFACE
    types().type_interface = ti
