"""The structs of the character device on a socket (include/chardev/char-socket.h)."""

from __future__ import annotations

from enum import IntEnum
from typing import ClassVar, Final

from emu.io.channel import QIOChannel
from emu.io.channel_socket import QIOChannelSocket
from emu.io.net_listener import QIONetListener
from emu.io.task import QIOTask
from emu.qapi.qapi_types_sockets import SocketAddress
from emu.qom.parts import Part, caster
from emu.trace import Struct
from emu.util.gsource import GSource
from emu.util.qemu_timer import QEMUTimer

TYPE_CHARDEV_SOCKET: Final = "chardev-socket"


class TCPChardevState(IntEnum):
    """How far a connection is."""

    TCP_CHARDEV_STATE_DISCONNECTED = 0
    TCP_CHARDEV_STATE_CONNECTING = 1
    TCP_CHARDEV_STATE_CONNECTED = 2


DISCONNECTED: Final = TCPChardevState.TCP_CHARDEV_STATE_DISCONNECTED
CONNECTING: Final = TCPChardevState.TCP_CHARDEV_STATE_CONNECTING
CONNECTED: Final = TCPChardevState.TCP_CHARDEV_STATE_CONNECTED


class SocketChardev(Part):
    """A character device whose other end is another program."""

    SIZE: ClassVar[int] = 336
    ioc: QIOChannel | None = None
    sioc: QIOChannelSocket | None = None
    listener: QIONetListener | None = None
    hup_source: GSource | None = None
    read_source: GSource | None = None
    tls_authz: str | None = None
    state: TCPChardevState = DISCONNECTED
    max_size: int = 0
    do_telnetopt: int = 0
    do_nodelay: int = 0
    write_msgfds: tuple[int, ...] = ()
    registered_yank: bool = False
    addr: SocketAddress | None = None
    is_listen: bool = False
    is_telnet: bool = False
    is_tn3270: bool = False
    is_websock: bool = False
    reconnect_timer: QEMUTimer | None = None
    reconnect_time: int = 0
    connect_err_reported: bool = False
    connect_task: QIOTask | None = None


SOCKET_CHARDEV = caster(SocketChardev, TYPE_CHARDEV_SOCKET)


class ChardevSocket(Struct):
    """How a socket is to be opened (qapi/char.json); None: left out."""

    addr: SocketAddress | None = None
    tls_creds: str | None = None
    tls_authz: str | None = None
    server: bool | None = None
    wait: bool | None = None
    nodelay: bool | None = None
    telnet: bool | None = None
    tn3270: bool | None = None
    websocket: bool | None = None
    reconnect: int | None = None
