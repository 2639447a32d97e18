"""Modified UTF-8, in which U+0000 is the two bytes C0 80 (util/unicode.c)."""

from __future__ import annotations

from typing import Final

_MIN_CODEPOINT: Final = (0x80, 0x800, 0x10000, 0x200000, 0x4000000)


def is_valid_codepoint(codepoint: int) -> bool:
    """Tell whether a number is a Unicode character: in range, no surrogate, none of the 66 noncharacters."""
    return (
        0 <= codepoint <= 0x10FFFF
        and not 0xFDD0 <= codepoint <= 0xFDEF
        and codepoint & 0xFFFE != 0xFFFE
        and not 0xD800 <= codepoint <= 0xDFFF
    )


def mod_utf8_codepoint(s: bytes, at: int) -> tuple[int, int]:
    """Return the character at an offset, -1 where there is no valid one, and the offset behind it."""
    byte = s[at]
    end = at + 1
    if byte < 0x80:
        return byte, end
    if byte >= 0xFE or not byte & 0x40:
        return -1, end
    length = 0
    mask = 0x80
    while byte & mask:
        length += 1
        mask >>= 1
    codepoint = byte & (mask - 1)
    for _ in range(length - 1):
        if end >= len(s) or s[end] & 0xC0 != 0x80:
            return -1, end
        codepoint = codepoint << 6 | s[end] & 0x3F
        end += 1
    overlong = codepoint < _MIN_CODEPOINT[length - 2] and not (codepoint == 0 and length == 2)
    return (-1 if overlong or not is_valid_codepoint(codepoint) else codepoint), end


def mod_utf8_encode(codepoint: int) -> bytes | None:
    """Return the bytes of a character, None where it is invalid."""
    if not is_valid_codepoint(codepoint):
        return None
    return chr(codepoint).encode() if codepoint else b"\xc0\x80"
