"""The structs and constants of the network layer (include/net/net.h, net/net.c)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Final, TypeVar

from emu.net.queue import NetQueue
from emu.qapi.qapi_types_net import NetClientDriver, Netdev
from emu.qom.parts import Part
from emu.trace import Buf, Map, Seq, Struct, embedded, fresh, mapping, seq
from emu.util.error_report import Location

T = TypeVar("T")
StructType = type[Struct]

ETH_ALEN: Final = 6
MAX_QUEUE_NUM: Final = 1024
NET_BUFSIZE: Final = 4096 + 65536
MAX_NICS: Final = 8

DEFAULT_NETWORK_SCRIPT: Final = "/etc/qemu-ifup"
DEFAULT_NETWORK_DOWN_SCRIPT: Final = "/etc/qemu-ifdown"
DEFAULT_BRIDGE_HELPER: Final = "/usr/lib/qemu/qemu-bridge-helper"
DEFAULT_BRIDGE_INTERFACE: Final = "br0"


class EthAddr(Buf):
    """``uint8_t a[6]``."""

    def __init__(self) -> None:
        super().__init__(ETH_ALEN)


class MACAddr(Struct):
    """An Ethernet address (include/net/net.h)."""

    SIZE: ClassVar[int] = 6
    a: Buf = fresh(EthAddr)


class Pointers(Seq[T | None]):
    """An array of pointers of fixed size that is all NULL at first; only the slots up to the last one written are kept."""

    def __getitem__(self, at: int) -> T | None:
        return self._items[at] if at < len(self._items) else None

    def __setitem__(self, at: int, item: T | None) -> None:
        while len(self._items) < at:
            self.append(None)
        if at == len(self._items):
            self.append(item)
        else:
            super().__setitem__(at, item)


class NICPeers(Struct):
    """The clients at the other end of a card's queues: ``ncs[MAX_QUEUE_NUM]`` of which ``queues`` are in use."""

    ncs: Pointers[NetClientState] = fresh(Pointers)
    queues: int = 0


class NICConf(Struct):
    """What the properties ``mac``, ``netdev`` and ``bootindex`` of a card set (include/net/net.h)."""

    macaddr: MACAddr = embedded(MACAddr)
    peers: NICPeers = embedded(NICPeers)
    bootindex: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NetClientInfo:
    """What a kind of client can do: a constant table of functions (include/net/net.h).

    ``variable`` is the name of QEMU's static variable. ``size`` in C tells how much to allocate; here it is the tuple of the
    structs that a client of this kind consists of, the first being ``NetClientState`` (for a card: ``NICState`` alone).
    """

    variable: str
    type: NetClientDriver
    size: tuple[StructType, ...]
    receive: Callable[[NetClientState, bytes, int], int] | None = None
    receive_raw: Callable[[NetClientState, bytes, int], int] | None = None
    receive_iov: Callable[[NetClientState, tuple[bytes, ...], int], int] | None = None
    can_receive: Callable[[NetClientState], bool] | None = None
    start: Callable[[NetClientState], int] | None = None
    load: Callable[[NetClientState], int] | None = None
    stop: Callable[[NetClientState], None] | None = None
    cleanup: Callable[[NetClientState], None] | None = None
    link_status_changed: Callable[[NetClientState], None] | None = None
    query_rx_filter: Callable[[NetClientState], Any] | None = None
    poll: Callable[[NetClientState, bool], None] | None = None
    has_ufo: Callable[[NetClientState], bool] | None = None
    has_vnet_hdr: Callable[[NetClientState], bool] | None = None
    has_vnet_hdr_len: Callable[[NetClientState, int], bool] | None = None
    using_vnet_hdr: Callable[[NetClientState, bool], None] | None = None
    set_offload: Callable[[NetClientState, int, int, int, int, int], None] | None = None
    set_vnet_hdr_len: Callable[[NetClientState, int], None] | None = None
    set_vnet_le: Callable[[NetClientState, bool], int] | None = None
    set_vnet_be: Callable[[NetClientState, bool], int] | None = None
    announce: Callable[[NetClientState], None] | None = None
    set_steering_ebpf: Callable[[NetClientState, int], bool] | None = None
    check_peer_type: Callable[[NetClientState, Any], bool] | None = None

    @property
    def _enc(self) -> str:
        return self.variable


class NetClientState(Part):
    """One end of a link: a queue of a card, of a backend, or a port of a hub (include/net/net.h).

    A backend's own struct (``SlirpState``, ``TAPState``) begins with it in C, so both are parts of one whole here.
    """

    SIZE: ClassVar[int] = 376
    info: NetClientInfo
    link_down: bool = False
    peer: NetClientState | None = None
    incoming_queue: NetQueue | None = None
    model: str = ""
    name: str = ""
    info_str: str = ""
    receive_disabled: bool = False
    destructor: Callable[[NetClientState], None] | None = None
    queue_index: int = 0
    rxfilter_notify_enabled: bool = False
    vring_enable: int = 0
    vnet_hdr_len: int = 0
    is_netdev: bool = False
    do_not_pad: bool = False
    is_datapath: bool = False
    filters: Seq[Any] = seq()

    _nic: NICState
    """The card whose array of clients this one stands in; C reckons it from the address."""


class NICState(Struct):
    """A card's end of the network (include/net/net.h): one client a queue pair."""

    ncs: Seq[NetClientState] = seq()
    conf: NICConf | None = None
    reentrancy_guard: Any = None
    opaque: Any = None
    peer_deleted: bool = False


class NICInfo(Struct):
    """A card that ``-nic`` or ``-net nic`` asks the board for (include/net/net.h)."""

    macaddr: MACAddr = embedded(MACAddr)
    model: str | None = None
    name: str | None = None
    devaddr: str | None = None
    netdev: NetClientState | None = None
    used: bool = False
    instantiated: bool = False
    nvectors: int = 0

    def clear(self) -> None:
        """``memset(nd, 0, sizeof(*nd))``."""
        self.macaddr.a.put(0, bytes(ETH_ALEN))
        self.model = self.name = self.devaddr = self.netdev = None
        self.used = self.instantiated = False
        self.nvectors = 0


class SocketReadState(Struct):
    """Reassembles packets from a stream of bytes: length (4 bytes), optional vnet header length (4 bytes), data."""

    state: int = 0
    vnet_hdr: bool = False
    index: int = 0
    packet_len: int = 0
    vnet_hdr_len: int = 0
    buf: bytes = b""
    finalize: Callable[[SocketReadState], None] | None = None


class NetdevQueueEntry(Struct):
    """A ``-netdev`` in the modern syntax that waits for ``net_init_clients`` (net/net.c)."""

    nd: Netdev
    loc: Location


class NetStatics(Struct):
    """The static variables of net/net.c."""

    net_change_state_entry: Any = None
    net_clients: Seq[NetClientState] = seq()
    nd_queue: Seq[NetdevQueueEntry] = seq()
    mac_table: Map[int] = mapping()
    """Uses of 52:54:00:12:34:xx by the last byte, in hexadecimal; bytes that were never used are left out."""
