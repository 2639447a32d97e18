"""Ranges of numbers (include/qemu/range.h)."""


def ranges_overlap(first1: int, len1: int, first2: int, len2: int) -> bool:
    """Tell whether two ranges have anything in common."""
    return first2 < first1 + len1 and first1 < first2 + len2


def range_covers_byte(offset: int, len_: int, byte: int) -> bool:
    """Tell whether a byte is in a range."""
    return offset <= byte < offset + len_
