"""Containers: plain objects that only have children (qom/container.c)."""

from __future__ import annotations

from emu.qemu.module import type_init
from emu.qom.object.lifecycle import object_new
from emu.qom.object.links import object_property_add_child
from emu.qom.object.paths import object_resolve_path_component
from emu.qom.object.refs import object_unref
from emu.qom.object.structs import Object, TypeInfo
from emu.qom.object.types import type_register_static
from emu.qom.parts import Part
from emu.trace import emulates

container_info = TypeInfo(name="container", parent="object", alike=True)


@type_init
@emulates
def container_register_types() -> None:
    """Register ``container``."""
    type_register_static(container_info)


@emulates
def container_get(root: Part, path: str) -> Object:
    """Return the container at an absolute path below ``root``, making what is missing on the way."""
    parts = path.split("/")
    assert parts[0] == ""
    obj: Object = root._whole
    for part in parts[1:]:
        child = object_resolve_path_component(obj, part)
        if child is None:
            child = object_new("container")
            object_property_add_child(obj, part, child)
            object_unref(child)
        obj = child
    return obj
