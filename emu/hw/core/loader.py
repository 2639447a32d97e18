"""Images that are loaded into memory at reset (hw/core/loader.c): names, sizes and places; the bytes are not modelled."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from emu.hw.core.machine.structs import MACHINE_GET_CLASS
from emu.hw.core.qdev import qdev_get_machine
from emu.hw.core.reset import qemu_register_reset
from emu.migration.savevm import vmstate_register_ram_global
from emu.qapi.error import error_fatal
from emu.qom.object import OBJECT
from emu.softmmu.bootdevice import add_boot_device_path
from emu.softmmu.datadir import QEMU_FILE_TYPE_BIOS, firmware_size, qemu_find_file
from emu.softmmu.memory import memory_region_init_resizeable_ram, memory_region_set_readonly
from emu.trace import Ptr, Seq, Struct, emulates, g_free, per_run, recorder, seq

if TYPE_CHECKING:
    from emu.softmmu.memory import MemoryRegion

FW_CFG_MAX_FILE_PATH: Final = 56


class Rom(Struct):
    """An image; sizes in bytes."""

    name: str = ""
    path: str | None = None
    romsize: int = 0
    datasize: int = 0
    mr: MemoryRegion | None = None
    isrom: int = 0
    fw_dir: str | None = None
    fw_file: str | None = None
    committed: bool = False
    addr: int = 0


class QEMUOptionRom(Struct):
    """An option ROM that ``-option-rom`` or a device asks for (include/hw/loader.h)."""

    name: str = ""
    bootindex: int = -1


class Loader(Struct):
    """The file-level state of hw/core/loader.c; ``option_rom`` is softmmu/vl.c's."""

    fw_cfg: Any = None
    roms: Seq[Rom] = seq()
    roms_loaded: int = 0
    option_rom: Seq[QEMUOptionRom] = seq()


loader = per_run(Loader)


def option_rom_add(name: str, bootindex: int) -> None:
    """Note an option ROM that is loaded once the machine has its memory."""
    loader().option_rom.append(QEMUOptionRom(name=name, bootindex=bootindex))


def get_image_size(filename: str) -> int:
    """Return the size of a file in bytes, -1 where it can't be read."""
    return firmware_size(filename)


@emulates
def rom_insert(rom: Rom) -> None:
    """Enter an image into the list, by address."""
    assert not loader().roms_loaded, "ROM images must be loaded at startup"
    roms = loader().roms
    at = next((i for i, item in enumerate(roms) if item.addr > rom.addr), len(roms))
    roms.insert(at, rom)


@emulates
def rom_set_mr(rom: Rom, owner: Any, name: str, ro: bool) -> None:
    """Give an image a region of its own, so that migration moves its bytes."""
    with error_fatal():
        memory_region_init_resizeable_ram(Ptr(rom, "mr"), owner, name, rom.datasize, rom.romsize, None)
    assert rom.mr is not None
    memory_region_set_readonly(rom.mr, ro)
    vmstate_register_ram_global(rom.mr)


@emulates
def rom_add_file(
    file: str, fw_dir: str | None, addr: int, bootindex: int, option_rom: bool, mr: MemoryRegion | None = None
) -> int:
    """Load an image from a file, for an address, a region, or (``fw_dir``) the firmware. Return 0, or -1: no such file."""
    from emu.hw.nvram.fw_cfg import fw_cfg_add_file  # a device, above this layer

    mc = MACHINE_GET_CLASS(qdev_get_machine())
    rom = Rom(name=file, path=qemu_find_file(QEMU_FILE_TYPE_BIOS, file) or file)
    assert rom.path is not None
    size = get_image_size(rom.path)
    if size < 0:
        recorder().message("stderr", f"Could not open option rom '{rom.path}': No such file or directory\n")
        g_free(rom)
        return -1
    if fw_dir is not None:
        rom.fw_dir, rom.fw_file = fw_dir, file
    rom.addr = addr
    rom.romsize = rom.datasize = size
    rom_insert(rom)
    fw_cfg = loader().fw_cfg
    if rom.fw_file is not None and fw_cfg is not None:
        fw_file_name = f"{fw_dir}/{file.rpartition('/')[2]}"[: FW_CFG_MAX_FILE_PATH - 1]
        devpath = f"/rom@{fw_file_name}"
        if (not option_rom or mc.option_rom_has_mr) and mc.rom_file_has_mr:
            rom_set_mr(rom, OBJECT(fw_cfg), devpath, True)
        fw_cfg_add_file(fw_cfg, fw_file_name, rom.romsize)
    elif mr is not None:
        rom.mr = mr
        devpath = f"/rom@{file}"
    else:
        devpath = f"/rom@{addr:016x}"
    add_boot_device_path(bootindex, None, devpath)
    return 0


def rom_add_file_fixed(file: str, addr: int, bootindex: int) -> int:
    """Load an image for an address (a macro in include/hw/loader.h)."""
    return rom_add_file(file, None, addr, bootindex, False)


@emulates
def rom_add_blob(
    name: str,
    size: int,
    max_len: int,
    addr: int,
    fw_file_name: str | None,
    fw_callback: Callable[[Any], None] | None,
    callback_opaque: Any,
    read_only: bool,
) -> MemoryRegion | None:
    """Add an image made at run time: its sizes in bytes, and its name for the firmware."""
    from emu.hw.nvram.fw_cfg import fw_cfg_add_file_callback  # a device, above this layer

    mc = MACHINE_GET_CLASS(qdev_get_machine())
    rom = Rom(name=name, addr=addr, romsize=max_len or size, datasize=size)
    assert rom.romsize >= rom.datasize
    rom_insert(rom)
    fw_cfg = loader().fw_cfg
    if fw_file_name is not None and fw_cfg is not None:
        if mc.rom_file_has_mr:
            kind = "rom" if read_only else "ram"
            rom_set_mr(rom, OBJECT(fw_cfg), f"/{kind}@{fw_file_name}", read_only)
        fw_cfg_add_file_callback(fw_cfg, fw_file_name, fw_callback, callback_opaque, rom.datasize, read_only)
    return rom.mr


@emulates
def rom_add_vga(file: str) -> int:
    """Hand the firmware an option ROM of a display."""
    return rom_add_file(file, "vgaroms", 0, -1, True)


@emulates
def rom_add_option(file: str, bootindex: int) -> int:
    """Hand the firmware an option ROM."""
    return rom_add_file(file, "genroms", 0, bootindex, True)


@emulates
def rom_reset(unused: Any) -> None:
    """Reset handler: write every image to its place again; the bytes are not modelled."""


@emulates
def rom_check_and_register_reset() -> int:
    """Close the list of images. Return 0: images whose addresses overlap are not modelled."""
    qemu_register_reset(rom_reset, None)
    loader().roms_loaded = 1
    return 0


@emulates
def rom_set_fw(f: Any) -> None:
    """Note the interface to the firmware."""
    loader().fw_cfg = f


@emulates
def rom_set_order_override(order: int) -> None:
    """Let the firmware see what comes next in an order of its own."""
    from emu.hw.nvram.fw_cfg import fw_cfg_set_order_override  # a device, above this layer

    if loader().fw_cfg is not None:
        fw_cfg_set_order_override(loader().fw_cfg, order)


@emulates
def rom_reset_order_override() -> None:
    """End that order."""
    from emu.hw.nvram.fw_cfg import fw_cfg_reset_order_override  # a device, above this layer

    if loader().fw_cfg is not None:
        fw_cfg_reset_order_override(loader().fw_cfg)
