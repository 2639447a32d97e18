"""What Intel's gigabit cards share (hw/net/e1000x_common.c, hw/net/e1000x_common.h)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from emu.net.net import NICState, qemu_format_nic_info_str, qemu_get_queue
from emu.trace import Map, Seq, emulates

EEPROM_CHECKSUM_REG: Final = 0x3F
EEPROM_SUM: Final = 0xBABA
E1000_RAH_AV: Final = 0x80000000
E1000_STATUS_LU: Final = 0x2
MII_SR_LINK_STATUS: Final = 0x4
MII_SR_AUTONEG_COMPLETE: Final = 0x20
MII_LPAR_LPACK: Final = 0x4000


@emulates
def e1000x_core_prepare_eeprom(eeprom: Seq[int], templ: Sequence[int], dev_id: int, macaddr: bytes) -> None:
    """Fill the card's memory: address, device id, and a sum that makes all words add up. Words of 16 bits."""
    words = list(templ)
    for i in range(3):
        words[i] = macaddr[2 * i + 1] << 8 | macaddr[2 * i]
    words[11] = words[13] = dev_id
    words[EEPROM_CHECKSUM_REG] = (EEPROM_SUM - sum(words[:EEPROM_CHECKSUM_REG])) & 0xFFFF
    for i, word in enumerate(words):
        eeprom[i] = word


@emulates
def e1000x_reset_mac_addr(nic: NICState, mac_regs: Map[int], mac_addr: bytes) -> None:
    """Set the address that the card receives for: registers RA and RA + 1."""
    mac_regs["RAL"] = int.from_bytes(mac_addr[:4], "little")
    mac_regs["RAH"] = E1000_RAH_AV | int.from_bytes(mac_addr[4:6], "little")
    qemu_format_nic_info_str(qemu_get_queue(nic), mac_addr)


@emulates
def e1000x_update_regs_on_link_down(mac: Map[int], phy: Map[int]) -> None:
    """Show that the cable is out."""
    mac["STATUS"] &= ~E1000_STATUS_LU
    phy["PHY_STATUS"] &= ~(MII_SR_LINK_STATUS | MII_SR_AUTONEG_COMPLETE)
    phy["PHY_LP_ABILITY"] &= ~MII_LPAR_LPACK
