"""Ranges of numbers (include/qemu/range.h, util/range.c)."""

from __future__ import annotations

from typing import NamedTuple


class Range(NamedTuple):
    """From ``lob`` to ``upb``; empty if ``lob`` is ``upb + 1``. Zeroed memory is the range that holds 0."""

    lob: int = 0
    upb: int = 0


range_empty = Range(1, 0)


def range_is_empty(range_: Range) -> bool:
    """Tell whether a range holds nothing."""
    return range_.lob > range_.upb


def range_lob(range_: Range) -> int:
    """Return the lower end."""
    return range_.lob


def range_upb(range_: Range) -> int:
    """Return the upper end."""
    return range_.upb


def range_set_bounds(lob: int, upb: int) -> Range:
    """Return the range between two numbers."""
    assert lob <= upb
    return Range(lob, upb)


def range_extend(range_: Range, extend_by: Range) -> Range:
    """Return the smallest range that holds both."""
    if range_is_empty(extend_by):
        return range_
    if range_is_empty(range_):
        return extend_by
    return Range(min(range_.lob, extend_by.lob), max(range_.upb, extend_by.upb))


def ranges_overlap(first1: int, len1: int, first2: int, len2: int) -> bool:
    """Tell whether two ranges have anything in common."""
    return first2 < first1 + len1 and first1 < first2 + len2


def range_covers_byte(offset: int, len_: int, byte: int) -> bool:
    """Tell whether a byte is in a range."""
    return offset <= byte < offset + len_
