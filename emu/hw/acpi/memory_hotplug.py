"""The registers for memory hotplug (hw/acpi/memory_hotplug.c): that they are there; their protocol is not modelled."""

from __future__ import annotations

from typing import Final

from emu.hw.core.machine import MACHINE
from emu.hw.core.qdev import qdev_get_machine
from emu.qom.object import Object
from emu.softmmu.memory import (
    DEVICE_LITTLE_ENDIAN,
    MemoryRegion,
    Valid,
    memory_region_add_subregion,
    memory_region_init_io,
)
from emu.softmmu.unmodelled_ops import unmodelled_ops
from emu.trace import Ptr, Struct, emulates

MEMORY_HOTPLUG_IO_LEN: Final = 24
ACPI_MEMORY_HOTPLUG_BASE: Final = 0x0A00


class MemHotplugState(Struct):
    """The registers; ``dev_count`` is how many slots there are."""

    is_enabled: bool = False
    io: MemoryRegion | None = None
    dev_count: int = 0


acpi_memory_hotplug_ops: Final = unmodelled_ops(
    "acpi_memory_hotplug_ops",
    "hw/acpi/memory_hotplug.c",
    "acpi_memory_hotplug_read",
    "acpi_memory_hotplug_write",
    endianness=DEVICE_LITTLE_ENDIAN,
    valid=Valid(min_access_size=1, max_access_size=4),
)


@emulates
def acpi_memory_hotplug_init(as_: MemoryRegion, owner: Object, state: MemHotplugState, io_base: int) -> None:
    """Make the registers, if there are slots."""
    state.dev_count = MACHINE(qdev_get_machine()).ram_slots
    if not state.dev_count:
        return
    memory_region_init_io(Ptr(state, "io"), owner, acpi_memory_hotplug_ops, state, "acpi-mem-hotplug", MEMORY_HOTPLUG_IO_LEN)
    assert state.io is not None
    memory_region_add_subregion(as_, io_base, state.io)
