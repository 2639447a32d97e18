"""Internet addresses as the C library reads and writes them."""

from __future__ import annotations

import re
from ipaddress import AddressValueError, IPv6Address

_PART = re.compile(r"0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*")
_C_SPACE = " \t\n\v\f\r"


def inet_aton(text: str) -> int | None:
    """Return an IPv4 address as a number, None if it is none.

    Like glibc's: one to four parts, decimal, octal or hexadecimal, the last filling the rest; white space ends it.
    """
    parts: list[int] = []
    at = 0
    while len(parts) < 4:
        found = _PART.match(text, at)
        if found is None:
            return None
        digits = found[0]
        base = 16 if digits[:2] in {"0x", "0X"} else 8 if digits[0] == "0" else 10
        parts.append(int(digits, base))
        at = found.end()
        if at < len(text) and text[at] == "." and len(parts) < 4:
            at += 1
            continue
        break
    if at < len(text) and text[at] not in _C_SPACE:
        return None
    *high, low = parts
    if any(part > 0xFF for part in high) or low >= 1 << (8 * (4 - len(high))):
        return None
    value = low
    for place, part in enumerate(high):
        value |= part << (24 - 8 * place)
    return value


def inet_ntoa(address: int) -> str:
    """Return an IPv4 address as text: ``10.0.2.2``."""
    return ".".join(str(byte) for byte in address.to_bytes(4, "big"))


def inet_pton6(text: str) -> bytes | None:
    """Return the 16 bytes of an IPv6 address, None if it is none."""
    try:
        return IPv6Address(text).packed if "%" not in text else None
    except AddressValueError:
        return None


def inet_ntop6(address: bytes) -> str:
    """Return an IPv6 address as text: ``fec0::2``."""
    return str(IPv6Address(address))
