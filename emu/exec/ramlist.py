"""RAM blocks: the memory behind regions (softmmu/physmem.c, include/exec/ramlist.h, include/exec/ramblock.h).

A block's bytes are guest data and no state of the machine: they are kept sparsely and not recorded.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Any, Final

from emu.errors import QemuAbort
from emu.trace import Seq, Struct, emulates, g_free, per_run, recorder, seq

if TYPE_CHECKING:
    from emu.softmmu.memory.structs import MemoryRegion

RAM_PREALLOC: Final = 1 << 0
RAM_RESIZEABLE: Final = 1 << 2
RAM_MIGRATABLE: Final = 1 << 4

HOST_PAGE_SIZE: Final = 4096
ALIGN_IN_BITMAP: Final = 64 << 12
"""``BITS_PER_LONG << TARGET_PAGE_BITS``: blocks start on a word of the dirty bitmap."""
VMALLOC_ALIGN: Final = 512 * 4096
"""``QEMU_VMALLOC_ALIGN`` on x86-64 hosts."""
RAM_ADDR_MAX: Final = (1 << 64) - 1
CHUNK: Final = 4096


class HostMemory:
    """Zeroed memory of which only the chunks that were written take space. Offsets and sizes in bytes."""

    __slots__ = ("chunks", "size")

    def __init__(self, size: int) -> None:
        self.size = size
        self.chunks: dict[int, bytearray] = {}

    def get(self, at: int, size: int) -> bytes:
        """Return ``size`` bytes. IndexError: outside."""
        self._check(at, size)
        out = bytearray()
        while size:
            number, start = divmod(at, CHUNK)
            step = min(size, CHUNK - start)
            chunk = self.chunks.get(number)
            out += chunk[start : start + step] if chunk is not None else bytes(step)
            at += step
            size -= step
        return bytes(out)

    def put(self, at: int, data: bytes) -> None:
        """Overwrite bytes. IndexError: outside."""
        self._check(at, len(data))
        done = 0
        while done < len(data):
            number, start = divmod(at + done, CHUNK)
            step = min(len(data) - done, CHUNK - start)
            chunk = self.chunks.setdefault(number, bytearray(CHUNK))
            chunk[start : start + step] = data[done : done + step]
            done += step

    def read(self, at: int, size: int) -> int:
        """Return ``size`` bytes as a little-endian number."""
        return int.from_bytes(self.get(at, size), "little")

    def write(self, at: int, value: int, size: int) -> None:
        """Write ``value`` as ``size`` little-endian bytes."""
        self.put(at, (value & ((1 << 8 * size) - 1)).to_bytes(size, "little"))

    def _check(self, at: int, size: int) -> None:
        if at < 0 or at + size > self.size:
            raise IndexError(f"{at}+{size} is outside of {self.size} bytes")


class RAMBlock(Struct):
    """A run of memory, by offset in the space of all RAM. Sizes in bytes."""

    mr: MemoryRegion | None = None
    offset: int = 0
    used_length: int = 0
    max_length: int = 0
    flags: int = 0
    idstr: str = ""
    fd: int = -1
    """The descriptor of the file that it is mapped from; -1: of none."""

    def host(self) -> HostMemory:
        """Return the bytes."""
        host: HostMemory = self.__dict__["_host"]
        return host


class RAMList(Struct):
    """All blocks, the biggest first."""

    blocks: Seq[RAMBlock] = seq()
    version: int = 0


ram_list = per_run(RAMList)


def round_up(value: int, to: int) -> int:
    """Return the next multiple of ``to``."""
    return -(-value // to) * to


def find_ram_offset(size: int) -> int:
    """Return the start of the smallest gap that holds ``size`` bytes."""
    assert size != 0
    blocks = ram_list().blocks
    if not len(blocks):
        return 0
    offset = mingap = RAM_ADDR_MAX
    starts = sorted(block.offset for block in blocks)
    for block in blocks:
        candidate = round_up(block.offset + block.max_length, ALIGN_IN_BITMAP)
        at = bisect_left(starts, candidate)
        following = starts[at] if at < len(starts) else RAM_ADDR_MAX
        gap = following - candidate
        if size <= gap < mingap:
            offset, mingap = candidate, gap
    if offset == RAM_ADDR_MAX:
        recorder().message("stderr", f"Failed to find gap of requested size: {size}\n")
        raise QemuAbort
    return offset


def ram_block_add(new_block: RAMBlock) -> None:
    """Give a block its offset and its place in the list."""
    new_block.offset = find_ram_offset(new_block.max_length)
    if not new_block.flags & RAM_PREALLOC:
        assert new_block.mr is not None
        new_block.mr.align = VMALLOC_ALIGN
    blocks = ram_list().blocks
    at = next((i for i, block in enumerate(blocks) if block.max_length < new_block.max_length), len(blocks))
    blocks.insert(at, new_block)
    ram_list().version += 1


@emulates(file="softmmu/physmem.c")
def qemu_ram_alloc_internal(size: int, max_size: int, ram_flags: int, mr: MemoryRegion) -> RAMBlock:
    """Make a block of host pages. The simulated host never runs out of memory."""
    size = round_up(size, HOST_PAGE_SIZE)
    max_size = round_up(max_size, HOST_PAGE_SIZE)
    assert max_size >= size
    block = RAMBlock(mr=mr, used_length=size, max_length=max_size, flags=ram_flags)
    block.__dict__["_host"] = HostMemory(max_size)
    ram_block_add(block)
    return block


def qemu_ram_alloc(size: int, ram_flags: int, mr: MemoryRegion) -> RAMBlock:
    """Allocate RAM for a region."""
    return qemu_ram_alloc_internal(size, size, ram_flags, mr)


def qemu_ram_alloc_resizeable(size: int, maxsz: int, mr: MemoryRegion) -> RAMBlock:
    """Allocate RAM that may grow to ``maxsz``."""
    return qemu_ram_alloc_internal(size, maxsz, RAM_RESIZEABLE, mr)


def qemu_ram_alloc_from_ptr(size: int, mr: MemoryRegion) -> RAMBlock:
    """Take memory that somebody else has as the RAM of a region."""
    return qemu_ram_alloc_internal(size, size, RAM_PREALLOC, mr)


@emulates(file="softmmu/physmem.c")
def qemu_ram_free(block: RAMBlock | None) -> None:
    """Give a block back."""
    if block is None:
        return
    ram_list().blocks.remove(block)
    ram_list().version += 1
    g_free(block)


@emulates(file="softmmu/physmem.c")
def qemu_ram_set_idstr(new_block: RAMBlock, name: str, dev: Any) -> None:
    """Name a block for migration: the path of its device and the region's name. A name that is taken aborts."""
    from emu.hw.core.qdev import qdev_get_dev_path  # qdev itself registers state, and so comes first

    assert not new_block.idstr
    idstr = ""
    if dev is not None:
        path = qdev_get_dev_path(dev)
        if path is not None:
            idstr = f"{path}/"[:255]
    new_block.idstr = (idstr + name)[:255]
    if any(block is not new_block and block.idstr == new_block.idstr for block in ram_list().blocks):
        recorder().message("stderr", f'RAMBlock "{new_block.idstr}" already registered, abort!\n')
        raise QemuAbort


@emulates(file="softmmu/physmem.c")
def qemu_ram_unset_idstr(block: RAMBlock | None) -> None:
    """Take the name of a block away."""
    if block is not None:
        block.idstr = ""


@emulates(file="softmmu/physmem.c")
def qemu_ram_set_migratable(rb: RAMBlock) -> None:
    """Let migration save a block."""
    rb.flags |= RAM_MIGRATABLE


@emulates(file="softmmu/physmem.c")
def qemu_ram_unset_migratable(rb: RAMBlock) -> None:
    """Keep migration from saving a block."""
    rb.flags &= ~RAM_MIGRATABLE
