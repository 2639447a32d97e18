"""Paths through the composition tree (qom/object.c)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from emu.qom.object.properties import object_property_find, object_property_is_child
from emu.qom.object.structs import TYPE_OBJECT, Object
from emu.qom.object.types import object_dynamic_cast
from emu.qom.parts import Part
from emu.trace import Struct, emulates, per_run


class Roots(Struct):
    """The roots of the composition tree: statics of qom/object.c."""

    root: Object | None = None
    internal_root: Object | None = None


roots = per_run(Roots)


def object_get_root() -> Object:
    """Return the root container, made at first use."""
    own = roots()
    if own.root is None:
        from emu.qom.object.lifecycle import object_new

        own.root = object_new("container")
    return own.root


def object_get_objects_root() -> Object:
    """Return the container of what ``-object`` makes."""
    from emu.qom.container import container_get

    return container_get(object_get_root(), "/objects")


def object_get_internal_root() -> Object:
    """Return the root of objects that no path reaches."""
    own = roots()
    if own.internal_root is None:
        from emu.qom.object.lifecycle import object_new

        own.internal_root = object_new("container")
    return own.internal_root


def object_get_canonical_path_component(obj: Part) -> str | None:
    """Return the name under which an object's parent has it, None without a parent."""
    whole: Object = obj._whole
    if whole.parent is None:
        return None
    name: str = whole.__dict__["_component"]
    return name


def object_get_canonical_path(obj: Part) -> str | None:
    """Return the path from the root to an object, None where the chain of parents does not reach it."""
    root = object_get_root()
    step: Object = obj._whole
    if step is root:
        return "/"
    path = ""
    while step is not root:
        component = object_get_canonical_path_component(step)
        if component is None:
            return None
        path = f"/{component}{path}"
        assert step.parent is not None
        step = step.parent
    return path


def object_child_foreach(obj: Part, fn: Callable[[Object], int], recurse: bool = False) -> int:
    """Call ``fn`` on each child (and, with ``recurse``, on theirs) until it returns other than 0; return that."""
    whole: Object = obj._whole
    for prop in list(whole.properties.values()):
        if object_property_is_child(prop):
            ret = fn(prop.opaque) or (object_child_foreach(prop.opaque, fn, True) if recurse else 0)
            if ret:
                return ret
    return 0


def object_child_foreach_recursive(obj: Part, fn: Callable[[Object], int]) -> int:
    """Call ``fn`` on everything below an object until it returns other than 0; return that."""
    return object_child_foreach(obj, fn, recurse=True)


def object_resolve_path_component(parent: Part, part: str) -> Object | None:
    """Return what a property of ``parent`` leads to."""
    prop = object_property_find(parent, part)
    if prop is None or prop.resolve is None:
        return None
    found: Any = prop.resolve(parent._whole, prop.opaque, part)
    return found._whole if found is not None else None


def object_resolve_abs_path(parent: Object, parts: list[str], typename: str) -> Object | None:
    """Follow a path from ``parent``; None where it breaks off or ends at another type."""
    step: Object | None = parent
    for part in parts:
        if part == "":
            continue
        assert step is not None
        step = object_resolve_path_component(step, part)
        if step is None:
            return None
    found: Object | None = object_dynamic_cast(step, typename)
    return found


def object_resolve_partial_path(parent: Object, parts: list[str], typename: str) -> tuple[Object | None, bool]:
    """Look for a path below any object of the tree. Return what was found, and whether there were several."""
    obj = object_resolve_abs_path(parent, parts, typename)
    if "_has_children" not in parent.__dict__:
        return obj, False
    for prop in parent.properties.values():
        if not object_property_is_child(prop):
            continue
        found, ambiguous = object_resolve_partial_path(prop.opaque, parts, typename)
        if found is not None:
            if obj is not None:
                return None, True
            obj = found
        if ambiguous:
            return None, True
    return obj, False


@emulates
def object_resolve_path_type(path: str, typename: str) -> tuple[Object | None, bool]:
    """Resolve an absolute or partial path to an object of a type. Return it, and whether the path was ambiguous."""
    parts = path.split("/") if path else []
    if not parts or parts[0] != "":
        return object_resolve_partial_path(object_get_root(), parts, typename)
    return object_resolve_abs_path(object_get_root(), parts[1:], typename), False


def object_resolve_path(path: str) -> tuple[Object | None, bool]:
    """Resolve a path to an object of any type."""
    found: tuple[Object | None, bool] = object_resolve_path_type(path, TYPE_OBJECT)
    return found


def object_resolve_path_at(parent: Part, path: str) -> Object | None:
    """Resolve a path relative to an object."""
    parts = path.split("/")
    if path.startswith("/"):
        return object_resolve_abs_path(object_get_root(), parts[1:], TYPE_OBJECT)
    return object_resolve_abs_path(parent._whole, parts, TYPE_OBJECT)
