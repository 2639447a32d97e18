"""Split virtqueues: chains of buffers come out of them and go back (hw/virtio/virtio.c; virtio 1.2, 2.7)."""

from __future__ import annotations

from collections.abc import Iterator
from errno import EINVAL

from emu.hw.virtio.virtio.features import virtio_vdev_has_feature
from emu.hw.virtio.virtio.mapping import Malformed, collect, dma_as, indirect_table, looped, the_vdev
from emu.hw.virtio.virtio.notify import virtio_device_disabled, virtio_error
from emu.hw.virtio.virtio.ring_access import (
    VRingDesc,
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
from emu.standard_headers.linux.virtio_config import VIRTIO_F_NOTIFY_ON_EMPTY
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


@emulates
def virtio_queue_split_set_notification(vq: VirtQueue, enable: int) -> None:
    """Ask for kicks, or say that none are needed."""
    if virtio_vdev_has_feature(the_vdev(vq), VIRTIO_RING_F_EVENT_IDX):
        vring_set_avail_event(vq, vring_avail_idx(vq))
    elif enable:
        vring_used_flags(vq, 0, VRING_USED_F_NO_NOTIFY)
    else:
        vring_used_flags(vq, VRING_USED_F_NO_NOTIFY, 0)


@emulates
def virtio_queue_split_empty(vq: VirtQueue) -> bool:
    """Tell whether no chain is available."""
    if virtio_device_disabled(the_vdev(vq)) or not vq.vring.avail:
        return True
    if vq.shadow_avail_idx != vq.last_avail_idx:
        return False
    return vring_avail_idx(vq) == vq.last_avail_idx


@emulates
def virtio_queue_split_poll(vq: VirtQueue, shadow_idx: int) -> bool:
    """Tell whether a chain became available since the index was ``shadow_idx``."""
    return bool(vq.vring.avail) and shadow_idx & 0xFFFF != vring_avail_idx(vq)


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
    desc = vring_split_desc_read(dma_as(vdev), table, i)
    if desc.flags & VRING_DESC_F_INDIRECT:
        indirect_table(vdev, desc.addr, desc.len_, bool(desc.len_))
        table, size, i = desc.addr, desc.len_ // VRING_DESC_SIZE, 0
        desc = vring_split_desc_read(dma_as(vdev), table, i)
    seen = 0
    while True:
        yield desc
        seen += 1
        if seen > size:
            looped(vdev)
        if not desc.flags & VRING_DESC_F_NEXT:
            return
        i = desc.next_
        if i >= size:
            virtio_error(vdev, f"Desc next is {i}")
            raise Malformed
        desc = vring_split_desc_read(dma_as(vdev), table, i)


@emulates
def virtqueue_split_get_avail_bytes(vq: VirtQueue, max_in_bytes: int, max_out_bytes: int) -> tuple[int, int]:
    """Count the bytes that may be written and those that may be read, until both limits are reached."""
    vdev = the_vdev(vq)
    assert vq.vring.caches is not None
    idx, in_total, out_total, total_bufs = vq.last_avail_idx, 0, 0, 0
    try:
        while (heads := virtqueue_num_heads(vq, idx)) > 0:
            head = get_head(vq, idx)
            idx = (idx + 1) & 0xFFFF
            first = vring_split_desc_read(dma_as(vdev), vq.vring.caches.desc[0], head)
            indirect, num_bufs = bool(first.flags & VRING_DESC_F_INDIRECT), 0
            if indirect and total_bufs >= vq.vring.num:
                looped(vdev)
            for desc in chain(vq, head):
                num_bufs += 1
                if not indirect and total_bufs + num_bufs > vq.vring.num:
                    looped(vdev)
                if desc.flags & VRING_DESC_F_WRITE:
                    in_total += desc.len_
                else:
                    out_total += desc.len_
                if in_total >= max_in_bytes and out_total >= max_out_bytes:
                    return in_total, out_total
            total_bufs += 1 if indirect else num_bufs
    except Malformed:
        heads = -EINVAL
    return (in_total, out_total) if heads >= 0 else (0, 0)


@emulates
def virtqueue_split_pop(vq: VirtQueue) -> VirtQueueElement | None:
    """Take the next available chain; None if there is none, or it makes no sense."""
    vdev = the_vdev(vq)
    if virtio_queue_split_empty(vq):
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
        if vq.vring.caches is None:
            virtio_error(vdev, "Region caches not initialized")
            return None
        out_sg, in_sg = collect(vdev, chain(vq, head))
    except Malformed:
        return None
    elem = VirtQueueElement(index=head, ndescs=1, out_num=len(out_sg), in_num=len(in_sg), out_sg=out_sg, in_sg=in_sg)
    vq.inuse += 1
    return elem


@emulates
def virtqueue_split_rewind(vq: VirtQueue, num: int) -> None:
    """Step back over chains that were taken."""
    vq.last_avail_idx = (vq.last_avail_idx - num) & 0xFFFF


@emulates
def virtqueue_split_fill(vq: VirtQueue, elem: VirtQueueElement, length: int, idx: int) -> None:
    """Give a chain back, not to be seen before virtqueue_split_flush."""
    if vq.vring.used:
        vring_used_write(vq, elem.index, length, (idx + vq.used_idx) % vq.vring.num)


@emulates
def virtqueue_split_flush(vq: VirtQueue, count: int) -> None:
    """Let the driver see the chains that were given back."""
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
def virtqueue_split_drop_all(vq: VirtQueue) -> int:
    """Give all available chains back unused; return how many."""
    dropped = 0
    elem = VirtQueueElement()
    while not virtio_queue_split_empty(vq) and vq.inuse < vq.vring.num:
        try:
            elem.index = get_head(vq, vq.last_avail_idx)
        except Malformed:
            break
        vq.inuse += 1
        vq.last_avail_idx = (vq.last_avail_idx + 1) & 0xFFFF
        if virtio_vdev_has_feature(the_vdev(vq), VIRTIO_RING_F_EVENT_IDX):
            vring_set_avail_event(vq, vq.last_avail_idx)
        virtqueue_split_fill(vq, elem, 0, 0)
        virtqueue_split_flush(vq, 1)
        dropped += 1
    g_free(elem)
    return dropped


@emulates
def virtio_split_should_notify(vdev: VirtIODevice, vq: VirtQueue) -> bool:
    """Tell whether the driver wants an interrupt now."""
    if virtio_vdev_has_feature(vdev, VIRTIO_F_NOTIFY_ON_EMPTY) and not vq.inuse and virtio_queue_split_empty(vq):
        return True
    if not virtio_vdev_has_feature(vdev, VIRTIO_RING_F_EVENT_IDX):
        return not vring_avail_flags(vq) & VRING_AVAIL_F_NO_INTERRUPT
    valid = vq.signalled_used_valid
    vq.signalled_used_valid = True
    old = vq.signalled_used
    vq.signalled_used = vq.used_idx
    return not valid or vring_need_event(vring_get_used_event(vq), vq.used_idx, old)
