"""Feature bits, and what follows from them (include/hw/virtio/virtio.h, hw/virtio/virtio.c; virtio 1.2, 2.2)."""

from __future__ import annotations

from dataclasses import dataclass

from emu.hw.virtio.virtio.structs import VIRTIO_DEVICE_ENDIAN_BIG, VIRTIO_DEVICE_ENDIAN_UNKNOWN, VirtIODevice
from emu.standard_headers.linux.virtio_config import VIRTIO_CONFIG_S_DRIVER_OK, VIRTIO_F_VERSION_1
from emu.trace import Ptr, emulates


@dataclass(frozen=True, slots=True)
class VirtIOFeature:
    """How long the configuration must be, in bytes, when one of some features is offered."""

    flags: int
    end: int


@dataclass(frozen=True, slots=True)
class VirtIOConfigSizeParams:
    """How long the configuration of a device is, in bytes."""

    min_size: int
    max_size: int
    feature_sizes: tuple[VirtIOFeature, ...]


@emulates
def virtio_add_feature(features: Ptr, fbit: int) -> None:
    """include/hw/virtio/virtio.h. Set a bit of the word at an address."""
    assert fbit < 64
    features.set(features.get() | 1 << fbit)


@emulates
def virtio_clear_feature(features: Ptr, fbit: int) -> None:
    """include/hw/virtio/virtio.h. Clear a bit of the word at an address."""
    assert fbit < 64
    features.set(features.get() & ~(1 << fbit))


def virtio_has_feature(features: int, fbit: int) -> bool:
    """Tell whether a bit is set (include/hw/virtio/virtio.h)."""
    assert fbit < 64
    return bool(features & 1 << fbit)


def virtio_vdev_has_feature(vdev: VirtIODevice, fbit: int) -> bool:
    """Tell whether the driver accepted a feature (include/hw/virtio/virtio.h)."""
    return virtio_has_feature(vdev.guest_features, fbit)


def virtio_host_has_feature(vdev: VirtIODevice, fbit: int) -> bool:
    """Tell whether the device offers a feature (include/hw/virtio/virtio.h)."""
    return virtio_has_feature(vdev.host_features, fbit)


def virtio_is_big_endian(vdev: VirtIODevice) -> bool:
    """Tell the byte order of a device: a virtio 1 device is little-endian (include/hw/virtio/virtio.h)."""
    if not virtio_vdev_has_feature(vdev, VIRTIO_F_VERSION_1):
        assert vdev.device_endian != VIRTIO_DEVICE_ENDIAN_UNKNOWN
        return vdev.device_endian == VIRTIO_DEVICE_ENDIAN_BIG
    return False


def virtio_device_started(vdev: VirtIODevice, status: int) -> bool:
    """Tell whether a driver runs the device (include/hw/virtio/virtio.h)."""
    if vdev.use_started:
        return vdev.started
    return bool(status & VIRTIO_CONFIG_S_DRIVER_OK)


@emulates
def virtio_get_config_size(params: VirtIOConfigSizeParams, host_features: int) -> int:
    """Return the length of the configuration that some features need, in bytes."""
    config_size = params.min_size
    for feature in params.feature_sizes:
        if host_features & feature.flags:
            config_size = max(feature.end, config_size)
    assert config_size <= params.max_size
    return config_size
