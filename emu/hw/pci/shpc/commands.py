"""What the guest has a hot-plug controller do (hw/pci/shpc.c; PCI standard hot-plug controller 1.0).

Slots count from 0 here; in registers, on the bus and on the box they count from 1.
"""

from __future__ import annotations

from emu.hw.core.hotplug import hotplug_handler_unplug
from emu.hw.core.qdev_core import DEVICE
from emu.hw.core.qdev_hotplug import qdev_get_hotplug_handler
from emu.hw.pci.pci.bytes import (
    pci_get_byte,
    pci_long_test_and_set_mask,
    pci_word_test_and_clear_mask,
    pci_word_test_and_set_mask,
)
from emu.hw.pci.pci.structs import PCI_DEVFN, PCI_FUNC_MAX, PCIDevice
from emu.hw.pci.shpc.registers import (
    SHPC_CMD_CODE,
    SHPC_CMD_DETECTED,
    SHPC_CMD_STATUS,
    SHPC_CMD_STATUS_BUSY,
    SHPC_CMD_STATUS_INVALID_CMD,
    SHPC_CMD_STATUS_INVALID_MODE,
    SHPC_CMD_STATUS_MRL_OPEN,
    SHPC_CMD_TRGT,
    SHPC_CMD_TRGT_MAX,
    SHPC_CMD_TRGT_MIN,
    SHPC_LED_NO,
    SHPC_LED_OFF,
    SHPC_LED_ON,
    SHPC_SEC_BUS_MASK,
    SHPC_SERR_INT,
    SHPC_SLOT_ATTN_LED_MASK,
    SHPC_SLOT_EVENT_MRL,
    SHPC_SLOT_EVENT_PRESENCE,
    SHPC_SLOT_PWR_LED_MASK,
    SHPC_SLOT_STATE_MASK,
    SHPC_SLOT_STATUS_MRL_OPEN,
    SHPC_SLOT_STATUS_PRSNT_EMPTY,
    SHPC_SLOT_STATUS_PRSNT_MASK,
    SHPC_STATE_DISABLED,
    SHPC_STATE_ENABLED,
    SHPC_STATE_NO,
    SHPC_STATE_PWRONLY,
    SHPCDevice,
    latch,
    shpc_get_status,
    shpc_interrupt_update,
    shpc_of,
    shpc_set_sec_bus_speed,
    shpc_set_status,
    sizeof,
)
from emu.qapi.error import error_abort
from emu.qemu.range import ranges_overlap
from emu.qom.object import OBJECT, object_unparent
from emu.trace import emulates


@emulates(file="hw/pci/shpc.c")
def shpc_invalid_command(shpc: SHPCDevice) -> None:
    """Refuse a command."""
    pci_word_test_and_set_mask(shpc.config + SHPC_CMD_STATUS, SHPC_CMD_STATUS_INVALID_CMD)


@emulates(file="hw/pci/shpc.c")
def shpc_free_devices_in_slot(shpc: SHPCDevice, slot: int) -> None:
    """Take all functions of a slot away."""
    for func in range(PCI_FUNC_MAX):
        affected_dev = shpc.sec_bus.devices[PCI_DEVFN(slot + 1, func)]
        if affected_dev is not None:
            hotplug_ctrl = qdev_get_hotplug_handler(DEVICE(affected_dev))
            assert hotplug_ctrl is not None
            with error_abort():
                hotplug_handler_unplug(hotplug_ctrl, DEVICE(affected_dev))
            object_unparent(OBJECT(affected_dev))


def empty_slot(shpc: SHPCDevice, slot: int) -> None:
    """Take what is in a slot away and show it open and empty."""
    shpc_free_devices_in_slot(shpc, slot)
    shpc_set_status(shpc, slot, 1, SHPC_SLOT_STATUS_MRL_OPEN)
    shpc_set_status(shpc, slot, SHPC_SLOT_STATUS_PRSNT_EMPTY, SHPC_SLOT_STATUS_PRSNT_MASK)
    latch(shpc, slot, SHPC_SLOT_EVENT_MRL | SHPC_SLOT_EVENT_PRESENCE)


@emulates(file="hw/pci/shpc.c")
def shpc_slot_command(shpc: SHPCDevice, target: int, state: int, power: int, attn: int) -> None:
    """Switch a slot and its lights. A slot that is disabled with its power light off loses its devices."""
    slot = target - 1
    if target < SHPC_CMD_TRGT_MIN or slot >= shpc.nslots:
        shpc_invalid_command(shpc)
        return
    current_state = shpc_get_status(shpc, slot, SHPC_SLOT_STATE_MASK)
    if current_state == SHPC_STATE_ENABLED and state == SHPC_STATE_PWRONLY:
        shpc_invalid_command(shpc)
        return
    if power != SHPC_LED_NO:
        shpc_set_status(shpc, slot, power, SHPC_SLOT_PWR_LED_MASK)
    if attn != SHPC_LED_NO:
        shpc_set_status(shpc, slot, attn, SHPC_SLOT_ATTN_LED_MASK)
    if current_state == SHPC_STATE_DISABLED and state in (SHPC_STATE_PWRONLY, SHPC_STATE_ENABLED):
        shpc_set_status(shpc, slot, state, SHPC_SLOT_STATE_MASK)
    elif current_state in (SHPC_STATE_ENABLED, SHPC_STATE_PWRONLY) and state == SHPC_STATE_DISABLED:
        shpc_set_status(shpc, slot, state, SHPC_SLOT_STATE_MASK)
        if shpc_get_status(shpc, slot, SHPC_SLOT_PWR_LED_MASK) == SHPC_LED_OFF:
            empty_slot(shpc, slot)


def command_all(shpc: SHPCDevice, state: int) -> None:
    """Switch every slot whose latch is shut, and the others off; refused while any is enabled."""
    if any(shpc_get_status(shpc, i, SHPC_SLOT_STATE_MASK) == SHPC_STATE_ENABLED for i in range(shpc.nslots)):
        shpc_invalid_command(shpc)
        return
    for i in range(shpc.nslots):
        if not shpc_get_status(shpc, i, SHPC_SLOT_STATUS_MRL_OPEN):
            shpc_slot_command(shpc, i + SHPC_CMD_TRGT_MIN, state, SHPC_LED_ON, SHPC_LED_NO)
        else:
            shpc_slot_command(shpc, i + SHPC_CMD_TRGT_MIN, SHPC_STATE_NO, SHPC_LED_OFF, SHPC_LED_NO)


@emulates(file="hw/pci/shpc.c")
def shpc_command(shpc: SHPCDevice) -> None:
    """Do what the guest has written into the command register."""
    code = pci_get_byte(shpc.config + SHPC_CMD_CODE)
    pci_word_test_and_clear_mask(
        shpc.config + SHPC_CMD_STATUS,
        SHPC_CMD_STATUS_BUSY | SHPC_CMD_STATUS_MRL_OPEN | SHPC_CMD_STATUS_INVALID_CMD | SHPC_CMD_STATUS_INVALID_MODE,
    )
    if code <= 0x3F:
        target = shpc.config[SHPC_CMD_TRGT] & SHPC_CMD_TRGT_MAX
        shpc_slot_command(shpc, target, code & 0x3, code >> 2 & 0x3, code >> 4 & 0x3)
    elif code <= 0x47:
        shpc_set_sec_bus_speed(shpc, code & SHPC_SEC_BUS_MASK)
    elif code == 0x48:
        command_all(shpc, SHPC_STATE_PWRONLY)
    elif code == 0x49:
        command_all(shpc, SHPC_STATE_ENABLED)
    else:
        shpc_invalid_command(shpc)
    pci_long_test_and_set_mask(shpc.config + SHPC_SERR_INT, SHPC_CMD_DETECTED)


@emulates(file="hw/pci/shpc.c")
def shpc_write(d: PCIDevice, addr: int, val: int, l: int) -> None:
    """Write the registers as far as the masks allow."""
    shpc = shpc_of(d)
    if addr >= sizeof(shpc):
        return
    l = min(l, sizeof(shpc) - addr)
    for a in range(addr, addr + l):
        wmask, w1cmask = shpc.wmask[a], shpc.w1cmask[a]
        assert not wmask & w1cmask
        shpc.config[a] = shpc.config[a] & ~wmask | val & wmask
        shpc.config[a] &= ~(val & w1cmask)
        val >>= 8
    if ranges_overlap(addr, l, SHPC_CMD_CODE, 2):
        shpc_command(shpc)
    shpc_interrupt_update(d)
