"""The firmware of a PC, in flash memory or in ROM (hw/i386/pc_sysfw.c)."""

from __future__ import annotations

from typing import Final

from emu.blockdev import BlockInterfaceType, drive_get
from emu.errors import NotModelled, QemuExit
from emu.hw.block.pflash_cfi01 import (
    PFLASH_CFI01,
    TYPE_PFLASH_CFI01,
    PFlashCFI01,
    pflash_cfi01_get_blk,
    pflash_cfi01_legacy_drive,
)
from emu.hw.core.machine import MACHINE
from emu.hw.core.qdev import qdev_new
from emu.hw.core.qdev_properties import qdev_prop_set_string, qdev_prop_set_uint8, qdev_prop_set_uint64
from emu.hw.i386.pc.structs import PC_MACHINE_GET_CLASS, PCMachineState
from emu.hw.i386.x86 import x86_bios_rom_init
from emu.qapi.error import error_abort
from emu.qom.object import (
    OBJECT,
    object_property_add_alias,
    object_property_add_child,
    object_property_del,
    object_property_get_bool,
    object_unparent,
    object_unref,
)
from emu.softmmu.memory import MemoryRegion
from emu.trace import emulates
from emu.util.error_report import error_report

FLASH_SECTOR_SIZE: Final = 4096


@emulates
def pc_pflash_create(pcms: PCMachineState, name: str, alias_prop_name: str) -> PFlashCFI01:
    """Make a flash device; the machine gets a property for what it holds."""
    dev = qdev_new(TYPE_PFLASH_CFI01)
    qdev_prop_set_uint64(dev, "sector-length", FLASH_SECTOR_SIZE)
    qdev_prop_set_uint8(dev, "width", 1)
    qdev_prop_set_string(dev, "name", name)
    object_property_add_child(OBJECT(pcms), name, OBJECT(dev))
    object_property_add_alias(OBJECT(pcms), alias_prop_name, OBJECT(dev), "drive")
    object_unref(OBJECT(dev))
    return PFLASH_CFI01(dev)


@emulates
def pc_system_flash_create(pcms: PCMachineState) -> None:
    """Make two flash devices, before it is known whether they are used."""
    if PC_MACHINE_GET_CLASS(pcms).pci_enabled:
        pcms.flash[0] = pc_pflash_create(pcms, "system.flash0", "pflash0")
        pcms.flash[1] = pc_pflash_create(pcms, "system.flash1", "pflash1")


@emulates
def pc_system_flash_cleanup_unused(pcms: PCMachineState) -> None:
    """Drop the flash devices that are not used."""
    assert PC_MACHINE_GET_CLASS(pcms).pci_enabled
    for i in range(len(pcms.flash)):
        flash = pcms.flash[i]
        assert flash is not None
        dev_obj = OBJECT(flash)
        with error_abort():
            realized = object_property_get_bool(dev_obj, "realized")
        if not realized:
            object_property_del(OBJECT(pcms), f"pflash{i}")
            object_unparent(dev_obj)
            pcms.flash[i] = None


@emulates
def pc_system_firmware_init(pcms: PCMachineState, rom_memory: MemoryRegion) -> None:
    """Map the firmware. NotModelled: it is in flash memory."""
    if not PC_MACHINE_GET_CLASS(pcms).pci_enabled:
        x86_bios_rom_init(MACHINE(pcms), "bios.bin", rom_memory, True)
        return
    blocks = []
    for i in range(len(pcms.flash)):
        flash = pcms.flash[i]
        assert flash is not None
        pflash_cfi01_legacy_drive(flash, drive_get(BlockInterfaceType.IF_PFLASH, 0, i))
        blocks.append(pflash_cfi01_get_blk(flash))
    for i in range(1, len(blocks)):
        if blocks[i] is not None and blocks[i - 1] is None:
            error_report(f"pflash{i} requires pflash{i - 1}")
            raise QemuExit(1)
    if blocks[0] is not None:
        raise NotModelled("firmware in flash memory (pflash0)")
    x86_bios_rom_init(MACHINE(pcms), "bios.bin", rom_memory, False)
    pc_system_flash_cleanup_unused(pcms)
