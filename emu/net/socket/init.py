"""How the socket backend comes into being (net/socket.c)."""

from __future__ import annotations

from emu.host import HostSocket, SimulatedError, host
from emu.host.inet import inet_aton, inet_ntoa
from emu.host.sockets import AF_INET, SOCK_DGRAM, SOCK_STREAM, bind, connect_nonblocking, listen, set_option, socket
from emu.monitor.monitor import monitor_fd_param
from emu.net.net.address import dgram_socket, mcast_socket, parse_host_port, sockaddr_in
from emu.net.net.clients import qemu_new_net_client
from emu.net.net.mac import qemu_set_info_str
from emu.net.net.readstate import net_socket_rs_init
from emu.net.net.structs import NetClientState
from emu.net.socket.state import (
    NC,
    NET_SOCKET_STATE,
    NetSocketState,
    net_dgram_socket_info,
    net_socket_accept,
    net_socket_connect,
    net_socket_info,
    net_socket_read_poll,
    net_socket_rs_finalize,
    net_socket_send_dgram,
)
from emu.qapi.error import error_setg, error_setg_errno
from emu.qapi.qapi_types_net import NetClientDriver, Netdev
from emu.trace import emulates
from emu.util.main_loop import qemu_set_fd_handler


@emulates
def net_socket_mcast_create(mcastaddr: sockaddr_in, localaddr: int | None) -> int:
    """net/socket.c. Returns a socket in a group. Error: the address names none, or the socket cannot be had."""
    return mcast_socket(mcastaddr, localaddr)


def _family(sock: HostSocket) -> str:
    return "unix" if sock.family == "unix" else "inet"


@emulates
def net_socket_fd_init_dgram(
    peer: NetClientState | None, model: str, name: str, fd: int, is_connected: bool, mcast: str | None
) -> NetSocketState:
    """net/socket.c. The client of a datagram socket."""
    sock = host().get(fd)
    assert isinstance(sock, HostSocket)
    sa_type = _family(sock)
    saddr: sockaddr_in | None = None

    if is_connected and mcast is not None:
        saddr = sockaddr_in()
        parse_host_port(saddr, mcast)
        if saddr.sin_addr == 0:
            error_setg("can't setup multicast destination address")
        # One of several processes that share the socket would get each datagram: this one takes a socket of its own.
        host().replace(fd, net_socket_mcast_create(saddr, None))

    nc = qemu_new_net_client(net_dgram_socket_info, peer, model, name)

    s = NET_SOCKET_STATE(nc)

    s.fd = fd
    s.listen_fd = -1
    s.send_fn = net_socket_send_dgram
    net_socket_rs_init(s.rs, net_socket_rs_finalize, False)
    net_socket_read_poll(s, True)

    if saddr is not None:
        s.dgram_dst = saddr
        qemu_set_info_str(nc, f"socket: fd={fd} (cloned mcast={inet_ntoa(saddr.sin_addr)}:{saddr.sin_port})")
    else:
        qemu_set_info_str(nc, f"socket: fd={fd} {sa_type}")

    return s


@emulates
def net_socket_fd_init_stream(peer: NetClientState | None, model: str, name: str, fd: int, is_connected: bool) -> NetSocketState:
    """net/socket.c. The client of a connected socket, or of one that will be."""
    nc = qemu_new_net_client(net_socket_info, peer, model, name)

    qemu_set_info_str(nc, f"socket: fd={fd}")

    s = NET_SOCKET_STATE(nc)

    s.fd = fd
    s.listen_fd = -1
    net_socket_rs_init(s.rs, net_socket_rs_finalize, False)

    sock = host().get(fd)
    assert isinstance(sock, HostSocket)
    set_option(sock, "nodelay")

    if is_connected:
        net_socket_connect(s)
    else:
        qemu_set_fd_handler(s.fd, None, net_socket_connect, s)
    return s


@emulates
def net_socket_fd_init(
    peer: NetClientState | None, model: str, name: str, fd: int, is_connected: bool, mc: str | None
) -> NetSocketState:
    """net/socket.c. Error: it is no socket."""
    sock = host().get(fd)
    if not isinstance(sock, HostSocket):
        error_setg("can't get socket option SO_TYPE")
    if sock.type == SOCK_DGRAM:
        return net_socket_fd_init_dgram(peer, model, name, fd, is_connected, mc)
    return net_socket_fd_init_stream(peer, model, name, fd, is_connected)


@emulates
def net_socket_listen_init(peer: NetClientState | None, model: str, name: str, host_str: str) -> int:
    """net/socket.c. ``listen=``. Error: malformed, or the address is in use."""
    saddr = sockaddr_in()

    parse_host_port(saddr, host_str)

    here = host()
    sock = socket(here, AF_INET, SOCK_STREAM)
    sock.nonblocking = True
    sock.reuseaddr = True

    try:
        bind(here, sock, saddr.inet)
    except SimulatedError as err:
        here.close(sock.fd)
        error_setg_errno(err.errno, f"can't bind ip={inet_ntoa(saddr.sin_addr)} to socket")
    try:
        listen(here, sock)
    except SimulatedError as err:
        here.close(sock.fd)
        error_setg_errno(err.errno, "can't listen on socket")

    nc = qemu_new_net_client(net_socket_info, peer, model, name)
    s = NET_SOCKET_STATE(nc)
    s.fd = -1
    s.listen_fd = sock.fd
    nc.link_down = True
    net_socket_rs_init(s.rs, net_socket_rs_finalize, False)

    qemu_set_fd_handler(s.listen_fd, net_socket_accept, None, s)
    return 0


@emulates
def net_socket_connect_init(peer: NetClientState | None, model: str, name: str, host_str: str) -> int:
    """net/socket.c. ``connect=``: begins to connect. Error: malformed, or there is no way to there."""
    saddr = sockaddr_in()

    parse_host_port(saddr, host_str)

    here = host()
    sock = socket(here, AF_INET, SOCK_STREAM)
    sock.nonblocking = True

    try:
        connected = connect_nonblocking(here, sock, saddr.inet)
    except SimulatedError as err:
        here.close(sock.fd)
        error_setg_errno(err.errno, "can't connect socket")
    s = net_socket_fd_init(peer, model, name, sock.fd, connected, None)

    qemu_set_info_str(NC(s), f"socket: connect to {inet_ntoa(saddr.sin_addr)}:{saddr.sin_port}")
    return 0


@emulates
def net_socket_mcast_init(peer: NetClientState | None, model: str, name: str, host_str: str, localaddr_str: str | None) -> int:
    """net/socket.c. ``mcast=``. Error: malformed, or the socket cannot be had."""
    saddr = sockaddr_in()

    parse_host_port(saddr, host_str)

    localaddr: int | None = None
    if localaddr_str is not None:
        localaddr = inet_aton(localaddr_str)
        if localaddr is None:
            error_setg(f"localaddr '{localaddr_str}' is not a valid IPv4 address")

    fd = net_socket_mcast_create(saddr, localaddr)
    s = net_socket_fd_init(peer, model, name, fd, False, None)

    s.dgram_dst = saddr

    qemu_set_info_str(NC(s), f"socket: mcast={inet_ntoa(saddr.sin_addr)}:{saddr.sin_port}")
    return 0


@emulates
def net_socket_udp_init(peer: NetClientState | None, model: str, name: str, rhost: str, lhost: str) -> int:
    """net/socket.c. ``udp=``. Error: malformed, or the address cannot be had."""
    laddr, raddr = sockaddr_in(), sockaddr_in()

    parse_host_port(laddr, lhost)
    parse_host_port(raddr, rhost)

    sock = dgram_socket(laddr)
    s = net_socket_fd_init(peer, model, name, sock.fd, False, None)

    s.dgram_dst = raddr

    qemu_set_info_str(NC(s), f"socket: udp={inet_ntoa(raddr.sin_addr)}:{raddr.sin_port}")
    return 0


@emulates
def net_init_socket(netdev: Netdev, name: str, peer: NetClientState | None) -> int:
    """net/socket.c. ``-netdev socket``. Error: options that do not go together, or the host refuses."""
    assert netdev.type == NetClientDriver.SOCKET
    sock = netdev.u.socket

    ways = [way for way in (sock.fd, sock.listen, sock.connect, sock.mcast, sock.udp) if way is not None]
    if len(ways) != 1:
        error_setg("exactly one of listen=, connect=, mcast= or udp= is required")

    if sock.localaddr is not None and sock.mcast is None and sock.udp is None:
        error_setg("localaddr= is only valid with mcast= or udp=")

    if sock.fd is not None:
        fd = monitor_fd_param(None, sock.fd)
        try:
            host().get(fd).nonblocking = True
        except SimulatedError as err:
            error_setg_errno(err.errno, f"{name}: Can't use file descriptor {fd}")
        net_socket_fd_init(peer, "socket", name, fd, True, sock.mcast)
        return 0

    if sock.listen is not None:
        return net_socket_listen_init(peer, "socket", name, sock.listen)

    if sock.connect is not None:
        return net_socket_connect_init(peer, "socket", name, sock.connect)

    if sock.mcast is not None:
        return net_socket_mcast_init(peer, "socket", name, sock.mcast, sock.localaddr)

    assert sock.udp is not None
    if sock.localaddr is None:
        error_setg("localaddr= is mandatory with udp=")
    return net_socket_udp_init(peer, "socket", name, sock.udp, sock.localaddr)
