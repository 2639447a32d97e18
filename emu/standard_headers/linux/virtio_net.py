"""Features, configuration and control commands of virtio-net (include/standard-headers/linux/virtio_net.h; virtio 1.2, 5.1)."""

from __future__ import annotations

from typing import Final

# Feature bits.
VIRTIO_NET_F_CSUM: Final = 0
VIRTIO_NET_F_GUEST_CSUM: Final = 1
VIRTIO_NET_F_CTRL_GUEST_OFFLOADS: Final = 2
VIRTIO_NET_F_MTU: Final = 3
VIRTIO_NET_F_MAC: Final = 5
VIRTIO_NET_F_GUEST_TSO4: Final = 7
VIRTIO_NET_F_GUEST_TSO6: Final = 8
VIRTIO_NET_F_GUEST_ECN: Final = 9
VIRTIO_NET_F_GUEST_UFO: Final = 10
VIRTIO_NET_F_HOST_TSO4: Final = 11
VIRTIO_NET_F_HOST_TSO6: Final = 12
VIRTIO_NET_F_HOST_ECN: Final = 13
VIRTIO_NET_F_HOST_UFO: Final = 14
VIRTIO_NET_F_MRG_RXBUF: Final = 15
VIRTIO_NET_F_STATUS: Final = 16
VIRTIO_NET_F_CTRL_VQ: Final = 17
VIRTIO_NET_F_CTRL_RX: Final = 18
VIRTIO_NET_F_CTRL_VLAN: Final = 19
VIRTIO_NET_F_CTRL_RX_EXTRA: Final = 20
VIRTIO_NET_F_GUEST_ANNOUNCE: Final = 21
VIRTIO_NET_F_MQ: Final = 22
VIRTIO_NET_F_CTRL_MAC_ADDR: Final = 23
VIRTIO_NET_F_NOTF_COAL: Final = 53
VIRTIO_NET_F_HASH_REPORT: Final = 57
VIRTIO_NET_F_RSS: Final = 60
VIRTIO_NET_F_RSC_EXT: Final = 61
VIRTIO_NET_F_STANDBY: Final = 62
VIRTIO_NET_F_SPEED_DUPLEX: Final = 63
VIRTIO_NET_F_GSO: Final = 6

# Bits of the status field.
VIRTIO_NET_S_LINK_UP: Final = 1
VIRTIO_NET_S_ANNOUNCE: Final = 2

# Hash types (5.1.6.4.3.1).
VIRTIO_NET_RSS_HASH_TYPE_IPv4: Final = 1 << 0
VIRTIO_NET_RSS_HASH_TYPE_TCPv4: Final = 1 << 1
VIRTIO_NET_RSS_HASH_TYPE_UDPv4: Final = 1 << 2
VIRTIO_NET_RSS_HASH_TYPE_IPv6: Final = 1 << 3
VIRTIO_NET_RSS_HASH_TYPE_TCPv6: Final = 1 << 4
VIRTIO_NET_RSS_HASH_TYPE_UDPv6: Final = 1 << 5
VIRTIO_NET_RSS_HASH_TYPE_IP_EX: Final = 1 << 6
VIRTIO_NET_RSS_HASH_TYPE_TCP_EX: Final = 1 << 7
VIRTIO_NET_RSS_HASH_TYPE_UDP_EX: Final = 1 << 8

# Flags and GSO types of a packet header (5.1.6).
VIRTIO_NET_HDR_F_NEEDS_CSUM: Final = 1
VIRTIO_NET_HDR_F_DATA_VALID: Final = 2
VIRTIO_NET_HDR_F_RSC_INFO: Final = 4
VIRTIO_NET_HDR_GSO_NONE: Final = 0
VIRTIO_NET_HDR_GSO_TCPV4: Final = 1
VIRTIO_NET_HDR_GSO_UDP: Final = 3
VIRTIO_NET_HDR_GSO_TCPV6: Final = 4
VIRTIO_NET_HDR_GSO_ECN: Final = 0x80

# Hash reports (5.1.6.4.4).
VIRTIO_NET_HASH_REPORT_NONE: Final = 0
VIRTIO_NET_HASH_REPORT_IPv4: Final = 1
VIRTIO_NET_HASH_REPORT_TCPv4: Final = 2
VIRTIO_NET_HASH_REPORT_UDPv4: Final = 3
VIRTIO_NET_HASH_REPORT_IPv6: Final = 4
VIRTIO_NET_HASH_REPORT_TCPv6: Final = 5
VIRTIO_NET_HASH_REPORT_UDPv6: Final = 6
VIRTIO_NET_HASH_REPORT_IPv6_EX: Final = 7
VIRTIO_NET_HASH_REPORT_TCPv6_EX: Final = 8
VIRTIO_NET_HASH_REPORT_UDPv6_EX: Final = 9

# Answers of the control queue.
VIRTIO_NET_OK: Final = 0
VIRTIO_NET_ERR: Final = 1

# Classes and commands of the control queue (5.1.6.5).
VIRTIO_NET_CTRL_RX: Final = 0
VIRTIO_NET_CTRL_RX_PROMISC: Final = 0
VIRTIO_NET_CTRL_RX_ALLMULTI: Final = 1
VIRTIO_NET_CTRL_RX_ALLUNI: Final = 2
VIRTIO_NET_CTRL_RX_NOMULTI: Final = 3
VIRTIO_NET_CTRL_RX_NOUNI: Final = 4
VIRTIO_NET_CTRL_RX_NOBCAST: Final = 5
VIRTIO_NET_CTRL_MAC: Final = 1
VIRTIO_NET_CTRL_MAC_TABLE_SET: Final = 0
VIRTIO_NET_CTRL_MAC_ADDR_SET: Final = 1
VIRTIO_NET_CTRL_VLAN: Final = 2
VIRTIO_NET_CTRL_VLAN_ADD: Final = 0
VIRTIO_NET_CTRL_VLAN_DEL: Final = 1
VIRTIO_NET_CTRL_ANNOUNCE: Final = 3
VIRTIO_NET_CTRL_ANNOUNCE_ACK: Final = 0
VIRTIO_NET_CTRL_MQ: Final = 4
VIRTIO_NET_CTRL_MQ_VQ_PAIRS_SET: Final = 0
VIRTIO_NET_CTRL_MQ_VQ_PAIRS_MIN: Final = 1
VIRTIO_NET_CTRL_MQ_VQ_PAIRS_MAX: Final = 0x8000
VIRTIO_NET_CTRL_MQ_RSS_CONFIG: Final = 1
VIRTIO_NET_CTRL_MQ_HASH_CONFIG: Final = 2
VIRTIO_NET_CTRL_GUEST_OFFLOADS: Final = 5
VIRTIO_NET_CTRL_GUEST_OFFLOADS_SET: Final = 0

# struct virtio_net_config: offset and size of each field, in bytes.
VIRTIO_NET_CONFIG: Final = {
    "mac": (0, 6),
    "status": (6, 2),
    "max_virtqueue_pairs": (8, 2),
    "mtu": (10, 2),
    "speed": (12, 4),
    "duplex": (16, 1),
    "rss_max_key_size": (17, 1),
    "rss_max_indirection_table_length": (18, 2),
    "supported_hash_types": (20, 4),
}
VIRTIO_NET_CONFIG_SIZE: Final = 24

# Sizes of the packet headers, in bytes.
VIRTIO_NET_HDR_SIZE: Final = 10
VIRTIO_NET_HDR_MRG_RXBUF_SIZE: Final = 12
VIRTIO_NET_HDR_V1_HASH_SIZE: Final = 20
