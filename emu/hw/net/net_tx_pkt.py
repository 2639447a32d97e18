"""Packets to be sent (hw/net/net_tx_pkt.c), as far as cards make, empty and free them."""

from __future__ import annotations

from typing import Any

from emu.hw.pci.pci import PCIDevice
from emu.trace import Ptr, Struct, emulates, g_free


class NetTxPkt(Struct):
    """A packet that is put together."""

    pci_dev: Any = None
    has_virt_hdr: bool = False
    raw_frags: int = 0
    max_raw_frags: int = 0
    payload_len: int = 0
    payload_frags: int = 0
    max_payload_frags: int = 0
    hdr_len: int = 0
    l4proto: int = 0


@emulates
def net_tx_pkt_init(pkt: Ptr, pci_dev: PCIDevice, max_frags: int, has_virt_hdr: bool) -> None:
    """Make an empty one for so many fragments; with a header of virtio, if the backend takes one."""
    p = NetTxPkt()
    p.pci_dev = pci_dev
    p.max_payload_frags = max_frags
    p.max_raw_frags = max_frags
    p.has_virt_hdr = has_virt_hdr
    pkt.set(p)


@emulates
def net_tx_pkt_reset(pkt: NetTxPkt | None) -> None:
    """Empty it; no guest's memory is mapped, since no guest sends."""
    if pkt is None:
        return
    pkt.payload_len = 0
    pkt.payload_frags = 0
    pkt.raw_frags = 0
    pkt.hdr_len = 0
    pkt.l4proto = 0


@emulates
def net_tx_pkt_uninit(pkt: NetTxPkt | None) -> None:
    """Give it back."""
    g_free(pkt)
