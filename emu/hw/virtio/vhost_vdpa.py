"""vhost in hardware: what is asked of a vDPA device (hw/virtio/vhost-vdpa.c)."""

from __future__ import annotations

from typing import Any, Final

from emu.errors import NotModelled
from emu.host import SimulatedError, host
from emu.host.vdpa import VdpaDevice, vdpa_device
from emu.hw.virtio.vhost.structs import VHOST_BACKEND_TYPE_VDPA, VhostOps, vhost_dev, vhost_vring_file
from emu.standard_headers.linux.virtio_config import (
    VIRTIO_CONFIG_S_ACKNOWLEDGE,
    VIRTIO_CONFIG_S_DRIVER,
    VIRTIO_CONFIG_S_FEATURES_OK,
)
from emu.trace import Struct, emulates
from emu.util.cutils import INT_MAX

VHOST_IOTLB_MSG_V2: Final = 2


class vhost_vdpa(Struct):
    """A vDPA device as one client holds it (include/hw/virtio/vhost-vdpa.h)."""

    device_fd: int = 0
    index: int = 0
    msg_type: int = 0
    iova_first: int = 0
    iova_last: int = 0
    acked_features: int = 0
    shadow_vqs_enabled: bool = False
    dev: vhost_dev | None = None


def _device(dev: vhost_dev) -> VdpaDevice:
    v: vhost_vdpa = dev.opaque
    return vdpa_device(host(), v.device_fd)


@emulates
def vhost_vdpa_get_iova_range(v: vhost_vdpa) -> None:
    """hw/virtio/vhost-vdpa.c. The device reaches all of the memory."""
    v.iova_first = 0
    v.iova_last = (1 << 64) - 1


@emulates
def vhost_vdpa_first_dev(dev: vhost_dev) -> bool:
    """hw/virtio/vhost-vdpa.c. Requests for the whole device go with its first queues."""
    v: vhost_vdpa = dev.opaque

    return v.index == 0


@emulates
def vhost_vdpa_add_status(dev: vhost_dev, status: int) -> int:
    """hw/virtio/vhost-vdpa.c."""
    try:
        _device(dev).status |= status
    except SimulatedError as err:
        return -err.errno
    return 0


@emulates
def vhost_vdpa_init(dev: vhost_dev, opaque: Any) -> int:
    """hw/virtio/vhost-vdpa.c. NotModelled: shadow queues."""
    assert dev.vhost_ops
    assert dev.vhost_ops.backend_type == VHOST_BACKEND_TYPE_VDPA
    v: vhost_vdpa = opaque
    v.dev = dev
    dev.opaque = opaque
    v.msg_type = VHOST_IOTLB_MSG_V2
    if v.shadow_vqs_enabled:
        raise NotModelled("shadow virtqueues (x-svq=on)")

    vhost_vdpa_get_iova_range(v)

    if not vhost_vdpa_first_dev(dev):
        return 0

    vhost_vdpa_add_status(dev, VIRTIO_CONFIG_S_ACKNOWLEDGE | VIRTIO_CONFIG_S_DRIVER)

    return 0


@emulates
def vhost_vdpa_cleanup(dev: vhost_dev) -> int:
    """hw/virtio/vhost-vdpa.c."""
    dev.opaque = None

    return 0


@emulates
def vhost_vdpa_memslots_limit(dev: vhost_dev) -> int:
    """hw/virtio/vhost-vdpa.c."""
    return INT_MAX


@emulates
def vhost_vdpa_get_features(dev: vhost_dev) -> tuple[int, int]:
    """hw/virtio/vhost-vdpa.c. Returns 0 or a negative errno, and the features."""
    try:
        return 0, _device(dev).features
    except SimulatedError as err:
        return -err.errno, 0


@emulates
def vhost_vdpa_set_features(dev: vhost_dev, features: int) -> int:
    """hw/virtio/vhost-vdpa.c."""
    if not vhost_vdpa_first_dev(dev):
        return 0

    try:
        _device(dev).acked_features = features
    except SimulatedError as err:
        return -err.errno
    return vhost_vdpa_add_status(dev, VIRTIO_CONFIG_S_FEATURES_OK)


@emulates
def vhost_vdpa_set_owner(dev: vhost_dev) -> int:
    """hw/virtio/vhost-vdpa.c."""
    if not vhost_vdpa_first_dev(dev):
        return 0

    try:
        _device(dev).owned = True
    except SimulatedError as err:
        return -err.errno
    return 0


@emulates
def vhost_vdpa_get_vq_index(dev: vhost_dev, idx: int) -> int:
    """hw/virtio/vhost-vdpa.c."""
    assert dev.vq_index <= idx < dev.vq_index + dev.nvqs

    return idx


@emulates
def vhost_vdpa_set_vring_call(dev: vhost_dev, file: vhost_vring_file) -> int:
    """hw/virtio/vhost-vdpa.c."""
    try:
        _device(dev).calls[str(file.index)] = file.fd >= 0
    except SimulatedError as err:
        return -err.errno
    return 0


@emulates
def vhost_vdpa_get_device_id(dev: vhost_dev) -> tuple[int, int]:
    """hw/virtio/vhost-vdpa.c. Returns 0 or a negative errno, and what kind of device it is."""
    try:
        return 0, _device(dev).device_id
    except SimulatedError as err:
        return -err.errno, 0


@emulates
def vhost_vdpa_get_config(dev: vhost_dev, config_len: int) -> tuple[int, bytes]:
    """hw/virtio/vhost-vdpa.c. Returns 0 or a negative errno, and the device's own configuration."""
    try:
        return 0, _device(dev).config[:config_len].ljust(config_len, b"\0")
    except SimulatedError as err:
        return -err.errno, bytes(config_len)


@emulates
def vhost_vdpa_set_config(dev: vhost_dev, data: bytes, offset: int, size: int, flags: int) -> int:
    """hw/virtio/vhost-vdpa.c. Returns 0 or a negative errno."""
    try:
        device = _device(dev)
    except SimulatedError as err:
        return -err.errno
    config = bytearray(device.config)
    config[offset : offset + size] = data[:size]
    device.config = bytes(config[: len(device.config)])
    return 0


vdpa_ops = VhostOps(
    variable="vdpa_ops",
    backend_type=VHOST_BACKEND_TYPE_VDPA,
    vhost_backend_init=vhost_vdpa_init,
    vhost_backend_cleanup=vhost_vdpa_cleanup,
    vhost_backend_memslots_limit=vhost_vdpa_memslots_limit,
    vhost_set_vring_call=vhost_vdpa_set_vring_call,
    vhost_get_features=vhost_vdpa_get_features,
    vhost_set_owner=vhost_vdpa_set_owner,
    vhost_set_features=vhost_vdpa_set_features,
    vhost_get_vq_index=vhost_vdpa_get_vq_index,
    vhost_get_config=vhost_vdpa_get_config,
    vhost_set_config=vhost_vdpa_set_config,
    vhost_get_device_id=vhost_vdpa_get_device_id,
)
