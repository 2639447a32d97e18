"""Walks over the type table, in its hash order (qom/object.c)."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from emu.qom.object.structs import ObjectClass, TypeImpl
from emu.qom.object.types import (
    object_class_dynamic_cast,
    type_get_by_name,
    type_initialize,
    type_is_ancestor,
    types,
)
from emu.trace import emulates, passage


def type_implements(ti: TypeImpl, typename: str) -> bool:
    """Tell whether the class of a type can be cast to another. It is looked at only where that is an interface."""
    target_type = type_get_by_name(typename)
    if type_is_ancestor(target_type, cast(TypeImpl, types().type_interface)):
        return object_class_dynamic_cast(ti.class_, typename) is not None
    return target_type is not None and type_is_ancestor(ti, target_type)


@passage
def initialize_all() -> None:
    """Give every type its class, in the hash order of the type table."""
    for ti in list(types().type_table.values()):
        type_initialize(ti)


@emulates
def object_class_foreach(
    fn: Callable[[ObjectClass], None], implements_type: str | None = None, include_abstract: bool = False
) -> None:
    """Walk the type table in its hash order. Every type gets its class on the way: before, since ``fn`` is not recorded."""
    table = types()
    table.enumerating_types = True
    initialize_all()
    for ti in list(table.type_table.values()):
        if not include_abstract and ti.abstract:
            continue
        if implements_type and not type_implements(ti, implements_type):
            continue
        assert ti.class_ is not None
        fn(ti.class_)
    table.enumerating_types = False


@emulates
def object_class_get_list(implements_type: str | None, include_abstract: bool) -> tuple[ObjectClass, ...]:
    """Return the classes that implement a type, the last one found first."""
    found: list[ObjectClass] = []
    object_class_foreach(found.append, implements_type, include_abstract)
    return tuple(reversed(found))


def object_class_get_list_sorted(implements_type: str | None, include_abstract: bool) -> tuple[ObjectClass, ...]:
    """Return the same, sorted by name without regard to case."""
    return tuple(sorted(object_class_get_list(implements_type, include_abstract), key=lambda k: k.type.name.lower()))
