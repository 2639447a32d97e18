"""Where in an address space an access signals an event notifier instead of reaching its device (softmmu/memory.c)."""

from __future__ import annotations

from emu.softmmu.memory.flatview import address_space_to_flatview
from emu.softmmu.memory.listeners import memory_listener_call
from emu.softmmu.memory.structs import AddressSpace, MemoryRegionIoeventfd, MemoryRegionSection
from emu.trace import Struct, emulates

Key = tuple[int, int, bool, int, int]


def ioeventfd_key(fd: MemoryRegionIoeventfd, base: int = 0) -> Key:
    """Return what event notifiers are sorted and compared by (``memory_region_ioeventfd_before``)."""
    number = fd.e.__dict__.get("_id", id(fd.e)) if isinstance(fd.e, Struct) else 0
    return (base + fd.addr, fd.size, fd.match_data, fd.data if fd.match_data else 0, number)


def visible_ioeventfds(as_: AddressSpace) -> list[tuple[Key, MemoryRegionIoeventfd]]:
    """Return the event notifiers that an address space shows, with their absolute addresses."""
    found: list[tuple[Key, MemoryRegionIoeventfd]] = []
    for fr in address_space_to_flatview(as_).ranges:
        if not fr.mr.ioeventfd_nb:
            continue
        base = fr.start - fr.offset_in_region
        found += [
            (ioeventfd_key(fd, base), fd)
            for fd in fr.mr.ioeventfds
            if base + fd.addr < fr.end and fr.start < base + fd.addr + max(fd.size, 1)
        ]
    return found


def address_space_update_ioeventfds(as_: AddressSpace) -> None:
    """Tell the listeners which event notifiers came and went; not a call in the record when nothing did."""
    new = visible_ioeventfds(as_)
    if new or as_.ioeventfd_nb:
        _update(as_, new)


@emulates(name="address_space_update_ioeventfds")
def _update(as_: AddressSpace, new: list[tuple[Key, MemoryRegionIoeventfd]]) -> None:
    old = {ioeventfd_key(fd): fd for fd in as_.ioeventfds}
    wanted = dict(new)
    for key in sorted(old.keys() ^ wanted.keys()):
        gone = key in old
        fd = old[key] if gone else wanted[key]
        section = MemoryRegionSection(size=fd.size, offset_within_address_space=key[0])
        callback = "eventfd_del" if gone else "eventfd_add"
        memory_listener_call(as_, callback, section, fd.match_data, fd.data, fd.e, reverse=not gone)
    while len(as_.ioeventfds):
        as_.ioeventfds.pop()
    for key, fd in new:
        as_.ioeventfds.append(MemoryRegionIoeventfd(addr=key[0], size=fd.size, match_data=fd.match_data, data=fd.data, e=fd.e))
    as_.ioeventfd_nb = len(new)
