"""Packets out of a stream of bytes (net/net.c)."""

from __future__ import annotations

from collections.abc import Callable

from emu.net.net.structs import NET_BUFSIZE, SocketReadState
from emu.trace import emulates, recorder


@emulates
def net_socket_rs_init(rs: SocketReadState, finalize: Callable[[SocketReadState], None], vnet_hdr: bool) -> None:
    """net/net.c. ``finalize`` is called with each packet that is complete."""
    rs.state = 0
    rs.vnet_hdr = vnet_hdr
    rs.index = 0
    rs.packet_len = 0
    rs.vnet_hdr_len = 0
    rs.buf = b""
    rs.finalize = finalize


def _gather(rs: SocketReadState, buf: bytes, wanted: int) -> bytes:
    """Move bytes into the buffer, up to ``wanted`` in all; return what is left."""
    take = max(0, wanted - rs.index)
    rs.buf = rs.buf[: rs.index] + buf[:take]
    rs.index += len(buf[:take])
    return buf[take:]


@emulates
def net_fill_rstate(rs: SocketReadState, buf: bytes, size: int) -> int:
    """net/net.c. Returns -1 after a message if a packet is too long."""
    buf = buf[:size]
    while buf:
        if rs.state < 2:
            buf = _gather(rs, buf, 4)
            if rs.index < 4:
                continue
            number = int.from_bytes(rs.buf, "big")
            rs.index = 0
            if rs.state == 0:
                rs.packet_len = number
                rs.state = 1 if rs.vnet_hdr else 2
                if not rs.vnet_hdr:
                    rs.vnet_hdr_len = 0
            else:
                rs.vnet_hdr_len = number
                rs.state = 2
            continue
        if rs.index + min(len(buf), max(0, rs.packet_len - rs.index)) > NET_BUFSIZE:
            recorder().message("stderr", "serious error: oversized packet received,connection terminated.\n")
            rs.index = rs.state = 0
            return -1
        buf = _gather(rs, buf, rs.packet_len)
        if rs.index >= rs.packet_len:
            rs.index = 0
            rs.state = 0
            assert rs.finalize
            rs.finalize(rs)

    return 0
