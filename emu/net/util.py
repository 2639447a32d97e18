"""Ethernet addresses from text (net/util.c)."""

from __future__ import annotations

from emu.trace import Buf, emulates
from emu.util.cutils import strtoll


@emulates
def net_parse_macaddr(macaddr: Buf, p: str) -> int:
    """net/util.c. ``52:54:00:12:34:56``, or a number for the last three bytes. Returns -1 where it is neither."""
    number = strtoll(p, 0)
    if number.err == 0 and number.end == len(p) and 0 <= number.value <= 0xFFFFFF:
        macaddr[3] = (number.value & 0xFF0000) >> 16
        macaddr[4] = (number.value & 0xFF00) >> 8
        macaddr[5] = number.value & 0xFF
        return 0

    at = 0
    for i in range(6):
        number = strtoll(p[at:], 16)
        macaddr[i] = number.value & 0xFF
        at += number.end
        if i == 5:
            if at != len(p):
                return -1
        else:
            if p[at : at + 1] not in {":", "-"}:
                return -1
            at += 1

    return 0
