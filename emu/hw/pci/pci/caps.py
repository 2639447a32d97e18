"""The list of capabilities in configuration space (hw/pci/pci.c; PCI local bus 3.0, 6.7)."""

from __future__ import annotations

from emu.hw.pci.pci.bus import pci_dev_bus_num
from emu.hw.pci.pci.path import pci_root_bus_path
from emu.hw.pci.pci.structs import PCI_CONFIG_HEADER_SIZE, PCI_CONFIG_SPACE_SIZE, PCI_FUNC, PCI_SLOT, PCIDevice
from emu.qapi.error import error_setg
from emu.standard_headers.linux.pci_regs import (
    PCI_CAP_LIST_ID,
    PCI_CAP_LIST_NEXT,
    PCI_CAPABILITY_LIST,
    PCI_STATUS,
    PCI_STATUS_CAP_LIST,
)
from emu.trace import emulates


def fill(byte: int, size: int) -> bytes:
    """Return what memset writes."""
    return bytes([byte]) * size


def align_up_4(size: int) -> int:
    """Return the next multiple of four bytes."""
    return (size + 3) & ~3


@emulates
def pci_find_space(pdev: PCIDevice, size: int) -> int:
    """Return the offset of the first ``size`` bytes that no capability takes, 0 if there are none."""
    offset = PCI_CONFIG_HEADER_SIZE
    for i in range(PCI_CONFIG_HEADER_SIZE, PCI_CONFIG_SPACE_SIZE):
        if pdev.used[i]:
            offset = i + 1
        elif i - offset + 1 == size:
            return offset
    return 0


def pci_find_capability_list(pdev: PCIDevice, cap_id: int) -> tuple[int, int]:
    """Return the offset of a capability (0: none) and of the byte that points to it."""
    if not pdev.config[PCI_STATUS] & PCI_STATUS_CAP_LIST:
        return 0, 0
    prev = PCI_CAPABILITY_LIST
    while next_ := pdev.config[prev]:
        if pdev.config[next_ + PCI_CAP_LIST_ID] == cap_id:
            break
        prev = next_ + PCI_CAP_LIST_NEXT
    return next_, prev


def pci_find_capability_at_offset(pdev: PCIDevice, offset: int) -> int:
    """Return the offset of the capability that a byte belongs to, 0 for none."""
    if not pdev.used[offset]:
        return 0
    assert pdev.config[PCI_STATUS] & PCI_STATUS_CAP_LIST
    found = 0
    prev = PCI_CAPABILITY_LIST
    while next_ := pdev.config[prev]:
        if found < next_ <= offset:
            found = next_
        prev = next_ + PCI_CAP_LIST_NEXT
    return found


@emulates
def pci_add_capability(pdev: PCIDevice, cap_id: int, offset: int, size: int) -> int:
    """Put a capability of ``size`` bytes at the head of the list, at ``offset`` (0: where there is room); return its offset.

    The guest can't write it until ``wmask`` says so. Error (-EINVAL in C): it would overlap another.
    """
    if not offset:
        offset = pci_find_space(pdev, size)
        assert offset
    else:
        for i in range(offset, offset + size):
            overlapping_cap = pci_find_capability_at_offset(pdev, i)
            if overlapping_cap:
                error_setg(
                    f"{pci_root_bus_path(pdev)}:{pci_dev_bus_num(pdev):02x}:{PCI_SLOT(pdev.devfn):02x}."
                    f"{PCI_FUNC(pdev.devfn):x} Attempt to add PCI capability {cap_id:x} at offset {offset:x} "
                    f"overlaps existing capability {overlapping_cap:x} at offset {i:x}"
                )
    config = pdev.config + offset
    config[PCI_CAP_LIST_ID] = cap_id
    config[PCI_CAP_LIST_NEXT] = pdev.config[PCI_CAPABILITY_LIST]
    pdev.config[PCI_CAPABILITY_LIST] = offset
    pdev.config[PCI_STATUS] |= PCI_STATUS_CAP_LIST
    pdev.used.put(offset, fill(0xFF, align_up_4(size)))
    pdev.wmask.put(offset, fill(0, size))
    pdev.cmask.put(offset, fill(0xFF, size))
    return offset


@emulates
def pci_del_capability(pdev: PCIDevice, cap_id: int, size: int) -> None:
    """Take a capability out of the list."""
    offset, prev = pci_find_capability_list(pdev, cap_id)
    if not offset:
        return
    pdev.config[prev] = pdev.config[offset + PCI_CAP_LIST_NEXT]
    pdev.wmask.put(offset, fill(0xFF, size))
    pdev.w1cmask.put(offset, fill(0, size))
    pdev.cmask.put(offset, fill(0, size))
    pdev.used.put(offset, fill(0, align_up_4(size)))
    if not pdev.config[PCI_CAPABILITY_LIST]:
        pdev.config[PCI_STATUS] &= ~PCI_STATUS_CAP_LIST


def pci_find_capability(pdev: PCIDevice, cap_id: int) -> int:
    """Return the offset of a capability, 0 for none."""
    return pci_find_capability_list(pdev, cap_id)[0]
