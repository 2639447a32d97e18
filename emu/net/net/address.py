"""Addresses of the backends that talk to sockets themselves (net/net.c)."""

from __future__ import annotations

from typing import ClassVar

from emu.host import HostSocket, InetAddress, SimulatedError, host
from emu.host.datagrams import join_group
from emu.host.inet import inet_aton, inet_ntoa
from emu.host.sockets import AF_INET, SOCK_DGRAM, bind, socket
from emu.qapi.error import error_setg, error_setg_errno
from emu.trace import Struct, emulates
from emu.util.cutils import qemu_strtol


class sockaddr_in(Struct):
    """An IPv4 address and port, as numbers."""

    SIZE: ClassVar[int] = 16
    sin_addr: int = 0
    sin_port: int = 0

    @property
    def inet(self) -> InetAddress:
        """The address for the host."""
        return InetAddress(inet_ntoa(self.sin_addr), self.sin_port)


@emulates
def convert_host_port(saddr: sockaddr_in, host_: str, port: str) -> int:
    """net/net.c. Fills in an address. Error: no such host, or no number."""
    if host_:
        if host_[0] in "0123456789":
            address = inet_aton(host_)
            if address is None:
                error_setg(f"host address '{host_}' is not a valid IPv4 address")
        else:
            found = host().resolve(host_)
            if found is None:
                error_setg(f"can't resolve host address '{host_}'")
            address = inet_aton(found)
            assert address is not None
        saddr.sin_addr = address
    number = qemu_strtol(port, 0, whole=False)
    if number.err:
        error_setg(f"port number '{port}' is invalid")
    saddr.sin_port = number.value & 0xFFFF
    return 0


@emulates
def parse_host_port(saddr: sockaddr_in, str_: str) -> int:
    """net/net.c. Fills in an address from ``host:port``. Error: malformed, or convert_host_port's."""
    host_, colon, port = str_.partition(":")
    if not colon:
        error_setg(f"host address '{str_}' doesn't contain ':' separating host from port")

    return convert_host_port(saddr, host_, port)


def in_multicast(address: int) -> bool:
    """Tell whether an IPv4 address names a group (``IN_MULTICAST``)."""
    return address >> 28 == 0xE


def dgram_socket(laddr: sockaddr_in) -> HostSocket:
    """Return a datagram socket that is bound to an address, which others may share. Error: it cannot be."""
    here = host()
    sock = socket(here, AF_INET, SOCK_DGRAM)
    sock.reuseaddr = True
    try:
        bind(here, sock, laddr.inet)
    except SimulatedError as err:
        here.close(sock.fd)
        error_setg_errno(err.errno, f"can't bind ip={inet_ntoa(laddr.sin_addr)} to socket")
    sock.nonblocking = True
    return sock


def mcast_socket(mcastaddr: sockaddr_in, localaddr: int | None) -> int:
    """Return a socket in a group. Error: the address names none, or the socket cannot be had."""
    if not in_multicast(mcastaddr.sin_addr):
        error_setg(
            f"specified mcastaddr {inet_ntoa(mcastaddr.sin_addr)} (0x{mcastaddr.sin_addr:08x}) "
            "does not contain a multicast address"
        )

    sock = dgram_socket(mcastaddr)
    try:
        join_group(host(), sock, inet_ntoa(mcastaddr.sin_addr), None if localaddr is None else inet_ntoa(localaddr))
    except SimulatedError as err:
        host().close(sock.fd)
        error_setg_errno(err.errno, f"can't add socket to multicast group {inet_ntoa(mcastaddr.sin_addr)}")
    return sock.fd
