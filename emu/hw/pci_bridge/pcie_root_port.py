"""What all root ports do (hw/pci-bridge/pcie_root_port.c)."""

from __future__ import annotations

from errno import EINVAL
from typing import Final

from emu.hw.core.qdev_core import DEVICE_CATEGORY_BRIDGE, DEVICE_CLASS, DeviceState
from emu.hw.core.qdev_properties import DEFINE_PROP_BIT, DEFINE_PROP_BOOL, Property, device_class_set_props
from emu.hw.pci.pci import (
    INTERFACE_PCIE_DEVICE,
    PCI_DEVICE,
    PCI_DEVICE_CLASS,
    PCI_DEVICE_GET_CLASS,
    QEMU_PCIE_CAP_CXL,
    QEMU_PCIE_SLTCAP_PCP_BITNR,
    TYPE_CXL_BUS,
    TYPE_PCIE_BUS,
    PCIDevice,
    pci_config_set_interrupt_pin,
    pci_get_long,
)
from emu.hw.pci.pci_bridge import (
    pci_bridge_disable_base_limit,
    pci_bridge_exitfn,
    pci_bridge_initfn,
    pci_bridge_reset,
    pci_bridge_ssvid_init,
    pci_bridge_write_config,
)
from emu.hw.pci.pcie import (
    COMPAT_PROP_PCP,
    pcie_acs_init,
    pcie_acs_reset,
    pcie_cap_arifwd_init,
    pcie_cap_arifwd_reset,
    pcie_cap_deverr_init,
    pcie_cap_deverr_reset,
    pcie_cap_exit,
    pcie_cap_init,
    pcie_cap_root_init,
    pcie_cap_root_reset,
    pcie_cap_slot_get,
    pcie_cap_slot_init,
    pcie_cap_slot_reset,
    pcie_cap_slot_write_config,
)
from emu.hw.pci.pcie_aer import (
    pcie_aer_exit,
    pcie_aer_init,
    pcie_aer_root_init,
    pcie_aer_root_reset,
    pcie_aer_root_set_vector,
    pcie_aer_root_write_config,
    pcie_aer_write_config,
)
from emu.hw.pci.pcie_port import (
    PCIE_PORT,
    PCIE_ROOT_PORT_GET_CLASS,
    PCIE_SLOT,
    TYPE_PCIE_ROOT_PORT,
    TYPE_PCIE_SLOT,
    PCIERootPortClass,
    PCIESlot,
    pcie_chassis_add_slot,
    pcie_chassis_create,
    pcie_chassis_del_slot,
    pcie_port_init_reg,
)
from emu.hw.pci.pcie_regs import PCI_ERR_SIZEOF, PCI_ERR_VER, QEMU_PCI_EXP_LNK_2_5GT, QEMU_PCI_EXP_LNK_X1
from emu.qapi.error import Error, error_append_hint, error_setg
from emu.qemu.module import type_init
from emu.qom.object import TypeInfo, type_register_static
from emu.qom.parts import Part
from emu.standard_headers.linux.pci_regs import PCI_ERR_ROOT_COMMAND, PCI_EXP_TYPE_ROOT_PORT
from emu.trace import emulates


@emulates
def rp_aer_vector_update(d: PCIDevice) -> None:
    """Show which message tells of errors."""
    rpc = PCIE_ROOT_PORT_GET_CLASS(d)
    if rpc.aer_vector is not None:
        pcie_aer_root_set_vector(d, rpc.aer_vector(d))


@emulates
def rp_write_config(d: PCIDevice, address: int, val: int, len_: int) -> None:
    """Write a root port's configuration space."""
    root_cmd = pci_get_long(d.config + d.exp.aer_cap + PCI_ERR_ROOT_COMMAND)
    slt_ctl, slt_sta = pcie_cap_slot_get(d)
    pci_bridge_write_config(d, address, val, len_)
    rp_aer_vector_update(d)
    pcie_cap_slot_write_config(d, slt_ctl, slt_sta, address, val, len_)
    pcie_aer_write_config(d, address, val, len_)
    pcie_aer_root_write_config(d, address, val, len_, root_cmd)


@emulates
def rp_reset(qdev: DeviceState) -> None:
    """Reset a root port."""
    d = PCI_DEVICE(qdev)
    rp_aer_vector_update(d)
    pcie_cap_root_reset(d)
    pcie_cap_deverr_reset(d)
    pcie_cap_slot_reset(d)
    pcie_cap_arifwd_reset(d)
    pcie_acs_reset(d)
    pcie_aer_root_reset(d)
    pci_bridge_reset(qdev)
    pci_bridge_disable_base_limit(d)


def _init_capability(d: PCIDevice, rpc: PCIERootPortClass) -> None:
    try:
        pcie_cap_init(d, rpc.exp_offset, PCI_EXP_TYPE_ROOT_PORT, PCIE_PORT(d).port)
    except Error as err:
        error_append_hint(err, f"Can't add Root Port capability, error {-EINVAL}\n")
        raise


def _init_slot(d: PCIDevice, s: PCIESlot, rpc: PCIERootPortClass) -> None:
    try:
        pcie_cap_arifwd_init(d)
        pcie_cap_deverr_init(d)
        pcie_cap_slot_init(d, s)
        pcie_cap_root_init(d)
        pcie_chassis_create(s.chassis)
        rc = pcie_chassis_add_slot(s)
        if rc < 0:
            error_setg(f"Can't add chassis slot, error {rc}")
        try:
            pcie_aer_init(d, PCI_ERR_VER, rpc.aer_offset, PCI_ERR_SIZEOF)
        except Error:
            pcie_chassis_del_slot(s)
            raise
    except Error:
        pcie_cap_exit(d)
        raise


@emulates
def rp_realize(d: PCIDevice) -> None:
    """Realize of root ports: a bridge, interrupts, the PCI Express capability, a slot, error reporting, access control.

    Error: the slot of that chassis is taken, or a capability refuses.
    """
    s = PCIE_SLOT(d)
    dc = PCI_DEVICE_GET_CLASS(d)
    rpc = PCIE_ROOT_PORT_GET_CLASS(d)
    pci_config_set_interrupt_pin(d.config, 1)
    pci_bridge_initfn(d, TYPE_CXL_BUS if d.cap_present & QEMU_PCIE_CAP_CXL else TYPE_PCIE_BUS)
    pcie_port_init_reg(d)
    try:
        try:
            pci_bridge_ssvid_init(d, rpc.ssvid_offset, dc.vendor_id, rpc.ssid)
        except Error as err:
            error_append_hint(err, f"Can't init SSV ID, error {-EINVAL}\n")
            raise
        if rpc.interrupts_init is not None:
            rpc.interrupts_init(d)
        try:
            _init_capability(d, rpc)
            _init_slot(d, s, rpc)
        except Error:
            if rpc.interrupts_uninit is not None:
                rpc.interrupts_uninit(d)
            raise
    except Error:
        pci_bridge_exitfn(d)
        raise
    pcie_aer_root_init(d)
    rp_aer_vector_update(d)
    if rpc.acs_offset and not s.disable_acs:
        pcie_acs_init(d, rpc.acs_offset)


@emulates
def rp_exit(d: PCIDevice) -> None:
    """Exit of root ports: undo rp_realize."""
    rpc = PCIE_ROOT_PORT_GET_CLASS(d)
    s = PCIE_SLOT(d)
    pcie_aer_exit(d)
    pcie_chassis_del_slot(s)
    pcie_cap_exit(d)
    if rpc.interrupts_uninit is not None:
        rpc.interrupts_uninit(d)
    pci_bridge_exitfn(d)


rp_props: Final[tuple[Property, ...]] = (
    DEFINE_PROP_BIT(COMPAT_PROP_PCP, PCIDevice, "cap_present", QEMU_PCIE_SLTCAP_PCP_BITNR, True),
    DEFINE_PROP_BOOL("disable-acs", PCIESlot, "disable_acs", False),
)


@emulates
def rp_instance_post_init(obj: Part) -> None:
    """Instance post init of root ports: a link of one lane at 2.5 GT/s, unless properties say otherwise."""
    s = PCIE_SLOT(obj)
    if not s.speed:
        s.speed = QEMU_PCI_EXP_LNK_2_5GT
    if not s.width:
        s.width = QEMU_PCI_EXP_LNK_X1


@emulates
def rp_class_init(klass: Part, data: object) -> None:
    """Class init of root ports."""
    dc = DEVICE_CLASS(klass)
    k = PCI_DEVICE_CLASS(klass)
    k.is_bridge = True
    k.config_write = rp_write_config
    k.realize = rp_realize
    k.exit = rp_exit
    dc.categories |= 1 << DEVICE_CATEGORY_BRIDGE
    dc.reset = rp_reset
    device_class_set_props(dc, rp_props)


rp_info: Final = TypeInfo(
    name=TYPE_PCIE_ROOT_PORT,
    parent=TYPE_PCIE_SLOT,
    instance_post_init=rp_instance_post_init,
    class_init=rp_class_init,
    abstract=True,
    class_=PCIERootPortClass,
    interfaces=(INTERFACE_PCIE_DEVICE,),
)


@type_init
@emulates
def rp_register_types() -> None:
    """Register ``pcie-root-port-base``."""
    type_register_static(rp_info)
