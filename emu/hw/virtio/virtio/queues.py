"""The queues of a device: made, found, sized, notified (hw/virtio/virtio.c; virtio 1.2, 2.6)."""

from __future__ import annotations

from emu.hw.virtio.virtio.bus import VIRTIO_BUS_GET_CLASS, parent_bus
from emu.hw.virtio.virtio.features import virtio_vdev_has_feature
from emu.hw.virtio.virtio.rings import (
    the_queue,
    virtio_init_region_cache,
    virtio_queue_update_rings,
    virtio_virtqueue_reset_region_cache,
)
from emu.hw.virtio.virtio.structs import (
    VIRTIO_NO_VECTOR,
    VIRTIO_QUEUE_MAX,
    VIRTQUEUE_MAX_SIZE,
    Sparse,
    VirtIODevice,
    VirtIOHandleOutput,
    VirtQueue,
    VirtQueueElement,
    g_free_array,
)
from emu.standard_headers.linux.virtio_config import VIRTIO_F_VERSION_1
from emu.standard_headers.linux.virtio_pci import VIRTIO_PCI_VRING_ALIGN
from emu.trace import emulates
from emu.util.error_report import error_report


def new_queue(vdev: VirtIODevice) -> Sparse[VirtQueue]:
    """Allocate the queues of a device as ``virtio_init`` leaves them."""
    return Sparse(VIRTIO_QUEUE_MAX, lambda n: VirtQueue(vector=VIRTIO_NO_VECTOR, vdev=vdev, queue_index=n))


def reset_queue(vdev: VirtIODevice, n: int) -> VirtQueue:
    """Make a queue that nobody touched before as ``__virtio_queue_reset`` leaves it."""
    return VirtQueue(
        vector=VIRTIO_NO_VECTOR,
        vdev=vdev,
        queue_index=n,
        last_avail_wrap_counter=True,
        shadow_avail_wrap_counter=True,
        used_wrap_counter=True,
        notification=True,
    )


def virtio_get_queue(vdev: VirtIODevice, n: int) -> VirtQueue:
    """Return a queue by its number."""
    return the_queue(vdev, n)


def virtio_get_queue_index(vq: VirtQueue) -> int:
    """Return the number of a queue."""
    return vq.queue_index


def peek(vdev: VirtIODevice, n: int) -> VirtQueue | None:
    """Return a queue if anybody touched it yet."""
    return vdev.vq.peek(n) if vdev.vq is not None else None


@emulates
def virtio_add_queue(vdev: VirtIODevice, queue_size: int, handle_output: VirtIOHandleOutput) -> VirtQueue:
    """Give the first free queue a size and a handler."""
    i = 0
    while i < VIRTIO_QUEUE_MAX and (vq := peek(vdev, i)) is not None and vq.vring.num:
        i += 1
    assert i < VIRTIO_QUEUE_MAX
    assert queue_size <= VIRTQUEUE_MAX_SIZE
    vq = the_queue(vdev, i)
    vq.vring.num = queue_size
    vq.vring.num_default = queue_size
    vq.vring.align = VIRTIO_PCI_VRING_ALIGN
    vq.handle_output = handle_output
    vq.used_elems = Sparse(queue_size, lambda _: VirtQueueElement())
    return vq


@emulates
def virtio_delete_queue(vq: VirtQueue) -> None:
    """Take size and handler of a queue away."""
    vq.vring.num = 0
    vq.vring.num_default = 0
    vq.handle_output = None
    g_free_array(vq.used_elems)
    vq.used_elems = None
    virtio_virtqueue_reset_region_cache(vq)


@emulates
def virtio_del_queue(vdev: VirtIODevice, n: int) -> None:
    """Delete a queue by its number."""
    assert 0 <= n < VIRTIO_QUEUE_MAX
    virtio_delete_queue(the_queue(vdev, n))


@emulates
def virtio_device_free_virtqueues(vdev: VirtIODevice) -> None:
    """Free all queues of a device; before ``virtio_init`` it has none."""
    if vdev.vq is None:
        return
    for vq in vdev.vq:
        if not vq.vring.num:
            break
        virtio_virtqueue_reset_region_cache(vq)
    g_free_array(vdev.vq)


def virtio_queue_get_num(vdev: VirtIODevice, n: int) -> int:
    """Return how many buffers a queue holds; 0 where there is no queue."""
    vq = peek(vdev, n)
    return vq.vring.num if vq is not None else 0


def virtio_queue_get_max_num(vdev: VirtIODevice, n: int) -> int:
    """Return how many buffers a queue can hold; 0 where there is no queue."""
    vq = peek(vdev, n)
    return vq.vring.num_default if vq is not None else 0


def virtio_get_num_queues(vdev: VirtIODevice) -> int:
    """Return how many queues there are before the first gap."""
    i = 0
    while i < VIRTIO_QUEUE_MAX and virtio_queue_get_num(vdev, i):
        i += 1
    return i


@emulates
def virtio_queue_set_num(vdev: VirtIODevice, n: int, num: int) -> None:
    """The driver makes a queue smaller. A size out of range changes nothing, nor does one that would make or end a queue."""
    have = virtio_queue_get_num(vdev, n)
    if bool(num) != bool(have) or num > VIRTQUEUE_MAX_SIZE or num < 0 or not have:
        return
    the_queue(vdev, n).vring.num = num


@emulates
def virtio_queue_set_addr(vdev: VirtIODevice, n: int, addr: int) -> None:
    """A legacy driver says where a queue lies, in bytes."""
    if not virtio_queue_get_num(vdev, n):
        return
    the_queue(vdev, n).vring.desc = addr
    virtio_queue_update_rings(vdev, n)


def virtio_queue_get_addr(vdev: VirtIODevice, n: int) -> int:
    """Return where a queue lies, in bytes; 0 if it was not set up."""
    vq = peek(vdev, n)
    return vq.vring.desc if vq is not None else 0


virtio_queue_get_desc_addr = virtio_queue_get_addr


@emulates
def virtio_queue_set_rings(vdev: VirtIODevice, n: int, desc: int, avail: int, used: int) -> None:
    """A virtio 1 driver says where the three parts of a queue lie, in bytes."""
    if not virtio_queue_get_num(vdev, n):
        return
    vring = the_queue(vdev, n).vring
    vring.desc = desc
    vring.avail = avail
    vring.used = used
    virtio_init_region_cache(vdev, n)


def virtio_queue_enabled_legacy(vdev: VirtIODevice, n: int) -> bool:
    """Tell whether a queue of a legacy device was set up."""
    return virtio_queue_get_desc_addr(vdev, n) != 0


def virtio_queue_enabled(vdev: VirtIODevice, n: int) -> bool:
    """Tell whether the driver has enabled a queue."""
    qbus = parent_bus(vdev)
    k = VIRTIO_BUS_GET_CLASS(qbus)
    if k.queue_enabled:
        return k.queue_enabled(qbus.parent, n)
    return virtio_queue_enabled_legacy(vdev, n)


@emulates
def virtio_queue_set_align(vdev: VirtIODevice, n: int, align: int) -> None:
    """A legacy driver changes the alignment of a queue, in bytes, where the transport can do that."""
    k = VIRTIO_BUS_GET_CLASS(parent_bus(vdev))
    if virtio_vdev_has_feature(vdev, VIRTIO_F_VERSION_1):
        error_report("tried to modify queue alignment for virtio-1 device")
        return
    assert k.has_variable_vring_alignment
    if align:
        the_queue(vdev, n).vring.align = align
        virtio_queue_update_rings(vdev, n)


def virtio_queue_vector(vdev: VirtIODevice, n: int) -> int:
    """Return the MSI-X vector of a queue, VIRTIO_NO_VECTOR if it has none."""
    vq = peek(vdev, n)
    return vq.vector if vq is not None else VIRTIO_NO_VECTOR


@emulates
def virtio_queue_set_vector(vdev: VirtIODevice, n: int, vector: int) -> None:
    """Give a queue an MSI-X vector, or VIRTIO_NO_VECTOR."""
    if n >= VIRTIO_QUEUE_MAX:
        return
    vq = the_queue(vdev, n)
    if vdev.vector_queues is not None and vq.vector != VIRTIO_NO_VECTOR:
        vdev.vector_queues[vq.vector].queues.remove(vq)
    vq.vector = vector
    if vdev.vector_queues is not None and vector != VIRTIO_NO_VECTOR:
        vdev.vector_queues[vector].queues.insert(0, vq)


def queues_of_vector(vdev: VirtIODevice, vector: int) -> tuple[VirtQueue, ...]:
    """Return the queues of a vector: what virtio_vector_first_queue and virtio_vector_next_queue walk through."""
    assert vdev.vector_queues is not None
    return tuple(vdev.vector_queues[vector].queues)
