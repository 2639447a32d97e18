"""Which regions are windows on which: QEMU need not know, since it renders everything at each change."""

from __future__ import annotations

from collections.abc import Sequence

from emu.softmmu.memory.structs import MemoryRegion
from emu.trace import per_run


class Aliases:
    """The windows on each region."""

    def __init__(self) -> None:
        self.by_region: dict[MemoryRegion, list[MemoryRegion]] = {}


aliases = per_run(Aliases)


def note_alias(alias: MemoryRegion, orig: MemoryRegion) -> None:
    """Remember that what happens to ``orig`` shows in ``alias``."""
    aliases().by_region.setdefault(orig, []).append(alias)


def aliases_of(mr: MemoryRegion) -> Sequence[MemoryRegion]:
    """Return the windows on a region."""
    return aliases().by_region.get(mr, ())
