"""How an object comes into being: memory, class, defaults, instance_init, children (qom/object.c)."""

from __future__ import annotations

from collections.abc import Iterable

from emu.errors import NotModelled, QemuExit
from emu.qapi.error import Error, error_abort, error_fatal, error_prepend, errp_guard, warn_report_err
from emu.qom.object.links import object_property_add_child
from emu.qom.object.properties import object_class_property_iter, object_property_find, object_property_parse
from emu.qom.object.refs import object_ref, object_unparent, object_unref
from emu.qom.object.structs import Object, ObjectClass, TypeImpl
from emu.qom.object.types import (
    lineage,
    object_class_by_name,
    object_class_is_abstract,
    object_dynamic_cast,
    structs_of,
    type_get_by_name,
    type_get_parent,
    type_initialize,
)
from emu.qom.parts import Part, allocate
from emu.trace import Ptr, Seq, Struct, emulates, g_free, per_run, seq, stamped
from emu.util.error_report import error_report


class GlobalProperty(Struct):
    """A property that every object of a driver gets (include/hw/qdev-core.h)."""

    driver: str = ""
    property: str = ""
    value: str = ""
    used: bool = False
    optional: bool = False


class CompatProps(Struct):
    """``object_compat_props`` of qom/object.c: defaults by accelerator, by machine, and by older command line options."""

    accelerator: Seq[GlobalProperty] | None = None
    machine: Seq[GlobalProperty] | None = None
    sugar: Seq[GlobalProperty] = seq()


object_compat_props = per_run(CompatProps)


@emulates
def object_apply_global_props(obj: Part, props: Iterable[GlobalProperty] | None, errp: bool) -> None:
    """Set the global properties that fit an object. With ``errp`` the first error ends it, else it is a warning."""
    for prop in props or ():
        if object_dynamic_cast(obj, prop.driver) is None:
            continue
        if prop.optional and object_property_find(obj, prop.property) is None:
            continue
        prop.used = True
        try:
            with errp_guard():
                object_property_parse(obj, prop.property, prop.value)
        except Error as err:
            error_prepend(err, f"can't apply global {prop.driver}.{prop.property}={prop.value}: ")
            if errp:
                raise
            warn_report_err(err)


@emulates
def object_register_sugar_prop(driver: str, prop: str, value: str, optional: bool) -> None:
    """Note a global property that an older option stands for."""
    object_compat_props().sugar.append(GlobalProperty(driver=driver, property=prop, value=value, optional=optional))


@emulates
def object_set_machine_compat_props(compat_props: Seq[GlobalProperty]) -> None:
    """Take over the machine's global property defaults; once."""
    assert object_compat_props().machine is None
    object_compat_props().machine = Seq(compat_props)


@emulates
def object_set_accelerator_compat_props(compat_props: Seq[GlobalProperty]) -> None:
    """Take over the accelerator's global property defaults; once."""
    assert object_compat_props().accelerator is None
    object_compat_props().accelerator = Seq(compat_props)


@emulates
def object_apply_compat_props(obj: Part) -> None:
    """Apply the three lists of global property defaults, later ones last."""
    compat = object_compat_props()
    with error_abort():
        object_apply_global_props(obj, compat.accelerator, True)
        object_apply_global_props(obj, compat.machine, True)
    with error_fatal():
        object_apply_global_props(obj, compat.sugar, True)


@emulates
def object_class_property_init_all(obj: Object) -> None:
    """Give every class property that has a default its value, in the order of the classes' hash tables."""
    for prop in object_class_property_iter(obj.class_):
        if prop.init is not None:
            prop.init(obj, prop)


@emulates
def object_init_with_type(obj: Object, ti: TypeImpl) -> None:
    """Run instance_init of the type's ancestors, base first, then its own (QEMU calls itself for each ancestor)."""
    for step in reversed(lineage(ti)):
        if step.instance_init is not None:
            step.instance_init(obj)


@emulates
def object_post_init_with_type(obj: Object, ti: TypeImpl) -> None:
    """Run instance_post_init of the type, then of its ancestors (QEMU calls itself for each ancestor)."""
    for step in lineage(ti):
        if step.instance_post_init is not None:
            step.instance_post_init(obj)


@emulates
def object_initialize_with_type(obj: Object, ti: TypeImpl) -> None:
    """Make zeroed memory an object of a type."""
    assert ti.class_ is not None
    assert not ti.abstract
    obj.class_ = ti.class_
    object_ref(obj)
    object_class_property_init_all(obj)
    obj.properties  # noqa: B018  # the table is made here
    object_init_with_type(obj, ti)
    object_post_init_with_type(obj, ti)


def allocate_object(ti: TypeImpl) -> Object:
    """Allocate the structs of a type, zeroed. NotModelled: only recorded facts are known of it."""
    step: TypeImpl | None = ti
    while step is not None:
        if not step.modelled:
            raise NotModelled(f"device type '{ti.name}'" if step is ti else f"type '{step.name}', of which '{ti.name}' is one")
        step = type_get_parent(step)
    obj: Object = allocate(ti.name, structs_of(ti, instance=True))
    return obj


def instance(ti: TypeImpl) -> Object:
    """Make an object of a type; where all its objects begin alike, each is a copy of the first."""

    def make() -> Object:
        obj = allocate_object(ti)
        object_initialize_with_type(obj, ti)
        return obj

    if not ti._info.alike:
        return make()
    assert ti.class_ is not None
    obj: Object = stamped(make, (ti.name,), (ti, ti.class_))
    return obj


@emulates
def object_initialize(place: Ptr, typename: str) -> Object:
    """Initialise embedded memory as an object; ``place`` then holds its most derived struct. Its reference count is 1."""
    ti = type_get_by_name(typename)
    if ti is None:
        error_report(f"missing object type '{typename}'")
        raise QemuExit(1)
    type_initialize(ti)
    if ti._info.alike:
        obj = instance(ti)
        place.set(list(obj._parts.values())[-1])
    else:
        obj = allocate_object(ti)
        place.set(list(obj._parts.values())[-1])
        object_initialize_with_type(obj, ti)
    return obj


@emulates
def object_initialize_child_with_props(parentobj: Part, propname: str, place: Ptr, typename: str, *vargs: str) -> Object:
    """Initialise embedded memory as a child object, with properties (name, value, name, value, ...)."""
    return object_initialize_child_with_propsv(parentobj, propname, place, typename, *vargs)


@emulates
def object_initialize_child_with_propsv(parentobj: Part, propname: str, place: Ptr, typename: str, *vargs: str) -> Object:
    """Initialise embedded memory as a child object. On success the parent holds the only reference."""
    obj = object_initialize(place, typename)
    try:
        object_set_propv(obj, *vargs)
        object_property_add_child(parentobj, propname, obj)
        complete_user_creatable(obj)
    finally:
        object_unref(obj)
    return obj


@emulates
def object_initialize_child_internal(parent: Part, propname: str, place: Ptr, typename: str) -> Object:
    """Initialise embedded memory as a child object without further properties."""
    with error_abort():
        return object_initialize_child_with_props(parent, propname, place, typename)


def object_initialize_child(parent: Part, propname: str, place: Ptr, typename: str) -> Object:
    """Initialise embedded memory as a child object (a macro in include/qom/object.h)."""
    return object_initialize_child_internal(parent, propname, place, typename)


def complete_user_creatable(obj: Object) -> None:
    """Complete an object that ``-object`` could have made; undo its parentage if that fails."""
    if object_dynamic_cast(obj, "user-creatable") is None:
        return
    from emu.qom.object_interfaces import user_creatable_complete

    try:
        user_creatable_complete(obj)
    except Error:
        object_unparent(obj)
        raise


@emulates
def object_new_with_type(ti: TypeImpl) -> Object:
    """Allocate and initialise an object on the heap."""
    type_initialize(ti)
    obj = instance(ti)
    obj.free = g_free
    return obj


@emulates
def object_new_with_class(klass: Part) -> Object:
    """Make an object of a class."""
    return object_new_with_type(klass._whole.type)


@emulates
def object_new(typename: str) -> Object:
    """Make an object of a type. Its reference count is 1."""
    ti = type_get_by_name(typename)
    assert ti is not None, f"no type {typename}"
    return object_new_with_type(ti)


@emulates
def object_new_with_props(typename: str, parent: Part, id_: str | None, *vargs: str) -> Object:
    """Make an object with properties as a child of ``parent``, which then holds the only reference."""
    klass: ObjectClass | None = object_class_by_name(typename)
    if klass is None:
        raise Error(f"invalid object type: {typename}")
    if object_class_is_abstract(klass):
        raise Error(f"object type '{typename}' is abstract")
    obj = object_new_with_type(klass.type)
    try:
        object_set_propv(obj, *vargs)
        if id_ is not None:
            object_property_add_child(parent, id_, obj)
        complete_user_creatable(obj)
    finally:
        object_unref(obj)
    return obj


@emulates
def object_set_propv(obj: Part, *vargs: str) -> None:
    """Parse properties given as name, value, name, value, ..."""
    for propname, value in zip(vargs[::2], vargs[1::2], strict=True):
        object_property_parse(obj, propname, value)
