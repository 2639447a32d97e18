"""Packets that wait for a client that cannot take them (net/queue.c, include/net/queue.h)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from emu.trace import Seq, Struct, emulates, g_free, seq

if TYPE_CHECKING:
    from emu.net.net.structs import NetClientState

QEMU_NET_PACKET_FLAG_NONE: Final = 0
QEMU_NET_PACKET_FLAG_RAW: Final = 1 << 0


class NetPacket(Struct):
    """One packet that waits (net/queue.c)."""

    sender: NetClientState | None = None
    flags: int = 0
    size: int = 0
    sent_cb: Callable[[NetClientState, int], None] | None = None
    data: bytes = b""


class NetQueue(Struct):
    """The packets on their way to one client (net/queue.c)."""

    opaque: Any = None
    nq_maxlen: int = 0
    nq_count: int = 0
    deliver: NetQueueDeliverFunc
    packets: Seq[NetPacket] = seq()
    delivering: bool = False


NetQueueDeliverFunc = Callable[["NetClientState | None", int, tuple[bytes, ...], int, Any], int]
NetPacketSent = Callable[["NetClientState", int], None]


@emulates
def qemu_new_net_queue(deliver: NetQueueDeliverFunc, opaque: Any) -> NetQueue:
    """net/queue.c. ``deliver`` hands a packet to ``opaque`` and returns the bytes taken, 0 to be asked again later."""
    queue = NetQueue()

    queue.opaque = opaque
    queue.nq_maxlen = 10000
    queue.nq_count = 0
    queue.deliver = deliver

    queue.delivering = False

    return queue


@emulates
def qemu_del_net_queue(queue: NetQueue) -> None:
    """net/queue.c. Drops what waits."""
    while len(queue.packets):
        g_free(queue.packets.pop(0))
    g_free(queue)


def _append(queue: NetQueue, sender: NetClientState | None, flags: int, data: bytes, sent_cb: NetPacketSent | None) -> None:
    if queue.nq_count >= queue.nq_maxlen and not sent_cb:
        return  # full, and nobody waits to hear of it
    packet = NetPacket(sender=sender, flags=flags, size=len(data), sent_cb=sent_cb, data=data)
    queue.nq_count += 1
    queue.packets.append(packet)


@emulates
def qemu_net_queue_append(
    queue: NetQueue, sender: NetClientState | None, flags: int, buf: bytes, size: int, sent_cb: NetPacketSent | None
) -> None:
    """net/queue.c."""
    _append(queue, sender, flags, buf[:size], sent_cb)


@emulates
def qemu_net_queue_append_iov(
    queue: NetQueue,
    sender: NetClientState | None,
    flags: int,
    iov: tuple[bytes, ...],
    iovcnt: int,
    sent_cb: NetPacketSent | None,
) -> None:
    """net/queue.c."""
    _append(queue, sender, flags, b"".join(iov[:iovcnt]), sent_cb)


@emulates
def qemu_net_queue_deliver(queue: NetQueue, sender: NetClientState | None, flags: int, data: bytes, size: int) -> int:
    """net/queue.c. Returns what the receiver took: 0 asks for it to be queued."""
    return _deliver(queue, sender, flags, (data[:size],), 1)


@emulates
def qemu_net_queue_deliver_iov(
    queue: NetQueue, sender: NetClientState | None, flags: int, iov: tuple[bytes, ...], iovcnt: int
) -> int:
    """net/queue.c."""
    return _deliver(queue, sender, flags, iov, iovcnt)


def _deliver(queue: NetQueue, sender: NetClientState | None, flags: int, iov: tuple[bytes, ...], iovcnt: int) -> int:
    assert queue.opaque is not None
    queue.delivering = True
    ret = queue.deliver(sender, flags, iov, iovcnt, queue.opaque)
    queue.delivering = False
    return ret


@emulates
def qemu_net_queue_receive(queue: NetQueue, data: bytes, size: int) -> int:
    """net/queue.c. A packet that the receiver sends to itself."""
    if queue.delivering:
        return 0

    return qemu_net_queue_deliver(queue, None, 0, data, size)


@emulates
def qemu_net_queue_receive_iov(queue: NetQueue, iov: tuple[bytes, ...], iovcnt: int) -> int:
    """net/queue.c."""
    if queue.delivering:
        return 0

    return qemu_net_queue_deliver_iov(queue, None, 0, iov, iovcnt)


@emulates
def qemu_net_queue_send(
    queue: NetQueue, sender: NetClientState, flags: int, data: bytes, size: int, sent_cb: NetPacketSent | None
) -> int:
    """net/queue.c. Delivers, or queues and returns 0."""
    from emu.net.net.packets import qemu_can_send_packet

    if queue.delivering or not qemu_can_send_packet(sender):
        qemu_net_queue_append(queue, sender, flags, data, size, sent_cb)
        return 0

    ret = qemu_net_queue_deliver(queue, sender, flags, data, size)
    if ret == 0:
        qemu_net_queue_append(queue, sender, flags, data, size, sent_cb)
        return 0

    qemu_net_queue_flush(queue)

    return ret


@emulates
def qemu_net_queue_send_iov(
    queue: NetQueue,
    sender: NetClientState,
    flags: int,
    iov: tuple[bytes, ...],
    iovcnt: int,
    sent_cb: NetPacketSent | None,
) -> int:
    """net/queue.c. Delivers, or queues and returns 0."""
    from emu.net.net.packets import qemu_can_send_packet

    if queue.delivering or not qemu_can_send_packet(sender):
        qemu_net_queue_append_iov(queue, sender, flags, iov, iovcnt, sent_cb)
        return 0

    ret = qemu_net_queue_deliver_iov(queue, sender, flags, iov, iovcnt)
    if ret == 0:
        qemu_net_queue_append_iov(queue, sender, flags, iov, iovcnt, sent_cb)
        return 0

    qemu_net_queue_flush(queue)

    return ret


@emulates
def qemu_net_queue_purge(queue: NetQueue, from_: NetClientState | None) -> None:
    """net/queue.c. Drops what one client sent; tells it that 0 bytes were taken."""
    for packet in tuple(queue.packets):
        if packet.sender is from_:
            queue.packets.remove(packet)
            queue.nq_count -= 1
            if packet.sent_cb and packet.sender:
                packet.sent_cb(packet.sender, 0)
            g_free(packet)


@emulates
def qemu_net_queue_flush(queue: NetQueue) -> bool:
    """net/queue.c. Delivers what waits; False if something must go on waiting."""
    if queue.delivering:
        return False

    while len(queue.packets):
        packet = queue.packets.pop(0)
        queue.nq_count -= 1

        ret = qemu_net_queue_deliver(queue, packet.sender, packet.flags, packet.data, packet.size)
        if ret == 0:
            queue.nq_count += 1
            queue.packets.insert(0, packet)
            return False

        if packet.sent_cb and packet.sender:
            packet.sent_cb(packet.sender, ret)

        g_free(packet)
    return True
