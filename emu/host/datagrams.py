"""Datagrams on the simulated host: sent to an address, to a group, or to the other end of a connected socket."""

from __future__ import annotations

import errno
from ipaddress import IPv4Address

from emu.host.descriptors import Host, SimulatedError
from emu.host.outside import outside
from emu.host.sockets import HostSocket, InetAddress, UnixAddress, clash, others_like


def sendto(host: Host, sock: HostSocket, data: bytes, address: InetAddress | UnixAddress) -> int:
    """Send a datagram to whoever of this host is at an address, all of a group; return its size. SimulatedError: ECONNREFUSED.

    To the network nobody is at, it is lost; at a path nobody is at, that is known.
    """
    if outside().is_real:
        return outside().sendto(sock, data, address)
    others = [*others_like(host, sock), sock]
    there = [other for other in others if other.sockname is not None and _is_at(other.sockname, address)]
    if not there and isinstance(address, UnixAddress):
        raise SimulatedError(errno.ECONNREFUSED)
    group = isinstance(address, InetAddress) and IPv4Address(address.host).is_multicast
    for other in there if group else there[:1]:
        other.datagrams.append(data)
    return len(data)


def send_datagram(host: Host, sock: HostSocket, data: bytes) -> int:
    """Send a datagram to where a socket is connected; return its size. SimulatedError: ENOTCONN, ECONNREFUSED, EAGAIN."""
    if outside().is_real:
        return outside().sendto(sock, data, None)
    if sock.peername is None:
        raise SimulatedError(errno.ENOTCONN)
    return sendto(host, sock, data, sock.peername)


def _is_at(own: InetAddress | UnixAddress, address: InetAddress | UnixAddress) -> bool:
    if isinstance(own, InetAddress) and isinstance(address, InetAddress):
        return clash(own, address)
    return own == address


def receive_datagram(sock: HostSocket) -> bytes:
    """Return a datagram that has arrived. SimulatedError: EAGAIN, none has."""
    if not len(sock.datagrams):
        raise SimulatedError(errno.EAGAIN)
    return sock.datagrams.pop(0)


def join_group(host: Host, sock: HostSocket, group: str, local: str | None) -> None:
    """Have a socket get what is sent to a group, through an interface. SimulatedError: ENODEV, there is none."""
    if outside().is_real:
        outside().join_group(sock, group, local)
    elif local is not None and not host.is_own(local):
        raise SimulatedError(errno.ENODEV)
