"""How an access reaches the callbacks of a region (softmmu/memory.c).

The guard against a device that accesses itself by DMA is left out: no device here does.
"""

from __future__ import annotations

from emu.softmmu.memory.structs import (
    DEVICE_BIG_ENDIAN,
    MEMTX_DECODE_ERROR,
    MEMTX_OK,
    MemoryRegion,
    MemTxAttrs,
)
from emu.trace import emulates
from emu.util.event_notifier_posix import EventNotifier, event_notifier_set


def memory_region_access_valid(mr: MemoryRegion, addr: int, size: int, is_write: bool, attrs: MemTxAttrs) -> bool:
    """Tell whether a region takes an access at all."""
    assert mr.ops is not None
    valid = mr.ops.valid
    if valid.accepts is not None and not valid.accepts(mr.opaque, addr, size, is_write, attrs):
        return False
    if not valid.unaligned and addr & (size - 1):
        return False
    return not valid.max_access_size or valid.min_access_size <= size <= valid.max_access_size


def pieces(mr: MemoryRegion, size: int) -> tuple[int, list[tuple[int, int]]]:
    """Return the size that callbacks see, and for each piece of an access its offset and the shift of its value in bits."""
    assert mr.ops is not None
    impl = mr.ops.impl
    access_size = max(min(size, impl.max_access_size or 4), impl.min_access_size or 1)
    if mr.ops.endianness == DEVICE_BIG_ENDIAN:
        return access_size, [(i, (size - access_size - i) * 8) for i in range(0, size, access_size)]
    return access_size, [(i, i * 8) for i in range(0, size, access_size)]


def swapped(mr: MemoryRegion, value: int, size: int) -> int:
    """Return a value as a big-endian device shows it to a little-endian guest."""
    assert mr.ops is not None
    if mr.ops.endianness != DEVICE_BIG_ENDIAN:
        return value
    return int.from_bytes(value.to_bytes(size, "little"), "big")


@emulates
def memory_region_dispatch_read(mr: MemoryRegion, addr: int, size: int, attrs: MemTxAttrs) -> tuple[int, int]:
    """Read ``size`` bytes. Return the result (``MEMTX_*``) and the value."""
    if mr.alias is not None:
        return memory_region_dispatch_read(mr.alias, mr.alias_offset + addr, size, attrs)
    if not memory_region_access_valid(mr, addr, size, False, attrs):
        return MEMTX_DECODE_ERROR, 0
    ops = mr.ops
    assert ops is not None
    result, value = MEMTX_OK, 0
    access_size, parts = pieces(mr, size)
    mask = (1 << 8 * access_size) - 1
    for offset, shift in parts:
        if ops.read is not None:
            tmp = ops.read(mr.opaque, addr + offset, access_size)
        else:
            assert ops.read_with_attrs is not None
            r, tmp = ops.read_with_attrs(mr.opaque, addr + offset, access_size, attrs)
            result |= r
        value |= (tmp & mask) << shift if shift >= 0 else (tmp & mask) >> -shift
    return result, swapped(mr, value & ((1 << 8 * size) - 1), size)


def memory_region_dispatch_write_eventfds(mr: MemoryRegion, addr: int, data: int, size: int) -> bool:
    """Set the event notifier that waits for a write, if there is one."""
    for fd in mr.ioeventfds:
        if fd.addr == addr and (not fd.size or (fd.size == size and (not fd.match_data or fd.data == data))):
            assert isinstance(fd.e, EventNotifier)
            event_notifier_set(fd.e)
            return True
    return False


@emulates
def memory_region_dispatch_write(mr: MemoryRegion, addr: int, data: int, size: int, attrs: MemTxAttrs) -> int:
    """Write ``size`` bytes. Return the result (``MEMTX_*``)."""
    if mr.alias is not None:
        return memory_region_dispatch_write(mr.alias, mr.alias_offset + addr, data, size, attrs)
    if not memory_region_access_valid(mr, addr, size, True, attrs):
        return MEMTX_DECODE_ERROR
    data = swapped(mr, data, size)
    if memory_region_dispatch_write_eventfds(mr, addr, data, size):
        return MEMTX_OK
    ops = mr.ops
    assert ops is not None
    result = MEMTX_OK
    access_size, parts = pieces(mr, size)
    mask = (1 << 8 * access_size) - 1
    for offset, shift in parts:
        tmp = (data >> shift if shift >= 0 else data << -shift) & mask
        if ops.write is not None:
            ops.write(mr.opaque, addr + offset, tmp, access_size)
        else:
            assert ops.write_with_attrs is not None
            result |= ops.write_with_attrs(mr.opaque, addr + offset, tmp, access_size, attrs)
    return result
