"""The interface of what migration can name (hw/core/vmstate-if.c, include/hw/vmstate-if.h)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from emu.qemu.module import type_init
from emu.qom.object import TYPE_INTERFACE, TypeInfo, interface_class, interface_getter, type_register_static
from emu.qom.parts import Part
from emu.trace import emulates

TYPE_VMSTATE_IF = "vmstate-if"


class VMStateIfClass(Part):
    """The method that names an object in a migration stream."""

    SIZE: ClassVar[int] = 120
    get_id: Callable[[Any], str | None] | None = None


VMSTATE_IF_CLASS = interface_class(VMStateIfClass, TYPE_VMSTATE_IF)
VMSTATE_IF_GET_CLASS = interface_getter(VMStateIfClass, TYPE_VMSTATE_IF)


@emulates(file="include/hw/vmstate-if.h")
def vmstate_if_get_id(vmif: Part | None) -> str | None:
    """Return the id of an object in a migration stream."""
    if vmif is None:
        return None
    get_id = VMSTATE_IF_GET_CLASS(vmif).get_id
    assert get_id is not None
    return get_id(vmif)


vmstate_if_info = TypeInfo(name=TYPE_VMSTATE_IF, parent=TYPE_INTERFACE, class_=VMStateIfClass)


@type_init
@emulates
def vmstate_register_types() -> None:
    """Register ``vmstate-if``."""
    type_register_static(vmstate_if_info)
