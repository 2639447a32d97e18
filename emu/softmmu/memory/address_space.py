"""Address spaces (softmmu/memory.c)."""

from __future__ import annotations

from emu.softmmu.memory.flatview import address_space_to_flatview, forget_address_space
from emu.softmmu.memory.ioeventfd import address_space_update_ioeventfds
from emu.softmmu.memory.region import memory_region_ref, memory_region_unref
from emu.softmmu.memory.spaces import forget_space, note_space
from emu.softmmu.memory.structs import AddressSpace, MemoryRegion, MemoryRegionSection, memory_globals
from emu.softmmu.memory.transaction import (
    address_space_update_topology,
    memory_region_transaction_begin,
    memory_region_transaction_commit,
)
from emu.trace import emulates
from emu.util.rcu import call_rcu


@emulates
def address_space_init(as_: AddressSpace, root: MemoryRegion, name: str | None) -> None:
    """Show a root region as an address space."""
    memory_region_ref(root)
    as_.root = root
    memory_globals().address_spaces.append(as_)
    note_space(as_)
    as_.name = name or "anonymous"
    address_space_update_topology(as_)
    address_space_update_ioeventfds(as_)


@emulates
def do_address_space_destroy(as_: AddressSpace) -> None:
    """Forget what an address space showed, and its root."""
    assert not len(as_.listeners)
    forget_address_space(as_)
    memory_region_unref(as_.root)


@emulates
def address_space_destroy(as_: AddressSpace) -> None:
    """End an address space."""
    root = as_.root
    memory_region_transaction_begin()
    forget_space(as_)
    as_.root = None
    memory_region_transaction_commit()
    memory_globals().address_spaces.remove(as_)
    # those who still read it may do so until the end
    as_.root = root
    call_rcu(do_address_space_destroy, as_)


def memory_region_to_address_space(mr: MemoryRegion) -> AddressSpace | None:
    """Return the address space whose root a region is below."""
    while mr.container is not None:
        mr = mr.container
    return next((as_ for as_ in memory_globals().address_spaces if as_.root is mr), None)


def memory_region_find(mr: MemoryRegion, addr: int, size: int) -> MemoryRegionSection:
    """Return the first part of ``addr``..``addr + size`` within a region that any region answers."""
    root = mr
    addr += mr.addr
    while root.container is not None:
        root = root.container
        addr += root.addr
    as_ = memory_region_to_address_space(root)
    if as_ is None:
        return MemoryRegionSection()
    for fr in address_space_to_flatview(as_).ranges:
        start, end = max(addr, fr.start), min(addr + size, fr.end)
        if start < end:
            offset = fr.offset_in_region + start - fr.start
            return MemoryRegionSection(fr.mr, offset, end - start, start, fr.readonly, fr.nonvolatile)
    return MemoryRegionSection()


def memory_region_present(container: MemoryRegion, addr: int) -> bool:
    """Tell whether a container shows some other region at an address."""
    mr = memory_region_find(container, addr, 1).mr
    return mr is not None and mr is not container
