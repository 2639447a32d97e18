"""Ports of PCI Express: types, registers, and which slot of which chassis they are (hw/pci/pcie_port.c)."""

from __future__ import annotations

from errno import EBUSY, ENODEV
from typing import Final

from emu.hw.core.hotplug import HOTPLUG_HANDLER_CLASS, TYPE_HOTPLUG_HANDLER
from emu.hw.core.qdev_core import DEVICE_CLASS
from emu.hw.core.qdev_properties import (
    DEFINE_PROP_BOOL,
    DEFINE_PROP_UINT8,
    DEFINE_PROP_UINT16,
    Property,
    device_class_set_props,
)
from emu.hw.pci.pci.bytes import pci_set_word, pci_word_test_and_clear_mask
from emu.hw.pci.pci.config import (
    PCI_BRIDGE_CTL_DISCARD,
    PCI_BRIDGE_CTL_DISCARD_SERR,
    PCI_BRIDGE_CTL_DISCARD_STATUS,
    PCI_BRIDGE_CTL_SEC_DISCARD,
)
from emu.hw.pci.pci.structs import PCIBus, PCIDevice, pci_is_express
from emu.hw.pci.pci_bridge import TYPE_PCI_BRIDGE
from emu.hw.pci.pcie import (
    pcie_cap_slot_plug_cb,
    pcie_cap_slot_pre_plug_cb,
    pcie_cap_slot_unplug_cb,
    pcie_cap_slot_unplug_request_cb,
)
from emu.hw.pci.pcie.structs import (
    PCIE_PORT,
    PCIE_ROOT_PORT_CLASS,
    PCIE_ROOT_PORT_GET_CLASS,
    PCIE_SLOT,
    TYPE_PCIE_PORT,
    TYPE_PCIE_ROOT_PORT,
    TYPE_PCIE_SLOT,
    PCIEPort,
    PCIERootPortClass,
    PCIESlot,
)
from emu.hw.pci.pcie_aer import PCIE_AER_LOG_MAX_DEFAULT
from emu.qemu.module import type_init
from emu.qom.object import TypeInfo, object_dynamic_cast, type_register_static
from emu.qom.parts import Part
from emu.standard_headers.linux.pci_regs import (
    PCI_BRIDGE_CONTROL,
    PCI_BRIDGE_CTL_FAST_BACK,
    PCI_BRIDGE_CTL_MASTER_ABORT,
    PCI_SEC_STATUS,
    PCI_STATUS,
)
from emu.trace import Seq, Struct, emulates, per_run, seq


@emulates
def pcie_port_init_reg(d: PCIDevice) -> None:
    """Clear what a bridge of conventional PCI has and a port has not."""
    pci_set_word(d.config + PCI_STATUS, 0)
    pci_set_word(d.config + PCI_SEC_STATUS, 0)
    pci_word_test_and_clear_mask(
        d.wmask + PCI_BRIDGE_CONTROL,
        PCI_BRIDGE_CTL_MASTER_ABORT
        | PCI_BRIDGE_CTL_FAST_BACK
        | PCI_BRIDGE_CTL_DISCARD
        | PCI_BRIDGE_CTL_SEC_DISCARD
        | PCI_BRIDGE_CTL_DISCARD_STATUS
        | PCI_BRIDGE_CTL_DISCARD_SERR,
    )


class PCIEChassis(Struct):
    """A box with slots."""

    number: int = 0
    slots: Seq[PCIESlot] = seq()


class PCIEPortGlobals(Struct):
    """The file-level state of hw/pci/pcie_port.c."""

    chassis: Seq[PCIEChassis] = seq()


pcie_port_globals = per_run(PCIEPortGlobals)


@emulates
def pcie_chassis_find(chassis_number: int) -> PCIEChassis | None:
    """Return a chassis."""
    return next((c for c in pcie_port_globals().chassis if c.number == chassis_number), None)


@emulates
def pcie_chassis_create(chassis_number: int) -> None:
    """Make a chassis if it is not there."""
    if pcie_chassis_find(chassis_number) is None:
        pcie_port_globals().chassis.insert(0, PCIEChassis(number=chassis_number))


@emulates
def pcie_chassis_find_slot_with_chassis(c: PCIEChassis, slot: int) -> PCIESlot | None:
    """Return a slot of a chassis. Only the last 8 bits of the number are looked for."""
    return next((s for s in c.slots if s.slot == slot & 0xFF), None)


@emulates
def pcie_chassis_find_slot(chassis_number: int, slot: int) -> PCIESlot | None:
    """Return a slot of the chassis of a number."""
    c = pcie_chassis_find(chassis_number)
    return pcie_chassis_find_slot_with_chassis(c, slot) if c is not None else None


@emulates
def pcie_chassis_add_slot(slot: PCIESlot) -> int:
    """Enter a slot into its chassis. Return 0, -ENODEV without that chassis, -EBUSY if the number is taken."""
    c = pcie_chassis_find(slot.chassis)
    if c is None:
        return -ENODEV
    if pcie_chassis_find_slot_with_chassis(c, slot.slot) is not None:
        return -EBUSY
    c.slots.insert(0, slot)
    return 0


@emulates
def pcie_chassis_del_slot(s: PCIESlot) -> None:
    """Take a slot out of its chassis."""
    for c in pcie_port_globals().chassis:
        if s in c.slots:
            c.slots.remove(s)


pcie_port_props: Final[tuple[Property, ...]] = (
    DEFINE_PROP_UINT8("port", PCIEPort, "port", 0),
    DEFINE_PROP_UINT16("aer_log_max", PCIDevice, "exp.aer_log.log_max", PCIE_AER_LOG_MAX_DEFAULT),
)


@emulates
def pcie_port_class_init(oc: Part, data: object) -> None:
    """Class init of ``pcie-port``."""
    device_class_set_props(DEVICE_CLASS(oc), pcie_port_props)


def pcie_find_port_by_pn(bus: PCIBus, pn: int) -> PCIDevice | None:
    """Return the port of a number on a bus."""
    for d in bus.devices:
        if d is None or not pci_is_express(d) or not d.exp.exp_cap:
            continue
        if object_dynamic_cast(d, TYPE_PCIE_PORT) is not None and PCIE_PORT(d).port == pn:
            return d
    return None


pcie_slot_props: Final[tuple[Property, ...]] = (
    DEFINE_PROP_UINT8("chassis", PCIESlot, "chassis", 0),
    DEFINE_PROP_UINT16("slot", PCIESlot, "slot", 0),
    DEFINE_PROP_BOOL("hotplug", PCIESlot, "hotplug", True),
    DEFINE_PROP_BOOL("x-native-hotplug", PCIESlot, "native_hotplug", True),
)


@emulates
def pcie_slot_class_init(oc: Part, data: object) -> None:
    """Class init of ``pcie-slot``."""
    device_class_set_props(DEVICE_CLASS(oc), pcie_slot_props)
    hc = HOTPLUG_HANDLER_CLASS(oc)
    hc.pre_plug = pcie_cap_slot_pre_plug_cb
    hc.plug = pcie_cap_slot_plug_cb
    hc.unplug = pcie_cap_slot_unplug_cb
    hc.unplug_request = pcie_cap_slot_unplug_request_cb


pcie_port_type_info: Final = TypeInfo(
    name=TYPE_PCIE_PORT, parent=TYPE_PCI_BRIDGE, instance=PCIEPort, abstract=True, class_init=pcie_port_class_init
)
pcie_slot_type_info: Final = TypeInfo(
    name=TYPE_PCIE_SLOT,
    parent=TYPE_PCIE_PORT,
    instance=PCIESlot,
    abstract=True,
    class_init=pcie_slot_class_init,
    interfaces=(TYPE_HOTPLUG_HANDLER,),
)


@type_init
@emulates
def pcie_port_register_types() -> None:
    """Register ``pcie-port`` and ``pcie-slot``."""
    type_register_static(pcie_port_type_info)
    type_register_static(pcie_slot_type_info)


__all__ = [
    "PCIE_PORT",
    "PCIE_ROOT_PORT_CLASS",
    "PCIE_ROOT_PORT_GET_CLASS",
    "PCIE_SLOT",
    "TYPE_PCIE_PORT",
    "TYPE_PCIE_ROOT_PORT",
    "TYPE_PCIE_SLOT",
    "PCIEPort",
    "PCIERootPortClass",
    "PCIESlot",
    "pcie_chassis_add_slot",
    "pcie_chassis_create",
    "pcie_chassis_del_slot",
    "pcie_chassis_find_slot",
    "pcie_find_port_by_pn",
    "pcie_port_init_reg",
]
