"""The standard hot-plug controller of a bridge (hw/pci/shpc.c; PCI standard hot-plug controller 1.0).

Slots count from 0 here; in registers, on the bus and on the box they count from 1.
"""

from __future__ import annotations

from typing import Final

from emu.hw.core.bus import qbus_set_hotplug_handler
from emu.hw.core.hotplug import hotplug_handler_unplug
from emu.hw.core.qdev import qdev_unrealize
from emu.hw.core.qdev_core import BUS, DEVICE, DeviceState
from emu.hw.core.qdev_hotplug import qdev_get_hotplug_handler
from emu.hw.pci.msi import msi_enabled, msi_notify
from emu.hw.pci.pci.bytes import (
    pci_get_byte,
    pci_get_long,
    pci_get_word,
    pci_long_test_and_set_mask,
    pci_set_byte,
    pci_set_long,
    pci_set_word,
    pci_word_test_and_clear_mask,
    pci_word_test_and_set_mask,
)
from emu.hw.pci.pci.caps import pci_add_capability
from emu.hw.pci.pci.irq import pci_set_irq
from emu.hw.pci.pci.structs import (
    PCI_DEVFN,
    PCI_DEVICE,
    PCI_FUNC_MAX,
    PCI_SLOT,
    QEMU_PCI_CAP_SHPC,
    PCIBus,
    PCIDevice,
)
from emu.qapi.error import error_abort, error_setg
from emu.qemu.range import ranges_overlap
from emu.qom.object import OBJECT, object_unparent
from emu.qom.parts import Part
from emu.softmmu.memory import (
    DEVICE_LITTLE_ENDIAN,
    MemoryRegion,
    MemoryRegionOps,
    Valid,
    memory_region_add_subregion,
    memory_region_del_subregion,
    memory_region_init_io,
)
from emu.standard_headers.linux.pci_regs import PCI_CAP_ID_SHPC
from emu.trace import Buf, Ptr, Struct, emulates, g_free

SHPC_BASE_OFFSET: Final = 0x00
SHPC_SLOTS_33: Final = 0x04
SHPC_SLOTS_66: Final = 0x08
SHPC_NSLOTS: Final = 0x0C
SHPC_FIRST_DEV: Final = 0x0D
SHPC_PHYS_SLOT: Final = 0x0E
SHPC_PHYS_NUM_UP: Final = 0x2000
SHPC_PHYS_MRL: Final = 0x4000
SHPC_PHYS_BUTTON: Final = 0x8000
SHPC_SEC_BUS: Final = 0x10
SHPC_SEC_BUS_33: Final = 0x0
SHPC_SEC_BUS_MASK: Final = 0x7
SHPC_PROG_IFC: Final = 0x13
SHPC_PROG_IFC_1_0: Final = 0x1
SHPC_CMD_CODE: Final = 0x14
SHPC_CMD_TRGT: Final = 0x15
SHPC_CMD_TRGT_MIN: Final = 0x1
SHPC_CMD_TRGT_MAX: Final = 0x1F
SHPC_CMD_STATUS: Final = 0x16
SHPC_CMD_STATUS_BUSY: Final = 0x1
SHPC_CMD_STATUS_MRL_OPEN: Final = 0x2
SHPC_CMD_STATUS_INVALID_CMD: Final = 0x4
SHPC_CMD_STATUS_INVALID_MODE: Final = 0x8
SHPC_INT_LOCATOR: Final = 0x18
SHPC_INT_COMMAND: Final = 0x1
SHPC_SERR_INT: Final = 0x20
SHPC_INT_DIS: Final = 0x1
SHPC_SERR_DIS: Final = 0x2
SHPC_CMD_INT_DIS: Final = 0x4
SHPC_ARB_SERR_DIS: Final = 0x8
SHPC_CMD_DETECTED: Final = 0x10000
SHPC_ARB_DETECTED: Final = 0x20000
SHPC_SLOT_STATE_MASK: Final = 0x03
SHPC_STATE_NO: Final = 0x0
SHPC_STATE_PWRONLY: Final = 0x1
SHPC_STATE_ENABLED: Final = 0x2
SHPC_STATE_DISABLED: Final = 0x3
SHPC_SLOT_PWR_LED_MASK: Final = 0xC
SHPC_SLOT_ATTN_LED_MASK: Final = 0x30
SHPC_LED_NO: Final = 0x0
SHPC_LED_ON: Final = 0x1
SHPC_LED_OFF: Final = 0x3
SHPC_SLOT_STATUS_MRL_OPEN: Final = 0x100
SHPC_SLOT_STATUS_66: Final = 0x200
SHPC_SLOT_STATUS_PRSNT_MASK: Final = 0xC00
SHPC_SLOT_STATUS_PRSNT_EMPTY: Final = 0x3
SHPC_SLOT_STATUS_PRSNT_7_5W: Final = 0x0
SHPC_SLOT_EVENT_PRESENCE: Final = 0x01
SHPC_SLOT_EVENT_BUTTON: Final = 0x04
SHPC_SLOT_EVENT_MRL: Final = 0x08
SHPC_MAX_SLOTS: Final = 31
SLOT_EVENTS: Final = 0x1F
"""Presence, isolated fault, button, latch, connected fault."""
SLOT_EVENTS_DISABLED: Final = 0x7F
"""The same, and the system errors of latch and connected fault."""
SHPC_CAP_LENGTH: Final = 0x08
SHPC_CAP_DWORD_SELECT: Final = 0x2
SHPC_CAP_CXP: Final = 0x3
SHPC_CAP_DWORD_DATA: Final = 0x4


class SHPCDevice(Struct):
    """The controller: its registers with their masks, and the bus it looks after."""

    cap: int = 0
    nslots: int = 0
    config: Buf
    cmask: Buf
    wmask: Buf
    w1cmask: Buf
    mmio: MemoryRegion | None = None
    sec_bus: PCIBus
    msi_requested: int = 0


def SHPC_SLOT_REG(s: int) -> int:
    """Return the offset of a slot's register: status in 2 bytes, then events, then which of them are disabled."""
    return 0x24 + s * 4


def shpc_of(d: PCIDevice) -> SHPCDevice:
    """Return the controller of a bridge."""
    shpc: SHPCDevice = d.shpc
    return shpc


def sizeof(shpc: SHPCDevice) -> int:
    """Return the size of the registers, in bytes (``SHPC_SIZEOF``)."""
    return SHPC_SLOT_REG(shpc.nslots)


def _shift(mask: int) -> int:
    return (mask & -mask).bit_length() - 1


def shpc_get_status(shpc: SHPCDevice, slot: int, msk: int) -> int:
    """Return a field of a slot's status."""
    return (pci_get_word(shpc.config + SHPC_SLOT_REG(slot)) & msk) >> _shift(msk)


@emulates
def shpc_set_status(shpc: SHPCDevice, slot: int, value: int, msk: int) -> None:
    """Write a field of a slot's status."""
    status = shpc.config + SHPC_SLOT_REG(slot)
    pci_word_test_and_clear_mask(status, msk)
    pci_word_test_and_set_mask(status, value << _shift(msk))


def latch(shpc: SHPCDevice, slot: int, events: int) -> None:
    """Note events of a slot."""
    shpc.config[SHPC_SLOT_REG(slot) + 2] |= events


@emulates
def shpc_interrupt_update(d: PCIDevice) -> None:
    """Show which slots have events, and interrupt the guest for them."""
    shpc = shpc_of(d)
    int_locator = 0
    for slot in range(shpc.nslots):
        event = shpc.config[SHPC_SLOT_REG(slot) + 2]
        disable = shpc.config[SHPC_SLOT_REG(slot) + 3]
        if event & ~disable:
            int_locator |= 1 << slot + 1
    serr_int = pci_get_long(shpc.config + SHPC_SERR_INT)
    if serr_int & SHPC_CMD_DETECTED and not serr_int & SHPC_CMD_INT_DIS:
        int_locator |= SHPC_INT_COMMAND
    pci_set_long(shpc.config + SHPC_INT_LOCATOR, int_locator)
    level = int(not serr_int & SHPC_INT_DIS and bool(int_locator))
    if msi_enabled(d) and shpc.msi_requested != level:
        msi_notify(d, 0)
    else:
        pci_set_irq(d, level)
    shpc.msi_requested = level


@emulates
def shpc_set_sec_bus_speed(shpc: SHPCDevice, speed: int) -> None:
    """Set the speed of the bus: 33 MHz, anything else is refused."""
    if speed == SHPC_SEC_BUS_33:
        shpc.config[SHPC_SEC_BUS] &= ~SHPC_SEC_BUS_MASK
        shpc.config[SHPC_SEC_BUS] |= speed
    else:
        pci_word_test_and_set_mask(shpc.config + SHPC_CMD_STATUS, SHPC_CMD_STATUS_INVALID_MODE)


@emulates
def shpc_reset(d: PCIDevice) -> None:
    """Reset the registers: a slot with a device in it is enabled and lit, one without is disabled with its latch open."""
    shpc = shpc_of(d)
    nslots = shpc.nslots
    config = shpc.config
    config.put(0, bytes(sizeof(shpc)))
    pci_set_byte(config + SHPC_NSLOTS, nslots)
    pci_set_long(config + SHPC_SLOTS_33, nslots)
    pci_set_long(config + SHPC_SLOTS_66, 0)
    pci_set_byte(config + SHPC_FIRST_DEV, 1)
    pci_set_word(config + SHPC_PHYS_SLOT, 1 | SHPC_PHYS_NUM_UP | SHPC_PHYS_MRL | SHPC_PHYS_BUTTON)
    pci_set_long(config + SHPC_SERR_INT, SHPC_INT_DIS | SHPC_SERR_DIS | SHPC_CMD_INT_DIS | SHPC_ARB_SERR_DIS)
    pci_set_byte(config + SHPC_PROG_IFC, SHPC_PROG_IFC_1_0)
    pci_set_word(config + SHPC_SEC_BUS, SHPC_SEC_BUS_33)
    for i in range(nslots):
        pci_set_byte(config + SHPC_SLOT_REG(i) + 3, SLOT_EVENTS_DISABLED)
        if shpc.sec_bus.devices[PCI_DEVFN(i + 1, 0)] is not None:
            shpc_set_status(shpc, i, SHPC_STATE_ENABLED, SHPC_SLOT_STATE_MASK)
            shpc_set_status(shpc, i, 0, SHPC_SLOT_STATUS_MRL_OPEN)
            shpc_set_status(shpc, i, SHPC_SLOT_STATUS_PRSNT_7_5W, SHPC_SLOT_STATUS_PRSNT_MASK)
            shpc_set_status(shpc, i, SHPC_LED_ON, SHPC_SLOT_PWR_LED_MASK)
        else:
            shpc_set_status(shpc, i, SHPC_STATE_DISABLED, SHPC_SLOT_STATE_MASK)
            shpc_set_status(shpc, i, 1, SHPC_SLOT_STATUS_MRL_OPEN)
            shpc_set_status(shpc, i, SHPC_SLOT_STATUS_PRSNT_EMPTY, SHPC_SLOT_STATUS_PRSNT_MASK)
            shpc_set_status(shpc, i, SHPC_LED_OFF, SHPC_SLOT_PWR_LED_MASK)
        shpc_set_status(shpc, i, 0, SHPC_SLOT_STATUS_66)
    shpc_set_sec_bus_speed(shpc, SHPC_SEC_BUS_33)
    shpc.msi_requested = 0
    shpc_interrupt_update(d)


@emulates
def shpc_invalid_command(shpc: SHPCDevice) -> None:
    """Refuse a command."""
    pci_word_test_and_set_mask(shpc.config + SHPC_CMD_STATUS, SHPC_CMD_STATUS_INVALID_CMD)


@emulates
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


@emulates
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


@emulates
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


@emulates
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


@emulates
def shpc_read(d: PCIDevice, addr: int, l: int) -> int:
    """Read the registers; 0 behind their end."""
    shpc = shpc_of(d)
    if addr >= sizeof(shpc):
        return 0
    return shpc.config.read(addr, min(l, sizeof(shpc) - addr))


@emulates
def shpc_cap_dword(d: PCIDevice) -> int:
    """Return which register the capability shows, in units of 4 bytes."""
    return pci_get_byte(d.config + shpc_of(d).cap + SHPC_CAP_DWORD_SELECT)


@emulates
def shpc_cap_update_dword(d: PCIDevice) -> None:
    """Show the selected register in the capability."""
    data = shpc_read(d, shpc_cap_dword(d) * 4, 4)
    pci_set_long(d.config + shpc_of(d).cap + SHPC_CAP_DWORD_DATA, data)


@emulates
def shpc_cap_add_config(d: PCIDevice) -> None:
    """Add the capability, a window of 4 bytes into the registers."""
    config_offset = pci_add_capability(d, PCI_CAP_ID_SHPC, 0, SHPC_CAP_LENGTH)
    config = d.config + config_offset
    pci_set_byte(config + SHPC_CAP_DWORD_SELECT, 0)
    pci_set_byte(config + SHPC_CAP_CXP, 0)
    pci_set_long(config + SHPC_CAP_DWORD_DATA, 0)
    shpc_of(d).cap = config_offset
    pci_set_byte(d.wmask + config_offset + SHPC_CAP_DWORD_SELECT, 0xFF)
    pci_set_long(d.wmask + config_offset + SHPC_CAP_DWORD_DATA, 0xFFFFFFFF)


@emulates
def shpc_mmio_read(opaque: PCIDevice, addr: int, size: int) -> int:
    """Read the registers in the BAR."""
    return shpc_read(opaque, addr, size)


@emulates
def shpc_mmio_write(opaque: PCIDevice, addr: int, val: int, size: int) -> None:
    """Write the registers in the BAR."""
    shpc_write(opaque, addr, val, size)


shpc_mmio_ops: Final = MemoryRegionOps(
    name="shpc_mmio_ops",
    read=shpc_mmio_read,
    write=shpc_mmio_write,
    endianness=DEVICE_LITTLE_ENDIAN,
    valid=Valid(1, 4),
)


def shpc_device_plug_common(affected_dev: PCIDevice, shpc: SHPCDevice) -> int:
    """Return the slot of a device. Error: it is not one of the controller's."""
    pci_slot = PCI_SLOT(affected_dev.devfn)
    if pci_slot < 1 or pci_slot - 1 >= shpc.nslots:
        error_setg(
            f"Unsupported PCI slot {pci_slot} for standard hotplug controller. Valid slots are between 1 and {shpc.nslots}."
        )
    return pci_slot - 1


@emulates
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


@emulates
def shpc_device_unplug_cb(hotplug_dev: Part, dev: DeviceState) -> None:
    """Unrealize a device that leaves."""
    qdev_unrealize(dev)


@emulates
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


@emulates
def shpc_init(d: PCIDevice, sec_bus: PCIBus, bar: MemoryRegion, offset: int) -> None:
    """Make the controller, with its registers at ``offset`` in a BAR and 31 slots."""
    shpc = SHPCDevice(sec_bus=sec_bus)
    d.shpc = shpc
    shpc_cap_add_config(d)
    nslots = SHPC_MAX_SLOTS
    shpc.nslots = nslots
    size = sizeof(shpc)
    shpc.config = Buf(size)
    shpc.cmask = Buf(size)
    shpc.wmask = Buf(size)
    shpc.w1cmask = Buf(size)
    shpc_reset(d)
    pci_set_long(shpc.config + SHPC_BASE_OFFSET, offset)
    pci_set_byte(shpc.wmask + SHPC_CMD_CODE, 0xFF)
    pci_set_byte(shpc.wmask + SHPC_CMD_TRGT, SHPC_CMD_TRGT_MAX)
    pci_set_byte(shpc.wmask + SHPC_CMD_TRGT, SHPC_CMD_TRGT_MAX)
    pci_set_long(shpc.wmask + SHPC_SERR_INT, SHPC_INT_DIS | SHPC_SERR_DIS | SHPC_CMD_INT_DIS | SHPC_ARB_SERR_DIS)
    pci_set_long(shpc.w1cmask + SHPC_SERR_INT, SHPC_CMD_DETECTED | SHPC_ARB_DETECTED)
    for i in range(nslots):
        pci_set_byte(shpc.wmask + SHPC_SLOT_REG(i) + 3, SLOT_EVENTS_DISABLED)
        pci_set_byte(shpc.w1cmask + SHPC_SLOT_REG(i) + 2, SLOT_EVENTS)
    memory_region_init_io(Ptr(shpc, "mmio"), d, shpc_mmio_ops, d, "shpc-mmio", size)
    shpc_cap_update_dword(d)
    assert shpc.mmio is not None
    memory_region_add_subregion(bar, offset, shpc.mmio)
    qbus_set_hotplug_handler(BUS(sec_bus), OBJECT(d))
    d.cap_present |= QEMU_PCI_CAP_SHPC


@emulates(file="include/hw/pci/shpc.h")
def shpc_present(dev: PCIDevice) -> bool:
    """Tell whether a bridge has the controller."""
    return bool(dev.cap_present & QEMU_PCI_CAP_SHPC)


@emulates
def shpc_bar_size(d: PCIDevice) -> int:
    """Return the size of the BAR that the registers need, in bytes."""
    return 1 << (SHPC_SLOT_REG(SHPC_MAX_SLOTS) - 1).bit_length()


@emulates
def shpc_cleanup(d: PCIDevice, bar: MemoryRegion) -> None:
    """Take the controller's registers out of the BAR."""
    d.cap_present &= ~QEMU_PCI_CAP_SHPC
    mmio = shpc_of(d).mmio
    assert mmio is not None
    memory_region_del_subregion(bar, mmio)


@emulates
def shpc_free(d: PCIDevice) -> None:
    """Give the controller back, if there is one."""
    shpc: SHPCDevice | None = d.shpc
    if shpc is None:
        return
    assert shpc.mmio is not None
    object_unparent(OBJECT(shpc.mmio))
    g_free(shpc)
    d.shpc = None


@emulates
def shpc_cap_write_config(d: PCIDevice, addr: int, val: int, l: int) -> None:
    """After a write of configuration space, carry what went into the capability's window to the registers."""
    shpc = shpc_of(d)
    if not ranges_overlap(addr, l, shpc.cap, SHPC_CAP_LENGTH):
        return
    if ranges_overlap(addr, l, shpc.cap + SHPC_CAP_DWORD_DATA, 4):
        # QEMU reads the registers where it means configuration space
        dword_data = pci_get_long(shpc.config + shpc.cap + SHPC_CAP_DWORD_DATA)
        shpc_write(d, shpc_cap_dword(d) * 4, dword_data, 4)
    shpc_cap_update_dword(d)
