"""The virtio network device (hw/net/virtio-net.c)."""

from emu.hw.net.virtio_net.device import virtio_net_set_netclient_name
from emu.hw.net.virtio_net.structs import TYPE_VIRTIO_NET, VIRTIO_NET, VirtIONet

__all__ = ["TYPE_VIRTIO_NET", "VIRTIO_NET", "VirtIONet", "virtio_net_set_netclient_name"]
