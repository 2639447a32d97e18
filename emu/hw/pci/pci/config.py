"""Configuration space: its memory, its masks, reading and writing it (hw/pci/pci.c)."""

from __future__ import annotations

from emu.hw.pci.msi import msi_write_config
from emu.hw.pci.msix.vectors import msix_write_config
from emu.hw.pci.pci.bar import pci_update_mappings
from emu.hw.pci.pci.bytes import pci_get_word, pci_set_word, pci_word_test_and_set_mask
from emu.hw.pci.pci.express import pcie_cap_get_type, pcie_sync_bridge_lnk
from emu.hw.pci.pci.irq import pci_irq_disabled, pci_update_irq_disabled
from emu.hw.pci.pci.structs import (
    PCI_CONFIG_HEADER_SIZE,
    PCI_FUNC,
    PCI_FUNC_MAX,
    PCI_HEADER_TYPE_MULTI_FUNCTION,
    PCI_SLOT,
    QEMU_PCI_CAP_MULTIFUNCTION,
    PCIBus,
    PCIDevice,
    pci_config_size,
    pci_is_express,
    pci_is_vf,
)
from emu.hw.pci.pcie_sriov import pcie_sriov_config_write
from emu.qapi.error import error_setg
from emu.qemu.range import range_covers_byte, ranges_overlap
from emu.softmmu.memory import memory_region_set_enabled
from emu.standard_headers.linux import pci_regs as r
from emu.trace import Buf, emulates

PCI_DEFAULT_SUB_VENDOR_ID = 0x1AF4
PCI_DEFAULT_SUB_DEVICE_ID = 0x1100


@emulates
def pci_set_default_subsystem_id(pci_dev: PCIDevice) -> None:
    """Write the subsystem of devices that have none of their own: Red Hat's, QEMU's."""
    pci_set_word(pci_dev.config + r.PCI_SUBSYSTEM_VENDOR_ID, PCI_DEFAULT_SUB_VENDOR_ID)
    pci_set_word(pci_dev.config + r.PCI_SUBSYSTEM_ID, PCI_DEFAULT_SUB_DEVICE_ID)


@emulates
def pci_init_cmask(dev: PCIDevice) -> None:
    """Mark the bytes of the header that must not differ after a migration."""
    pci_set_word(dev.cmask + r.PCI_VENDOR_ID, 0xFFFF)
    pci_set_word(dev.cmask + r.PCI_DEVICE_ID, 0xFFFF)
    dev.cmask[r.PCI_STATUS] = r.PCI_STATUS_CAP_LIST
    dev.cmask[r.PCI_REVISION_ID] = 0xFF
    dev.cmask[r.PCI_CLASS_PROG] = 0xFF
    pci_set_word(dev.cmask + r.PCI_CLASS_DEVICE, 0xFFFF)
    dev.cmask[r.PCI_HEADER_TYPE] = 0xFF
    dev.cmask[r.PCI_CAPABILITY_LIST] = 0xFF


@emulates
def pci_init_wmask(dev: PCIDevice) -> None:
    """Mark what the guest may write: a few header fields, and all behind the header until a capability takes it."""
    config_size = pci_config_size(dev)
    dev.wmask[r.PCI_CACHE_LINE_SIZE] = 0xFF
    dev.wmask[r.PCI_INTERRUPT_LINE] = 0xFF
    pci_set_word(
        dev.wmask + r.PCI_COMMAND,
        r.PCI_COMMAND_IO | r.PCI_COMMAND_MEMORY | r.PCI_COMMAND_MASTER | r.PCI_COMMAND_INTX_DISABLE,
    )
    pci_word_test_and_set_mask(dev.wmask + r.PCI_COMMAND, r.PCI_COMMAND_SERR)
    dev.wmask.put(PCI_CONFIG_HEADER_SIZE, bytes([0xFF]) * (config_size - PCI_CONFIG_HEADER_SIZE))


@emulates
def pci_init_w1cmask(dev: PCIDevice) -> None:
    """Mark the error bits of the status register, which the guest clears by writing 1."""
    pci_set_word(
        dev.w1cmask + r.PCI_STATUS,
        r.PCI_STATUS_PARITY
        | r.PCI_STATUS_SIG_TARGET_ABORT
        | r.PCI_STATUS_REC_TARGET_ABORT
        | r.PCI_STATUS_REC_MASTER_ABORT
        | r.PCI_STATUS_SIG_SYSTEM_ERROR
        | r.PCI_STATUS_DETECTED_PARITY,
    )


@emulates
def pci_init_mask_bridge(d: PCIDevice) -> None:
    """Mark what the guest may write in a bridge's header: bus numbers, windows, control; fix the windows' types."""
    d.wmask.put(r.PCI_PRIMARY_BUS, b"\xff" * 4)
    d.wmask[r.PCI_IO_BASE] = r.PCI_IO_RANGE_MASK & 0xFF
    d.wmask[r.PCI_IO_LIMIT] = r.PCI_IO_RANGE_MASK & 0xFF
    pci_set_word(d.wmask + r.PCI_MEMORY_BASE, r.PCI_MEMORY_RANGE_MASK & 0xFFFF)
    pci_set_word(d.wmask + r.PCI_MEMORY_LIMIT, r.PCI_MEMORY_RANGE_MASK & 0xFFFF)
    pci_set_word(d.wmask + r.PCI_PREF_MEMORY_BASE, r.PCI_PREF_RANGE_MASK & 0xFFFF)
    pci_set_word(d.wmask + r.PCI_PREF_MEMORY_LIMIT, r.PCI_PREF_RANGE_MASK & 0xFFFF)
    d.wmask.put(r.PCI_PREF_BASE_UPPER32, b"\xff" * 8)
    d.config[r.PCI_IO_BASE] |= r.PCI_IO_RANGE_TYPE_16
    d.config[r.PCI_IO_LIMIT] |= r.PCI_IO_RANGE_TYPE_16
    pci_word_test_and_set_mask(d.config + r.PCI_PREF_MEMORY_BASE, r.PCI_PREF_RANGE_TYPE_64)
    pci_word_test_and_set_mask(d.config + r.PCI_PREF_MEMORY_LIMIT, r.PCI_PREF_RANGE_TYPE_64)
    pci_set_word(d.wmask + r.PCI_BRIDGE_CONTROL, BRIDGE_CONTROL_WRITABLE)
    pci_set_word(d.w1cmask + r.PCI_BRIDGE_CONTROL, PCI_BRIDGE_CTL_DISCARD_STATUS)
    d.cmask[r.PCI_IO_BASE] |= r.PCI_IO_RANGE_TYPE_MASK
    d.cmask[r.PCI_IO_LIMIT] |= r.PCI_IO_RANGE_TYPE_MASK
    pci_word_test_and_set_mask(d.cmask + r.PCI_PREF_MEMORY_BASE, r.PCI_PREF_RANGE_TYPE_MASK)
    pci_word_test_and_set_mask(d.cmask + r.PCI_PREF_MEMORY_LIMIT, r.PCI_PREF_RANGE_TYPE_MASK)


# of include/hw/pci/pci_bridge.h: bits that Linux's header does not name
PCI_BRIDGE_CTL_VGA_16BIT = 0x10
PCI_BRIDGE_CTL_DISCARD = 0x100
PCI_BRIDGE_CTL_SEC_DISCARD = 0x200
PCI_BRIDGE_CTL_DISCARD_STATUS = 0x400
PCI_BRIDGE_CTL_DISCARD_SERR = 0x800
BRIDGE_CONTROL_WRITABLE = (
    r.PCI_BRIDGE_CTL_PARITY
    | r.PCI_BRIDGE_CTL_SERR
    | r.PCI_BRIDGE_CTL_ISA
    | r.PCI_BRIDGE_CTL_VGA
    | PCI_BRIDGE_CTL_VGA_16BIT
    | r.PCI_BRIDGE_CTL_MASTER_ABORT
    | r.PCI_BRIDGE_CTL_BUS_RESET
    | r.PCI_BRIDGE_CTL_FAST_BACK
    | PCI_BRIDGE_CTL_DISCARD
    | PCI_BRIDGE_CTL_SEC_DISCARD
    | PCI_BRIDGE_CTL_DISCARD_SERR
)


@emulates
def pci_init_multifunction(bus: PCIBus, dev: PCIDevice) -> None:
    """Set the multifunction bit, and hold the slot to it.

    Function 0 without the bit allows no other function. Error: there is one, or this is one.
    """
    slot, function = PCI_SLOT(dev.devfn), PCI_FUNC(dev.devfn)
    if dev.cap_present & QEMU_PCI_CAP_MULTIFUNCTION:
        dev.config[r.PCI_HEADER_TYPE] |= PCI_HEADER_TYPE_MULTI_FUNCTION
    if pci_is_vf(dev):
        pf = dev.exp.sriov_vf.pf
        assert pf is not None
        if pf.cap_present & QEMU_PCI_CAP_MULTIFUNCTION:
            return
    if function:
        f0 = bus.devices[dev.devfn - function]
        if f0 is not None and not f0.cap_present & QEMU_PCI_CAP_MULTIFUNCTION:
            error_setg(f"PCI: single function device can't be populated in function {slot:x}.{function:x}")
        return
    if dev.cap_present & QEMU_PCI_CAP_MULTIFUNCTION:
        return
    for func in range(1, PCI_FUNC_MAX):
        if bus.devices[dev.devfn + func] is not None:
            error_setg(f"PCI: {slot:x}.0 indicates single function, but {slot:x}.{func:x} is already populated.")


@emulates
def pci_config_alloc(pci_dev: PCIDevice) -> None:
    """Allocate configuration space and the four masks beside it."""
    config_size = pci_config_size(pci_dev)
    pci_dev.config = Buf(config_size)
    pci_dev.cmask = Buf(config_size)
    pci_dev.wmask = Buf(config_size)
    pci_dev.w1cmask = Buf(config_size)
    pci_dev.used = Buf(config_size)


@emulates
def pci_config_free(pci_dev: PCIDevice) -> None:
    """Give the memory of pci_config_alloc back; the pointers stay, leading nowhere."""


def pci_is_express_downstream_port(d: PCIDevice) -> bool:
    """Tell whether a device is a root port or a switch's downstream port."""
    if not pci_is_express(d) or not d.exp.exp_cap:
        return False
    return pcie_cap_get_type(d) in (r.PCI_EXP_TYPE_DOWNSTREAM, r.PCI_EXP_TYPE_ROOT_PORT)


@emulates
def pci_default_read_config(d: PCIDevice, address: int, len_: int) -> int:
    """Read 1, 2 or 4 bytes of configuration space."""
    assert address + len_ <= pci_config_size(d)
    if pci_is_express_downstream_port(d) and ranges_overlap(address, len_, d.exp.exp_cap + r.PCI_EXP_LNKSTA, 2):
        pcie_sync_bridge_lnk(d)
    return d.config.read(address, len_)


@emulates
def pci_default_write_config(d: PCIDevice, addr: int, val_in: int, l: int) -> None:
    """Write 1, 2 or 4 bytes of configuration space as far as the masks allow, and see to what follows from it."""
    was_irq_disabled = pci_irq_disabled(d)
    assert addr + l <= pci_config_size(d)
    val = val_in
    for i in range(addr, addr + l):
        wmask, w1cmask = d.wmask[i], d.w1cmask[i]
        assert not wmask & w1cmask
        d.config[i] = d.config[i] & ~wmask | val & wmask
        d.config[i] &= ~(val & w1cmask)
        val >>= 8
    command = range_covers_byte(addr, l, r.PCI_COMMAND)
    if (
        ranges_overlap(addr, l, r.PCI_BASE_ADDRESS_0, 24)
        or ranges_overlap(addr, l, r.PCI_ROM_ADDRESS, 4)
        or ranges_overlap(addr, l, r.PCI_ROM_ADDRESS1, 4)
        or command
    ):
        pci_update_mappings(d)
    if command:
        pci_update_irq_disabled(d, was_irq_disabled)
        master = pci_get_word(d.config + r.PCI_COMMAND) & r.PCI_COMMAND_MASTER
        memory_region_set_enabled(d.bus_master_enable_region, bool(master) and d.has_power)
    msi_write_config(d, addr, val_in, l)
    msix_write_config(d, addr, val_in, l)
    pcie_sriov_config_write(d, addr, val_in, l)
