"""Enumerations and names of the QAPI schema (include/qapi/util.h, qapi/qapi-util.c)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import IntEnum
from typing import Any, Final

from emu.qapi.error import error_setg

_QAPI_NAME: Final = re.compile(r"(?:__[A-Za-z0-9.-]*_)?[A-Za-z][A-Za-z0-9_-]*")


class QapiEnum(IntEnum):
    """An enumeration of the schema. Each member is its number and its name in the schema: ``ON_OFF_AUTO_AUTO = 0, "auto"``."""

    text: str

    def __new__(cls, value: int, text: str) -> Any:
        """Make the member of a number, with its name."""
        member = int.__new__(cls, value)
        member._value_ = value
        member.text = text
        return member

    @property
    def _enc(self) -> str:
        return self.text

    def __str__(self) -> str:
        return self.text


class QEnumLookup:
    """The names of an enumeration, by number. ``members`` are what look-ups return; plain numbers where there is no class."""

    __slots__ = ("_index", "array", "members")

    def __init__(self, names: type[QapiEnum] | Sequence[str]) -> None:
        self.members: Sequence[int]
        if isinstance(names, type):
            self.members = tuple(names)
            self.array = tuple(member.text for member in names)
        else:
            self.array = tuple(names)
            self.members = range(len(self.array))
        self._index = dict(zip(self.array, self.members, strict=True))

    @property
    def size(self) -> int:
        """How many values there are."""
        return len(self.array)

    def find(self, name: str) -> int:
        """Return the value of a name, -1 where it has none (``qapi_enum_parse`` with -1 and no error)."""
        return self._index.get(name, -1)


def qapi_enum_lookup(lookup: QEnumLookup, val: int) -> str:
    """Return the name of a value."""
    assert 0 <= val < lookup.size
    return lookup.array[val]


def qapi_enum_parse(lookup: QEnumLookup, buf: str | None, default: int) -> int:
    """Return the value of a name, ``default`` for None. Error: the enumeration has no such name."""
    if buf is None:
        return default
    value = lookup.find(buf)
    if value < 0:
        error_setg(f"invalid parameter value: {buf}")
    return value


_BOOLS: Final = {"on": True, "yes": True, "true": True, "y": True, "off": False, "no": False, "false": False, "n": False}


def qapi_bool_parse(name: str, value: str) -> bool:
    """Parse on/yes/true/y and off/no/false/n. Error: anything else."""
    try:
        return _BOOLS[value]
    except KeyError:
        error_setg(f"Parameter '{name}' expects 'on' or 'off'")


def parse_qapi_name(text: str) -> int:
    """Return the length of the QAPI name that text begins with, -1 where it begins with none."""
    found = _QAPI_NAME.match(text)
    return found.end() if found else -1
