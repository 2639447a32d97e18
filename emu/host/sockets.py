"""Sockets of the simulated host: addresses that are in use, listeners, connections."""

from __future__ import annotations

import errno
from ipaddress import IPv4Address
from typing import Final, Literal, NamedTuple

from emu.host.descriptors import Descriptor, Host, Peer, SimulatedError
from emu.host.outside import outside
from emu.trace import Seq, seq

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
    unlinked: bool = False
    """The path that it was bound to is gone or names another socket now."""
    backlog: Seq[HostSocket] = seq()
    """Connections that wait to be accepted."""
    other_end: HostSocket | None = None
    owner: Peer | None = None
    """The program of the host that holds it, None if the emulated one does."""
    inbox: bytes = b""
    """What has arrived and was not read yet."""
    datagrams: Seq[bytes] = seq()
    """Datagrams that have arrived and were not read yet."""
    hung_up: bool = False
    """The other end is closed."""
    nodelay: bool = False
    """What is written goes out at once (TCP_NODELAY)."""
    keepalive: bool = False
    """A connection on which nothing happens is asked whether it stands (SO_KEEPALIVE)."""
    connecting: bool = False
    """Whether the other end takes the connection is not known yet."""

    def closed(self) -> None:
        """The other end finds that out; who waited to be accepted is refused."""
        outside().closed(self)
        hang_up(self)
        for waiting in self.backlog:
            hang_up(waiting)

    def readable(self) -> bool:
        """Tell whether a read, or taking a connection, would not wait."""
        return bool(self.inbox) or self.hung_up or len(self.backlog) > 0 or len(self.datagrams) > 0

    def writable(self) -> bool:
        """Tell whether a write would not wait."""
        return not self.connecting


def socket(host: Host, family: str, type_: str) -> HostSocket:
    """Open a socket. SimulatedError: EMFILE."""
    made = HostSocket(family=family, type=type_)
    host.open(made)
    return made


def set_option(sock: HostSocket, option: Literal["nodelay", "keepalive"]) -> None:
    """Switch an option of a TCP socket on; others do not have it, which nobody asks about."""
    if sock.family != AF_UNIX:
        setattr(sock, option, True)
        outside().set_option(sock, option)


def is_local(host: Host, address: str) -> bool:
    """Tell whether a socket can be bound to an IPv4 address: an own one, any, a group, or broadcast."""
    ip = IPv4Address(address)
    return host.is_own(address) or ip.is_unspecified or ip.is_multicast or address == "255.255.255.255"


def is_here(host: Host, address: str) -> bool:
    """Tell whether a connection to an IPv4 address gets anywhere: to this host, which ``0.0.0.0`` means as well."""
    return host.is_own(address) or IPv4Address(address).is_unspecified


def others_like(host: Host, like: HostSocket) -> list[HostSocket]:
    """Return the other sockets of a family and type that can be found on this host."""
    own = [d for d in host.descriptors.values() if isinstance(d, HostSocket) and d is not like and not d.unlinked]
    every = [*own, *(d for d in host.foreign if isinstance(d, HostSocket) and not d.unlinked)]
    return [other for other in every if other.family == like.family and other.type == like.type]


def clash(one: InetAddress, other: InetAddress) -> bool:
    """Tell whether two addresses have a socket in common."""
    if one.port != other.port:
        return False
    wild = {"0.0.0.0", "::"}  # noqa: S104  # nothing is bound on the real host
    return one.host == other.host or one.host in wild or other.host in wild


def bind(host: Host, sock: HostSocket, address: InetAddress | UnixAddress) -> None:
    """Give a socket an address; port 0 takes a free one. SimulatedError: EADDRINUSE, EADDRNOTAVAIL."""
    if outside().is_real and sock.type != SOCK_RAW:
        outside().bind(sock, address)
        return
    others = [other for other in others_like(host, sock) if other.sockname is not None]
    if isinstance(address, UnixAddress):
        if any(other.sockname == address for other in others) or address.path in host.files:
            raise SimulatedError(errno.EADDRINUSE)
        if not address.path.startswith("@") and not host.has_folder_of(address.path):
            raise SimulatedError(errno.ENOENT)
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
        taken = [o for o in others if isinstance(o.sockname, InetAddress) and clash(wanted, o.sockname)]
        if not any(_refuses(sock, other) for other in taken):
            sock.sockname = wanted
            return
    raise SimulatedError(errno.EADDRINUSE)


def _refuses(sock: HostSocket, other: HostSocket) -> bool:
    """Linux shares a port among sockets that all have SO_REUSEADDR, unless one of them listens."""
    return not (sock.reuseaddr and other.reuseaddr and not other.listening)


def listen(host: Host, sock: HostSocket) -> None:
    """Wait for connections. SimulatedError: EADDRINUSE, another socket listens there."""
    if outside().is_real:
        outside().listen(sock)
        sock.listening = True
        return
    if isinstance(sock.sockname, InetAddress):
        for other in others_like(host, sock):
            if other.listening and isinstance(other.sockname, InetAddress) and clash(sock.sockname, other.sockname):
                raise SimulatedError(errno.EADDRINUSE)
    sock.listening = True


def connect(host: Host, sock: HostSocket, address: InetAddress | UnixAddress) -> None:
    """Connect to a socket of this host; there is no other host. SimulatedError: ECONNREFUSED, ENOENT, ENETUNREACH."""
    if outside().is_real:
        outside().connect(sock, address)
        return
    if sock.type == SOCK_DGRAM:
        sock.peername = address
        return
    if sock.family == AF_INET and isinstance(address, InetAddress) and not is_here(host, address.host):
        raise SimulatedError(errno.ENETUNREACH)
    for other in others_like(host, sock):
        if other.listening and _listens_at(other, address):
            if sock.sockname is None and isinstance(address, InetAddress):
                bind(host, sock, InetAddress(address.host, 0))
            sock.peername = address
            _join(sock, other)
            return
    if isinstance(address, UnixAddress):
        if host.files.get(address.path) == "denied":
            raise SimulatedError(errno.EACCES)
        bound = any(other.sockname == address for other in others_like(host, sock))
        raise SimulatedError(errno.ECONNREFUSED if bound or address.path in host.files else errno.ENOENT)
    raise SimulatedError(errno.ECONNREFUSED)


def _join(sock: HostSocket, listener: HostSocket) -> None:
    """Make the two ends of a connection; the listener's waits in its backlog, a program's is taken at once."""
    end = HostSocket(family=sock.family, type=sock.type, sockname=listener.sockname, peername=sock.sockname)
    sock.other_end, end.other_end = end, sock
    if listener.owner is None:
        listener.backlog.append(end)
    else:
        end.owner = listener.owner
        end.owner.connected(end)


def socketpair(host: Host) -> tuple[HostSocket, HostSocket]:
    """Open two sockets that are connected with each other. SimulatedError: EMFILE."""
    one, other = socket(host, AF_UNIX, SOCK_STREAM), socket(host, AF_UNIX, SOCK_STREAM)
    one.other_end, other.other_end = other, one
    return one, other


def accept(host: Host, listener: HostSocket) -> HostSocket | None:
    """Take the first connection that waits, None if none does. SimulatedError: EMFILE."""
    if not len(listener.backlog):
        return None
    sock = listener.backlog.pop(0)
    host.open(sock)
    return sock


def unlink(host: Host, path: str) -> None:
    """Remove a path; a socket that was bound to it cannot be found any more. SimulatedError: EACCES, ENOENT."""
    outside().unlink(path)
    bound = [s for s in [*host.descriptors.values(), *host.foreign] if isinstance(s, HostSocket) and not s.unlinked]
    there = [sock for sock in bound if sock.sockname == UnixAddress(path)]
    if host.files.get(path) == "denied":
        raise SimulatedError(errno.EACCES)
    if not there and path not in host.files:
        raise SimulatedError(errno.ENOENT)
    for sock in there:
        sock.unlinked = True
    if path in host.files:
        del host.files[path]


def send(sock: HostSocket, data: bytes) -> int:
    """Send bytes; return how many the other end takes. SimulatedError: EPIPE."""
    end = sock.other_end
    if sock.hung_up or end is None:
        raise SimulatedError(errno.EPIPE)
    end.inbox += data
    if end.owner is not None:
        end.owner.arrived(end)
    return len(data)


def receive(sock: HostSocket, size: int) -> bytes:
    """Return what has arrived, nothing at the end. SimulatedError: EAGAIN, nothing is there yet."""
    if not sock.inbox and not sock.hung_up:
        raise SimulatedError(errno.EAGAIN)
    data = sock.inbox[:size]
    if data:
        sock.inbox = sock.inbox[size:]
    return data


def hang_up(sock: HostSocket) -> None:
    """Close one end: the other finds that out."""
    end = sock.other_end
    if end is not None:
        sock.other_end = None
        end.hung_up = True
        if end.owner is not None:
            end.owner.left(end)


def _listens_at(other: HostSocket, address: InetAddress | UnixAddress) -> bool:
    if isinstance(address, InetAddress) and isinstance(other.sockname, InetAddress):
        return clash(other.sockname, address)
    return other.sockname == address


def connect_nonblocking(host: Host, sock: HostSocket, address: InetAddress) -> bool:
    """Begin to connect; whether it is done at once. A refusal comes later. SimulatedError: ENETUNREACH."""
    if outside().is_real:
        return outside().connect_nonblocking(sock, address)
    if not is_here(host, address.host):
        raise SimulatedError(errno.ENETUNREACH)
    try:
        connect(host, sock, address)
    except SimulatedError:
        sock.hung_up = True
        return False
    return True
