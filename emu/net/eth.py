"""Ethernet frames (net/eth.c, include/net/eth.h)."""

from __future__ import annotations

from typing import Final

from emu.trace import emulates

ETH_ZLEN: Final = 60
"""Shortest frame that the wire carries, without its checksum."""


@emulates
def eth_pad_short_frame(padded_buflen: int, pkt: bytes, pkt_size: int) -> bytes | None:
    """net/eth.c. Returns the frame filled up with zeros to 60 bytes, None if it is long enough."""
    assert padded_buflen >= ETH_ZLEN

    if pkt_size >= ETH_ZLEN:
        return None

    return pkt[:pkt_size].ljust(ETH_ZLEN, b"\0")
