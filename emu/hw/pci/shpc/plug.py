"""Devices that come and go in the slots of a hot-plug controller (hw/pci/shpc.c; PCI standard hot-plug controller 1.0).

Slots count from 0 here; in registers, on the bus and on the box they count from 1.
"""

from __future__ import annotations

from emu.hw.core.qdev import qdev_unrealize
from emu.hw.core.qdev_core import DeviceState
from emu.hw.pci.pci.structs import PCI_DEVICE, PCI_SLOT, PCIDevice
from emu.hw.pci.shpc.commands import empty_slot
from emu.hw.pci.shpc.registers import (
    SHPC_LED_OFF,
    SHPC_SLOT_EVENT_BUTTON,
    SHPC_SLOT_EVENT_MRL,
    SHPC_SLOT_EVENT_PRESENCE,
    SHPC_SLOT_PWR_LED_MASK,
    SHPC_SLOT_STATE_MASK,
    SHPC_SLOT_STATUS_66,
    SHPC_SLOT_STATUS_MRL_OPEN,
    SHPC_SLOT_STATUS_PRSNT_7_5W,
    SHPC_SLOT_STATUS_PRSNT_MASK,
    SHPC_STATE_DISABLED,
    SHPCDevice,
    latch,
    shpc_get_status,
    shpc_interrupt_update,
    shpc_of,
    shpc_set_status,
)
from emu.qapi.error import error_setg
from emu.qom.parts import Part
from emu.trace import emulates


def shpc_device_plug_common(affected_dev: PCIDevice, shpc: SHPCDevice) -> int:
    """Return the slot of a device. Error: it is not one of the controller's."""
    pci_slot = PCI_SLOT(affected_dev.devfn)
    if pci_slot < 1 or pci_slot - 1 >= shpc.nslots:
        error_setg(
            f"Unsupported PCI slot {pci_slot} for standard hotplug controller. Valid slots are between 1 and {shpc.nslots}."
        )
    return pci_slot - 1


@emulates(file="hw/pci/shpc.c")
def shpc_device_plug_cb(hotplug_dev: Part, dev: DeviceState) -> None:
    """Show a new device in its slot; the guest hears of a hot-plugged one. Error: its slot is not the controller's."""
    pci_hotplug_dev = PCI_DEVICE(hotplug_dev)
    shpc = shpc_of(pci_hotplug_dev)
    slot = shpc_device_plug_common(PCI_DEVICE(dev), shpc)
    if not dev.hotplugged:
        shpc_set_status(shpc, slot, 0, SHPC_SLOT_STATUS_MRL_OPEN)
        shpc_set_status(shpc, slot, SHPC_SLOT_STATUS_PRSNT_7_5W, SHPC_SLOT_STATUS_PRSNT_MASK)
        return
    if shpc_get_status(shpc, slot, SHPC_SLOT_STATUS_MRL_OPEN):
        shpc_set_status(shpc, slot, 0, SHPC_SLOT_STATUS_MRL_OPEN)
        shpc_set_status(shpc, slot, SHPC_SLOT_STATUS_PRSNT_7_5W, SHPC_SLOT_STATUS_PRSNT_MASK)
        latch(shpc, slot, SHPC_SLOT_EVENT_BUTTON | SHPC_SLOT_EVENT_MRL | SHPC_SLOT_EVENT_PRESENCE)
    else:
        # pushing the button once more takes a removal back
        latch(shpc, slot, SHPC_SLOT_EVENT_BUTTON)
    shpc_set_status(shpc, slot, 0, SHPC_SLOT_STATUS_66)
    shpc_interrupt_update(pci_hotplug_dev)


@emulates(file="hw/pci/shpc.c")
def shpc_device_unplug_cb(hotplug_dev: Part, dev: DeviceState) -> None:
    """Unrealize a device that leaves."""
    qdev_unrealize(dev)


@emulates(file="hw/pci/shpc.c")
def shpc_device_unplug_request_cb(hotplug_dev: Part, dev: DeviceState) -> None:
    """Push the button of a device's slot, or take it away at once if the slot is off. Error: not the controller's slot."""
    pci_hotplug_dev = PCI_DEVICE(hotplug_dev)
    shpc = shpc_of(pci_hotplug_dev)
    slot = shpc_device_plug_common(PCI_DEVICE(dev), shpc)
    state = shpc_get_status(shpc, slot, SHPC_SLOT_STATE_MASK)
    led = shpc_get_status(shpc, slot, SHPC_SLOT_PWR_LED_MASK)
    if state == SHPC_STATE_DISABLED and led == SHPC_LED_OFF:
        empty_slot(shpc, slot)
    else:
        latch(shpc, slot, SHPC_SLOT_EVENT_BUTTON)
    shpc_set_status(shpc, slot, 0, SHPC_SLOT_STATUS_66)
    shpc_interrupt_update(pci_hotplug_dev)
