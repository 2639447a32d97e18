"""A downstream port of a PCI Express switch (hw/pci-bridge/xio3130_downstream.c)."""

from __future__ import annotations

from typing import Final

from emu.hw.core.qdev_core import DEVICE_CATEGORY_BRIDGE, DEVICE_CLASS, DeviceState
from emu.hw.core.qdev_properties import DEFINE_PROP_BIT, Property, device_class_set_props
from emu.hw.pci.msi import msi_init, msi_uninit
from emu.hw.pci.pci import (
    INTERFACE_PCIE_DEVICE,
    PCI_DEVICE,
    PCI_DEVICE_CLASS,
    QEMU_PCIE_SLTCAP_PCP_BITNR,
    TYPE_PCIE_BUS,
    PCIDevice,
)
from emu.hw.pci.pci_bridge import (
    pci_bridge_exitfn,
    pci_bridge_initfn,
    pci_bridge_reset,
    pci_bridge_ssvid_init,
    pci_bridge_write_config,
)
from emu.hw.pci.pci_ids import PCI_VENDOR_ID_TI
from emu.hw.pci.pcie import (
    COMPAT_PROP_PCP,
    pcie_cap_arifwd_init,
    pcie_cap_arifwd_reset,
    pcie_cap_deverr_init,
    pcie_cap_deverr_reset,
    pcie_cap_exit,
    pcie_cap_flr_init,
    pcie_cap_flr_write_config,
    pcie_cap_init,
    pcie_cap_slot_get,
    pcie_cap_slot_init,
    pcie_cap_slot_reset,
    pcie_cap_slot_write_config,
)
from emu.hw.pci.pcie_aer import pcie_aer_exit, pcie_aer_init, pcie_aer_write_config
from emu.hw.pci.pcie_port import (
    PCIE_PORT,
    PCIE_SLOT,
    TYPE_PCIE_SLOT,
    PCIESlot,
    pcie_chassis_add_slot,
    pcie_chassis_create,
    pcie_chassis_del_slot,
    pcie_port_init_reg,
)
from emu.hw.pci.pcie_regs import PCI_ERR_SIZEOF, PCI_ERR_VER
from emu.migration.savevm import MIG_PRI_PCI_BUS, VMStateDescription
from emu.qapi.error import Error, error_setg
from emu.qemu.module import type_init
from emu.qom.object import TypeInfo, type_register_static
from emu.qom.parts import Part
from emu.standard_headers.linux.pci_regs import PCI_EXP_TYPE_DOWNSTREAM
from emu.trace import emulates

TYPE_XIO3130_DOWNSTREAM: Final = "xio3130-downstream"
PCI_DEVICE_ID_TI_XIO3130D: Final = 0x8233
XIO3130_REVISION: Final = 0x1
XIO3130_MSI_OFFSET: Final = 0x70
XIO3130_MSI_NR_VECTOR: Final = 1
XIO3130_SSVID_OFFSET: Final = 0x80
XIO3130_SSVID_SVID: Final = 0
XIO3130_SSVID_SSID: Final = 0
XIO3130_EXP_OFFSET: Final = 0x90
XIO3130_AER_OFFSET: Final = 0x100


@emulates
def xio3130_downstream_write_config(d: PCIDevice, address: int, val: int, len_: int) -> None:
    """Write the port's configuration space."""
    slt_ctl, slt_sta = pcie_cap_slot_get(d)
    pci_bridge_write_config(d, address, val, len_)
    pcie_cap_flr_write_config(d, address, val, len_)
    pcie_cap_slot_write_config(d, slt_ctl, slt_sta, address, val, len_)
    pcie_aer_write_config(d, address, val, len_)


@emulates
def xio3130_downstream_reset(qdev: DeviceState) -> None:
    """Reset the port."""
    d = PCI_DEVICE(qdev)
    pcie_cap_deverr_reset(d)
    pcie_cap_slot_reset(d)
    pcie_cap_arifwd_reset(d)
    pci_bridge_reset(qdev)


def _init_slot(d: PCIDevice, s: PCIESlot) -> None:
    try:
        pcie_cap_flr_init(d)
        pcie_cap_deverr_init(d)
        pcie_cap_slot_init(d, s)
        pcie_cap_arifwd_init(d)
        pcie_chassis_create(s.chassis)
        rc = pcie_chassis_add_slot(s)
        if rc < 0:
            error_setg(f"Can't add chassis slot, error {rc}")
        try:
            pcie_aer_init(d, PCI_ERR_VER, XIO3130_AER_OFFSET, PCI_ERR_SIZEOF)
        except Error:
            pcie_chassis_del_slot(s)
            raise
    except Error:
        pcie_cap_exit(d)
        raise


@emulates
def xio3130_downstream_realize(d: PCIDevice) -> None:
    """Realize of ``xio3130-downstream``. Error: the slot of that chassis is taken, or a capability refuses."""
    pci_bridge_initfn(d, TYPE_PCIE_BUS)
    pcie_port_init_reg(d)
    try:
        msi_init(d, XIO3130_MSI_OFFSET, XIO3130_MSI_NR_VECTOR, True, False)
        try:
            pci_bridge_ssvid_init(d, XIO3130_SSVID_OFFSET, XIO3130_SSVID_SVID, XIO3130_SSVID_SSID)
            pcie_cap_init(d, XIO3130_EXP_OFFSET, PCI_EXP_TYPE_DOWNSTREAM, PCIE_PORT(d).port)
            _init_slot(d, PCIE_SLOT(d))
        except Error:
            msi_uninit(d)
            raise
    except Error:
        pci_bridge_exitfn(d)
        raise


@emulates
def xio3130_downstream_exitfn(d: PCIDevice) -> None:
    """Exit of ``xio3130-downstream``: undo xio3130_downstream_realize."""
    pcie_aer_exit(d)
    pcie_chassis_del_slot(PCIE_SLOT(d))
    pcie_cap_exit(d)
    msi_uninit(d)
    pci_bridge_exitfn(d)


xio3130_downstream_props: Final[tuple[Property, ...]] = (
    DEFINE_PROP_BIT(COMPAT_PROP_PCP, PCIDevice, "cap_present", QEMU_PCIE_SLTCAP_PCP_BITNR, True),
)

vmstate_xio3130_downstream: Final = VMStateDescription(
    name="xio3130-express-downstream-port", priority=MIG_PRI_PCI_BUS, version_id=1, minimum_version_id=1
)


@emulates
def xio3130_downstream_class_init(klass: Part, data: object) -> None:
    """Class init of ``xio3130-downstream``."""
    dc = DEVICE_CLASS(klass)
    k = PCI_DEVICE_CLASS(klass)
    k.is_bridge = True
    k.config_write = xio3130_downstream_write_config
    k.realize = xio3130_downstream_realize
    k.exit = xio3130_downstream_exitfn
    k.vendor_id = PCI_VENDOR_ID_TI
    k.device_id = PCI_DEVICE_ID_TI_XIO3130D
    k.revision = XIO3130_REVISION
    dc.categories |= 1 << DEVICE_CATEGORY_BRIDGE
    dc.desc = "TI X3130 Downstream Port of PCI Express Switch"
    dc.reset = xio3130_downstream_reset
    dc.vmsd = vmstate_xio3130_downstream
    device_class_set_props(dc, xio3130_downstream_props)


xio3130_downstream_info: Final = TypeInfo(
    name=TYPE_XIO3130_DOWNSTREAM,
    parent=TYPE_PCIE_SLOT,
    class_init=xio3130_downstream_class_init,
    interfaces=(INTERFACE_PCIE_DEVICE,),
)


@type_init
@emulates
def xio3130_downstream_register_types() -> None:
    """Register ``xio3130-downstream``."""
    type_register_static(xio3130_downstream_info)
