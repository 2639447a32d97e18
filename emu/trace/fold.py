"""Folding a log: one ``apply`` and one ``revert``. The twin of ``app/static/js/core/fold.js``; golden logs hold them equal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from emu.trace.events import ABSENT, OUTSIDE, Raw, Value


@dataclass(slots=True)
class ObjectState:
    """An object of the state: what it is, whether its memory is gone, and its written fields."""

    type: str
    structs: tuple[str, ...]
    freed: bool
    fields: dict[str, Value]


@dataclass(slots=True)
class State:
    """The machine as the events so far tell it: objects by id, the stack of open calls, what was printed."""

    objects: dict[int, ObjectState] = field(default_factory=dict)
    calls: list[int] = field(default_factory=list)
    messages: list[tuple[str, str]] = field(default_factory=list)


def apply(state: State, seq: int, event: Raw) -> None:
    """Move ``state`` over event number ``seq``, in place."""
    match event:
        case ("E", *_):
            state.calls.append(seq)
        case ("X", *_):
            state.calls.pop()
        case ("N", _, _, obj, type_, structs, fields):
            state.objects[obj] = ObjectState(type_, structs, False, {k: thaw(v) for k, v in fields.items()})
        case ("F", _, _, obj):
            state.objects[obj].freed = True
        case ("S", _, _, obj, name, _, new):
            state.objects[obj].fields[name] = thaw(new)
        case ("I", _, _, obj, name, at, value):
            held = state.objects[obj].fields[name]
            if isinstance(held, list):
                held.insert(at, value)
            else:
                held[at] = value
        case ("R", _, _, obj, name, at, _):
            del state.objects[obj].fields[name][at]
        case ("P", _, _, obj, name, at, _, new):
            poke(state.objects[obj].fields, name, at, new)
        case ("M", _, _, stream, text):
            state.messages.append((stream, text))
        case _:
            raise ValueError(f"no such event: {event[0]!r}")


def revert(state: State, seq: int, event: Raw) -> None:
    """Move ``state`` back over event number ``seq``, in place: the inverse of ``apply``."""
    match event:
        case ("E", *_):
            state.calls.pop()
        case ("X", call, *_):
            state.calls.append(call)
        case ("N", _, _, obj, *_):
            del state.objects[obj]
        case ("F", _, _, obj):
            state.objects[obj].freed = False
        case ("S", _, _, obj, name, old, _):
            if old is ABSENT:
                del state.objects[obj].fields[name]
            else:
                state.objects[obj].fields[name] = thaw(old)
        case ("I", _, _, obj, name, at, _):
            del state.objects[obj].fields[name][at]
        case ("R", _, _, obj, name, at, old):
            held = state.objects[obj].fields[name]
            if isinstance(held, list):
                held.insert(at, old)
            else:
                held[at] = old
        case ("P", _, _, obj, name, at, old, _):
            poke(state.objects[obj].fields, name, at, old)
        case ("M", *_):
            state.messages.pop()
        case _:
            raise ValueError(f"no such event: {event[0]!r}")


def poke(fields: dict[str, Value], name: str, at: int | str, value: Value) -> None:
    """Overwrite part of a field in place."""
    held = fields[name]
    if isinstance(held, bytearray):
        assert isinstance(at, int)
        held[at : at + len(value)] = value
    else:
        held[at] = value


def thaw(value: Value) -> Value:
    """Return a value as the state holds it: containers and buffers as mutable copies."""
    kind: type[Any] = type(value)
    if kind is tuple:
        return list(value)
    if kind is bytes:
        return bytearray(value)
    if kind is dict:
        return dict(value)
    return value


def fold(log: Iterable[Raw], state: State | None = None, start: int = 0) -> State:
    """Return the state after a log (or after the log of a part that begins at ``start``, given the state there)."""
    state = State() if state is None else state
    for seq, event in enumerate(log, start):
        apply(state, seq, event)
    return state


def outside(state: State) -> int:
    """Return the innermost open call, ``OUTSIDE`` where there is none."""
    return state.calls[-1] if state.calls else OUTSIDE
