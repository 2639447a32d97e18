"""Values as text, for programs or (``human``) for people (qapi/string-output-visitor.c)."""

from __future__ import annotations

from typing import Any

from emu.qapi.visitor import VISITOR_OUTPUT, Visitor
from emu.util.cutils import INT64_MAX, UINT64_MAX, size_to_str


class StringOutputVisitor(Visitor):
    """Prints one value; a list of integers becomes ranges (``1-3,7``), again in hexadecimal for people."""

    __slots__ = ("human", "left", "ranges", "string")
    type = VISITOR_OUTPUT

    def __init__(self, human: bool) -> None:
        self.human = human
        self.string = ""
        self.ranges: list[tuple[int, int]] = []
        self.left = 1

    def start_list(self, name: str | None, length: int) -> bool:
        """Enter a list of integers."""
        self.left = length
        return length > 0

    def next_list(self) -> bool:
        """Go to the next element."""
        self.left -= 1
        return self.left > 0

    def type_int64(self, name: str | None, value: int) -> int:
        """Print an integer; elements of a list are printed together after the last one."""
        self.ranges = range_list_insert(self.ranges, value & UINT64_MAX)
        if self.left == 1:
            self.string = ",".join(decimal(*bounds) for bounds in self.ranges)
            if self.human:
                self.string += f" ({','.join(hexadecimal(*bounds) for bounds in self.ranges)})"
        return value

    type_uint64 = type_int64

    def type_size(self, name: str | None, value: int) -> int:
        """Print a size in bytes, for people with the rounded size behind it."""
        self.string = f"{value} ({size_to_str(value)})" if self.human else str(value)
        return value

    def type_bool(self, name: str | None, value: bool) -> bool:
        """Print true or false."""
        self.string = "true" if value else "false"
        return value

    def type_str(self, name: str | None, value: str | None) -> str:
        """Print a string, for people in quotes."""
        if self.human:
            self.string = "<null>" if value is None else f'"{value}"'
        else:
            self.string = value or ""
        return value or ""

    def type_number(self, name: str | None, value: float) -> float:
        """Print a number with 17 digits."""
        self.string = f"{value:.17g}"
        return value

    def type_null(self, name: str | None, value: Any) -> Any:
        """Print a null."""
        self.string = "<null>" if self.human else ""
        return value

    def complete(self) -> str:
        """Return the text."""
        return self.string


def range_list_insert(ranges: list[tuple[int, int]], value: int) -> list[tuple[int, int]]:
    """Insert a number into sorted ranges, merging those that touch (util/range.c)."""
    merged: list[tuple[int, int]] = []
    lob = upb = value
    for low, high in ranges:
        if high + 1 < lob or upb + 1 < low:
            merged.append((low, high))
        else:
            lob, upb = min(lob, low), max(upb, high)
    return sorted([*merged, (lob, upb)])


def _signed(value: int) -> int:
    return value - (1 << 64) if value > INT64_MAX else value


def decimal(lob: int, upb: int) -> str:
    """Return a range of 64-bit values as signed decimal numbers."""
    return f"{_signed(lob)}" if lob == upb else f"{_signed(lob)}-{_signed(upb)}"


def hexadecimal(lob: int, upb: int) -> str:
    """Return a range of 64-bit values as hexadecimal numbers."""
    return f"{lob:#x}" if lob == upb else f"{lob:#x}-{upb:#x}"


def string_output_visitor_new(human: bool) -> Visitor:
    """Return a visitor that prints; ``complete`` gives the text."""
    return StringOutputVisitor(human)
