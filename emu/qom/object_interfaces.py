"""Objects made from options, and properties set from dictionaries (qom/object_interfaces.c)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from emu.errors import NotModelled
from emu.qapi.error import Error, error_abort, error_append_hint, error_setg
from emu.qapi.qapi_types_qom import MODELLED, ObjectOptions, ObjectType, ObjectType_str
from emu.qapi.qapi_visit_qom import qapi_free_ObjectOptions, visit_type_ObjectOptions
from emu.qapi.qobject_input_visitor import qobject_input_visitor_new, qobject_input_visitor_new_keyval
from emu.qapi.qobject_output_visitor import qobject_output_visitor_new
from emu.qapi.visitor import visit_check_struct, visit_end_struct, visit_start_struct
from emu.qemu.module import type_init
from emu.qobject.qdict import QDict, qdict_del, qdict_get_try_str
from emu.qobject.qjson import qobject_from_json, qobject_to_json
from emu.qom.object import (
    TYPE_INTERFACE,
    Object,
    ObjectProperty,
    TypeInfo,
    interface_class,
    interface_getter,
    object_class_by_name,
    object_class_dynamic_cast,
    object_class_get_list_sorted,
    object_class_get_name,
    object_class_is_abstract,
    object_class_property_iter,
    object_get_objects_root,
    object_new,
    object_property_del,
    object_property_set,
    object_property_try_add_child,
    object_resolve_path_component,
    object_unparent,
    object_unref,
    type_register_static,
)
from emu.qom.parts import Part
from emu.source import installed_program
from emu.trace import emulates
from emu.util.id import id_wellformed
from emu.util.keyval import keyval_parse_help
from emu.util.qemu_config import qemu_find_opts
from emu.util.qemu_option import (
    QemuOpts,
    is_help_option,
    qemu_opt_has_help_opt,
    qemu_opts_del,
    qemu_opts_find,
)
from emu.util.qemu_print import qemu_printf

TYPE_USER_CREATABLE = "user-creatable"


class UserCreatableClass(Part):
    """The methods of what ``-object`` can make."""

    SIZE: ClassVar[int] = 128
    complete: Callable[[Any], None] | None = None
    can_be_deleted: Callable[[Any], bool] | None = None


USER_CREATABLE_CLASS = interface_class(UserCreatableClass, TYPE_USER_CREATABLE)
USER_CREATABLE_GET_CLASS = interface_getter(UserCreatableClass, TYPE_USER_CREATABLE)


@emulates
def user_creatable_complete(uc: Object) -> None:
    """Complete an object once its properties are set. Error: it refuses."""
    ucc = USER_CREATABLE_GET_CLASS(uc)
    if ucc.complete is not None:
        ucc.complete(uc)


@emulates
def object_set_properties_from_qdict(obj: Part, qdict: Any, v: Any) -> None:
    """Set one property for each key, in the dictionary's own order. Error: a setter refuses, or a key is left over."""
    visit_start_struct(v, None)
    try:
        for key in list(qdict):
            object_property_set(obj, key, v)
        visit_check_struct(v)
    finally:
        visit_end_struct(v)


@emulates
def object_set_properties_from_keyval(obj: Part, qdict: Any, from_json: bool) -> None:
    """Set properties from ``-device``: values are strings unless they come from JSON."""
    v = qobject_input_visitor_new(qdict) if from_json else qobject_input_visitor_new_keyval(qdict)
    object_set_properties_from_qdict(obj, qdict, v)


@emulates
def user_creatable_can_be_deleted(uc: Object) -> bool:
    """Whether an object may be deleted."""
    ucc = USER_CREATABLE_GET_CLASS(uc)
    return ucc.can_be_deleted(uc) if ucc.can_be_deleted is not None else True


@emulates
def user_creatable_add_type(type: str, id: str | None, qdict: Any, v: Any) -> Object:
    """Make an object, set its properties, complete it. Error: no such type, a setter refuses, the id is taken, ..."""
    if id is not None and not id_wellformed(id):
        try:
            error_setg("Parameter 'id' expects an identifier")
        except Error as err:
            error_append_hint(err, "Identifiers consist of letters, digits, '-', '.', '_', starting with a letter.\n")
            raise

    klass = object_class_by_name(type)
    if not klass:
        error_setg(f"invalid object type: {type}")

    if not object_class_dynamic_cast(klass, TYPE_USER_CREATABLE):
        error_setg(f"object type '{type}' isn't supported by object-add")

    if object_class_is_abstract(klass):
        error_setg(f"object type '{type}' is abstract")

    obj = object_new(type)
    try:
        object_set_properties_from_qdict(obj, qdict, v)

        if id is not None:
            object_property_try_add_child(object_get_objects_root(), id, obj)

        try:
            user_creatable_complete(obj)
        except Error:
            if id is not None:
                object_property_del(object_get_objects_root(), id)
            raise
    except Error:
        object_unref(obj)
        raise
    return obj


@emulates
def user_creatable_add_qapi(options: ObjectOptions) -> None:
    """Make the object that options describe. Error: user_creatable_add_type's. NotModelled: such an object."""
    out = qobject_output_visitor_new()
    with error_abort():
        visit_type_ObjectOptions(out, None, options)
    props = out.complete()
    assert isinstance(props, QDict)
    qdict_del(props, "qom-type")
    qdict_del(props, "id")

    v = qobject_input_visitor_new(props)
    obj = user_creatable_add_type(ObjectType_str(options.qom_type), options.id, props, v)
    object_unref(obj)


def object_property_help(prop: ObjectProperty) -> str:
    """Return one line about a property."""
    text = f"  {prop.name}=<{prop.type}>"
    if prop.description is not None or prop.defval is not None:
        text = f"{text:<24} - "
    if prop.description is not None:
        text += prop.description
    if prop.defval is not None:
        text += f" (default: {qobject_to_json(prop.defval)})"
    return text


@emulates
def user_creatable_print_types() -> None:
    """``-object help``."""
    qemu_printf("List of user creatable objects:\n")
    names = {object_class_get_name(oc) for oc in object_class_get_list_sorted(TYPE_USER_CREATABLE, False)}
    # The installed program has some more than the recorded one.
    names |= {kind.text for kind in ObjectType if kind.text in installed_program("7.2")["beyond"]}
    for name in sorted(names):
        qemu_printf(f"  {name}\n")


@emulates
def type_print_class_properties(type: str) -> bool:
    """``-object TYPE,help``; False if there is no such type. NotModelled: the type's properties are not known."""
    klass = object_class_by_name(type)
    if not klass:
        return False
    if object_class_dynamic_cast(klass, TYPE_USER_CREATABLE) and type not in {str(kind) for kind in MODELLED}:
        raise NotModelled(f"-object {type},help")
    lines = sorted(object_property_help(prop) for prop in object_class_property_iter(klass) if prop.set is not None)
    qemu_printf(f"{type} options:\n" if lines else f"There are no options for {type}.\n")
    for line in lines:
        qemu_printf(f"{line}\n")
    return True


@emulates
def user_creatable_print_help(type: str, opts: QemuOpts) -> bool:
    """Print what ``help`` asks for; False if it does not."""
    if is_help_option(type):
        user_creatable_print_types()
        return True

    if qemu_opt_has_help_opt(opts):
        return type_print_class_properties(type)

    return False


@emulates
def user_creatable_print_help_from_qdict(args: QDict) -> None:
    """Print what ``help`` asks for at run time."""
    type = qdict_get_try_str(args, "qom-type")

    if type is None or not type_print_class_properties(type):
        user_creatable_print_types()


@emulates
def user_creatable_parse_str(optarg: str) -> ObjectOptions | None:
    """Return what a line describes, JSON or ``type,id=...``; None after help. Error: it does not fit."""
    if optarg.startswith("{"):
        v = qobject_input_visitor_new(qobject_from_json(optarg))
    else:
        args, help = keyval_parse_help(optarg, "qom-type")
        if help:
            user_creatable_print_help_from_qdict(args)
            return None
        v = qobject_input_visitor_new_keyval(args)
    return visit_type_ObjectOptions(v, None)


@emulates
def user_creatable_add_from_str(optarg: str) -> bool:
    """``object_add``; False after help. Error: it does not fit, or the object cannot be made."""
    options = user_creatable_parse_str(optarg)
    if not options:
        return False

    try:
        user_creatable_add_qapi(options)
    finally:
        qapi_free_ObjectOptions(options)
    return True


@emulates
def user_creatable_del(id: str) -> bool:
    """``object_del``. Error: there is no such object, or it is in use."""
    obj = object_resolve_path_component(object_get_objects_root(), id)
    if not obj:
        error_setg(f"object '{id}' not found")

    if not user_creatable_can_be_deleted(obj):
        error_setg(f"object '{id}' is in use, can not be deleted")

    # The id of an object of the command line must be free for another.
    opts = qemu_opts_find(qemu_find_opts("object"), id)
    if opts:
        qemu_opts_del(opts)

    object_unparent(obj)
    return True


@emulates
def user_creatable_cleanup() -> None:
    """Give all objects back, at the end."""
    object_unparent(object_get_objects_root())


uc_interface_info = TypeInfo(name=TYPE_USER_CREATABLE, parent=TYPE_INTERFACE, class_=UserCreatableClass)


@type_init
@emulates
def register_types() -> None:
    """Register ``user-creatable``."""
    type_register_static(uc_interface_info)
