"""Questions about types (qom/qom-qmp-cmds.c)."""

from __future__ import annotations

from emu.qapi.error import ERROR_CLASS_DEVICE_NOT_FOUND, error_set, error_setg
from emu.qom.object import (
    ObjectProperty,
    module_object_class_by_name,
    object_class_dynamic_cast,
    object_class_is_abstract,
    object_new,
    object_property_iter,
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
