"""Visitors: one walk over a value serves to read, to write and to print it (include/qapi/visitor.h, qapi/qapi-visit-core.c).

``value = visit_type_uint32(v, name, value)``: an input visitor returns what it parsed and ignores ``value``, an output visitor
takes ``value`` and returns it. ``name`` is the member of the struct or object that is visited, None in a list.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Final, TypeVar

from emu.qapi.error import error_setg
from emu.qapi.qapi_util import QEnumLookup, qapi_enum_lookup
from emu.util.error_report import assert_fail

T = TypeVar("T")

VISITOR_INPUT: Final = 1
VISITOR_OUTPUT: Final = 2


def shown(name: str | None) -> str:
    """Return a name as error texts show it."""
    return "null" if name is None else name


class Visitor:
    """The methods of a visitor (include/qapi/visitor-impl.h). A kind that lacks one cannot be used for that type."""

    __slots__ = ()
    type: int = VISITOR_INPUT
    _enc: ClassVar[str] = "<Visitor>"
    """How a visitor is shown among the arguments of a call."""

    def __init_subclass__(cls) -> None:
        cls._enc = f"<{cls.__name__}>"

    def start_struct(self, name: str | None) -> None:
        """Enter a struct."""
        raise NotImplementedError

    def check_struct(self) -> None:
        """Check that no member is left over. Error: one is."""

    def end_struct(self) -> None:
        """Leave a struct."""

    def start_list(self, name: str | None, length: int) -> bool:
        """Enter a list, of ``length`` elements if this is output; tell whether it has a first one."""
        raise NotImplementedError

    def next_list(self) -> bool:
        """Go to the next element; tell whether there is one."""
        raise NotImplementedError

    def check_list(self) -> None:
        """Check that no element is left over. Error: one is."""

    def end_list(self) -> None:
        """Leave a list."""

    def optional(self, name: str, present: bool) -> bool:
        """Tell whether an optional member is there."""
        return present

    def start_alternate(self, name: str | None) -> str:
        """Tell what is there for an alternate: string, number, ..."""
        assert_fail("!(v->type & VISITOR_INPUT)", "qapi/qapi-visit-core.c", 116, "visit_start_alternate")

    def type_int64(self, name: str | None, value: int) -> int:
        """Visit an ``int64_t``."""
        raise NotImplementedError

    def type_uint64(self, name: str | None, value: int) -> int:
        """Visit a ``uint64_t``."""
        raise NotImplementedError

    def type_size(self, name: str | None, value: int) -> int:
        """Visit a size in bytes."""
        return self.type_uint64(name, value)

    def type_bool(self, name: str | None, value: bool) -> bool:
        """Visit a ``bool``."""
        raise NotImplementedError

    def type_str(self, name: str | None, value: str | None) -> str:
        """Visit a string."""
        raise NotImplementedError

    def type_number(self, name: str | None, value: float) -> float:
        """Visit a ``double``."""
        raise NotImplementedError

    def type_any(self, name: str | None, value: Any) -> Any:
        """Visit a QObject."""
        raise NotImplementedError

    def type_null(self, name: str | None, value: Any) -> Any:
        """Visit a null."""
        raise NotImplementedError

    def complete(self) -> Any:
        """Return what an output visitor made."""
        raise NotImplementedError


def visit_is_input(v: Visitor) -> bool:
    """Tell whether the visitor parses."""
    return v.type == VISITOR_INPUT


def visit_start_struct(v: Visitor, name: str | None) -> None:
    """Enter a struct. Error: there is none, or something else."""
    v.start_struct(name)


def visit_check_struct(v: Visitor) -> None:
    """Check that every member of the input was visited. Error: one was not."""
    v.check_struct()


def visit_end_struct(v: Visitor) -> None:
    """Leave a struct."""
    v.end_struct()


def visit_optional(v: Visitor, name: str, present: bool) -> bool:
    """Tell whether an optional member is there; output visitors answer ``present``."""
    return v.optional(name, present)


def visit_start_list(v: Visitor, name: str | None, length: int = 0) -> bool:
    """Enter a list, of ``length`` elements if this is output; tell whether it has a first one. Error: there is no list."""
    return v.start_list(name, length)


def visit_next_list(v: Visitor) -> bool:
    """Go to the next element; tell whether there is one."""
    return v.next_list()


def visit_check_list(v: Visitor) -> None:
    """Check that every element was visited. Error: one was not."""
    v.check_list()


def visit_end_list(v: Visitor) -> None:
    """Leave a list."""
    v.end_list()


def visit_list(
    v: Visitor, name: str | None, items: Sequence[T] | None, visit_type: Callable[[Visitor, None, T | None], T]
) -> list[T]:
    """Visit a list of one type, as the generated ``visit_type_uint16List`` and its like do."""
    visited: list[T] = []
    given: Sequence[T] = items or ()
    more = v.start_list(name, len(given))
    while more:
        visited.append(visit_type(v, None, given[len(visited)] if given else None))
        more = v.next_list()
    v.check_list()
    v.end_list()
    return visited


def visit_start_alternate(v: Visitor, name: str | None) -> str:
    """Tell what the input holds for an alternate: string, number, boolean, object, array or null. Error: nothing."""
    return v.start_alternate(name)


def visit_type_int64(v: Visitor, name: str | None, value: int | None = 0) -> int:
    """Visit an ``int64_t``."""
    return v.type_int64(name, value or 0)


visit_type_int = visit_type_int64


def visit_type_uint64(v: Visitor, name: str | None, value: int | None = 0) -> int:
    """Visit a ``uint64_t``."""
    return v.type_uint64(name, value or 0)


def _out_of_range(name: str | None, type_: str) -> None:
    error_setg(f"Parameter '{shown(name)}' expects {type_}")


def visit_type_uint8(v: Visitor, name: str | None, value: int | None = 0) -> int:
    """Visit a ``uint8_t``. Error: it does not fit."""
    value = v.type_uint64(name, value or 0)
    if value > 0xFF:
        _out_of_range(name, "uint8_t")
    return value


def visit_type_uint16(v: Visitor, name: str | None, value: int | None = 0) -> int:
    """Visit a ``uint16_t``. Error: it does not fit."""
    value = v.type_uint64(name, value or 0)
    if value > 0xFFFF:
        _out_of_range(name, "uint16_t")
    return value


def visit_type_uint32(v: Visitor, name: str | None, value: int | None = 0) -> int:
    """Visit a ``uint32_t``. Error: it does not fit."""
    value = v.type_uint64(name, value or 0)
    if value > 0xFFFFFFFF:
        _out_of_range(name, "uint32_t")
    return value


def visit_type_int8(v: Visitor, name: str | None, value: int | None = 0) -> int:
    """Visit an ``int8_t``. Error: it does not fit."""
    value = v.type_int64(name, value or 0)
    if not -0x80 <= value <= 0x7F:
        _out_of_range(name, "int8_t")
    return value


def visit_type_int16(v: Visitor, name: str | None, value: int | None = 0) -> int:
    """Visit an ``int16_t``. Error: it does not fit."""
    value = v.type_int64(name, value or 0)
    if not -0x8000 <= value <= 0x7FFF:
        _out_of_range(name, "int16_t")
    return value


def visit_type_int32(v: Visitor, name: str | None, value: int | None = 0) -> int:
    """Visit an ``int32_t``. Error: it does not fit."""
    value = v.type_int64(name, value or 0)
    if not -0x80000000 <= value <= 0x7FFFFFFF:
        _out_of_range(name, "int32_t")
    return value


def visit_type_size(v: Visitor, name: str | None, value: int | None = 0) -> int:
    """Visit a size in bytes, which text may give with a suffix."""
    return v.type_size(name, value or 0)


def visit_type_bool(v: Visitor, name: str | None, value: bool | None = False) -> bool:
    """Visit a ``bool``."""
    return v.type_bool(name, bool(value))


def visit_type_str(v: Visitor, name: str | None, value: str | None = None) -> str:
    """Visit a string; None is printed as an empty one."""
    return v.type_str(name, value)


def visit_type_number(v: Visitor, name: str | None, value: float | None = 0.0) -> float:
    """Visit a ``double``."""
    return v.type_number(name, value or 0.0)


def visit_type_any(v: Visitor, name: str | None, value: Any = None) -> Any:
    """Visit a QObject."""
    return v.type_any(name, value)


def visit_type_null(v: Visitor, name: str | None, value: Any = None) -> Any:
    """Visit a null."""
    return v.type_null(name, value)


def visit_type_enum(v: Visitor, name: str | None, value: int, lookup: QEnumLookup) -> int:
    """Visit a member of an enumeration by its name. Error: it has no such name."""
    if v.type != VISITOR_INPUT:
        v.type_str(name, qapi_enum_lookup(lookup, value))
        return value
    text = v.type_str(name, None)
    value = lookup.find(text)
    if value < 0:
        error_setg(f"Parameter '{shown(name)}' does not accept value '{text}'")
    return value
