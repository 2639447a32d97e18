"""The capability that numbers chassis (hw/pci/slotid_cap.c; PCI-to-PCI bridge specification 13)."""

from __future__ import annotations

from typing import Final

from emu.hw.pci.pci.caps import pci_add_capability
from emu.hw.pci.pci.structs import QEMU_PCI_CAP_SLOTID, PCIDevice
from emu.qapi.error import error_setg
from emu.standard_headers.linux.pci_regs import (
    PCI_CAP_ID_SLOTID,
    PCI_SID_CHASSIS_NR,
    PCI_SID_ESR,
    PCI_SID_ESR_FIC,
    PCI_SID_ESR_NSLOTS,
)
from emu.trace import emulates

SLOTID_CAP_LENGTH: Final = 4


@emulates
def slotid_cap_init(d: PCIDevice, nslots: int, chassis: int, offset: int) -> None:
    """Add the capability: this bridge is the first of its chassis. Error: the chassis has no number."""
    if not chassis:
        error_setg("Bridge chassis not specified. Each bridge is required to be assigned a unique chassis id > 0.")
    assert 0 <= nslots <= PCI_SID_ESR_NSLOTS
    cap = pci_add_capability(d, PCI_CAP_ID_SLOTID, offset, SLOTID_CAP_LENGTH)
    d.config[cap + PCI_SID_ESR] = PCI_SID_ESR_FIC | nslots
    d.cmask[cap + PCI_SID_ESR] = 0xFF
    d.config[cap + PCI_SID_CHASSIS_NR] = chassis
    d.wmask[cap + PCI_SID_CHASSIS_NR] = 0xFF
    d.cap_present |= QEMU_PCI_CAP_SLOTID


@emulates
def slotid_cap_cleanup(d: PCIDevice) -> None:
    """Forget the capability."""
    d.cap_present &= ~QEMU_PCI_CAP_SLOTID
