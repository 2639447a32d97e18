"""A log as JSON text: the encoding of ARCHITECTURE.md, "Events".

Hot: a run has some hundred thousand events. So each kind of event and of value has its own small function that makes text,
which is more than twice as fast as making lists for ``json.dumps``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from json.encoder import encode_basestring
from math import isfinite
from typing import Any, Final

from emu.trace.events import Absent, Fn, Raw, Ref, Value
from emu.trace.fold import State

SAFE: Final = 2**53
"""JavaScript's numbers hold integers exactly up to this absolute value."""


class _Quoted(dict[str, str]):
    """Names of fields, types and functions (there are so many and no more) as JSON strings, each quoted once."""

    def __missing__(self, name: str) -> str:
        quoted = self[name] = encode_basestring(name)
        return quoted


_NAMES: Final = _Quoted()


def _integer(value: int) -> str:
    return str(value) if -SAFE <= value <= SAFE else f'{{"i":"{value}"}}'


def _number(value: float) -> str:
    return repr(value) if isfinite(value) else f'{{"i":"{value}"}}'


def _bytes(value: bytes | bytearray) -> str:
    return f'{{"b":"{value.hex()}"}}'


def _list(value: Iterable[Value]) -> str:
    return f'{{"l":{_array(value)}}}'


def _dict(value: dict[str, Value]) -> str:
    items = [f"{encode_basestring(key)}:{_VALUES[type(item)](item)}" for key, item in value.items()]
    return f'{{"d":{{{",".join(items)}}}}}'


_VALUES: Final[dict[type[Any], Callable[[Any], str]]] = {
    type(None): lambda _: "null",
    bool: lambda value: "true" if value else "false",
    int: _integer,
    float: _number,
    str: encode_basestring,
    Ref: lambda value: f'{{"r":{value.id}}}',
    Fn: lambda value: f'{{"f":{_NAMES[value.name]}}}',
    bytes: _bytes,
    bytearray: _bytes,
    Absent: lambda _: '{"a":1}',
    tuple: _list,
    list: _list,
    dict: _dict,
}


def value_text(value: Value) -> str:
    """Return a value of an event, or of a folded state, as JSON text. KeyError: it has no place there."""
    return _VALUES[type(value)](value)


def _array(values: Iterable[Value]) -> str:
    return f"[{','.join([_VALUES[type(value)](value) for value in values])}]"


def _fields(values: dict[str, Value]) -> str:
    return f"{{{','.join([f'{_NAMES[name]}:{_VALUES[type(value)](value)}' for name, value in values.items()])}}}"


def _enter(event: Raw) -> str:
    _, call, line, function, args = event
    return f'["E",{call},{line},{function},{_array(args)}]'


def _exit(event: Raw) -> str:
    _, call, line, value, error = event
    return f'["X",{call},{line},{_VALUES[type(value)](value)},{"null" if error is None else encode_basestring(error)}]'


def _new(event: Raw) -> str:
    _, call, line, obj, type_, structs, fields = event
    return f'["N",{call},{line},{obj},{_NAMES[type_]},{_array(structs)},{_fields(fields)}]'


def _set(event: Raw) -> str:
    _, call, line, obj, field, old, new = event
    return f'["S",{call},{line},{obj},{_NAMES[field]},{_VALUES[type(old)](old)},{_VALUES[type(new)](new)}]'


_EVENTS: Final[dict[str, Callable[[Raw], str]]] = {
    "E": _enter,
    "X": _exit,
    "N": _new,
    "F": _array,
    "S": _set,
    "I": _array,
    "R": _array,
    "P": _array,
    "M": _array,
}
"""Kinds whose items are all values, in the order of the wire, are one array."""


def event_text(event: Raw) -> str:
    """Return an event as JSON text. KeyError: a kind that is not in the union."""
    return _EVENTS[event[0]](event)


def events_text(events: Iterable[Raw]) -> str:
    """Return the JSON text of a list of events."""
    return f"[{','.join([_EVENTS[event[0]](event) for event in events])}]"


def state_text(state: State) -> str:
    """Return a folded state as JSON text."""
    objects = (
        f'"{number}":{{"type":{_NAMES[obj.type]},"structs":{_array(obj.structs)},'
        f'"freed":{"true" if obj.freed else "false"},"fields":{_fields(obj.fields)}}}'
        for number, obj in state.objects.items()
    )
    return f'{{"objects":{{{",".join(objects)}}},"calls":{text(state.calls)},"messages":{text(state.messages)}}}'


text: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""JSON text without spaces, of what is neither an event nor a value."""
