"""Sockets of the simulated host: addresses that are in use, listeners, connections."""

from __future__ import annotations

import errno
from ipaddress import IPv4Address
from typing import Final, NamedTuple

from emu.host.descriptors import Descriptor, Host, SimulatedError

AF_UNIX: Final = "unix"
AF_INET: Final = "inet"
AF_INET6: Final = "inet6"
SOCK_STREAM: Final = "stream"
SOCK_DGRAM: Final = "dgram"
SOCK_RAW: Final = "raw"

FIRST_EPHEMERAL_PORT: Final = 32768
LAST_EPHEMERAL_PORT: Final = 60999


class InetAddress(NamedTuple):
    """An IPv4 or IPv6 address with port."""

    host: str
    port: int


class UnixAddress(NamedTuple):
    """A path in the file system."""

    path: str


class HostSocket(Descriptor):
    """A socket."""

    family: str = AF_INET
    type: str = SOCK_STREAM
    sockname: InetAddress | UnixAddress | None = None
    peername: InetAddress | UnixAddress | None = None
    listening: bool = False
    reuseaddr: bool = False


def socket(host: Host, family: str, type_: str) -> HostSocket:
    """Open a socket. SimulatedError: EMFILE."""
    made = HostSocket(family=family, type=type_)
    host.open(made)
    return made


def is_local(host: Host, address: str) -> bool:
    """Tell whether a socket can be bound to an IPv4 address: an own one, any, a group, or broadcast."""
    ip = IPv4Address(address)
    return host.is_own(address) or ip.is_unspecified or ip.is_multicast or address == "255.255.255.255"


def _sockets(host: Host, like: HostSocket) -> list[HostSocket]:
    every = (d for d in host.descriptors.values() if isinstance(d, HostSocket) and d is not like)
    return [other for other in every if other.family == like.family and other.type == like.type]


def _clash(one: InetAddress, other: InetAddress) -> bool:
    if one.port != other.port:
        return False
    wild = {"0.0.0.0", "::"}  # noqa: S104  # nothing is bound on the real host
    return one.host == other.host or one.host in wild or other.host in wild


def bind(host: Host, sock: HostSocket, address: InetAddress | UnixAddress) -> None:
    """Give a socket an address; port 0 takes a free one. SimulatedError: EADDRINUSE, EADDRNOTAVAIL."""
    others = [other for other in _sockets(host, sock) if other.sockname is not None]
    if isinstance(address, UnixAddress):
        if any(other.sockname == address for other in others):
            raise SimulatedError(errno.EADDRINUSE)
        sock.sockname = address
        return
    if sock.family == AF_INET and not is_local(host, address.host):
        raise SimulatedError(errno.EADDRNOTAVAIL)
    if sock.type == SOCK_RAW:
        sock.sockname = address
        return
    ports = [address.port] if address.port else range(FIRST_EPHEMERAL_PORT, LAST_EPHEMERAL_PORT + 1)
    for port in ports:
        wanted = InetAddress(address.host, port)
        taken = [o for o in others if isinstance(o.sockname, InetAddress) and _clash(wanted, o.sockname)]
        if not any(_refuses(sock, other) for other in taken):
            sock.sockname = wanted
            return
    raise SimulatedError(errno.EADDRINUSE)


def _refuses(sock: HostSocket, other: HostSocket) -> bool:
    """Linux shares a port among sockets that all have SO_REUSEADDR, unless one of them listens."""
    return not (sock.reuseaddr and other.reuseaddr and not other.listening)


def listen(host: Host, sock: HostSocket) -> None:
    """Wait for connections. SimulatedError: EADDRINUSE, another socket listens there."""
    if isinstance(sock.sockname, InetAddress):
        for other in _sockets(host, sock):
            if other.listening and isinstance(other.sockname, InetAddress) and _clash(sock.sockname, other.sockname):
                raise SimulatedError(errno.EADDRINUSE)
    sock.listening = True


def connect(host: Host, sock: HostSocket, address: InetAddress | UnixAddress) -> None:
    """Connect to a socket of this host; there is no other host. SimulatedError: ECONNREFUSED, ENOENT, ENETUNREACH."""
    if sock.type == SOCK_DGRAM:
        sock.peername = address
        return
    if sock.family == AF_INET and isinstance(address, InetAddress) and not is_local(host, address.host):
        raise SimulatedError(errno.ENETUNREACH)
    for other in _sockets(host, sock):
        if other.listening and _listens_at(other, address):
            sock.peername = address
            return
    if isinstance(address, UnixAddress):
        raise SimulatedError(errno.ENOENT)
    raise SimulatedError(errno.ECONNREFUSED)


def _listens_at(other: HostSocket, address: InetAddress | UnixAddress) -> bool:
    if isinstance(address, InetAddress) and isinstance(other.sockname, InetAddress):
        return _clash(other.sockname, address)
    return other.sockname == address


def connect_nonblocking(host: Host, sock: HostSocket, address: InetAddress) -> bool:
    """Begin to connect; whether it is done at once. A refusal comes later. SimulatedError: ENETUNREACH."""
    if not is_local(host, address.host):
        raise SimulatedError(errno.ENETUNREACH)
    try:
        connect(host, sock, address)
    except SimulatedError:
        return False
    return True
