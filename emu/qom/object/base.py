"""The two root types (qom/object.c, ``register_types``)."""

from __future__ import annotations

from emu.qemu.module import type_init
from emu.qom.object.structs import TYPE_INTERFACE, TYPE_OBJECT, InterfaceClass, Object, ObjectClass, TypeInfo
from emu.qom.object.typed import object_class_property_add_str
from emu.qom.object.types import note_interface_type, object_get_typename, type_register_internal
from emu.qom.parts import Part
from emu.trace import emulates


@emulates
def object_get_type(obj: Part) -> str:
    """Getter of the property ``type``, which every object has."""
    return object_get_typename(obj)


@emulates
def object_class_init(klass: Part, data: object) -> None:
    """Class init of ``object``."""
    object_class_property_add_str(klass, "type", object_get_type, None)


interface_info = TypeInfo(name=TYPE_INTERFACE, class_=InterfaceClass, abstract=True)
object_info = TypeInfo(name=TYPE_OBJECT, instance=Object, class_=ObjectClass, class_init=object_class_init, abstract=True)


@type_init
@emulates
def register_types() -> None:
    """Register ``interface`` and ``object``."""
    note_interface_type(type_register_internal(interface_info))
    type_register_internal(object_info)
