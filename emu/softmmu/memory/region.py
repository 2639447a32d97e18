"""How a region comes into being: the init functions of each kind (softmmu/memory.c)."""

from __future__ import annotations

from typing import Any, Final

from emu.exec.ramlist import qemu_ram_alloc, qemu_ram_alloc_from_ptr, qemu_ram_alloc_resizeable, qemu_ram_free
from emu.hw.core.qdev import DEVICE, TYPE_DEVICE, qdev_get_machine
from emu.migration.savevm import vmstate_register_ram
from emu.qom.container import container_get
from emu.qom.object import (
    OBJECT,
    object_dynamic_cast,
    object_get_canonical_path_component,
    object_initialize,
    object_property_add_child,
    object_ref,
    object_unref,
)
from emu.qom.parts import Part
from emu.softmmu.memory.aliases import note_alias
from emu.softmmu.memory.structs import INT128_2_64, TYPE_MEMORY_REGION, UINT64_MAX, MemoryRegion, MemoryRegionOps
from emu.trace import Ptr, emulates

ESCAPED: Final = frozenset("/[\\]")


@emulates
def memory_region_destructor_none(mr: MemoryRegion) -> None:
    """A region that holds no memory has nothing to give back."""


@emulates
def memory_region_destructor_ram(mr: MemoryRegion) -> None:
    """Give the memory of a RAM region back, if it came to have any."""
    qemu_ram_free(mr.ram_block)


def memory_region_escape_name(name: str) -> str:
    """Return a name in which the characters that mean something in a path are written as their codes."""
    return "".join(f"\\x{ord(c):02x}" if c in ESCAPED else c for c in name)


@emulates
def memory_region_do_init(mr: MemoryRegion, owner: Part | None, name: str | None, size: int) -> None:
    """Name a region and make it a child of its owner (``/machine/unattached`` without one). Size in bytes."""
    mr.size = INT128_2_64 if size == UINT64_MAX else size
    if name is not None:
        mr.name = name
    if owner is not None:
        mr.owner = OBJECT(owner)
        if object_dynamic_cast(owner, TYPE_DEVICE) is not None:
            mr.dev = DEVICE(owner)
    if name is not None:
        if owner is None:
            owner = container_get(qdev_get_machine(), "/unattached")
        object_property_add_child(owner, f"{memory_region_escape_name(name)}[*]", OBJECT(mr))
        object_unref(OBJECT(mr))


@emulates
def memory_region_init(mr: Ptr, owner: Part | None, name: str | None, size: int) -> None:
    """Make a region that shows only its subregions (a container). Size in bytes, UINT64_MAX: the whole 64-bit space."""
    object_initialize(mr, TYPE_MEMORY_REGION)
    memory_region_do_init(mr.get(), owner, name, size)


@emulates
def memory_region_init_io(
    mr: Ptr, owner: Part | None, ops: MemoryRegionOps | None, opaque: Any, name: str | None, size: int
) -> None:
    """Make a region whose accesses go to a device's callbacks. Size in bytes."""
    memory_region_init(mr, owner, name, size)
    region: MemoryRegion = mr.get()
    if ops is not None:
        region.ops = ops
    region.opaque = opaque
    region.terminates = True


@emulates
def memory_region_init_ram_nomigrate(mr: Ptr, owner: Part | None, name: str, size: int) -> None:
    """Make a RAM region whose contents are not migrated."""
    memory_region_init_ram_flags_nomigrate(mr, owner, name, size, 0)


@emulates
def memory_region_init_ram_flags_nomigrate(mr: Ptr, owner: Part | None, name: str, size: int, ram_flags: int) -> None:
    """Make a RAM region. Size in bytes."""
    memory_region_init(mr, owner, name, size)
    region: MemoryRegion = mr.get()
    region.ram = True
    region.terminates = True
    region.destructor = memory_region_destructor_ram
    region.ram_block = qemu_ram_alloc(size, ram_flags, region)


@emulates
def memory_region_init_resizeable_ram(
    mr: Ptr, owner: Part | None, name: str, size: int, max_size: int, _resized: Any = None
) -> None:
    """Make a RAM region that may grow to ``max_size`` bytes."""
    memory_region_init(mr, owner, name, size)
    region: MemoryRegion = mr.get()
    region.ram = True
    region.terminates = True
    region.destructor = memory_region_destructor_ram
    region.ram_block = qemu_ram_alloc_resizeable(size, max_size, region)


@emulates
def memory_region_init_ram_ptr(mr: Ptr, owner: Part | None, name: str, size: int, _ptr: Any = None) -> None:
    """Make a RAM region over memory that its owner has. Size in bytes."""
    memory_region_init(mr, owner, name, size)
    region: MemoryRegion = mr.get()
    region.ram = True
    region.terminates = True
    region.destructor = memory_region_destructor_ram
    region.ram_block = qemu_ram_alloc_from_ptr(size, region)


@emulates
def memory_region_init_alias(mr: Ptr, owner: Part | None, name: str, orig: MemoryRegion, offset: int, size: int) -> None:
    """Make a window of ``size`` bytes into another region, from ``offset`` on."""
    memory_region_init(mr, owner, name, size)
    region: MemoryRegion = mr.get()
    region.alias = orig
    region.alias_offset = offset
    note_alias(region, orig)


@emulates
def memory_region_init_rom_nomigrate(mr: Ptr, owner: Part | None, name: str, size: int) -> None:
    """Make a ROM region whose contents are not migrated."""
    memory_region_init_ram_flags_nomigrate(mr, owner, name, size, 0)
    mr.get().readonly = True


@emulates
def memory_region_init_rom_device_nomigrate(
    mr: Ptr, owner: Part | None, ops: MemoryRegionOps, opaque: Any, name: str, size: int
) -> None:
    """Make a region that reads as memory and writes to callbacks (flash)."""
    memory_region_init(mr, owner, name, size)
    region: MemoryRegion = mr.get()
    region.ops = ops
    region.opaque = opaque
    region.terminates = True
    region.rom_device = True
    region.destructor = memory_region_destructor_ram
    region.ram_block = qemu_ram_alloc(size, 0, region)


def _owner_device(owner: Part | None) -> Any:
    return DEVICE(owner) if owner is not None else None


@emulates
def memory_region_init_ram(mr: Ptr, owner: Part | None, name: str, size: int) -> None:
    """Make a RAM region and register it for migration under its owner's path."""
    memory_region_init_ram_nomigrate(mr, owner, name, size)
    vmstate_register_ram(mr.get(), _owner_device(owner))


@emulates
def memory_region_init_rom(mr: Ptr, owner: Part | None, name: str, size: int) -> None:
    """Make a ROM region and register it for migration under its owner's path."""
    memory_region_init_rom_nomigrate(mr, owner, name, size)
    vmstate_register_ram(mr.get(), _owner_device(owner))


@emulates
def memory_region_init_rom_device(mr: Ptr, owner: Part | None, ops: MemoryRegionOps, opaque: Any, name: str, size: int) -> None:
    """Make a flash-like region and register it for migration."""
    memory_region_init_rom_device_nomigrate(mr, owner, ops, opaque, name, size)
    vmstate_register_ram(mr.get(), _owner_device(owner))


def memory_region_owner(mr: MemoryRegion) -> Any:
    """Return the parent in the composition tree."""
    return OBJECT(mr).parent


def memory_region_ref(mr: MemoryRegion | None) -> None:
    """Keep the owner of a region alive: regions have no count of their own."""
    if mr is not None and mr.owner is not None:
        object_ref(mr.owner)


def memory_region_unref(mr: MemoryRegion | None) -> None:
    """Let the owner of a region go."""
    if mr is not None and mr.owner is not None:
        object_unref(mr.owner)


def memory_region_size(mr: MemoryRegion) -> int:
    """Return the size in bytes; 2^64 is UINT64_MAX."""
    return UINT64_MAX if mr.size == INT128_2_64 else mr.size


def memory_region_name(mr: MemoryRegion) -> str | None:
    """Return the name, for a region without one the last part of its path."""
    if not mr.name:
        mr.name = object_get_canonical_path_component(OBJECT(mr))
    return mr.name
