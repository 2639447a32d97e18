"""net/announce.c: frames that tell where a card is."""

from __future__ import annotations

from emu.net.announce import announce_self_create


def test_announce_self_create() -> None:
    """RFC 903: a reverse ARP request in an Ethernet frame to everybody, padded to 60 bytes."""
    mac = bytes.fromhex("525400123456")
    frame = announce_self_create(mac)
    assert len(frame) == 60
    assert frame[:14] == b"\xff" * 6 + mac + b"\x80\x35"
    assert frame[14:22].hex() == "0001080006040003"
    assert frame[22:42] == mac + bytes(4) + mac + bytes(4)
    assert frame[42:] == bytes(18)
