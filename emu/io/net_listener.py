"""Listening sockets together (io/net-listener.c)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Final

from emu.host import host
from emu.io.channel_socket import QIOChannelSocket
from emu.qemu.module import type_init
from emu.qom.object import OBJECT, TYPE_OBJECT, Object, TypeInfo, object_new, object_ref, object_unref, type_register_static
from emu.qom.parts import Part, caster
from emu.trace import Seq, emulates, seq

TYPE_QIO_NET_LISTENER: Final = "qio-net-listener"

ClientFunc = Callable[["QIONetListener", QIOChannelSocket, Any], None]


class QIONetListener(Part):
    """Sockets that wait for clients (include/io/net-listener.h)."""

    SIZE: ClassVar[int] = 168
    name: str | None = None
    sioc: Seq[QIOChannelSocket] = seq()
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
def qio_net_listener_add(listener: QIONetListener, sioc: QIOChannelSocket) -> None:
    """io/net-listener.c."""
    listener.sioc.append(sioc)

    object_ref(OBJECT(sioc))
    listener.connected = True

    listener.nsioc += 1


@emulates
def qio_net_listener_set_client_func(listener: QIONetListener, func: ClientFunc | None, data: Any) -> None:
    """io/net-listener.c. Says what to call when a client comes."""
    listener.io_func = func
    listener.io_data = data


@emulates
def qio_net_listener_disconnect(listener: QIONetListener) -> None:
    """io/net-listener.c. Closes all sockets."""
    if not listener.connected:
        return

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
