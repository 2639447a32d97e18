"""RAM regions over files of the host (softmmu/memory.c, softmmu/physmem.c). The simulated host's are without contents."""

from __future__ import annotations

import errno
from typing import Final

from emu.exec.ramlist import HostMemory, RAMBlock, ram_block_add, round_up
from emu.host.descriptors import Descriptor, SimulatedError, host
from emu.qapi.error import Error, error_setg
from emu.qom.object import OBJECT, object_unparent
from emu.qom.parts import Part
from emu.softmmu.memory.region import memory_region_destructor_ram, memory_region_init
from emu.softmmu.memory.structs import MemoryRegion
from emu.trace import Ptr, emulates

PAGE_SIZE: Final = 4096
PHYSMEM: Final = "softmmu/physmem.c"


class MemoryFile(Descriptor):
    """A file that memory is mapped from; ``path`` is None where it has no name."""

    path: str | None = None


@emulates(file=PHYSMEM)
def file_ram_open(path: str, region_name: str, readonly: bool) -> int:
    """Open a file, making it if it is not there, or one without a name in a folder. Error: it can't be had."""
    try:
        return host().open(_memory_file(path))
    except SimulatedError as err:
        error_setg(f"can't open backing store {path} for guest RAM: {err.strerror}")


def _memory_file(path: str) -> MemoryFile:
    own = host()
    found = own.files.get(path)
    if path and (own.has_folder_of(f"{path}/x") or found == "directory"):
        return MemoryFile()
    if not path or (found is None and not own.has_folder_of(path)):
        raise SimulatedError(errno.ENOENT)
    if found not in (None, "file"):
        raise SimulatedError(errno.EACCES)
    own.files[path] = "file"
    return MemoryFile(path=path)


@emulates(file=PHYSMEM)
def file_ram_alloc(block: RAMBlock, memory: int, fd: int, readonly: bool, truncate: bool) -> None:
    """Map a file. Error: the alignment is none of whole pages."""
    mr = block.mr
    assert mr is not None
    if mr.align % PAGE_SIZE:
        error_setg(f"alignment {mr.align:#x} must be multiples of page size {PAGE_SIZE:#x}")
    if mr.align & (mr.align - 1):
        error_setg(f"alignment {mr.align:#x} must be a power of two")
    mr.align = max(PAGE_SIZE, mr.align)
    block.fd = fd


@emulates(file=PHYSMEM)
def qemu_ram_alloc_from_fd(size: int, mr: MemoryRegion, ram_flags: int, fd: int, readonly: bool) -> RAMBlock:
    """Make the memory of an open file a region's. Error: file_ram_alloc's."""
    size = round_up(size, PAGE_SIZE)
    block = RAMBlock(mr=mr, used_length=size, max_length=size, flags=ram_flags)
    block.__dict__["_host"] = HostMemory(size)
    file_ram_alloc(block, size, fd, readonly, True)
    align = mr.align
    ram_block_add(block)
    mr.align = align  # the file is mapped already
    return block


@emulates(file=PHYSMEM)
def qemu_ram_alloc_from_file(size: int, mr: MemoryRegion, ram_flags: int, mem_path: str, readonly: bool) -> RAMBlock:
    """Make the memory of a file a region's. Error: file_ram_open's, file_ram_alloc's."""
    there = mem_path in host().files
    fd = file_ram_open(mem_path, mr.name or "", readonly)
    try:
        return qemu_ram_alloc_from_fd(size, mr, ram_flags, fd, readonly)
    except Error:
        if not there and mem_path in host().files:
            del host().files[mem_path]
        host().close(fd)
        raise


def _begin(mr: Ptr, owner: Part, name: str, size: int) -> MemoryRegion:
    memory_region_init(mr, owner, name, size)
    region: MemoryRegion = mr.get()
    region.ram = True
    region.terminates = True
    region.destructor = memory_region_destructor_ram
    return region


@emulates(file="softmmu/memory.c")
def memory_region_init_ram_from_file(
    mr: Ptr, owner: Part, name: str, size: int, align: int, ram_flags: int, path: str, readonly: bool
) -> None:
    """Make a RAM region over a file. Error: qemu_ram_alloc_from_file's."""
    region = _begin(mr, owner, name, size)
    region.readonly = readonly
    region.align = align
    try:
        region.ram_block = qemu_ram_alloc_from_file(size, region, ram_flags, path, readonly)
    except Error:
        region.size = 0
        object_unparent(OBJECT(region))
        raise


@emulates(file="softmmu/memory.c")
def memory_region_init_ram_from_fd(mr: Ptr, owner: Part, name: str, size: int, ram_flags: int, fd: int) -> None:
    """Make a RAM region over an open file. Error: qemu_ram_alloc_from_fd's."""
    region = _begin(mr, owner, name, size)
    try:
        region.ram_block = qemu_ram_alloc_from_fd(size, region, ram_flags, fd, False)
    except Error:
        region.size = 0
        object_unparent(OBJECT(region))
        raise
