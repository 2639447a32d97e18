"""Subpages: a page that several regions share is a region of its own in the dispatch table (softmmu/physmem.c)."""

from __future__ import annotations

from typing import Final

from emu.qom.object.types import types
from emu.softmmu.memory.region import memory_region_init_io
from emu.softmmu.memory.structs import TYPE_MEMORY_REGION, Impl, MemoryRegion, MemoryRegionOps, Valid
from emu.trace import Ptr, Struct, emulates, g_free, stamped

TARGET_PAGE_SIZE: Final = 4096

# an access is looked up in the view itself, so nothing comes through these callbacks
subpage_ops: Final = MemoryRegionOps(name="subpage_ops", valid=Valid(1, 8), impl=Impl(1, 8))


class subpage_t(Struct):  # QEMU's name
    """A shared page at address ``base``."""

    base: int = 0
    iomem: MemoryRegion | None = None


@emulates(file="softmmu/physmem.c")
def subpage_init(base: int) -> subpage_t:
    """Make the region of a shared page. All that is done but for the address is alike each time."""
    ti = types().type_table[TYPE_MEMORY_REGION]
    assert ti.class_ is not None
    mmio: subpage_t = stamped(_subpage, ("subpage_init",), (ti, ti.class_))
    mmio.base = base
    return mmio


def _subpage() -> subpage_t:
    mmio = subpage_t()
    memory_region_init_io(Ptr(mmio, "iomem"), None, subpage_ops, mmio, None, TARGET_PAGE_SIZE)
    assert mmio.iomem is not None
    mmio.iomem.subpage = True
    return mmio


def subpage_free(mmio: subpage_t) -> None:
    """Give the memory of a shared page back. QEMU does it on its RCU thread, beside the calls that are recorded."""
    g_free(mmio.iomem)
    g_free(mmio)
