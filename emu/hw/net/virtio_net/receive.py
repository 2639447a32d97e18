"""Packets from the backend go into the guest's buffers (hw/net/virtio-net.c; virtio 1.2, 5.1.6.3 and 5.1.6.4)."""

from __future__ import annotations

from emu.errors import NotModelled
from emu.hw.net.virtio_net.rx_filter import receive_filter
from emu.hw.net.virtio_net.structs import VIRTIO_NET, VirtIONet, VirtIONetQueue, the_nic, virtio_net_get_subqueue, vq2q
from emu.hw.virtio.virtio import (
    VIRTIO_DEVICE,
    VIRTQUEUE_MAX_SIZE,
    VirtIODevice,
    VirtQueue,
    VirtQueueElement,
    virtio_error,
    virtio_get_queue_index,
    virtio_notify,
    virtio_queue_empty,
    virtio_queue_enable_notification_and_check,
    virtio_queue_ready,
    virtio_queue_set_notification,
    virtqueue_detach_element,
    virtqueue_fill,
    virtqueue_flush,
    virtqueue_get_avail_bytes,
    virtqueue_pop,
    virtqueue_unpop,
    write_in,
)
from emu.net.net import NetClientState, qemu_flush_queued_packets, qemu_get_nic_opaque, qemu_get_subqueue
from emu.standard_headers.linux.virtio_config import VIRTIO_CONFIG_S_DRIVER_OK
from emu.standard_headers.linux.virtio_net import VIRTIO_NET_HDR_SIZE
from emu.trace import emulates, g_free

NUM_BUFFERS = 10
"""``offsetof(struct virtio_net_hdr_mrg_rxbuf, num_buffers)``."""


@emulates
def virtio_net_handle_rx(vdev: VirtIODevice, vq: VirtQueue) -> None:
    """The driver kicked a receive queue: packets that wait may find room now."""
    n = VIRTIO_NET(vdev)
    qemu_flush_queued_packets(qemu_get_subqueue(the_nic(n), vq2q(virtio_get_queue_index(vq))))


@emulates
def virtio_net_can_receive(nc: NetClientState) -> bool:
    """NetClientInfo.can_receive: machine running, queue in use and set up, driver ready."""
    n: VirtIONet = qemu_get_nic_opaque(nc)
    vdev = VIRTIO_DEVICE(n)
    if not vdev.vm_running or nc.queue_index >= n.curr_queue_pairs:
        return False
    # not before: the client of a control queue has no pair
    q = virtio_net_get_subqueue(nc)
    # a queue pair beyond the first exists only while the driver uses several
    return q.rx_vq is not None and virtio_queue_ready(q.rx_vq) and bool(vdev.status & VIRTIO_CONFIG_S_DRIVER_OK)


@emulates
def virtio_net_has_buffers(q: VirtIONetQueue, bufsize: int) -> bool:
    """Tell whether the driver has room for a packet, in bytes; if it has, no kick is needed."""
    n, vq = q.n, q.rx_vq
    assert n is not None
    assert vq is not None
    while virtio_queue_empty(vq) or n.mergeable_rx_bufs:
        opaque, in_bytes, _ = virtqueue_get_avail_bytes(vq, bufsize, 0)
        if bufsize <= in_bytes:
            break
        if not virtio_queue_enable_notification_and_check(vq, opaque):
            return False
    virtio_queue_set_notification(vq, 0)
    return True


@emulates
def work_around_broken_dhclient(n: VirtIONet, buf: bytes) -> None:
    """Give DHCP answers the checksum that old clients look for. NotModelled: this is one without."""
    frame = buf[n.host_hdr_len :]
    if buf[0] & 1 and 42 <= len(frame) < 1500 and frame[12:14] == b"\x08\x00" and frame[23] == 17 and frame[34:36] == b"\x00\x43":
        raise NotModelled("the checksum of a DHCP answer")


@emulates
def receive_header(n: VirtIONet, elem: VirtQueueElement, buf: bytes) -> None:
    """Write the header that the driver sees before a packet."""
    vdev = VIRTIO_DEVICE(n)
    if n.has_vnet_hdr:
        work_around_broken_dhclient(n, buf)
        write_in(vdev, elem, 0, buf[:VIRTIO_NET_HDR_SIZE])
    else:
        write_in(vdev, elem, 0, bytes(VIRTIO_NET_HDR_SIZE))


@emulates
def virtio_net_receive_rcu(nc: NetClientState, buf: bytes, size: int, no_rss: bool) -> int:
    """Put a packet into the guest's buffers; return its size, 0 if it must wait, -1 if it is lost."""
    n: VirtIONet = qemu_get_nic_opaque(nc)
    q = virtio_net_get_subqueue(nc)
    vdev = VIRTIO_DEVICE(n)
    if not virtio_net_can_receive(nc):
        return -1
    if not no_rss and n.rss_data.enabled and n.rss_data.enabled_software_rss:
        raise NotModelled("the hash of a packet, by which software RSS chooses its queue")
    if not virtio_net_has_buffers(q, size + n.guest_hdr_len - n.host_hdr_len):
        return 0
    if not receive_filter(n, buf):
        return size
    vq = q.rx_vq
    assert vq is not None

    taken: list[tuple[VirtQueueElement, int]] = []
    offset, err = 0, None
    while offset < size and err is None:
        if len(taken) == VIRTQUEUE_MAX_SIZE:
            virtio_error(vdev, "virtio-net unexpected long buffer chain")
            err = size
            break
        elem = virtqueue_pop(vq)
        if elem is None:
            if taken:
                virtio_error(
                    vdev,
                    f"virtio-net unexpected empty queue: i {len(taken)} mergeable {n.mergeable_rx_bufs} "
                    f"offset {offset}, size {size}, guest hdr len {n.guest_hdr_len}, host hdr len {n.host_hdr_len} "
                    f"guest features 0x{vdev.guest_features:x}",
                )
            err = -1
            break
        if elem.in_num < 1:
            virtio_error(vdev, "virtio-net receive queue contains no in buffers")
            virtqueue_detach_element(vq, elem, 0)
            g_free(elem)
            err = -1
            break
        total = guest_offset = 0
        if not taken:
            receive_header(n, elem, buf)
            offset = n.host_hdr_len
            total = guest_offset = n.guest_hdr_len
        length = write_in(vdev, elem, guest_offset, buf[offset:size])
        total += length
        offset += length
        if not n.mergeable_rx_bufs and offset < size:
            virtqueue_unpop(vq, elem, total)
            g_free(elem)
            err = size
            break
        taken.append((elem, total))

    if err is not None:
        for elem, total in taken:
            virtqueue_detach_element(vq, elem, total)
            g_free(elem)
        return err
    if n.mergeable_rx_bufs:
        write_in(vdev, taken[0][0], NUM_BUFFERS, len(taken).to_bytes(2, "little"))
    for i, (elem, total) in enumerate(taken):
        virtqueue_fill(vq, elem, total, i)
        g_free(elem)
    virtqueue_flush(vq, len(taken))
    virtio_notify(vdev, vq)
    return size


@emulates
def virtio_net_receive(nc: NetClientState, buf: bytes, size: int) -> int:
    """NetClientInfo.receive. NotModelled: the driver wants segments coalesced."""
    n: VirtIONet = qemu_get_nic_opaque(nc)
    if n.rsc4_enabled or n.rsc6_enabled:
        raise NotModelled("receive segment coalescing")
    return virtio_net_receive_rcu(nc, buf, size, False)
