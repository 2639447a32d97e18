"""A processor's accesses to ports (softmmu/ioport.c). A module of its own: the region of all ports stands below, this above."""

from __future__ import annotations

from emu.softmmu.memory import MEMTXATTRS_UNSPECIFIED
from emu.softmmu.physmem import address_space_io, address_space_read, address_space_write
from emu.trace import emulates


def _in(addr: int, size: int) -> int:
    return int.from_bytes(address_space_read(address_space_io(), addr, MEMTXATTRS_UNSPECIFIED, size)[1], "little")


def _out(addr: int, val: int, size: int) -> None:
    data = (val & ((1 << 8 * size) - 1)).to_bytes(size, "little")
    address_space_write(address_space_io(), addr, MEMTXATTRS_UNSPECIFIED, data)


@emulates(file="softmmu/ioport.c")
def cpu_outb(addr: int, val: int) -> None:
    """Write a byte."""
    _out(addr, val, 1)


@emulates(file="softmmu/ioport.c")
def cpu_outw(addr: int, val: int) -> None:
    """Write two bytes."""
    _out(addr, val, 2)


@emulates(file="softmmu/ioport.c")
def cpu_outl(addr: int, val: int) -> None:
    """Write four bytes."""
    _out(addr, val, 4)


@emulates(file="softmmu/ioport.c")
def cpu_inb(addr: int) -> int:
    """Read a byte."""
    return _in(addr, 1)


@emulates(file="softmmu/ioport.c")
def cpu_inw(addr: int) -> int:
    """Read two bytes."""
    return _in(addr, 2)


@emulates(file="softmmu/ioport.c")
def cpu_inl(addr: int) -> int:
    """Read four bytes."""
    return _in(addr, 4)
