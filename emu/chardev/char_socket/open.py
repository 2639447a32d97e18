"""Options of the character device on a socket, and how it is opened (chardev/char-socket.c)."""

from __future__ import annotations

from emu.chardev.char import qemu_chr_parse_common, qemu_chr_set_feature
from emu.chardev.char_socket.connect import (
    tcp_chr_accept,
    tcp_chr_accept_server_sync,
    tcp_chr_connect_client_async,
    tcp_chr_connect_client_sync,
)
from emu.chardev.char_socket.state import update_disconnected_filename
from emu.chardev.char_socket.structs import SOCKET_CHARDEV, ChardevSocket
from emu.chardev.structs import (
    QEMU_CHAR_FEATURE_FD_PASS,
    QEMU_CHAR_FEATURE_RECONNECTABLE,
    Chardev,
    ChardevBackend,
)
from emu.errors import NotModelled
from emu.io.net_listener import (
    qio_net_listener_new,
    qio_net_listener_open_sync,
    qio_net_listener_set_client_func,
    qio_net_listener_set_name,
)
from emu.qapi.error import Error, error_setg
from emu.qapi.qapi_types_common import String
from emu.qapi.qapi_types_sockets import InetSocketAddress, SocketAddress, SocketAddressType, UnixSocketAddress
from emu.qom.object import OBJECT, object_get_objects_root, object_resolve_path_component, object_unref
from emu.trace import emulates
from emu.util.qemu_option import QemuOpts, qemu_opt_find, qemu_opt_get, qemu_opt_get_bool, qemu_opt_get_number
from emu.util.qemu_sockets import socket_local_address


@emulates
def qmp_chardev_open_socket_server(chr_: Chardev, is_telnet: bool, is_waitconnect: bool) -> int:
    """chardev/char-socket.c. Error: the address cannot be had. WaitsForEver: ``wait=on``, and nobody comes."""
    s = SOCKET_CHARDEV(chr_)
    assert s.addr
    if is_telnet:
        s.do_telnetopt = 1
    s.listener = qio_net_listener_new()

    qio_net_listener_set_name(s.listener, f"chardev-tcp-listener-{chr_.label}")

    if s.addr.type != SocketAddressType.FD or s.addr.u.fd.str_:
        try:
            qio_net_listener_open_sync(s.listener, s.addr, 1)
        except Error:
            object_unref(OBJECT(s.listener))
            s.listener = None
            raise
        s.addr = socket_local_address(s.listener.sioc[0].fd)

    update_disconnected_filename(s)

    if is_waitconnect:
        tcp_chr_accept_server_sync(chr_)
    else:
        qio_net_listener_set_client_func(s.listener, tcp_chr_accept, chr_)

    return 0


@emulates
def qmp_chardev_open_socket_client(chr_: Chardev, reconnect: int) -> int:
    """chardev/char-socket.c. Error: nobody listens there, unless it is to try again."""
    s = SOCKET_CHARDEV(chr_)

    if reconnect > 0:
        s.reconnect_time = reconnect
        tcp_chr_connect_client_async(chr_)
        return 0
    return tcp_chr_connect_client_sync(chr_)


def _validate_address(sock: ChardevSocket, addr: SocketAddress) -> None:
    if addr.type == SocketAddressType.FD:
        if sock.reconnect is not None:
            error_setg("'reconnect' option is incompatible with 'fd' address type")
        if sock.tls_creds is not None and not sock.server:
            error_setg("'tls_creds' option is incompatible with 'fd' address type as client")
    elif addr.type != SocketAddressType.INET and sock.tls_creds is not None:
        error_setg(f"'tls_creds' option is incompatible with '{addr.type}' address type")


@emulates
def qmp_chardev_validate_socket(sock: ChardevSocket, addr: SocketAddress) -> bool:
    """chardev/char-socket.c. Error: options that do not go together."""
    _validate_address(sock, addr)

    if sock.tls_authz is not None and sock.tls_creds is None:
        error_setg("'tls_authz' option requires 'tls_creds' option")

    if sock.server is None or sock.server:
        if sock.reconnect is not None:
            error_setg("'reconnect' option is incompatible with socket in server listen mode")
    else:
        if sock.websocket:
            error_setg("Websocket client is not implemented")
        if sock.wait is not None:
            error_setg("'wait' option is incompatible with socket in client connect mode")

    return True


@emulates
def qmp_chardev_open_socket(chr_: Chardev, backend: ChardevBackend | None) -> bool:
    """chardev/char-socket.c. It opens once there is a connection. Error: wrong options, or the host refuses."""
    s = SOCKET_CHARDEV(chr_)
    assert backend
    sock: ChardevSocket = backend.socket
    is_telnet, is_tn3270 = bool(sock.telnet), bool(sock.tn3270)

    s.is_listen = True if sock.server is None else sock.server
    s.is_telnet = is_telnet
    s.is_tn3270 = is_tn3270
    s.is_websock = bool(sock.websocket)
    s.do_nodelay = int(bool(sock.nodelay))
    if sock.tls_creds is not None:
        creds = object_resolve_path_component(object_get_objects_root(), sock.tls_creds)
        if not creds:
            error_setg(f"No TLS credentials with id '{sock.tls_creds}'")
        raise NotModelled("TLS")
    s.tls_authz = sock.tls_authz

    addr = sock.addr
    assert addr
    s.addr = addr

    qmp_chardev_validate_socket(sock, addr)

    qemu_chr_set_feature(chr_, QEMU_CHAR_FEATURE_RECONNECTABLE)
    if addr.type == SocketAddressType.UNIX:
        qemu_chr_set_feature(chr_, QEMU_CHAR_FEATURE_FD_PASS)

    s.registered_yank = True

    update_disconnected_filename(s)

    if s.is_listen:
        qmp_chardev_open_socket_server(chr_, is_telnet or is_tn3270, bool(sock.wait))
    else:
        qmp_chardev_open_socket_client(chr_, sock.reconnect or 0)
    # A connection that stands by now has said so itself.
    return False


def _address(opts: QemuOpts, path: str | None, host: str | None, fd: str | None) -> SocketAddress:
    if path is not None:
        addr = SocketAddress(type=SocketAddressType.UNIX)
        tight, abstract = qemu_opt_get_bool(opts, "tight", True), qemu_opt_get_bool(opts, "abstract", False)
        addr.u.unix = UnixSocketAddress(path=path, tight=tight, abstract=abstract)
    elif host is not None:
        addr = SocketAddress(type=SocketAddressType.INET)
        inet = InetSocketAddress(host=host, port=qemu_opt_get(opts, "port") or "")
        if qemu_opt_get(opts, "to") is not None:
            inet.to = qemu_opt_get_number(opts, "to", 0) & 0xFFFF
        if qemu_opt_get(opts, "ipv4") is not None:
            inet.ipv4 = qemu_opt_get_bool(opts, "ipv4", False)
        if qemu_opt_get(opts, "ipv6") is not None:
            inet.ipv6 = qemu_opt_get_bool(opts, "ipv6", False)
        addr.u.inet = inet
    else:
        addr = SocketAddress(type=SocketAddressType.FD)
        addr.u.fd = String(str_=fd or "")
    return addr


@emulates
def qemu_chr_parse_socket(opts: QemuOpts, backend: ChardevBackend) -> None:
    """chardev/char-socket.c. Error: more than one address, or half of one."""
    path, host, port, fd = (qemu_opt_get(opts, name) for name in ("path", "host", "port", "fd"))

    if sum(given is not None for given in (path, fd, host)) > 1:
        error_setg("None or one of 'path', 'fd' or 'host' option required.")

    if host is not None and port is None:
        error_setg("chardev: socket: no port given")

    backend.type = "socket"
    sock = backend.socket = ChardevSocket()
    qemu_chr_parse_common(opts, backend)

    if qemu_opt_get(opts, "delay") is not None and qemu_opt_get(opts, "nodelay") is not None:
        error_setg("'delay' and 'nodelay' are mutually exclusive")

    def flag(name: str) -> bool | None:
        return qemu_opt_get_bool(opts, name, False) if qemu_opt_get(opts, name) is not None else None

    if qemu_opt_get(opts, "delay") is not None or qemu_opt_get(opts, "nodelay") is not None:
        sock.nodelay = not qemu_opt_get_bool(opts, "delay", True) or qemu_opt_get_bool(opts, "nodelay", False)
    sock.server = qemu_opt_get_bool(opts, "server", False)
    sock.telnet = flag("telnet")
    sock.tn3270 = flag("tn3270")
    sock.websocket = flag("websocket")
    wait = qemu_opt_get_bool(opts, "wait", True)
    sock.wait = wait if qemu_opt_find(opts, "wait") is not None or sock.server else None
    reconnect = qemu_opt_get_number(opts, "reconnect", 0)
    sock.reconnect = reconnect if qemu_opt_find(opts, "reconnect") is not None else None
    sock.tls_creds = qemu_opt_get(opts, "tls-creds")
    sock.tls_authz = qemu_opt_get(opts, "tls-authz")

    sock.addr = _address(opts, path, host, fd)
