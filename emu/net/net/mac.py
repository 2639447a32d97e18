"""Ethernet addresses and the text that ``info network`` shows (net/net.c)."""

from __future__ import annotations

from typing import Final

from emu.net.net.statics import net_c
from emu.net.net.structs import ETH_ALEN, MACAddr, NetClientState
from emu.trace import emulates

BASE: Final = bytes((0x52, 0x54, 0x00, 0x12, 0x34))
INFO_STR_SIZE: Final = 256


def qemu_mac_strdup_printf(macaddr: bytes) -> str:
    """Return an address as text (net/net.c): ``52:54:00:12:34:56``."""
    return ":".join(f"{byte:02x}" for byte in macaddr)


@emulates
def qemu_set_info_str(nc: NetClientState, text: str) -> None:
    """net/net.c. Cut to 255 bytes, as the array is."""
    nc.info_str = text.encode()[: INFO_STR_SIZE - 1].decode(errors="ignore")


@emulates
def qemu_format_nic_info_str(nc: NetClientState, macaddr: bytes) -> None:
    """net/net.c."""
    qemu_set_info_str(nc, f"model={nc.model},macaddr={qemu_mac_strdup_printf(macaddr)}")


def _uses(index: int) -> int:
    return net_c().mac_table.get(f"{index:02x}") or 0


def _count(macaddr: MACAddr, step: int) -> None:
    for index in range(0x56, 0xFF):
        if macaddr.a[5] == index:
            net_c().mac_table[f"{index:02x}"] = _uses(index) + step


@emulates
def qemu_macaddr_set_used(macaddr: MACAddr) -> None:
    """net/net.c. Counts the last byte."""
    _count(macaddr, 1)


@emulates
def qemu_macaddr_set_free(macaddr: MACAddr) -> None:
    """net/net.c. Counts the last byte down, if the address is one of QEMU's own."""
    if bytes(macaddr.a)[:5] != BASE:
        return
    _count(macaddr, -1)


@emulates
def qemu_macaddr_get_free() -> int:
    """net/net.c. Returns the first last byte from 0x56 on that no card has, -1 if none is left."""
    for index in range(0x56, 0xFF):
        if _uses(index) == 0:
            return index

    return -1


@emulates
def qemu_macaddr_default_if_unset(macaddr: MACAddr) -> None:
    """net/net.c. Fills in 52:54:00:12:34:xx where the address is all zero; notes one that is of this form already."""
    if any(bytes(macaddr.a)):
        if bytes(macaddr.a)[:5] != BASE:
            return
        else:
            qemu_macaddr_set_used(macaddr)
            return

    for i in range(ETH_ALEN - 1):
        macaddr.a[i] = BASE[i]
    macaddr.a[5] = qemu_macaddr_get_free() & 0xFF
    qemu_macaddr_set_used(macaddr)


def is_multicast_ether_addr(addr: bytes) -> bool:
    """Return whether an address names a group (include/net/eth.h)."""
    return bool(addr[0] & 0x01)
