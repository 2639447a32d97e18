"""Registers of devices whose meaning is not modelled: an access is recorded, marked as not modelled, and reads as 0."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from emu.softmmu.memory import DEVICE_NATIVE_ENDIAN, Impl, MemoryRegionOps, Valid
from emu.trace.calls import declared


def unmodelled_ops(
    name: str,
    file: str,
    read: str,
    write: str,
    *,
    endianness: int = DEVICE_NATIVE_ENDIAN,
    valid: Valid = Valid(),  # noqa: B008  # a constant
    impl: Impl = Impl(),  # noqa: B008  # a constant
) -> MemoryRegionOps:
    """Return the table ``name`` of a C file; ``read`` and ``write`` name its functions."""
    note_read, note_write = declared(read, file), declared(write, file)

    def do_read(opaque: Any, addr: int, size: int) -> int:
        note_read(opaque, addr, size)
        return 0

    def do_write(opaque: Any, addr: int, data: int, size: int) -> None:
        note_write(opaque, addr, data, size)

    return MemoryRegionOps(name=name, read=do_read, write=do_write, endianness=endianness, valid=valid, impl=impl)


def unmodelled_port_read(name: str, file: str) -> Callable[[Any, int], int]:
    """Return the function that reads a port; ``name`` is C's."""
    note = declared(name, file)

    def do_read(opaque: Any, addr: int) -> int:
        note(opaque, addr)
        return 0

    return do_read


def unmodelled_port_write(name: str, file: str) -> Callable[[Any, int, int], None]:
    """Return the function that writes a port; ``name`` is C's."""
    note = declared(name, file)

    def do_write(opaque: Any, addr: int, data: int) -> None:
        note(opaque, addr, data)

    return do_write
