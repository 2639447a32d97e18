"""Ranges whose writes may be batched (softmmu/memory.c). No accelerator here batches, so no listener asks for them."""

from __future__ import annotations

from emu.softmmu.memory.structs import CoalescedMemoryRange, MemoryRegion
from emu.trace import emulates, g_free


@emulates
def memory_region_set_coalescing(mr: MemoryRegion) -> None:
    """Let all writes to a region be batched."""
    memory_region_clear_coalescing(mr)
    memory_region_add_coalescing(mr, 0, mr.size)


@emulates
def memory_region_add_coalescing(mr: MemoryRegion, offset: int, size: int) -> None:
    """Let writes to a part of a region be batched. Offset and size in bytes."""
    mr.coalesced.append(CoalescedMemoryRange(addr=offset, size=size))
    memory_region_set_flush_coalesced(mr)


@emulates
def memory_region_clear_coalescing(mr: MemoryRegion) -> None:
    """End all batching of a region."""
    if not len(mr.coalesced):
        return
    mr.flush_coalesced_mmio = False
    while len(mr.coalesced):
        g_free(mr.coalesced.pop(0))


@emulates
def memory_region_set_flush_coalesced(mr: MemoryRegion) -> None:
    """Have batched writes done before a region is accessed."""
    mr.flush_coalesced_mmio = True


@emulates
def memory_region_clear_flush_coalesced(mr: MemoryRegion) -> None:
    """Let accesses to a region overtake batched writes, unless it batches itself."""
    if not len(mr.coalesced):
        mr.flush_coalesced_mmio = False
