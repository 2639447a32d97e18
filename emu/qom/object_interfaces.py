"""Objects made from options, and properties set from dictionaries (qom/object_interfaces.c)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from emu.qapi.qobject_input_visitor import qobject_input_visitor_new, qobject_input_visitor_new_keyval
from emu.qapi.visitor import visit_check_struct, visit_end_struct, visit_start_struct
from emu.qemu.module import type_init
from emu.qom.object import (
    TYPE_INTERFACE,
    Object,
    TypeInfo,
    interface_class,
    interface_getter,
    object_property_set,
    type_register_static,
)
from emu.qom.parts import Part
from emu.trace import emulates

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


uc_interface_info = TypeInfo(name=TYPE_USER_CREATABLE, parent=TYPE_INTERFACE, class_=UserCreatableClass)


@type_init
@emulates
def register_types() -> None:
    """Register ``user-creatable``."""
    type_register_static(uc_interface_info)
