"""Random network backends: every type with its options, right ones and wrong ones, that need no real interface of the host."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from conformance.differential.strategies import NIC_MODELS, Draw, chance
from hypothesis import strategies as st

Values = tuple[Sequence[str], Sequence[str]]
"""Right ones and wrong ones."""

ON_OFF: Final[Values] = (("on", "off"), ("maybe", "", "1"))
QUEUES: Final[Values] = (("1",), ("0", "-1", "x", "1025"))
LOCAL: Final = "127.0.0.1:0"
NOWHERE: Final = "/no/such/folder/s"
"""A path where no socket can be."""

USER: Final[Mapping[str, Values]] = {
    "hostname": (("guest", "a.b", ""), ("x" * 40,)),
    "restrict": ON_OFF,
    "ipv4": ON_OFF,
    "ipv6": ON_OFF,
    "net": (
        ("10.0.0.0/8", "192.168.76.0/24", "10.0.2.0", "192.168.5.0/255.255.255.0"),
        ("10.0.2.0/33", "x", "1.2.3", "1.2.3.4/5.6"),
    ),
    "host": (("10.0.2.2", "10.0.2.5"), ("10.0.3.2", "x", "1.2.3")),
    "dhcpstart": (("10.0.2.15", "10.0.2.20"), ("10.0.3.1", "10.0.2.2", "x")),
    "dns": (("10.0.2.3", "10.0.2.4"), ("10.0.3.3", "10.0.2.2", "x")),
    "ipv6-net": (("fec0::/64", "fd00::"), ("x", "fec0::/129", "fec0::/-1")),
    "ipv6-prefix": (("fec0::", "fd00::"), ("x",)),
    "ipv6-prefixlen": (("64", "96"), ("127", "x", "-1")),
    "ipv6-host": (("fec0::2", "fec0::5"), ("x", "fd00::2")),
    "ipv6-dns": (("fec0::3",), ("x", "fd00::3", "fec0::2")),
    "dnssearch": (("example.org", "a.b.c"), ("", "x" * 70)),
    "domainname": (("example.org",), ("x" * 300,)),
    "bootfile": (("/pxelinux.0",), ("x" * 130,)),
    "tftp-server-name": (("tftp", "10.0.2.4"), ("x" * 70,)),
    "tftp": (("/no/such",), ("",)),
    "hostfwd": (
        ("tcp::0-:22", "udp:127.0.0.1:0-:53", "tcp:127.0.0.1:0-10.0.2.15:80", "::0-:7"),
        ("tcp", "tcp::0", "tcp::0-:0", "icmp::0-:1", "tcp::99999-:1", "tcp:a.b:0-:1", "tcp::0-x:1", "tcp::0-:x", ""),
    ),
    "guestfwd": (
        ("tcp:10.0.2.100:1234-cmd:cat", "tcp:10.0.2.101:5-cmd:/bin/true"),
        ("tcp:10.0.2.100", "udp:1.2.3.4:5-cmd:x", "x", ""),
    ),
    "smbserver": (("10.0.2.4",), ("x",)),
}
SOCKET: Final[Mapping[str, Values]] = {
    "listen": ((LOCAL, ":0", "localhost:0"), (":", "x", "127.0.0.1", "127.0.0.1:x", "")),
    "connect": (("127.0.0.1:1", "0.0.0.0:1", ":1"), ("x", ":", "127.0.0.1:99999", "no.such.host.invalid:1", "255.255.255.255:9")),
    "mcast": (("230.0.0.1:7777",), ("1.2.3.4:5", "127.0.0.1:1", "x", "230.0.0.1:x")),
    "udp": (("127.0.0.1:1",), ("x", "127.0.0.1:x")),
    "localaddr": ((LOCAL,), ("x", "127.0.0.1:x")),
    "fd": ((), ("99", "x", "-1", "3x")),
}
TAP: Final[Mapping[str, Values]] = {
    "fd": (("99",), ("x", "-5", "")),
    "fds": (("98:99",), ("x:y", "99")),
    "vhost": ON_OFF,
    "vhostfd": (("97",), ("x",)),
    "vhostfds": (("96:97",), ("96",)),
    "vhostforce": ON_OFF,
    "queues": QUEUES,
    "ifname": (("tap7",), ()),
    "helper": (("/no/such",), ()),
    "br": (("br7",), ()),
    "vnet_hdr": ON_OFF,
    "script": (("no",), ()),
    "sndbuf": (("0", "1M"), ("x", "-1")),
    "poll-us": (("0", "50"), ("x", "-1")),
}
STREAM: Final[Mapping[str, Values]] = {
    "addr.type": (("inet", "inet", "unix", "fd"), ("nothing", "")),
    "addr.path": ((NOWHERE,), ("/" + "x" * 120, "")),
    "addr.host": (("127.0.0.1",), ("",)),
    "addr.port": (("0",), ("x", "99999")),
    "addr.to": (("0",), ("x",)),
    "addr.ipv4": ON_OFF,
    "addr.ipv6": ON_OFF,
    "addr.str": (("99",), ("x",)),
    "server": (("on",), ("maybe",)),
}
DGRAM: Final[Mapping[str, Values]] = {
    "local.type": (("inet", "inet", "unix", "fd"), ("nothing",)),
    "local.path": ((NOWHERE,), ("/" + "x" * 120,)),
    "remote.path": ((NOWHERE,), ()),
    "local.host": (("127.0.0.1",), ("x",)),
    "local.port": (("0",), ("x",)),
    "local.str": (("99",), ("x",)),
    "remote.type": (("inet", "inet"), ("unix", "fd", "nothing")),
    "remote.host": (("127.0.0.1", "230.0.0.1"), ("x",)),
    "remote.port": (("9", "1"), ("x",)),
}
TYPES: Final[Mapping[str, Mapping[str, Values]]] = {
    "user": USER,
    "hubport": {"hubid": (("0", "1", "2", "2147483647"), ("-1", "x", "2147483648", "")), "netdev": ((), ("nothing",))},
    "socket": SOCKET,
    "tap": TAP,
    "bridge": {"br": (("br7",), ("",)), "helper": (("/no/such",), ())},
    "stream": STREAM,
    "dgram": DGRAM,
    "l2tpv3": {
        "src": (("127.0.0.1",), ("x y",)),
        "dst": (("127.0.0.1",), ()),
        "txsession": (("1", "0xffffffff"), ("x", "-1", "4294967296")),
        "rxsession": (("2",), ("x",)),
        "srcport": (("0",), ()),
        "dstport": (("9",), ()),
        "cookie64": ON_OFF,
        "counter": ON_OFF,
        "pincounter": ON_OFF,
        "offset": (("4",), ("x",)),
    },
    "vde": {
        "sock": (("/no/such",), ()),
        "port": (("1",), ("65536", "x")),
        "group": (("staff",), ()),
        "mode": (("0700",), ("x",)),
    },
    "vhost-user": {"chardev": (("c0",), ("nothing", "")), "vhostforce": ON_OFF, "queues": QUEUES},
    "vhost-vdpa": {"vhostdev": (("/no/such",), ("",)), "queues": QUEUES, "x-svq": ON_OFF},
}
ALWAYS: Final[Mapping[str, Mapping[str, str]]] = {
    "hubport": {"hubid": "0"},
    "bridge": {"helper": "/no/such"},
    "l2tpv3": {"src": "127.0.0.1", "dst": "127.0.0.1", "txsession": "1", "udp": "on", "srcport": "0", "dstport": "9"},
    "vde": {"sock": "/no/such"},
    "vhost-user": {"chardev": "c0"},
    "vhost-vdpa": {"vhostdev": "/no/such"},
}
"""What a type must have, and what keeps it from reaching for the real host."""
NEVER_WITHOUT: Final[Mapping[str, Sequence[Mapping[str, str]]]] = {
    "tap": ({"fd": "99"}, {"fds": "98:99"}, {"fd": "x"}, {"helper": "/no/such"}),
    "socket": (
        *({"listen": LOCAL}, {"udp": "127.0.0.1:1", "localaddr": LOCAL}, {"fd": "99"}, {"listen": "127.0.0.1:x"}, {}),
        *({"connect": "127.0.0.1:1"}, {"mcast": "230.0.0.1:7777"}),
    ),
    "stream": (
        {"addr.type": "inet", "addr.host": "127.0.0.1", "addr.port": "0", "server": "on"},
        {"addr.type": "fd", "server": "on"},
        {"addr.type": "inet", "addr.host": "127.0.0.1", "addr.port": "1"},
        {"addr.type": "unix", "addr.path": NOWHERE},
        {"addr.type": "unix", "addr.path": NOWHERE, "server": "on"},
    ),
    "dgram": (
        {"local.type": "unix", "local.path": NOWHERE, "remote.type": "unix", "remote.path": NOWHERE},
        {"remote.type": "inet", "remote.host": "230.0.0.1", "remote.port": "7777"},
        {"local.type": "inet", "local.host": "127.0.0.1", "local.port": "0"},
        {
            "local.type": "inet",
            "local.host": "127.0.0.1",
            "local.port": "0",
            "remote.type": "inet",
            "remote.host": "127.0.0.1",
            "remote.port": "9",
        },
    ),
}
"""One of these stands at the beginning, for the same reason."""
WRONG_TYPES: Final = ("netmap", "af-xdp", "nothing", "none", "nic", "")
USUAL: Final = ("user", "user", "hubport", "hubport", *TYPES)


def options(draw: Draw, kind: str, mistakes: bool, form: str) -> dict[str, str]:
    """Options of a type."""
    table = TYPES[kind]
    chosen = dict(ALWAYS.get(kind, {}))
    if kind in NEVER_WITHOUT:
        chosen |= draw(st.sampled_from(NEVER_WITHOUT[kind]))
    for name in draw(st.lists(st.sampled_from(sorted(table)), max_size=3 if kind == "user" else 2, unique=True)):
        right, wrong = table[name]
        values = wrong if wrong and mistakes and chance(draw, 50) else right
        if values:
            chosen[name] = draw(st.sampled_from(values))
    if mistakes and chance(draw, 8):
        chosen[draw(st.sampled_from(["colour", "id.x", "netdev2", "addr"]))] = "x"
    if mistakes and chance(draw, 8) and chosen and kind not in {"tap", "bridge", "vde", "l2tpv3"}:
        chosen.pop(draw(st.sampled_from(sorted(chosen))))
    return chosen


def text(parts: Mapping[str, str]) -> str:
    return ",".join(f"{name}={value.replace(',', ',,')}" for name, value in parts.items())


def netdev(draw: Draw, number: int, mistakes: bool) -> list[str]:
    """A ``-netdev``; sometimes in JSON."""
    kind = draw(st.sampled_from(WRONG_TYPES if mistakes and chance(draw, 8) else USUAL))
    chosen = options(draw, kind, mistakes, "netdev") if kind in TYPES else {}
    name = f"n{number}"
    if mistakes and chance(draw, 15):
        name = draw(st.sampled_from(["n0", "1x", "", "a b", "n1"]))
    if kind in {"user", "hubport"} and chance(draw, 15):
        return ["-netdev", in_json(kind, name, chosen)]
    if mistakes and chance(draw, 5):
        return ["-netdev", ",".join(part for part in (kind, text(chosen)) if part)]
    return ["-netdev", ",".join(part for part in (kind, f"id={name}", text(chosen)) if part)]


def in_json(kind: str, name: str, chosen: Mapping[str, str]) -> str:
    """Write a backend in JSON, with the types that its schema has, as far as the values allow."""
    row: dict[str, Any] = {"type": kind, "id": name}
    for key, value in chosen.items():
        if key in {"hostfwd", "guestfwd", "dnssearch"}:
            row[key] = [{"str": value}]
        elif value in {"on", "off"}:
            row[key] = value == "on"
        else:
            row[key] = int(value) if value.lstrip("-").isdigit() else value
    return json.dumps(row)


def old(draw: Draw, mistakes: bool) -> list[str]:
    """A ``-net``."""
    kind = draw(st.sampled_from(["nic", "nic", "user", "user", "none", "socket", "hubport", "tap", "stream", "vde"]))
    if kind == "none":
        return ["-net", "none"]
    if kind == "nic":
        return ["-net", ",".join(["nic", *card(draw, mistakes)])]
    chosen = options(draw, kind, mistakes, "net")
    if chance(draw, 25):
        chosen[draw(st.sampled_from(["name", "id"]))] = draw(
            st.sampled_from(["u0", "n0", "x.y"] if not mistakes else ["u0", "1x", ""])
        )
    return ["-net", ",".join(part for part in (kind, text(chosen)) if part)]


def card(draw: Draw, mistakes: bool) -> list[str]:
    parts = []
    if chance(draw, 60):
        parts.append("model=" + draw(st.sampled_from(NIC_MODELS if not mistakes else (*NIC_MODELS, "nothing", ""))))
    if chance(draw, 30):
        parts.append(
            draw(st.sampled_from(["macaddr=52:54:00:00:00:07", "name=first", "id=second", "vectors=3", "addr=7", "addr=0x8"]))
        )
    if mistakes and chance(draw, 40):
        wrong = [
            "macaddr=x",
            "macaddr=01:00:00:00:00:01",
            "vectors=x",
            "vectors=67108865",
            "netdev=n0",
            "netdev=zz",
            "vlan=1",
            "addr=99",
        ]
        parts.append(draw(st.sampled_from(wrong)))
    return parts


def nic(draw: Draw, mistakes: bool) -> list[str]:
    """A ``-nic``."""
    kind = draw(st.sampled_from(["user", "user", "hubport", "none", "socket", "tap", "stream", "dgram"]))
    if kind == "none":
        return ["-nic", "none"]
    chosen = options(draw, kind, mistakes, "nic")
    own = [part.replace("macaddr=", "mac=") for part in card(draw, mistakes) if not part.startswith(("name=", "vectors="))]
    return ["-nic", ",".join(part for part in (kind, text(chosen), *own) if part)]


@st.composite
def backend_lines(draw: Draw) -> list[str]:
    """Backends, and sometimes cards on them."""
    mistakes = chance(draw, 45)
    board = draw(st.sampled_from(["none", "none", "none", "pc", "q35"]))
    argv = ["-nodefaults", "-M", board]
    count = draw(st.integers(1, 4))
    names = []
    for number in range(count):
        form = draw(st.sampled_from(["netdev"] * 6 + ["net", "net", "nic"]))
        if form == "netdev":
            argv += netdev(draw, number, mistakes)
            names.append(f"n{number}")
        else:
            argv += (old if form == "net" else nic)(draw, mistakes)
    if any("c0" in word for word in argv) and chance(draw, 80):
        argv += ["-chardev", "null,id=c0"]
    if board != "none":
        for name in names[: draw(st.integers(0, 2))]:
            argv += ["-device", f"{draw(st.sampled_from(['virtio-net-pci', 'e1000', 'rtl8139']))},netdev={name}"]
    if names and chance(draw, 8):
        argv += ["-set", f"netdev.{names[0]}.{draw(st.sampled_from(['restrict=on', 'net=10.0.0.0/8', 'colour=red', 'hubid=3']))}"]
    return argv
