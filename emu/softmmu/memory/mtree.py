"""``info mtree``: the region trees and the flat views as text (softmmu/memory.c).

QEMU prints the trees in the order of a hash table of addresses, which differs from run to run; here it is that of creation.
"""

from __future__ import annotations

from emu.errors import NotModelled
from emu.hw.core.qdev_core import DEVICE, TYPE_DEVICE
from emu.qom.object import object_dynamic_cast, object_get_canonical_path, object_get_typename
from emu.qom.parts import Part
from emu.softmmu.memory.flatview import FlatView, address_space_to_flatview
from emu.softmmu.memory.region import memory_region_name, memory_region_owner
from emu.softmmu.memory.structs import AddressSpace, MemoryRegion, memory_globals
from emu.trace import emulates

MASK = (1 << 64) - 1


def memory_region_type(mr: MemoryRegion) -> str:
    """Return the word for what is behind a region."""
    if mr.alias is not None:
        return memory_region_type(mr.alias)
    if mr.ram_device:
        return "ramd"
    if mr.rom_device and mr.romd_mode:
        return "romd"
    if mr.ram:
        return "rom" if mr.readonly else "ram"
    return "i/o"


def mr_size(size: int) -> int:
    """Return what is added to the first address to get the last (``MR_SIZE``)."""
    return size - 1 if size else 0


def mtree_expand_owner(label: str, obj: Part) -> str:
    """Return whom a region belongs to."""
    dev = DEVICE(obj) if object_dynamic_cast(obj, TYPE_DEVICE) is not None else None
    kind = "dev" if dev is not None else "obj"
    if dev is not None and dev.id:
        return f" {label}:{{{kind} id={dev.id}}}"
    path = object_get_canonical_path(obj)
    return f" {label}:{{{kind} " + (f"path={path}}}" if path else f"type={object_get_typename(obj)}}}")


def mtree_print_mr_owner(mr: MemoryRegion) -> str:
    """Return whom a region belongs to, and whose child it is if that is another."""
    parent = memory_region_owner(mr)
    if mr.owner is None and parent is None:
        return " orphan"
    text = mtree_expand_owner("owner", mr.owner) if mr.owner is not None else ""
    if parent is not None and parent is not mr.owner:
        text += mtree_expand_owner("parent", parent)
    return text


def mtree_print_mr(
    mr: MemoryRegion | None, level: int, base: int, aliased: list[MemoryRegion], owner: bool, display_disabled: bool
) -> str:
    """Return the text of a region and all in it; what aliases show is noted, to be printed later."""
    if mr is None:
        return ""
    start = (base + mr.addr) & MASK
    end = (start + mr_size(mr.size)) & MASK
    text = "[DETECTED OVERFLOW!] " if start < base or end < start else ""
    if mr.alias is not None and not any(known is mr.alias for known in aliased):
        aliased.append(mr.alias)
    if mr.enabled or display_disabled:
        text += "  " * level
        text += f"{start:016x}-{end:016x} (prio {mr.priority}, {'nv-' if mr.nonvolatile else ''}{memory_region_type(mr)}): "
        if mr.alias is not None:
            last = (mr.alias_offset + mr_size(mr.size)) & MASK
            text += f"alias {memory_region_name(mr)} @{memory_region_name(mr.alias)} {mr.alias_offset:016x}-{last:016x}"
        else:
            text += f"{memory_region_name(mr)}"
        text += "" if mr.enabled else " [disabled]"
        text += mtree_print_mr_owner(mr) if owner else ""
        text += "\n"
    queue: list[MemoryRegion] = []
    for submr in mr.subregions:
        key = (submr.addr, -submr.priority)
        at = next((i for i, other in enumerate(queue) if key < (other.addr, -other.priority)), len(queue))
        queue.insert(at, submr)
    return text + "".join(mtree_print_mr(submr, level + 1, start, aliased, owner, display_disabled) for submr in queue)


def mtree_print_flatview(number: int, view: FlatView, spaces: list[AddressSpace], owner: bool) -> str:
    """Return the text of a flat view and of the address spaces that show it."""
    text = f"FlatView #{number}\n"
    for as_ in spaces:
        assert as_.root is not None
        text += f' AS "{as_.name}", root: {memory_region_name(as_.root)}'
        text += f", alias {memory_region_name(as_.root.alias)}" if as_.root.alias is not None else ""
        text += "\n"
    text += f" Root memory region: {memory_region_name(view.root) if view.root is not None else '(none)'}\n"
    if not view.ranges:
        return text + "  No rendered FlatView\n\n"
    for fr in view.ranges:
        kind = "rom" if fr.readonly else memory_region_type(fr.mr)
        text += f"  {fr.start:016x}-{(fr.end - 1) & MASK:016x} (prio {fr.mr.priority}, {'nv-' if fr.nonvolatile else ''}{kind}): "
        text += f"{memory_region_name(fr.mr)}"
        text += f" @{fr.offset_in_region:016x}" if fr.offset_in_region else ""
        text += mtree_print_mr_owner(fr.mr) if owner else ""
        text += "\n"
    return text + "\n"


@emulates
def mtree_info_flatview(owner: bool) -> str:
    """Return the text of all flat views."""
    groups: dict[FlatView, list[AddressSpace]] = {}
    for as_ in memory_globals().address_spaces:
        groups.setdefault(address_space_to_flatview(as_), []).append(as_)
    return "".join(mtree_print_flatview(number, view, spaces, owner) for number, (view, spaces) in enumerate(groups.items()))


@emulates
def mtree_info_as(owner: bool, disabled: bool) -> str:
    """Return the text of all address spaces, then of the regions that aliases show."""
    groups: dict[MemoryRegion, list[AddressSpace]] = {}
    for as_ in memory_globals().address_spaces:
        assert as_.root is not None
        groups.setdefault(as_.root, []).append(as_)
    aliased: list[MemoryRegion] = []
    text = ""
    for root, spaces in groups.items():
        text += "".join(f"address-space: {name}\n" for name in sorted(as_.name or "" for as_ in spaces))
        text += mtree_print_mr(root, 1, 0, aliased, owner, disabled) + "\n"
    for mr in aliased:  # grows while it is walked
        text += f"memory-region: {memory_region_name(mr)}\n"
        text += mtree_print_mr(mr, 1, 0, aliased, owner, disabled) + "\n"
    return text


@emulates
def mtree_info(flatview: bool, dispatch_tree: bool, owner: bool, disabled: bool) -> str:
    """Return the text of ``info mtree [-f][-d][-o][-D]``. NotModelled: the dispatch tree of ``-d``."""
    if not flatview:
        return mtree_info_as(owner, disabled)
    if dispatch_tree:
        raise NotModelled("info mtree -d")
    return mtree_info_flatview(owner)
