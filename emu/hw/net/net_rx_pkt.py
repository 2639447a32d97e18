"""Analysis of received packets (hw/net/net_rx_pkt.c), as far as cards make and free it."""

from __future__ import annotations

from emu.trace import Ptr, Struct, emulates, g_free


class NetRxPkt(Struct):
    """A packet under analysis."""

    vec_len_total: int = 0
    vec_len: int = 0
    tot_len: int = 0
    tci: int = 0
    has_virt_hdr: bool = False


@emulates
def net_rx_pkt_init(pkt: Ptr, has_virt_hdr: bool) -> None:
    """Make an empty one."""
    p = NetRxPkt()
    p.has_virt_hdr = has_virt_hdr
    p.vec_len_total = 0
    pkt.set(p)


@emulates
def net_rx_pkt_uninit(pkt: NetRxPkt) -> None:
    """Give it back."""
    g_free(pkt)
