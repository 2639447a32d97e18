"""The table of modelled types after class_init, read off the log of a start: what ``types.json`` records of a real QEMU."""

from __future__ import annotations

import typing
from collections.abc import Callable
from functools import cache
from typing import Any, Final

from app import engine
from emu.trace.events import Fn, Ref
from emu.trace.fold import ObjectState, State, fold
from emu.trace.symbols import STRUCTS

START: Final = ["-nodefaults", "-M", "pc"]
"""Any start will do: the walk for machines gives every type its class."""
PLAIN: Final = ("abstract", "class_size", "instance_align", "instance_size", "parent")
FUNCTIONS: Final = (
    "class_base_init",
    "class_init",
    "instance_finalize",
    "instance_init",
    "instance_post_init",
)
WITH_SLOTS: Final = frozenset({"DeviceClass", "BusClass"})
"""Classes that have one of these structs show their slots, and so does the root of all."""
ROOT: Final = "object"
WITH_NUMBERS: Final = frozenset({"PCIDeviceClass"})
"""Structs whose numbers (vendor, device, class) count as slots too."""


@cache
def modelled_types(version: str = engine.VERSIONS[0]) -> dict[str, Any]:
    """Return the row of each modelled type by name: parent, sizes, functions, interfaces, slots by struct."""
    return type_rows(fold(engine.run(START, version).events))


def type_rows(state: State) -> dict[str, Any]:
    """Return the rows of the modelled types that a state's type table holds."""
    table = next(obj for obj in state.objects.values() if obj.type == "TypeTable").fields["type_table"]
    types = ((name, state.objects[ref.id]) for name, ref in sorted(table.items()))
    return {name: _row(state, ti) for name, ti in types if _field(ti, "modelled")}


def _row(state: State, ti: ObjectState) -> dict[str, Any]:
    row = {name: _field(ti, name) for name in PLAIN}
    row |= {name: _name(_field(ti, name)) for name in FUNCTIONS}
    row["interfaces"] = list(_field(ti, "interfaces"))
    klass = _field(ti, "class")
    row["class_initialized"] = klass is not None
    if isinstance(klass, Ref):
        whole = state.objects[klass.id]
        if whole.type == ROOT or not WITH_SLOTS.isdisjoint(whole.structs):
            row["slots"] = _slots(whole)
    return dict(sorted(row.items()))


def _slots(whole: ObjectState) -> dict[str, Any]:
    slots = {}
    for name in whole.structs:
        struct = STRUCTS[name]
        for attribute in _slot_fields(struct):
            field = struct.FIELDS[attribute]
            slots[field] = _name(whole.fields.get(field, getattr(struct, attribute, None)))
    return dict(sorted(slots.items()))


@cache
def _slot_fields(struct: type[Any]) -> tuple[str, ...]:
    numbers = struct.__name__ in WITH_NUMBERS
    return tuple(
        name
        for name, hint in typing.get_type_hints(struct).items()
        if name in struct.FIELDS and (_callable(hint) or (numbers and hint is int))
    )


def _callable(hint: Any) -> bool:
    return typing.get_origin(hint) is Callable or any(_callable(part) for part in typing.get_args(hint))


def _field(ti: ObjectState, name: str) -> Any:
    """Return a field of a TypeImpl, or its zero value where it was never written."""
    if name in ti.fields:
        return ti.fields[name]
    struct = STRUCTS[ti.type]
    return next(getattr(struct, attribute) for attribute, field in struct.FIELDS.items() if field == name)


def _name(value: Any) -> Any:
    return value.name if isinstance(value, Fn) else value
