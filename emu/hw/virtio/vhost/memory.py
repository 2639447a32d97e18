"""Which guest memory whoever serves the queues is to know (hw/virtio/vhost.c)."""

from __future__ import annotations

import os
from typing import Final

from emu.errors import NotModelled
from emu.hw.virtio.vhost.structs import vhost_c, vhost_dev, vhost_memory_region
from emu.softmmu.memory import MemoryListener, MemoryRegion, MemoryRegionSection
from emu.trace import container_of, emulates
from emu.util.error_report import error_report

DIRTY_MEMORY_CODE: Final = 1
DIRTY_MEMORY_MIGRATION: Final = 2
HOST_RAM: Final = 0x7F00_0000_0000
"""Where the simulated program has the guest's memory: one block behind the other."""


def vhost_ops_debug(retval: int, text: str) -> None:
    """Say that a request failed (``VHOST_OPS_DEBUG``)."""
    error_report(f"{text}: {os.strerror(-retval)} ({-retval})")


def memory_region_get_ram_ptr(mr: MemoryRegion) -> int:
    """Return the address at which the program has a region's memory (softmmu/memory.c)."""
    assert mr.ram_block is not None
    return HOST_RAM + mr.ram_block.offset


def memory_region_get_fd(mr: MemoryRegion) -> int:
    """Return the descriptor of the file that a region's memory is mapped from, -1: there is none (softmmu/memory.c)."""
    while mr.alias is not None:
        mr = mr.alias
    assert mr.ram_block is not None
    return mr.ram_block.fd


@emulates
def vhost_section(dev: vhost_dev, section: MemoryRegionSection) -> bool:
    """hw/virtio/vhost.c. Whether a section is memory that others can serve: nobody waits for what changes in it."""
    mr = section.mr
    assert mr is not None
    assert dev.vhost_ops
    if not mr.ram or mr.readonly:
        return False

    handled_dirty = 1 << DIRTY_MEMORY_MIGRATION | 1 << DIRTY_MEMORY_CODE
    if mr.dirty_log_mask & ~handled_dirty:
        return False

    section_filter = dev.vhost_ops.vhost_backend_mem_section_filter
    return not section_filter or section_filter(dev, section)


@emulates
def vhost_begin(listener: MemoryListener) -> None:
    """hw/virtio/vhost.c."""
    dev: vhost_dev = container_of(listener)
    dev.tmp_sections = ()


@emulates
def vhost_region_add_section(dev: vhost_dev, section: MemoryRegionSection) -> None:
    """hw/virtio/vhost.c. Adds a section, to the one before it if it goes on there."""
    mr = section.mr
    assert mr is not None
    assert dev.vhost_ops
    host_start = memory_region_get_ram_ptr(mr) + section.offset_within_region
    if dev.tmp_sections:
        prev = dev.tmp_sections[-1]
        assert prev.mr is not None
        prev_host = memory_region_get_ram_ptr(prev.mr) + prev.offset_within_region
        offset = section.offset_within_address_space - prev.offset_within_address_space
        can_merge = dev.vhost_ops.vhost_backend_can_merge
        if (
            offset <= prev.size
            and prev_host + offset == host_start
            and mr is prev.mr
            and (not can_merge or can_merge(dev, host_start, section.size, prev_host, prev.size))
        ):
            # QEMU 7.2 reckons with the last byte of the section before: two that adjoin become one of the right size
            end = max(prev_host + prev.size - 1, host_start + section.size)
            dev.tmp_sections = (*dev.tmp_sections[:-1], prev._replace(size=end - prev_host))
            return
    dev.tmp_sections = (*dev.tmp_sections, section)


@emulates
def vhost_region_addnop(listener: MemoryListener, section: MemoryRegionSection) -> None:
    """hw/virtio/vhost.c. A section is new, or as it was."""
    dev: vhost_dev = container_of(listener)

    if not vhost_section(dev, section):
        return
    vhost_region_add_section(dev, section)


@emulates
def vhost_commit(listener: MemoryListener) -> None:
    """hw/virtio/vhost.c. All sections are known: whoever serves the queues is told, if a driver runs the device."""
    dev: vhost_dev = container_of(listener)
    changed = dev.tmp_sections != dev.mem_sections
    dev.mem_sections = dev.tmp_sections
    if not changed:
        return

    regions = []
    for section in dev.mem_sections:
        assert section.mr is not None
        address = memory_region_get_ram_ptr(section.mr) + section.offset_within_region
        regions.append(vhost_memory_region(section.offset_within_address_space, section.size, address))
    dev.mem = tuple(regions)
    vhost_c().used_memslots = len(regions)

    if not dev.started:
        return

    assert dev.vhost_ops
    assert dev.vhost_ops.vhost_set_mem_table
    r = dev.vhost_ops.vhost_set_mem_table(dev, dev.mem)
    if r < 0:
        vhost_ops_debug(r, "vhost_set_mem_table failed")


@emulates
def vhost_memory_map(dev: vhost_dev, addr: int, plen: int, is_write: bool) -> int:
    """hw/virtio/vhost.c. Returns where the program has a piece of guest memory. NotModelled: it is no memory."""
    for section in dev.mem_sections:
        offset = addr - section.offset_within_address_space
        if offset >= 0 and offset + plen <= section.size:
            assert section.mr is not None
            return memory_region_get_ram_ptr(section.mr) + section.offset_within_region + offset
    raise NotModelled("vhost with a queue that lies outside of memory")
