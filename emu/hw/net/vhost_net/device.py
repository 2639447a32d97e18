"""The way from a network client to its vhost device, if it has one (hw/net/vhost_net.c)."""

from __future__ import annotations

import errno
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from emu.hw.virtio.vhost import (
    VHOST_BACKEND_TYPE_KERNEL,
    VHOST_BACKEND_TYPE_USER,
    VHOST_NET_F_VIRTIO_NET_HDR,
    VhostBackendType,
    vhost_ack_features,
    vhost_dev,
    vhost_dev_cleanup,
    vhost_dev_get_config,
    vhost_dev_init,
    vhost_dev_set_config,
    vhost_get_features,
    vhost_virtqueue,
)
from emu.net.net import NetClientState, qemu_has_vnet_hdr, qemu_has_vnet_hdr_len
from emu.net.tap import tap_get_fd, tap_get_vhost_net
from emu.qapi.error import Error, error_report_err
from emu.qapi.qapi_types_net import NetClientDriver
from emu.standard_headers.linux import virtio_config as config_bits
from emu.standard_headers.linux import virtio_net as net_bits
from emu.standard_headers.linux import virtio_ring as ring_bits
from emu.trace import Struct, embedded, emulates, g_free, recorder

kernel_feature_bits: Final = (
    config_bits.VIRTIO_F_NOTIFY_ON_EMPTY,
    ring_bits.VIRTIO_RING_F_INDIRECT_DESC,
    ring_bits.VIRTIO_RING_F_EVENT_IDX,
    net_bits.VIRTIO_NET_F_MRG_RXBUF,
    config_bits.VIRTIO_F_VERSION_1,
    net_bits.VIRTIO_NET_F_MTU,
    config_bits.VIRTIO_F_IOMMU_PLATFORM,
    config_bits.VIRTIO_F_RING_PACKED,
    config_bits.VIRTIO_F_RING_RESET,
    net_bits.VIRTIO_NET_F_HASH_REPORT,
)
"""Features that the host's kernel is asked for."""
user_feature_bits: Final = (
    config_bits.VIRTIO_F_NOTIFY_ON_EMPTY,
    ring_bits.VIRTIO_RING_F_INDIRECT_DESC,
    ring_bits.VIRTIO_RING_F_EVENT_IDX,
    config_bits.VIRTIO_F_ANY_LAYOUT,
    config_bits.VIRTIO_F_VERSION_1,
    net_bits.VIRTIO_NET_F_CSUM,
    net_bits.VIRTIO_NET_F_GUEST_CSUM,
    net_bits.VIRTIO_NET_F_GSO,
    net_bits.VIRTIO_NET_F_GUEST_TSO4,
    net_bits.VIRTIO_NET_F_GUEST_TSO6,
    net_bits.VIRTIO_NET_F_GUEST_ECN,
    net_bits.VIRTIO_NET_F_GUEST_UFO,
    net_bits.VIRTIO_NET_F_HOST_TSO4,
    net_bits.VIRTIO_NET_F_HOST_TSO6,
    net_bits.VIRTIO_NET_F_HOST_ECN,
    net_bits.VIRTIO_NET_F_HOST_UFO,
    net_bits.VIRTIO_NET_F_MRG_RXBUF,
    net_bits.VIRTIO_NET_F_MTU,
    config_bits.VIRTIO_F_IOMMU_PLATFORM,
    config_bits.VIRTIO_F_RING_PACKED,
    config_bits.VIRTIO_F_RING_RESET,
    net_bits.VIRTIO_NET_F_RSS,
    net_bits.VIRTIO_NET_F_HASH_REPORT,
    # with this one the driver announces itself, and the device need not
    net_bits.VIRTIO_NET_F_GUEST_ANNOUNCE,
    net_bits.VIRTIO_NET_F_MQ,
)
"""Features that a vhost-user device is asked for; all others are the emulator's own affair."""

SIZEOF_VIRTIO_NET_HDR_MRG_RXBUF: Final = 12


class vhost_net(Struct):
    """The queues of one client (include/net/vhost_net.h, ``VHostNetState``)."""

    SIZE: ClassVar[int] = 896
    dev: vhost_dev = embedded(vhost_dev)
    backend: int = 0
    nc: NetClientState | None = None


VHostNetState = vhost_net


@dataclass(frozen=True, slots=True)
class VhostNetOptions:
    """What a client wants (include/net/vhost_net.h)."""

    backend_type: VhostBackendType
    net_backend: NetClientState
    nvqs: int
    opaque: Any
    busyloop_timeout: int = 0


@emulates
def vhost_net_get_feature_bits(net: vhost_net) -> tuple[int, ...]:
    """hw/net/vhost_net.c."""
    from emu.net.vhost_vdpa import vdpa_feature_bits

    assert net.nc
    bits = {
        NetClientDriver.TAP: kernel_feature_bits,
        NetClientDriver.VHOST_USER: user_feature_bits,
        NetClientDriver.VHOST_VDPA: vdpa_feature_bits,
    }
    return bits[net.nc.info.type]


@emulates
def vhost_net_get_features(net: vhost_net, features: int) -> int:
    """Return those of some features that the vhost device has too."""
    return vhost_get_features(net.dev, vhost_net_get_feature_bits(net), features)


@emulates
def vhost_net_get_config(net: vhost_net, config_len: int) -> tuple[int, bytes]:
    """Return 0 or a negative errno, and the configuration of the vhost device, ``config_len`` bytes."""
    try:
        return vhost_dev_get_config(net.dev, config_len)
    except Error:
        return -errno.ENOSYS, bytes(config_len)


@emulates
def vhost_net_set_config(net: vhost_net, data: bytes, offset: int, size: int, flags: int) -> int:
    """Write the configuration of the vhost device; 0 or a negative errno."""
    return vhost_dev_set_config(net.dev, data, offset, size, flags)


@emulates
def vhost_net_ack_features(net: vhost_net, features: int) -> None:
    """Tell the vhost device what the driver accepted."""
    net.dev.acked_features = net.dev.backend_features
    vhost_ack_features(net.dev, vhost_net_get_feature_bits(net), features)


@emulates
def vhost_net_get_max_queues(net: vhost_net) -> int:
    """hw/net/vhost_net.c."""
    return net.dev.max_queues


@emulates
def vhost_net_get_acked_features(net: vhost_net) -> int:
    """hw/net/vhost_net.c."""
    return net.dev.acked_features


@emulates
def vhost_net_get_fd(backend: NetClientState) -> int:
    """hw/net/vhost_net.c. Returns the descriptor of a tap."""
    assert backend.info.type == NetClientDriver.TAP
    return tap_get_fd(backend)


def _check_kernel(net: vhost_net) -> bool:
    """Tell, with a message if not, whether the kernel can do what the tap needs."""
    assert net.nc
    if not qemu_has_vnet_hdr_len(net.nc, SIZEOF_VIRTIO_NET_HDR_MRG_RXBUF):
        net.dev.features &= ~(1 << net_bits.VIRTIO_NET_F_MRG_RXBUF)
    return _has_all(net, net.dev.backend_features)


def _has_all(net: vhost_net, features: int) -> bool:
    missing = ~net.dev.features & features
    if missing:
        recorder().message("stderr", f"vhost lacks feature mask 0x{missing:x} for backend\n")
    return not missing


@emulates
def vhost_net_init(options: VhostNetOptions) -> vhost_net | None:
    """hw/net/vhost_net.c. Makes the vhost device of a client; None after a message."""
    from emu.net.vhost_user import vhost_user_get_acked_features

    net = vhost_net()
    features = 0

    net.nc = options.net_backend
    net.dev.nvqs = options.nvqs

    net.dev.max_queues = 1
    for _ in range(options.nvqs):
        net.dev.vqs.append(vhost_virtqueue())

    backend_kernel = options.backend_type == VHOST_BACKEND_TYPE_KERNEL
    net.dev.protocol_features = 0
    if backend_kernel:
        net.backend = vhost_net_get_fd(net.nc)
        net.dev.backend_features = 0 if qemu_has_vnet_hdr(net.nc) else 1 << VHOST_NET_F_VIRTIO_NET_HDR
    else:
        net.dev.backend_features = 0
        net.backend = -1

        # so that a vhost-user device knows which pair is meant
        net.dev.vq_index = net.nc.queue_index * net.dev.nvqs

    try:
        vhost_dev_init(net.dev, options.opaque, options.backend_type, options.busyloop_timeout)
    except Error as err:
        error_report_err(err)
        _fail(net)
        return None

    if backend_kernel and not _check_kernel(net):
        _fail(net)
        return None

    if options.backend_type == VHOST_BACKEND_TYPE_USER:
        features = vhost_user_get_acked_features(net.nc)
        if not _has_all(net, features):
            _fail(net)
            return None

    vhost_net_ack_features(net, features)

    return net


def _fail(net: vhost_net) -> None:
    vhost_dev_cleanup(net.dev)
    g_free(net)


@emulates
def vhost_net_cleanup(net: vhost_net) -> None:
    """hw/net/vhost_net.c."""
    vhost_dev_cleanup(net.dev)


@emulates
def vhost_net_notify_migration_done(net: vhost_net, mac_addr: bytes) -> int:
    """hw/net/vhost_net.c. Has the device announce the card; a negative errno if it does not."""
    ops = net.dev.vhost_ops
    assert ops
    assert ops.backend_type == VHOST_BACKEND_TYPE_USER
    assert ops.vhost_migration_done
    return ops.vhost_migration_done(net.dev, mac_addr)


@emulates
def get_vhost_net(nc: NetClientState | None) -> Any:
    """Return the vhost device of a client, None if it has none."""
    from emu.net.vhost_user import vhost_user_get_vhost_net
    from emu.net.vhost_vdpa import vhost_vdpa_get_vhost_net

    if not nc:
        return None
    if nc.info.type == NetClientDriver.TAP:
        return tap_get_vhost_net(nc)
    if nc.info.type == NetClientDriver.VHOST_USER:
        return vhost_user_get_vhost_net(nc)
    if nc.info.type == NetClientDriver.VHOST_VDPA:
        return vhost_vdpa_get_vhost_net(nc)
    return None


@emulates
def vhost_set_vring_enable(nc: NetClientState, enable: int) -> int:
    """Switch the queues of a client on or off; 0 or a negative errno."""
    net = get_vhost_net(nc)
    ops = net.dev.vhost_ops

    nc.vring_enable = enable

    if ops and ops.vhost_set_vring_enable:
        result: int = ops.vhost_set_vring_enable(net.dev, enable)
        return result

    return 0


@emulates
def vhost_net_set_mtu(net: vhost_net, mtu: int) -> int:
    """Tell the vhost device the largest frame; 0 or a negative errno."""
    ops = net.dev.vhost_ops
    assert ops

    if not ops.vhost_net_set_mtu:
        return 0

    return ops.vhost_net_set_mtu(net.dev, mtu)
