"""The two address spaces of the machine, and reading and writing them (softmmu/physmem.c)."""

from __future__ import annotations

from typing import Final

from emu.exec.ramlist import RAMBlock
from emu.softmmu.ioport import unassigned_io_ops
from emu.softmmu.memory import (
    MEMTX_ACCESS_ERROR,
    MEMTX_DECODE_ERROR,
    MEMTX_OK,
    MEMTXATTRS_UNSPECIFIED,
    UINT64_MAX,
    AddressSpace,
    FlatRange,
    MemoryRegion,
    MemTxAttrs,
    address_space_init,
    address_space_to_flatview,
    memory_region_dispatch_read,
    memory_region_dispatch_write,
    memory_region_init,
    memory_region_init_io,
    unassigned_mem_ops,
)
from emu.trace import Ptr, Struct, embedded, emulates, per_run

TARGET_PAGE_BITS: Final = 12
TARGET_PAGE_SIZE: Final = 1 << TARGET_PAGE_BITS
IO_SPACE_SIZE: Final = 65536


class PhysMem(Struct):
    """The file-level variables of softmmu/physmem.c."""

    io_mem_unassigned: MemoryRegion | None = None
    system_memory: MemoryRegion | None = None
    system_io: MemoryRegion | None = None
    address_space_memory: AddressSpace = embedded(AddressSpace)
    address_space_io: AddressSpace = embedded(AddressSpace)


physmem = per_run(PhysMem)


def address_space_memory() -> AddressSpace:
    """Return the memory that the system sees."""
    return physmem().address_space_memory


def address_space_io() -> AddressSpace:
    """Return the I/O ports that the system sees."""
    return physmem().address_space_io


def get_system_memory() -> MemoryRegion:
    """Return the root of system memory."""
    root = physmem().system_memory
    assert root is not None
    return root


def get_system_io() -> MemoryRegion:
    """Return the root of the I/O ports."""
    root = physmem().system_io
    assert root is not None
    return root


@emulates
def io_mem_init() -> None:
    """Make the region that answers where nothing else does."""
    memory_region_init_io(Ptr(physmem(), "io_mem_unassigned"), None, unassigned_mem_ops, None, None, UINT64_MAX)


@emulates
def memory_map_init() -> None:
    """Make the two address spaces, with nothing in them yet."""
    memory_region_init(Ptr(physmem(), "system_memory"), None, "system", UINT64_MAX)
    address_space_init(address_space_memory(), get_system_memory(), "memory")
    memory_region_init_io(Ptr(physmem(), "system_io"), None, unassigned_io_ops, None, "io", IO_SPACE_SIZE)
    address_space_init(address_space_io(), get_system_io(), "I/O")


@emulates
def cpu_exec_init_all() -> None:
    """Set up what every accelerator needs."""
    io_mem_init()
    memory_map_init()


def memory_access_is_direct(mr: MemoryRegion, is_write: bool) -> bool:
    """Tell whether accesses to a region go to its memory (include/exec/memory.h)."""
    if is_write:
        return mr.ram and not mr.readonly and not mr.rom_device and not mr.ram_device
    return (mr.ram and not mr.ram_device) or (mr.rom_device and mr.romd_mode)


def memory_access_size(mr: MemoryRegion, l: int, addr: int) -> int:
    """Return how many bytes an access to a device may have at most, a power of two."""
    assert mr.ops is not None
    access_size_max = mr.ops.valid.max_access_size or 4
    if not mr.ops.impl.unaligned:
        align_size_max = addr & -addr
        if align_size_max and align_size_max < access_size_max:
            access_size_max = align_size_max
    return 1 << (min(l, access_size_max).bit_length() - 1)


def ram_block_of(mr: MemoryRegion) -> RAMBlock:
    """Return the memory behind a RAM region."""
    assert mr.ram_block is not None
    return mr.ram_block


def _translate(as_: AddressSpace, addr: int, len_: int) -> tuple[FlatRange | None, int, int]:
    """Return the range at an address, the offset within its region, and how much of the access may go there."""
    fr = address_space_to_flatview(as_).lookup(addr)
    if fr is None:
        return None, 0, len_
    at = addr - fr.start + fr.offset_in_region
    return fr, at, min(len_, fr.end - addr) if fr.mr.ram else len_


def _allowed(mr: MemoryRegion, attrs: MemTxAttrs) -> bool:
    return not attrs.memory or mr.ram


def unassigned_size(addr: int, len_: int) -> int:
    """Return how many bytes an access to nothing has at once."""
    align = addr & -addr
    size = min(4, align) if align else 4
    return 1 << (min(len_, size).bit_length() - 1)


def address_space_read(as_: AddressSpace, addr: int, attrs: MemTxAttrs, len_: int) -> tuple[int, bytes]:
    """Read ``len_`` bytes. Return the result (``MEMTX_*``) and the bytes; what nothing answers reads as 0."""
    result, out = MEMTX_OK, bytearray()
    while len_ > 0:
        fr, at, l = _translate(as_, addr, len_)
        if fr is None:
            l = unassigned_size(addr, l)
            result |= MEMTX_DECODE_ERROR
            out += bytes(l)
        elif not _allowed(fr.mr, attrs):
            result |= MEMTX_ACCESS_ERROR
            out += bytes(l)
        elif memory_access_is_direct(fr.mr, False):
            out += ram_block_of(fr.mr).host().get(at, l)
        else:
            l = memory_access_size(fr.mr, l, at)
            r, value = memory_region_dispatch_read(fr.mr, at, l, attrs)
            result |= r
            out += value.to_bytes(l, "little")
        addr += l
        len_ -= l
    return result, bytes(out)


def address_space_write(as_: AddressSpace, addr: int, attrs: MemTxAttrs, data: bytes) -> int:
    """Write bytes. Return the result (``MEMTX_*``)."""
    result = MEMTX_OK
    while data:
        fr, at, l = _translate(as_, addr, len(data))
        if fr is None:
            l = unassigned_size(addr, l)
            result |= MEMTX_DECODE_ERROR
        elif not _allowed(fr.mr, attrs):
            result |= MEMTX_ACCESS_ERROR
        elif memory_access_is_direct(fr.mr, True):
            ram_block_of(fr.mr).host().put(at, data[:l])
        else:
            l = memory_access_size(fr.mr, l, at)
            result |= memory_region_dispatch_write(fr.mr, at, int.from_bytes(data[:l], "little"), l, attrs)
        addr += l
        data = data[l:]
    return result


def address_space_ld(as_: AddressSpace, addr: int, size: int, attrs: MemTxAttrs = MEMTXATTRS_UNSPECIFIED) -> int:
    """Read a little-endian number of ``size`` bytes (``address_space_ldl_le`` and its like)."""
    return int.from_bytes(address_space_read(as_, addr, attrs, size)[1], "little")


def address_space_st(as_: AddressSpace, addr: int, value: int, size: int, attrs: MemTxAttrs = MEMTXATTRS_UNSPECIFIED) -> None:
    """Write a little-endian number of ``size`` bytes (``address_space_stl_le`` and its like)."""
    address_space_write(as_, addr, attrs, (value & ((1 << 8 * size) - 1)).to_bytes(size, "little"))


def address_space_cache_init(as_: AddressSpace, addr: int, len_: int, _is_write: bool) -> int:
    """Return how many bytes from an address on lie in one region, of at most ``len_``."""
    assert len_ > 0
    fr = address_space_to_flatview(as_).lookup(addr)
    return min(len_, fr.end - addr) if fr is not None else len_
