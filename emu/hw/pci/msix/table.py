"""The capability, the table and the pending bits (hw/pci/msix.c; PCI local bus 3.0, 6.8.2)."""

from __future__ import annotations

from errno import EINVAL, ENOTSUP
from typing import Final

from emu.hw.pci.msi import msi_globals
from emu.hw.pci.msix.vectors import (
    MSIX_CONTROL_OFFSET,
    MSIX_ENABLE_MASK,
    MSIX_MASKALL_MASK,
    msix_clear_all_vectors,
    msix_free_irq_entries,
    msix_handle_mask_update,
    msix_is_masked,
    msix_prepare_message,
    msix_present,
    pba_of,
    table_of,
)
from emu.hw.pci.pci.bar import pci_register_bar
from emu.hw.pci.pci.bytes import pci_get_long, pci_set_long, pci_set_word
from emu.hw.pci.pci.caps import pci_add_capability, pci_del_capability
from emu.hw.pci.pci.structs import QEMU_PCI_CAP_MSIX, PCIDevice, PCIError
from emu.migration.savevm import VMStateDescription
from emu.qemu.range import ranges_overlap
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
PAGE: Final = 4096

vmstate_msix: Final = VMStateDescription(name="msix")


@emulates(file="hw/pci/msix.c")
def msix_table_mmio_read(opaque: PCIDevice, addr: int, size: int) -> int:
    """Read the table, 4 bytes at a time."""
    assert addr + size <= opaque.msix_entries_nr * r.PCI_MSIX_ENTRY_SIZE
    return pci_get_long(table_of(opaque) + addr)


@emulates(file="hw/pci/msix.c")
def msix_table_mmio_write(opaque: PCIDevice, addr: int, val: int, size: int) -> None:
    """Write the table, 4 bytes at a time."""
    assert addr + size <= opaque.msix_entries_nr * r.PCI_MSIX_ENTRY_SIZE
    vector = addr // r.PCI_MSIX_ENTRY_SIZE
    was_masked = msix_is_masked(opaque, vector)
    pci_set_long(table_of(opaque) + addr, val)
    msix_handle_mask_update(opaque, vector, was_masked)


@emulates(file="hw/pci/msix.c")
def msix_pba_mmio_read(opaque: PCIDevice, addr: int, size: int) -> int:
    """Read the pending bits, 4 bytes at a time."""
    if opaque.msix_vector_poll_notifier is not None:
        opaque.msix_vector_poll_notifier(opaque, addr * 8, min((addr + size) * 8, opaque.msix_entries_nr))
    return pci_get_long(pba_of(opaque) + addr)


@emulates(file="hw/pci/msix.c")
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


@emulates(file="hw/pci/msix.c")
def msix_mask_all(dev: PCIDevice, nentries: int) -> None:
    """Hold each message back."""
    for vector in range(nentries):
        was_masked = msix_is_masked(dev, vector)
        table_of(dev)[vector * r.PCI_MSIX_ENTRY_SIZE + r.PCI_MSIX_ENTRY_VECTOR_CTRL] |= r.PCI_MSIX_ENTRY_CTRL_MASKBIT
        msix_handle_mask_update(dev, vector, was_masked)


def pba_bytes(nentries: int) -> int:
    """Return how many bytes the pending bits take: 8 for each 64 messages begun."""
    return -(-nentries // 64) * 8


@emulates(file="hw/pci/msix.c")
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


@emulates(file="hw/pci/msix.c")
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


@emulates(file="hw/pci/msix.c")
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


@emulates(file="hw/pci/msix.c")
def msix_uninit_exclusive_bar(dev: PCIDevice) -> None:
    """Undo msix_init_exclusive_bar."""
    if msix_present(dev):
        assert dev.msix_exclusive_bar is not None
        msix_uninit(dev, dev.msix_exclusive_bar, dev.msix_exclusive_bar)


@emulates(file="hw/pci/msix.c")
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
