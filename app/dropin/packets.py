"""Real descriptors that carry packets: datagram sockets and taps."""

from __future__ import annotations

import fcntl
import os
import selectors
import struct
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final, Protocol

from app.dropin.addresses import attempt
from emu.host.descriptors import Host
from emu.host.tap import (
    IFNAMSIZ,
    PATH_NET_TUN,
    TUNGETFEATURES,
    TUNGETVNETHDRSZ,
    TUNSETOFFLOAD,
    TUNSETQUEUE,
    TapQueue,
    join_interface,
)
from emu.trace import Seq

LONGEST: Final = 1 << 17
"""Bytes that one read takes: a packet is shorter."""
MANY: Final = 64
"""Packets that may wait inside; more wait outside, or are dropped there, as the kernel does it."""

TUNSETIFF: Final = 0x4004_54CA
TUNGETIFF: Final = 0x8004_54D2
IFREQ: Final = struct.Struct(f"{IFNAMSIZ}sH22x")


class Real(Protocol):
    """What has a descriptor and can be closed."""

    def fileno(self) -> int:
        """Return the descriptor."""

    def close(self) -> None:
        """Close it."""


class Tun:
    """An open ``/dev/net/tun``. OSError: it cannot be opened."""

    def __init__(self, fd: int | None = None) -> None:
        self._fd = os.open(PATH_NET_TUN, os.O_RDWR | os.O_CLOEXEC) if fd is None else fd

    def fileno(self) -> int:
        """Return the descriptor."""
        return self._fd

    def close(self) -> None:
        """Close it."""
        os.close(self._fd)

    def read(self) -> bytes:
        """Return a frame."""
        return os.read(self._fd, LONGEST)

    def write(self, frame: bytes) -> int:
        """Write a frame."""
        return os.write(self._fd, frame)

    def set_interface(self, name: str, flags: int) -> str:
        """TUNSETIFF; return the name."""
        return _name(fcntl.ioctl(self._fd, TUNSETIFF, IFREQ.pack(os.fsencode(name), flags)))

    def interface(self) -> tuple[str, int]:
        """TUNGETIFF: return name and flags."""
        answer = fcntl.ioctl(self._fd, TUNGETIFF, bytes(40))
        return _name(answer), IFREQ.unpack_from(answer)[1]

    def control(self, request: int, value: int) -> int:
        """Do an ``ioctl`` with a number; return the number that it leaves."""
        if request == TUNSETOFFLOAD:
            return int(fcntl.ioctl(self._fd, request, value))
        if request == TUNSETQUEUE:
            fcntl.ioctl(self._fd, request, IFREQ.pack(b"", value))
            return value
        width = "I" if request == TUNGETFEATURES else "i"
        number: int = struct.unpack(width, fcntl.ioctl(self._fd, request, struct.pack(width, value)))[0]
        return number


def _name(ifreq: bytes) -> str:
    return os.fsdecode(ifreq[:IFNAMSIZ].partition(b"\0")[0])


def adopt_interface(host: Host, queue: TapQueue, tun: Tun) -> None:
    """Note of which interface an open tap is, if one was chosen already."""
    with suppress(OSError):
        name, flags = tun.interface()
        join_interface(host, queue, name, flags).vnet_hdr_sz = tun.control(TUNGETVNETHDRSZ, 0)


class Packets:
    """A real descriptor and where the packets go that come from it."""

    def __init__(self, real: Real, arrived: Seq[bytes], read: Callable[[], bytes]) -> None:
        self.real = real
        self._arrived = arrived
        self._read = read
        os.set_blocking(real.fileno(), False)

    def wanted(self) -> int:
        """Return what to wait for (``selectors.EVENT_*``)."""
        return selectors.EVENT_READ if len(self._arrived) < MANY else 0

    def ready(self, _: int) -> None:
        """Take what has arrived; whatever is wrong outside, there is nothing to take then."""
        with suppress(OSError):
            while len(self._arrived) < MANY:
                self._arrived.append(self._read())


def send(call: Callable[..., int], *args: Any) -> int:
    """Send a packet. SimulatedError: EAGAIN, or why it cannot go."""
    size: int = attempt(call, *args)
    return size
