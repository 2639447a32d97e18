"""Little-endian numbers in configuration space (include/hw/pci/pci.h). ``p`` is a buffer or an address inside one."""

from __future__ import annotations

from typing import Protocol

from emu.standard_headers.linux.pci_regs import (
    PCI_CLASS_DEVICE,
    PCI_CLASS_PROG,
    PCI_DEVICE_ID,
    PCI_INTERRUPT_PIN,
    PCI_REVISION_ID,
    PCI_VENDOR_ID,
)
from emu.trace import Buf, emulates


class Memory(Protocol):
    """What can be read and written by offset: ``Buf``, ``BufAt``, the bytes of a RAM block."""

    def read(self, at: int, size: int, /) -> int:
        """Return ``size`` bytes as a little-endian number."""

    def write(self, at: int, value: int, size: int, /) -> None:
        """Write ``value`` as ``size`` little-endian bytes."""


def pci_set_byte(p: Memory, val: int) -> None:
    """Write 8 bits."""
    p.write(0, val, 1)


def pci_get_byte(p: Memory) -> int:
    """Read 8 bits."""
    return p.read(0, 1)


def pci_set_word(p: Memory, val: int) -> None:
    """Write 16 bits."""
    p.write(0, val, 2)


def pci_get_word(p: Memory) -> int:
    """Read 16 bits."""
    return p.read(0, 2)


def pci_set_long(p: Memory, val: int) -> None:
    """Write 32 bits."""
    p.write(0, val, 4)


def pci_get_long(p: Memory) -> int:
    """Read 32 bits."""
    return p.read(0, 4)


def pci_set_quad(p: Memory, val: int) -> None:
    """Write 64 bits."""
    p.write(0, val, 8)


def pci_get_quad(p: Memory) -> int:
    """Read 64 bits."""
    return p.read(0, 8)


def _clear(p: Memory, mask: int, size: int) -> int:
    val = p.read(0, size)
    p.write(0, val & ~mask, size)
    return val & mask


def _set(p: Memory, mask: int, size: int) -> int:
    val = p.read(0, size)
    p.write(0, val | mask, size)
    return val & mask


def _set_by_mask(p: Memory, mask: int, reg: int, size: int) -> None:
    assert mask
    shift = (mask & -mask).bit_length() - 1
    p.write(0, p.read(0, size) & ~mask | reg << shift & mask, size)


def pci_byte_test_and_clear_mask(p: Memory, mask: int) -> int:
    """Clear bits of 8; return which of them were set."""
    return _clear(p, mask, 1)


def pci_byte_test_and_set_mask(p: Memory, mask: int) -> int:
    """Set bits of 8; return which of them were set."""
    return _set(p, mask, 1)


def pci_word_test_and_clear_mask(p: Memory, mask: int) -> int:
    """Clear bits of 16; return which of them were set."""
    return _clear(p, mask, 2)


def pci_word_test_and_set_mask(p: Memory, mask: int) -> int:
    """Set bits of 16; return which of them were set."""
    return _set(p, mask, 2)


def pci_long_test_and_clear_mask(p: Memory, mask: int) -> int:
    """Clear bits of 32; return which of them were set."""
    return _clear(p, mask, 4)


def pci_long_test_and_set_mask(p: Memory, mask: int) -> int:
    """Set bits of 32; return which of them were set."""
    return _set(p, mask, 4)


def pci_quad_test_and_clear_mask(p: Memory, mask: int) -> int:
    """Clear bits of 64; return which of them were set."""
    return _clear(p, mask, 8)


def pci_quad_test_and_set_mask(p: Memory, mask: int) -> int:
    """Set bits of 64; return which of them were set."""
    return _set(p, mask, 8)


def pci_set_byte_by_mask(p: Memory, mask: int, reg: int) -> None:
    """Write the field of 8 bits that a mask marks."""
    _set_by_mask(p, mask, reg, 1)


def pci_set_word_by_mask(p: Memory, mask: int, reg: int) -> None:
    """Write the field of 16 bits that a mask marks."""
    _set_by_mask(p, mask, reg, 2)


def pci_set_long_by_mask(p: Memory, mask: int, reg: int) -> None:
    """Write the field of 32 bits that a mask marks."""
    _set_by_mask(p, mask, reg, 4)


@emulates(file="include/hw/pci/pci.h")
def pci_config_set_vendor_id(pci_config: Buf, val: int) -> None:
    """Write the vendor."""
    pci_set_word(pci_config + PCI_VENDOR_ID, val)


@emulates(file="include/hw/pci/pci.h")
def pci_config_set_device_id(pci_config: Buf, val: int) -> None:
    """Write the device."""
    pci_set_word(pci_config + PCI_DEVICE_ID, val)


@emulates(file="include/hw/pci/pci.h")
def pci_config_set_revision(pci_config: Buf, val: int) -> None:
    """Write the revision."""
    pci_set_byte(pci_config + PCI_REVISION_ID, val)


@emulates(file="include/hw/pci/pci.h")
def pci_config_set_class(pci_config: Buf, val: int) -> None:
    """Write the class, without the programming interface."""
    pci_set_word(pci_config + PCI_CLASS_DEVICE, val)


@emulates(file="include/hw/pci/pci.h")
def pci_config_set_prog_interface(pci_config: Buf, val: int) -> None:
    """Write the programming interface."""
    pci_set_byte(pci_config + PCI_CLASS_PROG, val)


@emulates(file="include/hw/pci/pci.h")
def pci_config_set_interrupt_pin(pci_config: Buf, val: int) -> None:
    """Write the interrupt pin: 1 is INTA#."""
    pci_set_byte(pci_config + PCI_INTERRUPT_PIN, val)
