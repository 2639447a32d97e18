"""The map of memory that the firmware is given (hw/i386/e820_memory_layout.c)."""

from __future__ import annotations

from typing import Final

from emu.trace import Seq, Struct, emulates, per_run, seq

E820_RAM: Final = 1
E820_RESERVED: Final = 2
SIZEOF_E820_ENTRY: Final = 20


class e820_entry(Struct):
    """A range of addresses; length in bytes."""

    address: int = 0
    length: int = 0
    type: int = 0


class E820(Struct):
    """The file-level state of hw/i386/e820_memory_layout.c."""

    e820_table: Seq[e820_entry] = seq()


e820 = per_run(E820)


@emulates
def e820_add_entry(address: int, length: int, type_: int) -> int:
    """Add a range; return how many there are."""
    e820().e820_table.append(e820_entry(address=address, length=length, type=type_))
    return len(e820().e820_table)


def e820_get_num_entries() -> int:
    """Return how many ranges there are."""
    return len(e820().e820_table)
