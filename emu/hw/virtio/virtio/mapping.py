"""From descriptors to buffers in guest memory (hw/virtio/virtio.c)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NoReturn, Protocol

from emu.hw.virtio.virtio.notify import virtio_error
from emu.hw.virtio.virtio.rings import VRING_DESC_SIZE
from emu.hw.virtio.virtio.structs import VIRTQUEUE_MAX_SIZE, VirtIODevice, VirtQueue, VirtQueueElement
from emu.softmmu.memory import MEMTXATTRS_UNSPECIFIED, AddressSpace
from emu.softmmu.physmem import address_space_cache_init, address_space_read, address_space_write
from emu.standard_headers.linux.virtio_ring import VRING_DESC_F_WRITE

Buffers = tuple[tuple[int, int], ...]
"""Address and size of each."""


class Malformed(Exception):
    """The driver's ring makes no sense; virtio_error has said so."""


class Described(Protocol):
    """What the descriptors of both kinds of ring say."""

    @property
    def addr(self) -> int: ...  # noqa: D102  # a field of the descriptor

    @property
    def len_(self) -> int: ...  # noqa: D102  # likewise

    @property
    def flags(self) -> int: ...  # noqa: D102  # likewise


def dma_as(vdev: VirtIODevice) -> AddressSpace:
    """Return the memory that a device reaches."""
    assert vdev.dma_as is not None
    return vdev.dma_as


def the_vdev(vq: VirtQueue) -> VirtIODevice:
    """Return the device of a queue."""
    assert vq.vdev is not None
    return vq.vdev


def looped(vdev: VirtIODevice) -> NoReturn:
    """Malformed: there are more buffers than descriptors."""
    virtio_error(vdev, "Looped descriptor")
    raise Malformed


def indirect_table(vdev: VirtIODevice, addr: int, size: int, enough: bool) -> None:
    """Check a table of descriptors outside of the ring. Malformed: its size in bytes, or not memory."""
    if not enough or size % VRING_DESC_SIZE:
        virtio_error(vdev, "Invalid size for indirect buffer table")
        raise Malformed
    if size and address_space_cache_init(dma_as(vdev), addr, size, False) < size:
        virtio_error(vdev, "Cannot map indirect buffer")
        raise Malformed


def collect(vdev: VirtIODevice, descs: Iterator[Described]) -> tuple[Buffers, Buffers]:
    """Return the buffers of a chain to read and to write. Malformed: one is empty, too many, or in the wrong order."""
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
        if len(out_sg) + len(in_sg) == VIRTQUEUE_MAX_SIZE:
            virtio_error(vdev, "virtio: too many write descriptors in indirect table")
            raise Malformed
        (in_sg if write else out_sg).append((desc.addr, desc.len_))
    return tuple(out_sg), tuple(in_sg)


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
