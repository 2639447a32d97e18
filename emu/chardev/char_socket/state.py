"""A connection comes and goes, bytes and descriptors pass over it (chardev/char-socket.c)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from emu.chardev.char import qemu_chr_be_event
from emu.chardev.char_socket.structs import (
    CONNECTED,
    CONNECTING,
    DISCONNECTED,
    SOCKET_CHARDEV,
    SocketChardev,
    TCPChardevState,
)
from emu.chardev.structs import CHARDEV, CHR_EVENT_CLOSED, CHR_EVENT_OPENED, Chardev
from emu.chardev.transfer import qemu_chr_be_can_write, qemu_chr_be_write
from emu.errors import NotModelled, WaitsForEver
from emu.host import HostSocket, InetAddress, SimulatedError, UnixAddress, host
from emu.host.outside import outside
from emu.host.sockets import receive, send
from emu.io.channel import QIO_CHANNEL_FEATURE_FD_PASS
from emu.io.channel_socket import QIOChannelSocket
from emu.io.net_listener import qio_net_listener_set_client_func
from emu.qapi.qapi_types_sockets import SocketAddressType
from emu.qom.object import OBJECT, object_unref
from emu.trace import emulates
from emu.util.gsource import (
    G_IO_HUP,
    G_IO_IN,
    G_SOURCE_CONTINUE,
    G_SOURCE_REMOVE,
    GSource,
    g_source_attach,
    g_source_destroy,
)
from emu.util.qemu_timer import QEMU_CLOCK_REALTIME, qemu_clock_get_ms, timer_free, timer_mod, timer_new_ms

CHR_READ_BUF_LEN: Final = 4096


@emulates
def tcp_chr_change_state(s: SocketChardev, state: TCPChardevState) -> None:
    """chardev/char-socket.c."""
    assert state != CONNECTING or s.state == DISCONNECTED
    assert state != CONNECTED or s.state == CONNECTING
    s.state = state


@emulates
def tcp_chr_reconn_timer_cancel(s: SocketChardev) -> None:
    """chardev/char-socket.c."""
    if s.reconnect_timer:
        timer_free(s.reconnect_timer)
        s.reconnect_timer = None


@emulates
def qemu_chr_socket_restart_timer(chr_: Chardev) -> None:
    """chardev/char-socket.c. To try again in ``reconnect`` seconds."""
    from emu.chardev.char_socket.connect import socket_reconnect_timeout

    s = SOCKET_CHARDEV(chr_)
    assert s.state == DISCONNECTED
    assert not s.reconnect_timer
    s.reconnect_timer = timer_new_ms(QEMU_CLOCK_REALTIME, socket_reconnect_timeout, chr_)
    timer_mod(s.reconnect_timer, qemu_clock_get_ms(QEMU_CLOCK_REALTIME) + s.reconnect_time * 1000)


def connection(s: SocketChardev) -> HostSocket:
    """Return the socket of a connection."""
    assert s.sioc
    sock = host().get(s.sioc.fd)
    assert isinstance(sock, HostSocket)
    return sock


@emulates
def tcp_chr_write(chr_: Chardev, buf: bytes, len: int) -> int:
    """chardev/char-socket.c. Returns -1 without a connection; one that is broken ends here."""
    s = SOCKET_CHARDEV(chr_)

    if s.state != CONNECTED:
        return -1
    try:
        ret = send(connection(s), buf[:len])
        s.write_msgfds = ()
    except SimulatedError:
        ret = -1
        if tcp_chr_read_poll(chr_) <= 0:
            tcp_chr_disconnect_locked(chr_)
    return ret


@emulates
def tcp_chr_read_poll(opaque: Chardev) -> int:
    """chardev/char-socket.c. Returns how many bytes may be read."""
    s = SOCKET_CHARDEV(opaque)
    if s.state != CONNECTED:
        return 0
    s.max_size = qemu_chr_be_can_write(opaque)
    return s.max_size


@emulates
def tcp_set_msgfds(chr_: Chardev, fds: Sequence[int], num: int) -> int:
    """chardev/char-socket.c. Descriptors for the next write. Returns -1 if the socket cannot pass any."""
    s = SOCKET_CHARDEV(chr_)

    s.write_msgfds = ()
    if s.state != CONNECTED or not s.ioc or not s.ioc.features & (1 << QIO_CHANNEL_FEATURE_FD_PASS):
        return -1
    s.write_msgfds = tuple(fds[:num])
    return 0


@emulates
def tcp_chr_recv(chr_: Chardev, len: int) -> bytes:
    """chardev/char-socket.c. Returns what has arrived, nothing at the end. SimulatedError: EAGAIN."""
    return receive(connection(SOCKET_CHARDEV(chr_)), len)


@emulates
def tcp_chr_add_watch(chr_: Chardev, cond: int) -> GSource | None:
    """chardev/char-socket.c. Returns a watch on the connection, None if there is none."""
    s = SOCKET_CHARDEV(chr_)
    return GSource(fd=s.sioc.fd, condition=cond) if s.sioc else None


@emulates
def remove_hup_source(s: SocketChardev) -> None:
    """chardev/char-socket.c."""
    if s.hup_source is not None:
        g_source_destroy(s.hup_source)
        s.hup_source = None


def remove_fd_in_watch(s: SocketChardev) -> None:
    """Read no more (chardev/char-io.c)."""
    if s.read_source is not None:
        g_source_destroy(s.read_source)
        s.read_source = None


@emulates
def tcp_chr_free_connection(chr_: Chardev) -> None:
    """chardev/char-socket.c."""
    s = SOCKET_CHARDEV(chr_)

    remove_hup_source(s)

    tcp_set_msgfds(chr_, (), 0)
    remove_fd_in_watch(s)
    if s.sioc:
        object_unref(OBJECT(s.sioc))
    s.sioc = None
    if s.ioc:
        object_unref(OBJECT(s.ioc))
    s.ioc = None
    chr_.filename = None
    tcp_chr_change_state(s, DISCONNECTED)


@emulates
def qemu_chr_socket_protocol(s: SocketChardev) -> str:
    """chardev/char-socket.c."""
    if s.is_telnet:
        return "telnet"
    return "websocket" if s.is_websock else "tcp"


@emulates
def qemu_chr_socket_address(s: SocketChardev, prefix: str) -> str:
    """chardev/char-socket.c. Returns the address as ``info chardev`` shows it."""
    assert s.addr
    server = ",server=on" if s.is_listen else ""
    u = s.addr.u
    if s.addr.type == SocketAddressType.INET:
        return f"{prefix}{qemu_chr_socket_protocol(s)}:{u.inet.host}:{u.inet.port}{server}"
    if s.addr.type == SocketAddressType.UNIX:
        abstract = ",abstract=on" if u.unix.abstract else ""
        tight = ",tight=on" if u.unix.abstract and u.unix.tight else ""
        return f"{prefix}unix:{u.unix.path}{abstract}{tight}{server}"
    if s.addr.type == SocketAddressType.FD:
        return f"{prefix}fd:{u.fd.str_}{server}"
    return f"{prefix}vsock:{u.vsock.cid}:{u.vsock.port}"


@emulates
def update_disconnected_filename(s: SocketChardev) -> None:
    """chardev/char-socket.c."""
    CHARDEV(s).filename = qemu_chr_socket_address(s, "disconnected:") if s.addr else "disconnected:socket"


@emulates
def tcp_chr_disconnect_locked(chr_: Chardev) -> None:
    """chardev/char-socket.c. The connection is over; a server waits for the next, a client may try again."""
    from emu.chardev.char_socket.connect import tcp_chr_accept

    s = SOCKET_CHARDEV(chr_)
    emit_close = s.state == CONNECTED

    tcp_chr_free_connection(chr_)

    if s.listener:
        qio_net_listener_set_client_func(s.listener, tcp_chr_accept, chr_)
    update_disconnected_filename(s)
    if emit_close:
        qemu_chr_be_event(chr_, CHR_EVENT_CLOSED)
    if s.reconnect_time and not s.reconnect_timer:
        qemu_chr_socket_restart_timer(chr_)


@emulates
def tcp_chr_disconnect(chr_: Chardev) -> None:
    """chardev/char-socket.c."""
    tcp_chr_disconnect_locked(chr_)


@emulates
def tcp_chr_read(opaque: Chardev) -> bool:
    """chardev/char-socket.c. Something has arrived, or the connection is over."""
    chr_ = opaque
    s = SOCKET_CHARDEV(chr_)

    if s.state != CONNECTED or s.max_size <= 0:
        return G_SOURCE_CONTINUE
    try:
        buf = tcp_chr_recv(chr_, min(CHR_READ_BUF_LEN, s.max_size))
    except SimulatedError:
        return G_SOURCE_CONTINUE
    if not buf:
        tcp_chr_disconnect(chr_)
    else:
        if s.do_telnetopt:
            raise NotModelled("telnet over a character device")
        qemu_chr_be_write(chr_, buf, len(buf))
    return G_SOURCE_CONTINUE


def poll_and_read(chr_: Chardev) -> bool:
    """What ``io_watch_poll_prepare`` and the watch below it do (chardev/char-io.c): read where somebody wants to."""
    return tcp_chr_read(chr_) if tcp_chr_read_poll(chr_) > 0 else G_SOURCE_CONTINUE


@emulates
def tcp_chr_hup(opaque: Chardev) -> bool:
    """chardev/char-socket.c. The other end has closed the connection."""
    tcp_chr_disconnect(opaque)
    return G_SOURCE_REMOVE


@emulates
def tcp_chr_sync_read(chr_: Chardev, size: int) -> tuple[int, bytes]:
    """chardev/char-socket.c. Waits for bytes; returns how many (0: the end) and the bytes. WaitsForEver: none come."""
    s = SOCKET_CHARDEV(chr_)

    if s.state != CONNECTED:
        return 0, b""
    outside().await_bytes(connection(s))
    try:
        buf = tcp_chr_recv(chr_, size)
    except SimulatedError as err:
        raise WaitsForEver(f"nobody answers on character device '{chr_.label}'") from err
    if not buf:
        tcp_chr_disconnect(chr_)
    return len(buf), buf


def _shown(sioc: QIOChannelSocket) -> tuple[str, str]:
    sock = host().get(sioc.fd)
    assert isinstance(sock, HostSocket)

    def text(address: InetAddress | UnixAddress | None) -> str:
        if not isinstance(address, InetAddress):
            return "0.0.0.0:0"
        return f"[{address.host}]:{address.port}" if ":" in address.host else f"{address.host}:{address.port}"

    return text(sock.sockname), text(sock.peername)


@emulates
def qemu_chr_compute_filename(s: SocketChardev) -> str:
    """chardev/char-socket.c. Returns both addresses of a connection as ``info chardev`` shows them."""
    sock = connection(s)
    server = ",server=on" if s.is_listen else ""
    if sock.family == "unix":
        path = sock.sockname.path if isinstance(sock.sockname, UnixAddress) else ""
        return f"unix:{path}{server}"
    assert s.sioc
    left, right = _shown(s.sioc)
    return f"{qemu_chr_socket_protocol(s)}:{left}{server} <-> {right}"


@emulates
def update_ioc_handlers(s: SocketChardev) -> None:
    """chardev/char-socket.c. Watches the connection."""
    chr_ = CHARDEV(s)

    if s.state != CONNECTED:
        return

    remove_fd_in_watch(s)
    assert s.sioc
    s.read_source = GSource(fd=s.sioc.fd, condition=G_IO_IN)
    g_source_attach(s.read_source, poll_and_read, chr_)

    remove_hup_source(s)
    s.hup_source = GSource(fd=s.sioc.fd, condition=G_IO_HUP)
    g_source_attach(s.hup_source, tcp_chr_hup, chr_)


@emulates
def tcp_chr_connect(opaque: Chardev) -> None:
    """chardev/char-socket.c. The connection stands."""
    chr_ = opaque
    s = SOCKET_CHARDEV(opaque)

    chr_.filename = qemu_chr_compute_filename(s)

    tcp_chr_change_state(s, CONNECTED)
    update_ioc_handlers(s)
    qemu_chr_be_event(chr_, CHR_EVENT_OPENED)


@emulates
def tcp_chr_update_read_handler(chr_: Chardev) -> None:
    """chardev/char-socket.c. Who holds the device has changed its mind about what to call."""
    from emu.chardev.char_socket.connect import tcp_chr_accept

    s = SOCKET_CHARDEV(chr_)

    if s.listener and s.state == DISCONNECTED:
        qio_net_listener_set_client_func(s.listener, tcp_chr_accept, chr_)

    update_ioc_handlers(s)
