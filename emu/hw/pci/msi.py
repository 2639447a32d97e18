"""Message signalled interrupts (hw/pci/msi.c; PCI local bus 3.0, 6.8.1)."""

from __future__ import annotations

from errno import ENOTSUP
from typing import Final

from emu.hw.pci.pci.bytes import (
    pci_get_long,
    pci_get_quad,
    pci_get_word,
    pci_long_test_and_clear_mask,
    pci_long_test_and_set_mask,
    pci_set_long,
    pci_set_quad,
    pci_set_word,
)
from emu.hw.pci.pci.caps import pci_add_capability, pci_del_capability
from emu.hw.pci.pci.irq import pci_device_deassert_intx
from emu.hw.pci.pci.structs import QEMU_PCI_CAP_MSI, MSIMessage, PCIDevice, PCIError
from emu.qapi.error import error_setg
from emu.qemu.range import ranges_overlap
from emu.standard_headers.linux import pci_regs as r
from emu.trace import Struct, emulates, per_run

PCI_MSI_ADDRESS_LO_MASK: Final = 0xFFFFFFFC
PCI_MSI_32_SIZEOF: Final = 0x0A
PCI_MSI_64_SIZEOF: Final = 0x0E
PCI_MSI_32M_SIZEOF: Final = 0x14
PCI_MSI_64M_SIZEOF: Final = 0x18
PCI_MSI_VECTORS_MAX: Final = 32
QSIZE_SHIFT: Final = 4
QMASK_SHIFT: Final = 1


class MSIGlobals(Struct):
    """The variable that an interrupt controller sets when it can take messages."""

    msi_nonbroken: bool = False


msi_globals = per_run(MSIGlobals)


def msi_cap_sizeof(flags: int) -> int:
    """Return the size of the capability, in bytes."""
    if flags & r.PCI_MSI_FLAGS_64BIT:
        return PCI_MSI_64M_SIZEOF if flags & r.PCI_MSI_FLAGS_MASKBIT else PCI_MSI_64_SIZEOF
    return PCI_MSI_32M_SIZEOF if flags & r.PCI_MSI_FLAGS_MASKBIT else PCI_MSI_32_SIZEOF


def msi_nr_vectors(flags: int) -> int:
    """Return how many messages the guest has enabled."""
    return 1 << ((flags & r.PCI_MSI_FLAGS_QSIZE) >> QSIZE_SHIFT)


def msi_flags_off(dev: PCIDevice) -> int:
    """Return the offset of the control register."""
    return dev.msi_cap + r.PCI_MSI_FLAGS


def msi_address_lo_off(dev: PCIDevice) -> int:
    """Return the offset of the address."""
    return dev.msi_cap + r.PCI_MSI_ADDRESS_LO


def msi_address_hi_off(dev: PCIDevice) -> int:
    """Return the offset of the upper half of the address."""
    return dev.msi_cap + r.PCI_MSI_ADDRESS_HI


def msi_data_off(dev: PCIDevice, msi64bit: bool) -> int:
    """Return the offset of the data."""
    return dev.msi_cap + (r.PCI_MSI_DATA_64 if msi64bit else r.PCI_MSI_DATA_32)


def msi_mask_off(dev: PCIDevice, msi64bit: bool) -> int:
    """Return the offset of the mask."""
    return dev.msi_cap + (r.PCI_MSI_MASK_64 if msi64bit else r.PCI_MSI_MASK_32)


def msi_pending_off(dev: PCIDevice, msi64bit: bool) -> int:
    """Return the offset of the pending bits."""
    return dev.msi_cap + (r.PCI_MSI_PENDING_64 if msi64bit else r.PCI_MSI_PENDING_32)


def _flags(dev: PCIDevice) -> int:
    return pci_get_word(dev.config + msi_flags_off(dev))


@emulates
def msi_set_message(dev: PCIDevice, msg: MSIMessage) -> None:
    """Write the message that a device sends."""
    msi64bit = bool(_flags(dev) & r.PCI_MSI_FLAGS_64BIT)
    if msi64bit:
        pci_set_quad(dev.config + msi_address_lo_off(dev), msg.address)
    else:
        pci_set_long(dev.config + msi_address_lo_off(dev), msg.address)
    pci_set_word(dev.config + msi_data_off(dev, msi64bit), msg.data)


@emulates
def msi_prepare_message(dev: PCIDevice, vector: int) -> MSIMessage:
    """Read a message: the last bits of its data are the vector's number."""
    flags = _flags(dev)
    msi64bit = bool(flags & r.PCI_MSI_FLAGS_64BIT)
    nr_vectors = msi_nr_vectors(flags)
    assert vector < nr_vectors
    place = dev.config + msi_address_lo_off(dev)
    address = pci_get_quad(place) if msi64bit else pci_get_long(place)
    data = pci_get_word(dev.config + msi_data_off(dev, msi64bit))
    if nr_vectors > 1:
        data = data & ~(nr_vectors - 1) | vector
    return MSIMessage(address, data)


def msi_get_message(dev: PCIDevice, vector: int) -> MSIMessage:
    """Return a message."""
    assert dev.msi_prepare_message is not None
    return dev.msi_prepare_message(dev, vector)


@emulates(file="include/hw/pci/msi.h")
def msi_present(dev: PCIDevice) -> bool:
    """Tell whether a device has the capability."""
    return bool(dev.cap_present & QEMU_PCI_CAP_MSI)


@emulates
def msi_enabled(dev: PCIDevice) -> bool:
    """Tell whether the guest has enabled messages."""
    return msi_present(dev) and bool(_flags(dev) & r.PCI_MSI_FLAGS_ENABLE)


@emulates
def msi_init(dev: PCIDevice, offset: int, nr_vectors: int, msi64bit: bool, msi_per_vector_mask: bool) -> None:
    """Add the capability, for 1 to 32 messages (a power of two), at ``offset`` (0: where there is room).

    PCIError -ENOTSUP: the board takes no messages. Error (-EINVAL in C): it would overlap another.
    """
    if not msi_globals().msi_nonbroken:
        raise PCIError(-ENOTSUP, "MSI is not supported by interrupt controller")
    assert 0 < nr_vectors <= PCI_MSI_VECTORS_MAX
    assert not nr_vectors & (nr_vectors - 1)
    flags = (nr_vectors.bit_length() - 1) << QMASK_SHIFT
    if msi64bit:
        flags |= r.PCI_MSI_FLAGS_64BIT
    if msi_per_vector_mask:
        flags |= r.PCI_MSI_FLAGS_MASKBIT
    config_offset = pci_add_capability(dev, r.PCI_CAP_ID_MSI, offset, msi_cap_sizeof(flags))
    dev.msi_cap = config_offset
    dev.cap_present |= QEMU_PCI_CAP_MSI
    pci_set_word(dev.config + msi_flags_off(dev), flags)
    pci_set_word(dev.wmask + msi_flags_off(dev), r.PCI_MSI_FLAGS_QSIZE | r.PCI_MSI_FLAGS_ENABLE)
    pci_set_long(dev.wmask + msi_address_lo_off(dev), PCI_MSI_ADDRESS_LO_MASK)
    if msi64bit:
        pci_set_long(dev.wmask + msi_address_hi_off(dev), 0xFFFFFFFF)
    pci_set_word(dev.wmask + msi_data_off(dev, msi64bit), 0xFFFF)
    if msi_per_vector_mask:
        pci_set_long(dev.wmask + msi_mask_off(dev, msi64bit), 0xFFFFFFFF >> (PCI_MSI_VECTORS_MAX - nr_vectors))
    dev.msi_prepare_message = msi_prepare_message


@emulates
def msi_uninit(dev: PCIDevice) -> None:
    """Take the capability out."""
    if not msi_present(dev):
        return
    pci_del_capability(dev, r.PCI_CAP_ID_MSI, msi_cap_sizeof(_flags(dev)))
    dev.cap_present &= ~QEMU_PCI_CAP_MSI
    dev.msi_prepare_message = None


@emulates
def msi_reset(dev: PCIDevice) -> None:
    """Disable messages and clear what the guest wrote."""
    if not msi_present(dev):
        return
    flags = _flags(dev) & ~(r.PCI_MSI_FLAGS_QSIZE | r.PCI_MSI_FLAGS_ENABLE)
    msi64bit = bool(flags & r.PCI_MSI_FLAGS_64BIT)
    pci_set_word(dev.config + msi_flags_off(dev), flags)
    pci_set_long(dev.config + msi_address_lo_off(dev), 0)
    if msi64bit:
        pci_set_long(dev.config + msi_address_hi_off(dev), 0)
    pci_set_word(dev.config + msi_data_off(dev, msi64bit), 0)
    if flags & r.PCI_MSI_FLAGS_MASKBIT:
        pci_set_long(dev.config + msi_mask_off(dev, msi64bit), 0)
        pci_set_long(dev.config + msi_pending_off(dev, msi64bit), 0)


def msi_is_masked(dev: PCIDevice, vector: int) -> bool:
    """Tell whether the guest holds a message back."""
    flags = _flags(dev)
    assert vector < PCI_MSI_VECTORS_MAX
    if not flags & r.PCI_MSI_FLAGS_MASKBIT:
        return False
    mask = pci_get_long(dev.config + msi_mask_off(dev, bool(flags & r.PCI_MSI_FLAGS_64BIT)))
    return bool(mask & 1 << vector)


@emulates
def msi_set_mask(dev: PCIDevice, vector: int, mask: bool) -> None:
    """Hold a message back, or let it (and what is pending of it) go. Error: there is none of that number."""
    msi64bit = bool(_flags(dev) & r.PCI_MSI_FLAGS_64BIT)
    if vector >= PCI_MSI_VECTORS_MAX:
        error_setg(f"msi: vector {vector} not allocated. max vector is {PCI_MSI_VECTORS_MAX - 1}")
    bit = 1 << vector
    masks = dev.config + msi_mask_off(dev, msi64bit)
    pci_set_long(masks, pci_get_long(masks) | bit if mask else pci_get_long(masks) & ~bit)
    pending = dev.config + msi_pending_off(dev, msi64bit)
    if not mask and pci_get_long(pending) & bit:
        pci_set_long(pending, pci_get_long(pending) & ~bit)
        msi_notify(dev, vector)


@emulates
def msi_notify(dev: PCIDevice, vector: int) -> None:
    """Send a message, or note it as pending."""
    flags = _flags(dev)
    msi64bit = bool(flags & r.PCI_MSI_FLAGS_64BIT)
    assert vector < msi_nr_vectors(flags)
    if msi_is_masked(dev, vector):
        assert flags & r.PCI_MSI_FLAGS_MASKBIT
        pci_long_test_and_set_mask(dev.config + msi_pending_off(dev, msi64bit), 1 << vector)
        return
    msi_send_message(dev, msi_get_message(dev, vector))


@emulates
def msi_send_message(dev: PCIDevice, msg: MSIMessage) -> None:
    """Send a message; a device that is not realized yet has no way to."""
    assert dev.msi_trigger is not None
    dev.msi_trigger(dev, msg)


@emulates
def msi_write_config(dev: PCIDevice, addr: int, val: int, len_: int) -> None:
    """After a write of configuration space: messages rule out pins; what is pending and no longer held back goes out."""
    flags = _flags(dev)
    msi64bit = bool(flags & r.PCI_MSI_FLAGS_64BIT)
    if not msi_present(dev) or not ranges_overlap(addr, len_, dev.msi_cap, msi_cap_sizeof(flags)):
        return
    if not flags & r.PCI_MSI_FLAGS_ENABLE:
        return
    pci_device_deassert_intx(dev)
    log_num_vecs = (flags & r.PCI_MSI_FLAGS_QSIZE) >> QSIZE_SHIFT
    log_max_vecs = (flags & r.PCI_MSI_FLAGS_QMASK) >> QMASK_SHIFT
    if log_num_vecs > log_max_vecs:
        # more than the device has
        flags = flags & ~r.PCI_MSI_FLAGS_QSIZE | log_max_vecs << QSIZE_SHIFT
        pci_set_word(dev.config + msi_flags_off(dev), flags)
    if not flags & r.PCI_MSI_FLAGS_MASKBIT:
        return
    nr_vectors = msi_nr_vectors(flags)
    place = dev.config + msi_pending_off(dev, msi64bit)
    pending = pci_get_long(place) & 0xFFFFFFFF >> (PCI_MSI_VECTORS_MAX - nr_vectors)
    pci_set_long(place, pending)
    for vector in range(nr_vectors):
        if msi_is_masked(dev, vector) or not pending & 1 << vector:
            continue
        pci_long_test_and_clear_mask(place, 1 << vector)
        msi_notify(dev, vector)


def msi_nr_vectors_allocated(dev: PCIDevice) -> int:
    """Return how many messages the guest has enabled."""
    return msi_nr_vectors(_flags(dev))
