"""Subpages: a page that several regions share is a region of its own in the dispatch table (softmmu/physmem.c)."""

from __future__ import annotations

from typing import Final

from emu.softmmu.memory.region import memory_region_init_io
from emu.softmmu.memory.structs import Impl, MemoryRegion, MemoryRegionOps, Valid
from emu.trace import Ptr, Struct, emulates, g_free

TARGET_PAGE_SIZE: Final = 4096

# an access is looked up in the view itself, so nothing comes through these callbacks
subpage_ops: Final = MemoryRegionOps(name="subpage_ops", valid=Valid(1, 8), impl=Impl(1, 8))


class subpage_t(Struct):  # QEMU's name
    """A shared page at address ``base``."""

    base: int = 0
    iomem: MemoryRegion | None = None


@emulates(file="softmmu/physmem.c")
def subpage_init(base: int) -> subpage_t:
    """Make the region of a shared page."""
    mmio = subpage_t(base=base)
    memory_region_init_io(Ptr(mmio, "iomem"), None, subpage_ops, mmio, None, TARGET_PAGE_SIZE)
    assert mmio.iomem is not None
    mmio.iomem.subpage = True
    return mmio


def subpage_free(mmio: subpage_t) -> None:
    """Give the memory of a shared page back. QEMU does it on its RCU thread, beside the calls that are recorded."""
    g_free(mmio.iomem)
    g_free(mmio)
