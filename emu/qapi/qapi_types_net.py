"""Network backends as options describe them (qapi/net.json). Those for macOS (vmnet) are not compiled into a Linux QEMU."""

from __future__ import annotations

from typing import ClassVar, Final

from emu.qapi.qapi_struct import QapiStruct, int32, size, uint16, uint32, uint64
from emu.qapi.qapi_types_common import String
from emu.qapi.qapi_types_sockets import SocketAddress
from emu.qapi.qapi_util import QapiEnum, QEnumLookup
from emu.trace import Seq, Struct, embedded


class NetClientDriver(QapiEnum):
    """Kind of a network client."""

    NONE = 0, "none"
    NIC = 1, "nic"
    USER = 2, "user"
    TAP = 3, "tap"
    L2TPV3 = 4, "l2tpv3"
    SOCKET = 5, "socket"
    STREAM = 6, "stream"
    DGRAM = 7, "dgram"
    VDE = 8, "vde"
    BRIDGE = 9, "bridge"
    HUBPORT = 10, "hubport"
    NETMAP = 11, "netmap"
    VHOST_USER = 12, "vhost-user"
    VHOST_VDPA = 13, "vhost-vdpa"


NetClientDriver_lookup: Final = QEnumLookup(NetClientDriver)


def NetClientDriver_str(val: int) -> str:
    """Return the name of a kind."""
    return NetClientDriver_lookup.array[val]


class NetLegacyNicOptions(QapiStruct):
    """``-net nic``: a card for the board to make."""

    netdev: str | None = None
    macaddr: str | None = None
    model: str | None = None
    addr: str | None = None
    vectors: uint32 | None = None


class NetdevUserOptions(QapiStruct):
    """``user``: a network in the process itself (slirp)."""

    hostname: str | None = None
    restrict: bool | None = None
    ipv4: bool | None = None
    ipv6: bool | None = None
    ip: str | None = None
    net: str | None = None
    host: str | None = None
    tftp: str | None = None
    bootfile: str | None = None
    dhcpstart: str | None = None
    dns: str | None = None
    dnssearch: Seq[String] | None = None
    domainname: str | None = None
    ipv6_prefix: str | None = None
    ipv6_prefixlen: int | None = None
    ipv6_host: str | None = None
    ipv6_dns: str | None = None
    smb: str | None = None
    smbserver: str | None = None
    hostfwd: Seq[String] | None = None
    guestfwd: Seq[String] | None = None
    tftp_server_name: str | None = None


class NetdevTapOptions(QapiStruct):
    """``tap``: an interface of the host."""

    NAMES: ClassVar[dict[str, str]] = {"vnet_hdr": "vnet_hdr"}
    ifname: str | None = None
    fd: str | None = None
    fds: str | None = None
    script: str | None = None
    downscript: str | None = None
    br: str | None = None
    helper: str | None = None
    sndbuf: size | None = None
    vnet_hdr: bool | None = None
    vhost: bool | None = None
    vhostfd: str | None = None
    vhostfds: str | None = None
    vhostforce: bool | None = None
    queues: uint32 | None = None
    poll_us: uint32 | None = None


class NetdevSocketOptions(QapiStruct):
    """``socket``: another process, by an address in text."""

    fd: str | None = None
    listen: str | None = None
    connect: str | None = None
    mcast: str | None = None
    localaddr: str | None = None
    udp: str | None = None


class NetdevL2TPv3Options(QapiStruct):
    """``l2tpv3``: an L2TPv3 tunnel."""

    src: str
    dst: str
    srcport: str | None = None
    dstport: str | None = None
    ipv6: bool | None = None
    udp: bool | None = None
    cookie64: bool | None = None
    counter: bool | None = None
    pincounter: bool | None = None
    txcookie: uint64 | None = None
    rxcookie: uint64 | None = None
    txsession: uint32
    rxsession: uint32 | None = None
    offset: uint32 | None = None


class NetdevVdeOptions(QapiStruct):
    """``vde``: a port of a vde switch."""

    sock: str | None = None
    port: uint16 | None = None
    group: str | None = None
    mode: uint16 | None = None


class NetdevBridgeOptions(QapiStruct):
    """``bridge``: a bridge of the host, by a helper program."""

    br: str | None = None
    helper: str | None = None


class NetdevHubPortOptions(QapiStruct):
    """``hubport``: a port of an emulated hub."""

    hubid: int32
    netdev: str | None = None


class NetdevNetmapOptions(QapiStruct):
    """``netmap``: a netmap port."""

    ifname: str
    devname: str | None = None


class NetdevVhostUserOptions(QapiStruct):
    """``vhost-user``: virtio queues in another process."""

    chardev: str
    vhostforce: bool | None = None
    queues: int | None = None


class NetdevVhostVDPAOptions(QapiStruct):
    """``vhost-vdpa``: virtio queues in hardware."""

    vhostdev: str | None = None
    vhostfd: str | None = None
    queues: int | None = None
    x_svq: bool | None = None


class NetdevStreamOptions(QapiStruct):
    """``stream``: a connected socket."""

    addr: SocketAddress
    server: bool | None = None


class NetdevDgramOptions(QapiStruct):
    """``dgram``: a datagram socket."""

    local: SocketAddress | None = None
    remote: SocketAddress | None = None


class NetdevUnion(Struct):
    """The branches of ``Netdev``."""

    nic: NetLegacyNicOptions
    user: NetdevUserOptions
    tap: NetdevTapOptions
    l2tpv3: NetdevL2TPv3Options
    socket: NetdevSocketOptions
    stream: NetdevStreamOptions
    dgram: NetdevDgramOptions
    vde: NetdevVdeOptions
    bridge: NetdevBridgeOptions
    hubport: NetdevHubPortOptions
    netmap: NetdevNetmapOptions
    vhost_user: NetdevVhostUserOptions
    vhost_vdpa: NetdevVhostVDPAOptions


class Netdev(QapiStruct):
    """A network client as options describe it."""

    BRANCHES: ClassVar[tuple[str, dict[QapiEnum, str]] | None] = (
        "type",
        {kind: kind.text.replace("-", "_") for kind in NetClientDriver if kind != NetClientDriver.NONE},
    )
    id: str
    type: NetClientDriver
    u: NetdevUnion = embedded(NetdevUnion)
