"""A device's own configuration space, as the transports read and write it (hw/virtio/virtio.c; virtio 1.2, 2.5)."""

from __future__ import annotations

from emu.hw.virtio.virtio.structs import VIRTIO_DEVICE_GET_CLASS, VirtIODevice
from emu.trace import emulates

# The legacy accessors have the byte order of the target, the modern ones are little-endian: on x86 the same.


def _read(vdev: VirtIODevice, addr: int, size: int) -> int:
    k = VIRTIO_DEVICE_GET_CLASS(vdev)
    if addr + size > vdev.config_len:
        return 0xFFFFFFFF
    assert k.get_config is not None
    assert vdev.config is not None
    k.get_config(vdev, vdev.config)
    return vdev.config.read(addr, size)


def _write(vdev: VirtIODevice, addr: int, data: int, size: int) -> None:
    k = VIRTIO_DEVICE_GET_CLASS(vdev)
    if addr + size > vdev.config_len:
        return
    assert vdev.config is not None
    vdev.config.write(addr, data, size)
    if k.set_config:
        k.set_config(vdev, vdev.config)


@emulates
def virtio_config_readb(vdev: VirtIODevice, addr: int) -> int:
    """Read 1 byte of a legacy device's configuration; all ones beyond its end."""
    return _read(vdev, addr, 1)


@emulates
def virtio_config_readw(vdev: VirtIODevice, addr: int) -> int:
    """Read 2 bytes of a legacy device's configuration; all ones beyond its end."""
    return _read(vdev, addr, 2)


@emulates
def virtio_config_readl(vdev: VirtIODevice, addr: int) -> int:
    """Read 4 bytes of a legacy device's configuration; all ones beyond its end."""
    return _read(vdev, addr, 4)


@emulates
def virtio_config_writeb(vdev: VirtIODevice, addr: int, data: int) -> None:
    """Write 1 byte of a legacy device's configuration; beyond its end nothing."""
    _write(vdev, addr, data, 1)


@emulates
def virtio_config_writew(vdev: VirtIODevice, addr: int, data: int) -> None:
    """Write 2 bytes of a legacy device's configuration; beyond its end nothing."""
    _write(vdev, addr, data, 2)


@emulates
def virtio_config_writel(vdev: VirtIODevice, addr: int, data: int) -> None:
    """Write 4 bytes of a legacy device's configuration; beyond its end nothing."""
    _write(vdev, addr, data, 4)


@emulates
def virtio_config_modern_readb(vdev: VirtIODevice, addr: int) -> int:
    """Read 1 byte of a virtio 1 device's configuration; all ones beyond its end."""
    return _read(vdev, addr, 1)


@emulates
def virtio_config_modern_readw(vdev: VirtIODevice, addr: int) -> int:
    """Read 2 bytes of a virtio 1 device's configuration; all ones beyond its end."""
    return _read(vdev, addr, 2)


@emulates
def virtio_config_modern_readl(vdev: VirtIODevice, addr: int) -> int:
    """Read 4 bytes of a virtio 1 device's configuration; all ones beyond its end."""
    return _read(vdev, addr, 4)


@emulates
def virtio_config_modern_writeb(vdev: VirtIODevice, addr: int, data: int) -> None:
    """Write 1 byte of a virtio 1 device's configuration; beyond its end nothing."""
    _write(vdev, addr, data, 1)


@emulates
def virtio_config_modern_writew(vdev: VirtIODevice, addr: int, data: int) -> None:
    """Write 2 bytes of a virtio 1 device's configuration; beyond its end nothing."""
    _write(vdev, addr, data, 2)


@emulates
def virtio_config_modern_writel(vdev: VirtIODevice, addr: int, data: int) -> None:
    """Write 4 bytes of a virtio 1 device's configuration; beyond its end nothing."""
    _write(vdev, addr, data, 4)
