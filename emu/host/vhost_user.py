"""A vhost-user device on the simulated host: the program at the other end of ``-netdev vhost-user``.

It speaks the protocol of docs/interop/vhost-user.rst: requests of 12 bytes of header (request, flags, size, each 32 bits,
little-endian) and a payload; answers where the request, or a flag in it, wants one.
"""

from __future__ import annotations

import struct
from typing import Final

from emu.host.descriptors import Descriptor, Peer, SimulatedError, host
from emu.host.sockets import (
    AF_UNIX,
    SOCK_STREAM,
    HostSocket,
    UnixAddress,
    connect,
    hang_up,
    send,
)
from emu.trace import Map, Seq, Struct, mapping, seq

HEADER: Final = struct.Struct("<III")
VERSION: Final = 0x1
REPLY: Final = 0x4
NEED_REPLY: Final = 0x8

NAMES: Final = {
    1: "GET_FEATURES",
    2: "SET_FEATURES",
    3: "SET_OWNER",
    4: "RESET_OWNER",
    5: "SET_MEM_TABLE",
    8: "SET_VRING_NUM",
    9: "SET_VRING_ADDR",
    10: "SET_VRING_BASE",
    11: "GET_VRING_BASE",
    12: "SET_VRING_KICK",
    13: "SET_VRING_CALL",
    14: "SET_VRING_ERR",
    15: "GET_PROTOCOL_FEATURES",
    16: "SET_PROTOCOL_FEATURES",
    17: "GET_QUEUE_NUM",
    18: "SET_VRING_ENABLE",
    19: "SEND_RARP",
    20: "NET_SET_MTU",
    21: "SET_SLAVE_REQ_FD",
    34: "RESET_DEVICE",
    36: "GET_MAX_MEM_SLOTS",
    39: "SET_STATUS",
    40: "GET_STATUS",
}
"""Requests by number, without ``VHOST_USER_``."""

FEATURES: Final = sum(1 << bit for bit in (0, 1, 7, 8, 11, 12, 15, 17, 18, 21, 22, 24, 26, 27, 28, 29, 30, 32))
"""Checksums, TCP segmentation, mergeable buffers, control queue, announcements, several queues; of the transport
NOTIFY_ON_EMPTY, LOG_ALL, ANY_LAYOUT, INDIRECT_DESC, EVENT_IDX, PROTOCOL_FEATURES and VERSION_1."""
PROTOCOL_FEATURES: Final = 0b1011
"""MQ, LOG_SHMFD, REPLY_ACK."""


class PeerVring(Struct):
    """What the device has been told of a queue."""

    num: int = 0
    base: int = 0
    call: bool = False
    err: bool = False
    kick: bool = False
    enabled: bool = False


class VhostUserPeer(Peer):
    """The device. ``queues``: pairs. Wishes for how it is to fail: ``silent``, ``hangs_up_at``, ``refuses``."""

    path: str = ""
    features: int = FEATURES
    protocol_features: int = PROTOCOL_FEATURES
    queues: int = 1
    memory_slots: int = 8
    silent: bool = False
    """It takes what comes and never answers."""
    hangs_up_at: str = ""
    """The request at which it closes the connection."""
    refuses: str = ""
    """The request that it answers with an error, where it may."""
    client: bool = False
    """It connects to whoever listens at its path instead of listening there."""
    requests: Seq[str] = seq()
    """What it was asked, in order."""
    acked_features: int = 0
    acked_protocol_features: int = 0
    owned: bool = False
    status: int = 0
    mtu: int = 0
    vrings: Map[PeerVring] = mapping()
    end: HostSocket | None = None
    socket: HostSocket | None = None

    def come(self) -> None:
        """Begin to listen, or connect to who listens already."""
        if self.client:
            self.listening(f"unix:{self.path}")
        else:
            self.socket = HostSocket(
                family=AF_UNIX, type=SOCK_STREAM, sockname=UnixAddress(self.path), listening=True, owner=self
            )
            host().foreign.append(self.socket)

    def go(self) -> None:
        """Close everything, as a program that ends does."""
        if self.socket is not None:
            host().foreign.remove(self.socket)
            self.socket = None
        if self.end is not None:
            hang_up(self.end)
            self.end = None

    def listening(self, address: str) -> None:
        """Someone waits at an address: connect if it is the one."""
        if not self.client or self.end is not None or address != f"unix:{self.path}":
            return
        sock = HostSocket(family=AF_UNIX, type=SOCK_STREAM, owner=self)
        try:
            connect(host(), sock, UnixAddress(self.path))
        except SimulatedError:
            return
        self.connected(sock)

    def connected(self, end: Descriptor) -> None:
        """A connection stands: everything begins anew."""
        assert isinstance(end, HostSocket)
        self.end = end
        self.owned = False
        self.acked_features = self.acked_protocol_features = 0
        for index in tuple(self.vrings):
            del self.vrings[index]

    def left(self, end: Descriptor) -> None:
        """The program at the other end has gone."""
        self.end = None

    def arrived(self, end: Descriptor) -> None:
        """Take whole requests, one after the other."""
        assert isinstance(end, HostSocket)
        while self.end is end and len(end.inbox) >= HEADER.size:
            request, flags, size = HEADER.unpack_from(end.inbox)
            if len(end.inbox) < HEADER.size + size:
                return
            payload = end.inbox[HEADER.size : HEADER.size + size]
            end.inbox = end.inbox[HEADER.size + size :]
            self._take(end, request, flags, payload)

    def _take(self, end: HostSocket, request: int, flags: int, payload: bytes) -> None:
        name = NAMES.get(request, str(request))
        self.requests.append(name)
        if name == self.hangs_up_at:
            hang_up(end)
            self.end = None
            return
        answer = self._answer(name, payload)
        if answer is None and flags & NEED_REPLY:
            answer = struct.pack("<Q", int(name == self.refuses))
        if answer is not None and not self.silent:
            send(end, HEADER.pack(request, VERSION | REPLY, len(answer)) + answer)

    def _answer(self, name: str, payload: bytes) -> bytes | None:
        """Do what is asked; return the answer, None where none is due."""
        numbers = {
            "GET_FEATURES": self.features,
            "GET_PROTOCOL_FEATURES": self.protocol_features,
            "GET_QUEUE_NUM": self.queues,
            "GET_MAX_MEM_SLOTS": self.memory_slots,
            "GET_STATUS": self.status,
        }
        if name in numbers:
            return struct.pack("<Q", numbers[name])
        number = int.from_bytes(payload[:8], "little")
        if name == "SET_OWNER":
            self.owned = True
        elif name == "SET_FEATURES":
            self.acked_features = number
        elif name == "SET_PROTOCOL_FEATURES":
            self.acked_protocol_features = number
        elif name == "SET_STATUS":
            self.status = number
        elif name == "NET_SET_MTU":
            self.mtu = number
        elif "_VRING_" in name:
            return self._vring(name, payload)
        return None

    def _vring(self, name: str, payload: bytes) -> bytes | None:
        number = int.from_bytes(payload[:8], "little")
        by_file = name in {"SET_VRING_KICK", "SET_VRING_CALL", "SET_VRING_ERR"}
        index = str(number & 0xFF if by_file else number & 0xFFFFFFFF)
        if index not in self.vrings:
            self.vrings[index] = PeerVring()
        vring = self.vrings[index]
        value = number >> 32
        if by_file:
            setattr(vring, name.removeprefix("SET_VRING_").lower(), not number & 0x100)
        elif name == "SET_VRING_NUM":
            vring.num = value
        elif name == "SET_VRING_BASE":
            vring.base = value
        elif name == "SET_VRING_ENABLE":
            vring.enabled = bool(value)
        elif name == "GET_VRING_BASE":
            return struct.pack("<II", int(index), vring.base)
        return None
