"""The stream backend: packets over a connected socket, each after its length (net/stream.c)."""

from __future__ import annotations

from typing import ClassVar

from emu.host import HostSocket, SimulatedError, host
from emu.host.sockets import receive, send
from emu.io.channel import QIO_CHANNEL, QIOChannel, qio_channel_set_name
from emu.io.channel_socket import (
    QIO_CHANNEL_SOCKET,
    QIOChannelSocket,
    qio_channel_socket_connect_async,
    qio_channel_socket_listen_async,
    qio_channel_socket_new,
)
from emu.io.net_listener import (
    QIONetListener,
    qio_net_listener_add,
    qio_net_listener_disconnect,
    qio_net_listener_new,
    qio_net_listener_set_client_func,
)
from emu.io.task import QIOTask
from emu.net.net.clients import qemu_new_net_client
from emu.net.net.mac import qemu_set_info_str
from emu.net.net.packets import qemu_send_packet_async
from emu.net.net.readstate import net_fill_rstate, net_socket_rs_init
from emu.net.net.structs import NET_BUFSIZE, NetClientInfo, NetClientState, SocketReadState
from emu.qapi.qapi_types_net import NetClientDriver, Netdev
from emu.qapi.qapi_types_sockets import SocketAddress
from emu.qapi.qapi_visit_sockets import qapi_free_SocketAddress, visit_type_SocketAddress
from emu.qapi.qmp_event import event_send
from emu.qapi.qobject_output_visitor import qobject_output_visitor_new
from emu.qobject.qdict import plain
from emu.qom.object import OBJECT, object_ref, object_unref
from emu.qom.parts import Part, caster
from emu.trace import container_of, embedded, emulates
from emu.util.gsource import (
    G_IO_IN,
    G_SOURCE_CONTINUE,
    G_SOURCE_REMOVE,
    GSource,
    g_source_attach,
    g_source_destroy,
)
from emu.util.qemu_sockets import socket_local_address, socket_remote_address, socket_uri


class NetStreamState(Part):
    """The stream backend (net/stream.c). Begins with ``NetClientState nc``."""

    SIZE: ClassVar[int] = 70080
    listen_ioc: QIOChannel | None = None
    listener: QIONetListener | None = None
    ioc: QIOChannel | None = None
    ioc_read_tag: GSource | None = None
    rs: SocketReadState = embedded(SocketReadState)
    send_index: int = 0


NET_STREAM_STATE = caster(NetStreamState, "NetStreamState")
NC = caster(NetClientState, "NetClientState")


def _socket(s: NetStreamState) -> HostSocket:
    assert s.ioc
    sock = host().get(QIO_CHANNEL_SOCKET(s.ioc).fd)
    assert isinstance(sock, HostSocket)
    return sock


@emulates
def net_stream_receive(nc: NetClientState, buf: bytes, size: int) -> int:
    """net/stream.c. Sends a packet after its length. Returns its size or a negative errno."""
    s = NET_STREAM_STATE(nc)
    try:
        send(_socket(s), size.to_bytes(4, "big") + buf[:size])
    except SimulatedError as err:
        s.send_index = 0
        return -err.errno
    s.send_index = 0
    return size


def _watch(s: NetStreamState) -> None:
    assert s.ioc
    s.ioc_read_tag = GSource(fd=QIO_CHANNEL_SOCKET(s.ioc).fd, condition=G_IO_IN)
    g_source_attach(s.ioc_read_tag, net_stream_send, s)


def _unwatch(s: NetStreamState) -> None:
    if s.ioc_read_tag:
        g_source_destroy(s.ioc_read_tag)
        s.ioc_read_tag = None


@emulates
def net_stream_send_completed(nc: NetClientState, len: int) -> None:
    """net/stream.c."""
    s = NET_STREAM_STATE(nc)

    if not s.ioc_read_tag:
        _watch(s)


@emulates
def net_stream_send(opaque: NetStreamState) -> bool:
    """net/stream.c. Bytes have arrived, or the connection is over."""
    s = opaque
    try:
        buf = receive(_socket(s), NET_BUFSIZE)
    except SimulatedError:
        return G_SOURCE_CONTINUE
    if buf and net_fill_rstate(s.rs, buf, len(buf)) != -1:
        return G_SOURCE_CONTINUE

    _unwatch(s)
    if s.listener:
        qio_net_listener_set_client_func(s.listener, net_stream_listen, s)
    object_unref(OBJECT(s.ioc))
    s.ioc = None

    net_socket_rs_init(s.rs, net_stream_rs_finalize, False)
    NC(s).link_down = True
    qemu_set_info_str(NC(s), "")

    qapi_event_send_netdev_stream_disconnected(NC(s).name)

    return G_SOURCE_REMOVE


def _data(addr: SocketAddress) -> dict[str, object]:
    """Return an address as the events have it."""
    v = qobject_output_visitor_new()
    visit_type_SocketAddress(v, None, addr)
    data = plain(v.complete())
    assert isinstance(data, dict)
    return data


@emulates(file="qapi/qapi-events-net.c")
def qapi_event_send_netdev_stream_connected(netdev_id: str, addr: SocketAddress) -> None:
    """Tell programs that there is a connection."""
    event_send("NETDEV_STREAM_CONNECTED", {"netdev-id": netdev_id, "addr": _data(addr)})


@emulates(file="qapi/qapi-events-net.c")
def qapi_event_send_netdev_stream_disconnected(netdev_id: str) -> None:
    """Tell programs that the connection is over."""
    event_send("NETDEV_STREAM_DISCONNECTED", {"netdev-id": netdev_id})


@emulates
def net_stream_rs_finalize(rs: SocketReadState) -> None:
    """net/stream.c. A packet is complete."""
    s: NetStreamState = container_of(rs)

    if qemu_send_packet_async(NC(s), rs.buf, rs.packet_len, net_stream_send_completed) == 0:
        _unwatch(s)


@emulates
def net_stream_cleanup(nc: NetClientState) -> None:
    """net/stream.c."""
    s = NET_STREAM_STATE(nc)
    if s.ioc:
        _unwatch(s)
        object_unref(OBJECT(s.ioc))
        s.ioc = None
    if s.listen_ioc:
        if s.listener:
            qio_net_listener_disconnect(s.listener)
            object_unref(OBJECT(s.listener))
            s.listener = None
        object_unref(OBJECT(s.listen_ioc))
        s.listen_ioc = None


net_stream_info = NetClientInfo(
    variable="net_stream_info",
    type=NetClientDriver.STREAM,
    size=(NetClientState, NetStreamState),
    receive=net_stream_receive,
    cleanup=net_stream_cleanup,
)


@emulates
def net_stream_listen(listener: QIONetListener, cioc: QIOChannelSocket, opaque: NetStreamState) -> None:
    """net/stream.c. A client has come: no other is wanted."""
    s = opaque
    assert s.listener

    object_ref(OBJECT(cioc))

    qio_net_listener_set_client_func(s.listener, None, s)

    s.ioc = QIO_CHANNEL(cioc)
    qio_channel_set_name(s.ioc, "stream-server")
    NC(s).link_down = False

    _watch(s)

    local = (cioc.localAddr or "").startswith("unix:")
    addr = socket_local_address(cioc.fd) if local else socket_remote_address(cioc.fd)
    qemu_set_info_str(NC(s), socket_uri(addr))
    qapi_event_send_netdev_stream_connected(NC(s).name, addr)
    qapi_free_SocketAddress(addr)


@emulates
def net_stream_server_listening(task: QIOTask, opaque: NetStreamState) -> None:
    """net/stream.c. The socket listens, or could not be had."""
    s = opaque
    assert s.listen_ioc
    listen_sioc = QIO_CHANNEL_SOCKET(s.listen_ioc)

    if listen_sioc.fd < 0:
        qemu_set_info_str(NC(s), "connection error")
        return

    host().get(listen_sioc.fd).nonblocking = True

    NC(s).link_down = True
    s.listener = qio_net_listener_new()

    net_socket_rs_init(s.rs, net_stream_rs_finalize, False)
    qio_net_listener_set_client_func(s.listener, net_stream_listen, s)
    qio_net_listener_add(s.listener, listen_sioc)


@emulates
def net_stream_server_init(peer: NetClientState | None, model: str, name: str, addr: SocketAddress) -> int:
    """net/stream.c. The socket is opened later, by a thread."""
    listen_sioc = qio_channel_socket_new()

    nc = qemu_new_net_client(net_stream_info, peer, model, name)
    s = NET_STREAM_STATE(nc)

    s.listen_ioc = QIO_CHANNEL(listen_sioc)
    qio_channel_socket_listen_async(listen_sioc, addr, 0, net_stream_server_listening, s)

    return 0


@emulates
def net_stream_client_connected(task: QIOTask, opaque: NetStreamState) -> None:
    """net/stream.c. The connection stands, or could not be had."""
    s = opaque
    assert s.ioc
    sioc = QIO_CHANNEL_SOCKET(s.ioc)

    if sioc.fd < 0:
        qemu_set_info_str(NC(s), "connection error")
        object_unref(OBJECT(s.ioc))
        s.ioc = None
        return

    addr = socket_remote_address(sioc.fd)
    qemu_set_info_str(NC(s), socket_uri(addr))

    host().get(sioc.fd).nonblocking = True

    net_socket_rs_init(s.rs, net_stream_rs_finalize, False)

    _watch(s)
    NC(s).link_down = False
    qapi_event_send_netdev_stream_connected(NC(s).name, addr)
    qapi_free_SocketAddress(addr)


@emulates
def net_stream_client_init(peer: NetClientState | None, model: str, name: str, addr: SocketAddress) -> int:
    """net/stream.c. The connection is made later, by a thread."""
    sioc = qio_channel_socket_new()

    nc = qemu_new_net_client(net_stream_info, peer, model, name)
    s = NET_STREAM_STATE(nc)

    s.ioc = QIO_CHANNEL(sioc)
    nc.link_down = True

    qio_channel_socket_connect_async(sioc, addr, net_stream_client_connected, s)

    return 0


@emulates
def net_init_stream(netdev: Netdev, name: str, peer: NetClientState | None) -> int:
    """net/stream.c. ``-netdev stream``."""
    assert netdev.type == NetClientDriver.STREAM
    sock = netdev.u.stream

    if not sock.server:
        return net_stream_client_init(peer, "stream", name, sock.addr)
    return net_stream_server_init(peer, "stream", name, sock.addr)
