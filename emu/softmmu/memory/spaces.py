"""Which address spaces a change can reach: QEMU need not know, since it looks at all of them at each change.

Most cards' address spaces show nothing until their driver lets them on the bus: a machine of a thousand cards has a thousand
such spaces, and to look at each of them at each change would take a time that grows with the square of the cards.
"""

from __future__ import annotations

from emu.softmmu.memory.structs import AddressSpace, MemoryRegion
from emu.trace import per_run


class Spaces:
    """The address spaces by age and by root; what each of them shows."""

    def __init__(self) -> None:
        self.ages: dict[AddressSpace, int] = {}
        self.by_root: dict[MemoryRegion, list[AddressSpace]] = {}
        self.shown: dict[AddressSpace, MemoryRegion] = {}
        """For each space that shows something, the region that its view is made for."""
        self.stale: set[AddressSpace] = set()
        """Those whose tree changed since their view was made."""


spaces = per_run(Spaces)


def note_space(as_: AddressSpace) -> None:
    """Remember a new address space."""
    state = spaces()
    assert as_.root is not None
    state.ages[as_] = len(state.ages)
    state.by_root.setdefault(as_.root, []).append(as_)
    state.stale.add(as_)


def forget_space(as_: AddressSpace) -> None:
    """Forget an address space that ends."""
    state = spaces()
    assert as_.root is not None
    state.by_root[as_.root].remove(as_)
    state.shown.pop(as_, None)
    state.stale.discard(as_)


def touch_spaces(root: MemoryRegion) -> None:
    """Remember that the tree below a region changed, which may be the root of address spaces."""
    state = spaces()
    state.stale.update(state.by_root.get(root, ()))


def live_spaces() -> list[AddressSpace]:
    """Return the address spaces that show something, or showed something else before, the oldest first."""
    state = spaces()
    return sorted({*state.shown, *state.stale}, key=state.ages.__getitem__)


def view_root(as_: AddressSpace) -> MemoryRegion | None:
    """Return the region that the view of an address space is made for, None: it shows nothing."""
    state = spaces()
    if as_ in state.stale:
        root = memory_region_get_flatview_root(as_.root)
        if root is None:
            state.shown.pop(as_, None)
        else:
            state.shown[as_] = root
        return root
    return state.shown.get(as_)


def memory_region_get_flatview_root(mr: MemoryRegion | None) -> MemoryRegion | None:
    """Return the region that a view is made for: full-size aliases and lone full-size children stand for their container."""
    while mr is not None and mr.enabled:
        if mr.alias is not None:
            if not mr.alias_offset and mr.size >= mr.alias.size:
                mr = mr.alias
                continue
        elif not mr.terminates:
            enabled = [child for child in mr.subregions if child.enabled]
            if not enabled:
                return None
            if len(enabled) == 1 and not enabled[0].addr and mr.size >= enabled[0].size:
                mr = enabled[0]
                continue
        return mr
    return None
