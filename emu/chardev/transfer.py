"""Bytes to a character device and from it (chardev/char.c)."""

from __future__ import annotations

from emu.chardev.structs import CHARDEV_GET_CLASS, Chardev
from emu.trace import emulates


@emulates(file="chardev/char.c")
def qemu_chr_write_buffer(s: Chardev, buf: bytes, len: int, write_all: bool) -> tuple[int, int]:
    """chardev/char.c. Returns what the device said last, and how much it took."""
    write = CHARDEV_GET_CLASS(s).chr_write
    assert write
    offset = res = 0
    while offset < len:
        res = write(s, buf[offset:], len - offset)
        if res <= 0:
            break
        offset += res
        if not write_all:
            break
    return res, offset


@emulates(file="chardev/char.c")
def qemu_chr_write(s: Chardev, buf: bytes, len: int, write_all: bool) -> int:
    """chardev/char.c. Returns how much the device took, or -1."""
    res, offset = qemu_chr_write_buffer(s, buf, len, write_all)
    return res if res < 0 else offset


@emulates(file="chardev/char.c")
def qemu_chr_be_can_write(s: Chardev) -> int:
    """chardev/char.c. Returns how many bytes who holds the device would take."""
    be = s.be

    if not be or not be.chr_can_read:
        return 0

    return be.chr_can_read(be.opaque)


@emulates(file="chardev/char.c")
def qemu_chr_be_write(s: Chardev, buf: bytes, len: int) -> None:
    """chardev/char.c. Hands bytes that arrived to who holds the device."""
    be = s.be

    if be and be.chr_read:
        be.chr_read(be.opaque, buf, len)
