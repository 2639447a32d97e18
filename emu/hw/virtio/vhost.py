"""vhost devices (hw/virtio/vhost.c), as far as a device without one calls them."""

from __future__ import annotations

from emu.errors import NotModelled
from emu.hw.virtio.virtio import VirtIODevice
from emu.trace import emulates


@emulates
def vhost_toggle_device_iotlb(vdev: VirtIODevice) -> None:
    """The guest turned address translation services on or off: without vhost there is nobody to tell."""
    if vdev.vhost_started:
        raise NotModelled("vhost while a driver runs the device")
