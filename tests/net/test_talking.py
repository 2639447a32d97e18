"""Backends of one machine that talk to each other over the host's sockets, compared with the real program."""

from __future__ import annotations

import json
import re
import socket
import time

import pytest
from conformance.qemu import qemu

import emu
from emu.net.net.statics import net_c

CARDS = ("-device", "e1000,netdev=a,id=x", "-device", "e1000,netdev=b,id=y")


def argv_for(kind: str, port: int) -> list[str]:
    address = f"addr.type=inet,addr.host=127.0.0.1,addr.port={port}"
    here, there = (f"{end}.type=inet,{end}.host=127.0.0.1,{end}.port=" for end in ("local", "remote"))
    netdevs = {
        "socket": [f"socket,id=a,listen=127.0.0.1:{port}", f"socket,id=b,connect=127.0.0.1:{port}"],
        "refused": [f"socket,id=b,connect=127.0.0.1:{port}", "user,id=a"],
        "stream": [f"stream,id=a,server=on,{address}", f"stream,id=b,{address}"],
        "stream refused": [f"stream,id=b,{address}", "user,id=a"],
        "dgram": [
            f"dgram,id=a,{here}{port},{there}{port + 1}",
            f"dgram,id=b,{here}{port + 1},{there}{port}",
        ],
        "udp": [
            f"socket,id=a,udp=127.0.0.1:{port + 1},localaddr=127.0.0.1:{port}",
            f"socket,id=b,udp=127.0.0.1:{port},localaddr=127.0.0.1:{port + 1}",
        ],
    }[kind]
    return ["-nodefaults", *(word for netdev in netdevs for word in ("-netdev", netdev)), *CARDS]


ATTEMPTS = 4
KINDS = ["socket", "refused", "stream", "stream refused", "dgram", "udp"]
LINES = ["info network", "netdev_del b", "info network"]


def free_port() -> int:
    """Return a port such that it and the next are free."""
    while True:
        with socket.socket() as one, socket.socket() as other:
            one.bind(("127.0.0.1", 0))
            port: int = one.getsockname()[1]
            try:
                other.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port


def without_ports(text: str, keep: int) -> str:
    """Put one number for every port that the host chose."""
    return re.sub(r"127\.0\.0\.1:(\d+)", lambda found: found[0] if int(found[1]) in {keep, keep + 1} else "CHOSEN", text)


def asked(argv: list[str], wanted: str, port: int) -> list[str]:
    """Return what the real program says, once its threads are done."""
    with qemu(*argv) as real:
        deadline = time.monotonic() + 10
        shown = [real.hmp(LINES[0])]
        while without_ports(shown[0].replace("\r", ""), port) not in without_ports(wanted, port) and time.monotonic() < deadline:
            time.sleep(0.02)  # connections are made meanwhile
            shown = [real.hmp(LINES[0])]
        shown.append(real.hmp(LINES[1]))
        deadline = time.monotonic() + 5
        last = real.hmp(LINES[2])
        left = without_ports(wanted, port)
        while not left.endswith(without_ports(last.replace("\r", ""), port)) and time.monotonic() < deadline:
            time.sleep(0.05)  # and taken back
            last = real.hmp(LINES[2])
        return [*shown, last]


@pytest.mark.qemu
@pytest.mark.parametrize("kind", KINDS)
def test_what_they_tell_of_each_other(kind: str) -> None:
    port = free_port()
    argv = argv_for(kind, port)
    run = emu.run(argv, commands=LINES)
    wanted = run.output("monitor")
    for _ in range(ATTEMPTS):
        shown = asked(argv, wanted, port)
        if ("connection error" in wanted) == ("connection error" in shown[0]):
            break  # otherwise its thread that connects was faster than the one that listens
    assert without_ports(wanted, port) == without_ports("".join(shown).replace("\r", ""), port)


@pytest.mark.parametrize("kind", ["socket", "stream", "dgram", "udp"])
def test_a_frame_of_one_card_waits_for_the_other(kind: str) -> None:
    run = emu.run(argv_for(kind, 5000), commands=("host send x 61",))
    assert run.output("monitor") == "a took 61 bytes\n"
    with run.recorder.active():
        y = next(nc for nc in net_c().net_clients if nc.name == "y")
        assert y.incoming_queue is not None
        assert [packet.size for packet in y.incoming_queue.packets] == [61]


def test_programs_are_told_of_the_connections_of_a_stream() -> None:
    run = emu.run(argv_for("stream", 5000), commands=('{"execute": "query-name"}', "netdev_del b"))
    events = [json.loads(line) for line in run.output("monitor").splitlines()]
    assert [event for event in events if "event" in event] == [
        {
            "event": "NETDEV_STREAM_DISCONNECTED",
            "data": {"netdev-id": "a"},
            "timestamp": {"seconds": 0, "microseconds": 0},
        }
    ]
    address = {"type": "inet", "host": "127.0.0.1", "port": "5000"}
    add = {"execute": "netdev_add", "arguments": {"type": "stream", "id": "c", "addr": address}}
    run = emu.run(argv_for("stream", 5000)[:3], commands=('{"execute": "query-name"}', json.dumps(add)))
    events = [json.loads(line) for line in run.output("monitor").splitlines()]
    assert [(event["event"], event["data"]["netdev-id"]) for event in events if "event" in event] == [
        ("NETDEV_STREAM_CONNECTED", "a"),
        ("NETDEV_STREAM_CONNECTED", "c"),
    ]
    connected = [event for event in events if "event" in event]
    assert connected[1]["data"]["addr"] == {"type": "inet", "host": "127.0.0.1", "port": "5000", "ipv4": True}


def test_everybody_in_a_group_hears_a_frame_its_sender_too() -> None:
    netdevs = ["-netdev", "socket,id=a,mcast=230.0.0.1:1234", "-netdev", "socket,id=b,mcast=230.0.0.1:1234"]
    run = emu.run(["-nodefaults", *netdevs, *CARDS], commands=("host send x 61",))
    with run.recorder.active():
        queues = {nc.name: nc.incoming_queue for nc in net_c().net_clients}
        assert {name: len(queues[name].packets) for name in "xy"} == {"x": 1, "y": 1}  # type: ignore[union-attr]
