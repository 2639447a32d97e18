"""Messages: held back, waiting, sent (hw/pci/msix.c; PCI local bus 3.0, 6.8.2)."""

from __future__ import annotations

from typing import Final

from emu.hw.pci.msi import msi_send_message
from emu.hw.pci.pci.bytes import pci_get_long, pci_get_quad, pci_set_long, pci_set_quad
from emu.hw.pci.pci.irq import pci_device_deassert_intx
from emu.hw.pci.pci.structs import QEMU_PCI_CAP_MSIX, MSIMessage, PCIDevice
from emu.qemu.range import range_covers_byte
from emu.standard_headers.linux import pci_regs as r
from emu.trace import Buf, Seq, emulates
from emu.util.assertion import assertion_failed

MSIX_CONTROL_OFFSET: Final = r.PCI_MSIX_FLAGS + 1
MSIX_ENABLE_MASK: Final = r.PCI_MSIX_FLAGS_ENABLE >> 8
MSIX_MASKALL_MASK: Final = r.PCI_MSIX_FLAGS_MASKALL >> 8


def table_of(dev: PCIDevice) -> Buf:
    """Return the table: 16 bytes a message."""
    assert dev.msix_table is not None
    return dev.msix_table


def pba_of(dev: PCIDevice) -> Buf:
    """Return the pending bits: one a message."""
    assert dev.msix_pba is not None
    return dev.msix_pba


def used_of(dev: PCIDevice) -> Seq[int]:
    """Return how many users each message has."""
    assert dev.msix_entry_used is not None
    return dev.msix_entry_used


@emulates(file="hw/pci/msix.c")
def msix_present(dev: PCIDevice) -> int:
    """Tell whether a device has the capability: 0, or the bit."""
    return dev.cap_present & QEMU_PCI_CAP_MSIX


def msix_enabled(dev: PCIDevice) -> bool:
    """Tell whether the guest has enabled messages."""
    if not dev.cap_present & QEMU_PCI_CAP_MSIX:
        return False
    return bool(dev.config[dev.msix_cap + MSIX_CONTROL_OFFSET] & MSIX_ENABLE_MASK)


@emulates(file="hw/pci/msix.c")
def msix_prepare_message(dev: PCIDevice, vector: int) -> MSIMessage:
    """Read a message from the table."""
    entry = table_of(dev) + vector * r.PCI_MSIX_ENTRY_SIZE
    return MSIMessage(pci_get_quad(entry + r.PCI_MSIX_ENTRY_LOWER_ADDR), pci_get_long(entry + r.PCI_MSIX_ENTRY_DATA))


def msix_get_message(dev: PCIDevice, vector: int) -> MSIMessage:
    """Return a message."""
    assert dev.msix_prepare_message is not None
    return dev.msix_prepare_message(dev, vector)


@emulates(file="hw/pci/msix.c")
def msix_set_message(dev: PCIDevice, vector: int, msg: MSIMessage) -> None:
    """Write a message into the table and let it go."""
    entry = table_of(dev) + vector * r.PCI_MSIX_ENTRY_SIZE
    pci_set_quad(entry + r.PCI_MSIX_ENTRY_LOWER_ADDR, msg.address)
    pci_set_long(entry + r.PCI_MSIX_ENTRY_DATA, msg.data)
    entry[r.PCI_MSIX_ENTRY_VECTOR_CTRL] &= ~r.PCI_MSIX_ENTRY_CTRL_MASKBIT


def msix_is_pending(dev: PCIDevice, vector: int) -> bool:
    """Tell whether a message waits."""
    return bool(pba_of(dev)[vector // 8] & 1 << vector % 8)


@emulates(file="hw/pci/msix.c")
def msix_set_pending(dev: PCIDevice, vector: int) -> None:
    """Let a message wait."""
    pba_of(dev)[vector // 8] |= 1 << vector % 8


@emulates(file="hw/pci/msix.c")
def msix_clr_pending(dev: PCIDevice, vector: int) -> None:
    """Let a message wait no longer."""
    pba_of(dev)[vector // 8] &= ~(1 << vector % 8)


@emulates(file="hw/pci/msix.c")
def msix_vector_masked(dev: PCIDevice, vector: int, fmask: bool) -> bool:
    """Tell whether a message would be held back, given the mask of the whole function."""
    control = table_of(dev)[vector * r.PCI_MSIX_ENTRY_SIZE + r.PCI_MSIX_ENTRY_VECTOR_CTRL]
    return fmask or bool(control & r.PCI_MSIX_ENTRY_CTRL_MASKBIT)


@emulates(file="hw/pci/msix.c")
def msix_is_masked(dev: PCIDevice, vector: int) -> bool:
    """Tell whether a message is held back."""
    return msix_vector_masked(dev, vector, dev.msix_function_masked)


@emulates(file="hw/pci/msix.c")
def msix_fire_vector_notifier(dev: PCIDevice, vector: int, is_masked: bool) -> None:
    """Tell the device that a message is held back or let go, if it wants to know."""
    if dev.msix_vector_use_notifier is None:
        return
    if is_masked:
        assert dev.msix_vector_release_notifier is not None
        dev.msix_vector_release_notifier(dev, vector)
    else:
        ret = dev.msix_vector_use_notifier(dev, vector, msix_get_message(dev, vector))
        assert ret >= 0


@emulates(file="hw/pci/msix.c")
def msix_handle_mask_update(dev: PCIDevice, vector: int, was_masked: bool) -> None:
    """See to what follows when a message is held back or let go: one that waits goes out."""
    is_masked = msix_is_masked(dev, vector)
    if is_masked == was_masked:
        return
    msix_fire_vector_notifier(dev, vector, is_masked)
    if not is_masked and msix_is_pending(dev, vector):
        msix_clr_pending(dev, vector)
        msix_notify(dev, vector)


@emulates(file="hw/pci/msix.c")
def msix_set_mask(dev: PCIDevice, vector: int, mask: bool) -> None:
    """Hold a message back or let it go."""
    assert vector < dev.msix_entries_nr
    offset = vector * r.PCI_MSIX_ENTRY_SIZE + r.PCI_MSIX_ENTRY_VECTOR_CTRL
    was_masked = msix_is_masked(dev, vector)
    if mask:
        table_of(dev)[offset] |= r.PCI_MSIX_ENTRY_CTRL_MASKBIT
    else:
        table_of(dev)[offset] &= ~r.PCI_MSIX_ENTRY_CTRL_MASKBIT
    msix_handle_mask_update(dev, vector, was_masked)


def msix_masked(dev: PCIDevice) -> bool:
    """Tell whether the guest holds all messages of the function back."""
    return bool(dev.config[dev.msix_cap + MSIX_CONTROL_OFFSET] & MSIX_MASKALL_MASK)


def msix_update_function_masked(dev: PCIDevice) -> None:
    """Note whether all messages are held back: by the mask, or since messages are not enabled."""
    dev.msix_function_masked = not msix_enabled(dev) or msix_masked(dev)


@emulates(file="hw/pci/msix.c")
def msix_notify(dev: PCIDevice, vector: int) -> None:
    """Send a message, or let it wait; one that nobody uses is not sent."""
    assert vector < dev.msix_entries_nr
    if not used_of(dev)[vector]:
        return
    if msix_is_masked(dev, vector):
        msix_set_pending(dev, vector)
        return
    msi_send_message(dev, msix_get_message(dev, vector))


@emulates(file="hw/pci/msix.c")
def msix_write_config(dev: PCIDevice, addr: int, val: int, len_: int) -> None:
    """After a write of configuration space: messages enabled or held back at once."""
    enable_pos = dev.msix_cap + MSIX_CONTROL_OFFSET
    if not msix_present(dev) or not range_covers_byte(addr, len_, enable_pos):
        return
    was_masked = dev.msix_function_masked
    msix_update_function_masked(dev)
    if not msix_enabled(dev):
        return
    pci_device_deassert_intx(dev)
    if dev.msix_function_masked == was_masked:
        return
    for vector in range(dev.msix_entries_nr):
        msix_handle_mask_update(dev, vector, msix_vector_masked(dev, vector, was_masked))


@emulates(file="hw/pci/msix.c")
def msix_vector_use(dev: PCIDevice, vector: int) -> None:
    """Count a user of a message."""
    assert vector < dev.msix_entries_nr
    used_of(dev)[vector] += 1


@emulates(file="hw/pci/msix.c")
def msix_vector_unuse(dev: PCIDevice, vector: int) -> None:
    """Count a user of a message off."""
    if vector >= dev.msix_entries_nr:
        raise assertion_failed("hw/pci/msix.c", 567, "msix_vector_unuse", "vector < dev->msix_entries_nr")
    if not used_of(dev)[vector]:
        return
    used_of(dev)[vector] -= 1
    if used_of(dev)[vector]:
        return
    msix_clr_pending(dev, vector)


def msix_free_irq_entries(dev: PCIDevice) -> None:
    """Let no message have a user, and none wait."""
    for vector in range(dev.msix_entries_nr):
        used_of(dev)[vector] = 0
        msix_clr_pending(dev, vector)


def msix_clear_all_vectors(dev: PCIDevice) -> None:
    """Let no message wait."""
    for vector in range(dev.msix_entries_nr):
        msix_clr_pending(dev, vector)


@emulates(file="hw/pci/msix.c")
def msix_unuse_all_vectors(dev: PCIDevice) -> None:
    """Let no message have a user."""
    if not msix_present(dev):
        return
    msix_free_irq_entries(dev)


def msix_nr_vectors_allocated(dev: PCIDevice) -> int:
    """Return how many messages a device has."""
    return dev.msix_entries_nr
