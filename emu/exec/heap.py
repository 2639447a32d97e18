"""Memory regions that C allocates on the heap and knows by a pointer alone (``g_new(MemoryRegion, 1)``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emu.trace import Ptr, Struct

if TYPE_CHECKING:
    from emu.softmmu.memory import MemoryRegion


class HeapRegion(Struct):
    """Heap memory that becomes a region."""

    mr: MemoryRegion | None = None


def g_new_region() -> Ptr:
    """Return the address of heap memory for a region; ``.get()`` is the region once it is initialised."""
    return Ptr(HeapRegion(), "mr")
