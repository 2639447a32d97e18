"""The socket backend once it is there (net/socket.c)."""

from __future__ import annotations

import errno
from collections.abc import Callable
from typing import Any, ClassVar

from emu.host import HostSocket, InetAddress, SimulatedError, host
from emu.host.datagrams import receive_datagram, send_datagram, sendto
from emu.host.sockets import AF_UNIX, accept, receive, send
from emu.net.net.address import sockaddr_in
from emu.net.net.mac import qemu_set_info_str
from emu.net.net.packets import qemu_flush_queued_packets, qemu_send_packet_async
from emu.net.net.readstate import net_fill_rstate, net_socket_rs_init
from emu.net.net.structs import NET_BUFSIZE, NetClientInfo, NetClientState, SocketReadState
from emu.qapi.qapi_types_net import NetClientDriver
from emu.qom.parts import Part, caster
from emu.trace import container_of, embedded, emulates
from emu.util.main_loop import qemu_set_fd_handler


class NetSocketState(Part):
    """The socket backend (net/socket.c). Begins with ``NetClientState nc``."""

    SIZE: ClassVar[int] = 70088
    listen_fd: int = 0
    fd: int = 0
    rs: SocketReadState = embedded(SocketReadState)
    send_index: int = 0
    dgram_dst: sockaddr_in | None = None
    send_fn: Callable[[Any], None] | None = None
    read_poll: bool = False
    write_poll: bool = False


NET_SOCKET_STATE = caster(NetSocketState, "NetSocketState")
NC = caster(NetClientState, "NetClientState")


@emulates
def net_socket_update_fd_handler(s: NetSocketState) -> None:
    """net/socket.c."""
    qemu_set_fd_handler(s.fd, s.send_fn if s.read_poll else None, net_socket_writable if s.write_poll else None, s)


@emulates
def net_socket_read_poll(s: NetSocketState, enable: bool) -> None:
    """net/socket.c."""
    s.read_poll = enable
    net_socket_update_fd_handler(s)


@emulates
def net_socket_write_poll(s: NetSocketState, enable: bool) -> None:
    """net/socket.c."""
    s.write_poll = enable
    net_socket_update_fd_handler(s)


@emulates
def net_socket_writable(opaque: NetSocketState) -> None:
    """net/socket.c. The host takes packets again."""
    s = opaque

    net_socket_write_poll(s, False)

    qemu_flush_queued_packets(NC(s))


def the_socket(fd: int) -> HostSocket:
    """Return the socket behind a descriptor. SimulatedError: EBADF."""
    sock = host().get(fd)
    assert isinstance(sock, HostSocket)
    return sock


@emulates
def net_socket_receive(nc: NetClientState, buf: bytes, size: int) -> int:
    """net/socket.c. Sends a packet after its length. Returns its size or a negative errno."""
    s = NET_SOCKET_STATE(nc)
    try:
        send(the_socket(s.fd), size.to_bytes(4, "big") + buf[:size])
    except SimulatedError as err:
        s.send_index = 0
        return -err.errno
    s.send_index = 0
    return size


@emulates
def net_socket_receive_dgram(nc: NetClientState, buf: bytes, size: int) -> int:
    """net/socket.c. Sends a datagram. Returns its size, 0 if the host takes no more for now, or -1."""
    s = NET_SOCKET_STATE(nc)
    try:
        sock = the_socket(s.fd)
        if s.dgram_dst is not None:
            return sendto(host(), sock, buf[:size], s.dgram_dst.inet)
        # QEMU 7.2 sends to address 0 and port 0 where no destination was given, which Linux refuses.
        return send_datagram(host(), sock, buf[:size]) if sock.family == AF_UNIX else -1
    except SimulatedError as err:
        if err.errno == errno.EAGAIN:
            net_socket_write_poll(s, True)
            return 0
        return -1


@emulates
def net_socket_send_completed(nc: NetClientState, len: int) -> None:
    """net/socket.c."""
    s = NET_SOCKET_STATE(nc)

    if not s.read_poll:
        net_socket_read_poll(s, True)


@emulates
def net_socket_rs_finalize(rs: SocketReadState) -> None:
    """net/socket.c. A packet is complete."""
    s: NetSocketState = container_of(rs)

    if qemu_send_packet_async(NC(s), rs.buf, rs.packet_len, net_socket_send_completed) == 0:
        net_socket_read_poll(s, False)


def _end_of_connection(s: NetSocketState) -> None:
    net_socket_read_poll(s, False)
    net_socket_write_poll(s, False)
    if s.listen_fd != -1:
        qemu_set_fd_handler(s.listen_fd, net_socket_accept, None, s)
    host().close(s.fd)

    s.fd = -1
    net_socket_rs_init(s.rs, net_socket_rs_finalize, False)
    NC(s).link_down = True
    qemu_set_info_str(NC(s), "")


@emulates
def net_socket_send(opaque: NetSocketState) -> None:
    """net/socket.c. Bytes have arrived, or the connection is over."""
    s = opaque
    try:
        buf = receive(the_socket(s.fd), NET_BUFSIZE)
    except SimulatedError as err:
        if err.errno == errno.EAGAIN:
            return
        buf = b""
    if not buf or net_fill_rstate(s.rs, buf, len(buf)) == -1:
        _end_of_connection(s)


@emulates
def net_socket_send_dgram(opaque: NetSocketState) -> None:
    """net/socket.c. A datagram has arrived."""
    s = opaque
    try:
        s.rs.buf = receive_datagram(the_socket(s.fd))
    except SimulatedError:
        return
    if not s.rs.buf:
        net_socket_read_poll(s, False)
        net_socket_write_poll(s, False)
        return
    if qemu_send_packet_async(NC(s), s.rs.buf, len(s.rs.buf), net_socket_send_completed) == 0:
        net_socket_read_poll(s, False)


@emulates
def net_socket_cleanup(nc: NetClientState) -> None:
    """net/socket.c."""
    s = NET_SOCKET_STATE(nc)
    if s.fd != -1:
        net_socket_read_poll(s, False)
        net_socket_write_poll(s, False)
        host().close(s.fd)
        s.fd = -1
    if s.listen_fd != -1:
        qemu_set_fd_handler(s.listen_fd, None, None, None)
        host().close(s.listen_fd)
        s.listen_fd = -1


net_dgram_socket_info = NetClientInfo(
    variable="net_dgram_socket_info",
    type=NetClientDriver.SOCKET,
    size=(NetClientState, NetSocketState),
    receive=net_socket_receive_dgram,
    cleanup=net_socket_cleanup,
)

net_socket_info = NetClientInfo(
    variable="net_socket_info",
    type=NetClientDriver.SOCKET,
    size=(NetClientState, NetSocketState),
    receive=net_socket_receive,
    cleanup=net_socket_cleanup,
)


@emulates
def net_socket_connect(opaque: NetSocketState) -> None:
    """net/socket.c. The connection stands."""
    s = opaque
    s.send_fn = net_socket_send
    net_socket_read_poll(s, True)


@emulates
def net_socket_accept(opaque: NetSocketState) -> None:
    """net/socket.c. Takes a client; no other is wanted then."""
    s = opaque
    try:
        sock = accept(host(), the_socket(s.listen_fd))
    except SimulatedError:
        return
    if sock is None:
        return
    qemu_set_fd_handler(s.listen_fd, None, None, None)

    s.fd = sock.fd
    NC(s).link_down = False
    net_socket_connect(s)
    peer = sock.peername if isinstance(sock.peername, InetAddress) else InetAddress("0.0.0.0", 0)  # noqa: S104
    qemu_set_info_str(NC(s), f"socket: connection from {peer.host}:{peer.port}")
