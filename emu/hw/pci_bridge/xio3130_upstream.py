"""The upstream port of a PCI Express switch (hw/pci-bridge/xio3130_upstream.c)."""

from __future__ import annotations

from typing import Final

from emu.hw.core.qdev_core import DEVICE_CATEGORY_BRIDGE, DEVICE_CLASS, DeviceState
from emu.hw.pci.msi import msi_init, msi_uninit
from emu.hw.pci.pci import INTERFACE_PCIE_DEVICE, PCI_DEVICE, PCI_DEVICE_CLASS, TYPE_PCIE_BUS, PCIDevice
from emu.hw.pci.pci_bridge import (
    pci_bridge_exitfn,
    pci_bridge_initfn,
    pci_bridge_reset,
    pci_bridge_ssvid_init,
    pci_bridge_write_config,
)
from emu.hw.pci.pci_ids import PCI_VENDOR_ID_TI
from emu.hw.pci.pcie import (
    pcie_cap_deverr_init,
    pcie_cap_deverr_reset,
    pcie_cap_exit,
    pcie_cap_flr_init,
    pcie_cap_flr_write_config,
    pcie_cap_init,
)
from emu.hw.pci.pcie_aer import pcie_aer_exit, pcie_aer_init, pcie_aer_write_config
from emu.hw.pci.pcie_port import PCIE_PORT, TYPE_PCIE_PORT, pcie_port_init_reg
from emu.hw.pci.pcie_regs import PCI_ERR_SIZEOF, PCI_ERR_VER
from emu.migration.savevm import MIG_PRI_PCI_BUS, VMStateDescription
from emu.qapi.error import Error
from emu.qemu.module import type_init
from emu.qom.object import TypeInfo, type_register_static
from emu.qom.parts import Part
from emu.standard_headers.linux.pci_regs import PCI_EXP_TYPE_UPSTREAM
from emu.trace import emulates

PCI_DEVICE_ID_TI_XIO3130U: Final = 0x8232
XIO3130_REVISION: Final = 0x2
XIO3130_MSI_OFFSET: Final = 0x70
XIO3130_MSI_NR_VECTOR: Final = 1
XIO3130_SSVID_OFFSET: Final = 0x80
XIO3130_SSVID_SVID: Final = 0
XIO3130_SSVID_SSID: Final = 0
XIO3130_EXP_OFFSET: Final = 0x90
XIO3130_AER_OFFSET: Final = 0x100


@emulates
def xio3130_upstream_write_config(d: PCIDevice, address: int, val: int, len_: int) -> None:
    """Write the port's configuration space."""
    pci_bridge_write_config(d, address, val, len_)
    pcie_cap_flr_write_config(d, address, val, len_)
    pcie_aer_write_config(d, address, val, len_)


@emulates
def xio3130_upstream_reset(qdev: DeviceState) -> None:
    """Reset the port."""
    pci_bridge_reset(qdev)
    pcie_cap_deverr_reset(PCI_DEVICE(qdev))


def _init_capabilities(d: PCIDevice) -> None:
    try:
        pci_bridge_ssvid_init(d, XIO3130_SSVID_OFFSET, XIO3130_SSVID_SVID, XIO3130_SSVID_SSID)
        pcie_cap_init(d, XIO3130_EXP_OFFSET, PCI_EXP_TYPE_UPSTREAM, PCIE_PORT(d).port)
        pcie_cap_flr_init(d)
        pcie_cap_deverr_init(d)
        try:
            pcie_aer_init(d, PCI_ERR_VER, XIO3130_AER_OFFSET, PCI_ERR_SIZEOF)
        except Error:
            pcie_cap_exit(d)
            raise
    except Error:
        msi_uninit(d)
        raise


@emulates
def xio3130_upstream_realize(d: PCIDevice) -> None:
    """Realize of ``x3130-upstream``. Error: a capability refuses."""
    pci_bridge_initfn(d, TYPE_PCIE_BUS)
    pcie_port_init_reg(d)
    try:
        msi_init(d, XIO3130_MSI_OFFSET, XIO3130_MSI_NR_VECTOR, True, False)
        _init_capabilities(d)
    except Error:
        pci_bridge_exitfn(d)
        raise


@emulates
def xio3130_upstream_exitfn(d: PCIDevice) -> None:
    """Exit of ``x3130-upstream``: undo xio3130_upstream_realize."""
    pcie_aer_exit(d)
    pcie_cap_exit(d)
    msi_uninit(d)
    pci_bridge_exitfn(d)


vmstate_xio3130_upstream: Final = VMStateDescription(
    name="xio3130-express-upstream-port", priority=MIG_PRI_PCI_BUS, version_id=1, minimum_version_id=1
)


@emulates
def xio3130_upstream_class_init(klass: Part, data: object) -> None:
    """Class init of ``x3130-upstream``."""
    dc = DEVICE_CLASS(klass)
    k = PCI_DEVICE_CLASS(klass)
    k.is_bridge = True
    k.config_write = xio3130_upstream_write_config
    k.realize = xio3130_upstream_realize
    k.exit = xio3130_upstream_exitfn
    k.vendor_id = PCI_VENDOR_ID_TI
    k.device_id = PCI_DEVICE_ID_TI_XIO3130U
    k.revision = XIO3130_REVISION
    dc.categories |= 1 << DEVICE_CATEGORY_BRIDGE
    dc.desc = "TI X3130 Upstream Port of PCI Express Switch"
    dc.reset = xio3130_upstream_reset
    dc.vmsd = vmstate_xio3130_upstream


xio3130_upstream_info: Final = TypeInfo(
    name="x3130-upstream",
    parent=TYPE_PCIE_PORT,
    class_init=xio3130_upstream_class_init,
    interfaces=(INTERFACE_PCIE_DEVICE,),
)


@type_init
@emulates
def xio3130_upstream_register_types() -> None:
    """Register ``x3130-upstream``."""
    type_register_static(xio3130_upstream_info)
