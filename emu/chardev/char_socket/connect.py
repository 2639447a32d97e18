"""How a character device gets its connection, as a client or as a server (chardev/char-socket.c)."""

from __future__ import annotations

from emu.chardev.char_socket.state import (
    qemu_chr_socket_restart_timer,
    tcp_chr_change_state,
    tcp_chr_connect,
    tcp_chr_reconn_timer_cancel,
)
from emu.chardev.char_socket.structs import CONNECTED, CONNECTING, DISCONNECTED, SOCKET_CHARDEV
from emu.chardev.structs import Chardev
from emu.errors import NotModelled, WaitsForEver
from emu.host import host
from emu.io.channel import QIO_CHANNEL, qio_channel_set_name
from emu.io.channel_socket import (
    QIO_CHANNEL_SOCKET,
    QIOChannelSocket,
    qio_channel_set_delay,
    qio_channel_socket_connect_sync,
    qio_channel_socket_new,
    qio_channel_socket_new_fd,
)
from emu.io.net_listener import QIONetListener, qio_net_listener_set_client_func, qio_net_listener_wait_client
from emu.io.task import QIOTask, qio_task_new, qio_task_run_in_thread, qio_task_set_error, qio_task_wait_thread
from emu.qapi.error import Error, error_reportf_err, error_setg
from emu.qapi.qapi_types_sockets import SocketAddress
from emu.qom.object import OBJECT, object_ref, object_unref
from emu.trace import emulates
from emu.util.error_report import info_report


@emulates
def check_report_connect_error(chr_: Chardev, err: Error) -> None:
    """chardev/char-socket.c. Says it once, then tries again in silence."""
    s = SOCKET_CHARDEV(chr_)

    if not s.connect_err_reported:
        error_reportf_err(err, f"Unable to connect character device {chr_.label}: ")
        s.connect_err_reported = True
    qemu_chr_socket_restart_timer(chr_)


@emulates
def tcp_chr_set_client_ioc_name(chr_: Chardev, sioc: QIOChannelSocket) -> None:
    """chardev/char-socket.c."""
    kind = "server" if SOCKET_CHARDEV(chr_).is_listen else "client"
    qio_channel_set_name(QIO_CHANNEL(sioc), f"chardev-tcp-{kind}-{chr_.label}")


@emulates
def tcp_chr_new_client(chr_: Chardev, sioc: QIOChannelSocket) -> int:
    """chardev/char-socket.c. A socket is connected. NotModelled: websocket, telnet."""
    s = SOCKET_CHARDEV(chr_)

    if s.state != CONNECTING:
        return -1

    s.ioc = QIO_CHANNEL(sioc)
    object_ref(OBJECT(sioc))
    s.sioc = sioc
    object_ref(OBJECT(sioc))

    host().get(sioc.fd).nonblocking = True

    if s.do_nodelay:
        qio_channel_set_delay(sioc, False)
    if s.listener:
        qio_net_listener_set_client_func(s.listener, None, None)

    if s.is_websock or s.do_telnetopt:
        raise NotModelled("websocket and telnet over a character device")
    tcp_chr_connect(chr_)

    return 0


@emulates
def tcp_chr_add_client(chr_: Chardev, fd: int) -> int:
    """chardev/char-socket.c. Takes a socket that is connected already; -1 if there is a connection."""
    s = SOCKET_CHARDEV(chr_)

    if s.state != DISCONNECTED:
        return -1

    sioc = qio_channel_socket_new_fd(fd)
    tcp_chr_change_state(s, CONNECTING)
    tcp_chr_set_client_ioc_name(chr_, sioc)
    ret = tcp_chr_new_client(chr_, sioc)
    object_unref(OBJECT(sioc))
    return ret


@emulates
def tcp_chr_accept(listener: QIONetListener, cioc: QIOChannelSocket, opaque: Chardev) -> None:
    """chardev/char-socket.c. A client has come."""
    chr_ = opaque

    tcp_chr_change_state(SOCKET_CHARDEV(chr_), CONNECTING)
    tcp_chr_set_client_ioc_name(chr_, cioc)
    tcp_chr_new_client(chr_, cioc)


@emulates
def tcp_chr_connect_client_sync(chr_: Chardev) -> int:
    """chardev/char-socket.c. Error: nobody listens there."""
    s = SOCKET_CHARDEV(chr_)
    assert s.addr
    sioc = qio_channel_socket_new()
    tcp_chr_change_state(s, CONNECTING)
    tcp_chr_set_client_ioc_name(chr_, sioc)
    try:
        qio_channel_socket_connect_sync(sioc, s.addr)
    except Error:
        tcp_chr_change_state(s, DISCONNECTED)
        object_unref(OBJECT(sioc))
        raise
    tcp_chr_new_client(chr_, sioc)
    object_unref(OBJECT(sioc))
    return 0


@emulates
def tcp_chr_accept_server_sync(chr_: Chardev) -> None:
    """chardev/char-socket.c. Waits for a client. WaitsForEver: none comes."""
    s = SOCKET_CHARDEV(chr_)
    assert s.listener
    info_report(f"QEMU waiting for connection on: {chr_.filename}")
    tcp_chr_change_state(s, CONNECTING)
    sioc = qio_net_listener_wait_client(s.listener)
    tcp_chr_set_client_ioc_name(chr_, sioc)
    tcp_chr_new_client(chr_, sioc)
    object_unref(OBJECT(sioc))


@emulates
def tcp_chr_wait_connected(chr_: Chardev) -> int:
    """chardev/char-socket.c. Error: a protocol that takes time, or nobody listens. WaitsForEver: it would try and try."""
    s = SOCKET_CHARDEV(chr_)
    for option, is_set in (("telnet", s.is_telnet), ("tn3270", s.is_tn3270), ("websock", s.is_websock)):
        if is_set:
            error_setg(f"'{option}' option is incompatible with waiting for connection completion")

    tcp_chr_reconn_timer_cancel(s)

    if s.state == CONNECTING:
        if s.connect_task is None:
            error_setg("Unexpected 'connecting' state without connect task while waiting for connection completion")
        qio_task_wait_thread(s.connect_task)

    while s.state != CONNECTED:
        if s.is_listen:
            tcp_chr_accept_server_sync(chr_)
            continue
        try:
            tcp_chr_connect_client_sync(chr_)
        except Error as err:
            if s.reconnect_time:
                raise WaitsForEver(f"character device '{chr_.label}': {err}") from err
            raise

    return 0


@emulates
def qemu_chr_socket_connected(task: QIOTask, opaque: Chardev) -> None:
    """chardev/char-socket.c. The attempt is over."""
    chr_ = opaque
    s = SOCKET_CHARDEV(chr_)
    sioc = QIO_CHANNEL_SOCKET(task.source)

    s.connect_task = None

    if task.error is not None:
        tcp_chr_change_state(s, DISCONNECTED)
        check_report_connect_error(chr_, Error(task.error))
    else:
        s.connect_err_reported = False
        tcp_chr_new_client(chr_, sioc)
    object_unref(OBJECT(sioc))


@emulates
def tcp_chr_connect_client_task(task: QIOTask, opaque: SocketAddress) -> None:
    """chardev/char-socket.c. Runs in a thread."""
    try:
        qio_channel_socket_connect_sync(QIO_CHANNEL_SOCKET(task.source), opaque)
    except Error as err:
        qio_task_set_error(task, err)
    else:
        qio_task_set_error(task, None)


@emulates
def tcp_chr_connect_client_async(chr_: Chardev) -> None:
    """chardev/char-socket.c. Connects later."""
    s = SOCKET_CHARDEV(chr_)

    tcp_chr_change_state(s, CONNECTING)
    sioc = qio_channel_socket_new()
    tcp_chr_set_client_ioc_name(chr_, sioc)
    s.connect_task = qio_task_new(sioc, qemu_chr_socket_connected, chr_)
    qio_task_run_in_thread(s.connect_task, tcp_chr_connect_client_task, s.addr)


@emulates
def socket_reconnect_timeout(opaque: Chardev) -> None:
    """chardev/char-socket.c. Time to try again."""
    chr_ = opaque
    tcp_chr_reconn_timer_cancel(SOCKET_CHARDEV(chr_))

    if chr_.be_open:
        return

    tcp_chr_connect_client_async(chr_)
