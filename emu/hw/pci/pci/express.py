"""What pci.c itself asks of PCI Express devices: their kind, and the state of a port's link (hw/pci/pcie.c)."""

from __future__ import annotations

from emu.hw.pci.pci.bridges import PCI_BRIDGE, pci_bridge_get_sec_bus
from emu.hw.pci.pci.bytes import pci_get_word, pci_word_test_and_clear_mask, pci_word_test_and_set_mask
from emu.hw.pci.pci.structs import PCIDevice
from emu.hw.pci.pcie_regs import (
    PCI_EXP_FLAGS_TYPE_SHIFT,
    QEMU_PCI_EXP_LNK_2_5GT,
    QEMU_PCI_EXP_LNK_X1,
    QEMU_PCI_EXP_LNKCAP_MLW,
)
from emu.standard_headers.linux import pci_regs as r
from emu.trace import emulates


@emulates(file="hw/pci/pcie.c")
def pcie_cap_get_type(dev: PCIDevice) -> int:
    """Return the kind of device (``PCI_EXP_TYPE_*``)."""
    pos = dev.exp.exp_cap
    assert pos > 0
    return (pci_get_word(dev.config + pos + r.PCI_EXP_FLAGS) & r.PCI_EXP_FLAGS_TYPE) >> PCI_EXP_FLAGS_TYPE_SHIFT


@emulates(file="hw/pci/pcie.c")
def pcie_sync_bridge_lnk(bridge_dev: PCIDevice) -> None:
    """Show as the state of a port's link what the device behind it tells, within what the port can do."""
    bus = pci_bridge_get_sec_bus(PCI_BRIDGE(bridge_dev))
    target = bus.devices[0]
    exp_cap = bridge_dev.config + bridge_dev.exp.exp_cap
    lnkcap = pci_get_word(exp_cap + r.PCI_EXP_LNKCAP)
    if target is None or not target.exp.exp_cap:
        lnksta = lnkcap
    else:
        assert target.config_read is not None
        lnksta = target.config_read(target, target.exp.exp_cap + r.PCI_EXP_LNKSTA, 2)
        if lnksta & r.PCI_EXP_LNKSTA_NLW > lnkcap & r.PCI_EXP_LNKCAP_MLW:
            lnksta = lnksta & ~r.PCI_EXP_LNKSTA_NLW | lnkcap & r.PCI_EXP_LNKCAP_MLW
        if lnksta & r.PCI_EXP_LNKSTA_CLS > lnkcap & r.PCI_EXP_LNKCAP_SLS:
            lnksta = lnksta & ~r.PCI_EXP_LNKSTA_CLS | lnkcap & r.PCI_EXP_LNKCAP_SLS
    if not lnksta & r.PCI_EXP_LNKSTA_NLW:
        lnksta |= QEMU_PCI_EXP_LNKCAP_MLW(QEMU_PCI_EXP_LNK_X1)
    if not lnksta & r.PCI_EXP_LNKSTA_CLS:
        lnksta |= QEMU_PCI_EXP_LNK_2_5GT
    mask = r.PCI_EXP_LNKSTA_CLS | r.PCI_EXP_LNKSTA_NLW
    pci_word_test_and_clear_mask(exp_cap + r.PCI_EXP_LNKSTA, mask)
    pci_word_test_and_set_mask(exp_cap + r.PCI_EXP_LNKSTA, lnksta & mask)
