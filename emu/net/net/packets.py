"""How packets travel between peers (net/net.c)."""

from __future__ import annotations

from typing import Any

from emu.net.eth import ETH_ZLEN, eth_pad_short_frame
from emu.net.filter import NET_FILTER_DIRECTION_RX, NET_FILTER_DIRECTION_TX, qemu_netfilter_receive
from emu.net.net.structs import NET_BUFSIZE, NetClientState
from emu.net.net.vnet import net_peer_needs_padding
from emu.net.queue import (
    QEMU_NET_PACKET_FLAG_NONE,
    QEMU_NET_PACKET_FLAG_RAW,
    NetPacketSent,
    qemu_net_queue_flush,
    qemu_net_queue_purge,
    qemu_net_queue_receive,
    qemu_net_queue_receive_iov,
    qemu_net_queue_send,
    qemu_net_queue_send_iov,
)
from emu.qapi.qapi_types_net import NetClientDriver
from emu.softmmu.runstate import runstate_is_running
from emu.trace import emulates
from emu.util.main_loop import qemu_notify_event

Iov = tuple[bytes, ...]


@emulates
def qemu_can_receive_packet(nc: NetClientState) -> bool:
    """net/net.c."""
    if nc.receive_disabled:
        return False
    elif nc.info.can_receive and not nc.info.can_receive(nc):
        return False
    return True


@emulates
def qemu_can_send_packet(sender: NetClientState) -> bool:
    """net/net.c. Nothing moves while the machine stands still."""
    if not runstate_is_running():
        return False

    if not sender.peer:
        return True

    return qemu_can_receive_packet(sender.peer)


@emulates
def filter_receive_iov(
    nc: NetClientState,
    direction: int,
    sender: NetClientState,
    flags: int,
    iov: Iov,
    iovcnt: int,
    sent_cb: NetPacketSent | None,
) -> int:
    """net/net.c. Returns the size of the packet if a filter took it, else 0. Filters stand in reverse on the way in."""
    ret = 0
    filters = tuple(nc.filters) if direction == NET_FILTER_DIRECTION_TX else tuple(reversed(nc.filters))
    for nf in filters:
        ret = qemu_netfilter_receive(nf, direction, sender, flags, iov, iovcnt, sent_cb)
        if ret:
            return ret

    return ret


@emulates
def filter_receive(
    nc: NetClientState,
    direction: int,
    sender: NetClientState,
    flags: int,
    data: bytes,
    size: int,
    sent_cb: NetPacketSent | None,
) -> int:
    """net/net.c."""
    return filter_receive_iov(nc, direction, sender, flags, (data[:size],), 1, sent_cb)


@emulates
def qemu_purge_queued_packets(nc: NetClientState) -> None:
    """net/net.c. Drops what the client sent and its peer has not taken yet."""
    if not nc.peer:
        return

    assert nc.peer.incoming_queue
    qemu_net_queue_purge(nc.peer.incoming_queue, nc)


@emulates
def qemu_flush_or_purge_queued_packets(nc: NetClientState, purge: bool) -> None:
    """net/net.c. The client takes packets again."""
    from emu.net.hub import net_hub_flush

    nc.receive_disabled = False

    if nc.peer and nc.peer.info.type == NetClientDriver.HUBPORT:
        if net_hub_flush(nc.peer):
            qemu_notify_event()
    assert nc.incoming_queue
    if qemu_net_queue_flush(nc.incoming_queue):
        # Whoever reads a descriptor for this client may go on reading it.
        qemu_notify_event()
    elif purge:
        qemu_net_queue_purge(nc.incoming_queue, nc.peer)


@emulates
def qemu_flush_queued_packets(nc: NetClientState) -> None:
    """net/net.c."""
    qemu_flush_or_purge_queued_packets(nc, False)


@emulates
def qemu_send_packet_async_with_flags(
    sender: NetClientState, flags: int, buf: bytes, size: int, sent_cb: NetPacketSent | None
) -> int:
    """net/net.c. Returns ``size``, or 0 if the packet waits and ``sent_cb`` will be called."""
    if sender.link_down or not sender.peer:
        return size

    # Filters see it first: the sender's on its way out, then the peer's on its way in.
    ret = filter_receive(sender, NET_FILTER_DIRECTION_TX, sender, flags, buf, size, sent_cb)
    if ret:
        return ret

    ret = filter_receive(sender.peer, NET_FILTER_DIRECTION_RX, sender, flags, buf, size, sent_cb)
    if ret:
        return ret

    queue = sender.peer.incoming_queue
    assert queue

    return qemu_net_queue_send(queue, sender, flags, buf, size, sent_cb)


@emulates
def qemu_send_packet_async(sender: NetClientState, buf: bytes, size: int, sent_cb: NetPacketSent | None) -> int:
    """net/net.c."""
    return qemu_send_packet_async_with_flags(sender, QEMU_NET_PACKET_FLAG_NONE, buf, size, sent_cb)


@emulates
def qemu_send_packet(nc: NetClientState, buf: bytes, size: int) -> int:
    """net/net.c."""
    return qemu_send_packet_async(nc, buf, size, None)


@emulates
def qemu_receive_packet(nc: NetClientState, buf: bytes, size: int) -> int:
    """net/net.c. The client receives what it sent itself (loopback of a card)."""
    if not qemu_can_receive_packet(nc):
        return 0

    if net_peer_needs_padding(nc):
        padded = eth_pad_short_frame(ETH_ZLEN, buf, size)
        if padded is not None:
            buf, size = padded, len(padded)

    assert nc.incoming_queue
    return qemu_net_queue_receive(nc.incoming_queue, buf, size)


@emulates
def qemu_receive_packet_iov(nc: NetClientState, iov: Iov, iovcnt: int) -> int:
    """net/net.c."""
    if not qemu_can_receive_packet(nc):
        return 0

    assert nc.incoming_queue
    return qemu_net_queue_receive_iov(nc.incoming_queue, iov, iovcnt)


@emulates
def qemu_send_packet_raw(nc: NetClientState, buf: bytes, size: int) -> int:
    """net/net.c. A packet without a virtio-net header, whatever the clients agreed on."""
    return qemu_send_packet_async_with_flags(nc, QEMU_NET_PACKET_FLAG_RAW, buf, size, None)


@emulates
def nc_sendv_compat(nc: NetClientState, iov: Iov, iovcnt: int, flags: int) -> int:
    """net/net.c. For clients that do not take scattered packets."""
    buffer = b"".join(iov[:iovcnt])
    if iovcnt != 1 and len(buffer) > NET_BUFSIZE:
        return -1

    if flags & QEMU_NET_PACKET_FLAG_RAW and nc.info.receive_raw:
        return nc.info.receive_raw(nc, buffer, len(buffer))
    else:
        assert nc.info.receive
        return nc.info.receive(nc, buffer, len(buffer))


@emulates
def qemu_deliver_packet_iov(sender: NetClientState | None, flags: int, iov: Iov, iovcnt: int, opaque: NetClientState) -> int:
    """net/net.c. Hands a packet to the client whose queue it came through; a link that is down swallows it."""
    nc = opaque

    if nc.link_down:
        return sum(map(len, iov[:iovcnt]))

    if nc.receive_disabled:
        return 0

    owned_reentrancy_guard: Any = None
    if nc.info.type == NetClientDriver.NIC and not nc._nic.reentrancy_guard.engaged_in_io:
        owned_reentrancy_guard = nc._nic.reentrancy_guard
        owned_reentrancy_guard.engaged_in_io = True

    if nc.info.receive_iov and not (flags & QEMU_NET_PACKET_FLAG_RAW):
        ret = nc.info.receive_iov(nc, iov, iovcnt)
    else:
        ret = nc_sendv_compat(nc, iov, iovcnt, flags)

    if owned_reentrancy_guard:
        owned_reentrancy_guard.engaged_in_io = False

    if ret == 0:
        nc.receive_disabled = True

    return ret


@emulates
def qemu_sendv_packet_async(sender: NetClientState, iov: Iov, iovcnt: int, sent_cb: NetPacketSent | None) -> int:
    """net/net.c. Returns the size, or 0 if the packet waits and ``sent_cb`` will be called."""
    size = sum(map(len, iov[:iovcnt]))

    if size > NET_BUFSIZE:
        return size

    if sender.link_down or not sender.peer:
        return size

    ret = filter_receive_iov(sender, NET_FILTER_DIRECTION_TX, sender, QEMU_NET_PACKET_FLAG_NONE, iov, iovcnt, sent_cb)
    if ret:
        return ret

    ret = filter_receive_iov(sender.peer, NET_FILTER_DIRECTION_RX, sender, QEMU_NET_PACKET_FLAG_NONE, iov, iovcnt, sent_cb)
    if ret:
        return ret

    queue = sender.peer.incoming_queue
    assert queue

    return qemu_net_queue_send_iov(queue, sender, QEMU_NET_PACKET_FLAG_NONE, iov, iovcnt, sent_cb)


@emulates
def qemu_sendv_packet(nc: NetClientState, iov: Iov, iovcnt: int) -> int:
    """net/net.c."""
    return qemu_sendv_packet_async(nc, iov, iovcnt, None)
