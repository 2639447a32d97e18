"""The life of a device as its driver steers it: features, status, reset (hw/virtio/virtio.c; virtio 1.2, 2.1 and 3.1)."""

from __future__ import annotations

from errno import EFAULT, EINVAL
from functools import partial
from typing import Final

from emu.hw.virtio.virtio.bus import VIRTIO_BUS_GET_CLASS, parent_bus
from emu.hw.virtio.virtio.features import virtio_device_started, virtio_host_has_feature, virtio_vdev_has_feature
from emu.hw.virtio.virtio.notify import virtio_notify_vector
from emu.hw.virtio.virtio.queues import reset_queue, virtio_queue_set_vector
from emu.hw.virtio.virtio.rings import the_queue, virtio_init_region_cache, virtio_virtqueue_reset_region_cache
from emu.hw.virtio.virtio.structs import (
    VIRTIO_DEVICE_ENDIAN_LITTLE,
    VIRTIO_DEVICE_GET_CLASS,
    VIRTIO_NO_VECTOR,
    VirtIODevice,
    queues_of,
)
from emu.standard_headers.linux.virtio_config import (
    VIRTIO_CONFIG_S_DRIVER_OK,
    VIRTIO_CONFIG_S_FEATURES_OK,
    VIRTIO_F_IOMMU_PLATFORM,
    VIRTIO_F_VERSION_1,
)
from emu.standard_headers.linux.virtio_ring import VIRTIO_RING_F_EVENT_IDX
from emu.trace import emulates

MASK64: Final = (1 << 64) - 1


@emulates
def virtio_validate_features(vdev: VirtIODevice) -> int:
    """Check what the driver accepted; 0 or a negative errno."""
    k = VIRTIO_DEVICE_GET_CLASS(vdev)
    if virtio_host_has_feature(vdev, VIRTIO_F_IOMMU_PLATFORM) and not virtio_vdev_has_feature(vdev, VIRTIO_F_IOMMU_PLATFORM):
        return -EFAULT
    return k.validate_features(vdev) if k.validate_features else 0


@emulates
def virtio_set_features_nocheck(vdev: VirtIODevice, val: int) -> int:
    """Take what the driver accepts, less what was not offered; -1 if there was such a bit."""
    k = VIRTIO_DEVICE_GET_CLASS(vdev)
    bad = val & ~vdev.host_features & MASK64
    val &= vdev.host_features
    if k.set_features:
        k.set_features(vdev, val)
    vdev.guest_features = val
    return -1 if bad else 0


@emulates
def virtio_set_features(vdev: VirtIODevice, val: int) -> int:
    """The driver writes its features; refused once FEATURES_OK stands."""
    if vdev.status & VIRTIO_CONFIG_S_FEATURES_OK:
        return -EINVAL
    ret = virtio_set_features_nocheck(vdev, val)
    if virtio_vdev_has_feature(vdev, VIRTIO_RING_F_EVENT_IDX):
        # EVENT_IDX changes how long the rings are
        for i, _ in queues_of(vdev):
            virtio_init_region_cache(vdev, i)
    if not ret and not virtio_device_started(vdev, vdev.status) and not virtio_vdev_has_feature(vdev, VIRTIO_F_VERSION_1):
        vdev.start_on_kick = True
    return ret


def virtio_set_started(vdev: VirtIODevice, started: bool) -> None:
    """Note that a driver runs the device, or no longer does (include/hw/virtio/virtio.h)."""
    if started:
        vdev.start_on_kick = False
    if vdev.use_started:
        vdev.started = started


def virtio_set_disabled(vdev: VirtIODevice, disable: bool) -> None:
    """Note that the device may not reach memory (include/hw/virtio/virtio.h)."""
    if vdev.use_disabled_flag:
        vdev.disabled = disable


@emulates
def virtio_set_status(vdev: VirtIODevice, val: int) -> int:
    """The driver writes the status; 0, or a negative errno where FEATURES_OK is refused."""
    k = VIRTIO_DEVICE_GET_CLASS(vdev)
    if (
        virtio_vdev_has_feature(vdev, VIRTIO_F_VERSION_1)
        and not vdev.status & VIRTIO_CONFIG_S_FEATURES_OK
        and val & VIRTIO_CONFIG_S_FEATURES_OK
    ):
        ret = virtio_validate_features(vdev)
        if ret:
            return ret
    if vdev.status & VIRTIO_CONFIG_S_DRIVER_OK != val & VIRTIO_CONFIG_S_DRIVER_OK:
        virtio_set_started(vdev, bool(val & VIRTIO_CONFIG_S_DRIVER_OK))
    if k.set_status:
        k.set_status(vdev, val)
    vdev.status = val
    return 0


@emulates
def virtio_default_endian() -> int:
    """Return the byte order of a device before anybody chose one: that of the target, x86."""
    return VIRTIO_DEVICE_ENDIAN_LITTLE


@emulates
def __virtio_queue_reset(vdev: VirtIODevice, i: int) -> None:
    """Put a queue back to where it was before a driver came."""
    vq = the_queue(vdev, i)
    vq.vring.desc = 0
    vq.vring.avail = 0
    vq.vring.used = 0
    vq.last_avail_idx = 0
    vq.shadow_avail_idx = 0
    vq.used_idx = 0
    vq.last_avail_wrap_counter = True
    vq.shadow_avail_wrap_counter = True
    vq.used_wrap_counter = True
    virtio_queue_set_vector(vdev, i, VIRTIO_NO_VECTOR)
    vq.signalled_used = 0
    vq.signalled_used_valid = False
    vq.notification = True
    vq.vring.num = vq.vring.num_default
    vq.inuse = 0
    virtio_virtqueue_reset_region_cache(vq)


@emulates
def virtio_queue_reset(vdev: VirtIODevice, queue_index: int) -> None:
    """The driver resets one queue (virtio 1.2, 2.6.1)."""
    k = VIRTIO_DEVICE_GET_CLASS(vdev)
    if k.queue_reset:
        k.queue_reset(vdev, queue_index)
    __virtio_queue_reset(vdev, queue_index)


@emulates
def virtio_queue_enable(vdev: VirtIODevice, queue_index: int) -> None:
    """The driver enables one queue."""
    k = VIRTIO_DEVICE_GET_CLASS(vdev)
    if k.queue_enable:
        k.queue_enable(vdev, queue_index)


@emulates
def virtio_reset(vdev: VirtIODevice) -> None:
    """Reset a device with all its queues."""
    k = VIRTIO_DEVICE_GET_CLASS(vdev)
    virtio_set_status(vdev, 0)
    # no vCPU ever runs here, so current_cpu is never set
    vdev.device_endian = virtio_default_endian()
    if k.reset:
        k.reset(vdev)
    vdev.start_on_kick = False
    vdev.started = False
    vdev.broken = False
    virtio_set_features_nocheck(vdev, 0)
    vdev.queue_sel = 0
    vdev.status = 0
    vdev.disabled = False
    vdev.isr = 0
    vdev.config_vector = VIRTIO_NO_VECTOR
    virtio_notify_vector(vdev, vdev.config_vector)
    assert vdev.vq is not None
    for i in range(len(vdev.vq)):
        __virtio_queue_reset(vdev, i)
    vdev.vq.make = partial(reset_queue, vdev)


@emulates
def virtio_vmstate_change(vdev: VirtIODevice, running: bool, state: object) -> None:
    """The machine starts or stops."""
    qbus = parent_bus(vdev)
    k = VIRTIO_BUS_GET_CLASS(qbus)
    backend_run = running and virtio_device_started(vdev, vdev.status)
    vdev.vm_running = running
    if backend_run:
        virtio_set_status(vdev, vdev.status)
    if k.vmstate_change:
        k.vmstate_change(qbus.parent, backend_run)
    if not backend_run:
        virtio_set_status(vdev, vdev.status)
