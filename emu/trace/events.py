"""What is recorded: a closed union of detached, self-inverting events.

This module defines and never implements: recording is in ``recorder``, folding in ``fold``.

An event in a log is a plain tuple whose first item is the kind, one letter; the classes below name the
items that follow. ``seq`` is not stored: it is the position in the log. A call is named by the ``seq`` of
its ``Enter``; -1 is "outside of every call". ``line`` is a line of the emulated source: of the function that
the call runs (for ``Enter``, of the caller).

Values are ``None``, ``bool``, ``int``, ``float``, ``str``, ``bytes``, or one of:

* ``Ref(id)``: an object of this log
* ``Fn(name)``: a function
* ``ABSENT``: nothing was there (not the same as ``None``, QEMU's NULL)
* ``tuple`` of values: a fixed list (arguments, the first contents of a container)
* ``dict`` of values: the first contents of a mapping
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple, TypeAlias

OUTSIDE: Final = -1


class Ref(NamedTuple):
    """An object of this log, by its id (a number from 1 on; the first ones are those of the prelude of all runs)."""

    id: int


class Fn(NamedTuple):
    """A function, by QEMU's name for it."""

    name: str


class Absent:
    """The type of ``ABSENT``, its only instance: a field that was never written."""

    def __repr__(self) -> str:
        return "ABSENT"

    def __copy__(self) -> Absent:
        return self

    def __deepcopy__(self, memo: object) -> Absent:
        return self


ABSENT: Final = Absent()

Value: TypeAlias = Any
"""One of the detached values listed above."""


class Enter(NamedTuple):
    """A function is entered. Its own ``seq`` names the call from now on."""

    kind: str
    call: int
    line: int
    function: int
    args: tuple[Value, ...]


class Exit(NamedTuple):
    """A call is left, with the value it returned or the text of the error it raised."""

    kind: str
    call: int
    line: int
    value: Value
    error: str | None


class New(NamedTuple):
    """An object comes into being, with the fields that it has from the first moment on."""

    kind: str
    call: int
    line: int
    obj: int
    type: str
    structs: tuple[str, ...]
    fields: dict[str, Value]


class Free(NamedTuple):
    """An object's memory is given back. It stays in the state, marked."""

    kind: str
    call: int
    line: int
    obj: int


class Set(NamedTuple):
    """A field is assigned."""

    kind: str
    call: int
    line: int
    obj: int
    field: str
    old: Value
    new: Value


class Insert(NamedTuple):
    """A container gains an item: ``at`` is an index of a list (later items move up) or a key of a mapping."""

    kind: str
    call: int
    line: int
    obj: int
    field: str
    at: int | str
    value: Value


class Remove(NamedTuple):
    """A container loses an item."""

    kind: str
    call: int
    line: int
    obj: int
    field: str
    at: int | str
    old: Value


class Poke(NamedTuple):
    """Part of a field is overwritten in place: bytes of a buffer from offset ``at`` on, or one item of a container."""

    kind: str
    call: int
    line: int
    obj: int
    field: str
    at: int | str
    old: Value
    new: Value


class Message(NamedTuple):
    """Text that QEMU prints: ``stream`` is ``"stderr"`` or ``"stdout"``."""

    kind: str
    call: int
    line: int
    stream: str
    text: str


Event: TypeAlias = Enter | Exit | New | Free | Set | Insert | Remove | Poke | Message
Raw: TypeAlias = tuple[Any, ...]

KINDS: Final[dict[str, type[Any]]] = {
    "E": Enter,
    "X": Exit,
    "N": New,
    "F": Free,
    "S": Set,
    "I": Insert,
    "R": Remove,
    "P": Poke,
    "M": Message,
}


def as_event(raw: Raw) -> Event:
    """Return the named form of one item of a log. KeyError: a kind that is not in the union."""
    event: Event = KINDS[raw[0]](*raw)
    return event
