"""Flat views: what an address space shows once overlaps, aliases and priorities are worked out (softmmu/memory.c).

A flat view follows from the region tree and nothing else, so it is not recorded; the subpages that it needs are regions, and
are. QEMU renders every view anew at each change; here a view whose tree did not change keeps its ranges.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

from emu.softmmu.memory.aliases import aliases_of
from emu.softmmu.memory.spaces import live_spaces, touch_spaces, view_root
from emu.softmmu.memory.structs import INT128_2_64, AddressSpace, MemoryRegion, MemoryRegionSection
from emu.softmmu.memory.subpage import TARGET_PAGE_SIZE, subpage_free, subpage_init, subpage_t
from emu.trace import per_run


class FlatRange:
    """A run of addresses, ``start`` to ``end`` (exclusive), that one region answers."""

    __slots__ = ("dirty_log_mask", "end", "mr", "nonvolatile", "offset_in_region", "readonly", "romd_mode", "start")

    def __init__(self, mr: MemoryRegion, start: int, end: int, offset_in_region: int, readonly: bool, nonvolatile: bool) -> None:
        self.mr = mr
        self.start = start
        self.end = end
        self.offset_in_region = offset_in_region
        self.dirty_log_mask = mr.dirty_log_mask
        self.romd_mode = mr.romd_mode
        self.readonly = readonly
        self.nonvolatile = nonvolatile

    def same(self, other: FlatRange) -> bool:
        """Tell whether nothing but dirty logging differs (``flatrange_equal``)."""
        return (
            self.mr is other.mr
            and self.start == other.start
            and self.end == other.end
            and self.offset_in_region == other.offset_in_region
            and self.romd_mode == other.romd_mode
            and self.readonly == other.readonly
            and self.nonvolatile == other.nonvolatile
        )

    def joins(self, after: FlatRange) -> bool:
        """Tell whether ``after`` goes on where this one ends (``can_merge``)."""
        return (
            self.mr is after.mr
            and self.end == after.start
            and self.offset_in_region + self.end - self.start == after.offset_in_region
            and self.readonly == after.readonly
            and self.nonvolatile == after.nonvolatile
        )

    def section(self) -> MemoryRegionSection:
        """Return the range as listeners see it."""
        return MemoryRegionSection(
            self.mr, self.offset_in_region, self.end - self.start, self.start, self.readonly, self.nonvolatile
        )


class FlatView:
    """The ranges under one root, in the order of their addresses; the pages that several ranges share."""

    __slots__ = ("ranges", "root", "starts", "subpages", "users")

    def __init__(self, root: MemoryRegion | None, ranges: list[FlatRange]) -> None:
        self.root = root
        self.ranges = ranges
        self.starts = [fr.start for fr in ranges]
        self.subpages: list[subpage_t] = []
        self.users = 0
        """How many address spaces show it."""

    def lookup(self, addr: int) -> FlatRange | None:
        """Return the range that holds an address."""
        at = bisect_right(self.starts, addr) - 1
        return self.ranges[at] if at >= 0 and addr < self.ranges[at].end else None


class Views:
    """The views in force (``flat_views``, ``AddressSpace.current_map``), and which regions changed since they were made."""

    def __init__(self) -> None:
        self.flat_views: dict[MemoryRegion | None, FlatView] | None = None
        self.empty_view: FlatView | None = None
        self.current_map: dict[AddressSpace, FlatView] = {}
        self.ranges: dict[MemoryRegion, tuple[list[FlatRange], list[int]]] = {}
        """The ranges under a root, and the pages that they share."""


views = per_run(Views)


def forget_ranges(mr: MemoryRegion) -> None:
    """Drop the rendered ranges of every root that shows a region: itself, what it is in, and windows on these."""
    state = views()
    todo = [mr]
    seen: set[MemoryRegion] = set()
    while todo:
        region: MemoryRegion | None = todo.pop()
        while region is not None and region not in seen:
            seen.add(region)
            state.ranges.pop(region, None)
            touch_spaces(region)
            todo += [alias for alias in aliases_of(region) if alias.enabled]
            region = region.container
            if region is not None and not region.enabled:
                break  # nothing shows through it; when it is enabled, its own containers are told


def render_memory_region(
    view: list[FlatRange], mr: MemoryRegion, base: int, start: int, end: int, readonly: bool, nonvolatile: bool
) -> None:
    """Add a region, clipped to ``start``..``end``, wherever the view has nothing yet. ``base`` is where its container lies."""
    if not mr.enabled:
        return
    base += mr.addr
    readonly = readonly or mr.readonly
    nonvolatile = nonvolatile or mr.nonvolatile
    start, end = max(start, base), min(end, base + mr.size)
    if start >= end:
        return
    if mr.alias is not None:
        base -= mr.alias.addr + mr.alias_offset
        render_memory_region(view, mr.alias, base, start, end, readonly, nonvolatile)
        return
    for subregion in mr.subregions:
        render_memory_region(view, subregion, base, start, end, readonly, nonvolatile)
    if mr.terminates:
        fill_gaps(view, mr, base, start, end, readonly, nonvolatile)


def fill_gaps(
    view: list[FlatRange], mr: MemoryRegion, base: int, start: int, end: int, readonly: bool, nonvolatile: bool
) -> None:
    """Put a region into the gaps that the view has between ``start`` and ``end``."""
    at = bisect_right(view, start, key=lambda fr: fr.end)
    while start < end:
        stop = min(end, view[at].start) if at < len(view) else end
        if start < stop:
            view.insert(at, FlatRange(mr, start, stop, start - base, readonly, nonvolatile))
            at += 1
        if at >= len(view):
            return
        start = view[at].end
        at += 1


def flatview_simplify(view: list[FlatRange]) -> list[FlatRange]:
    """Join ranges that go on in each other."""
    joined: list[FlatRange] = []
    for fr in view:
        if joined and joined[-1].joins(fr):
            joined[-1].end = fr.end
        else:
            joined.append(fr)
    return joined


def shared_pages(ranges: Iterable[FlatRange]) -> list[int]:
    """Return the pages that ranges cover in part, by address, in the order in which they are met."""
    pages: dict[int, None] = {}
    for fr in ranges:
        start, end = fr.start, fr.end
        if start % TARGET_PAGE_SIZE:
            pages[start - start % TARGET_PAGE_SIZE] = None
            start += TARGET_PAGE_SIZE - start % TARGET_PAGE_SIZE
        if end % TARGET_PAGE_SIZE and end > start:
            pages[end - end % TARGET_PAGE_SIZE] = None
    return list(pages)


def generate_memory_topology(mr: MemoryRegion | None) -> FlatView:
    """Render the view of a root. Each page that several regions share gets a region of its own, the subpage."""
    state = views()
    ranges: list[FlatRange] = []
    pages: list[int] = []
    if mr is not None:
        known = state.ranges.get(mr)
        if known is None:
            render_memory_region(ranges, mr, 0, 0, INT128_2_64, False, False)
            ranges = flatview_simplify(ranges)
            known = state.ranges[mr] = (ranges, shared_pages(ranges))
        ranges, pages = known
    view = FlatView(mr, ranges)
    view.subpages = [subpage_init(base) for base in pages]
    assert state.flat_views is not None
    state.flat_views[mr] = view
    return view


def flatviews_init() -> None:
    """Begin a table of views. The empty one is made once."""
    state = views()
    if state.flat_views is not None:
        return
    state.flat_views = {}
    if state.empty_view is None:
        state.empty_view = generate_memory_topology(None)
    else:
        state.flat_views[None] = state.empty_view


def flatviews_reset() -> None:
    """Render the views of all address spaces anew, each root once."""
    views().flat_views = None
    flatviews_init()
    for as_ in live_spaces():
        flatview_of(as_)


def flatview_of(as_: AddressSpace) -> FlatView:
    """Return the view that an address space should have, rendering it if need be."""
    physmr = view_root(as_)
    flat_views = views().flat_views
    assert flat_views is not None
    return flat_views.get(physmr) or generate_memory_topology(physmr)


def replace_view(as_: AddressSpace, view: FlatView) -> None:
    """Let an address space show another view."""
    current_map = views().current_map
    old = current_map.get(as_)
    current_map[as_] = view
    view.users += 1
    _retire(old)


def forget_address_space(as_: AddressSpace) -> None:
    """Let go of the view of an address space that is no more."""
    _retire(views().current_map.pop(as_, None))


def _retire(view: FlatView | None) -> None:
    """One address space less shows a view; free the subpages of one that nobody shows any more."""
    if view is None:
        return
    view.users -= 1
    if not view.users and view is not views().empty_view:
        for subpage in view.subpages:
            subpage_free(subpage)


def address_space_to_flatview(as_: AddressSpace) -> FlatView:
    """Return the view that an address space shows."""
    return views().current_map[as_]
