"""Packets from the guest's buffers go to the backend (hw/net/virtio-net.c; virtio 1.2, 5.1.6.2)."""

from __future__ import annotations

from errno import EBUSY, EINVAL
from typing import Any

from emu.hw.net.virtio_net.status import virtio_net_drop_tx_queue_data
from emu.hw.net.virtio_net.structs import VIRTIO_NET, VirtIONet, VirtIONetQueue, the_nic, the_pair, virtio_net_get_subqueue, vq2q
from emu.hw.virtio.virtio import (
    VIRTIO_DEVICE,
    VirtIODevice,
    VirtQueue,
    read_out,
    virtio_error,
    virtio_get_queue_index,
    virtio_notify,
    virtio_queue_set_notification,
    virtqueue_detach_element,
    virtqueue_pop,
    virtqueue_push,
)
from emu.net.net import NetClientState, qemu_get_nic_opaque, qemu_get_subqueue, qemu_sendv_packet_async
from emu.standard_headers.linux.virtio_config import VIRTIO_CONFIG_S_DRIVER_OK
from emu.standard_headers.linux.virtio_net import VIRTIO_NET_S_LINK_UP
from emu.trace import emulates, g_free
from emu.util.async_ import qemu_bh_schedule
from emu.util.qemu_timer import QEMU_CLOCK_VIRTUAL, qemu_clock_get_ns, timer_del, timer_mod


def tx_queue(q: VirtIONetQueue) -> tuple[VirtIONet, VirtQueue]:
    """Return the card and the transmit queue of a pair."""
    assert q.n is not None
    assert q.tx_vq is not None
    return q.n, q.tx_vq


def send_later(q: VirtIONetQueue) -> None:
    """Go on with the queue in a while: by the timer or the bottom half, whichever the card has."""
    n, _ = tx_queue(q)
    if q.tx_bh:
        qemu_bh_schedule(q.tx_bh)
    else:
        assert q.tx_timer is not None
        timer_mod(q.tx_timer, qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) + n.tx_timeout)


@emulates
def virtio_net_tx_complete(nc: NetClientState, length: int) -> None:
    """The backend took the packet that waited."""
    n: VirtIONet = qemu_get_nic_opaque(nc)
    q = virtio_net_get_subqueue(nc)
    vdev = VIRTIO_DEVICE(n)
    _, vq = tx_queue(q)
    assert q.async_tx.elem is not None
    virtqueue_push(vq, q.async_tx.elem, 0)
    virtio_notify(vdev, vq)
    g_free(q.async_tx.elem)
    q.async_tx.elem = None
    virtio_queue_set_notification(vq, 1)
    if virtio_net_flush_tx(q) >= n.tx_burst:
        virtio_queue_set_notification(vq, 0)
        send_later(q)
        q.tx_waiting = 1


@emulates
def virtio_net_flush_tx(q: VirtIONetQueue) -> int:
    """Send what is in the queue, ``tx_burst`` packets at most; return how many, or -EBUSY or -EINVAL."""
    n, vq = tx_queue(q)
    vdev = VIRTIO_DEVICE(n)
    num_packets = 0
    queue_index = vq2q(virtio_get_queue_index(vq))
    if not vdev.status & VIRTIO_CONFIG_S_DRIVER_OK:
        return num_packets
    if q.async_tx.elem:
        virtio_queue_set_notification(vq, 0)
        return num_packets
    while (elem := virtqueue_pop(vq)) is not None:
        data = read_out(vdev, elem)
        problem = None
        if elem.out_num < 1:
            problem = "virtio-net header not in first element"
        elif n.has_vnet_hdr and len(data) < n.guest_hdr_len:
            problem = "virtio-net header incorrect"
        assert n.host_hdr_len <= n.guest_hdr_len
        if n.host_hdr_len != n.guest_hdr_len:
            data = data[: n.host_hdr_len] + data[n.guest_hdr_len :]
            if not data and problem is None:
                problem = "virtio-net nothing to send"
        if problem is not None:
            virtio_error(vdev, problem)
            virtqueue_detach_element(vq, elem, 0)
            g_free(elem)
            return -EINVAL
        nc = qemu_get_subqueue(the_nic(n), queue_index)
        if qemu_sendv_packet_async(nc, (data,), 1, virtio_net_tx_complete) == 0:
            virtio_queue_set_notification(vq, 0)
            q.async_tx.elem = elem
            return -EBUSY
        virtqueue_push(vq, elem, 0)
        virtio_notify(vdev, vq)
        g_free(elem)
        num_packets += 1
        if num_packets >= n.tx_burst:
            break
    return num_packets


@emulates
def virtio_net_handle_tx_timer(vdev: VirtIODevice, vq: VirtQueue) -> None:
    """The driver kicked a transmit queue, ``tx=timer``: wait for more, unless some wait already."""
    n = VIRTIO_NET(vdev)
    q = the_pair(n, vq2q(virtio_get_queue_index(vq)))
    if not n.status & VIRTIO_NET_S_LINK_UP:
        virtio_net_drop_tx_queue_data(vdev, vq)
        return
    if not vdev.vm_running:
        q.tx_waiting = 1
        return
    assert q.tx_timer is not None
    if q.tx_waiting:
        timer_del(q.tx_timer)
        virtio_net_tx_timer(q)
    else:
        send_later(q)
        q.tx_waiting = 1
        virtio_queue_set_notification(vq, 0)


@emulates
def virtio_net_handle_tx_bh(vdev: VirtIODevice, vq: VirtQueue) -> None:
    """The driver kicked a transmit queue, ``tx=bh``: send soon."""
    n = VIRTIO_NET(vdev)
    q = the_pair(n, vq2q(virtio_get_queue_index(vq)))
    if n.vhost_started:
        return
    if not n.status & VIRTIO_NET_S_LINK_UP:
        virtio_net_drop_tx_queue_data(vdev, vq)
        return
    if q.tx_waiting:
        return
    q.tx_waiting = 1
    if not vdev.vm_running:
        return
    virtio_queue_set_notification(vq, 0)
    assert q.tx_bh is not None
    qemu_bh_schedule(q.tx_bh)


def send_all(q: VirtIONetQueue) -> None:
    """Send; go on soon after a full burst, or if more came in the meantime: what timer and bottom half have in common."""
    n, vq = tx_queue(q)
    vdev = VIRTIO_DEVICE(n)
    if not vdev.vm_running:
        assert q.tx_waiting
        return
    q.tx_waiting = 0
    if not vdev.status & VIRTIO_CONFIG_S_DRIVER_OK:
        return
    ret = virtio_net_flush_tx(q)
    if ret in (-EBUSY, -EINVAL):
        return
    if ret < n.tx_burst:
        virtio_queue_set_notification(vq, 1)
        if virtio_net_flush_tx(q) <= 0:
            return
        virtio_queue_set_notification(vq, 0)
    q.tx_waiting = 1
    send_later(q)


@emulates
def virtio_net_tx_timer(opaque: Any) -> None:
    """Timer of a transmit queue."""
    send_all(opaque)


@emulates
def virtio_net_tx_bh(opaque: Any) -> None:
    """Bottom half of a transmit queue."""
    send_all(opaque)
