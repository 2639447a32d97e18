"""Values from text (qapi/string-input-visitor.c); a list of integers may hold ranges: ``1,5-7``."""

from __future__ import annotations

from typing import Any, Final

from emu.qapi.error import error_setg
from emu.qapi.qapi_util import qapi_bool_parse
from emu.qapi.visitor import VISITOR_INPUT, Visitor, shown
from emu.qobject.qobject import QNULL
from emu.util.cutils import INT64_MAX, UINT64_MAX, Number, qemu_strtod_finite, qemu_strtoi64, qemu_strtou64
from emu.util.qemu_option import parse_option_size

RANGE_MAX_ELEMENTS: Final = 65536


class StringInputVisitor(Visitor):
    """Reads one value from a string. ``rest`` is what is unparsed of a list, ``left`` what is left of a range in it."""

    __slots__ = ("left", "rest", "string")
    type = VISITOR_INPUT

    def __init__(self, string: str) -> None:
        self.string = string
        self.rest: str | None = None
        self.left: tuple[int, int] | None = None

    def start_list(self, name: str | None, length: int) -> bool:
        """Enter the list, which is empty for empty text."""
        assert self.rest is None
        self.rest = self.string
        return bool(self.rest)

    def next_list(self) -> bool:
        """Go to the next element."""
        return self.left is not None or bool(self.rest)

    def check_list(self) -> None:
        """Check that the text is used up."""
        if self.left is not None or self.rest:
            error_setg("Fewer list elements expected")

    def end_list(self) -> None:
        """Leave the list."""
        self.rest = None
        self.left = None

    def _integer(self, name: str | None, parse: Any, highest: int, kind: str) -> int:
        if self.rest is None:
            number: Number = parse(self.string, 0)
            if number.err:
                error_setg(f"Parameter '{shown(name)}' expects {kind}")
            return number.value
        if self.left is None:
            if not self.rest:
                error_setg("Fewer list elements expected")
            entry = range_entry(self.rest, parse)
            if entry is None:
                error_setg(f"Parameter '{shown(name)}' expects list of {kind} values or ranges")
            *bounds, self.rest = entry
            self.left = bounds[0], bounds[1]
        value, end = self.left
        self.left = (value + 1, end) if value < end and value != highest else None
        return value

    def type_int64(self, name: str | None, value: int) -> int:
        """Parse an integer, or the next one of the list."""
        return self._integer(name, qemu_strtoi64, INT64_MAX, "int64")

    def type_uint64(self, name: str | None, value: int) -> int:
        """Parse an unsigned integer, or the next one of the list."""
        return self._integer(name, qemu_strtou64, UINT64_MAX, "uint64")

    def type_size(self, name: str | None, value: int) -> int:
        """Parse a size with a suffix."""
        return parse_option_size(name, self.string)

    def type_bool(self, name: str | None, value: bool) -> bool:
        """Parse on or off."""
        return qapi_bool_parse(shown(name), self.string)

    def type_str(self, name: str | None, value: str | None) -> str:
        """Return the text."""
        return self.string

    def type_number(self, name: str | None, value: float) -> float:
        """Parse a number."""
        double = qemu_strtod_finite(self.string)
        if double.err:
            error_setg(f"Invalid parameter type for '{shown(name)}', expected: number")
        return double.value

    def type_null(self, name: str | None, value: Any) -> Any:
        """Take empty text for null."""
        if self.string:
            error_setg(f"Invalid parameter type for '{shown(name)}', expected: null")
        return QNULL


def range_entry(text: str, parse: Any) -> tuple[int, int, str] | None:
    """Parse the first element or range of a list: its two ends and the text behind it. None: it is malformed."""
    number: Number = parse(text, 0, whole=False)
    if number.err:
        return None
    start = end = number.value
    rest = text[number.end :]
    if rest.startswith("-"):
        rest = rest[1:]
        number = parse(rest, 0, whole=False)
        end = number.value
        if number.err or start > end or end - start >= RANGE_MAX_ELEMENTS:
            return None
        rest = rest[number.end :]
    if rest and not rest.startswith(","):
        return None
    return start, end, rest[1:]


def string_input_visitor_new(string: str) -> Visitor:
    """Return a visitor that reads from text."""
    return StringInputVisitor(string)
