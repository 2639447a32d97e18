"""The structs of virtio-net (include/hw/virtio/virtio-net.h)."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from emu.ebpf.ebpf_rss import EBPFRSSContext
from emu.hw.core.qdev_core import DeviceListener, DeviceState
from emu.hw.net.net_rx_pkt import NetRxPkt
from emu.hw.virtio.virtio import Sparse, VirtQueue
from emu.hw.virtio.virtio.structs import VirtQueueElement
from emu.net.announce import AnnounceTimer
from emu.net.net import ETH_ALEN, NetClientState, NICConf, NICState, qemu_get_nic_opaque
from emu.qobject.qdict import QDict
from emu.qom.parts import Part, caster
from emu.standard_headers.linux import virtio_net
from emu.trace import Buf, Seq, Struct, embedded, fresh, seq
from emu.util.async_ import QEMUBH
from emu.util.notify import Notifier
from emu.util.qemu_timer import QEMUTimer

TYPE_VIRTIO_NET: Final = "virtio-net-device"

TX_TIMER_INTERVAL: Final = 150000
"""How long a ``tx=timer`` card waits for more packets, in nanoseconds."""
TX_BURST: Final = 256
"""How many packets go out in a row."""
MAC_TABLE_ENTRIES: Final = 64
MAX_VLAN: Final = 1 << 12
VIRTIO_NET_RX_QUEUE_DEFAULT_SIZE: Final = 256
VIRTIO_NET_TX_QUEUE_DEFAULT_SIZE: Final = 256
VIRTIO_NET_RX_QUEUE_MIN_SIZE: Final = VIRTIO_NET_RX_QUEUE_DEFAULT_SIZE
VIRTIO_NET_TX_QUEUE_MIN_SIZE: Final = VIRTIO_NET_TX_QUEUE_DEFAULT_SIZE
VIRTIO_NET_RSC_DEFAULT_INTERVAL: Final = 300000
VIRTIO_NET_RSS_MAX_KEY_SIZE: Final = 40
VIRTIO_NET_RSS_MAX_TABLE_LEN: Final = 128
VIRTIO_NET_VM_VERSION: Final = 11

VIRTIO_NET_RSS_SUPPORTED_HASHES: Final = (
    virtio_net.VIRTIO_NET_RSS_HASH_TYPE_IPv4
    | virtio_net.VIRTIO_NET_RSS_HASH_TYPE_TCPv4
    | virtio_net.VIRTIO_NET_RSS_HASH_TYPE_UDPv4
    | virtio_net.VIRTIO_NET_RSS_HASH_TYPE_IPv6
    | virtio_net.VIRTIO_NET_RSS_HASH_TYPE_TCPv6
    | virtio_net.VIRTIO_NET_RSS_HASH_TYPE_UDPv6
    | virtio_net.VIRTIO_NET_RSS_HASH_TYPE_IP_EX
    | virtio_net.VIRTIO_NET_RSS_HASH_TYPE_TCP_EX
    | virtio_net.VIRTIO_NET_RSS_HASH_TYPE_UDP_EX
)


class Mac(Buf):
    """``uint8_t mac[ETH_ALEN]``."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(ETH_ALEN)


class RssKey(Buf):
    """``uint8_t key[VIRTIO_NET_RSS_MAX_KEY_SIZE]``."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(VIRTIO_NET_RSS_MAX_KEY_SIZE)


class virtio_net_conf(Struct):
    """What the properties set."""

    txtimer: int = 0
    txburst: int = 0
    tx: str | None = None
    rx_queue_size: int = 0
    tx_queue_size: int = 0
    mtu: int = 0
    speed: int = 0
    duplex_str: str | None = None
    duplex: int = 0
    primary_id_str: str | None = None


class VirtioNetRssData(Struct):
    """Receive side scaling, as the driver configured it (virtio 1.2, 5.1.6.5.7)."""

    enabled: bool = False
    enabled_software_rss: bool = False
    redirect: bool = False
    populate_hash: bool = False
    hash_types: int = 0
    key: Buf = fresh(RssKey)
    indirections_len: int = 0
    indirections_table: tuple[int, ...] | None = None
    default_queue: int = 0


class AsyncTx(Struct):
    """A packet that the backend has not taken yet (an anonymous struct in C)."""

    elem: VirtQueueElement | None = None


class VirtIONetQueue(Struct):
    """A queue pair: one VirtQueue in each direction."""

    rx_vq: VirtQueue | None = None
    tx_vq: VirtQueue | None = None
    tx_timer: QEMUTimer | None = None
    tx_bh: QEMUBH | None = None
    tx_waiting: int = 0
    async_tx: AsyncTx = embedded(AsyncTx)
    n: VirtIONet | None = None


class MacTable(Struct):
    """The addresses that the card receives, unicast ones first (an anonymous struct in C)."""

    in_use: int = 0
    first_multi: int = 0
    multi_overflow: int = 0
    uni_overflow: int = 0
    macs: Buf | None = None


class VirtIONet(Part):
    """The network device."""

    SIZE: ClassVar[int] = 9264
    mac: Buf = fresh(Mac)
    status: int = 0
    vqs: Sparse[VirtIONetQueue] | None = None
    ctrl_vq: VirtQueue | None = None
    nic: NICState | None = None
    rsc_chains: Seq[Any] = seq()
    tx_timeout: int = 0
    tx_burst: int = 0
    has_vnet_hdr: int = 0
    host_hdr_len: int = 0
    guest_hdr_len: int = 0
    host_features: int = 0
    rsc_timeout: int = 0
    rsc4_enabled: int = 0
    rsc6_enabled: int = 0
    has_ufo: int = 0
    mergeable_rx_bufs: int = 0
    promisc: int = 0
    allmulti: int = 0
    alluni: int = 0
    nomulti: int = 0
    nouni: int = 0
    nobcast: int = 0
    vhost_started: int = 0
    mac_table: MacTable = embedded(MacTable)
    vlans: Buf | None = None
    """A bit for each VLAN."""
    net_conf: virtio_net_conf = embedded(virtio_net_conf)
    nic_conf: NICConf = embedded(NICConf)
    qdev: DeviceState | None = None
    multiqueue: int = 0
    max_queue_pairs: int = 0
    curr_queue_pairs: int = 0
    max_ncs: int = 0
    config_size: int = 0
    netclient_name: str | None = None
    netclient_type: str | None = None
    curr_guest_offloads: int = 0
    saved_guest_offloads: int = 0
    announce_timer: AnnounceTimer = embedded(AnnounceTimer)
    needs_vnet_hdr_swap: bool = False
    mtu_bypass_backend: bool = False
    failover_primary_hidden: bool = False
    failover: bool = False
    primary_listener: DeviceListener = embedded(DeviceListener)
    primary_opts: QDict | None = None
    primary_opts_from_json: bool = False
    migration_state: Notifier = embedded(Notifier)
    rss_data: VirtioNetRssData = embedded(VirtioNetRssData)
    rx_pkt: NetRxPkt | None = None
    ebpf_rss: EBPFRSSContext = embedded(EBPFRSSContext)


VIRTIO_NET = caster(VirtIONet, TYPE_VIRTIO_NET)


def vq2q(queue_index: int) -> int:
    """Return the number of the pair that a queue belongs to."""
    return queue_index // 2


def the_nic(n: VirtIONet) -> NICState:
    """Return ``n->nic``."""
    assert n.nic is not None
    return n.nic


def the_pair(n: VirtIONet, index: int) -> VirtIONetQueue:
    """Return ``&n->vqs[index]``."""
    assert n.vqs is not None
    return n.vqs[index]


def virtio_net_get_subqueue(nc: NetClientState) -> VirtIONetQueue:
    """Return the queue pair of a client."""
    return the_pair(qemu_get_nic_opaque(nc), nc.queue_index)
