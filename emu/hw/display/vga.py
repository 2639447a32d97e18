"""The core of a VGA: its memory, its windows; nothing is drawn (hw/display/vga.c, hw/display/vga_int.h)."""

from __future__ import annotations

from typing import Final

from emu.exec.heap import g_new_region
from emu.hw.core.qdev import DEVICE
from emu.hw.core.reset import qemu_register_reset
from emu.migration.savevm import vmstate_register_ram
from emu.qapi.error import error_setg
from emu.qom.object import Object
from emu.softmmu.ioport import (
    MemoryRegionPortio,
    PortioList,
    portio_list_add,
    portio_list_init,
    portio_list_set_flush_coalesced,
)
from emu.softmmu.memory import (
    DEVICE_LITTLE_ENDIAN,
    Impl,
    MemoryRegion,
    memory_region_add_subregion_overlap,
    memory_region_init_io,
    memory_region_init_ram_nomigrate,
    memory_region_set_coalescing,
    memory_region_set_flush_coalesced,
)
from emu.softmmu.unmodelled_ops import unmodelled_ops, unmodelled_port_read, unmodelled_port_write
from emu.trace import Ptr, Struct, embedded, emulates, per_run
from emu.trace.calls import declared

FILE: Final = "hw/display/vga.c"
VBE_DISPI_ID5: Final = 0xB0C5
MIB: Final = 1 << 20

_read: Final = unmodelled_port_read("vga_ioport_read", FILE)
_write: Final = unmodelled_port_write("vga_ioport_write", FILE)
_read_index: Final = unmodelled_port_read("vbe_ioport_read_index", FILE)
_write_index: Final = unmodelled_port_write("vbe_ioport_write_index", FILE)
_read_data: Final = unmodelled_port_read("vbe_ioport_read_data", FILE)
_write_data: Final = unmodelled_port_write("vbe_ioport_write_data", FILE)
graphic_console_init: Final = declared("graphic_console_init", "ui/console.c")
vga_dirty_log_start: Final = declared("vga_dirty_log_start", FILE)

vga_mem_ops: Final = unmodelled_ops(
    "vga_mem_ops", FILE, "vga_mem_read", "vga_mem_write", endianness=DEVICE_LITTLE_ENDIAN, impl=Impl(1, 1)
)
vga_portio_list: Final = tuple(
    MemoryRegionPortio(offset, length, 1, read=_read, write=_write)
    for offset, length in ((0x04, 2), (0x0A, 1), (0x10, 16), (0x24, 2), (0x2A, 1))
)
vbe_portio_list: Final = (
    MemoryRegionPortio(0, 1, 2, read=_read_index, write=_write_index),
    MemoryRegionPortio(1, 1, 2, read=_read_data, write=_write_data),
    MemoryRegionPortio(2, 1, 2, read=_read_data, write=_write_data),
)


class VGACommonState(Struct):
    """The core; sizes of memory in MiB where the name says so, in bytes elsewhere."""

    legacy_address_space: MemoryRegion | None = None
    vram: MemoryRegion | None = None
    vram_size: int = 0
    vram_size_mb: int = 0
    vbe_size: int = 0
    vbe_size_mask: int = 0
    bank_offset: int = 0
    vga_port_list: PortioList = embedded(PortioList)
    vbe_port_list: PortioList = embedded(PortioList)
    vbe_id: int = 0
    vbe_bank_mask: int = 0
    graphic_mode: int = 0
    big_endian_fb: bool = False
    default_endian_fb: bool = False
    global_vmstate: bool = False


class VgaStatics(Struct):
    """Whether there is a display whose memory has no device in its name."""

    global_vram: bool = False


vga_statics = per_run(VgaStatics)


@emulates
def vga_common_reset(s: VGACommonState) -> None:
    """Go back to text on a blank screen."""
    s.bank_offset = 0
    s.vbe_id = VBE_DISPI_ID5
    s.vbe_bank_mask = (s.vram_size >> 16) - 1
    s.graphic_mode = -1
    s.big_endian_fb = s.default_endian_fb


@emulates
def vga_reset(opaque: VGACommonState) -> None:
    """Reset with the machine."""
    vga_common_reset(opaque)


@emulates
def vga_common_init(s: VGACommonState, obj: Object) -> None:
    """Make the memory: a power of two, 1 to 512 MiB. Error: a second one without a device in its name."""
    s.vram_size_mb = min(max(s.vram_size_mb, 1), 512)
    s.vram_size_mb = 1 << (s.vram_size_mb - 1).bit_length()
    s.vram_size = s.vram_size_mb * MIB
    s.vbe_size = s.vbe_size or s.vram_size
    s.vbe_size_mask = s.vbe_size - 1
    if s.global_vmstate and vga_statics().global_vram:
        error_setg("Only one global VGA device can be used at a time")
    memory_region_init_ram_nomigrate(Ptr(s, "vram"), obj, "vga.vram", s.vram_size)
    assert s.vram is not None
    vmstate_register_ram(s.vram, None if s.global_vmstate else DEVICE(obj))
    vga_statics().global_vram |= s.global_vmstate
    s.default_endian_fb = False
    vga_dirty_log_start(s)


@emulates
def vga_init_io(
    s: VGACommonState, obj: Object
) -> tuple[MemoryRegion, tuple[MemoryRegionPortio, ...], tuple[MemoryRegionPortio, ...]]:
    """Make the window at 640 KiB. Return it and both lists of ports."""
    vga_mem = g_new_region()
    memory_region_init_io(vga_mem, obj, vga_mem_ops, s, "vga-lowmem", 0x20000)
    memory_region_set_flush_coalesced(vga_mem.get())
    return vga_mem.get(), vga_portio_list, vbe_portio_list


@emulates
def vga_init(
    s: VGACommonState, obj: Object, address_space: MemoryRegion, address_space_io: MemoryRegion, init_vga_ports: bool
) -> None:
    """Map the window and the ports."""
    qemu_register_reset(vga_reset, s)
    s.bank_offset = 0
    s.legacy_address_space = address_space
    vga_io_memory, vga_ports, vbe_ports = vga_init_io(s, obj)
    memory_region_add_subregion_overlap(address_space, 0x000A0000, vga_io_memory, 1)
    memory_region_set_coalescing(vga_io_memory)
    if init_vga_ports:
        portio_list_init(s.vga_port_list, obj, vga_ports, s, "vga")
        portio_list_set_flush_coalesced(s.vga_port_list)
        portio_list_add(s.vga_port_list, address_space_io, 0x3B0)
    portio_list_init(s.vbe_port_list, obj, vbe_ports, s, "vbe")
    portio_list_add(s.vbe_port_list, address_space_io, 0x1CE)
