"""The card's configuration space (hw/net/virtio-net.c; virtio 1.2, 5.1.4)."""

from __future__ import annotations

from emu.hw.net.vhost_net import get_vhost_net, vhost_net_get_config, vhost_net_set_config
from emu.hw.net.virtio_net.structs import (
    VIRTIO_NET,
    VIRTIO_NET_RSS_MAX_KEY_SIZE,
    VIRTIO_NET_RSS_MAX_TABLE_LEN,
    VIRTIO_NET_RSS_SUPPORTED_HASHES,
    VirtIONet,
    the_nic,
)
from emu.hw.virtio.virtio import VirtIODevice, virtio_host_has_feature, virtio_vdev_has_feature
from emu.net.net import ETH_ALEN, NetClientState, qemu_format_nic_info_str, qemu_get_queue
from emu.qapi.qapi_types_net import NetClientDriver
from emu.standard_headers.linux.virtio_config import VIRTIO_F_VERSION_1
from emu.standard_headers.linux.virtio_net import (
    VIRTIO_NET_CONFIG,
    VIRTIO_NET_CONFIG_SIZE,
    VIRTIO_NET_F_CTRL_MAC_ADDR,
    VIRTIO_NET_F_RSS,
)
from emu.trace import Buf, emulates
from emu.util.error_report import info_report

VHOST_SET_CONFIG_TYPE_MASTER = 0


def is_vdpa(nc: NetClientState) -> bool:
    """Tell whether a vDPA device is at the other end: it has a configuration of its own."""
    return nc.peer is not None and nc.peer.info.type == NetClientDriver.VHOST_VDPA


def make_config(vdev: VirtIODevice, n: VirtIONet) -> bytes:
    """Return a ``struct virtio_net_config`` that is filled in, all fields of it."""
    fields = {
        "mac": int.from_bytes(bytes(n.mac), "little"),
        "status": n.status,
        "max_virtqueue_pairs": n.max_queue_pairs,
        "mtu": n.net_conf.mtu,
        "speed": n.net_conf.speed & 0xFFFFFFFF,
        "duplex": n.net_conf.duplex,
        "rss_max_key_size": VIRTIO_NET_RSS_MAX_KEY_SIZE,
        "rss_max_indirection_table_length": (
            VIRTIO_NET_RSS_MAX_TABLE_LEN if virtio_host_has_feature(vdev, VIRTIO_NET_F_RSS) else 1
        ),
        "supported_hash_types": VIRTIO_NET_RSS_SUPPORTED_HASHES,
    }
    netcfg = bytearray(VIRTIO_NET_CONFIG_SIZE)
    for name, value in fields.items():
        offset, size = VIRTIO_NET_CONFIG[name]
        netcfg[offset : offset + size] = value.to_bytes(size, "little")
    return bytes(netcfg)


@emulates
def virtio_net_get_config(vdev: VirtIODevice, config: Buf) -> None:
    """VirtioDeviceClass.get_config. A vDPA device's own configuration comes first, but for a MAC address of zero."""
    n = VIRTIO_NET(vdev)
    nc = qemu_get_queue(the_nic(n))
    netcfg = make_config(vdev, n)
    config.put(0, netcfg[: n.config_size])
    if is_vdpa(nc):
        ret, own = vhost_net_get_config(get_vhost_net(nc.peer), n.config_size)
        if ret != -1:
            if own[:ETH_ALEN] == bytes(ETH_ALEN):
                info_report("Zero hardware mac address detected. Ignoring.")
                own = bytes(n.mac) + own[ETH_ALEN:]
            config.put(0, own[: n.config_size])


@emulates
def virtio_net_set_config(vdev: VirtIODevice, config: Buf) -> None:
    """VirtioDeviceClass.set_config: a legacy driver may write the MAC address."""
    n = VIRTIO_NET(vdev)
    nc = qemu_get_queue(the_nic(n))
    netcfg = bytes(config)[: n.config_size]
    if (
        not virtio_vdev_has_feature(vdev, VIRTIO_NET_F_CTRL_MAC_ADDR)
        and not virtio_vdev_has_feature(vdev, VIRTIO_F_VERSION_1)
        and netcfg[:ETH_ALEN] != bytes(n.mac)
    ):
        n.mac.put(0, netcfg[:ETH_ALEN])
        qemu_format_nic_info_str(qemu_get_queue(the_nic(n)), bytes(n.mac))
    if is_vdpa(nc):
        vhost_net_set_config(get_vhost_net(nc.peer), netcfg, 0, n.config_size, VHOST_SET_CONFIG_TYPE_MASTER)
