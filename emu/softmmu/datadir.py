"""Where firmware lies (softmmu/datadir.c), and which there is: what Debian 12 installs beside its QEMU.

The files themselves are not part of this project: only names and sizes are known, a file's bytes read as zeros.
"""

from __future__ import annotations

from typing import Final

from emu.trace import emulates

QEMU_FILE_TYPE_BIOS: Final = 0

IPXE: Final = "/usr/lib/ipxe/qemu"
SEABIOS: Final = "/usr/share/seabios"
QEMU: Final = "/usr/share/qemu"

FIRMWARE: Final[dict[str, tuple[str, int]]] = {
    "bios-256k.bin": (SEABIOS, 262144),
    "bios-microvm.bin": (SEABIOS, 131072),
    "bios.bin": (SEABIOS, 131072),
    "efi-e1000.rom": (IPXE, 249856),
    "efi-e1000e.rom": (IPXE, 249856),
    "efi-eepro100.rom": (IPXE, 247808),
    "efi-ne2k_pci.rom": (IPXE, 245760),
    "efi-pcnet.rom": (IPXE, 246272),
    "efi-rtl8139.rom": (IPXE, 249856),
    "efi-virtio.rom": (IPXE, 249344),
    "efi-vmxnet3.rom": (IPXE, 243712),
    "kvmvapic.bin": (QEMU, 9216),
    "linuxboot.bin": (QEMU, 1024),
    "linuxboot_dma.bin": (QEMU, 1536),
    "multiboot.bin": (QEMU, 1024),
    "multiboot_dma.bin": (QEMU, 1024),
    "pvh.bin": (QEMU, 1536),
    "pxe-e1000.rom": (IPXE, 75264),
    "pxe-e1000e.rom": (IPXE, 75264),
    "pxe-eepro100.rom": (IPXE, 75264),
    "pxe-ne2k_pci.rom": (IPXE, 74752),
    "pxe-pcnet.rom": (IPXE, 74752),
    "pxe-rtl8139.rom": (IPXE, 75776),
    "pxe-virtio.rom": (IPXE, 75776),
    "pxe-vmxnet3.rom": (IPXE, 74240),
    "qboot.rom": (QEMU, 65536),
    "sgabios.bin": (QEMU, 4096),
    "vgabios-ati.bin": (SEABIOS, 39936),
    "vgabios-bochs-display.bin": (SEABIOS, 28672),
    "vgabios-cirrus.bin": (SEABIOS, 39424),
    "vgabios-isavga.bin": (SEABIOS, 39424),
    "vgabios-qxl.bin": (SEABIOS, 39936),
    "vgabios-ramfb.bin": (SEABIOS, 29184),
    "vgabios-stdvga.bin": (SEABIOS, 39936),
    "vgabios-virtio.bin": (SEABIOS, 39936),
    "vgabios-vmware.bin": (SEABIOS, 39936),
    "vgabios.bin": (SEABIOS, 39424),
}
"""Name -> directory and size in bytes."""


@emulates
def qemu_find_file(type_: int, name: str) -> str | None:
    """Return the path of a firmware file, None where there is none of that name."""
    found = FIRMWARE.get(name)
    return f"{found[0]}/{name}" if found is not None else None


def firmware_size(path: str) -> int:
    """Return the size of a file in bytes, -1 where it does not exist: no file of the host is looked at."""
    directory, _, name = path.rpartition("/")
    found = FIRMWARE.get(name)
    return found[1] if found is not None and directory == found[0] else -1
