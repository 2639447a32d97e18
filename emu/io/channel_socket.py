"""Sockets as channels (io/channel-socket.c), on the simulated host."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from emu.host import HostSocket, host
from emu.host.sockets import accept, set_option
from emu.io.channel import (
    QIO_CHANNEL,
    QIO_CHANNEL_FEATURE_FD_PASS,
    QIO_CHANNEL_FEATURE_LISTEN,
    QIO_CHANNEL_FEATURE_SHUTDOWN,
    TYPE_QIO_CHANNEL,
    qio_channel_set_feature,
)
from emu.io.task import QIOTask, QIOTaskFunc, qio_task_new, qio_task_run_in_thread, qio_task_set_error
from emu.qapi.error import Error
from emu.qapi.qapi_struct import qapi_clone
from emu.qapi.qapi_types_sockets import SocketAddress
from emu.qemu.module import type_init
from emu.qom.object import Object, ObjectClass, TypeInfo, object_new, type_register_static
from emu.qom.parts import Part, caster
from emu.trace import emulates
from emu.util.qemu_sockets import socket_address_text, socket_connect, socket_listen

TYPE_QIO_CHANNEL_SOCKET: Final = "qio-channel-socket"


class QIOChannelSocket(Part):
    """A socket (include/io/channel-socket.h), its addresses as text."""

    SIZE: ClassVar[int] = 376
    fd: int = 0
    localAddr: str | None = None
    remoteAddr: str | None = None


QIO_CHANNEL_SOCKET = caster(QIOChannelSocket, TYPE_QIO_CHANNEL_SOCKET)


@emulates
def qio_channel_socket_new() -> QIOChannelSocket:
    """io/channel-socket.c. Makes a channel that is not open yet."""
    sioc = QIO_CHANNEL_SOCKET(object_new(TYPE_QIO_CHANNEL_SOCKET))
    sioc.fd = -1

    qio_channel_set_feature(QIO_CHANNEL(sioc), QIO_CHANNEL_FEATURE_SHUTDOWN)

    return sioc


@emulates
def qio_channel_socket_set_fd(sioc: QIOChannelSocket, fd: int) -> int:
    """io/channel-socket.c. Makes the channel that of an open socket."""
    sioc.fd = fd
    sock = host().get(fd)
    assert isinstance(sock, HostSocket)
    sioc.remoteAddr = None if sock.peername is None else socket_address_text(sock.peername)
    sioc.localAddr = None if sock.sockname is None else socket_address_text(sock.sockname)

    if sock.family == "unix":
        qio_channel_set_feature(QIO_CHANNEL(sioc), QIO_CHANNEL_FEATURE_FD_PASS)

    return 0


@emulates(file="io/channel.c")
def qio_channel_set_delay(sioc: QIOChannelSocket, enabled: bool) -> None:
    """io/channel.c. Whether small pieces are to be gathered before they go out; they are unless this is called."""
    qio_channel_socket_set_delay(sioc, enabled)


@emulates
def qio_channel_socket_set_delay(sioc: QIOChannelSocket, enabled: bool) -> None:
    """io/channel-socket.c."""
    sock = host().get(sioc.fd)
    assert isinstance(sock, HostSocket)
    assert not enabled
    set_option(sock, "nodelay")


@emulates
def qio_channel_socket_new_fd(fd: int) -> QIOChannelSocket:
    """io/channel-socket.c. Makes the channel of an open socket."""
    ioc = qio_channel_socket_new()
    qio_channel_socket_set_fd(ioc, fd)
    return ioc


@emulates
def qio_channel_socket_accept(ioc: QIOChannelSocket) -> QIOChannelSocket | None:
    """io/channel-socket.c. Returns the connection of the first client that waits, None if none does."""
    listener = host().get(ioc.fd)
    assert isinstance(listener, HostSocket)
    sock = accept(host(), listener)
    return None if sock is None else qio_channel_socket_new_fd(sock.fd)


@emulates
def qio_channel_socket_connect_sync(ioc: QIOChannelSocket, addr: SocketAddress) -> int:
    """io/channel-socket.c. Error: nobody listens there."""
    fd = socket_connect(addr)
    return qio_channel_socket_set_fd(ioc, fd)


def _worker_error(task: QIOTask, work: Any, *args: Any) -> None:
    try:
        work(*args)
    except Error as err:
        qio_task_set_error(task, err)
    else:
        qio_task_set_error(task, None)


@emulates
def qio_channel_socket_connect_worker(task: QIOTask, opaque: SocketAddress) -> None:
    """io/channel-socket.c. Runs in a thread: names are looked up meanwhile."""
    _worker_error(task, qio_channel_socket_connect_sync, QIO_CHANNEL_SOCKET(task.source), opaque)


@emulates
def qio_channel_socket_connect_async(ioc: QIOChannelSocket, addr: SocketAddress, callback: QIOTaskFunc, opaque: Any) -> None:
    """io/channel-socket.c. Connects later; then calls ``callback``."""
    task = qio_task_new(ioc, callback, opaque)
    qio_task_run_in_thread(task, qio_channel_socket_connect_worker, qapi_clone(addr))


@emulates
def qio_channel_socket_listen_sync(ioc: QIOChannelSocket, addr: SocketAddress, num: int) -> int:
    """io/channel-socket.c. Error: the address cannot be had."""
    fd = socket_listen(addr, num)
    qio_channel_socket_set_fd(ioc, fd)
    qio_channel_set_feature(QIO_CHANNEL(ioc), QIO_CHANNEL_FEATURE_LISTEN)

    return 0


@emulates
def qio_channel_socket_listen_worker(task: QIOTask, opaque: SocketAddress) -> None:
    """io/channel-socket.c. Runs in a thread: names are looked up meanwhile."""
    _worker_error(task, qio_channel_socket_listen_sync, QIO_CHANNEL_SOCKET(task.source), opaque, 1)


@emulates
def qio_channel_socket_listen_async(
    ioc: QIOChannelSocket, addr: SocketAddress, num: int, callback: QIOTaskFunc, opaque: Any
) -> None:
    """io/channel-socket.c. Listens later; then calls ``callback``."""
    task = qio_task_new(ioc, callback, opaque)
    qio_task_run_in_thread(task, qio_channel_socket_listen_worker, qapi_clone(addr))


@emulates
def qio_channel_socket_init(obj: Object) -> None:
    """io/channel-socket.c."""
    QIO_CHANNEL_SOCKET(obj).fd = -1


@emulates
def qio_channel_socket_finalize(obj: Object) -> None:
    """io/channel-socket.c. Closes the socket."""
    ioc = QIO_CHANNEL_SOCKET(obj)

    if ioc.fd != -1:
        host().close(ioc.fd)
        ioc.fd = -1


@emulates(modelled=False)
def qio_channel_socket_class_init(klass: ObjectClass, data: Any) -> None:
    """io/channel-socket.c. Sets what carries bytes."""


qio_channel_socket_info = TypeInfo(
    parent=TYPE_QIO_CHANNEL,
    name=TYPE_QIO_CHANNEL_SOCKET,
    instance=QIOChannelSocket,
    instance_init=qio_channel_socket_init,
    instance_finalize=qio_channel_socket_finalize,
    class_init=qio_channel_socket_class_init,
)


@type_init
@emulates
def qio_channel_socket_register_types() -> None:
    """io/channel-socket.c."""
    type_register_static(qio_channel_socket_info)
