"""Advanced error reporting (hw/pci/pcie_aer.c; PCI Express 2.0, 6.2 and 7.10). No error ever happens here, so none is sent."""

from __future__ import annotations

from typing import Final

from emu.hw.pci.msi import msi_enabled, msi_notify
from emu.hw.pci.msix import msix_enabled, msix_notify
from emu.hw.pci.pci.bytes import (
    pci_get_long,
    pci_long_test_and_clear_mask,
    pci_long_test_and_set_mask,
    pci_set_long,
    pci_word_test_and_set_mask,
)
from emu.hw.pci.pci.caps import fill
from emu.hw.pci.pci.express import pcie_cap_get_type
from emu.hw.pci.pci.irq import pci_intx, pci_irq_assert, pci_set_irq
from emu.hw.pci.pci.structs import PCIDevice, PCIEAERErr, PCIEAERLog
from emu.hw.pci.pcie import pcie_add_capability
from emu.hw.pci.pcie_regs import (
    PCI_ERR_CAP_FEP_MASK,
    PCI_ERR_CAP_MHRC,
    PCI_ERR_CAP_MHRE,
    PCI_ERR_CAP_TLP,
    PCI_ERR_COR_MASK_DEFAULT,
    PCI_ERR_COR_SUPPORTED,
    PCI_ERR_HEADER_LOG_SIZE,
    PCI_ERR_ROOT_CMD_EN_MASK,
    PCI_ERR_ROOT_IRQ,
    PCI_ERR_ROOT_IRQ_MAX,
    PCI_ERR_ROOT_IRQ_SHIFT,
    PCI_ERR_ROOT_STATUS_REPORT_MASK,
    PCI_ERR_TLP_PREFIX_LOG,
    PCI_ERR_TLP_PREFIX_LOG_SIZE,
    PCI_ERR_UNC_SEVERITY_DEFAULT,
    PCI_ERR_UNC_SUPPORTED,
    PCI_SEC_STATUS_RCV_SYSTEM_ERROR,
)
from emu.migration.savevm import VMStateDescription
from emu.qapi.error import error_setg
from emu.standard_headers.linux import pci_regs as r
from emu.trace import BufAt, Seq, emulates

PCIE_AER_LOG_MAX_DEFAULT: Final = 8
PCIE_AER_LOG_MAX_LIMIT: Final = 128

vmstate_pcie_aer_log: Final = VMStateDescription(name="PCIE_AER_ERROR_LOG", version_id=1, minimum_version_id=1)


def aer_cap_of(dev: PCIDevice) -> BufAt:
    """Return the address of the capability."""
    return dev.config + dev.exp.aer_cap


@emulates
def pcie_aer_init(dev: PCIDevice, cap_ver: int, offset: int, size: int) -> None:
    """Add the capability. Error: more than 128 errors to keep are asked for (``aer_log_max``)."""
    pcie_add_capability(dev, r.PCI_EXT_CAP_ID_ERR, cap_ver, offset, size)
    dev.exp.aer_cap = offset
    log = dev.exp.aer_log
    if log.log_max > PCIE_AER_LOG_MAX_LIMIT:
        error_setg(f"Invalid aer_log_max {log.log_max}. The max number of aer log is {PCIE_AER_LOG_MAX_LIMIT}")
    log.log = Seq(PCIEAERErr() for _ in range(log.log_max))
    pci_set_long(dev.w1cmask + offset + r.PCI_ERR_UNCOR_STATUS, PCI_ERR_UNC_SUPPORTED)
    pci_set_long(dev.config + offset + r.PCI_ERR_UNCOR_SEVER, PCI_ERR_UNC_SEVERITY_DEFAULT)
    pci_set_long(dev.wmask + offset + r.PCI_ERR_UNCOR_SEVER, PCI_ERR_UNC_SUPPORTED)
    pci_long_test_and_set_mask(dev.w1cmask + offset + r.PCI_ERR_COR_STATUS, PCI_ERR_COR_SUPPORTED)
    pci_set_long(dev.config + offset + r.PCI_ERR_COR_MASK, PCI_ERR_COR_MASK_DEFAULT)
    pci_set_long(dev.wmask + offset + r.PCI_ERR_COR_MASK, PCI_ERR_COR_SUPPORTED)
    cap = r.PCI_ERR_CAP_ECRC_GENC | r.PCI_ERR_CAP_ECRC_CHKC
    control = r.PCI_ERR_CAP_ECRC_GENE | r.PCI_ERR_CAP_ECRC_CHKE
    if log.log_max > 0:
        cap |= PCI_ERR_CAP_MHRC
        control |= PCI_ERR_CAP_MHRE
    pci_set_long(dev.config + offset + r.PCI_ERR_CAP, cap)
    pci_set_long(dev.wmask + offset + r.PCI_ERR_CAP, control)
    if pcie_cap_get_type(dev) in (r.PCI_EXP_TYPE_ROOT_PORT, r.PCI_EXP_TYPE_DOWNSTREAM, r.PCI_EXP_TYPE_UPSTREAM):
        pci_word_test_and_set_mask(dev.wmask + r.PCI_BRIDGE_CONTROL, r.PCI_BRIDGE_CTL_SERR)
        # QEMU marks the primary status here, not the secondary
        pci_long_test_and_set_mask(dev.w1cmask + r.PCI_STATUS, PCI_SEC_STATUS_RCV_SYSTEM_ERROR)


@emulates
def pcie_aer_exit(dev: PCIDevice) -> None:
    """Give the log back."""


@emulates
def pcie_aer_root_set_vector(dev: PCIDevice, vector: int) -> None:
    """Say which message tells of errors."""
    assert vector < PCI_ERR_ROOT_IRQ_MAX
    pci_long_test_and_clear_mask(aer_cap_of(dev) + r.PCI_ERR_ROOT_STATUS, PCI_ERR_ROOT_IRQ)
    pci_long_test_and_set_mask(aer_cap_of(dev) + r.PCI_ERR_ROOT_STATUS, vector << PCI_ERR_ROOT_IRQ_SHIFT)


def pcie_aer_root_get_vector(dev: PCIDevice) -> int:
    """Return which message tells of errors."""
    root_status = pci_get_long(aer_cap_of(dev) + r.PCI_ERR_ROOT_STATUS)
    return (root_status & PCI_ERR_ROOT_IRQ) >> PCI_ERR_ROOT_IRQ_SHIFT


def pcie_aer_status_to_cmd(status: int) -> int:
    """Return the command bits that enable interrupts for the errors of a status."""
    cmd = 0
    if status & r.PCI_ERR_ROOT_COR_RCV:
        cmd |= r.PCI_ERR_ROOT_CMD_COR_EN
    if status & r.PCI_ERR_ROOT_NONFATAL_RCV:
        cmd |= r.PCI_ERR_ROOT_CMD_NONFATAL_EN
    if status & r.PCI_ERR_ROOT_FATAL_RCV:
        cmd |= r.PCI_ERR_ROOT_CMD_FATAL_EN
    return cmd


@emulates
def pcie_aer_root_notify(dev: PCIDevice) -> None:
    """Tell the guest of errors, by whatever interrupt it has enabled."""
    if msix_enabled(dev):
        msix_notify(dev, pcie_aer_root_get_vector(dev))
    elif msi_enabled(dev):
        msi_notify(dev, pcie_aer_root_get_vector(dev))
    elif pci_intx(dev) != -1:
        pci_irq_assert(dev)


@emulates
def pcie_aer_update_uncor_status(dev: PCIDevice) -> None:
    """Show the errors of the log in the status."""
    log = dev.exp.aer_log
    for i in range(log.log_num):
        pci_long_test_and_set_mask(aer_cap_of(dev) + r.PCI_ERR_UNCOR_STATUS, log.log[i].status)


@emulates
def pcie_aer_clear_log(dev: PCIDevice) -> None:
    """Clear the registers that tell of the first error."""
    aer_cap = aer_cap_of(dev)
    pci_long_test_and_clear_mask(aer_cap + r.PCI_ERR_CAP, PCI_ERR_CAP_FEP_MASK | PCI_ERR_CAP_TLP)
    aer_cap.put(r.PCI_ERR_HEADER_LOG, fill(0, PCI_ERR_HEADER_LOG_SIZE))
    aer_cap.put(PCI_ERR_TLP_PREFIX_LOG, fill(0, PCI_ERR_TLP_PREFIX_LOG_SIZE))


@emulates
def pcie_aer_clear_error(dev: PCIDevice) -> None:
    """The guest has cleared the first error: show the next of the log, of which there is none here."""
    assert not dev.exp.aer_log.log_num
    pcie_aer_clear_log(dev)


@emulates
def aer_log_clear_all_err(aer_log: PCIEAERLog) -> None:
    """Empty the log."""
    aer_log.log_num = 0


@emulates
def pcie_aer_write_config(dev: PCIDevice, addr: int, val: int, len_: int) -> None:
    """After a write of configuration space, see whether the first error was cleared."""
    errcap = pci_get_long(aer_cap_of(dev) + r.PCI_ERR_CAP)
    first_error = 1 << (errcap & PCI_ERR_CAP_FEP_MASK)
    uncorsta = pci_get_long(aer_cap_of(dev) + r.PCI_ERR_UNCOR_STATUS)
    if not uncorsta & first_error:
        pcie_aer_clear_error(dev)
    elif errcap & PCI_ERR_CAP_MHRE:
        pcie_aer_update_uncor_status(dev)
    else:
        aer_log_clear_all_err(dev.exp.aer_log)


@emulates
def pcie_aer_root_init(dev: PCIDevice) -> None:
    """Set the registers of a root port up."""
    pos = dev.exp.aer_cap
    pci_set_long(dev.wmask + pos + r.PCI_ERR_ROOT_COMMAND, PCI_ERR_ROOT_CMD_EN_MASK)
    pci_set_long(dev.w1cmask + pos + r.PCI_ERR_ROOT_STATUS, PCI_ERR_ROOT_STATUS_REPORT_MASK)
    pci_set_long(dev.cmask + pos + r.PCI_ERR_ROOT_STATUS, ~PCI_ERR_ROOT_IRQ)


@emulates
def pcie_aer_root_reset(dev: PCIDevice) -> None:
    """Let no error interrupt."""
    pci_set_long(aer_cap_of(dev) + r.PCI_ERR_ROOT_COMMAND, 0)


@emulates
def pcie_aer_root_write_config(dev: PCIDevice, addr: int, val: int, len_: int, root_cmd_prev: int) -> None:
    """After a write of configuration space, interrupt if what is pending was enabled by it (6.2.4.1.2)."""
    root_status = pci_get_long(aer_cap_of(dev) + r.PCI_ERR_ROOT_STATUS)
    enabled_cmd = pcie_aer_status_to_cmd(root_status)
    root_cmd = pci_get_long(aer_cap_of(dev) + r.PCI_ERR_ROOT_COMMAND)
    if not msix_enabled(dev) and not msi_enabled(dev):
        if pci_intx(dev) != -1:
            pci_set_irq(dev, int(bool(root_cmd & enabled_cmd)))
        return
    if root_cmd_prev & enabled_cmd or not root_cmd & enabled_cmd:
        return
    pcie_aer_root_notify(dev)
