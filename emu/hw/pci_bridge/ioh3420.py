"""Intel's root port 3420 (hw/pci-bridge/ioh3420.c)."""

from __future__ import annotations

from typing import Final

from emu.errors import QemuAbort
from emu.hw.core.qdev_core import DEVICE_CLASS
from emu.hw.pci.msi import msi_init, msi_nr_vectors_allocated, msi_uninit
from emu.hw.pci.pci import PCI_DEVICE_CLASS, PCI_VENDOR_ID_INTEL, PCIDevice
from emu.hw.pci.pcie_port import PCIE_ROOT_PORT_CLASS, TYPE_PCIE_ROOT_PORT
from emu.migration.savevm import MIG_PRI_PCI_BUS, VMStateDescription
from emu.qemu.module import type_init
from emu.qom.object import TypeInfo, type_register_static
from emu.qom.parts import Part
from emu.trace import emulates

PCI_DEVICE_ID_IOH_EPORT: Final = 0x3420
PCI_DEVICE_ID_IOH_REV: Final = 0x2
IOH_EP_SSVID_OFFSET: Final = 0x40
IOH_EP_SSVID_SSID: Final = 0
IOH_EP_MSI_OFFSET: Final = 0x60
IOH_EP_MSI_NR_VECTOR: Final = 2
IOH_EP_EXP_OFFSET: Final = 0x90
IOH_EP_AER_OFFSET: Final = 0x100


@emulates
def ioh3420_aer_vector(d: PCIDevice) -> int:
    """Return which message tells of errors: the second, if there are two. Aborts when a driver claims more than the port has."""
    vector = {1: 0, 2: 1}.get(msi_nr_vectors_allocated(d))
    if vector is None:
        raise QemuAbort
    return vector


@emulates
def ioh3420_interrupts_init(d: PCIDevice) -> None:
    """Set two messages up, that can be held back. Error: the board takes none."""
    msi_init(d, IOH_EP_MSI_OFFSET, IOH_EP_MSI_NR_VECTOR, False, True)


@emulates
def ioh3420_interrupts_uninit(d: PCIDevice) -> None:
    """Undo ioh3420_interrupts_init."""
    msi_uninit(d)


vmstate_ioh3420: Final = VMStateDescription(
    name="ioh-3240-express-root-port", priority=MIG_PRI_PCI_BUS, version_id=1, minimum_version_id=1
)


@emulates
def ioh3420_class_init(klass: Part, data: object) -> None:
    """Class init of ``ioh3420``."""
    dc = DEVICE_CLASS(klass)
    k = PCI_DEVICE_CLASS(klass)
    rpc = PCIE_ROOT_PORT_CLASS(klass)
    k.vendor_id = PCI_VENDOR_ID_INTEL
    k.device_id = PCI_DEVICE_ID_IOH_EPORT
    k.revision = PCI_DEVICE_ID_IOH_REV
    dc.desc = "Intel IOH device id 3420 PCIE Root Port"
    dc.vmsd = vmstate_ioh3420
    rpc.aer_vector = ioh3420_aer_vector
    rpc.interrupts_init = ioh3420_interrupts_init
    rpc.interrupts_uninit = ioh3420_interrupts_uninit
    rpc.exp_offset = IOH_EP_EXP_OFFSET
    rpc.aer_offset = IOH_EP_AER_OFFSET
    rpc.ssvid_offset = IOH_EP_SSVID_OFFSET
    rpc.ssid = IOH_EP_SSVID_SSID


ioh3420_info: Final = TypeInfo(name="ioh3420", parent=TYPE_PCIE_ROOT_PORT, class_init=ioh3420_class_init)


@type_init
@emulates
def ioh3420_register_types() -> None:
    """Register ``ioh3420``."""
    type_register_static(ioh3420_info)
