"""The cards beside virtio-net: what they make on their way, and what they ask of their backend."""

from __future__ import annotations

import zlib
from typing import Any

import pytest

import emu
from emu.trace.fold import ObjectState

TAP = ("-nodefaults", "-M", "q35", "-netdev", "tap,id=n0,script=no,downscript=no", "-device")
USER = ("-nodefaults", "-M", "q35", "-netdev", "user,id=n0", "-device")


def made(struct: str, *argv: str, commands: tuple[str, ...] = ()) -> ObjectState:
    """Return the last object with a struct that a run made."""
    run = emu.run(argv, commands=commands)
    assert run.exit_status == 0, run.stderr
    objects = run.state_at(len(run.events)).objects.values()
    return [obj for obj in objects if struct in obj.structs][-1]


def words(struct: str, *argv: str) -> list[int]:
    """Return the words of a card's serial memory."""
    found: Any = made(struct, *argv).fields["contents"]
    return list(found)


@pytest.mark.parametrize(("model", "field"), [("e1000e", "E1000EState.has_vnet"), ("vmxnet3", "VMXNET3State.peer_has_vhdr")])
def test_header_of_virtio_if_the_backend_takes_it(model: str, field: str) -> None:
    """e1000e_init_net_peer, vmxnet3_net_init."""
    struct = field.partition(".")[0]
    assert made(struct, *TAP, f"{model},netdev=n0").fields[field] is True
    assert not made(struct, *USER, f"{model},netdev=n0").fields.get(field)


def test_e1000e_without_backends_has_none_that_refuses() -> None:
    """e1000e_init_net_peer."""
    assert made("E1000EState", "-nodefaults", "-device", "e1000e").fields["E1000EState.has_vnet"] is True
    assert not made("VMXNET3State", "-nodefaults", "-device", "vmxnet3").fields.get("VMXNET3State.peer_has_vhdr")


def test_e1000e_without_headers_if_asked() -> None:
    """e1000e_init_net_peer."""
    card = made("E1000EState", *TAP, "e1000e,netdev=n0,disable_vnet_hdr=1")
    assert not card.fields.get("E1000EState.has_vnet")


def test_tulip_memory_has_address_and_checksum() -> None:
    """tulip_fill_eeprom."""
    memory = words("eeprom_t", *USER, "tulip,netdev=n0,mac=52:54:00:aa:bb:cc")
    raw = b"".join(word.to_bytes(2, "little") for word in memory)
    assert raw[20:26].hex(":") == "52:54:00:aa:bb:cc"
    assert memory[63] == zlib.crc32(raw[:126]) & 0xFFFF


@pytest.mark.parametrize(("model", "fifth"), [("i82557b", 0x0100), ("i82559er", 0x4000)])
def test_eepro100_memory_adds_up(model: str, fifth: int) -> None:
    """nic_selective_reset."""
    memory = words("eeprom_t", *USER, f"{model},netdev=n0,mac=52:54:00:aa:bb:cc")
    assert memory[:3] == [0x5452, 0xAA00, 0xCCBB]
    assert memory[5] == fifth
    assert sum(memory) & 0xFFFF == 0xBABA


@pytest.mark.parametrize("model", ["tulip", "i82801", "e1000e", "vmxnet3"])
def test_all_is_given_back(model: str) -> None:
    """pci_tulip_exit, pci_nic_uninit, e1000e_pci_uninit, vmxnet3_pci_uninit."""
    machine = (
        "-nodefaults",
        "-M",
        "q35",
        "-device",
        "pcie-root-port,id=rp,hotplug=on",
        "-device",
        "pcie-pci-bridge,id=br,bus=rp",
    )
    commands = (f"device_add {model},id=x,bus=br,addr=1", "device_del x")
    run = emu.run(machine, commands=commands)
    assert run.exit_status == 0
    assert "not modelled" not in run.output("monitor")
