"""The other ends of backends, on this machine: what a frame is sent into, and what it comes out of."""

from __future__ import annotations

import contextlib
import fcntl
import os
import socket
import struct
import time
from collections.abc import Iterator
from pathlib import Path

ETHERTYPE = b"\x88\xb5"
"""For local experiments (IEEE 802): what the kernel itself sends has others."""
SECONDS = 5.0
GROUP = "230.0.0.77"
TAP_NO_PI, VNET_HDR, MULTI_QUEUE = 0x1002, 0x4000, 0x0100
TUNSETIFF = 0x400454CA
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1
ALL_PROTOCOLS = 3


class End:
    """What is behind a backend. ``netdev``: the backend without its id; ``keeping``: descriptors that the program gets."""

    netdev = ""
    keeping: tuple[int, ...] = ()

    def ready(self) -> None:
        """The program has started."""

    def send(self, frame: bytes) -> None:
        raise NotImplementedError

    def receive(self) -> bytes:
        raise NotImplementedError

    def close(self) -> None:
        raise NotImplementedError


def frame(number: int, size: int = 60) -> bytes:
    """Return a broadcast frame."""
    return (b"\xff" * 6 + bytes.fromhex("525500000001") + ETHERTYPE + bytes([number])).ljust(size, b"\x5a")


def free_port(kind: int = socket.SOCK_DGRAM) -> int:
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Datagrams(End):
    """A datagram socket; ``there``: where the program's is, None if they are connected."""

    def __init__(self, netdev: str, own: socket.socket, there: object = None, keeping: socket.socket | None = None) -> None:
        self.netdev = netdev
        self._own = own
        self._there = there
        self._kept = keeping
        self.keeping = () if keeping is None else (keeping.fileno(),)
        own.settimeout(SECONDS)

    def send(self, frame: bytes) -> None:
        if self._there is None:
            self._own.send(frame)
        else:
            self._own.sendto(frame, self._there)  # type: ignore[arg-type]

    def receive(self) -> bytes:
        while True:
            data = self._own.recv(1 << 16)
            if data[12:14] == ETHERTYPE:
                return data

    def close(self) -> None:
        self._own.close()
        if self._kept is not None:
            self._kept.close()


class Stream(End):
    """A connection on which each frame follows its length."""

    def __init__(self, netdev: str, connection: socket.socket | None = None, keeping: socket.socket | None = None) -> None:
        self.netdev = netdev
        self._connection = connection
        self._kept = keeping
        self.keeping = () if keeping is None else (keeping.fileno(),)

    def connection(self) -> socket.socket:
        assert self._connection is not None
        self._connection.settimeout(SECONDS)
        return self._connection

    def send(self, frame: bytes) -> None:
        self.connection().sendall(struct.pack(">I", len(frame)) + frame)

    def _exactly(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            more = self.connection().recv(size - len(data))
            assert more, "the connection is over"
            data += more
        return data

    def receive(self) -> bytes:
        while True:
            data = self._exactly(struct.unpack(">I", self._exactly(4))[0])
            if data[12:14] == ETHERTYPE:
                return data

    def close(self) -> None:
        for each in (self._connection, self._kept):
            if each is not None:
                each.close()


class Waiting(Stream):
    """The program connects to a socket that waits."""

    def __init__(self, netdev: str, listener: socket.socket) -> None:
        super().__init__(netdev)
        self._listener = listener

    def ready(self) -> None:
        self._listener.settimeout(SECONDS)
        self._connection = self._listener.accept()[0]

    def close(self) -> None:
        super().close()
        self._listener.close()


class Coming(Stream):
    """The program waits, and is connected to."""

    def __init__(self, netdev: str, family: int, address: object) -> None:
        super().__init__(netdev)
        self._family, self._address = family, address

    def ready(self) -> None:
        deadline = time.monotonic() + SECONDS
        while True:
            client = socket.socket(self._family)
            try:
                client.connect(self._address)  # type: ignore[arg-type]
            except OSError:
                client.close()
                assert time.monotonic() < deadline, "nobody listens"
                time.sleep(0.05)
            else:
                self._connection = client
                return


class Tap(End):
    """The host's side of a tap interface; ``fds``: open descriptors of it that the program gets."""

    def __init__(self, netdev: str, name: str, fds: tuple[int, ...] = ()) -> None:
        self.netdev = netdev
        self._name = name
        self.keeping = fds
        self._packets: socket.socket | None = None

    def ready(self) -> None:
        self._packets = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ALL_PROTOCOLS))
        request = struct.pack("16sH22x", self._name.encode(), IFF_UP)
        fcntl.ioctl(self._packets, SIOCSIFFLAGS, request)
        self._packets.bind((self._name, ALL_PROTOCOLS))
        self._packets.settimeout(SECONDS)

    def send(self, frame: bytes) -> None:
        assert self._packets is not None
        self._packets.send(frame)

    def receive(self) -> bytes:
        assert self._packets is not None
        while True:
            data, address = self._packets.recvfrom(1 << 16)
            if data[12:14] == ETHERTYPE and address[2] != socket.PACKET_OUTGOING:
                return data

    def close(self) -> None:
        if self._packets is not None:
            self._packets.close()
        for fd in self.keeping:
            os.close(fd)


def open_tap(name: str, flags: int = 0) -> int:
    """Open a tap. OSError: it cannot be had."""
    fd = os.open("/dev/net/tun", os.O_RDWR)
    try:
        fcntl.ioctl(fd, TUNSETIFF, struct.pack("16sH22x", name.encode(), TAP_NO_PI | flags))
    except OSError:
        os.close(fd)
        raise
    return fd


@contextlib.contextmanager
def closing(*ends: End) -> Iterator[None]:
    """Close them all in the end."""
    try:
        yield
    finally:
        for each in ends:
            each.close()


def bound(family: int, address: object, kind: int = socket.SOCK_DGRAM) -> socket.socket:
    """Return a socket that has an address, and waits if it can."""
    made = socket.socket(family, kind)
    made.bind(address)  # type: ignore[arg-type]
    if kind == socket.SOCK_STREAM:
        made.listen(1)
    return made


def in_group(port: int) -> socket.socket:
    """Return a socket in a group of this machine alone."""
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.bind((GROUP, port))
    here = socket.inet_aton("127.0.0.1")
    made.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, socket.inet_aton(GROUP) + here)
    made.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, here)
    made.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_LOOP, 1)
    return made


def unix(folder: Path, name: str) -> str:
    """Return a path of a socket."""
    return str(folder / name)
