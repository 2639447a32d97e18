"""-netdev tap of several queues against the real program on real taps (net/tap.c)."""

from __future__ import annotations

import fcntl
import os
import struct
from functools import cache

import pytest
from conformance.emulated import pci_functions
from conformance.qemu import qemu
from net.looking import PORTS, Card, card_of, real_ports

import emu
from emu.host import host
from emu.host.tap import TapInterface
from emu.net.net.statics import net_c
from emu.trace.fold import fold

TUNSETIFF = 0x400454CA
TAP_NO_PI = 0x1002
NAME = "qomscope0"


@cache
def taps_can_be_made() -> bool:
    """Make a tap for a moment."""
    try:
        fd = os.open("/dev/net/tun", os.O_RDWR)
    except OSError:
        return False
    try:
        fcntl.ioctl(fd, TUNSETIFF, struct.pack("16sH22x", NAME.encode(), TAP_NO_PI))
    except OSError:
        return False
    else:
        return True
    finally:
        os.close(fd)


def argv_for(queues: int, options: str, device: str) -> list[str]:
    netdev = f"tap,id=n0,ifname={NAME},script=no,downscript=no{options}"
    several = f",queues={queues}" if queues > 1 else ""
    return ["-nodefaults", "-netdev", netdev + several, "-device", f"virtio-net-pci,netdev=n0,id=nic,addr=5{device}"]


def emulated(argv: list[str]) -> tuple[str, Card]:
    run = emu.run(argv, commands=("info network",))
    assert run.exit_status == 0, run.stderr
    function = pci_functions(fold(run.events))[5 << 3]
    with run.recorder.active():
        return run.output("monitor"), card_of(function, PORTS)


CASES = [
    (1, "", ""),
    (1, ",vnet_hdr=off", ""),
    (1, ",sndbuf=1000", ",mq=on"),
    (4, "", ",mq=on,vectors=10"),
    (4, "", ""),
    (16, "", ",mq=on,vectors=34"),
]


@pytest.mark.qemu
@pytest.mark.parametrize(("queues", "options", "device"), CASES)
def test_clients_features_vectors_and_configuration(queues: int, options: str, device: str) -> None:
    if not taps_can_be_made():
        pytest.skip("no taps can be made on this machine: NOT COMPARED with the real program")
    argv = argv_for(queues, options, device)
    with qemu(*argv) as machine:
        real = machine.hmp("info network").replace("\r", ""), card_of(machine.pci_functions()[5 << 3], real_ports(machine))
    assert emulated(argv) == real


@pytest.mark.parametrize("queues", [1, 4, 16])
def test_each_queue_is_a_client_with_a_peer_and_a_descriptor(queues: int) -> None:
    run = emu.run(argv_for(queues, "", f",mq=on,vectors={2 * queues + 2}"))
    with run.recorder.active():
        clients = list(net_c().net_clients)
        assert len(clients) == 2 * queues
        taps, cards = clients[:queues], clients[queues:]
        assert [tap.peer for tap in taps] == cards
        assert [tap.queue_index for tap in taps] == list(range(queues))
        interface = host().interfaces[NAME]
        assert isinstance(interface, TapInterface)
        # the driver uses one pair until it says otherwise
        assert [queue.attached for queue in interface.queues] == [True] + [False] * (queues - 1)
