"""What the card offers: its own features less what the backend cannot do (hw/net/virtio-net.c; virtio 1.2, 5.1.3)."""

from __future__ import annotations

from typing import Final

from emu.ebpf.ebpf_rss import ebpf_rss_is_loaded
from emu.hw.net.vhost_net import get_vhost_net, vhost_net_ack_features, vhost_net_get_features
from emu.hw.net.virtio_net.failover import negotiate_failover
from emu.hw.net.virtio_net.offloads import virtio_net_apply_guest_offloads, virtio_net_guest_offloads_by_features
from emu.hw.net.virtio_net.pairs import virtio_net_set_multiqueue
from emu.hw.net.virtio_net.structs import MAX_VLAN, VIRTIO_NET, VirtIONet, the_nic
from emu.hw.virtio.virtio import (
    FeatureWord,
    VirtIOConfigSizeParams,
    VirtIODevice,
    VirtIOFeature,
    virtio_add_feature,
    virtio_clear_feature,
    virtio_get_config_size,
    virtio_has_feature,
)
from emu.net.net import (
    qemu_get_queue,
    qemu_get_subqueue,
    qemu_has_ufo,
    qemu_has_vnet_hdr,
    qemu_has_vnet_hdr_len,
    qemu_set_vnet_hdr_len,
)
from emu.standard_headers.linux import virtio_net
from emu.standard_headers.linux.virtio_config import VIRTIO_F_VERSION_1
from emu.trace import Ptr, emulates, g_free


def _feature(end: str, *bits: int) -> VirtIOFeature:
    offset, size = virtio_net.VIRTIO_NET_CONFIG[end]
    return VirtIOFeature(flags=sum(1 << bit for bit in bits), end=offset + size)


cfg_size_params: Final = VirtIOConfigSizeParams(
    min_size=_feature("mac").end,
    max_size=virtio_net.VIRTIO_NET_CONFIG_SIZE,
    feature_sizes=(
        _feature("mac", virtio_net.VIRTIO_NET_F_MAC),
        _feature("status", virtio_net.VIRTIO_NET_F_STATUS),
        _feature("max_virtqueue_pairs", virtio_net.VIRTIO_NET_F_MQ),
        _feature("mtu", virtio_net.VIRTIO_NET_F_MTU),
        _feature("duplex", virtio_net.VIRTIO_NET_F_SPEED_DUPLEX),
        _feature("supported_hash_types", virtio_net.VIRTIO_NET_F_RSS, virtio_net.VIRTIO_NET_F_HASH_REPORT),
    ),
)
"""``feature_sizes`` and ``cfg_size_params``: the configuration ends with the last field that a feature brings."""


@emulates
def virtio_net_set_config_size(n: VirtIONet, host_features: int) -> None:
    """Make the configuration as long as the offered features need it."""
    word = FeatureWord(value=host_features)
    virtio_add_feature(Ptr(word, "value"), virtio_net.VIRTIO_NET_F_MAC)
    n.config_size = virtio_get_config_size(cfg_size_params, word.value)
    g_free(word)


@emulates
def peer_test_vnet_hdr(n: VirtIONet) -> None:
    """Ask the backend whether packets can carry a virtio-net header, which tells of checksums and segmentation."""
    nc = qemu_get_queue(the_nic(n))
    if not nc.peer:
        return
    n.has_vnet_hdr = int(qemu_has_vnet_hdr(nc.peer))


@emulates
def peer_has_vnet_hdr(n: VirtIONet) -> int:
    """Return what the backend said."""
    return n.has_vnet_hdr


@emulates
def peer_has_ufo(n: VirtIONet) -> int:
    """Ask the backend whether it takes UDP packets that are to be fragmented."""
    if not peer_has_vnet_hdr(n):
        return 0
    n.has_ufo = int(qemu_has_ufo(qemu_get_queue(the_nic(n)).peer))
    return n.has_ufo


@emulates
def virtio_net_set_mrg_rx_bufs(n: VirtIONet, mergeable_rx_bufs: int, version_1: int, hash_report: int) -> None:
    """Set how long the header before each packet is, towards the guest and, if it agrees, the backend. Lengths in bytes."""
    n.mergeable_rx_bufs = mergeable_rx_bufs
    if version_1:
        n.guest_hdr_len = virtio_net.VIRTIO_NET_HDR_V1_HASH_SIZE if hash_report else virtio_net.VIRTIO_NET_HDR_MRG_RXBUF_SIZE
        n.rss_data.populate_hash = bool(hash_report)
    else:
        n.guest_hdr_len = virtio_net.VIRTIO_NET_HDR_MRG_RXBUF_SIZE if n.mergeable_rx_bufs else virtio_net.VIRTIO_NET_HDR_SIZE
    for i in range(n.max_queue_pairs):
        nc = qemu_get_subqueue(the_nic(n), i)
        if peer_has_vnet_hdr(n) and qemu_has_vnet_hdr_len(nc.peer, n.guest_hdr_len):
            qemu_set_vnet_hdr_len(nc.peer, n.guest_hdr_len)
            n.host_hdr_len = n.guest_hdr_len


@emulates
def virtio_net_get_features(vdev: VirtIODevice, features: int) -> int:
    """VirtioDeviceClass.get_features: add the card's own, then clear what the backend cannot do."""
    n = VIRTIO_NET(vdev)
    nc = qemu_get_queue(the_nic(n))
    word = FeatureWord(value=features)
    at = Ptr(word, "value")

    word.value |= n.host_features
    virtio_add_feature(at, virtio_net.VIRTIO_NET_F_MAC)
    if not peer_has_vnet_hdr(n):
        virtio_clear_feature(at, virtio_net.VIRTIO_NET_F_CSUM)
        virtio_clear_feature(at, virtio_net.VIRTIO_NET_F_HOST_TSO4)
        virtio_clear_feature(at, virtio_net.VIRTIO_NET_F_HOST_TSO6)
        virtio_clear_feature(at, virtio_net.VIRTIO_NET_F_HOST_ECN)

        virtio_clear_feature(at, virtio_net.VIRTIO_NET_F_GUEST_CSUM)
        virtio_clear_feature(at, virtio_net.VIRTIO_NET_F_GUEST_TSO4)
        virtio_clear_feature(at, virtio_net.VIRTIO_NET_F_GUEST_TSO6)
        virtio_clear_feature(at, virtio_net.VIRTIO_NET_F_GUEST_ECN)

        virtio_clear_feature(at, virtio_net.VIRTIO_NET_F_HASH_REPORT)
    if not peer_has_vnet_hdr(n) or not peer_has_ufo(n):
        virtio_clear_feature(at, virtio_net.VIRTIO_NET_F_GUEST_UFO)
        virtio_clear_feature(at, virtio_net.VIRTIO_NET_F_HOST_UFO)

    if get_vhost_net(nc.peer):
        if not ebpf_rss_is_loaded(n.ebpf_rss):
            virtio_clear_feature(at, virtio_net.VIRTIO_NET_F_RSS)
        word.value = vhost_net_get_features(get_vhost_net(nc.peer), word.value)
        vdev.backend_features = word.value
        if n.mtu_bypass_backend and n.host_features & 1 << virtio_net.VIRTIO_NET_F_MTU:
            word.value |= 1 << virtio_net.VIRTIO_NET_F_MTU
    g_free(word)
    return word.value


@emulates
def virtio_net_bad_features(vdev: VirtIODevice) -> int:
    """VirtioDeviceClass.bad_features: what Linux 2.6.25 understood, which did not negotiate."""
    word = FeatureWord()
    for bit in (
        virtio_net.VIRTIO_NET_F_MAC,
        virtio_net.VIRTIO_NET_F_CSUM,
        virtio_net.VIRTIO_NET_F_HOST_TSO4,
        virtio_net.VIRTIO_NET_F_HOST_TSO6,
        virtio_net.VIRTIO_NET_F_HOST_ECN,
    ):
        virtio_add_feature(Ptr(word, "value"), bit)
    g_free(word)
    return word.value


@emulates
def virtio_net_set_features(vdev: VirtIODevice, features: int) -> None:
    """VirtioDeviceClass.set_features: the driver accepted these."""
    n = VIRTIO_NET(vdev)
    if n.mtu_bypass_backend and not virtio_has_feature(vdev.backend_features, virtio_net.VIRTIO_NET_F_MTU):
        features &= ~(1 << virtio_net.VIRTIO_NET_F_MTU)

    def has(bit: int) -> int:
        return int(virtio_has_feature(features, bit))

    virtio_net_set_multiqueue(n, has(virtio_net.VIRTIO_NET_F_RSS) or has(virtio_net.VIRTIO_NET_F_MQ))
    virtio_net_set_mrg_rx_bufs(
        n, has(virtio_net.VIRTIO_NET_F_MRG_RXBUF), has(VIRTIO_F_VERSION_1), has(virtio_net.VIRTIO_NET_F_HASH_REPORT)
    )
    n.rsc4_enabled = has(virtio_net.VIRTIO_NET_F_RSC_EXT) & has(virtio_net.VIRTIO_NET_F_GUEST_TSO4)
    n.rsc6_enabled = has(virtio_net.VIRTIO_NET_F_RSC_EXT) & has(virtio_net.VIRTIO_NET_F_GUEST_TSO6)
    n.rss_data.redirect = bool(has(virtio_net.VIRTIO_NET_F_RSS))

    if n.has_vnet_hdr:
        n.curr_guest_offloads = virtio_net_guest_offloads_by_features(features)
        virtio_net_apply_guest_offloads(n)
    for i in range(n.max_queue_pairs):
        nc = qemu_get_subqueue(the_nic(n), i)
        if get_vhost_net(nc.peer):
            vhost_net_ack_features(get_vhost_net(nc.peer), features)

    assert n.vlans is not None
    n.vlans.put(0, (b"\0" if has(virtio_net.VIRTIO_NET_F_CTRL_VLAN) else b"\xff") * (MAX_VLAN >> 3))
    if has(virtio_net.VIRTIO_NET_F_STANDBY):
        negotiate_failover(n)
