"""The registers of a hot-plug controller (hw/pci/shpc.c; PCI standard hot-plug controller 1.0).

Slots count from 0 here; in registers, on the bus and on the box they count from 1.
"""

from __future__ import annotations

from typing import Final

from emu.hw.pci.msi import msi_enabled, msi_notify
from emu.hw.pci.pci.bytes import (
    pci_get_long,
    pci_get_word,
    pci_set_byte,
    pci_set_long,
    pci_set_word,
    pci_word_test_and_clear_mask,
    pci_word_test_and_set_mask,
)
from emu.hw.pci.pci.irq import pci_set_irq
from emu.hw.pci.pci.structs import PCI_DEVFN, QEMU_PCI_CAP_SHPC, PCIBus, PCIDevice
from emu.softmmu.memory import MemoryRegion
from emu.trace import Buf, Struct, emulates

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


@emulates(file="hw/pci/shpc.c")
def shpc_set_status(shpc: SHPCDevice, slot: int, value: int, msk: int) -> None:
    """Write a field of a slot's status."""
    status = shpc.config + SHPC_SLOT_REG(slot)
    pci_word_test_and_clear_mask(status, msk)
    pci_word_test_and_set_mask(status, value << _shift(msk))


def latch(shpc: SHPCDevice, slot: int, events: int) -> None:
    """Note events of a slot."""
    shpc.config[SHPC_SLOT_REG(slot) + 2] |= events


@emulates(file="hw/pci/shpc.c")
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


@emulates(file="hw/pci/shpc.c")
def shpc_set_sec_bus_speed(shpc: SHPCDevice, speed: int) -> None:
    """Set the speed of the bus: 33 MHz, anything else is refused."""
    if speed == SHPC_SEC_BUS_33:
        shpc.config[SHPC_SEC_BUS] &= ~SHPC_SEC_BUS_MASK
        shpc.config[SHPC_SEC_BUS] |= speed
    else:
        pci_word_test_and_set_mask(shpc.config + SHPC_CMD_STATUS, SHPC_CMD_STATUS_INVALID_MODE)


@emulates(file="hw/pci/shpc.c")
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


@emulates(file="include/hw/pci/shpc.h")
def shpc_present(dev: PCIDevice) -> bool:
    """Tell whether a bridge has the controller."""
    return bool(dev.cap_present & QEMU_PCI_CAP_SHPC)


@emulates(file="hw/pci/shpc.c")
def shpc_read(d: PCIDevice, addr: int, l: int) -> int:
    """Read the registers; 0 behind their end."""
    shpc = shpc_of(d)
    if addr >= sizeof(shpc):
        return 0
    return shpc.config.read(addr, min(l, sizeof(shpc) - addr))
