"""The properties of the network device (hw/net/virtio-net.c)."""

from __future__ import annotations

from typing import Final

from emu.hw.core.qdev_properties import (
    DEFINE_PROP_BIT64,
    DEFINE_PROP_BOOL,
    DEFINE_PROP_INT32,
    DEFINE_PROP_STRING,
    DEFINE_PROP_UINT16,
    DEFINE_PROP_UINT32,
    Property,
)
from emu.hw.core.qdev_properties_system import DEFINE_NIC_PROPERTIES
from emu.hw.net.virtio_net.structs import (
    TX_BURST,
    TX_TIMER_INTERVAL,
    VIRTIO_NET_RSC_DEFAULT_INTERVAL,
    VIRTIO_NET_RX_QUEUE_DEFAULT_SIZE,
    VIRTIO_NET_TX_QUEUE_DEFAULT_SIZE,
    VirtIONet,
)
from emu.standard_headers.linux import virtio_net
from emu.standard_headers.linux.ethtool import SPEED_UNKNOWN


def _bit(name: str, bit: int, defval: bool = True) -> Property:
    return DEFINE_PROP_BIT64(name, VirtIONet, "host_features", bit, defval)


virtio_net_properties: Final = (
    _bit("csum", virtio_net.VIRTIO_NET_F_CSUM),
    _bit("guest_csum", virtio_net.VIRTIO_NET_F_GUEST_CSUM),
    _bit("gso", virtio_net.VIRTIO_NET_F_GSO),
    _bit("guest_tso4", virtio_net.VIRTIO_NET_F_GUEST_TSO4),
    _bit("guest_tso6", virtio_net.VIRTIO_NET_F_GUEST_TSO6),
    _bit("guest_ecn", virtio_net.VIRTIO_NET_F_GUEST_ECN),
    _bit("guest_ufo", virtio_net.VIRTIO_NET_F_GUEST_UFO),
    _bit("guest_announce", virtio_net.VIRTIO_NET_F_GUEST_ANNOUNCE),
    _bit("host_tso4", virtio_net.VIRTIO_NET_F_HOST_TSO4),
    _bit("host_tso6", virtio_net.VIRTIO_NET_F_HOST_TSO6),
    _bit("host_ecn", virtio_net.VIRTIO_NET_F_HOST_ECN),
    _bit("host_ufo", virtio_net.VIRTIO_NET_F_HOST_UFO),
    _bit("mrg_rxbuf", virtio_net.VIRTIO_NET_F_MRG_RXBUF),
    _bit("status", virtio_net.VIRTIO_NET_F_STATUS),
    _bit("ctrl_vq", virtio_net.VIRTIO_NET_F_CTRL_VQ),
    _bit("ctrl_rx", virtio_net.VIRTIO_NET_F_CTRL_RX),
    _bit("ctrl_vlan", virtio_net.VIRTIO_NET_F_CTRL_VLAN),
    _bit("ctrl_rx_extra", virtio_net.VIRTIO_NET_F_CTRL_RX_EXTRA),
    _bit("ctrl_mac_addr", virtio_net.VIRTIO_NET_F_CTRL_MAC_ADDR),
    _bit("ctrl_guest_offloads", virtio_net.VIRTIO_NET_F_CTRL_GUEST_OFFLOADS),
    _bit("mq", virtio_net.VIRTIO_NET_F_MQ, False),
    _bit("rss", virtio_net.VIRTIO_NET_F_RSS, False),
    _bit("hash", virtio_net.VIRTIO_NET_F_HASH_REPORT, False),
    _bit("guest_rsc_ext", virtio_net.VIRTIO_NET_F_RSC_EXT, False),
    DEFINE_PROP_UINT32("rsc_interval", VirtIONet, "rsc_timeout", VIRTIO_NET_RSC_DEFAULT_INTERVAL),
    *DEFINE_NIC_PROPERTIES(VirtIONet, "nic_conf"),
    DEFINE_PROP_UINT32("x-txtimer", VirtIONet, "net_conf.txtimer", TX_TIMER_INTERVAL),
    DEFINE_PROP_INT32("x-txburst", VirtIONet, "net_conf.txburst", TX_BURST),
    DEFINE_PROP_STRING("tx", VirtIONet, "net_conf.tx"),
    DEFINE_PROP_UINT16("rx_queue_size", VirtIONet, "net_conf.rx_queue_size", VIRTIO_NET_RX_QUEUE_DEFAULT_SIZE),
    DEFINE_PROP_UINT16("tx_queue_size", VirtIONet, "net_conf.tx_queue_size", VIRTIO_NET_TX_QUEUE_DEFAULT_SIZE),
    DEFINE_PROP_UINT16("host_mtu", VirtIONet, "net_conf.mtu", 0),
    DEFINE_PROP_BOOL("x-mtu-bypass-backend", VirtIONet, "mtu_bypass_backend", True),
    DEFINE_PROP_INT32("speed", VirtIONet, "net_conf.speed", SPEED_UNKNOWN),
    DEFINE_PROP_STRING("duplex", VirtIONet, "net_conf.duplex_str"),
    DEFINE_PROP_BOOL("failover", VirtIONet, "failover", False),
)
