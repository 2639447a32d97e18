"""How the simulated host is set up before the program starts: ``host with ...`` and ``host without ...``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from emu.host.descriptors import Interface, Program, host
from emu.host.sockets import AF_INET, SOCK_STREAM, HostSocket, InetAddress
from emu.host.tap import IFF_MULTI_QUEUE, IFF_TAP, TapInterface, TapQueue
from emu.host.vdpa import FEATURES as VDPA_FEATURES
from emu.host.vdpa import make_vdpa
from emu.host.vhost_net import FEATURES as KERNEL_FEATURES
from emu.host.vhost_net import VhostNetDriver
from emu.host.vhost_user import FEATURES, PROTOCOL_FEATURES, VhostUserPeer


class BadSetting(Exception):
    """A line that cannot be understood; its text is for the person who wrote it."""


class Words:
    """``name=value`` and single words of a line, each of which has to be used."""

    def __init__(self, words: list[str]) -> None:
        split = (word.partition("=") for word in words)
        self._left = {name: value for name, _, value in split}

    def text(self, name: str, default: str = "") -> str:
        """Take a value as it stands."""
        return self._left.pop(name, default)

    def number(self, name: str, default: int) -> int:
        """Take a number, decimal or hexadecimal. BadSetting: it is none."""
        text = self._left.pop(name, None)
        if text is None:
            return default
        try:
            return int(text, 0)
        except ValueError:
            raise BadSetting(f"{name}= wants a number, not '{text}'") from None

    def flag(self, name: str) -> bool:
        """Take a single word; tell whether it was there."""
        return self._left.pop(name, None) is not None

    def end(self) -> None:
        """BadSetting: a word is left over."""
        for word in self._left:
            raise BadSetting(f"'{word}' means nothing here")


def _vhost_user(path: str, words: Words) -> None:
    peer = VhostUserPeer(
        path=path,
        features=words.number("features", FEATURES),
        protocol_features=words.number("protocol-features", PROTOCOL_FEATURES),
        queues=words.number("queues", 1),
        memory_slots=words.number("memory-slots", 8),
        silent=words.flag("silent"),
        hangs_up_at=words.text("hangs-up-at"),
        refuses=words.text("refuses"),
        client=words.flag("client"),
    )
    absent = words.flag("absent")
    words.end()
    host().peers[path] = peer
    if not absent:
        peer.come()


def _vhost_vdpa(path: str, words: Words) -> None:
    device = make_vdpa(words.number("queues", 1), mtu=words.number("mtu", 1500))
    device.features = words.number("features", VDPA_FEATURES)
    device.device_id = words.number("device-id", 1)
    words.end()
    host().files[path] = "device"
    host().vdpa[path] = device


def _vhost_net(path: str, words: Words) -> None:
    """The driver that serves queues in the kernel; ``refuses``: the request that it answers with an error."""
    driver = VhostNetDriver(features=words.number("features", KERNEL_FEATURES), refuses=words.text("refuses"))
    words.end()
    host().files[path] = "device"
    host().vhost_net[path] = driver


def _listener(address: str, words: Words) -> None:
    words.end()
    name, colon, port = address.rpartition(":")
    if not colon or not port.isdigit():
        raise BadSetting(f"an address is host:port, not '{address}'")
    sock = HostSocket(family=AF_INET, type=SOCK_STREAM, sockname=InetAddress(name, int(port)), listening=True)
    host().foreign.append(sock)


def _interface(name: str, words: Words) -> None:
    words.end()
    host().interfaces[name] = Interface(name=name)


def _tap(name: str, words: Words) -> None:
    """A tap that another program holds; ``multiqueue``: to which queues can be added."""
    flags = IFF_TAP | (IFF_MULTI_QUEUE if words.flag("multiqueue") else 0)
    words.end()
    tap = host().interfaces[name] = TapInterface(name=name, flags=flags)
    tap.queues.append(TapQueue(tap=tap, attached=True))


def _program(path: str, words: Words) -> None:
    host().programs[path] = Program(status=words.number("status", 0))
    words.end()


def _path(kind: str) -> Callable[[str, Words], None]:
    def put(path: str, words: Words) -> None:
        words.end()
        host().files[path] = kind

    return put


def _name(name: str, words: Words) -> None:
    host().names[name] = words.text("address", "192.0.2.1")
    words.end()


KINDS: Final[dict[str, Callable[[str, Words], None]]] = {
    "vhost-user": _vhost_user,
    "vhost-vdpa": _vhost_vdpa,
    "vhost-net": _vhost_net,
    "listener": _listener,
    "interface": _interface,
    "tap": _tap,
    "program": _program,
    "file": _path("file"),
    "directory": _path("directory"),
    "socket": _path("socket"),
    "denied": _path("denied"),
    "name": _name,
}
"""What a host can have: ``host with KIND NAME [word or name=value ...]``.

``socket``: a path where nobody listens any more; ``denied``: one that cannot be opened; ``listener``: an address that another
program has.
"""


def have(kind: str, name: str, words: list[str]) -> None:
    """Do ``host with``. BadSetting: not understood."""
    put = KINDS.get(kind)
    if put is None:
        raise BadSetting(f"a host has no '{kind}'; it can have: {', '.join(sorted(KINDS))}")
    put(name, Words(words))


def lack(name: str) -> None:
    """Do ``host without``: a path, an interface or a program is not there. BadSetting: it is not there anyway."""
    here = host()
    found = [
        table for table in (here.files, here.interfaces, here.programs, here.names, here.vdpa, here.vhost_net) if name in table
    ]
    if not found:
        raise BadSetting(f"this host has no '{name}'")
    for table in found:
        del table[name]
