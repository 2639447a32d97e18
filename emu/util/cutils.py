"""Numbers from text with the C library's rules (util/cutils.c)."""

from __future__ import annotations

import re
from decimal import Decimal
from errno import EINVAL, ERANGE
from math import frexp, inf, isfinite
from typing import Final, NamedTuple

from emu.util.error_report import warn_report

INT_MAX: Final = (1 << 31) - 1
INT_MIN: Final = -(1 << 31)
UINT_MAX: Final = (1 << 32) - 1
INT64_MAX: Final = (1 << 63) - 1
INT64_MIN: Final = -(1 << 63)
UINT64_MAX: Final = (1 << 64) - 1

_PREFIX: Final = re.compile(r"[ \t\n\v\f\r]*([+-]?)")
_DIGITS: Final = {
    8: re.compile(r"[0-7]+"),
    10: re.compile(r"[0-9]+"),
    16: re.compile(r"[0-9a-fA-F]+"),
}
_HEX: Final = re.compile(r"0[xX](?=[0-9a-fA-F])")
_DECIMAL_FLOAT: Final = re.compile(r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_HEX_FLOAT: Final = re.compile(r"0[xX](?:[0-9a-fA-F]+\.?[0-9a-fA-F]*|\.[0-9a-fA-F]+)(?:[pP][+-]?[0-9]+)?")
_NOT_FINITE: Final = re.compile(r"inf(?:inity)?|nan(?:\([0-9a-zA-Z_]*\))?", re.IGNORECASE)
_DBL_MIN: Final = 2.2250738585072014e-308
_LONG_NUMBER: Final = 1000
"""More digits than any value in range can have after its leading zeros are taken away."""


class Number(NamedTuple):
    """A parsed number: ``err`` is 0 or a positive errno, ``end`` the index of the first character after it."""

    err: int
    value: int
    end: int


class Double(NamedTuple):
    """A parsed floating-point number: ``err`` is 0 or a positive errno, ``end`` the index of the first character after it."""

    err: int
    value: float
    end: int


def _scan(nptr: str, base: int) -> tuple[bool, int, int]:
    """Return sign, absolute value and end of a number in text; the end is 0 when there is none (C11 7.22.1.4)."""
    head = _PREFIX.match(nptr)
    assert head is not None
    at = head.end()
    if base in {0, 16} and (prefix := _HEX.match(nptr, at)):
        base, at = 16, prefix.end()
    elif base == 0:
        base = 8 if nptr.startswith("0", at) else 10
    digits = _DIGITS[base].match(nptr, at)
    if digits is None:
        return False, 0, 0
    text = digits[0].lstrip("0")
    value = int(text or "0", base) if len(text) < _LONG_NUMBER else 1 << 128
    return head[1] == "-", value, digits.end()


def strtoll(nptr: str, base: int) -> Number:
    """C's ``strtoll``: the value is cut to 64 bits with ERANGE; no number gives 0, end 0 and no error."""
    minus, value, end = _scan(nptr, base)
    value = -value if minus else value
    if INT64_MIN <= value <= INT64_MAX:
        return Number(0, value, end)
    return Number(ERANGE, INT64_MIN if minus else INT64_MAX, end)


def strtoull(nptr: str, base: int) -> Number:
    """C's ``strtoull``: a minus sign negates modulo 2^64."""
    minus, value, end = _scan(nptr, base)
    if value > UINT64_MAX:
        return Number(ERANGE, UINT64_MAX, end)
    return Number(0, -value & UINT64_MAX if minus else value, end)


def _check(nptr: str, number: Number, *, whole: bool) -> Number:
    """check_strtox_error: no number, or (``whole``) anything behind it, is EINVAL."""
    if (number.err == 0 and number.end == 0) or (whole and number.end != len(nptr)):
        return Number(EINVAL, number.value, number.end)
    return number


def qemu_strtoi(nptr: str, base: int = 0, *, whole: bool = True) -> Number:
    """Parse an ``int``; ``whole`` refuses text behind it."""
    number = strtoll(nptr, base)
    if number.value < INT_MIN:
        number = Number(ERANGE, INT_MIN, number.end)
    elif number.value > INT_MAX:
        number = Number(ERANGE, INT_MAX, number.end)
    return _check(nptr, number, whole=whole)


def qemu_strtoui(nptr: str, base: int = 0, *, whole: bool = True) -> Number:
    """Parse an ``unsigned int``; a minus sign negates modulo 2^32."""
    number = strtoull(nptr, base)
    signed = number.value - (1 << 64) if number.value > INT64_MAX else number.value
    if number.err == ERANGE or signed > UINT_MAX or signed < INT_MIN:
        number = Number(ERANGE, UINT_MAX, number.end)
    else:
        number = Number(0, signed & UINT_MAX, number.end)
    return _check(nptr, number, whole=whole)


def qemu_strtoi64(nptr: str, base: int = 0, *, whole: bool = True) -> Number:
    """Parse an ``int64_t``; ``whole`` refuses text behind it."""
    return _check(nptr, strtoll(nptr, base), whole=whole)


def qemu_strtou64(nptr: str, base: int = 0, *, whole: bool = True) -> Number:
    """Parse a ``uint64_t``; a minus sign negates modulo 2^64."""
    return _check(nptr, strtoull(nptr, base), whole=whole)


qemu_strtol = qemu_strtoi64
qemu_strtoul = qemu_strtou64


def strtod(nptr: str) -> Double:
    """C's ``strtod``: overflow and inexact underflow give ERANGE."""
    head = _PREFIX.match(nptr)
    assert head is not None
    sign = -1.0 if head[1] == "-" else 1.0
    if found := _HEX_FLOAT.match(nptr, head.end()):
        try:
            value = float.fromhex(found[0])
        except OverflowError:
            value = inf
        return Double(ERANGE if value == inf else 0, sign * value, found.end())
    if found := _DECIMAL_FLOAT.match(nptr, head.end()):
        value = float(found[0])
        tiny = value < _DBL_MIN and Decimal(found[0]) != Decimal(value)
        return Double(ERANGE if value == inf or tiny else 0, sign * value, found.end())
    if found := _NOT_FINITE.match(nptr, head.end()):
        return Double(0, sign * float(found[0][:3]), found.end())
    return Double(0, 0.0, 0)


def qemu_strtod_finite(nptr: str, *, whole: bool = True) -> Double:
    """Parse a finite ``double``; infinities and NaN are EINVAL."""
    double = strtod(nptr)
    if (double.err == 0 and double.end == 0) or (whole and double.end != len(nptr)):
        return Double(EINVAL, double.value, double.end)
    if double.err == 0 and not isfinite(double.value):
        return Double(EINVAL, double.value, 0)
    return double


def parse_uint(s: str, base: int) -> Number:
    """Parse an unsigned number that may have text behind it. A negative one is ERANGE, none is EINVAL."""
    number = strtoull(s, base)
    if number.err:
        return number
    if number.end == 0:
        return Number(EINVAL, number.value, 0)
    if s.lstrip(" \t\n\v\f\r").startswith("-"):
        return Number(ERANGE, 0, number.end)
    return number


def parse_uint_full(s: str, base: int) -> Number:
    """Parse an unsigned number with nothing behind it."""
    number = parse_uint(s, base)
    if number.err == 0 and number.end != len(s):
        return Number(EINVAL, 0, number.end)
    return number


def qemu_parse_fd(param: str) -> int:
    """Return the file descriptor that a decimal number names, -1 where it does not."""
    number = strtoll(param, 10)
    if number.end == 0 or number.err or number.end != len(param) or not 0 <= number.value <= INT_MAX:
        return -1
    return number.value


def suffix_mul(suffix: str, unit: int) -> int:
    """Return what a size suffix (B, k, M, G, T, P, E) multiplies by, -1 for any other character."""
    place = "BKMGTPE".find(suffix.upper()) if suffix else -1
    return unit**place if place >= 0 else -1


def do_strtosz(nptr: str, default_suffix: str, unit: int, *, whole: bool = True) -> Number:
    """Parse a size: decimal with fraction and suffix, or hexadecimal. EINVAL, ERANGE where it is none."""
    number = qemu_strtou64(nptr, 10, whole=False)
    if number.err:
        return _sized(nptr, number, whole=whole)
    if "-" in nptr[: number.end]:
        return _sized(nptr, Number(EINVAL, 0, 0), whole=whole)
    end, fixed, is_hex = number.end, 0, False
    if number.value == 0 and nptr[end : end + 1] in {"x", "X"}:
        number = qemu_strtou64(nptr, 16, whole=False)
        end, is_hex = number.end, True
        if number.err or nptr.startswith(".", end):
            return _sized(nptr, number if number.err else Number(EINVAL, 0, 0), whole=whole)
    elif nptr.startswith(".", end):
        fraction = qemu_strtod_finite(nptr[end:], whole=False)
        text = nptr[end : end + fraction.end]
        end += fraction.end
        if fraction.err:
            end += 1
        elif "e" in text or "E" in text:
            return _sized(nptr, Number(EINVAL, 0, 0), whole=whole)
        else:
            fixed = int(fraction.value * 2.0**64) & UINT64_MAX  # a fraction that rounds up to 1 becomes 0
    mul = suffix_mul(nptr[end : end + 1], unit)
    if mul > 0:
        if is_hex:
            warn_report(f"Using a multiplier suffix on hex numbers is deprecated: {nptr}")
        end += 1
    else:
        mul = suffix_mul(default_suffix, unit)
    if mul == 1 and fixed:
        return _sized(nptr, Number(EINVAL, 0, 0), whole=whole)
    value = number.value if mul == 1 else (((number.value << 64) + fixed) * mul + (1 << 63)) >> 64
    return _sized(nptr, Number(0 if value <= UINT64_MAX else ERANGE, value, end), whole=whole)


def _sized(nptr: str, number: Number, *, whole: bool) -> Number:
    if whole and number.end < len(nptr):
        return Number(EINVAL, number.value, number.end)
    return number


def qemu_strtosz(nptr: str, *, whole: bool = True) -> Number:
    """Parse a size in bytes with suffixes of 1024."""
    return do_strtosz(nptr, "B", 1024, whole=whole)


def qemu_strtosz_MiB(nptr: str, *, whole: bool = True) -> Number:
    """Parse a size that is in MiB where it has no suffix."""
    return do_strtosz(nptr, "M", 1024, whole=whole)


def qemu_strtosz_metric(nptr: str, *, whole: bool = True) -> Number:
    """Parse a size in bytes with suffixes of 1000."""
    return do_strtosz(nptr, "B", 1000, whole=whole)


def iec_binary_prefix(exp2: int) -> str:
    """Return the prefix of a power of 1024: ``""``, ``Ki``, ..., ``Ei``."""
    return ("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei")[exp2 // 10]


def size_to_str(val: int) -> str:
    """Return a size for people: three digits and a binary prefix."""
    exponent = frexp(val / (1000.0 / 1024.0))[1]
    exponent = int((exponent - 1) / 10) * 10
    return f"{val / (1 << exponent):.3g} {iec_binary_prefix(exponent)}B"
