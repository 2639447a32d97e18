"""Packed virtqueues: chains of buffers come out of them and go back (hw/virtio/virtio.c; virtio 1.2, 2.8)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from emu.hw.virtio.virtio.features import virtio_vdev_has_feature
from emu.hw.virtio.virtio.mapping import Malformed, collect, dma_as, indirect_table, looped, the_vdev
from emu.hw.virtio.virtio.notify import virtio_error
from emu.hw.virtio.virtio.rings import VRING_DESC_SIZE
from emu.hw.virtio.virtio.structs import VirtIODevice, VirtQueue, VirtQueueElement
from emu.softmmu.physmem import address_space_ld, address_space_st
from emu.standard_headers.linux.virtio_ring import (
    VIRTIO_RING_F_EVENT_IDX,
    VRING_DESC_F_INDIRECT,
    VRING_DESC_F_NEXT,
    VRING_DESC_F_WRITE,
    VRING_PACKED_DESC_F_AVAIL,
    VRING_PACKED_DESC_F_USED,
    VRING_PACKED_EVENT_FLAG_DESC,
    VRING_PACKED_EVENT_FLAG_DISABLE,
    VRING_PACKED_EVENT_FLAG_ENABLE,
    vring_need_event,
)
from emu.trace import emulates, g_free


class VRingPackedDesc(NamedTuple):
    """A descriptor: a buffer, the id of its chain, and flags that say whose it is."""

    addr: int
    len_: int
    id: int
    flags: int


def vring_packed_desc_read(vdev: VirtIODevice, table: int, i: int) -> VRingPackedDesc:
    """Read descriptor ``i`` of a table that begins at an address."""
    at, as_ = table + i * VRING_DESC_SIZE, dma_as(vdev)
    flags = address_space_ld(as_, at + 14, 2)
    return VRingPackedDesc(
        address_space_ld(as_, at, 8), address_space_ld(as_, at + 8, 4), address_space_ld(as_, at + 12, 2), flags
    )


def is_desc_avail(flags: int, wrap_counter: bool) -> bool:
    """Tell whether a descriptor is the device's: the two flags differ, and the first is the wrap counter."""
    avail = bool(flags & 1 << VRING_PACKED_DESC_F_AVAIL)
    used = bool(flags & 1 << VRING_PACKED_DESC_F_USED)
    return avail != used and avail == wrap_counter


@emulates
def virtio_queue_packed_set_notification(vq: VirtQueue, enable: int) -> None:
    """Ask for kicks, or say that none are needed."""
    if vq.vring.caches is None:
        return
    event, as_ = vq.vring.caches.used[0], dma_as(the_vdev(vq))
    flags = VRING_PACKED_EVENT_FLAG_DISABLE
    if enable and virtio_vdev_has_feature(the_vdev(vq), VIRTIO_RING_F_EVENT_IDX):
        address_space_st(as_, event, vq.shadow_avail_idx | vq.shadow_avail_wrap_counter << 15, 2)
        flags = VRING_PACKED_EVENT_FLAG_DESC
    elif enable:
        flags = VRING_PACKED_EVENT_FLAG_ENABLE
    address_space_st(as_, event + 2, flags, 2)


@emulates
def virtio_queue_packed_empty(vq: VirtQueue) -> bool:
    """Tell whether no chain is available."""
    if not vq.vring.desc or vq.vring.caches is None:
        return True
    desc = vring_packed_desc_read(the_vdev(vq), vq.vring.caches.desc[0], vq.last_avail_idx)
    return not is_desc_avail(desc.flags, vq.last_avail_wrap_counter)


@emulates
def virtio_queue_packed_poll(vq: VirtQueue, shadow_idx: int) -> bool:
    """Tell whether the descriptor that was not available then is so now."""
    if not vq.vring.desc or vq.vring.caches is None:
        return False
    desc = vring_packed_desc_read(the_vdev(vq), vq.vring.caches.desc[0], shadow_idx)
    return is_desc_avail(desc.flags, vq.shadow_avail_wrap_counter)


def chain(vq: VirtQueue, head: int) -> Iterator[VRingPackedDesc]:
    """Walk through a chain, in the ring or in an indirect table. Malformed: it does not end, or a table is wrong."""
    vdev = the_vdev(vq)
    assert vq.vring.caches is not None
    table, size, i = vq.vring.caches.desc[0], vq.vring.num, head
    desc = vring_packed_desc_read(vdev, table, i)
    indirect = bool(desc.flags & VRING_DESC_F_INDIRECT)
    if indirect:
        indirect_table(vdev, desc.addr, desc.len_, True)
        table, size, i = desc.addr, desc.len_ // VRING_DESC_SIZE, 0
        desc = vring_packed_desc_read(vdev, table, i)
    seen = 0
    while True:
        yield desc
        seen += 1
        if seen > size:
            looped(vdev)
        if not indirect and not desc.flags & VRING_DESC_F_NEXT:
            return
        i += 1
        if i == size:
            if indirect:
                return
            i -= vq.vring.num
        desc = vring_packed_desc_read(vdev, table, i)


def is_indirect(vq: VirtQueue, head: int) -> bool:
    """Tell whether a chain lies outside of the ring, and takes one descriptor of it."""
    assert vq.vring.caches is not None
    return bool(vring_packed_desc_read(the_vdev(vq), vq.vring.caches.desc[0], head).flags & VRING_DESC_F_INDIRECT)


def advance(vq: VirtQueue, idx: int, wrap_counter: bool, count: int) -> tuple[int, bool]:
    """Return the place ``count`` descriptors on, and the wrap counter there."""
    idx += count
    return (idx - vq.vring.num, not wrap_counter) if idx >= vq.vring.num else (idx, wrap_counter)


@emulates
def virtqueue_packed_get_avail_bytes(vq: VirtQueue, max_in_bytes: int, max_out_bytes: int) -> tuple[int, int]:
    """Count the bytes that may be written and those that may be read, until both limits are reached."""
    vdev = the_vdev(vq)
    assert vq.vring.caches is not None
    idx, wrap_counter = vq.last_avail_idx, vq.last_avail_wrap_counter
    in_total = out_total = total_bufs = 0
    try:
        while is_desc_avail(vring_packed_desc_read(vdev, vq.vring.caches.desc[0], idx).flags, wrap_counter):
            indirect, num_bufs = is_indirect(vq, idx), 0
            if indirect and total_bufs >= vq.vring.num:
                looped(vdev)
            for desc in chain(vq, idx):
                num_bufs += 1
                if not indirect and total_bufs + num_bufs > vq.vring.num:
                    looped(vdev)
                if desc.flags & VRING_DESC_F_WRITE:
                    in_total += desc.len_
                else:
                    out_total += desc.len_
                if in_total >= max_in_bytes and out_total >= max_out_bytes:
                    return in_total, out_total
            taken = 1 if indirect else num_bufs
            total_bufs += taken
            idx, wrap_counter = advance(vq, idx, wrap_counter, taken)
    except Malformed:
        return 0, 0
    # where the next kick is wanted
    vq.shadow_avail_idx = idx
    vq.shadow_avail_wrap_counter = wrap_counter
    return in_total, out_total


@emulates
def virtqueue_packed_pop(vq: VirtQueue) -> VirtQueueElement | None:
    """Take the next available chain; None if there is none, or it makes no sense."""
    vdev = the_vdev(vq)
    if virtio_queue_packed_empty(vq):
        return None
    if vq.inuse >= vq.vring.num:
        virtio_error(vdev, "Virtqueue size exceeded")
        return None
    assert vq.vring.caches is not None
    head = vq.last_avail_idx
    id_ = vring_packed_desc_read(vdev, vq.vring.caches.desc[0], head).id
    try:
        descs = list(chain(vq, head))
        out_sg, in_sg = collect(vdev, iter(descs))
    except Malformed:
        return None
    ndescs = 1 if is_indirect(vq, head) else len(descs)
    elem = VirtQueueElement(index=id_, ndescs=ndescs, out_num=len(out_sg), in_num=len(in_sg), out_sg=out_sg, in_sg=in_sg)
    vq.inuse += ndescs
    vq.last_avail_idx, vq.last_avail_wrap_counter = advance(vq, head, vq.last_avail_wrap_counter, ndescs)
    vq.shadow_avail_idx = vq.last_avail_idx
    vq.shadow_avail_wrap_counter = vq.last_avail_wrap_counter
    return elem


@emulates
def virtqueue_packed_rewind(vq: VirtQueue, num: int) -> None:
    """Step back over descriptors that were taken."""
    if vq.last_avail_idx < num:
        vq.last_avail_idx = vq.vring.num + vq.last_avail_idx - num
        vq.last_avail_wrap_counter = not vq.last_avail_wrap_counter
    else:
        vq.last_avail_idx -= num


@emulates
def virtqueue_packed_fill(vq: VirtQueue, elem: VirtQueueElement, length: int, idx: int) -> None:
    """Note a chain that virtqueue_packed_flush gives back."""
    assert vq.used_elems is not None
    used = vq.used_elems[idx]
    used.index = elem.index
    used.len_ = length
    used.ndescs = elem.ndescs


@emulates
def virtqueue_packed_fill_desc(vq: VirtQueue, elem: VirtQueueElement, idx: int) -> None:
    """Give a chain back: its length and id first, then the flags that make it the driver's."""
    if not vq.vring.desc or vq.vring.caches is None:
        return
    head, wrap_counter = advance(vq, vq.used_idx, vq.used_wrap_counter, idx)
    flags = 1 << VRING_PACKED_DESC_F_AVAIL | 1 << VRING_PACKED_DESC_F_USED if wrap_counter else 0
    at, as_ = vq.vring.caches.desc[0] + head * VRING_DESC_SIZE, dma_as(the_vdev(vq))
    address_space_st(as_, at + 12, elem.index, 2)
    address_space_st(as_, at + 8, elem.len_, 4)
    address_space_st(as_, at + 14, flags, 2)


@emulates
def virtqueue_packed_flush(vq: VirtQueue, count: int) -> None:
    """Let the driver see the chains that were given back; the first one last, so that it sees all at once."""
    if not vq.vring.desc:
        return
    assert vq.used_elems is not None
    ndescs = vq.used_elems[0].ndescs
    for i in range(1, count):
        virtqueue_packed_fill_desc(vq, vq.used_elems[i], ndescs)
        ndescs += vq.used_elems[i].ndescs
    virtqueue_packed_fill_desc(vq, vq.used_elems[0], 0)
    vq.inuse -= ndescs
    wrap_counter = vq.used_wrap_counter
    vq.used_idx, vq.used_wrap_counter = advance(vq, vq.used_idx, wrap_counter, ndescs)
    if vq.used_wrap_counter != wrap_counter:
        vq.signalled_used_valid = False


@emulates
def virtqueue_packed_drop_all(vq: VirtQueue) -> int:
    """Give all available chains back unused; return how many."""
    if vq.vring.caches is None:
        return 0
    vdev, table = the_vdev(vq), vq.vring.caches.desc[0]
    vq.notification = False
    virtio_queue_packed_set_notification(vq, 0)
    dropped = 0
    elem = VirtQueueElement()
    while vq.inuse < vq.vring.num:
        idx = vq.last_avail_idx
        desc = vring_packed_desc_read(vdev, table, idx)
        if not is_desc_avail(desc.flags, vq.last_avail_wrap_counter):
            break
        elem.index = desc.id
        ndescs = 1
        while desc.flags & VRING_DESC_F_NEXT:
            idx = (idx + 1) % vq.vring.num
            desc = vring_packed_desc_read(vdev, table, idx)
            ndescs += 1
        elem.ndescs = ndescs
        virtqueue_packed_fill(vq, elem, 0, 0)
        virtqueue_packed_flush(vq, 1)
        dropped += 1
        vq.last_avail_idx, vq.last_avail_wrap_counter = advance(vq, vq.last_avail_idx, vq.last_avail_wrap_counter, ndescs)
    g_free(elem)
    return dropped


@emulates
def virtio_packed_should_notify(vdev: VirtIODevice, vq: VirtQueue) -> bool:
    """Tell whether the driver wants an interrupt now."""
    if vq.vring.caches is None:
        return False
    event = address_space_ld(dma_as(vdev), vq.vring.caches.avail[0], 4)
    off_wrap, flags = event & 0xFFFF, event >> 16
    old = vq.signalled_used
    vq.signalled_used = vq.used_idx
    valid = vq.signalled_used_valid
    vq.signalled_used_valid = True
    if flags == VRING_PACKED_EVENT_FLAG_DISABLE:
        return False
    if flags == VRING_PACKED_EVENT_FLAG_ENABLE:
        return True
    off = off_wrap & ~(1 << 15)
    if vq.used_wrap_counter != bool(off_wrap >> 15):
        off -= vq.vring.num
    return not valid or vring_need_event(off & 0xFFFF, vq.used_idx, old)
