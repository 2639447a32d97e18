"""Questions about types and objects (qom/qom-qmp-cmds.c)."""

from __future__ import annotations

from emu.qapi.error import ERROR_CLASS_DEVICE_NOT_FOUND, error_set, error_setg
from emu.qobject.qobject import QObject
from emu.qom.object import (
    TYPE_OBJECT,
    ObjectClass,
    ObjectProperty,
    module_object_class_by_name,
    object_class_by_name,
    object_class_dynamic_cast,
    object_class_foreach,
    object_class_get_name,
    object_class_get_parent,
    object_class_is_abstract,
    object_class_property_iter,
    object_new,
    object_property_get_qobject,
    object_property_iter,
    object_property_set_qobject,
    object_resolve_path,
    object_unref,
)
from emu.trace import emulates

TYPE_DEVICE = "device"
OF_EVERY_DEVICE = ("type", "realized", "hotpluggable", "hotplugged", "parent_bus")


@emulates
def qmp_device_list_properties(typename: str) -> list[ObjectProperty]:
    """qom/qom-qmp-cmds.c. Makes a device for a moment and returns its properties. Error: no such type, or no device."""
    klass = module_object_class_by_name(typename)
    if klass is None:
        error_set(ERROR_CLASS_DEVICE_NOT_FOUND, f"Device '{typename}' not found")

    if not object_class_dynamic_cast(klass, TYPE_DEVICE) or object_class_is_abstract(klass):
        error_setg("Parameter 'typename' expects a non-abstract device type")

    obj = object_new(typename)

    prop_list = [
        prop for prop in object_property_iter(obj) if prop.name not in OF_EVERY_DEVICE and not prop.name.startswith("legacy-")
    ]
    prop_list.reverse()

    object_unref(obj)

    return prop_list


@emulates
def qmp_qom_list(path: str) -> list[dict[str, str]]:
    """qom/qom-qmp-cmds.c. Returns name and type of each property, the last one first. Error: the path leads nowhere."""
    obj, ambiguous = object_resolve_path(path)
    if obj is None:
        if ambiguous:
            error_setg(f"Path '{path}' is ambiguous")
        error_set(ERROR_CLASS_DEVICE_NOT_FOUND, f"Device '{path}' not found")

    props = [{"name": prop.name, "type": prop.type} for prop in object_property_iter(obj)]
    props.reverse()
    return props


@emulates
def qmp_qom_set(path: str, property: str, value: QObject) -> None:
    """qom/qom-qmp-cmds.c. Error: the path leads nowhere, or the property refuses."""
    obj, _ = object_resolve_path(path)
    if obj is None:
        error_set(ERROR_CLASS_DEVICE_NOT_FOUND, f"Device '{path}' not found")
    object_property_set_qobject(obj, property, value)


@emulates
def qmp_qom_get(path: str, property: str) -> QObject:
    """qom/qom-qmp-cmds.c. Error: the path leads nowhere, or there is no such property, or it cannot be read."""
    obj, _ = object_resolve_path(path)
    if obj is None:
        error_set(ERROR_CLASS_DEVICE_NOT_FOUND, f"Device '{path}' not found")
    value: QObject = object_property_get_qobject(obj, property)
    return value


@emulates
def qmp_qom_list_types(implements: str | None, abstract: bool) -> list[dict[str, object]]:
    """qom/qom-qmp-cmds.c. Returns the types that implement one, the last of the hash table first."""
    ret: list[dict[str, object]] = []

    def qom_list_types_tramp(klass: ObjectClass) -> None:
        info: dict[str, object] = {"name": object_class_get_name(klass)}
        if object_class_is_abstract(klass):
            info["abstract"] = True
        parent = object_class_get_parent(klass)
        if parent is not None:
            info["parent"] = object_class_get_name(parent)
        ret.append(info)

    object_class_foreach(qom_list_types_tramp, implements, abstract)
    ret.reverse()
    return ret


@emulates
def qmp_qom_list_properties(typename: str) -> list[dict[str, str]]:
    """qom/qom-qmp-cmds.c. Returns the properties of a type, the last one first. Error: no such type."""
    klass = object_class_by_name(typename)
    if klass is None:
        error_set(ERROR_CLASS_DEVICE_NOT_FOUND, f"Class '{typename}' not found")
    if not object_class_dynamic_cast(klass, TYPE_OBJECT):
        error_setg("Parameter 'typename' expects a QOM type")

    obj = None if object_class_is_abstract(klass) else object_new(typename)
    found = []
    for prop in object_class_property_iter(klass) if obj is None else object_property_iter(obj):
        info = {"name": prop.name, "type": prop.type}
        if prop.description is not None:
            info["description"] = prop.description
        found.append(info)
    found.reverse()
    if obj is not None:
        object_unref(obj)
    return found
