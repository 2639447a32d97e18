"""Types known by recorded facts alone, and the order in which a real start registers all of them.

The type table of a run holds every type that QEMU has, so that its hash order, and with it the order of class_init,
is the real one. A type that is not modelled has its name, parent, sizes and function names; its functions are recorded
as calls that are marked "not modelled" and have no effect; no instance of it can be made.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from emu.qemu.module import InitFunction
from emu.qom.object.structs import TypeImpl, TypeInfo
from emu.qom.object.types import types
from emu.source import InitFunction as RecordedInit
from emu.source import module_matches, recorded_types
from emu.trace.calls import declared


@cache
def unmodelled_function(name: str, file: str) -> Callable[..., None]:
    """Return a function that only records that QEMU would have called ``name`` here."""
    return declared(name, file)


def unmodelled_info(fact: dict[str, Any], file: str) -> TypeInfo:
    """Return the TypeInfo of a type that is not modelled."""

    def function(key: str) -> Callable[..., None] | None:
        return unmodelled_function(fact[key], file) if key in fact else None

    return TypeInfo(
        name=fact["name"],
        parent=fact.get("parent"),
        abstract=fact.get("abstract", False),
        class_size=fact.get("class_size", 0),
        instance_size=fact.get("instance_size", 0),
        interfaces=tuple(fact.get("interfaces", ())),
        modelled=False,
        class_init=function("class_init"),
        class_base_init=function("class_base_init"),
        instance_init=function("instance_init"),
        instance_post_init=function("instance_post_init"),
        instance_finalize=function("instance_finalize"),
    )


@cache
def unmodelled_infos(version: str) -> dict[str, TypeInfo]:
    """Return the TypeInfo of every recorded type, as if none was modelled.

    Declares every function that stands in for one of QEMU's: a log's table of functions is complete before its first event.
    """
    recorded = recorded_types(version)
    for init in (*recorded.opts_init, *recorded.type_init):
        unmodelled_function(init.function, init.file)
    infos = {fact["name"]: unmodelled_info(fact, init.file) for init in recorded.type_init for fact in init.types}
    infos.update({fact["name"]: unmodelled_info(fact, "ui/console.c") for fact in recorded.late})
    return infos


def register_missing(init: RecordedInit, version: str) -> None:
    """Enter those types of an initialiser into the type table that no emulated function has registered."""
    infos, table = unmodelled_infos(version), types().type_table
    for fact in init.types:
        name = fact["name"]
        if name not in table:
            table[name] = ti = TypeImpl(**infos[name].given)
            ti.__dict__["_info"] = infos[name]


def link_order(recorded: tuple[RecordedInit, ...], version: str) -> Callable[[tuple[InitFunction, ...]], list[InitFunction]]:
    """Return the order of the link for ``module_call_init``, with a stand-in for each initialiser not emulated.

    ValueError: an emulated initialiser is not among the recorded ones.
    """

    def order(functions: tuple[InitFunction, ...]) -> list[InitFunction]:
        left = list(functions)
        ordered: list[InitFunction] = []
        for init in recorded:
            mine = [f for f in left if f.__name__ == init.function and module_matches(f.__module__, init.file)]
            for function in mine:
                left.remove(function)
            ordered += mine or [unmodelled_function(init.function, init.file)]
            ordered.append(lambda init=init: register_missing(init, version))  # type: ignore[misc]  # bound early
        if left:
            names = ", ".join(f"{f.__module__}.{f.__name__}" for f in left)
            raise ValueError(f"not among the recorded initialisers of {version}: {names}")
        return ordered

    return order
