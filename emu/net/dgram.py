"""The dgram backend: packets as datagrams (net/dgram.c)."""

from __future__ import annotations

import errno
from typing import ClassVar

from emu.host import HostSocket, InetAddress, SimulatedError, UnixAddress, host
from emu.host.datagrams import receive_datagram, send_datagram, sendto
from emu.host.inet import inet_aton, inet_ntoa
from emu.host.sockets import AF_UNIX, SOCK_DGRAM, bind, socket, unlink
from emu.monitor.monitor import monitor_fd_param
from emu.net.net.address import convert_host_port, dgram_socket, in_multicast, mcast_socket, sockaddr_in
from emu.net.net.clients import qemu_new_net_client
from emu.net.net.mac import qemu_set_info_str
from emu.net.net.packets import qemu_flush_queued_packets, qemu_send_packet_async
from emu.net.net.readstate import net_socket_rs_init
from emu.net.net.structs import NetClientInfo, NetClientState, SocketReadState
from emu.qapi.error import error_setg, error_setg_errno
from emu.qapi.qapi_types_net import NetClientDriver, Netdev
from emu.qapi.qapi_types_sockets import SocketAddress, SocketAddressType
from emu.qom.parts import Part, caster
from emu.trace import container_of, embedded, emulates
from emu.util.main_loop import qemu_set_fd_handler

SUN_PATH_SIZE = 108


class NetDgramState(Part):
    """The dgram backend (net/dgram.c). Begins with ``NetClientState nc``."""

    SIZE: ClassVar[int] = 70072
    fd: int = 0
    rs: SocketReadState = embedded(SocketReadState)
    read_poll: bool = False
    write_poll: bool = False
    dest_addr: InetAddress | UnixAddress | None = None
    dest_len: int = 0


NET_DGRAM_STATE = caster(NetDgramState, "NetDgramState")
NC = caster(NetClientState, "NetClientState")


@emulates
def net_dgram_update_fd_handler(s: NetDgramState) -> None:
    """net/dgram.c."""
    qemu_set_fd_handler(s.fd, net_dgram_send if s.read_poll else None, net_dgram_writable if s.write_poll else None, s)


@emulates
def net_dgram_read_poll(s: NetDgramState, enable: bool) -> None:
    """net/dgram.c."""
    s.read_poll = enable
    net_dgram_update_fd_handler(s)


@emulates
def net_dgram_write_poll(s: NetDgramState, enable: bool) -> None:
    """net/dgram.c."""
    s.write_poll = enable
    net_dgram_update_fd_handler(s)


@emulates
def net_dgram_writable(opaque: NetDgramState) -> None:
    """net/dgram.c. The host takes packets again."""
    s = opaque

    net_dgram_write_poll(s, False)

    qemu_flush_queued_packets(NC(s))


@emulates
def net_dgram_receive(nc: NetClientState, buf: bytes, size: int) -> int:
    """net/dgram.c. Sends a datagram. Returns its size, 0 if the host takes no more for now, or -1."""
    s = NET_DGRAM_STATE(nc)
    try:
        sock = host().get(s.fd)
        assert isinstance(sock, HostSocket)
        if s.dest_addr is not None:
            return sendto(host(), sock, buf[:size], s.dest_addr)
        return send_datagram(host(), sock, buf[:size])
    except SimulatedError as err:
        if err.errno == errno.EAGAIN:
            net_dgram_write_poll(s, True)
            return 0
        return -1


@emulates
def net_dgram_send_completed(nc: NetClientState, len: int) -> None:
    """net/dgram.c."""
    s = NET_DGRAM_STATE(nc)

    if not s.read_poll:
        net_dgram_read_poll(s, True)


@emulates
def net_dgram_rs_finalize(rs: SocketReadState) -> None:
    """net/dgram.c. A packet is complete."""
    s: NetDgramState = container_of(rs)

    if qemu_send_packet_async(NC(s), rs.buf, rs.packet_len, net_dgram_send_completed) == 0:
        net_dgram_read_poll(s, False)


@emulates
def net_dgram_send(opaque: NetDgramState) -> None:
    """net/dgram.c. A datagram has arrived."""
    s = opaque
    try:
        sock = host().get(s.fd)
        assert isinstance(sock, HostSocket)
        s.rs.buf = receive_datagram(sock)
    except SimulatedError:
        return
    if not s.rs.buf:
        net_dgram_read_poll(s, False)
        net_dgram_write_poll(s, False)
        return
    if qemu_send_packet_async(NC(s), s.rs.buf, len(s.rs.buf), net_dgram_send_completed) == 0:
        net_dgram_read_poll(s, False)


@emulates
def net_dgram_mcast_create(mcastaddr: sockaddr_in, localaddr: int | None) -> int:
    """net/dgram.c. Returns a socket in a group. Error: the address names none, or the socket cannot be had."""
    return mcast_socket(mcastaddr, localaddr)


@emulates
def net_dgram_cleanup(nc: NetClientState) -> None:
    """net/dgram.c."""
    s = NET_DGRAM_STATE(nc)
    if s.fd != -1:
        net_dgram_read_poll(s, False)
        net_dgram_write_poll(s, False)
        host().close(s.fd)
        s.fd = -1
    s.dest_addr = None
    s.dest_len = 0


net_dgram_socket_info = NetClientInfo(
    variable="net_dgram_socket_info",
    type=NetClientDriver.DGRAM,
    size=(NetClientState, NetDgramState),
    receive=net_dgram_receive,
    cleanup=net_dgram_cleanup,
)


@emulates
def net_dgram_fd_init(peer: NetClientState | None, model: str, name: str, fd: int) -> NetDgramState:
    """net/dgram.c. The client of a socket."""
    nc = qemu_new_net_client(net_dgram_socket_info, peer, model, name)

    s = NET_DGRAM_STATE(nc)

    s.fd = fd
    net_socket_rs_init(s.rs, net_dgram_rs_finalize, False)
    net_dgram_read_poll(s, True)

    return s


def _passed_fd(name: str, local: SocketAddress) -> int:
    fd = monitor_fd_param(None, local.u.fd.str_)
    try:
        host().get(fd).nonblocking = True
    except SimulatedError as err:
        error_setg_errno(err.errno, f"{name}: Can't use file descriptor {fd}")
    return fd


@emulates
def net_dgram_mcast_init(
    peer: NetClientState | None, model: str, name: str, remote: SocketAddress, local: SocketAddress | None
) -> int:
    """net/dgram.c. A group. Error: malformed, or the socket cannot be had."""
    if remote.type != SocketAddressType.INET:
        error_setg("multicast only support inet type")

    saddr = sockaddr_in()
    convert_host_port(saddr, remote.u.inet.host, remote.u.inet.port)

    if local is None:
        fd = net_dgram_mcast_create(saddr, None)
    elif local.type == SocketAddressType.INET:
        localaddr = inet_aton(local.u.inet.host)
        if localaddr is None:
            error_setg(f"localaddr '{local.u.inet.host}' is not a valid IPv4 address")

        fd = net_dgram_mcast_create(saddr, localaddr)
    elif local.type == SocketAddressType.FD:
        fd = _passed_fd(name, local)
        # The socket may be shared with another process, which would get part of the datagrams.
        host().replace(fd, net_dgram_mcast_create(saddr, None))
    else:
        error_setg("only support inet or fd type for local")

    s = net_dgram_fd_init(peer, model, name, fd)

    s.dest_addr = saddr.inet
    s.dest_len = sockaddr_in.SIZE

    group = f"mcast={inet_ntoa(saddr.sin_addr)}:{saddr.sin_port}"
    if local is not None and local.type == SocketAddressType.FD:
        qemu_set_info_str(NC(s), f"fd={fd} (cloned {group})")
    else:
        qemu_set_info_str(NC(s), group)

    return 0


def _check_path(path: str) -> None:
    if len(path.encode()) >= SUN_PATH_SIZE:
        error_setg(f"UNIX socket path '{path}' is too long")


def _unix_socket(local: str, remote: str) -> int:
    here = host()
    try:
        unlink(here, local)
    except SimulatedError as err:
        if err.errno != errno.ENOENT:
            error_setg_errno(err.errno, f"failed to unlink socket {local}")
    _check_path(local)
    _check_path(remote)
    sock = socket(here, AF_UNIX, SOCK_DGRAM)
    try:
        bind(here, sock, UnixAddress(local))
    except SimulatedError as err:
        here.close(sock.fd)
        error_setg_errno(err.errno, f"can't bind unix={local} to socket")
    sock.nonblocking = True
    return sock.fd


def _check_pair(local: SocketAddress | None, remote: SocketAddress | None) -> SocketAddress:
    if local is None:
        error_setg("dgram requires local= parameter")

    if remote is not None:
        if local.type == SocketAddressType.FD:
            error_setg("don't set remote with local.fd")
        if remote.type != local.type:
            error_setg("remote and local types must be the same")
    elif local.type != SocketAddressType.FD:
        error_setg("type=inet or type=unix requires remote parameter")
    return local


@emulates
def net_init_dgram(netdev: Netdev, name: str, peer: NetClientState | None) -> int:
    """net/dgram.c. ``-netdev dgram``. Error: addresses that do not go together, or the host refuses."""
    assert netdev.type == NetClientDriver.DGRAM

    remote = netdev.u.dgram.remote
    local = netdev.u.dgram.local

    if remote is not None and remote.type == SocketAddressType.INET:
        mcastaddr = sockaddr_in()
        convert_host_port(mcastaddr, remote.u.inet.host, remote.u.inet.port)

        if in_multicast(mcastaddr.sin_addr):
            return net_dgram_mcast_init(peer, "dram", name, remote, local)

    local = _check_pair(local, remote)

    dest: InetAddress | UnixAddress | None = None
    if local.type == SocketAddressType.INET:
        assert remote is not None
        laddr, raddr = sockaddr_in(), sockaddr_in()
        convert_host_port(laddr, local.u.inet.host, local.u.inet.port)
        convert_host_port(raddr, remote.u.inet.host, remote.u.inet.port)

        fd = dgram_socket(laddr).fd
        dest = raddr.inet
        # inet_ntoa has one buffer: the text of the address that is written last stands for both.
        shown = inet_ntoa(laddr.sin_addr)
        info = f"udp={shown}:{laddr.sin_port}/{shown}:{raddr.sin_port}"
    elif local.type == SocketAddressType.UNIX:
        assert remote is not None
        fd = _unix_socket(local.u.unix.path, remote.u.unix.path)
        dest = UnixAddress(remote.u.unix.path)
        info = f"udp={local.u.unix.path}:{remote.u.unix.path}"
    elif local.type == SocketAddressType.FD:
        fd = _passed_fd(name, local)
        sock = host().get(fd)
        info = f"fd={fd} {'unix' if sock.family == AF_UNIX else 'inet'}" if isinstance(sock, HostSocket) else f"fd={fd}"
    else:
        error_setg("only support inet or fd type for local")

    s = net_dgram_fd_init(peer, "dgram", name, fd)

    if dest is not None:
        s.dest_addr = dest
        s.dest_len = sockaddr_in.SIZE if isinstance(dest, InetAddress) else SUN_PATH_SIZE + 2

    qemu_set_info_str(NC(s), info)

    return 0
