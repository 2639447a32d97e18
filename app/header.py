"""The header of a log: the tables that give its numbers and names their meaning."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from typing import Any

from app import source, wire
from app.protocol import FunctionRow, StructRow
from emu.trace.containers import Field, Seq
from emu.trace.recorder import encode
from emu.trace.structs import Struct
from emu.trace.symbols import FUNCTIONS, STRUCTS


def header(version: str, argv: list[str], commands: Sequence[str] = ()) -> dict[str, Any]:
    """Return the header of a run's log, without what belongs to one stream of it."""
    functions, structs = _tables(version, len(FUNCTIONS))
    origin = {"format": 1, "version": version, "argv": argv, "commands": list(commands)}
    return {**origin, "functions": functions, "structs": structs}


@cache
def _tables(version: str, known: int) -> tuple[list[Any], dict[str, Any]]:
    """Return the tables of a version. ``known``: how many functions there are, since modules may be imported later."""
    functions = []
    for function in FUNCTIONS[:known]:
        file, line = source.locate(version, function)
        functions.append(
            FunctionRow(
                name=function.name,
                module=function.module,
                file=file,
                line=line,
                py=function.lines,
                params=list(function.params),
                modelled=function.modelled,
            ).model_dump()
        )
    structs = {name: StructRow(size=struct.SIZE, fields=_zero_fields(struct)).model_dump() for name, struct in STRUCTS.items()}
    return functions, structs


def _zero_fields(struct: Any) -> dict[str, Any]:
    """Return the encoded zero value of each field that has one, by its name in events."""
    fields = {}
    for name, known_as in struct.FIELDS.items():
        try:
            value = getattr(struct, name)
        except AttributeError:
            continue  # declared without a zero value: it is absent until it is written
        kind = getattr(value, "kind", None)  # a field that each object makes its own of
        if kind is not None:
            value = kind() if issubclass(kind, Field) else None
            if value is None or _holds_structs(value):
                continue  # structs within the struct are objects of their own, absent until they are first touched
        fields[known_as] = json.loads(wire.value_text(encode(value)))
    return fields


def _holds_structs(container: Field) -> bool:
    return isinstance(container, Seq) and any(isinstance(item, Struct) for item in container)
