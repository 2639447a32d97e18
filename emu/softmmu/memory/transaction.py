"""Transactions: changes of the region tree reach address spaces and listeners together (softmmu/memory.c)."""

from __future__ import annotations

from emu.softmmu.memory.flatview import FlatRange, flatview_of, flatviews_init, flatviews_reset, replace_view, views
from emu.softmmu.memory.ioeventfd import address_space_update_ioeventfds
from emu.softmmu.memory.listeners import memory_listener_call
from emu.softmmu.memory.spaces import live_spaces, spaces
from emu.softmmu.memory.structs import AddressSpace, memory_globals
from emu.trace import emulates


def address_space_update_topology_pass(as_: AddressSpace, old: list[FlatRange], new: list[FlatRange], adding: bool) -> None:
    """Tell the listeners of an address space which ranges went (first pass) or came and stayed (second pass)."""
    iold = inew = 0
    while iold < len(old) or inew < len(new):
        frold = old[iold] if iold < len(old) else None
        frnew = new[inew] if inew < len(new) else None
        if frold is not None and (
            frnew is None or frold.start < frnew.start or (frold.start == frnew.start and not frold.same(frnew))
        ):
            if not adding:
                memory_listener_call(as_, "region_del", frold.section(), reverse=True)
            iold += 1
        elif frold is not None and frnew is not None and frold.same(frnew):
            if adding:
                memory_listener_call(as_, "region_nop", frnew.section())
                notify_logging(as_, frold, frnew)
            iold += 1
            inew += 1
        else:
            assert frnew is not None
            if adding:
                memory_listener_call(as_, "region_add", frnew.section())
            inew += 1


def notify_logging(as_: AddressSpace, frold: FlatRange, frnew: FlatRange) -> None:
    """Tell the listeners that dirty logging of a range began or ended."""
    old, new = frold.dirty_log_mask, frnew.dirty_log_mask
    if new & ~old:
        memory_listener_call(as_, "log_start", frnew.section(), old, new)
    if old & ~new:
        memory_listener_call(as_, "log_stop", frnew.section(), old, new, reverse=True)


def address_space_set_flatview(as_: AddressSpace) -> None:
    """Let an address space show its new view."""
    old_view = views().current_map.get(as_)
    new_view = flatview_of(as_)
    spaces().stale.discard(as_)
    if old_view is new_view:
        return
    if len(as_.listeners):
        old = old_view.ranges if old_view is not None else []
        address_space_update_topology_pass(as_, old, new_view.ranges, False)
        address_space_update_topology_pass(as_, old, new_view.ranges, True)
    replace_view(as_, new_view)


@emulates
def address_space_update_topology(as_: AddressSpace) -> None:
    """Give a new address space its view."""
    flatviews_init()
    flatview_of(as_)
    address_space_set_flatview(as_)


def memory_region_transaction_begin() -> None:
    """Begin a transaction; they nest. Not recorded: hundreds of them bracket what is."""
    own = memory_globals().__dict__
    own["_transaction_depth"] = own.get("_transaction_depth", 0) + 1


def memory_region_transaction_commit() -> None:
    """End a transaction; the outermost one makes the changes visible. Not recorded but for what it changes."""
    memory = memory_globals()
    assert memory.__dict__["_transaction_depth"]
    memory.__dict__["_transaction_depth"] -= 1
    if memory.__dict__["_transaction_depth"]:
        return
    if memory.memory_region_update_pending:
        flatviews_reset()
        for listener in memory.memory_listeners:
            if listener.begin is not None:
                listener.begin(listener)
        for as_ in live_spaces():
            address_space_set_flatview(as_)
            address_space_update_ioeventfds(as_)
        memory.memory_region_update_pending = False
        memory.ioeventfd_update_pending = False
        for listener in memory.memory_listeners:
            if listener.commit is not None:
                listener.commit(listener)
    elif memory.ioeventfd_update_pending:
        for as_ in live_spaces():
            address_space_update_ioeventfds(as_)
        memory.ioeventfd_update_pending = False
