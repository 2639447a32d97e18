"""How far a queue is, for whoever serves it instead of the emulator (hw/virtio/virtio.c)."""

from __future__ import annotations

from emu.hw.virtio.virtio.features import virtio_vdev_has_feature
from emu.hw.virtio.virtio.ring_access import vring_used_idx
from emu.hw.virtio.virtio.rings import the_queue
from emu.hw.virtio.virtio.structs import VirtIODevice, VirtQueue
from emu.standard_headers.linux.virtio_config import VIRTIO_F_RING_PACKED
from emu.trace import emulates
from emu.util.event_notifier_posix import EventNotifier


def _packed(vdev: VirtIODevice) -> bool:
    return virtio_vdev_has_feature(vdev, VIRTIO_F_RING_PACKED)


@emulates
def virtio_queue_get_desc_addr(vdev: VirtIODevice, n: int) -> int:
    """Return where the descriptors lie, 0: nowhere yet."""
    return the_queue(vdev, n).vring.desc


@emulates
def virtio_queue_get_avail_addr(vdev: VirtIODevice, n: int) -> int:
    """Return where the driver area lies."""
    return the_queue(vdev, n).vring.avail


@emulates
def virtio_queue_get_used_addr(vdev: VirtIODevice, n: int) -> int:
    """Return where the device area lies."""
    return the_queue(vdev, n).vring.used


@emulates
def virtio_queue_get_last_avail_idx(vdev: VirtIODevice, n: int) -> int:
    """Return how many chains were taken; of a packed ring with wrap counters, and how many were given back."""
    vq = the_queue(vdev, n)
    if not _packed(vdev):
        return vq.last_avail_idx
    avail = vq.last_avail_idx | int(vq.last_avail_wrap_counter) << 15
    used = vq.used_idx | int(vq.used_wrap_counter) << 15
    return avail | used << 16


@emulates
def virtio_queue_set_last_avail_idx(vdev: VirtIODevice, n: int, idx: int) -> None:
    """Go on where somebody else has stopped."""
    vq = the_queue(vdev, n)
    if not _packed(vdev):
        vq.last_avail_idx = vq.shadow_avail_idx = idx & 0xFFFF
        return
    vq.last_avail_idx = vq.shadow_avail_idx = idx & 0x7FFF
    vq.last_avail_wrap_counter = vq.shadow_avail_wrap_counter = bool(idx & 0x8000)
    idx >>= 16
    vq.used_idx = idx & 0x7FFFF & 0xFFFF
    vq.used_wrap_counter = bool(idx & 0x8000)


@emulates
def virtio_queue_restore_last_avail_idx(vdev: VirtIODevice, n: int) -> None:
    """Go on where the device area says, since nobody else does; a packed ring does not say."""
    vq = the_queue(vdev, n)
    if not _packed(vdev) and vq.vring.desc:
        vq.last_avail_idx = vring_used_idx(vq)
        vq.shadow_avail_idx = vq.last_avail_idx


@emulates
def virtio_queue_update_used_idx(vdev: VirtIODevice, n: int) -> None:
    """Learn from the device area how many chains were given back."""
    vq = the_queue(vdev, n)
    if not _packed(vdev) and vq.vring.desc:
        vq.used_idx = vring_used_idx(vq)


@emulates
def virtio_queue_invalidate_signalled_used(vdev: VirtIODevice, n: int) -> None:
    """Forget when the driver was last interrupted."""
    the_queue(vdev, n).signalled_used_valid = False


@emulates
def virtio_queue_get_guest_notifier(vq: VirtQueue) -> EventNotifier:
    """Return what interrupts the driver."""
    return vq.guest_notifier


@emulates
def virtio_queue_get_host_notifier(vq: VirtQueue) -> EventNotifier:
    """Return what a kick sets."""
    return vq.host_notifier
