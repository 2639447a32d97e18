"""The type ``chardev-socket`` (chardev/char-socket.c)."""

from __future__ import annotations

from typing import Any

from emu.chardev.char import qemu_chr_be_event
from emu.chardev.char_socket.connect import tcp_chr_add_client, tcp_chr_wait_connected
from emu.chardev.char_socket.open import qemu_chr_parse_socket, qmp_chardev_open_socket
from emu.chardev.char_socket.state import (
    tcp_chr_add_watch,
    tcp_chr_disconnect,
    tcp_chr_free_connection,
    tcp_chr_reconn_timer_cancel,
    tcp_chr_sync_read,
    tcp_chr_update_read_handler,
    tcp_chr_write,
    tcp_set_msgfds,
)
from emu.chardev.char_socket.structs import CONNECTED, SOCKET_CHARDEV, TYPE_CHARDEV_SOCKET, SocketChardev
from emu.chardev.structs import CHARDEV, CHARDEV_CLASS, CHR_EVENT_CLOSED, TYPE_CHARDEV
from emu.io.net_listener import qio_net_listener_set_client_func
from emu.qapi.qapi_visit_sockets import visit_type_SocketAddress
from emu.qapi.visitor import Visitor
from emu.qemu.module import type_init
from emu.qom.object import (
    OBJECT,
    Object,
    ObjectClass,
    TypeInfo,
    object_class_property_add,
    object_class_property_add_bool,
    object_unref,
    type_register_static,
)
from emu.trace import emulates


@emulates
def char_socket_finalize(obj: Object) -> None:
    """chardev/char-socket.c."""
    chr_ = CHARDEV(obj)
    s = SOCKET_CHARDEV(obj)

    tcp_chr_free_connection(chr_)
    tcp_chr_reconn_timer_cancel(s)
    if s.listener:
        qio_net_listener_set_client_func(s.listener, None, None)
        object_unref(OBJECT(s.listener))
        s.listener = None

    qemu_chr_be_event(chr_, CHR_EVENT_CLOSED)


@emulates
def char_socket_get_addr(obj: Object, v: Visitor, name: str, opaque: Any) -> Any:
    """chardev/char-socket.c. Property ``addr``."""
    return visit_type_SocketAddress(v, name, SOCKET_CHARDEV(obj).addr)


@emulates
def char_socket_get_connected(obj: Object) -> bool:
    """chardev/char-socket.c. Property ``connected``."""
    return SOCKET_CHARDEV(obj).state == CONNECTED


@emulates(modelled=False)
def tcp_get_msgfds(chr_: Any, fds: Any, num: int) -> int:
    """chardev/char-socket.c. Hands descriptors out that came with what was read; none come here."""
    return 0


@emulates
def char_socket_class_init(oc: ObjectClass, data: Any) -> None:
    """chardev/char-socket.c."""
    cc = CHARDEV_CLASS(oc)

    cc.supports_yank = True

    cc.parse = qemu_chr_parse_socket
    cc.open = qmp_chardev_open_socket
    cc.chr_wait_connected = tcp_chr_wait_connected
    cc.chr_write = tcp_chr_write
    cc.chr_sync_read = tcp_chr_sync_read
    cc.chr_disconnect = tcp_chr_disconnect
    cc.get_msgfds = tcp_get_msgfds
    cc.set_msgfds = tcp_set_msgfds
    cc.chr_add_client = tcp_chr_add_client
    cc.chr_add_watch = tcp_chr_add_watch
    cc.chr_update_read_handler = tcp_chr_update_read_handler

    object_class_property_add(oc, "addr", "SocketAddress", char_socket_get_addr, None)

    object_class_property_add_bool(oc, "connected", char_socket_get_connected, None)


char_socket_type_info = TypeInfo(
    name=TYPE_CHARDEV_SOCKET,
    parent=TYPE_CHARDEV,
    instance=SocketChardev,
    instance_finalize=char_socket_finalize,
    class_init=char_socket_class_init,
)


@type_init
@emulates
def register_types() -> None:
    """chardev/char-socket.c."""
    type_register_static(char_socket_type_info)
