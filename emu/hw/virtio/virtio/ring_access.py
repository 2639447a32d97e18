"""The rings of a split virtqueue, in guest memory (hw/virtio/virtio.c; virtio 1.2, 2.7)."""

from __future__ import annotations

from typing import Final, NamedTuple

from emu.hw.virtio.virtio.mapping import dma_as, the_vdev
from emu.hw.virtio.virtio.rings import VRING_AVAIL_RING, VRING_DESC_SIZE, VRING_USED_ELEM_SIZE
from emu.hw.virtio.virtio.structs import VirtQueue
from emu.softmmu.memory import AddressSpace
from emu.softmmu.physmem import address_space_ld, address_space_st

VRING_IDX: Final = 2
"""``offsetof(VRingAvail, idx)``, and of ``VRingUsed`` too; the flags stand before it."""


class VRingDesc(NamedTuple):
    """A descriptor: a buffer, and the number of the next one of its chain."""

    addr: int
    len_: int
    flags: int
    next_: int


def _load(vq: VirtQueue, ring: str, offset: int, size: int) -> int:
    caches = vq.vring.caches
    if caches is None:
        return 0
    start: int = getattr(caches, ring)[0]
    return address_space_ld(dma_as(the_vdev(vq)), start + offset, size)


def _store(vq: VirtQueue, offset: int, value: int, size: int) -> None:
    caches = vq.vring.caches
    if caches is not None:
        address_space_st(dma_as(the_vdev(vq)), caches.used[0] + offset, value, size)


def vring_split_desc_read(as_: AddressSpace, table: int, i: int) -> VRingDesc:
    """Read descriptor ``i`` of a table that begins at an address."""
    at = table + i * VRING_DESC_SIZE
    return VRingDesc(
        address_space_ld(as_, at, 8),
        address_space_ld(as_, at + 8, 4),
        address_space_ld(as_, at + 12, 2),
        address_space_ld(as_, at + 14, 2),
    )


def vring_avail_flags(vq: VirtQueue) -> int:
    """Read what the driver says of interrupts."""
    return _load(vq, "avail", 0, 2)


def vring_avail_idx(vq: VirtQueue) -> int:
    """Read how many chains the driver has made available so far, modulo 65536."""
    vq.shadow_avail_idx = _load(vq, "avail", VRING_IDX, 2)
    return vq.shadow_avail_idx


def vring_avail_ring(vq: VirtQueue, i: int) -> int:
    """Read the head of an available chain."""
    return _load(vq, "avail", VRING_AVAIL_RING + 2 * i, 2)


def vring_get_used_event(vq: VirtQueue) -> int:
    """Read when the driver wants its next interrupt."""
    return vring_avail_ring(vq, vq.vring.num)


def vring_used_write(vq: VirtQueue, id_: int, len_: int, i: int) -> None:
    """Give a chain back."""
    _store(vq, VRING_AVAIL_RING + VRING_USED_ELEM_SIZE * i, len_ << 32 | id_, 8)


def vring_used_idx(vq: VirtQueue) -> int:
    """Return how many chains were given back so far, as the device area says."""
    return _load(vq, "used", VRING_IDX, 2)


def vring_used_idx_set(vq: VirtQueue, val: int) -> None:
    """Say how many chains were given back so far, modulo 65536."""
    _store(vq, VRING_IDX, val, 2)
    vq.used_idx = val & 0xFFFF


def vring_used_flags(vq: VirtQueue, set_: int, clear: int) -> None:
    """Change what the device says of kicks."""
    _store(vq, 0, _load(vq, "used", 0, 2) & ~clear | set_, 2)


def vring_set_avail_event(vq: VirtQueue, val: int) -> None:
    """Say when the device wants its next kick."""
    if vq.notification:
        _store(vq, VRING_AVAIL_RING + VRING_USED_ELEM_SIZE * vq.vring.num, val, 2)
