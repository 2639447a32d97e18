"""Changes of the region tree and of what its regions are (softmmu/memory.c)."""

from __future__ import annotations

from emu.softmmu.memory.flatview import forget_ranges
from emu.softmmu.memory.ioeventfd import ioeventfd_key
from emu.softmmu.memory.region import memory_region_ref, memory_region_unref
from emu.softmmu.memory.structs import (
    INT128_2_64,
    UINT64_MAX,
    MemoryRegion,
    MemoryRegionIoeventfd,
    memory_globals,
)
from emu.softmmu.memory.transaction import memory_region_transaction_begin, memory_region_transaction_commit
from emu.trace import Struct, emulates


def _pending(update: bool) -> None:
    # C's |=: the flag is only ever raised here
    if update:
        memory_globals().memory_region_update_pending = True


@emulates
def memory_region_update_container_subregions(subregion: MemoryRegion) -> None:
    """Insert a subregion before the first whose priority is not higher than its own."""
    mr = subregion.container
    assert mr is not None
    memory_region_transaction_begin()
    memory_region_ref(subregion)
    at = next((i for i, other in enumerate(mr.subregions) if subregion.priority >= other.priority), len(mr.subregions))
    mr.subregions.insert(at, subregion)
    forget_ranges(mr)
    _pending(mr.enabled and subregion.enabled)
    memory_region_transaction_commit()


def _mapped_via_alias(subregion: MemoryRegion, change: int) -> None:
    alias = subregion.alias
    while alias is not None:
        alias.mapped_via_alias += change
        assert alias.mapped_via_alias >= 0
        alias = alias.alias


@emulates
def memory_region_add_subregion_common(mr: MemoryRegion, offset: int, subregion: MemoryRegion) -> None:
    """Put a region into a container, ``offset`` bytes from its start."""
    assert subregion.container is None
    subregion.container = mr
    _mapped_via_alias(subregion, 1)
    subregion.addr = offset
    memory_region_update_container_subregions(subregion)


@emulates
def memory_region_add_subregion(mr: MemoryRegion, offset: int, subregion: MemoryRegion) -> None:
    """Put a region into a container where it overlaps no other."""
    subregion.priority = 0
    memory_region_add_subregion_common(mr, offset, subregion)


@emulates
def memory_region_add_subregion_overlap(mr: MemoryRegion, offset: int, subregion: MemoryRegion, priority: int) -> None:
    """Put a region into a container; of regions that overlap, the one of the higher priority shows."""
    subregion.priority = priority
    memory_region_add_subregion_common(mr, offset, subregion)


@emulates
def memory_region_del_subregion(mr: MemoryRegion, subregion: MemoryRegion) -> None:
    """Take a region out of its container."""
    memory_region_transaction_begin()
    assert subregion.container is mr
    forget_ranges(mr)
    subregion.container = None
    _mapped_via_alias(subregion, -1)
    mr.subregions.remove(subregion)
    memory_region_unref(subregion)
    _pending(mr.enabled and subregion.enabled)
    memory_region_transaction_commit()


@emulates
def memory_region_set_enabled(mr: MemoryRegion | None, enabled: bool) -> None:
    """Show or hide a region. None is a region that was never initialised: zeroed memory, hidden, in no container."""
    if enabled == (mr is not None and mr.enabled):
        return
    memory_region_transaction_begin()
    if mr is not None:
        mr.enabled = enabled
        forget_ranges(mr)
    _pending(True)
    memory_region_transaction_commit()


@emulates
def memory_region_set_size(mr: MemoryRegion, size: int) -> None:
    """Change the size of a region, in bytes."""
    s = INT128_2_64 if size == UINT64_MAX else size
    if s == mr.size:
        return
    memory_region_transaction_begin()
    mr.size = s
    forget_ranges(mr)
    _pending(True)
    memory_region_transaction_commit()


@emulates
def memory_region_readd_subregion(mr: MemoryRegion) -> None:
    """Take a region out of its container and put it back."""
    container = mr.container
    if container is None:
        return
    memory_region_transaction_begin()
    memory_region_ref(mr)
    memory_region_del_subregion(container, mr)
    memory_region_add_subregion_common(container, mr.addr, mr)
    memory_region_unref(mr)
    memory_region_transaction_commit()


@emulates
def memory_region_set_address(mr: MemoryRegion, addr: int) -> None:
    """Move a region within its container."""
    if addr != mr.addr:
        mr.addr = addr
        memory_region_readd_subregion(mr)


@emulates
def memory_region_set_alias_offset(mr: MemoryRegion, offset: int) -> None:
    """Move the window of an alias over its region."""
    assert mr.alias is not None
    if offset == mr.alias_offset:
        return
    memory_region_transaction_begin()
    mr.alias_offset = offset
    forget_ranges(mr)
    _pending(mr.enabled)
    memory_region_transaction_commit()


def _set_flag(mr: MemoryRegion, field: str, value: bool) -> None:
    if getattr(mr, field) == value:
        return
    memory_region_transaction_begin()
    setattr(mr, field, value)
    forget_ranges(mr)
    _pending(mr.enabled)
    memory_region_transaction_commit()


@emulates
def memory_region_set_readonly(mr: MemoryRegion, readonly: bool) -> None:
    """Let writes to a region be ignored or not."""
    _set_flag(mr, "readonly", readonly)


@emulates
def memory_region_set_nonvolatile(mr: MemoryRegion, nonvolatile: bool) -> None:
    """Say whether the contents of a region outlast power."""
    _set_flag(mr, "nonvolatile", nonvolatile)


@emulates
def memory_region_rom_device_set_romd(mr: MemoryRegion, romd_mode: bool) -> None:
    """Let reads of a flash-like region reach its memory or its callbacks."""
    _set_flag(mr, "romd_mode", romd_mode)


def memory_region_is_mapped(mr: MemoryRegion | None) -> bool:
    """Tell whether a region is in a container, itself or by an alias. None: zeroed memory, which is not."""
    return mr is not None and (mr.container is not None or mr.mapped_via_alias > 0)


def _eventfd(addr: int, size: int, match_data: bool, data: int, e: Struct) -> MemoryRegionIoeventfd:
    return MemoryRegionIoeventfd(addr=addr, size=size, match_data=match_data, data=data, e=e)


@emulates
def memory_region_add_eventfd(mr: MemoryRegion, addr: int, size: int, match_data: bool, data: int, e: Struct) -> None:
    """Let writes of ``size`` bytes at ``addr`` (of ``data`` only, with ``match_data``) signal a notifier."""
    mrfd = _eventfd(addr, size, match_data, data, e)
    memory_region_transaction_begin()
    key = ioeventfd_key(mrfd)
    at = next((i for i, fd in enumerate(mr.ioeventfds) if key < ioeventfd_key(fd)), mr.ioeventfd_nb)
    mr.ioeventfd_nb += 1
    mr.ioeventfds.insert(at, mrfd)
    if mr.enabled:
        memory_globals().ioeventfd_update_pending = True
    memory_region_transaction_commit()


@emulates
def memory_region_del_eventfd(mr: MemoryRegion, addr: int, size: int, match_data: bool, data: int, e: Struct) -> None:
    """End what memory_region_add_eventfd began."""
    memory_region_transaction_begin()
    key = (addr, size, match_data, data if match_data else 0)
    at = next(i for i, fd in enumerate(mr.ioeventfds) if ioeventfd_key(fd)[:4] == key and fd.e is e)
    mr.ioeventfds.pop(at)
    mr.ioeventfd_nb -= 1
    if mr.enabled:
        memory_globals().ioeventfd_update_pending = True
    memory_region_transaction_commit()
