"""The option ROM of a device: a region of the size of its file, with the ids in its header (hw/pci/pci.c)."""

from __future__ import annotations

from typing import Final, NamedTuple

from emu.exec.ramlist import HostMemory
from emu.hw.core.loader import get_image_size, rom_add_option, rom_add_vga
from emu.hw.core.qdev_core import DEVICE, DEVICE_GET_CLASS
from emu.hw.pci.pci.bar import pci_register_bar
from emu.hw.pci.pci.bytes import pci_get_word
from emu.hw.pci.pci.structs import PCI_ROM_SLOT, PCIDevice
from emu.migration.savevm import vmstate_unregister_ram
from emu.qapi.error import error_fatal, error_setg
from emu.qom.object import object_get_typename
from emu.softmmu.datadir import QEMU_FILE_TYPE_BIOS, qemu_find_file
from emu.softmmu.memory import memory_region_init_rom
from emu.standard_headers.linux.pci_regs import PCI_CLASS_DEVICE, PCI_DEVICE_ID, PCI_VENDOR_ID
from emu.trace import Ptr, emulates

ROMSIZE_UNSET: Final = 0xFFFFFFFF
GIB: Final = 1 << 30
VGA_CLASS: Final = 0x0300


class RomHeader(NamedTuple):
    """What is known of an image's bytes: where its PCI data structure lies, the ids there, the byte that evens its sum."""

    pcir_offset: int
    vendor_id: int
    device_id: int
    checksum: int


ROM_HEADERS: Final[dict[str, RomHeader]] = {
    "efi-e1000.rom": RomHeader(0x1C, 0x8086, 0x100E, 0x94),
    "efi-e1000e.rom": RomHeader(0x1C, 0x8086, 0x10D3, 0x1C),
    "efi-eepro100.rom": RomHeader(0x1C, 0x8086, 0x1229, 0x4D),
    "efi-ne2k_pci.rom": RomHeader(0x1C, 0x0000, 0x0000, 0x70),
    "efi-pcnet.rom": RomHeader(0x1C, 0x1022, 0x2000, 0x47),
    "efi-rtl8139.rom": RomHeader(0x1C, 0x10EC, 0x8139, 0x4D),
    "efi-virtio.rom": RomHeader(0x1C, 0x1AF4, 0x1041, 0x68),
    "efi-vmxnet3.rom": RomHeader(0x1C, 0x15AD, 0x07B0, 0x3E),
    "pxe-e1000.rom": RomHeader(0x1C, 0x8086, 0x100E, 0x14),
    "pxe-e1000e.rom": RomHeader(0x1C, 0x8086, 0x10D3, 0x9C),
    "pxe-eepro100.rom": RomHeader(0x1C, 0x8086, 0x1229, 0xCD),
    "pxe-ne2k_pci.rom": RomHeader(0x1C, 0x0000, 0x0000, 0xF0),
    "pxe-pcnet.rom": RomHeader(0x1C, 0x1022, 0x2000, 0xC7),
    "pxe-rtl8139.rom": RomHeader(0x1C, 0x10EC, 0x8139, 0xCD),
    "pxe-virtio.rom": RomHeader(0x1C, 0x1AF4, 0x1041, 0xE8),
    "pxe-vmxnet3.rom": RomHeader(0x1C, 0x15AD, 0x07B0, 0xBE),
    "vgabios-ati.bin": RomHeader(0x99DC, 0x1002, 0x5159, 0xD9),
    "vgabios-bochs-display.bin": RomHeader(0x6F20, 0x1234, 0x1111, 0x84),
    "vgabios-cirrus.bin": RomHeader(0x989C, 0x1013, 0x00B8, 0x28),
    "vgabios-qxl.bin": RomHeader(0x99DC, 0x1B36, 0x0100, 0x37),
    "vgabios-stdvga.bin": RomHeader(0x99DC, 0x1234, 0x1111, 0x21),
    "vgabios-virtio.bin": RomHeader(0x99DC, 0x1AF4, 0x1050, 0x1B),
    "vgabios-vmware.bin": RomHeader(0x99DC, 0x15AD, 0x0405, 0xBE),
}
"""Measured on the images that Debian 12 installs; the rest of their bytes is not part of this project and reads as 0."""


def load_header(path: str, ptr: HostMemory) -> None:
    """Write what is known of an image's bytes into memory."""
    header = ROM_HEADERS.get(path.rpartition("/")[2])
    if header is None:
        return
    ptr.write(0, 0xAA55, 2)
    ptr.write(6, header.checksum, 1)
    ptr.write(0x18, header.pcir_offset, 2)
    ptr.put(header.pcir_offset, b"PCIR")
    ptr.write(header.pcir_offset + 4, header.vendor_id, 2)
    ptr.write(header.pcir_offset + 6, header.device_id, 2)


@emulates
def pci_patch_ids(pdev: PCIDevice, ptr: HostMemory, size: int) -> None:
    """Write a device's ids into an image that serves several devices, and keep its sum even (byte 6 takes the difference)."""
    if ptr.read(0, 2) != 0xAA55:
        return
    pcir_offset = ptr.read(0x18, 2)
    if pcir_offset + 8 >= size or ptr.get(pcir_offset, 4) != b"PCIR":
        return
    vendor_id = pci_get_word(pdev.config + PCI_VENDOR_ID)
    device_id = pci_get_word(pdev.config + PCI_DEVICE_ID)
    rom_vendor_id = ptr.read(pcir_offset + 4, 2)
    rom_device_id = ptr.read(pcir_offset + 6, 2)
    checksum = ptr.read(6, 1)
    for rom_id, id_, at in ((rom_vendor_id, vendor_id, 4), (rom_device_id, device_id, 6)):
        if id_ != rom_id:
            checksum += (rom_id & 0xFF) + (rom_id >> 8) - (id_ & 0xFF) - (id_ >> 8)
            ptr.write(6, checksum, 1)
            ptr.write(pcir_offset + at, id_, 2)


@emulates
def pci_add_option_rom(pdev: PCIDevice, is_default_rom: bool) -> None:
    """Give a device the ROM of its file, in a BAR of its own or (without ``rombar``) through the firmware.

    Error: the file is missing, empty or larger than ``romsize``, or the device is hot-plugged without a BAR.
    """
    if not pdev.romfile:
        return
    if not pdev.rom_bar:
        if DEVICE(pdev).hotplugged:
            error_setg("Hot-plugged device without ROM bar can't have an option ROM")
        if pci_get_word(pdev.config + PCI_CLASS_DEVICE) == VGA_CLASS:
            rom_add_vga(pdev.romfile)
        else:
            rom_add_option(pdev.romfile, -1)
        return
    path = qemu_find_file(QEMU_FILE_TYPE_BIOS, pdev.romfile)
    if path is None:
        path = pdev.romfile
    size = get_image_size(path)
    if size < 0:
        error_setg(f'failed to find romfile "{pdev.romfile}"')
    if size == 0:
        error_setg(f'romfile "{pdev.romfile}" is empty')
    if size > 2 * GIB:
        error_setg(f'romfile "{pdev.romfile}" too large (size cannot exceed 2 GiB)')
    if pdev.romsize != ROMSIZE_UNSET:
        if size > pdev.romsize:
            error_setg(f'romfile "{pdev.romfile}" ({size} bytes) is too large for ROM size {pdev.romsize}')
    else:
        pdev.romsize = 1 << (size - 1).bit_length()
    vmsd = DEVICE_GET_CLASS(pdev).vmsd
    name = f"{vmsd.name if vmsd is not None else object_get_typename(pdev)}.rom"[:31]
    pdev.has_rom = True
    with error_fatal():
        memory_region_init_rom(Ptr(pdev, "rom"), pdev, name, pdev.romsize)
    assert pdev.rom is not None
    assert pdev.rom.ram_block is not None
    ptr = pdev.rom.ram_block.host()
    load_header(path, ptr)
    if is_default_rom:
        pci_patch_ids(pdev, ptr, size)
    pci_register_bar(pdev, PCI_ROM_SLOT, 0, pdev.rom)


@emulates
def pci_del_option_rom(pdev: PCIDevice) -> None:
    """Undo pci_add_option_rom."""
    if not pdev.has_rom:
        return
    assert pdev.rom is not None
    vmstate_unregister_ram(pdev.rom, DEVICE(pdev))
    pdev.has_rom = False
