"""Where the rings of a queue lie in guest memory (hw/virtio/virtio.c; virtio 1.2, 2.7)."""

from __future__ import annotations

from typing import Final

from emu.hw.virtio.virtio.features import virtio_vdev_has_feature
from emu.hw.virtio.virtio.notify import virtio_error
from emu.hw.virtio.virtio.structs import VirtIODevice, VirtQueue, VRingMemoryRegionCaches
from emu.softmmu.physmem import address_space_cache_init
from emu.standard_headers.linux.virtio_config import VIRTIO_F_RING_PACKED
from emu.standard_headers.linux.virtio_ring import VIRTIO_RING_F_EVENT_IDX
from emu.trace import emulates, g_free
from emu.util.rcu import call_rcu

# sizeof, in bytes
VRING_DESC_SIZE: Final = 16
VRING_USED_ELEM_SIZE: Final = 8
VRING_PACKED_DESC_EVENT_SIZE: Final = 4
VRING_AVAIL_RING: Final = 4
"""``offsetof(VRingAvail, ring)``, and of ``VRingUsed`` too."""


def the_queue(vdev: VirtIODevice, n: int) -> VirtQueue:
    """Return ``vdev->vq[n]``."""
    assert vdev.vq is not None
    return vdev.vq[n]


def vring_align(addr: int, align: int) -> int:
    """Round an address up (include/hw/virtio/virtio.h)."""
    return (addr + align - 1) // align * align


@emulates
def virtio_queue_get_desc_size(vdev: VirtIODevice, n: int) -> int:
    """Return the size of the descriptor table, in bytes."""
    return VRING_DESC_SIZE * the_queue(vdev, n).vring.num


@emulates
def virtio_queue_get_avail_size(vdev: VirtIODevice, n: int) -> int:
    """Return the size of the driver area, in bytes."""
    if virtio_vdev_has_feature(vdev, VIRTIO_F_RING_PACKED):
        return VRING_PACKED_DESC_EVENT_SIZE
    s = 2 if virtio_vdev_has_feature(vdev, VIRTIO_RING_F_EVENT_IDX) else 0
    return VRING_AVAIL_RING + 2 * the_queue(vdev, n).vring.num + s


@emulates
def virtio_queue_get_used_size(vdev: VirtIODevice, n: int) -> int:
    """Return the size of the device area, in bytes."""
    if virtio_vdev_has_feature(vdev, VIRTIO_F_RING_PACKED):
        return VRING_PACKED_DESC_EVENT_SIZE
    s = 2 if virtio_vdev_has_feature(vdev, VIRTIO_RING_F_EVENT_IDX) else 0
    return VRING_AVAIL_RING + VRING_USED_ELEM_SIZE * the_queue(vdev, n).vring.num + s


@emulates
def virtio_free_region_cache(caches: VRingMemoryRegionCaches) -> None:
    """Let the mapped memory go."""
    g_free(caches)


@emulates
def virtio_virtqueue_reset_region_cache(vq: VirtQueue) -> None:
    """Forget the mapped memory of a queue."""
    caches = vq.vring.caches
    vq.vring.caches = None
    if caches is not None:
        call_rcu(virtio_free_region_cache, caches)


@emulates
def virtio_init_region_cache(vdev: VirtIODevice, n: int) -> None:
    """Map the memory that a queue's rings lie in; a queue without an address has none."""
    vq = the_queue(vdev, n)
    old = vq.vring.caches
    addr = vq.vring.desc
    if not addr:
        virtio_virtqueue_reset_region_cache(vq)
        return
    new = VRingMemoryRegionCaches()
    packed = virtio_vdev_has_feature(vdev, VIRTIO_F_RING_PACKED)
    for ring, at, size_of, is_write in (
        ("desc", addr, virtio_queue_get_desc_size, packed),
        ("used", vq.vring.used, virtio_queue_get_used_size, True),
        ("avail", vq.vring.avail, virtio_queue_get_avail_size, False),
    ):
        size = size_of(vdev, n)
        assert vdev.dma_as is not None
        if address_space_cache_init(vdev.dma_as, at, size, is_write) < size:
            virtio_error(vdev, f"Cannot map {ring}")
            g_free(new)
            virtio_virtqueue_reset_region_cache(vq)
            return
        setattr(new, ring, (at, size))
    vq.vring.caches = new
    if old is not None:
        call_rcu(virtio_free_region_cache, old)


@emulates
def virtio_queue_update_rings(vdev: VirtIODevice, n: int) -> None:
    """Lay the rings out behind each other, as legacy drivers have them (virtio 1.2, 2.7.2)."""
    vring = the_queue(vdev, n).vring
    if not vring.num or not vring.desc or not vring.align:
        return
    vring.avail = vring.desc + vring.num * VRING_DESC_SIZE
    vring.used = vring_align(vring.avail + VRING_AVAIL_RING + 2 * vring.num, vring.align)
    virtio_init_region_cache(vdev, n)
