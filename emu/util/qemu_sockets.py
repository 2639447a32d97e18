"""Sockets by address (util/qemu-sockets.c), on the simulated host."""

from __future__ import annotations

import errno
from typing import Final, NamedTuple

from emu.errors import NotModelled
from emu.host import HostSocket, InetAddress, SimulatedError, UnixAddress, host
from emu.host.inet import inet_aton, inet_ntoa, inet_ntop6, inet_pton6
from emu.host.sockets import AF_INET, AF_INET6, AF_UNIX, SOCK_STREAM, bind, connect, listen, set_option, socket, unlink
from emu.qapi.error import Error, error_append_hint, error_setg, error_setg_errno
from emu.qapi.qapi_types_sockets import InetSocketAddress, SocketAddress, SocketAddressType, UnixSocketAddress
from emu.trace import emulates
from emu.util.cutils import qemu_strtoi, strtoll

SUN_PATH_SIZE: Final = 108
PF_UNSPEC: Final = ""

EAI_NONAME: Final = "Name or service not known"
EAI_SERVICE: Final = "Servname not supported for ai_socktype"
EAI_ADDRFAMILY: Final = "Address family for hostname not supported"


class AddrInfo(NamedTuple):
    """One result of ``getaddrinfo``."""

    family: str
    address: InetAddress


class GaiError(Exception):
    """``getaddrinfo`` fails; its text is the C library's."""


def socket_address_text(address: InetAddress | UnixAddress) -> str:
    """Return an address of the host as a URI."""
    if isinstance(address, UnixAddress):
        name = address.path.rstrip("\0")
        return f"unix:{name}"
    return f"tcp:{address.host}:{address.port}"


@emulates
def socket_uri(addr: SocketAddress) -> str:
    """util/qemu-sockets.c."""
    u = addr.u
    if addr.type == SocketAddressType.INET:
        return f"tcp:{u.inet.host}:{u.inet.port}"
    if addr.type == SocketAddressType.UNIX:
        return f"unix:{u.unix.path}"
    if addr.type == SocketAddressType.FD:
        return f"fd:{u.fd.str_}"
    return f"vsock:{u.vsock.cid}:{u.vsock.port}"


@emulates
def inet_ai_family_from_address(addr: InetSocketAddress) -> str:
    """util/qemu-sockets.c. Error: both families are switched off."""
    if addr.ipv6 is False and addr.ipv4 is False:
        error_setg("Cannot disable IPv4 and IPv6 at same time")
    if addr.ipv6 and addr.ipv4:
        return AF_INET6 if not addr.host else PF_UNSPEC
    if addr.ipv6 or addr.ipv4 is False:
        return AF_INET6
    if addr.ipv4 or addr.ipv6 is False:
        return AF_INET
    return PF_UNSPEC


def _port(text: str) -> int:
    if not text:
        return 0
    number = strtoll(text, 10)
    if number.end != len(text) or not text.isdigit():
        raise GaiError(EAI_SERVICE)
    return number.value & 0xFFFF


def getaddrinfo(name: str | None, port: str, family: str, *, passive: bool, numeric: bool) -> list[AddrInfo]:
    """What the simulated host's resolver finds. GaiError: nothing."""
    number = _port(port)
    if name is None:
        found = [(AF_INET, "0.0.0.0" if passive else "127.0.0.1"), (AF_INET6, "::" if passive else "::1")]  # noqa: S104
    elif (ip4 := inet_aton(name)) is not None:
        found = [(AF_INET, inet_ntoa(ip4))]
    elif (ip6 := inet_pton6(name)) is not None:
        found = [(AF_INET6, inet_ntop6(ip6))]
    elif numeric or (known := host().resolve(name)) is None:
        raise GaiError(EAI_NONAME)
    else:
        found = [(AF_INET, known)]
    results = [AddrInfo(fam, InetAddress(address, number)) for fam, address in found if family in {PF_UNSPEC, fam}]
    if not results:
        raise GaiError(EAI_ADDRFAMILY)
    return results


def _bind_and_listen(each: AddrInfo, port: int) -> HostSocket | None:
    """Return a socket that listens, None if the port is in use. Error: anything else."""
    here = host()
    sock = socket(here, each.family, SOCK_STREAM)
    sock.reuseaddr = True
    step = "bind socket"
    try:
        bind(here, sock, InetAddress(each.address.host, port))
        step = "listen on socket"
        listen(here, sock)
    except SimulatedError as err:
        here.close(sock.fd)
        if err.errno != errno.EADDRINUSE:
            error_setg_errno(err.errno, f"Failed to {step}")
        return None
    return sock


@emulates
def inet_listen_saddr(saddr: InetSocketAddress, port_offset: int, num: int) -> int:
    """util/qemu-sockets.c. Returns a socket that listens on the first free port. Error: there is none, or no such host."""
    if saddr.keep_alive:
        error_setg("keep-alive option is not supported for passive sockets")

    family = inet_ai_family_from_address(saddr)

    try:
        res = getaddrinfo(saddr.host or None, saddr.port, family, passive=True, numeric=bool(saddr.numeric))
    except GaiError as why:
        error_setg(f"address resolution failed for {saddr.host}:{saddr.port}: {why}")

    for e in res:
        port_max = saddr.to if saddr.to is not None else e.address.port
        for port in range(e.address.port, port_max + 1):
            sock = _bind_and_listen(e, port)
            if sock is not None:
                return sock.fd
    error_setg_errno(errno.EADDRINUSE, "Failed to find an available port")


@emulates
def inet_connect_addr(saddr: InetSocketAddress, addr: AddrInfo) -> HostSocket:
    """util/qemu-sockets.c. Error: nobody listens there."""
    here = host()
    sock = socket(here, addr.family, SOCK_STREAM)
    try:
        connect(here, sock, addr.address)
    except SimulatedError as err:
        here.close(sock.fd)
        error_setg_errno(err.errno, f"Failed to connect to '{saddr.host}:{saddr.port}'")
    return sock


@emulates
def inet_connect_saddr(saddr: InetSocketAddress) -> int:
    """util/qemu-sockets.c. Error: no such host, or nobody listens there."""
    family = inet_ai_family_from_address(saddr)
    try:
        res = getaddrinfo(saddr.host, saddr.port, family, passive=False, numeric=False)
    except GaiError as why:
        error_setg(f"address resolution failed for {saddr.host}:{saddr.port}: {why}")

    sock = _connect_first(saddr, res)
    if saddr.keep_alive:
        set_option(sock, "keepalive")
    return sock.fd


def _connect_first(saddr: InetSocketAddress, found: list[AddrInfo]) -> HostSocket:
    """Connect to the first of some addresses where somebody listens. Error: nobody does at the last."""
    for e in found[:-1]:
        try:
            return inet_connect_addr(saddr, e)
        except Error:
            continue
    return inet_connect_addr(saddr, found[-1])


def saddr_is_tight(saddr: UnixSocketAddress) -> bool:
    """Tell whether an abstract name ends with its last character; otherwise zeros fill it up (util/qemu-sockets.c)."""
    return saddr.tight is None or saddr.tight


def _unix_path(saddr: UnixSocketAddress) -> str:
    """Return the path, marked if it is abstract. Error: it is too long."""
    limit = SUN_PATH_SIZE - 1 if saddr.abstract else SUN_PATH_SIZE
    if len(saddr.path.encode()) > limit:
        try:
            error_setg(f"UNIX socket path '{saddr.path}' is too long")
        except Error as err:
            error_append_hint(err, f"Path must be less than {limit} bytes\n")
            raise
    if not saddr.abstract:
        return saddr.path
    return f"@{saddr.path}" if saddr_is_tight(saddr) else f"@{saddr.path}".ljust(SUN_PATH_SIZE, "\0")


@emulates
def unix_listen_saddr(saddr: UnixSocketAddress, num: int) -> int:
    """util/qemu-sockets.c. Error: the path is too long or in use."""
    here = host()
    path = _unix_path(saddr) or "/tmp/qemu-socket-AAAAAA"  # noqa: S108  # a name on the simulated host
    sock = socket(here, AF_UNIX, SOCK_STREAM)
    if not saddr.abstract:
        try:
            unlink(here, path)
        except SimulatedError as err:
            if err.errno != errno.ENOENT:
                here.close(sock.fd)
                error_setg_errno(err.errno, f"Failed to unlink socket {path}")
    try:
        bind(here, sock, UnixAddress(path))
    except SimulatedError as err:
        here.close(sock.fd)
        error_setg_errno(err.errno, f"Failed to bind socket to {saddr.path}")
    listen(here, sock)
    return sock.fd


@emulates
def unix_connect_saddr(saddr: UnixSocketAddress) -> int:
    """util/qemu-sockets.c. Error: the path is too long, or nobody listens there."""
    here = host()
    path = _unix_path(saddr)
    sock = socket(here, AF_UNIX, SOCK_STREAM)
    try:
        connect(here, sock, UnixAddress(path))
    except SimulatedError as err:
        here.close(sock.fd)
        error_setg_errno(err.errno, f"Failed to connect to '{saddr.path}'")
    return sock.fd


@emulates
def socket_sockaddr_to_address(sa: InetAddress | UnixAddress) -> SocketAddress:
    """util/qemu-sockets.c. Returns an address of the host as the schema has it."""
    if isinstance(sa, UnixAddress):
        addr = SocketAddress(type=SocketAddressType.UNIX)
        abstract = sa.path.startswith("@")
        path = sa.path.removeprefix("@").rstrip("\0")
        tight = len(sa.path.encode()) < SUN_PATH_SIZE if abstract else None
        addr.u.unix = UnixSocketAddress(path=path, abstract=abstract or None, tight=tight)
        return addr
    addr = SocketAddress(type=SocketAddressType.INET)
    inet = addr.u.inet = InetSocketAddress(host=sa.host, port=str(sa.port))
    if ":" in sa.host:
        inet.ipv6 = True
    else:
        inet.ipv4 = True
    return addr


@emulates
def socket_local_address(fd: int) -> SocketAddress:
    """util/qemu-sockets.c. Returns the address that a socket is bound to."""
    sock = host().get(fd)
    assert isinstance(sock, HostSocket)
    assert sock.sockname is not None
    return socket_sockaddr_to_address(sock.sockname)


@emulates
def socket_remote_address(fd: int) -> SocketAddress:
    """util/qemu-sockets.c. Returns the address of the other end."""
    sock = host().get(fd)
    assert isinstance(sock, HostSocket)
    return socket_sockaddr_to_address(sock.peername or UnixAddress(""))


@emulates
def socket_get_fd(fdstr: str) -> int:
    """util/qemu-sockets.c. Error: no number, or no socket behind it."""
    number = qemu_strtoi(fdstr, 10)
    if number.err:
        # errno is strtol's, which finds nothing wrong with text that is no number.
        error_setg_errno(errno.ERANGE if number.err == errno.ERANGE else 0, f"Unable to parse FD number {fdstr}")
    if not isinstance(host().descriptors.get(str(number.value)), HostSocket):
        error_setg(f"File descriptor '{fdstr}' is not a socket")
    return number.value


@emulates
def socket_connect(addr: SocketAddress) -> int:
    """util/qemu-sockets.c. Returns a connected socket. Error: it cannot be had."""
    if addr.type == SocketAddressType.INET:
        return inet_connect_saddr(addr.u.inet)
    if addr.type == SocketAddressType.UNIX:
        return unix_connect_saddr(addr.u.unix)
    if addr.type == SocketAddressType.FD:
        return socket_get_fd(addr.u.fd.str_)
    raise NotModelled("vsock addresses")


@emulates
def socket_listen(addr: SocketAddress, num: int) -> int:
    """util/qemu-sockets.c. Returns a socket that listens. Error: it cannot be had."""
    if addr.type == SocketAddressType.INET:
        return inet_listen_saddr(addr.u.inet, 0, num)
    if addr.type == SocketAddressType.UNIX:
        return unix_listen_saddr(addr.u.unix, num)
    if addr.type == SocketAddressType.FD:
        fd = socket_get_fd(addr.u.fd.str_)
        sock = host().get(fd)
        assert isinstance(sock, HostSocket)
        listen(host(), sock)
        return fd
    raise NotModelled("vsock addresses")
