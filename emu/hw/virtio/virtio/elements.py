"""Chains of buffers come out of a queue and go back into it, whatever its ring (hw/virtio/virtio.c; virtio 1.2, 2.6)."""

from __future__ import annotations

from emu.hw.virtio.virtio import packed, split
from emu.hw.virtio.virtio.features import virtio_vdev_has_feature
from emu.hw.virtio.virtio.mapping import the_vdev
from emu.hw.virtio.virtio.notify import virtio_device_disabled, virtio_irq
from emu.hw.virtio.virtio.structs import VirtIODevice, VirtQueue, VirtQueueElement
from emu.standard_headers.linux.virtio_config import VIRTIO_F_RING_PACKED
from emu.trace import emulates


def is_packed(vq: VirtQueue) -> bool:
    """Tell whether the driver chose packed rings."""
    return virtio_vdev_has_feature(the_vdev(vq), VIRTIO_F_RING_PACKED)


def virtio_queue_ready(vq: VirtQueue) -> bool:
    """Tell whether a queue was set up."""
    return vq.vring.avail != 0


@emulates
def virtio_queue_set_notification(vq: VirtQueue, enable: int) -> None:
    """Ask for kicks, or say that none are needed."""
    vq.notification = bool(enable)
    if not vq.vring.desc:
        return
    if is_packed(vq):
        packed.virtio_queue_packed_set_notification(vq, enable)
    else:
        split.virtio_queue_split_set_notification(vq, enable)


@emulates
def virtio_queue_empty(vq: VirtQueue) -> bool:
    """Tell whether no chain is available."""
    return packed.virtio_queue_packed_empty(vq) if is_packed(vq) else split.virtio_queue_split_empty(vq)


@emulates
def virtio_queue_poll(vq: VirtQueue, shadow_idx: int) -> bool:
    """Tell whether a chain became available since ``shadow_idx`` was the index."""
    if virtio_device_disabled(the_vdev(vq)):
        return False
    if is_packed(vq):
        return packed.virtio_queue_packed_poll(vq, shadow_idx)
    return split.virtio_queue_split_poll(vq, shadow_idx)


@emulates
def virtio_queue_enable_notification_and_check(vq: VirtQueue, opaque: int) -> bool:
    """Ask for kicks; tell whether a chain became available since virtqueue_get_avail_bytes returned ``opaque``."""
    virtio_queue_set_notification(vq, 1)
    return virtio_queue_poll(vq, opaque) if opaque >= 0 else False


@emulates
def virtqueue_get_avail_bytes(vq: VirtQueue, max_in_bytes: int, max_out_bytes: int) -> tuple[int, int, int]:
    """Count the bytes that available chains have room for and hold, until both limits are reached.

    Returns the index seen (-1: no ring), the bytes that may be written and those that may be read.
    """
    if not vq.vring.desc or vq.vring.caches is None:
        return -1, 0, 0
    if is_packed(vq):
        in_total, out_total = packed.virtqueue_packed_get_avail_bytes(vq, max_in_bytes, max_out_bytes)
    else:
        in_total, out_total = split.virtqueue_split_get_avail_bytes(vq, max_in_bytes, max_out_bytes)
    return vq.shadow_avail_idx, in_total, out_total


@emulates
def virtqueue_pop(vq: VirtQueue) -> VirtQueueElement | None:
    """Take the next available chain; None if there is none, or it makes no sense."""
    if virtio_device_disabled(the_vdev(vq)):
        return None
    return packed.virtqueue_packed_pop(vq) if is_packed(vq) else split.virtqueue_split_pop(vq)


@emulates
def virtqueue_detach_element(vq: VirtQueue, elem: VirtQueueElement, length: int) -> None:
    """Forget a chain without giving it back."""
    vq.inuse -= elem.ndescs


@emulates
def virtqueue_unpop(vq: VirtQueue, elem: VirtQueueElement, length: int) -> None:
    """Put a chain back as if it had not been taken."""
    if is_packed(vq):
        packed.virtqueue_packed_rewind(vq, 1)
    else:
        split.virtqueue_split_rewind(vq, 1)
    virtqueue_detach_element(vq, elem, length)


@emulates
def virtqueue_fill(vq: VirtQueue, elem: VirtQueueElement, length: int, idx: int) -> None:
    """Give a chain back with ``length`` bytes written, not to be seen before virtqueue_flush."""
    if virtio_device_disabled(the_vdev(vq)):
        return
    if is_packed(vq):
        packed.virtqueue_packed_fill(vq, elem, length, idx)
    else:
        split.virtqueue_split_fill(vq, elem, length, idx)


@emulates
def virtqueue_flush(vq: VirtQueue, count: int) -> None:
    """Let the driver see the chains that were given back."""
    if virtio_device_disabled(the_vdev(vq)):
        vq.inuse -= count
    elif is_packed(vq):
        packed.virtqueue_packed_flush(vq, count)
    else:
        split.virtqueue_split_flush(vq, count)


@emulates
def virtqueue_push(vq: VirtQueue, elem: VirtQueueElement, length: int) -> None:
    """Give a chain back with ``length`` bytes written."""
    virtqueue_fill(vq, elem, length, 0)
    virtqueue_flush(vq, 1)


@emulates
def virtqueue_drop_all(vq: VirtQueue) -> int:
    """Give all available chains back unused; return how many."""
    if virtio_device_disabled(the_vdev(vq)):
        return 0
    return packed.virtqueue_packed_drop_all(vq) if is_packed(vq) else split.virtqueue_split_drop_all(vq)


@emulates
def virtio_should_notify(vdev: VirtIODevice, vq: VirtQueue) -> bool:
    """Tell whether the driver wants an interrupt now."""
    if is_packed(vq):
        return packed.virtio_packed_should_notify(vdev, vq)
    return split.virtio_split_should_notify(vdev, vq)


@emulates
def virtio_notify(vdev: VirtIODevice, vq: VirtQueue) -> None:
    """Interrupt the driver for a queue, if it wants that."""
    if virtio_should_notify(vdev, vq):
        virtio_irq(vq)
