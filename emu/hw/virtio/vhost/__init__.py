"""vhost devices: who serves virtio queues outside of the emulator (hw/virtio/vhost.c)."""

from emu.hw.virtio.vhost.device import (
    vhost_ack_features,
    vhost_dev_cleanup,
    vhost_dev_get_config,
    vhost_dev_init,
    vhost_dev_set_config,
    vhost_get_features,
    vhost_toggle_device_iotlb,
)
from emu.hw.virtio.vhost.structs import (
    VHOST_BACKEND_TYPE_KERNEL,
    VHOST_BACKEND_TYPE_USER,
    VHOST_BACKEND_TYPE_VDPA,
    VHOST_F_LOG_ALL,
    VHOST_NET_F_VIRTIO_NET_HDR,
    VhostBackendType,
    VhostOps,
    vhost_dev,
    vhost_virtqueue,
    vhost_vring_file,
    vhost_vring_state,
)

__all__ = [
    "VHOST_BACKEND_TYPE_KERNEL",
    "VHOST_BACKEND_TYPE_USER",
    "VHOST_BACKEND_TYPE_VDPA",
    "VHOST_F_LOG_ALL",
    "VHOST_NET_F_VIRTIO_NET_HDR",
    "VhostBackendType",
    "VhostOps",
    "vhost_ack_features",
    "vhost_dev",
    "vhost_dev_cleanup",
    "vhost_dev_get_config",
    "vhost_dev_init",
    "vhost_dev_set_config",
    "vhost_get_features",
    "vhost_toggle_device_iotlb",
    "vhost_virtqueue",
    "vhost_vring_file",
    "vhost_vring_state",
]
