"""The end of an object: references, leaving the parent, finalising (qom/object.c)."""

from __future__ import annotations

from emu.qom.object.properties import object_property_is_child, object_property_iter
from emu.qom.object.structs import OBJECT, Object, ObjectProperty, TypeImpl
from emu.qom.object.types import type_get_parent
from emu.qom.parts import Part
from emu.trace import emulates, g_free


def object_ref(obj: Part) -> None:
    """Take a reference. The count tells; the call itself is not recorded."""
    whole: Object = obj._whole
    whole.ref += 1


def object_unref(obj: Part | None) -> None:
    """Drop a reference; the last one finalises the object. The count tells; the call itself is not recorded."""
    if obj is None:
        return
    whole: Object = obj._whole
    assert whole.ref > 0
    whole.ref -= 1
    if whole.ref == 0:
        object_finalize(whole)


@emulates
def object_property_del_all(obj: Object) -> None:
    """Release every property once; a release may remove others, so begin anew after each."""
    done: dict[int, ObjectProperty] = {}
    released = True
    while released:
        released = False
        for prop in object_property_iter(obj):
            if id(prop) in done:
                continue
            done[id(prop)] = prop
            if prop.release is not None:
                prop.release(obj, prop.name, prop.opaque)
                released = True
                break


@emulates
def object_property_del_child(obj: Object, child: Object) -> None:
    """Release and remove the property that makes ``child`` a child of ``obj``."""
    for prop in list(obj.properties.values()):
        if object_property_is_child(prop) and prop.opaque is child:
            if prop.release is not None:
                prop.release(obj, prop.name, prop.opaque)
                prop.release = None
            break
    for name, prop in list(obj.properties.items()):
        if object_property_is_child(prop) and prop.opaque is child:
            del obj.properties[name]
            g_free(prop)
            break


@emulates
def object_unparent(obj: Part) -> None:
    """Take an object out of the composition tree."""
    whole = OBJECT(obj)
    if whole.parent is not None:
        object_property_del_child(whole.parent, whole)


@emulates
def object_deinit(obj: Object, ti: TypeImpl) -> None:
    """Run instance_finalize of the type, then of its ancestors."""
    if ti.instance_finalize is not None:
        ti.instance_finalize(obj)
    parent = type_get_parent(ti)
    if parent is not None:
        object_deinit(obj, parent)


@emulates
def object_finalize(obj: Object) -> None:
    """End an object whose last reference is gone."""
    ti: TypeImpl = obj.class_.type
    object_property_del_all(obj)
    object_deinit(obj, ti)
    assert obj.ref == 0
    assert obj.parent is None
    if obj.free is not None:
        obj.free(obj)
