"""What a client can do, asked through its table of functions; NULL clients can do nothing (net/net.c)."""

from __future__ import annotations

import errno

from emu.net.net.structs import NetClientState
from emu.trace import emulates


@emulates
def qemu_has_ufo(nc: NetClientState | None) -> bool:
    """net/net.c. Whether the client takes UDP packets to be fragmented."""
    if not nc or not nc.info.has_ufo:
        return False

    return nc.info.has_ufo(nc)


@emulates
def qemu_has_vnet_hdr(nc: NetClientState | None) -> bool:
    """net/net.c. Whether packets of the client can begin with a virtio-net header."""
    if not nc or not nc.info.has_vnet_hdr:
        return False

    return nc.info.has_vnet_hdr(nc)


@emulates
def qemu_has_vnet_hdr_len(nc: NetClientState | None, len: int) -> bool:
    """net/net.c. Whether that header can be ``len`` bytes long."""
    if not nc or not nc.info.has_vnet_hdr_len:
        return False

    return nc.info.has_vnet_hdr_len(nc, len)


@emulates
def qemu_using_vnet_hdr(nc: NetClientState | None, enable: bool) -> None:
    """net/net.c."""
    if not nc or not nc.info.using_vnet_hdr:
        return

    nc.info.using_vnet_hdr(nc, enable)


@emulates
def qemu_set_offload(nc: NetClientState | None, csum: int, tso4: int, tso6: int, ecn: int, ufo: int) -> None:
    """net/net.c."""
    if not nc or not nc.info.set_offload:
        return

    nc.info.set_offload(nc, csum, tso4, tso6, ecn, ufo)


@emulates
def qemu_set_vnet_hdr_len(nc: NetClientState | None, len: int) -> None:
    """net/net.c."""
    if not nc or not nc.info.set_vnet_hdr_len:
        return

    nc.vnet_hdr_len = len
    nc.info.set_vnet_hdr_len(nc, len)


@emulates
def qemu_set_vnet_le(nc: NetClientState | None, is_le: bool) -> int:
    """net/net.c. Nothing to set on a little-endian host."""
    return 0


@emulates
def qemu_set_vnet_be(nc: NetClientState | None, is_be: bool) -> int:
    """net/net.c. Returns -ENOSYS where the client cannot."""
    if not nc or not nc.info.set_vnet_be:
        return -errno.ENOSYS

    return nc.info.set_vnet_be(nc, is_be)


def net_peer_needs_padding(nc: NetClientState) -> bool:
    """Return whether short frames to the peer are to be padded (include/net/net.h)."""
    return bool(nc.peer and not nc.peer.do_not_pad)
