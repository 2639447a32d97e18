"""hw/net/virtio-net.c: frames travel from one card to another over a hub, as in the real program."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from conformance.qemu import qemu
from hw.virtio.guest import Emulated, Guest, Machine, Queue, Real

from emu import run
from emu.standard_headers.linux import virtio_net, virtio_ring

CARDS = (
    *("-nodefaults", "-M", "pc"),
    *("-netdev", "hubport,id=a,hubid=1", "-netdev", "hubport,id=b,hubid=1"),
)
HEADER = 12
FRAME = bytes.fromhex("525400123457525400123456 0800") + bytes(range(46))
BROADCAST = b"\xff" * 6 + FRAME[6:]


def cards(properties: str) -> tuple[str, ...]:
    return (
        *CARDS,
        *("-device", f"virtio-net-pci,addr=4,netdev=a{properties}"),
        *("-device", f"virtio-net-pci,addr=5,netdev=b{properties}"),
    )


def driver(machine: Machine, slot: int, refused: int) -> tuple[Guest, Queue, Queue]:
    guest = Guest(machine, slot << 3, bar4=0xF000_0000 + slot * 0x10_0000, memory=slot * 0x40_0000).find()
    guest.negotiate(guest.offered() & ~refused)
    receive, transmit = guest.queue(0), guest.queue(1)
    guest.go()
    return guest, receive, transmit


def converse(machine: Machine, refused: int) -> dict[str, Any]:
    """Frames to a card without buffers, with small ones, with large ones; two at once; none while filtered."""
    sender, _, transmit = driver(machine, 4, refused)
    receiver, receive, _ = driver(machine, 5, refused)
    seen: dict[str, Any] = {}

    def send(frame: bytes) -> int | None:
        sender.put(transmit, (bytes(HEADER), frame))
        sender.kick(transmit)
        machine.settle()
        return sender.take(transmit)

    def received(places: list[int], size: int) -> tuple[int | None, list[str]]:
        return receiver.take(receive), [machine.read(at, size).hex() for at in places]

    seen["sent to nobody ready"] = send(FRAME)
    places = receiver.put(receive, (), (HEADER, 1514))
    receiver.kick(receive)
    machine.settle()
    seen["it waited"] = received(places, 80)
    places = receiver.put(receive, (), (1526,))
    receiver.kick(receive)
    seen["sent"] = send(BROADCAST)
    seen["arrived"] = received(places, 80)
    places = receiver.put(receive, (), (40,)) + receiver.put(receive, (), (60,)) + receiver.put(receive, (), (60,))
    receiver.kick(receive)
    seen["sent to small buffers"] = send(FRAME)
    seen["first part"] = received(places, 60)
    seen["second part"] = receiver.take(receive)
    sender.put(transmit, (bytes(HEADER) + FRAME,))
    sender.put(transmit, (bytes(HEADER) + BROADCAST,))
    sender.kick(transmit)
    machine.settle()
    seen["two sent"] = (sender.take(transmit), sender.take(transmit), sender.take(transmit))
    return seen


REFUSED = {
    "everything": 0,
    "no mergeable buffers": 1 << virtio_net.VIRTIO_NET_F_MRG_RXBUF,
    "no event index": 1 << virtio_ring.VIRTIO_RING_F_EVENT_IDX,
}


def emulated(properties: str, refused: int) -> dict[str, Any]:
    done = run([*cards(properties), "-accel", "tcg", "-display", "none"])
    assert done.exit_status == 0, done.stderr
    return converse(Emulated(done), refused)


def test_a_frame_arrives() -> None:
    seen = emulated("", 0)
    assert seen["sent"] == 0
    length, (data,) = seen["arrived"]
    assert length == HEADER + len(BROADCAST)
    assert bytes.fromhex(data)[HEADER:length] == BROADCAST


@pytest.mark.qemu
@pytest.mark.parametrize("refused", REFUSED)
@pytest.mark.parametrize("properties", ["", ",ioeventfd=off", ",packed=on"])
def test_frames_travel_as_in_the_real_program(properties: str, refused: str, tmp_path: Path) -> None:
    # a firmware that does nothing, for ever: the processors run, and touch no device
    firmware = bytearray(0x10000)
    firmware[0xFFF0:0xFFF2] = b"\xeb\xfe"
    (tmp_path / "idle.bin").write_bytes(firmware)
    mine = emulated(properties, REFUSED[refused])
    with qemu(*cards(properties), "-bios", str(tmp_path / "idle.bin")) as machine:
        machine.command("cont")
        assert mine == converse(Real(machine), REFUSED[refused])
