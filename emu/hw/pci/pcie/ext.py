"""Extended capabilities, from offset 256 on (hw/pci/pcie.c; PCI Express 2.0, 7.9)."""

from __future__ import annotations

from emu.hw.pci.pci.bytes import pci_get_long, pci_set_long, pci_set_quad, pci_set_word
from emu.hw.pci.pci.caps import fill
from emu.hw.pci.pci.config import pci_is_express_downstream_port
from emu.hw.pci.pci.structs import (
    PCI_CONFIG_SPACE_SIZE,
    PCI_FUNC,
    PCIE_CONFIG_SPACE_SIZE,
    QEMU_PCI_CAP_MULTIFUNCTION,
    PCIDevice,
    pci_is_express,
)
from emu.hw.pci.pcie_regs import (
    PCI_ACS_SIZEOF,
    PCI_ACS_VER,
    PCI_ARI_SIZEOF,
    PCI_ARI_VER,
    PCI_EXT_CAP,
    PCI_EXT_CAP_ALIGN,
    PCI_EXT_CAP_ID,
    PCI_EXT_CAP_NEXT,
    PCI_EXT_CAP_NEXT_MASK,
    PCI_EXT_CAP_NEXT_SHIFT,
)
from emu.standard_headers.linux import pci_regs as r
from emu.trace import emulates

NO_CAPABILITY = 0xFFFFFFFF
PCI_DSN_VER = 1
PCI_DSN_CAP = 4
ATS_VER = 1
ATS_CTRL_WRITABLE = 0x800F


@emulates(file="hw/pci/pcie.c")
def pcie_find_capability_list(dev: PCIDevice, cap_id: int) -> tuple[int, int]:
    """Return the offset of an extended capability (0: none) and of the one before it (the last one, then)."""
    header = pci_get_long(dev.config + PCI_CONFIG_SPACE_SIZE)
    prev = next_ = 0
    if header:
        next_ = PCI_CONFIG_SPACE_SIZE
    while next_:
        assert PCI_CONFIG_SPACE_SIZE <= next_ <= PCIE_CONFIG_SPACE_SIZE - 8
        header = pci_get_long(dev.config + next_)
        if PCI_EXT_CAP_ID(header) == cap_id:
            break
        prev, next_ = next_, PCI_EXT_CAP_NEXT(header)
    return next_, prev


def pcie_find_capability(dev: PCIDevice, cap_id: int) -> int:
    """Return the offset of an extended capability, 0 for none."""
    return pcie_find_capability_list(dev, cap_id)[0]


@emulates(file="hw/pci/pcie.c")
def pcie_ext_cap_set_next(dev: PCIDevice, pos: int, next_: int) -> None:
    """Let an extended capability be followed by another."""
    assert not next_ & (PCI_EXT_CAP_ALIGN - 1)
    header = pci_get_long(dev.config + pos)
    header = header & ~PCI_EXT_CAP_NEXT_MASK | next_ << PCI_EXT_CAP_NEXT_SHIFT & PCI_EXT_CAP_NEXT_MASK
    pci_set_long(dev.config + pos, header)


@emulates(file="hw/pci/pcie.c")
def pcie_add_capability(dev: PCIDevice, cap_id: int, cap_ver: int, offset: int, size: int) -> None:
    """Put an extended capability of ``size`` bytes at the end of the list; the caller knows that ``offset`` is free."""
    assert PCI_CONFIG_SPACE_SIZE <= offset < offset + size <= PCIE_CONFIG_SPACE_SIZE
    assert size >= 8
    assert pci_is_express(dev)
    if offset != PCI_CONFIG_SPACE_SIZE:
        _, prev = pcie_find_capability_list(dev, NO_CAPABILITY)
        assert prev >= PCI_CONFIG_SPACE_SIZE
        pcie_ext_cap_set_next(dev, prev, offset)
    pci_set_long(dev.config + offset, PCI_EXT_CAP(cap_id, cap_ver, 0))
    dev.wmask.put(offset, fill(0, size))
    dev.w1cmask.put(offset, fill(0, size))
    dev.cmask.put(offset, fill(0xFF, size))


@emulates(file="hw/pci/pcie.c")
def pcie_ari_init(dev: PCIDevice, offset: int, nextfn: int) -> None:
    """Add the capability of alternative ids (7.23)."""
    pcie_add_capability(dev, r.PCI_EXT_CAP_ID_ARI, PCI_ARI_VER, offset, PCI_ARI_SIZEOF)
    pci_set_long(dev.config + offset + r.PCI_ARI_CAP, (nextfn & 0xFF) << 8)


@emulates(file="hw/pci/pcie.c")
def pcie_dev_ser_num_init(dev: PCIDevice, offset: int, ser_num: int) -> None:
    """Add the capability that tells a device's serial number (7.12)."""
    pcie_add_capability(dev, r.PCI_EXT_CAP_ID_DSN, PCI_DSN_VER, offset, r.PCI_EXT_CAP_DSN_SIZEOF)
    pci_set_quad(dev.config + offset + PCI_DSN_CAP, ser_num)


@emulates(file="hw/pci/pcie.c")
def pcie_ats_init(dev: PCIDevice, offset: int, aligned: bool) -> None:
    """Add the capability of address translation, switched off (address translation services 1.1, 5.1)."""
    pcie_add_capability(dev, r.PCI_EXT_CAP_ID_ATS, ATS_VER, offset, r.PCI_EXT_CAP_ATS_SIZEOF)
    dev.exp.ats_cap = offset
    if aligned:
        pci_set_word(dev.config + offset + r.PCI_ATS_CAP, r.PCI_ATS_CAP_PAGE_ALIGNED)
    pci_set_word(dev.config + offset + r.PCI_ATS_CTRL, 0)
    pci_set_word(dev.wmask + dev.exp.ats_cap + r.PCI_ATS_CTRL, ATS_CTRL_WRITABLE)


@emulates(file="hw/pci/pcie.c")
def pcie_acs_init(dev: PCIDevice, offset: int) -> None:
    """Add the capability of access control (7.16), which ports have and functions of multifunction devices may have."""
    is_downstream = pci_is_express_downstream_port(dev)
    assert is_downstream or dev.cap_present & QEMU_PCI_CAP_MULTIFUNCTION or PCI_FUNC(dev.devfn)
    pcie_add_capability(dev, r.PCI_EXT_CAP_ID_ACS, PCI_ACS_VER, offset, PCI_ACS_SIZEOF)
    dev.exp.acs_cap = offset
    cap_bits = 0
    if is_downstream:
        cap_bits = r.PCI_ACS_SV | r.PCI_ACS_TB | r.PCI_ACS_RR | r.PCI_ACS_CR | r.PCI_ACS_UF | r.PCI_ACS_DT
    pci_set_word(dev.config + offset + r.PCI_ACS_CAP, cap_bits)
    pci_set_word(dev.wmask + offset + r.PCI_ACS_CTRL, cap_bits)


@emulates(file="hw/pci/pcie.c")
def pcie_acs_reset(dev: PCIDevice) -> None:
    """Switch access control off."""
    if dev.exp.acs_cap:
        pci_set_word(dev.config + dev.exp.acs_cap + r.PCI_ACS_CTRL, 0)
