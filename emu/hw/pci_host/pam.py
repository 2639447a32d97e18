"""Programmable attributes of the memory below 1 MiB: RAM or PCI, by 16 KiB (hw/pci-host/pam.c)."""

from __future__ import annotations

from typing import Final

from emu.hw.core.qdev import DeviceState
from emu.qom.object import OBJECT
from emu.softmmu.memory import (
    MemoryRegion,
    memory_region_add_subregion_overlap,
    memory_region_init_alias,
    memory_region_set_enabled,
    memory_region_set_readonly,
    memory_region_transaction_begin,
    memory_region_transaction_commit,
)
from emu.trace import Ptr, Seq, Struct, emulates, fresh

SMRAM_D_OPEN: Final = 1 << 6
SMRAM_G_SMRAME: Final = 1 << 3
PAM_EXPAN_BASE: Final = 0xC0000
PAM_EXPAN_SIZE: Final = 0x04000
PAM_BIOS_BASE: Final = 0xF0000
PAM_BIOS_SIZE: Final = 0x10000
PAM_ATTR_MASK: Final = 3
PAM_REGIONS_COUNT: Final = 13


class PAMAliases(Seq["MemoryRegion | None"]):
    """``MemoryRegion alias[4]``, by attribute: PCI, ROM, (also) PCI, RAM."""

    def __init__(self) -> None:
        super().__init__([None] * 4)


class PAMMemoryRegion(Struct):
    """A range, and which of its four windows is open."""

    alias: Seq[MemoryRegion | None] = fresh(PAMAliases)
    current: int = 0


class PAMRegions(Seq[PAMMemoryRegion]):
    """``PAMMemoryRegion pam_regions[PAM_REGIONS_COUNT]``."""

    def __init__(self) -> None:
        super().__init__(PAMMemoryRegion() for _ in range(PAM_REGIONS_COUNT))


def window(mem: PAMMemoryRegion, attribute: int) -> MemoryRegion:
    """Return the window of an attribute."""
    region = mem.alias[attribute]
    assert region is not None
    return region


@emulates
def init_pam(
    dev: DeviceState,
    ram_memory: MemoryRegion,
    system_memory: MemoryRegion,
    pci_address_space: MemoryRegion,
    mem: PAMMemoryRegion,
    start: int,
    size: int,
) -> None:
    """Make the four windows of a range, all closed."""
    owner = OBJECT(dev)
    memory_region_init_alias(Ptr(mem, "alias", 3), owner, "pam-ram", ram_memory, start, size)
    memory_region_init_alias(Ptr(mem, "alias", 1), owner, "pam-rom", ram_memory, start, size)
    memory_region_set_readonly(window(mem, 1), True)
    memory_region_init_alias(Ptr(mem, "alias", 0), owner, "pam-pci", pci_address_space, start, size)
    memory_region_init_alias(Ptr(mem, "alias", 2), owner, "pam-pci", ram_memory, start, size)
    memory_region_transaction_begin()
    for i in range(4):
        memory_region_set_enabled(window(mem, i), False)
        memory_region_add_subregion_overlap(system_memory, start, window(mem, i), 1)
    memory_region_transaction_commit()
    mem.current = 0


@emulates
def pam_update(pam: PAMMemoryRegion, idx: int, val: int) -> None:
    """Open the window that a register's nibble names: even ranges have the high one."""
    assert 0 <= idx < PAM_REGIONS_COUNT
    memory_region_set_enabled(window(pam, pam.current), False)
    pam.current = val >> (0 if idx & 1 else 4) & PAM_ATTR_MASK
    memory_region_set_enabled(window(pam, pam.current), True)
