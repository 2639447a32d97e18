"""Serial memory of the kind 93xx as cards make and fill it; nobody reads it bit by bit (hw/nvram/eeprom93xx.c)."""

from __future__ import annotations

from typing import Final

from emu.hw.core.qdev import DeviceState
from emu.migration.savevm import VMStateDescription, vmstate_register, vmstate_unregister
from emu.trace import Seq, Struct, emulates, g_free, seq

ADDRESS_BITS: Final = {16: 6, 64: 6, 128: 8, 256: 8}
"""Bits of an address by the number of words."""
vmstate_eeprom: Final = VMStateDescription(name="eeprom", version_id=20061113, minimum_version_id=20061112)


class eeprom_t(Struct):  # QEMU's name
    """The memory and its pins."""

    tick: int = 0
    address: int = 0
    command: int = 0
    writable: int = 0
    eecs: int = 0
    eesk: int = 0
    eedo: int = 0
    addrbits: int = 0
    size: int = 0
    data: int = 0
    contents: Seq[int] = seq()


@emulates
def eeprom93xx_new(dev: DeviceState, nwords: int) -> eeprom_t:
    """Make a memory of 16, 64, 128 or 256 words for a device, whose migration it is part of."""
    eeprom = eeprom_t()
    eeprom.contents = Seq([0] * nwords)
    eeprom.size = nwords
    eeprom.addrbits = ADDRESS_BITS[nwords]
    eeprom.eedo = 1  # an output that nobody drives reads as 1
    vmstate_register(dev, 0, vmstate_eeprom, eeprom)
    return eeprom


@emulates
def eeprom93xx_free(dev: DeviceState, eeprom: eeprom_t) -> None:
    """Give it back."""
    vmstate_unregister(dev, vmstate_eeprom, eeprom)
    g_free(eeprom)


@emulates
def eeprom93xx_data(eeprom: eeprom_t) -> Seq[int]:
    """Return the words."""
    return eeprom.contents
