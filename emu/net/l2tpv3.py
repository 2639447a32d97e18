"""The l2tpv3 backend: an L2TPv3 tunnel (net/l2tpv3.c)."""

from __future__ import annotations

from typing import ClassVar, Final

from emu.errors import NotModelled
from emu.host import HostSocket, InetAddress, SimulatedError, host
from emu.host.outside import outside
from emu.host.sockets import AF_INET, AF_INET6, SOCK_DGRAM, SOCK_RAW, bind, socket
from emu.net.net.clients import qemu_del_net_client, qemu_new_net_client
from emu.net.net.mac import qemu_set_info_str
from emu.net.net.packets import qemu_flush_queued_packets, qemu_purge_queued_packets
from emu.net.net.structs import NetClientInfo, NetClientState
from emu.qapi.error import Error, error_setg, errp_is_fatal
from emu.qapi.qapi_types_net import NetClientDriver, Netdev, NetdevL2TPv3Options
from emu.qom.parts import Part, caster
from emu.trace import emulates
from emu.util.main_loop import qemu_set_fd_handler
from emu.util.qemu_sockets import GaiError, getaddrinfo

MAX_L2TPV3_MSGCNT: Final = 64
SIZEOF_IPHDR: Final = 20
SIZEOF_SOCKADDR: Final = {AF_INET: 16, AF_INET6: 28}


class NetL2TPV3State(Part):
    """The l2tpv3 backend (net/l2tpv3.c). Begins with ``NetClientState nc``."""

    SIZE: ClassVar[int] = 496
    fd: int = 0
    dgram_dst: InetAddress | None = None
    dst_size: int = 0
    rx_cookie: int = 0
    tx_cookie: int = 0
    rx_session: int = 0
    tx_session: int = 0
    header_size: int = 0
    counter: int = 0
    header_mismatch: bool = False
    queue_head: int = 0
    queue_tail: int = 0
    queue_depth: int = 0
    offset: int = 0
    cookie_offset: int = 0
    counter_offset: int = 0
    session_offset: int = 0
    read_poll: bool = False
    write_poll: bool = False
    ipv6: bool = False
    udp: bool = False
    has_counter: bool = False
    pin_counter: bool = False
    cookie: bool = False
    cookie_is_64: bool = False


NET_L2TPV3_STATE = caster(NetL2TPV3State, "NetL2TPV3State")
NC = caster(NetClientState, "NetClientState")


@emulates
def l2tpv3_update_fd_handler(s: NetL2TPV3State) -> None:
    """net/l2tpv3.c."""
    qemu_set_fd_handler(s.fd, net_l2tpv3_send if s.read_poll else None, l2tpv3_writable if s.write_poll else None, s)


@emulates
def l2tpv3_read_poll(s: NetL2TPV3State, enable: bool) -> None:
    """net/l2tpv3.c."""
    if s.read_poll != enable:
        s.read_poll = enable
        l2tpv3_update_fd_handler(s)


@emulates
def l2tpv3_write_poll(s: NetL2TPV3State, enable: bool) -> None:
    """net/l2tpv3.c."""
    if s.write_poll != enable:
        s.write_poll = enable
        l2tpv3_update_fd_handler(s)


@emulates
def l2tpv3_writable(opaque: NetL2TPV3State) -> None:
    """net/l2tpv3.c. The host takes packets again."""
    s = opaque
    l2tpv3_write_poll(s, False)
    qemu_flush_queued_packets(NC(s))


@emulates
def l2tpv3_poll(nc: NetClientState, enable: bool) -> None:
    """net/l2tpv3.c."""
    s = NET_L2TPV3_STATE(nc)
    l2tpv3_write_poll(s, enable)
    l2tpv3_read_poll(s, enable)


def _only_simulated() -> None:
    if outside().is_real:
        raise NotModelled("frames through an L2TPv3 tunnel")


@emulates(modelled=False)
def net_l2tpv3_receive_dgram(nc: NetClientState, buf: bytes, size: int) -> int:
    """net/l2tpv3.c. Sends a packet into the tunnel; nobody is at the other end. NotModelled: a real tunnel."""
    _only_simulated()
    return size


@emulates(modelled=False)
def net_l2tpv3_receive_dgram_iov(nc: NetClientState, iov: tuple[bytes, ...], iovcnt: int) -> int:
    """net/l2tpv3.c. Sends a packet into the tunnel; nobody is at the other end. NotModelled: a real tunnel."""
    _only_simulated()
    return sum(map(len, iov[:iovcnt]))


@emulates(modelled=False)
def net_l2tpv3_send(opaque: NetL2TPV3State) -> None:
    """net/l2tpv3.c. Reads packets from the tunnel, of which there are none. NotModelled: a real tunnel."""
    sock = host().get(opaque.fd)
    assert isinstance(sock, HostSocket)
    while len(sock.datagrams):
        sock.datagrams.pop(0)
    _only_simulated()


@emulates(modelled=False)
def build_l2tpv3_vector(s: NetL2TPV3State, count: int) -> None:
    """net/l2tpv3.c. Allocates the buffers that packets are read into."""


@emulates
def net_l2tpv3_cleanup(nc: NetClientState) -> None:
    """net/l2tpv3.c."""
    s = NET_L2TPV3_STATE(nc)
    qemu_purge_queued_packets(nc)
    l2tpv3_read_poll(s, False)
    l2tpv3_write_poll(s, False)
    if s.fd >= 0:
        host().close(s.fd)
    s.dgram_dst = None


net_l2tpv3_info = NetClientInfo(
    variable="net_l2tpv3_info",
    type=NetClientDriver.L2TPV3,
    size=(NetClientState, NetL2TPV3State),
    receive=net_l2tpv3_receive_dgram,
    receive_iov=net_l2tpv3_receive_dgram_iov,
    poll=l2tpv3_poll,
    cleanup=net_l2tpv3_cleanup,
)


def _check(s: NetL2TPV3State, l2tpv3: NetdevL2TPv3Options) -> None:
    """Read the options. Error: some do not go together."""
    s.ipv6 = bool(l2tpv3.ipv6)

    if l2tpv3.offset is not None and l2tpv3.offset > 256:
        error_setg("offset must be less than 256 bytes")

    if (l2tpv3.rxcookie is None) != (l2tpv3.txcookie is None):
        error_setg("require both 'rxcookie' and 'txcookie' or neither")
    s.cookie = l2tpv3.rxcookie is not None

    # As QEMU has it: naming the option is enough, whatever its value.
    s.cookie_is_64 = l2tpv3.cookie64 is not None

    s.udp = bool(l2tpv3.udp)
    if s.udp and (l2tpv3.srcport is None or l2tpv3.dstport is None):
        error_setg("need both src and dst port for udp")


def _layout(s: NetL2TPV3State, l2tpv3: NetdevL2TPv3Options) -> None:
    """Reckon where session, cookie and counter stand in the header."""
    s.offset = 4
    s.session_offset = 0
    s.cookie_offset = 4
    s.counter_offset = 4

    s.tx_session = l2tpv3.txsession
    s.rx_session = s.tx_session if l2tpv3.rxsession is None else l2tpv3.rxsession

    if s.cookie:
        assert l2tpv3.rxcookie is not None
        assert l2tpv3.txcookie is not None
        s.rx_cookie = l2tpv3.rxcookie
        s.tx_cookie = l2tpv3.txcookie
        width = 8 if s.cookie_is_64 else 4
        s.offset += width
        s.counter_offset += width

    if s.udp:
        s.offset += 4
        s.counter_offset += 4
        s.session_offset += 4
        s.cookie_offset += 4


def _resolve(s: NetL2TPV3State, name: str, port: str | None, text: str) -> InetAddress:
    try:
        found = getaddrinfo(name, port or "", AF_INET6 if s.ipv6 else AF_INET, passive=False, numeric=False)
    except GaiError as why:
        error_setg(f"{text} = {why}")
    return found[0].address


def _open(s: NetL2TPV3State, l2tpv3: NetdevL2TPv3Options) -> HostSocket:
    here = host()
    src = _resolve(s, l2tpv3.src, l2tpv3.srcport if s.udp else None, "could not resolve src, errno")
    sock = socket(here, AF_INET6 if s.ipv6 else AF_INET, SOCK_DGRAM if s.udp else SOCK_RAW)
    try:
        bind(here, sock, src)
    except SimulatedError as err:
        here.close(sock.fd)
        error_setg(f"could not bind socket err={err.errno}")
    try:
        s.dgram_dst = _resolve(s, l2tpv3.dst, l2tpv3.dstport if s.udp else None, "could not resolve dst, error")
    except Error:
        here.close(sock.fd)
        raise
    s.dst_size = SIZEOF_SOCKADDR[sock.family]
    return sock


@emulates
def net_init_l2tpv3(netdev: Netdev, name: str, peer: NetClientState | None) -> int:
    """net/l2tpv3.c. ``-netdev l2tpv3``. Error: options that do not go together, or the host refuses."""
    nc = qemu_new_net_client(net_l2tpv3_info, peer, "l2tpv3", name)

    s = NET_L2TPV3_STATE(nc)

    s.queue_head = 0
    s.queue_tail = 0
    s.header_mismatch = False

    assert netdev.type == NetClientDriver.L2TPV3
    l2tpv3 = netdev.u.l2tpv3

    try:
        _check(s, l2tpv3)
        _layout(s, l2tpv3)
        sock = _open(s, l2tpv3)
    except Error:
        if not errp_is_fatal():
            qemu_del_net_client(nc)
        raise

    s.has_counter = bool(l2tpv3.counter)
    if s.has_counter:
        s.offset += 4

    s.pin_counter = bool(l2tpv3.pincounter)
    if s.pin_counter:
        s.has_counter = True

    if l2tpv3.offset is not None:
        s.offset += l2tpv3.offset

    s.header_size = s.offset if s.ipv6 or s.udp else s.offset + SIZEOF_IPHDR

    build_l2tpv3_vector(s, MAX_L2TPV3_MSGCNT)

    sock.nonblocking = True

    s.fd = sock.fd
    s.counter = 0

    l2tpv3_read_poll(s, True)

    qemu_set_info_str(nc, "l2tpv3: connected")
    return 0
