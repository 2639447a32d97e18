"""Listening sockets together (io/net-listener.c)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Final

from emu.errors import WaitsForEver
from emu.host import HostSocket, host
from emu.host.outside import outside
from emu.io.channel import QIO_CHANNEL, qio_channel_set_name
from emu.io.channel_socket import (
    QIOChannelSocket,
    qio_channel_socket_accept,
    qio_channel_socket_listen_sync,
    qio_channel_socket_new,
)
from emu.qapi.qapi_types_sockets import SocketAddress
from emu.qemu.module import type_init
from emu.qom.object import OBJECT, TYPE_OBJECT, Object, TypeInfo, object_new, object_ref, object_unref, type_register_static
from emu.qom.parts import Part, caster
from emu.trace import Seq, emulates, seq
from emu.util.gsource import G_IO_IN, G_SOURCE_CONTINUE, GSource, g_source_attach, g_source_destroy

TYPE_QIO_NET_LISTENER: Final = "qio-net-listener"

ClientFunc = Callable[["QIONetListener", QIOChannelSocket, Any], None]


class QIONetListener(Part):
    """Sockets that wait for clients (include/io/net-listener.h)."""

    SIZE: ClassVar[int] = 168
    name: str | None = None
    sioc: Seq[QIOChannelSocket] = seq()
    io_source: Seq[GSource] = seq()
    nsioc: int = 0
    connected: bool = False
    io_func: ClientFunc | None = None
    io_data: Any = None


QIO_NET_LISTENER = caster(QIONetListener, TYPE_QIO_NET_LISTENER)


@emulates
def qio_net_listener_new() -> QIONetListener:
    """io/net-listener.c."""
    return QIO_NET_LISTENER(object_new(TYPE_QIO_NET_LISTENER))


@emulates
def qio_net_listener_set_name(listener: QIONetListener, name: str) -> None:
    """io/net-listener.c."""
    listener.name = name


@emulates
def qio_net_listener_channel_func(opaque: tuple[QIONetListener, QIOChannelSocket]) -> bool:
    """io/net-listener.c. A client is at one of the sockets."""
    listener, ioc = opaque
    sioc = qio_channel_socket_accept(ioc)
    if not sioc:
        return G_SOURCE_CONTINUE

    if listener.io_func:
        listener.io_func(listener, sioc, listener.io_data)

    object_unref(OBJECT(sioc))
    return G_SOURCE_CONTINUE


def _watch(listener: QIONetListener, sioc: QIOChannelSocket) -> None:
    source = GSource(fd=sioc.fd, condition=G_IO_IN)
    listener.io_source.append(source)
    g_source_attach(source, qio_net_listener_channel_func, (listener, sioc))


def _unwatch(listener: QIONetListener) -> None:
    while len(listener.io_source):
        g_source_destroy(listener.io_source.pop(0))


@emulates
def qio_net_listener_add(listener: QIONetListener, sioc: QIOChannelSocket) -> None:
    """io/net-listener.c."""
    if listener.name:
        qio_channel_set_name(QIO_CHANNEL(sioc), f"{listener.name}-listen")

    listener.sioc.append(sioc)

    object_ref(OBJECT(sioc))
    listener.connected = True

    if listener.io_func:
        _watch(listener, sioc)

    listener.nsioc += 1


@emulates
def qio_net_listener_open_sync(listener: QIONetListener, addr: SocketAddress, num: int) -> int:
    """io/net-listener.c. Error: the address cannot be had. Names are not looked up before: each stands for one address."""
    sioc = qio_channel_socket_new()
    try:
        qio_channel_socket_listen_sync(sioc, addr, num)
        qio_net_listener_add(listener, sioc)
    finally:
        object_unref(OBJECT(sioc))
    return 0


@emulates
def qio_net_listener_set_client_func_full(listener: QIONetListener, func: ClientFunc | None, data: Any) -> None:
    """io/net-listener.c. Says what to call when a client comes."""
    _unwatch(listener)

    listener.io_func = func
    listener.io_data = data

    if func is not None:
        for sioc in tuple(listener.sioc):
            _watch(listener, sioc)


@emulates
def qio_net_listener_set_client_func(listener: QIONetListener, func: ClientFunc | None, data: Any) -> None:
    """io/net-listener.c."""
    qio_net_listener_set_client_func_full(listener, func, data)


@emulates
def qio_net_listener_wait_client(listener: QIONetListener) -> QIOChannelSocket:
    """io/net-listener.c. Returns the first client. WaitsForEver: none comes."""
    for sioc in listener.sioc:
        address = sioc.localAddr or ""
        for peer in tuple(host().peers.values()):
            peer.listening(address)
        listening = host().get(sioc.fd)
        assert isinstance(listening, HostSocket)
        outside().wait(listening)
        client = qio_channel_socket_accept(sioc)
        if client:
            return client
    raise WaitsForEver(f"nobody connects to {listener.sioc[0].localAddr}")


@emulates
def qio_net_listener_disconnect(listener: QIONetListener) -> None:
    """io/net-listener.c. Closes all sockets."""
    if not listener.connected:
        return

    _unwatch(listener)
    for sioc in listener.sioc:
        host().close(sioc.fd)
        sioc.fd = -1
    listener.connected = False


@emulates
def qio_net_listener_finalize(obj: Object) -> None:
    """io/net-listener.c."""
    listener = QIO_NET_LISTENER(obj)

    for sioc in listener.sioc:
        object_unref(OBJECT(sioc))


qio_net_listener_info = TypeInfo(
    parent=TYPE_OBJECT, name=TYPE_QIO_NET_LISTENER, instance=QIONetListener, instance_finalize=qio_net_listener_finalize
)


@type_init
@emulates
def qio_net_listener_register_types() -> None:
    """io/net-listener.c."""
    type_register_static(qio_net_listener_info)
