"""Listeners: who is told of the changes of an address space (softmmu/memory.c)."""

from __future__ import annotations

from typing import Any

from emu.softmmu.memory.flatview import address_space_to_flatview
from emu.softmmu.memory.structs import AddressSpace, MemoryListener, MemoryRegionSection, memory_globals
from emu.trace import Seq, emulates


def memory_listener_call(
    as_: AddressSpace, callback: str, section: MemoryRegionSection, *args: Any, reverse: bool = False
) -> None:
    """Call one callback of each listener of an address space that has it (``MEMORY_LISTENER_CALL``)."""
    for listener in list(reversed(as_.listeners) if reverse else as_.listeners):
        function = getattr(listener, callback)
        if function is not None:
            function(listener, section, *args)


@emulates
def listener_add_address_space(listener: MemoryListener, as_: AddressSpace) -> None:
    """Show a new listener the whole address space."""
    if listener.begin is not None:
        listener.begin(listener)
    for fr in address_space_to_flatview(as_).ranges:
        if listener.region_add is not None:
            listener.region_add(listener, fr.section())
        if fr.dirty_log_mask and listener.log_start is not None:
            listener.log_start(listener, fr.section(), 0, fr.dirty_log_mask)
    if listener.commit is not None:
        listener.commit(listener)


@emulates
def listener_del_address_space(listener: MemoryListener, as_: AddressSpace) -> None:
    """Take the whole address space away from a listener."""
    if listener.begin is not None:
        listener.begin(listener)
    for fr in address_space_to_flatview(as_).ranges:
        if fr.dirty_log_mask and listener.log_stop is not None:
            listener.log_stop(listener, fr.section(), fr.dirty_log_mask, 0)
        if listener.region_del is not None:
            listener.region_del(listener, fr.section())
    if listener.commit is not None:
        listener.commit(listener)


def insert_by_priority(listeners: Seq[MemoryListener], listener: MemoryListener) -> None:
    """Insert a listener behind those of its priority or a lower one."""
    at = next((i for i, other in enumerate(listeners) if listener.priority < other.priority), len(listeners))
    listeners.insert(at, listener)


@emulates
def memory_listener_register(listener: MemoryListener, as_: AddressSpace) -> None:
    """Let a listener hear of an address space, beginning with what is there now."""
    listener.address_space = as_
    insert_by_priority(memory_globals().memory_listeners, listener)
    insert_by_priority(as_.listeners, listener)
    listener_add_address_space(listener, as_)


@emulates
def memory_listener_unregister(listener: MemoryListener) -> None:
    """End what memory_listener_register began."""
    as_ = listener.address_space
    if as_ is None:
        return
    listener_del_address_space(listener, as_)
    memory_globals().memory_listeners.remove(listener)
    as_.listeners.remove(listener)
    listener.address_space = None


@emulates
def address_space_remove_listeners(as_: AddressSpace) -> None:
    """Unregister every listener of an address space."""
    while len(as_.listeners):
        memory_listener_unregister(as_.listeners[0])
