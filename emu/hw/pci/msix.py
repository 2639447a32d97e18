"""Message signalled interrupts with a table of their own (hw/pci/msix.c; PCI local bus 3.0, 6.8.2)."""

from __future__ import annotations

from collections.abc import Callable
from errno import EINVAL, ENOTSUP
from typing import Any, Final

from emu.hw.pci.msi import msi_globals, msi_send_message
from emu.hw.pci.pci.bar import pci_register_bar
from emu.hw.pci.pci.bytes import pci_get_long, pci_get_quad, pci_set_long, pci_set_quad, pci_set_word
from emu.hw.pci.pci.caps import pci_add_capability, pci_del_capability
from emu.hw.pci.pci.irq import pci_device_deassert_intx
from emu.hw.pci.pci.structs import QEMU_PCI_CAP_MSIX, MSIMessage, PCIDevice, PCIError
from emu.migration.savevm import VMStateDescription
from emu.qemu.range import range_covers_byte, ranges_overlap
from emu.softmmu.memory import (
    DEVICE_LITTLE_ENDIAN,
    Impl,
    MemoryRegion,
    MemoryRegionOps,
    Valid,
    memory_region_add_subregion,
    memory_region_del_subregion,
    memory_region_init,
    memory_region_init_io,
    memory_region_size,
)
from emu.standard_headers.linux import pci_regs as r
from emu.trace import Buf, Ptr, Seq, emulates

MSIX_CAP_LENGTH: Final = 12
MSIX_CONTROL_OFFSET: Final = r.PCI_MSIX_FLAGS + 1
MSIX_ENABLE_MASK: Final = r.PCI_MSIX_FLAGS_ENABLE >> 8
MSIX_MASKALL_MASK: Final = r.PCI_MSIX_FLAGS_MASKALL >> 8
PAGE: Final = 4096

vmstate_msix: Final = VMStateDescription(name="msix")


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


@emulates
def msix_prepare_message(dev: PCIDevice, vector: int) -> MSIMessage:
    """Read a message from the table."""
    entry = table_of(dev) + vector * r.PCI_MSIX_ENTRY_SIZE
    return MSIMessage(pci_get_quad(entry + r.PCI_MSIX_ENTRY_LOWER_ADDR), pci_get_long(entry + r.PCI_MSIX_ENTRY_DATA))


def msix_get_message(dev: PCIDevice, vector: int) -> MSIMessage:
    """Return a message."""
    assert dev.msix_prepare_message is not None
    return dev.msix_prepare_message(dev, vector)


@emulates
def msix_set_message(dev: PCIDevice, vector: int, msg: MSIMessage) -> None:
    """Write a message into the table and let it go."""
    entry = table_of(dev) + vector * r.PCI_MSIX_ENTRY_SIZE
    pci_set_quad(entry + r.PCI_MSIX_ENTRY_LOWER_ADDR, msg.address)
    pci_set_long(entry + r.PCI_MSIX_ENTRY_DATA, msg.data)
    entry[r.PCI_MSIX_ENTRY_VECTOR_CTRL] &= ~r.PCI_MSIX_ENTRY_CTRL_MASKBIT


def msix_is_pending(dev: PCIDevice, vector: int) -> bool:
    """Tell whether a message waits."""
    return bool(pba_of(dev)[vector // 8] & 1 << vector % 8)


@emulates
def msix_set_pending(dev: PCIDevice, vector: int) -> None:
    """Let a message wait."""
    pba_of(dev)[vector // 8] |= 1 << vector % 8


@emulates
def msix_clr_pending(dev: PCIDevice, vector: int) -> None:
    """Let a message wait no longer."""
    pba_of(dev)[vector // 8] &= ~(1 << vector % 8)


@emulates
def msix_vector_masked(dev: PCIDevice, vector: int, fmask: bool) -> bool:
    """Tell whether a message would be held back, given the mask of the whole function."""
    control = table_of(dev)[vector * r.PCI_MSIX_ENTRY_SIZE + r.PCI_MSIX_ENTRY_VECTOR_CTRL]
    return fmask or bool(control & r.PCI_MSIX_ENTRY_CTRL_MASKBIT)


@emulates
def msix_is_masked(dev: PCIDevice, vector: int) -> bool:
    """Tell whether a message is held back."""
    return msix_vector_masked(dev, vector, dev.msix_function_masked)


@emulates
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


@emulates
def msix_handle_mask_update(dev: PCIDevice, vector: int, was_masked: bool) -> None:
    """See to what follows when a message is held back or let go: one that waits goes out."""
    is_masked = msix_is_masked(dev, vector)
    if is_masked == was_masked:
        return
    msix_fire_vector_notifier(dev, vector, is_masked)
    if not is_masked and msix_is_pending(dev, vector):
        msix_clr_pending(dev, vector)
        msix_notify(dev, vector)


@emulates
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


@emulates
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


@emulates
def msix_table_mmio_read(opaque: PCIDevice, addr: int, size: int) -> int:
    """Read the table, 4 bytes at a time."""
    assert addr + size <= opaque.msix_entries_nr * r.PCI_MSIX_ENTRY_SIZE
    return pci_get_long(table_of(opaque) + addr)


@emulates
def msix_table_mmio_write(opaque: PCIDevice, addr: int, val: int, size: int) -> None:
    """Write the table, 4 bytes at a time."""
    assert addr + size <= opaque.msix_entries_nr * r.PCI_MSIX_ENTRY_SIZE
    vector = addr // r.PCI_MSIX_ENTRY_SIZE
    was_masked = msix_is_masked(opaque, vector)
    pci_set_long(table_of(opaque) + addr, val)
    msix_handle_mask_update(opaque, vector, was_masked)


@emulates
def msix_pba_mmio_read(opaque: PCIDevice, addr: int, size: int) -> int:
    """Read the pending bits, 4 bytes at a time."""
    if opaque.msix_vector_poll_notifier is not None:
        opaque.msix_vector_poll_notifier(opaque, addr * 8, min((addr + size) * 8, opaque.msix_entries_nr))
    return pci_get_long(pba_of(opaque) + addr)


@emulates
def msix_pba_mmio_write(opaque: PCIDevice, addr: int, val: int, size: int) -> None:
    """Take no writes of the pending bits."""


msix_table_mmio_ops: Final = MemoryRegionOps(
    name="msix_table_mmio_ops",
    read=msix_table_mmio_read,
    write=msix_table_mmio_write,
    endianness=DEVICE_LITTLE_ENDIAN,
    valid=Valid(4, 8),
    impl=Impl(max_access_size=4),
)
msix_pba_mmio_ops: Final = MemoryRegionOps(
    name="msix_pba_mmio_ops",
    read=msix_pba_mmio_read,
    write=msix_pba_mmio_write,
    endianness=DEVICE_LITTLE_ENDIAN,
    valid=Valid(4, 8),
    impl=Impl(max_access_size=4),
)


@emulates
def msix_mask_all(dev: PCIDevice, nentries: int) -> None:
    """Hold each message back."""
    for vector in range(nentries):
        was_masked = msix_is_masked(dev, vector)
        table_of(dev)[vector * r.PCI_MSIX_ENTRY_SIZE + r.PCI_MSIX_ENTRY_VECTOR_CTRL] |= r.PCI_MSIX_ENTRY_CTRL_MASKBIT
        msix_handle_mask_update(dev, vector, was_masked)


def pba_bytes(nentries: int) -> int:
    """Return how many bytes the pending bits take: 8 for each 64 messages begun."""
    return -(-nentries // 64) * 8


@emulates
def msix_init(
    dev: PCIDevice,
    nentries: int,
    table_bar: MemoryRegion,
    table_bar_nr: int,
    table_offset: int,
    pba_bar: MemoryRegion,
    pba_bar_nr: int,
    pba_offset: int,
    cap_pos: int,
) -> None:
    """Add the capability for 1 to 2048 messages, its table and pending bits in BARs at 8-byte offsets.

    PCIError -ENOTSUP: the board takes no messages; -EINVAL: number or places are wrong, or the capability overlaps another.
    """
    if not msi_globals().msi_nonbroken:
        raise PCIError(-ENOTSUP, "MSI-X is not supported by interrupt controller")
    if not 1 <= nentries <= r.PCI_MSIX_FLAGS_QSIZE + 1:
        raise PCIError(-EINVAL, "The number of MSI-X vectors is invalid")
    table_size = nentries * r.PCI_MSIX_ENTRY_SIZE
    pba_size = pba_bytes(nentries)
    if (
        (table_bar_nr == pba_bar_nr and ranges_overlap(table_offset, table_size, pba_offset, pba_size))
        or table_offset + table_size > memory_region_size(table_bar)
        or pba_offset + pba_size > memory_region_size(pba_bar)
        or (table_offset | pba_offset) & r.PCI_MSIX_FLAGS_BIRMASK
    ):
        raise PCIError(-EINVAL, "table & pba overlap, or they don't fit in BARs, or don't align")
    cap = pci_add_capability(dev, r.PCI_CAP_ID_MSIX, cap_pos, MSIX_CAP_LENGTH)
    dev.msix_cap = cap
    dev.cap_present |= QEMU_PCI_CAP_MSIX
    config = dev.config + cap
    pci_set_word(config + r.PCI_MSIX_FLAGS, nentries - 1)
    dev.msix_entries_nr = nentries
    dev.msix_function_masked = True
    pci_set_long(config + r.PCI_MSIX_TABLE, table_offset | table_bar_nr)
    pci_set_long(config + r.PCI_MSIX_PBA, pba_offset | pba_bar_nr)
    dev.wmask[cap + MSIX_CONTROL_OFFSET] |= MSIX_ENABLE_MASK | MSIX_MASKALL_MASK
    dev.msix_table = Buf(table_size)
    dev.msix_pba = Buf(pba_size)
    dev.msix_entry_used = Seq([0] * nentries)
    msix_mask_all(dev, nentries)
    memory_region_init_io(Ptr(dev, "msix_table_mmio"), dev, msix_table_mmio_ops, dev, "msix-table", table_size)
    assert dev.msix_table_mmio is not None
    memory_region_add_subregion(table_bar, table_offset, dev.msix_table_mmio)
    memory_region_init_io(Ptr(dev, "msix_pba_mmio"), dev, msix_pba_mmio_ops, dev, "msix-pba", pba_size)
    assert dev.msix_pba_mmio is not None
    memory_region_add_subregion(pba_bar, pba_offset, dev.msix_pba_mmio)
    dev.msix_prepare_message = msix_prepare_message


@emulates
def msix_init_exclusive_bar(dev: PCIDevice, nentries: int, bar_nr: int) -> None:
    """Add the capability with a BAR of its own, of 4096 bytes (more from 129 messages on): table in front, then pending bits.

    PCIError: as msix_init.
    """
    bar_size = PAGE
    bar_pba_offset = max(bar_size // 2, nentries * r.PCI_MSIX_ENTRY_SIZE)
    bar_pba_size = pba_bytes(nentries)
    if bar_pba_offset + bar_pba_size > PAGE:
        bar_size = bar_pba_offset + bar_pba_size
    bar_size = 1 << (bar_size - 1).bit_length()
    memory_region_init(Ptr(dev, "msix_exclusive_bar"), dev, f"{dev.name}-msix", bar_size)
    bar = dev.msix_exclusive_bar
    assert bar is not None
    msix_init(dev, nentries, bar, bar_nr, 0, bar, bar_nr, bar_pba_offset, 0)
    pci_register_bar(dev, bar_nr, r.PCI_BASE_ADDRESS_SPACE_MEMORY, bar)


def msix_free_irq_entries(dev: PCIDevice) -> None:
    """Let no message have a user, and none wait."""
    for vector in range(dev.msix_entries_nr):
        used_of(dev)[vector] = 0
        msix_clr_pending(dev, vector)


def msix_clear_all_vectors(dev: PCIDevice) -> None:
    """Let no message wait."""
    for vector in range(dev.msix_entries_nr):
        msix_clr_pending(dev, vector)


@emulates
def msix_uninit(dev: PCIDevice, table_bar: MemoryRegion, pba_bar: MemoryRegion) -> None:
    """Undo msix_init."""
    if not msix_present(dev):
        return
    pci_del_capability(dev, r.PCI_CAP_ID_MSIX, MSIX_CAP_LENGTH)
    dev.msix_cap = 0
    msix_free_irq_entries(dev)
    dev.msix_entries_nr = 0
    assert dev.msix_pba_mmio is not None
    assert dev.msix_table_mmio is not None
    memory_region_del_subregion(pba_bar, dev.msix_pba_mmio)
    dev.msix_pba = None
    memory_region_del_subregion(table_bar, dev.msix_table_mmio)
    dev.msix_table = None
    dev.msix_entry_used = None
    dev.cap_present &= ~QEMU_PCI_CAP_MSIX
    dev.msix_prepare_message = None


@emulates
def msix_uninit_exclusive_bar(dev: PCIDevice) -> None:
    """Undo msix_init_exclusive_bar."""
    if msix_present(dev):
        assert dev.msix_exclusive_bar is not None
        msix_uninit(dev, dev.msix_exclusive_bar, dev.msix_exclusive_bar)


@emulates
def msix_present(dev: PCIDevice) -> int:
    """Tell whether a device has the capability: 0, or the bit."""
    return dev.cap_present & QEMU_PCI_CAP_MSIX


def msix_enabled(dev: PCIDevice) -> bool:
    """Tell whether the guest has enabled messages."""
    if not dev.cap_present & QEMU_PCI_CAP_MSIX:
        return False
    return bool(dev.config[dev.msix_cap + MSIX_CONTROL_OFFSET] & MSIX_ENABLE_MASK)


@emulates
def msix_notify(dev: PCIDevice, vector: int) -> None:
    """Send a message, or let it wait; one that nobody uses is not sent."""
    assert vector < dev.msix_entries_nr
    if not used_of(dev)[vector]:
        return
    if msix_is_masked(dev, vector):
        msix_set_pending(dev, vector)
        return
    msi_send_message(dev, msix_get_message(dev, vector))


@emulates
def msix_reset(dev: PCIDevice) -> None:
    """Disable messages and clear the table."""
    if not msix_present(dev):
        return
    msix_clear_all_vectors(dev)
    control = dev.msix_cap + MSIX_CONTROL_OFFSET
    dev.config[control] &= ~dev.wmask[control]
    table_of(dev).put(0, bytes(dev.msix_entries_nr * r.PCI_MSIX_ENTRY_SIZE))
    pba_of(dev).put(0, bytes(pba_bytes(dev.msix_entries_nr)))
    msix_mask_all(dev, dev.msix_entries_nr)


@emulates
def msix_vector_use(dev: PCIDevice, vector: int) -> None:
    """Count a user of a message."""
    assert vector < dev.msix_entries_nr
    used_of(dev)[vector] += 1


@emulates
def msix_vector_unuse(dev: PCIDevice, vector: int) -> None:
    """Count a user of a message off."""
    assert vector < dev.msix_entries_nr
    if not used_of(dev)[vector]:
        return
    used_of(dev)[vector] -= 1
    if used_of(dev)[vector]:
        return
    msix_clr_pending(dev, vector)


@emulates
def msix_unuse_all_vectors(dev: PCIDevice) -> None:
    """Let no message have a user."""
    if not msix_present(dev):
        return
    msix_free_irq_entries(dev)


def msix_nr_vectors_allocated(dev: PCIDevice) -> int:
    """Return how many messages a device has."""
    return dev.msix_entries_nr


def _let_go(dev: PCIDevice) -> bool:
    control = dev.config[dev.msix_cap + MSIX_CONTROL_OFFSET]
    return control & (MSIX_ENABLE_MASK | MSIX_MASKALL_MASK) == MSIX_ENABLE_MASK


def msix_set_notifier_for_vector(dev: PCIDevice, vector: int) -> int:
    """Tell the device of a message that is let go."""
    if msix_is_masked(dev, vector):
        return 0
    assert dev.msix_vector_use_notifier is not None
    return dev.msix_vector_use_notifier(dev, vector, msix_get_message(dev, vector))


def msix_unset_notifier_for_vector(dev: PCIDevice, vector: int) -> None:
    """Undo msix_set_notifier_for_vector."""
    if msix_is_masked(dev, vector):
        return
    assert dev.msix_vector_release_notifier is not None
    dev.msix_vector_release_notifier(dev, vector)


@emulates
def msix_set_vector_notifiers(
    dev: PCIDevice,
    use_notifier: Callable[[Any, int, MSIMessage], int],
    release_notifier: Callable[[Any, int], None],
    poll_notifier: Callable[[Any, int, int], None] | None,
) -> int:
    """Have a device told when messages are held back and let go. Return 0, or the negative result of a notifier."""
    dev.msix_vector_use_notifier = use_notifier
    dev.msix_vector_release_notifier = release_notifier
    dev.msix_vector_poll_notifier = poll_notifier
    if _let_go(dev):
        for vector in range(dev.msix_entries_nr):
            ret = msix_set_notifier_for_vector(dev, vector)
            if ret < 0:
                for done in reversed(range(vector)):
                    msix_unset_notifier_for_vector(dev, done)
                _forget_notifiers(dev)
                return ret
    if poll_notifier is not None:
        poll_notifier(dev, 0, dev.msix_entries_nr)
    return 0


def _forget_notifiers(dev: PCIDevice) -> None:
    dev.msix_vector_use_notifier = None
    dev.msix_vector_release_notifier = None
    dev.msix_vector_poll_notifier = None


@emulates
def msix_unset_vector_notifiers(dev: PCIDevice) -> None:
    """Undo msix_set_vector_notifiers."""
    assert dev.msix_vector_use_notifier is not None
    assert dev.msix_vector_release_notifier is not None
    if _let_go(dev):
        for vector in range(dev.msix_entries_nr):
            msix_unset_notifier_for_vector(dev, vector)
    _forget_notifiers(dev)
