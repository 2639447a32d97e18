"""Telling the driver: queue interrupts, configuration changes, errors (hw/virtio/virtio.c; virtio 1.2, 2.3)."""

from __future__ import annotations

from emu.hw.virtio.virtio.bus import VIRTIO_BUS_GET_CLASS, parent_bus
from emu.hw.virtio.virtio.features import virtio_vdev_has_feature
from emu.hw.virtio.virtio.structs import VIRTIO_NO_VECTOR, VirtIODevice, VirtQueue
from emu.standard_headers.linux.virtio_config import (
    VIRTIO_CONFIG_S_DRIVER_OK,
    VIRTIO_CONFIG_S_NEEDS_RESET,
    VIRTIO_F_VERSION_1,
)
from emu.trace import emulates
from emu.util.error_report import error_report


def virtio_device_disabled(vdev: VirtIODevice) -> bool:
    """Tell whether a device may not interrupt (include/hw/virtio/virtio.h)."""
    return vdev.disabled or vdev.broken


@emulates
def virtio_notify_vector(vdev: VirtIODevice, vector: int) -> None:
    """Interrupt the guest through the transport."""
    qbus = parent_bus(vdev)
    k = VIRTIO_BUS_GET_CLASS(qbus)
    if virtio_device_disabled(vdev):
        return
    if k.notify:
        k.notify(qbus.parent, vector)


@emulates
def virtio_update_irq(vdev: VirtIODevice) -> None:
    """Let the interrupt line follow the ISR."""
    virtio_notify_vector(vdev, VIRTIO_NO_VECTOR)


@emulates
def virtio_set_isr(vdev: VirtIODevice, value: int) -> None:
    """Set bits of the ISR: 1 a queue, 2 the configuration."""
    if vdev.isr & value != value:
        vdev.isr |= value


@emulates
def virtio_irq(vq: VirtQueue) -> None:
    """Interrupt the guest for a queue."""
    assert vq.vdev is not None
    virtio_set_isr(vq.vdev, 0x1)
    virtio_notify_vector(vq.vdev, vq.vector)


@emulates
def virtio_notify_config(vdev: VirtIODevice) -> None:
    """Tell a running driver that the configuration changed."""
    if not vdev.status & VIRTIO_CONFIG_S_DRIVER_OK:
        return
    virtio_set_isr(vdev, 0x3)
    vdev.generation = (vdev.generation + 1) & 0xFFFFFFFF
    virtio_notify_vector(vdev, vdev.config_vector)


@emulates
def virtio_error(vdev: VirtIODevice, text: str) -> None:
    """The driver did something that cannot be: the device stops until it is reset."""
    error_report(text)
    if virtio_vdev_has_feature(vdev, VIRTIO_F_VERSION_1):
        vdev.status |= VIRTIO_CONFIG_S_NEEDS_RESET
        virtio_notify_config(vdev)
    vdev.broken = True
