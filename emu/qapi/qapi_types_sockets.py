"""Addresses of sockets (qapi/sockets.json)."""

from __future__ import annotations

from typing import ClassVar, Final

from emu.qapi.qapi_struct import QapiStruct, uint16
from emu.qapi.qapi_types_common import String
from emu.qapi.qapi_util import QapiEnum, QEnumLookup
from emu.trace import Struct, embedded


class NetworkAddressFamily(QapiEnum):
    """Family of a connected socket."""

    IPV4 = 0, "ipv4"
    IPV6 = 1, "ipv6"
    UNIX = 2, "unix"
    VSOCK = 3, "vsock"
    UNKNOWN = 4, "unknown"


class SocketAddressType(QapiEnum):
    """Kind of an address."""

    INET = 0, "inet"
    UNIX = 1, "unix"
    VSOCK = 2, "vsock"
    FD = 3, "fd"


SocketAddressType_lookup: Final = QEnumLookup(SocketAddressType)


class InetSocketAddress(QapiStruct):
    """A host and a port, or a range of ports."""

    host: str
    port: str
    numeric: bool | None = None
    to: uint16 | None = None
    ipv4: bool | None = None
    ipv6: bool | None = None
    keep_alive: bool | None = None
    mptcp: bool | None = None


class UnixSocketAddress(QapiStruct):
    """A path, or a name in Linux's abstract name space."""

    path: str
    abstract: bool | None = None
    tight: bool | None = None


class VsockSocketAddress(QapiStruct):
    """A context and a port, both decimal numbers or empty."""

    cid: str
    port: str


class SocketAddressUnion(Struct):
    """The branches of ``SocketAddress``."""

    inet: InetSocketAddress
    unix: UnixSocketAddress
    vsock: VsockSocketAddress
    fd: String


class SocketAddress(QapiStruct):
    """Where a socket listens or connects to."""

    BRANCHES: ClassVar[tuple[str, dict[QapiEnum, str]] | None] = "type", {kind: kind.text for kind in SocketAddressType}
    type: SocketAddressType
    u: SocketAddressUnion = embedded(SocketAddressUnion)
