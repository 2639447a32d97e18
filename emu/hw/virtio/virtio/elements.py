"""Chains of buffers come out of a queue and go back into it (hw/virtio/virtio.c; virtio 1.2, 2.7.13 and 2.7.14)."""

from __future__ import annotations

from collections.abc import Iterator
from errno import EINVAL

from emu.errors import NotModelled
from emu.hw.virtio.virtio.features import virtio_vdev_has_feature
from emu.hw.virtio.virtio.notify import virtio_device_disabled, virtio_error, virtio_irq
from emu.hw.virtio.virtio.ring_access import (
    VRingDesc,
    dma_as,
    the_vdev,
    vring_avail_flags,
    vring_avail_idx,
    vring_avail_ring,
    vring_get_used_event,
    vring_set_avail_event,
    vring_split_desc_read,
    vring_used_flags,
    vring_used_idx_set,
    vring_used_write,
)
from emu.hw.virtio.virtio.rings import VRING_DESC_SIZE
from emu.hw.virtio.virtio.structs import VirtIODevice, VirtQueue, VirtQueueElement
from emu.softmmu.memory import MEMTXATTRS_UNSPECIFIED
from emu.softmmu.physmem import address_space_cache_init, address_space_read, address_space_write
from emu.standard_headers.linux.virtio_config import VIRTIO_F_NOTIFY_ON_EMPTY, VIRTIO_F_RING_PACKED
from emu.standard_headers.linux.virtio_ring import (
    VIRTIO_RING_F_EVENT_IDX,
    VRING_AVAIL_F_NO_INTERRUPT,
    VRING_DESC_F_INDIRECT,
    VRING_DESC_F_NEXT,
    VRING_DESC_F_WRITE,
    VRING_USED_F_NO_NOTIFY,
    vring_need_event,
)
from emu.trace import emulates, g_free


class Malformed(Exception):
    """The driver's ring makes no sense; virtio_error has said so."""


def only_split(vq: VirtQueue) -> None:
    """NotModelled: the driver chose packed virtqueues."""
    if virtio_vdev_has_feature(the_vdev(vq), VIRTIO_F_RING_PACKED):
        raise NotModelled("buffers in packed virtqueues")


def virtio_queue_ready(vq: VirtQueue) -> bool:
    """Tell whether a queue was set up."""
    return vq.vring.avail != 0


@emulates
def virtio_queue_set_notification(vq: VirtQueue, enable: int) -> None:
    """Ask for kicks, or say that none are needed."""
    vq.notification = bool(enable)
    if not vq.vring.desc:
        return
    only_split(vq)
    if virtio_vdev_has_feature(the_vdev(vq), VIRTIO_RING_F_EVENT_IDX):
        vring_set_avail_event(vq, vring_avail_idx(vq))
    elif enable:
        vring_used_flags(vq, 0, VRING_USED_F_NO_NOTIFY)
    else:
        vring_used_flags(vq, VRING_USED_F_NO_NOTIFY, 0)


@emulates
def virtio_queue_empty(vq: VirtQueue) -> bool:
    """Tell whether no chain is available."""
    only_split(vq)
    if virtio_device_disabled(the_vdev(vq)) or not vq.vring.avail:
        return True
    if vq.shadow_avail_idx != vq.last_avail_idx:
        return False
    return vring_avail_idx(vq) == vq.last_avail_idx


@emulates
def virtio_queue_enable_notification_and_check(vq: VirtQueue, opaque: int) -> bool:
    """Ask for kicks; tell whether a chain became available since ``opaque`` was the index."""
    virtio_queue_set_notification(vq, 1)
    if opaque < 0 or virtio_device_disabled(the_vdev(vq)) or not vq.vring.avail:
        return False
    return opaque & 0xFFFF != vring_avail_idx(vq)


@emulates
def virtqueue_num_heads(vq: VirtQueue, idx: int) -> int:
    """Return how many chains are available from an index on, or -EINVAL."""
    num_heads = (vring_avail_idx(vq) - idx) & 0xFFFF
    if num_heads > vq.vring.num:
        virtio_error(the_vdev(vq), f"Guest moved used index from {idx} to {vq.shadow_avail_idx}")
        return -EINVAL
    return num_heads


def get_head(vq: VirtQueue, idx: int) -> int:
    """Return the head of an available chain (virtqueue_get_head). Malformed: it is not a descriptor's number."""
    head = vring_avail_ring(vq, idx % vq.vring.num)
    if head >= vq.vring.num:
        virtio_error(the_vdev(vq), f"Guest says index {head} is available")
        raise Malformed
    return head


def chain(vq: VirtQueue, head: int) -> Iterator[VRingDesc]:
    """Walk through a chain, in the ring or in an indirect table. Malformed: it does not end, or leads outside."""
    vdev = the_vdev(vq)
    assert vq.vring.caches is not None
    table, size, i = vq.vring.caches.desc[0], vq.vring.num, head
    desc = vring_split_desc_read(vdev, table, i)
    if desc.flags & VRING_DESC_F_INDIRECT:
        if not desc.len_ or desc.len_ % VRING_DESC_SIZE:
            virtio_error(vdev, "Invalid size for indirect buffer table")
            raise Malformed
        if address_space_cache_init(dma_as(vdev), desc.addr, desc.len_, False) < desc.len_:
            virtio_error(vdev, "Cannot map indirect buffer")
            raise Malformed
        table, size, i = desc.addr, desc.len_ // VRING_DESC_SIZE, 0
        desc = vring_split_desc_read(vdev, table, i)
    seen = 0
    while True:
        yield desc
        seen += 1
        if seen > size:
            virtio_error(vdev, "Looped descriptor")
            raise Malformed
        if not desc.flags & VRING_DESC_F_NEXT:
            return
        i = desc.next_
        if i >= size:
            virtio_error(vdev, f"Desc next is {i}")
            raise Malformed
        desc = vring_split_desc_read(vdev, table, i)


@emulates
def virtqueue_get_avail_bytes(vq: VirtQueue, max_in_bytes: int, max_out_bytes: int) -> tuple[int, int, int]:
    """Count the bytes that available chains have room for and hold, until both limits are reached.

    Returns the index seen (-1: no ring), the bytes that may be written and those that may be read.
    """
    only_split(vq)
    if not vq.vring.desc or vq.vring.caches is None:
        return -1, 0, 0
    idx, in_total, out_total = vq.last_avail_idx, 0, 0
    try:
        while (heads := virtqueue_num_heads(vq, idx)) > 0:
            head = get_head(vq, idx)
            idx = (idx + 1) & 0xFFFF
            for desc in chain(vq, head):
                if desc.flags & VRING_DESC_F_WRITE:
                    in_total += desc.len_
                else:
                    out_total += desc.len_
                if in_total >= max_in_bytes and out_total >= max_out_bytes:
                    return vq.shadow_avail_idx, in_total, out_total
    except Malformed:
        heads = -EINVAL
    if heads < 0:
        in_total = out_total = 0
    return vq.shadow_avail_idx, in_total, out_total


@emulates
def virtqueue_pop(vq: VirtQueue) -> VirtQueueElement | None:
    """Take the next available chain; None if there is none, or it makes no sense."""
    vdev = the_vdev(vq)
    if virtio_device_disabled(vdev):
        return None
    only_split(vq)
    if virtio_queue_empty(vq):
        return None
    if vq.inuse >= vq.vring.num:
        virtio_error(vdev, "Virtqueue size exceeded")
        return None
    try:
        idx = vq.last_avail_idx
        vq.last_avail_idx = (idx + 1) & 0xFFFF
        head = get_head(vq, idx)
        if virtio_vdev_has_feature(vdev, VIRTIO_RING_F_EVENT_IDX):
            vring_set_avail_event(vq, vq.last_avail_idx)
        out_sg, in_sg = collect(vdev, chain(vq, head))
    except Malformed:
        return None
    elem = VirtQueueElement(
        index=head, ndescs=1, out_num=len(out_sg), in_num=len(in_sg), out_sg=tuple(out_sg), in_sg=tuple(in_sg)
    )
    vq.inuse += 1
    return elem


def collect(vdev: VirtIODevice, descs: Iterator[VRingDesc]) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Return the buffers of a chain to read and to write. Malformed: one is empty, or they are in the wrong order."""
    out_sg: list[tuple[int, int]] = []
    in_sg: list[tuple[int, int]] = []
    for desc in descs:
        write = desc.flags & VRING_DESC_F_WRITE
        if not write and in_sg:
            virtio_error(vdev, "Incorrect order for descriptors")
            raise Malformed
        if not desc.len_:
            virtio_error(vdev, "virtio: zero sized buffers are not allowed")
            raise Malformed
        (in_sg if write else out_sg).append((desc.addr, desc.len_))
    return out_sg, in_sg


def read_out(vdev: VirtIODevice, elem: VirtQueueElement) -> bytes:
    """Return all that the driver put into a chain."""
    return b"".join(address_space_read(dma_as(vdev), at, MEMTXATTRS_UNSPECIFIED, size)[1] for at, size in elem.out_sg)


def write_in(vdev: VirtIODevice, elem: VirtQueueElement, offset: int, data: bytes) -> int:
    """Write into the room of a chain from an offset on; return how many bytes found room."""
    done = 0
    for at, size in elem.in_sg:
        step = min(size - offset, len(data) - done)
        if step > 0:
            address_space_write(dma_as(vdev), at + offset, MEMTXATTRS_UNSPECIFIED, data[done : done + step])
            done += step
        offset = max(offset - size, 0)
    return done


@emulates
def virtqueue_detach_element(vq: VirtQueue, elem: VirtQueueElement, length: int) -> None:
    """Forget a chain without giving it back."""
    vq.inuse -= elem.ndescs


@emulates
def virtqueue_unpop(vq: VirtQueue, elem: VirtQueueElement, length: int) -> None:
    """Put a chain back as if it had not been taken."""
    only_split(vq)
    vq.last_avail_idx = (vq.last_avail_idx - 1) & 0xFFFF
    virtqueue_detach_element(vq, elem, length)


@emulates
def virtqueue_fill(vq: VirtQueue, elem: VirtQueueElement, length: int, idx: int) -> None:
    """Give a chain back with ``length`` bytes written, not to be seen before virtqueue_flush."""
    if virtio_device_disabled(the_vdev(vq)):
        return
    only_split(vq)
    if vq.vring.used:
        vring_used_write(vq, elem.index, length, (idx + vq.used_idx) % vq.vring.num)


@emulates
def virtqueue_flush(vq: VirtQueue, count: int) -> None:
    """Let the driver see the chains that were given back."""
    if virtio_device_disabled(the_vdev(vq)):
        vq.inuse -= count
        return
    only_split(vq)
    if not vq.vring.used:
        return
    old = vq.used_idx
    new = (old + count) & 0xFFFF
    vring_used_idx_set(vq, new)
    vq.inuse -= count
    since = (new - vq.signalled_used) & 0xFFFF
    if (since - 0x10000 if since & 0x8000 else since) < (new - old) & 0xFFFF:
        vq.signalled_used_valid = False


@emulates
def virtqueue_push(vq: VirtQueue, elem: VirtQueueElement, length: int) -> None:
    """Give a chain back with ``length`` bytes written."""
    virtqueue_fill(vq, elem, length, 0)
    virtqueue_flush(vq, 1)


@emulates
def virtqueue_drop_all(vq: VirtQueue) -> int:
    """Give all available chains back unused; return how many."""
    vdev = the_vdev(vq)
    if virtio_device_disabled(vdev):
        return 0
    only_split(vq)
    dropped = 0
    elem = VirtQueueElement()
    while not virtio_queue_empty(vq) and vq.inuse < vq.vring.num:
        try:
            elem.index = get_head(vq, vq.last_avail_idx)
        except Malformed:
            break
        vq.inuse += 1
        vq.last_avail_idx = (vq.last_avail_idx + 1) & 0xFFFF
        if virtio_vdev_has_feature(vdev, VIRTIO_RING_F_EVENT_IDX):
            vring_set_avail_event(vq, vq.last_avail_idx)
        virtqueue_push(vq, elem, 0)
        dropped += 1
    g_free(elem)
    return dropped


@emulates
def virtio_should_notify(vdev: VirtIODevice, vq: VirtQueue) -> bool:
    """Tell whether the driver wants an interrupt now."""
    only_split(vq)
    if virtio_vdev_has_feature(vdev, VIRTIO_F_NOTIFY_ON_EMPTY) and not vq.inuse and virtio_queue_empty(vq):
        return True
    if not virtio_vdev_has_feature(vdev, VIRTIO_RING_F_EVENT_IDX):
        return not vring_avail_flags(vq) & VRING_AVAIL_F_NO_INTERRUPT
    valid = vq.signalled_used_valid
    vq.signalled_used_valid = True
    old = vq.signalled_used
    vq.signalled_used = vq.used_idx
    return not valid or vring_need_event(vring_get_used_event(vq), vq.used_idx, old)


@emulates
def virtio_notify(vdev: VirtIODevice, vq: VirtQueue) -> None:
    """Interrupt the driver for a queue, if it wants that."""
    if virtio_should_notify(vdev, vq):
        virtio_irq(vq)
