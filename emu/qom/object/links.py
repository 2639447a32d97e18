"""Properties that lead to other objects: children and links (qom/object.c)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from emu.qapi.error import Error, error_abort, error_setg
from emu.qapi.visitor import visit_type_str
from emu.qom.object.paths import object_get_canonical_path, object_resolve_path, object_resolve_path_type
from emu.qom.object.properties import (
    object_class_property_add,
    object_property_add,
    object_property_get_str,
    object_property_get_type,
    object_property_set_str,
    object_property_try_add,
)
from emu.qom.object.refs import object_ref, object_unref
from emu.qom.object.structs import OBJECT, Object, ObjectProperty
from emu.qom.object.types import object_get_typename
from emu.qom.parts import Part
from emu.trace import Ptr, Struct, emulates, g_free

OBJ_PROP_LINK_STRONG: Final = 0x1
OBJ_PROP_LINK_DIRECT: Final = 0x2
OBJ_PROP_LINK_CLASS: Final = 0x4

LinkCheck = Callable[[Object, str, Object | None], None]


@emulates
def object_get_child_property(obj: Object, v: Any, name: str, opaque: Object) -> None:
    """Getter of a child property: the child's path."""
    visit_type_str(v, name, object_get_canonical_path(opaque))


def object_resolve_child_property(parent: Object, opaque: Object, part: str) -> Object:
    """Resolver of a child property."""
    return opaque


@emulates
def object_finalize_child_property(obj: Object, name: str, opaque: Object) -> None:
    """Release of a child property: the child is told, orphaned and unreferenced."""
    if opaque.class_.unparent is not None:
        opaque.class_.unparent(opaque)
    opaque.parent = None
    object_unref(opaque)


@emulates
def object_property_try_add_child(obj: Part, name: str, child: Part) -> ObjectProperty:
    """Make ``child`` a child of ``obj``. Error: the name is taken."""
    whole: Object = child._whole
    assert whole.parent is None
    op = object_property_try_add(
        obj,
        name,
        f"child<{object_get_typename(whole)}>",
        object_get_child_property,
        None,
        object_finalize_child_property,
        whole,
    )
    op.resolve = object_resolve_child_property
    obj._whole.__dict__["_has_children"] = True  # or had: few are searched in vain
    object_ref(whole)
    whole.parent = OBJECT(obj)
    whole.__dict__["_component"] = op.name  # QEMU searches the parent's table for it each time
    return op


@emulates
def object_property_add_child(obj: Part, name: str, child: Part) -> ObjectProperty:
    """Make ``child`` a child of ``obj`` under a name that must be free."""
    with error_abort():
        return object_property_try_add_child(obj, name, child)


def object_property_allow_set_link(obj: Object, name: str, val: Object | None) -> None:
    """Let a link be set, always."""


class LinkProperty(Struct):
    """Where a link keeps its target (qom/object.c)."""

    target: Any = None
    targetp: Any = None
    check: LinkCheck | None = None
    flags: int = 0


def object_link_get_targetp(obj: Object, lprop: LinkProperty) -> Ptr:
    """Return the place that holds a link's target."""
    if lprop.flags & OBJ_PROP_LINK_DIRECT:
        return Ptr(lprop, "target")
    if lprop.flags & OBJ_PROP_LINK_CLASS:
        struct, field = lprop.__dict__["_offset"]
        return Ptr(obj._parts[struct], field)
    place: Ptr = lprop.__dict__["_ptr"]
    return place


@emulates
def object_get_link_property(obj: Object, v: Any, name: str, opaque: LinkProperty) -> None:
    """Getter of a link: the target's path, empty without one."""
    target = object_link_get_targetp(obj, opaque).get()
    visit_type_str(v, name, object_get_canonical_path(target) if target is not None else "")


@emulates
def object_resolve_link(obj: Object, name: str, path: str) -> Object:
    """Find what a link's path names, of the link's type. Error: nothing, several, or of another type."""
    target_type = object_property_get_type(obj, name)[5:-1]
    target, ambiguous = object_resolve_path_type(path, target_type)
    if ambiguous:
        raise Error(f"Path '{path}' does not uniquely identify an object")
    if target is None:
        target, ambiguous = object_resolve_path(path)
        if target is not None or ambiguous:
            raise Error(f"Invalid parameter type for '{name}', expected: {target_type}")
        raise Error(f"Device '{path}' not found")
    return target


@emulates
def object_set_link_property(obj: Object, v: Any, name: str, opaque: LinkProperty) -> None:
    """Setter of a link: resolve the path, let the link's check decide, move the references."""
    place = object_link_get_targetp(obj, opaque)
    old_target = place.get()
    path = visit_type_str(v, name, None)
    new_target = object_resolve_link(obj, name, path) if path else None
    assert opaque.check is not None
    opaque.check(obj, name, new_target)
    place.set(list(new_target._parts.values())[-1] if new_target is not None else None)
    if opaque.flags & OBJ_PROP_LINK_STRONG:
        if new_target is not None:
            object_ref(new_target)
        object_unref(old_target)


def object_resolve_link_property(parent: Object, opaque: LinkProperty, part: str) -> Any:
    """Resolver of a link."""
    return object_link_get_targetp(parent, opaque).get()


@emulates
def object_release_link_property(obj: Object, name: str, opaque: LinkProperty) -> None:
    """Release of a link: drop the reference of a strong one, and the link's own memory."""
    target = object_link_get_targetp(obj, opaque).get()
    if opaque.flags & OBJ_PROP_LINK_STRONG and target is not None:
        object_unref(target)
    if not opaque.flags & OBJ_PROP_LINK_CLASS:
        g_free(opaque)


@emulates
def object_add_link_prop(
    obj: Part, name: str, type_: str, ptr: Ptr | Part | None, check: LinkCheck | None, flags: int
) -> ObjectProperty:
    """Add a link whose target is held in the link itself (DIRECT) or at an address."""
    if flags & OBJ_PROP_LINK_DIRECT:
        lprop = LinkProperty(target=ptr, flags=flags, **({} if check is None else {"check": check}))
    else:
        lprop = LinkProperty(flags=flags, **({} if check is None else {"check": check}))
        assert isinstance(ptr, Ptr)
        lprop.__dict__["_ptr"] = ptr
        lprop.targetp = ptr.name()
    op = object_property_add(
        obj,
        name,
        f"link<{type_}>",
        object_get_link_property,
        object_set_link_property if check is not None else None,
        object_release_link_property,
        lprop,
    )
    op.resolve = object_resolve_link_property
    return op


@emulates
def object_property_add_link(
    obj: Part, name: str, type_: str, targetp: Ptr, check: LinkCheck | None, flags: int
) -> ObjectProperty:
    """Add a link whose target is held at ``targetp``."""
    return object_add_link_prop(obj, name, type_, targetp, check, flags)


@emulates
def object_class_property_add_link(
    klass: Part, name: str, type_: str, offset: tuple[type[Part], str], check: LinkCheck | None, flags: int
) -> ObjectProperty:
    """Add a link to a class; ``offset`` names the struct and the field of an instance that hold the target."""
    lprop = LinkProperty(flags=flags | OBJ_PROP_LINK_CLASS, **({} if check is None else {"check": check}))
    lprop.__dict__["_offset"] = offset
    lprop.targetp = f"{offset[0].__name__}.{offset[1]}"
    op = object_class_property_add(
        klass,
        name,
        f"link<{type_}>",
        object_get_link_property,
        object_set_link_property if check is not None else None,
        object_release_link_property,
        lprop,
    )
    op.resolve = object_resolve_link_property
    return op


@emulates
def object_property_add_const_link(obj: Part, name: str, target: Part) -> ObjectProperty:
    """Add a link that never changes."""
    return object_add_link_prop(obj, name, object_get_typename(target), target, None, OBJ_PROP_LINK_DIRECT)


@emulates
def object_property_set_link(obj: Part, name: str, value: Part | None) -> None:
    """Set a link to an object, by its path."""
    path = object_get_canonical_path(value) if value is not None else None
    object_property_set_str(obj, name, path or "")


def object_property_get_link(obj: Part, name: str) -> Object | None:
    """Return the target of a link. Error: its path leads nowhere."""
    path = object_property_get_str(obj, name)
    if not path:
        return None
    target, _ = object_resolve_path(path)
    if target is None:
        error_setg(f"Device '{path}' not found")
    return target
