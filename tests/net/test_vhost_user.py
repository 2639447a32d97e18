"""-netdev vhost-user against the real program, whose device is a small server on this machine (net/vhost-user.c)."""

from __future__ import annotations

import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from conformance.emulated import pci_functions
from conformance.qemu import HEADLESS, PROGRAM, Qemu, qemu
from net.looking import PORTS, Card, card_of, real_ports
from net.vhost_user_peer import real_peer

import emu
from emu.host import host
from emu.host.vhost_user import VhostUserPeer
from emu.trace.fold import fold

FEW = 1 << 30 | 1 << 32 | 1 << 0
"""PROTOCOL_FEATURES, VERSION_1, CSUM."""


@dataclass
class Seen:
    """What can be seen of a card and its backend."""

    network: str
    requests: list[str]
    card: Card


def argv_for(path: str, netdev: str, device: str) -> list[str]:
    return [
        "-nodefaults",
        "-chardev",
        f"socket,id=c,path={path}",
        "-netdev",
        f"vhost-user,id=n0,chardev=c{netdev}",
        "-device",
        f"virtio-net-pci,netdev=n0,id=nic,addr=5{device}",
    ]


def of_the_real(machine: Qemu, requests: list[str]) -> Seen:
    card = card_of(machine.pci_functions()[5 << 3], real_ports(machine))
    return Seen(machine.hmp("info network").replace("\r", ""), list(requests), card)


def of_the_emulated(netdev: str, device: str, words: str) -> Seen:
    setting = f"host with vhost-user /x {words}"
    run = emu.run(argv_for("/x", netdev, device), commands=(setting, "info network"))
    assert run.exit_status == 0, run.stderr
    network = next(event[4] for event in run.events if event[0] == "M" and event[3] == "monitor")
    function = pci_functions(fold(run.events))[5 << 3]
    with run.recorder.active():
        peer = host().peers["/x"]
        assert isinstance(peer, VhostUserPeer)
        return Seen(network, list(peer.requests), card_of(function, PORTS))


CASES = [
    ("", "", ""),
    ("", "", f"features={FEW:#x}"),
    ("", ",vectors=0,mrg_rxbuf=off", "protocol-features=0"),
    (",queues=8", ",mq=on,vectors=18", "queues=8"),
    (",queues=8", "", "queues=16 protocol-features=0x801b"),
]


@pytest.mark.qemu
@pytest.mark.parametrize(("netdev", "device", "words"), CASES)
def test_card_and_requests_are_those_of_the_real_program(netdev: str, device: str, words: str, tmp_path: Path) -> None:
    names = {"features": "features", "protocol-features": "protocol_features", "queues": "queues"}
    wishes = {names[name]: int(value, 0) for name, value in (word.split("=") for word in words.split())}
    path = tmp_path / "x"
    emulated = of_the_emulated(netdev, device, words)
    with real_peer(path, **wishes) as peer, qemu(*argv_for(str(path), netdev, device)) as machine:
        deadline = time.monotonic() + 5  # the last requests have no answer that the program would wait for
        while len(peer.requests) < len(emulated.requests) and time.monotonic() < deadline:
            time.sleep(0.01)
        real = of_the_real(machine, peer.requests)
    assert emulated == real


@pytest.mark.qemu
def test_the_link_follows_the_device_as_it_goes_and_comes(tmp_path: Path) -> None:
    path = tmp_path / "x"
    reconnecting = [word.replace("path=/x", "path=/x,reconnect=1") for word in argv_for("/x", "", "")]
    script = ("host with vhost-user /x", "host peer-gone /x")
    run = emu.run(reconnecting, commands=script)
    assert status(run) == b"\0\0"
    with real_peer(path) as peer, qemu(*argv_for(str(path), "", "")) as machine:
        before = of_the_real(machine, peer.requests).card.config[6:8]
        peer.hang_up()
        deadline = time.monotonic() + 10
        while (now := of_the_real(machine, peer.requests).card.config[6:8]) == before and time.monotonic() < deadline:
            time.sleep(0.05)
        assert (before, now) == (b"\1\0", b"\0\0")


def test_a_client_tries_again_and_again() -> None:
    argv = [word.replace("path=/x", "path=/x,reconnect=1") for word in argv_for("/x", "", "")]
    gone = ("host with vhost-user /x", "host peer-gone /x", "host wait 1000")
    run = emu.run(argv, commands=gone)
    assert run.stderr.endswith("Unable to connect character device c: Failed to connect to '/x': No such file or directory\n")
    again = emu.run(argv, commands=(*gone, "host peer-come /x", "host wait 1000"))
    assert status(again) == b"\1\0"


def status(run: emu.Run) -> bytes:
    function = pci_functions(fold(run.events))[5 << 3]
    with run.recorder.active():
        return card_of(function, PORTS).config[6:8]


def test_a_device_that_comes_again_is_asked_everything_again() -> None:
    argv = [word.replace("path=/x", "path=/x,server=on") for word in argv_for("/x", "", "")]
    run = emu.run(argv, commands=("host with vhost-user /x client", "host peer-gone /x", "host peer-come /x"))
    assert run.exit_status == 0
    assert run.stderr.count("QEMU waiting for connection on: disconnected:unix:/x,server=on") == 1
    assert status(run) == b"\1\0"
    with run.recorder.active():
        peer = host().peers["/x"]
        assert isinstance(peer, VhostUserPeer)
        assert list(peer.requests).count("SET_OWNER") == 2


WAITS = [
    ("queues=2", ",queues=8", "you are asking more queues than supported: 2\n", {"queues": 2}),
    (
        "hangs-up-at=GET_FEATURES",
        "",
        (
            "Failed to read msg header. Read 0 instead of 12. Original request 1.\n"
            "vhost_backend_init failed: Protocol error\nfailed to init vhost_net for queue 0\n"
        ),
        {"hangs_up_at": "GET_FEATURES"},
    ),
    (
        "protocol-features=0x201 hangs-up-at=GET_QUEUE_NUM",
        "",
        None,
        {"protocol_features": 0x201, "hangs_up_at": "GET_QUEUE_NUM"},
    ),
    (f"features={1 << 33 | FEW:#x}", "", None, {"features": 1 << 33 | FEW}),
]


@pytest.mark.qemu
@pytest.mark.parametrize(("words", "netdev", "text", "wishes"), WAITS)
def test_a_device_that_does_not_agree_is_asked_for_ever(
    words: str, netdev: str, text: str | None, wishes: dict[str, Any], tmp_path: Path
) -> None:
    run = emu.run(argv_for("/x", netdev, ""), commands=(f"host with vhost-user /x {words}",))
    prefix = f"qemu-system-x86_64: -netdev vhost-user,id=n0,chardev=c{netdev}: "
    *said, last = run.stderr.splitlines(keepends=True)
    assert run.exit_status == 1
    assert last == "qomscope: the program waits for ever: 'n0' and the other end of character device 'c' do not agree\n"
    if text is not None:
        assert "".join(said).replace(prefix, "") == text
    path = tmp_path / "x"
    with real_peer(path, **wishes):
        real = first_lines(argv_for(str(path), netdev, ""), len(said))
    assert real == said


def first_lines(argv: list[str], count: int) -> list[str]:
    """Return what the real program, which never ends here, says first."""
    process = subprocess.Popen([PROGRAM, *HEADLESS, *argv], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    try:
        assert process.stderr is not None
        return [process.stderr.readline() for _ in range(count)]
    finally:
        process.kill()
        process.communicate()


REFUSED = [
    (["host with socket /x"], "-chardev socket,id=c,path=/x: Failed to connect to '/x': Connection refused"),
    ([], "-chardev socket,id=c,path=/x: Failed to connect to '/x': No such file or directory"),
    (["host with denied /x"], "-chardev socket,id=c,path=/x: Failed to connect to '/x': Permission denied"),
]


@pytest.mark.parametrize(("settings", "text"), REFUSED)
def test_a_device_that_cannot_be_reached(settings: list[str], text: str) -> None:
    run = emu.run(argv_for("/x", "", ""), commands=tuple(settings))
    assert (run.exit_status, run.stderr) == (1, f"qemu-system-x86_64: {text}\n")


def test_a_device_that_never_answers_is_waited_for() -> None:
    run = emu.run(argv_for("/x", "", ""), commands=("host with vhost-user /x silent",))
    assert run.stderr == "qomscope: the program waits for ever: nobody answers on character device 'c'\n"


def test_only_virtio_cards_take_it() -> None:
    argv = [word.replace("virtio-net-pci", "e1000") for word in argv_for("/x", "", "")]
    run = emu.run(argv, commands=("host with vhost-user /x",))
    assert run.stderr.endswith(": vhost-user requires frontend driver virtio-net-*\n")
