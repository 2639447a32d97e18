"""The capability that makes a device a PCI Express device (hw/pci/pcie.c; PCI Express 2.0, 7.8)."""

from __future__ import annotations

from emu.hw.pci.pci.bus import pci_bus_is_express
from emu.hw.pci.pci.bytes import (
    pci_get_long,
    pci_get_word,
    pci_long_test_and_clear_mask,
    pci_long_test_and_set_mask,
    pci_set_long,
    pci_set_word,
    pci_word_test_and_clear_mask,
    pci_word_test_and_set_mask,
)
from emu.hw.pci.pci.caps import pci_add_capability, pci_del_capability
from emu.hw.pci.pci.power import pci_device_reset
from emu.hw.pci.pci.structs import (
    PCI_CONFIG_SPACE_SIZE,
    QEMU_PCIE_EXTCAP_INIT,
    PCIDevice,
    pci_bus_is_root,
    pci_get_bus,
    pci_is_express,
)
from emu.hw.pci.pcie.structs import PCIE_SLOT, TYPE_PCIE_SLOT
from emu.hw.pci.pcie_regs import (
    PCI_EXP_DEVCAP2_EETLPP,
    PCI_EXP_DEVCAP2_EFF,
    PCI_EXP_DEVCTL2_EETLPPB,
    PCI_EXP_FLAGS_IRQ_SHIFT,
    PCI_EXP_FLAGS_TYPE_SHIFT,
    PCI_EXP_FLAGS_VER1,
    PCI_EXP_FLAGS_VER2,
    PCI_EXP_LNKCAP_ASPMS_0S,
    PCI_EXP_LNKCAP_PN_SHIFT,
    PCI_EXP_VER1_SIZEOF,
    PCI_EXP_VER2_SIZEOF,
    QEMU_PCI_EXP_LNK_2_5GT,
    QEMU_PCI_EXP_LNK_5GT,
    QEMU_PCI_EXP_LNK_8GT,
    QEMU_PCI_EXP_LNK_X1,
    QEMU_PCI_EXP_LNKCAP_MLW,
)
from emu.qapi.error import Error, error_report_err
from emu.qom.object import object_dynamic_cast
from emu.standard_headers.linux import pci_regs as r
from emu.trace import emulates

DEVERR_ENABLE = r.PCI_EXP_DEVCTL_CERE | r.PCI_EXP_DEVCTL_NFERE | r.PCI_EXP_DEVCTL_FERE | r.PCI_EXP_DEVCTL_URRE
DEVERR_DETECTED = r.PCI_EXP_DEVSTA_CED | r.PCI_EXP_DEVSTA_NFED | r.PCI_EXP_DEVSTA_FED | r.PCI_EXP_DEVSTA_URD


@emulates(file="hw/pci/pcie.c")
def pcie_cap_v1_fill(dev: PCIDevice, port: int, type_: int, version: int) -> None:
    """Fill in what both versions of the capability have: kind of device, a link of one lane at 2.5 GT/s."""
    exp_cap = dev.config + dev.exp.exp_cap
    cmask = dev.cmask + dev.exp.exp_cap
    pci_set_word(exp_cap + r.PCI_EXP_FLAGS, type_ << PCI_EXP_FLAGS_TYPE_SHIFT & r.PCI_EXP_FLAGS_TYPE | version)
    pci_set_long(exp_cap + r.PCI_EXP_DEVCAP, r.PCI_EXP_DEVCAP_RBER)
    link = QEMU_PCI_EXP_LNKCAP_MLW(QEMU_PCI_EXP_LNK_X1) | QEMU_PCI_EXP_LNK_2_5GT
    pci_set_long(exp_cap + r.PCI_EXP_LNKCAP, port << PCI_EXP_LNKCAP_PN_SHIFT | PCI_EXP_LNKCAP_ASPMS_0S | link)
    pci_set_word(exp_cap + r.PCI_EXP_LNKSTA, link)
    pci_set_word(cmask + r.PCI_EXP_LNKSTA, 0)


@emulates(file="hw/pci/pcie.c")
def pcie_cap_fill_slot_lnk(dev: PCIDevice) -> None:
    """Fill in the link of a slot: the width and speed of its properties."""
    if object_dynamic_cast(dev, TYPE_PCIE_SLOT) is None:
        return
    s = PCIE_SLOT(dev)
    exp_cap = dev.config + dev.exp.exp_cap
    lnkcap, lnkcap2 = exp_cap + r.PCI_EXP_LNKCAP, exp_cap + r.PCI_EXP_LNKCAP2
    pci_long_test_and_clear_mask(lnkcap, r.PCI_EXP_LNKCAP_MLW | r.PCI_EXP_LNKCAP_SLS)
    pci_long_test_and_set_mask(lnkcap, QEMU_PCI_EXP_LNKCAP_MLW(s.width) | s.speed)
    if s.width > QEMU_PCI_EXP_LNK_X1 or s.speed > QEMU_PCI_EXP_LNK_2_5GT:
        pci_long_test_and_set_mask(lnkcap, r.PCI_EXP_LNKCAP_LBNC)
    if s.speed > QEMU_PCI_EXP_LNK_2_5GT:
        pci_long_test_and_set_mask(lnkcap, r.PCI_EXP_LNKCAP_DLLLARC)
        pci_word_test_and_clear_mask(exp_cap + r.PCI_EXP_LNKCTL2, r.PCI_EXP_LNKCTL2_TLS)
        pci_word_test_and_set_mask(exp_cap + r.PCI_EXP_LNKCTL2, s.speed & r.PCI_EXP_LNKCTL2_TLS)
    if s.speed > QEMU_PCI_EXP_LNK_5GT:
        pci_long_test_and_clear_mask(lnkcap2, 0xFFFFFFFF)
        speeds = r.PCI_EXP_LNKCAP2_SLS_2_5GB | r.PCI_EXP_LNKCAP2_SLS_5_0GB | r.PCI_EXP_LNKCAP2_SLS_8_0GB
        pci_long_test_and_set_mask(lnkcap2, speeds)
        if s.speed > QEMU_PCI_EXP_LNK_8GT:
            pci_long_test_and_set_mask(lnkcap2, r.PCI_EXP_LNKCAP2_SLS_16_0GB)


@emulates(file="hw/pci/pcie.c")
def pcie_cap_init(dev: PCIDevice, offset: int, type_: int, port: int) -> int:
    """Add the capability, version 2; return its offset. Error: no room at ``offset``."""
    assert pci_is_express(dev)
    pos = pci_add_capability(dev, r.PCI_CAP_ID_EXP, offset, PCI_EXP_VER2_SIZEOF)
    dev.exp.exp_cap = pos
    exp_cap = dev.config + pos
    pcie_cap_v1_fill(dev, port, type_, PCI_EXP_FLAGS_VER2)
    pcie_cap_fill_slot_lnk(dev)
    pci_set_long(exp_cap + r.PCI_EXP_DEVCAP2, PCI_EXP_DEVCAP2_EFF | PCI_EXP_DEVCAP2_EETLPP)
    pci_set_word(dev.wmask + pos + r.PCI_EXP_DEVCTL2, PCI_EXP_DEVCTL2_EETLPPB)
    if dev.cap_present & QEMU_PCIE_EXTCAP_INIT:
        # the list of extended capabilities begins empty, and the guest can't write it
        pci_set_long(dev.wmask + PCI_CONFIG_SPACE_SIZE, 0)
    return pos


@emulates(file="hw/pci/pcie.c")
def pcie_cap_v1_init(dev: PCIDevice, offset: int, type_: int, port: int) -> int:
    """Add the capability, version 1; return its offset, or -22 after a message."""
    assert pci_is_express(dev)
    try:
        pos = pci_add_capability(dev, r.PCI_CAP_ID_EXP, offset, PCI_EXP_VER1_SIZEOF)
    except Error as err:
        error_report_err(err)
        return -22
    dev.exp.exp_cap = pos
    pcie_cap_v1_fill(dev, port, type_, PCI_EXP_FLAGS_VER1)
    return pos


@emulates(file="hw/pci/pcie.c")
def pcie_endpoint_cap_common_init(dev: PCIDevice, offset: int, cap_size: int) -> int:
    """Add the capability of an endpoint; one on a root bus is integrated into the root complex."""
    type_ = r.PCI_EXP_TYPE_ENDPOINT
    if pci_bus_is_express(pci_get_bus(dev)) and pci_bus_is_root(pci_get_bus(dev)):
        type_ = r.PCI_EXP_TYPE_RC_END
    if cap_size == PCI_EXP_VER1_SIZEOF:
        return pcie_cap_v1_init(dev, offset, type_, 0)
    try:
        return pcie_cap_init(dev, offset, type_, 0)
    except Error as err:
        error_report_err(err)
        return -22


@emulates(file="hw/pci/pcie.c")
def pcie_endpoint_cap_init(dev: PCIDevice, offset: int) -> int:
    """Add the capability of an endpoint, version 2; return its offset, or -22 after a message."""
    return pcie_endpoint_cap_common_init(dev, offset, PCI_EXP_VER2_SIZEOF)


@emulates(file="hw/pci/pcie.c")
def pcie_endpoint_cap_v1_init(dev: PCIDevice, offset: int) -> int:
    """Add the capability of an endpoint, version 1; return its offset, or -22 after a message."""
    return pcie_endpoint_cap_common_init(dev, offset, PCI_EXP_VER1_SIZEOF)


@emulates(file="hw/pci/pcie.c")
def pcie_cap_exit(dev: PCIDevice) -> None:
    """Take the capability out, version 2."""
    pci_del_capability(dev, r.PCI_CAP_ID_EXP, PCI_EXP_VER2_SIZEOF)


@emulates(file="hw/pci/pcie.c")
def pcie_cap_v1_exit(dev: PCIDevice) -> None:
    """Take the capability out, version 1."""
    pci_del_capability(dev, r.PCI_CAP_ID_EXP, PCI_EXP_VER1_SIZEOF)


@emulates(file="hw/pci/pcie.c")
def pcie_cap_flags_set_vector(dev: PCIDevice, vector: int) -> None:
    """Say which message interrupt tells of events (7.8.2)."""
    assert vector < 32
    flags = dev.config + dev.exp.exp_cap + r.PCI_EXP_FLAGS
    pci_word_test_and_clear_mask(flags, r.PCI_EXP_FLAGS_IRQ)
    pci_word_test_and_set_mask(flags, vector << PCI_EXP_FLAGS_IRQ_SHIFT)


def pcie_cap_flags_get_vector(dev: PCIDevice) -> int:
    """Return which message interrupt tells of events."""
    flags = pci_get_word(dev.config + dev.exp.exp_cap + r.PCI_EXP_FLAGS)
    return (flags & r.PCI_EXP_FLAGS_IRQ) >> PCI_EXP_FLAGS_IRQ_SHIFT


@emulates(file="hw/pci/pcie.c")
def pcie_cap_deverr_init(dev: PCIDevice) -> None:
    """Let the guest enable error messages and clear what was detected."""
    pos = dev.exp.exp_cap
    pci_long_test_and_set_mask(dev.config + pos + r.PCI_EXP_DEVCAP, r.PCI_EXP_DEVCAP_RBER)
    pci_long_test_and_set_mask(dev.wmask + pos + r.PCI_EXP_DEVCTL, DEVERR_ENABLE)
    pci_long_test_and_set_mask(dev.w1cmask + pos + r.PCI_EXP_DEVSTA, DEVERR_DETECTED)


@emulates(file="hw/pci/pcie.c")
def pcie_cap_deverr_reset(dev: PCIDevice) -> None:
    """Disable error messages."""
    pci_long_test_and_clear_mask(dev.config + dev.exp.exp_cap + r.PCI_EXP_DEVCTL, DEVERR_ENABLE)


@emulates(file="hw/pci/pcie.c")
def pcie_cap_lnkctl_init(dev: PCIDevice) -> None:
    """Let the guest set clock configuration and synchronisation of the link."""
    lnkctl = dev.wmask + dev.exp.exp_cap + r.PCI_EXP_LNKCTL
    pci_long_test_and_set_mask(lnkctl, r.PCI_EXP_LNKCTL_CCC | r.PCI_EXP_LNKCTL_ES)


@emulates(file="hw/pci/pcie.c")
def pcie_cap_lnkctl_reset(dev: PCIDevice) -> None:
    """Reset clock configuration and synchronisation of the link."""
    lnkctl = dev.config + dev.exp.exp_cap + r.PCI_EXP_LNKCTL
    pci_long_test_and_clear_mask(lnkctl, r.PCI_EXP_LNKCTL_CCC | r.PCI_EXP_LNKCTL_ES)


@emulates(file="hw/pci/pcie.c")
def pcie_cap_root_init(dev: PCIDevice) -> None:
    """Let the guest choose which errors a root port reports."""
    pci_set_word(
        dev.wmask + dev.exp.exp_cap + r.PCI_EXP_RTCTL,
        r.PCI_EXP_RTCTL_SECEE | r.PCI_EXP_RTCTL_SENFEE | r.PCI_EXP_RTCTL_SEFEE,
    )


@emulates(file="hw/pci/pcie.c")
def pcie_cap_root_reset(dev: PCIDevice) -> None:
    """Let a root port report no errors."""
    pci_set_word(dev.config + dev.exp.exp_cap + r.PCI_EXP_RTCTL, 0)


@emulates(file="hw/pci/pcie.c")
def pcie_cap_flr_init(dev: PCIDevice) -> None:
    """Let the guest reset a function by itself."""
    pci_long_test_and_set_mask(dev.config + dev.exp.exp_cap + r.PCI_EXP_DEVCAP, r.PCI_EXP_DEVCAP_FLR)
    pci_word_test_and_set_mask(dev.wmask + dev.exp.exp_cap + r.PCI_EXP_DEVCTL, r.PCI_EXP_DEVCTL_BCR_FLR)


@emulates(file="hw/pci/pcie.c")
def pcie_cap_flr_write_config(dev: PCIDevice, addr: int, val: int, len_: int) -> None:
    """After a write of configuration space, do the function level reset that it asked for; the bit reads as 0 again."""
    devctl = dev.config + dev.exp.exp_cap + r.PCI_EXP_DEVCTL
    if pci_get_word(devctl) & r.PCI_EXP_DEVCTL_BCR_FLR:
        pci_device_reset(dev)
        pci_word_test_and_clear_mask(devctl, r.PCI_EXP_DEVCTL_BCR_FLR)


@emulates(file="hw/pci/pcie.c")
def pcie_cap_arifwd_init(dev: PCIDevice) -> None:
    """Let the guest turn the forwarding of alternative ids on (7.8.16)."""
    pos = dev.exp.exp_cap
    pci_long_test_and_set_mask(dev.config + pos + r.PCI_EXP_DEVCAP2, r.PCI_EXP_DEVCAP2_ARI)
    pci_long_test_and_set_mask(dev.wmask + pos + r.PCI_EXP_DEVCTL2, r.PCI_EXP_DEVCTL2_ARI)


@emulates(file="hw/pci/pcie.c")
def pcie_cap_arifwd_reset(dev: PCIDevice) -> None:
    """Turn the forwarding of alternative ids off."""
    pci_long_test_and_clear_mask(dev.config + dev.exp.exp_cap + r.PCI_EXP_DEVCTL2, r.PCI_EXP_DEVCTL2_ARI)


def pcie_cap_is_arifwd_enabled(dev: PCIDevice) -> bool:
    """Tell whether the forwarding of alternative ids is on."""
    if not pci_is_express(dev) or not dev.exp.exp_cap:
        return False
    return bool(pci_get_long(dev.config + dev.exp.exp_cap + r.PCI_EXP_DEVCTL2) & r.PCI_EXP_DEVCTL2_ARI)
