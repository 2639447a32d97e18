"""A driver starts and stops a device whose queues somebody else serves (hw/virtio/vhost.c)."""

from __future__ import annotations

from emu.errors import NotModelled
from emu.hw.virtio.vhost.memory import vhost_memory_map, vhost_ops_debug
from emu.hw.virtio.vhost.structs import (
    VHOST_F_LOG_ALL,
    VhostOps,
    vhost_dev,
    vhost_virtqueue,
    vhost_vring_addr,
    vhost_vring_file,
    vhost_vring_state,
)
from emu.hw.virtio.virtio import (
    VIRTIO_NO_VECTOR,
    VirtIODevice,
    virtio_get_queue,
    virtio_host_has_feature,
    virtio_queue_get_num,
    virtio_queue_vector,
)
from emu.hw.virtio.virtio.bus import VIRTIO_BUS, VIRTIO_BUS_GET_CLASS, parent_bus
from emu.hw.virtio.virtio.indices import (
    virtio_queue_get_avail_addr,
    virtio_queue_get_desc_addr,
    virtio_queue_get_guest_notifier,
    virtio_queue_get_host_notifier,
    virtio_queue_get_last_avail_idx,
    virtio_queue_get_used_addr,
    virtio_queue_invalidate_signalled_used,
    virtio_queue_restore_last_avail_idx,
    virtio_queue_set_last_avail_idx,
    virtio_queue_update_used_idx,
)
from emu.hw.virtio.virtio.ioeventfd import virtio_device_grab_ioeventfd, virtio_device_release_ioeventfd
from emu.hw.virtio.virtio.rings import virtio_queue_get_avail_size, virtio_queue_get_desc_size, virtio_queue_get_used_size
from emu.hw.virtio.virtio_bus import (
    virtio_bus_cleanup_host_notifier,
    virtio_bus_device_iommu_enabled,
    virtio_bus_set_host_notifier,
)
from emu.standard_headers.linux.virtio_config import VIRTIO_F_IOMMU_PLATFORM
from emu.trace import emulates
from emu.util.error_report import error_report
from emu.util.event_notifier_posix import event_notifier_test_and_clear

VHOST_VRING_F_LOG = 0


def _ops(dev: vhost_dev) -> VhostOps:
    assert dev.vhost_ops
    return dev.vhost_ops


@emulates
def vhost_dev_has_iommu(dev: vhost_dev) -> bool:
    """hw/virtio/vhost.c. NotModelled: the device is behind an IOMMU."""
    vdev = dev.vdev
    if vdev and virtio_bus_device_iommu_enabled(vdev) and virtio_host_has_feature(vdev, VIRTIO_F_IOMMU_PLATFORM):
        raise NotModelled("vhost behind an IOMMU")
    return False


@emulates
def vhost_virtqueue_set_addr(dev: vhost_dev, vq: vhost_virtqueue, idx: int, enable_log: bool) -> int:
    """hw/virtio/vhost.c. Tells where a queue lies."""
    flags = 1 << VHOST_VRING_F_LOG if enable_log else 0
    addr = vhost_vring_addr(idx, flags, vq.desc, vq.used, vq.avail, vq.used_phys)
    set_vring_addr = _ops(dev).vhost_set_vring_addr
    assert set_vring_addr
    r = set_vring_addr(dev, addr)
    if r < 0:
        vhost_ops_debug(r, "vhost_set_vring_addr failed")
    return r


@emulates
def vhost_dev_set_features(dev: vhost_dev, enable_log: bool) -> int:
    """hw/virtio/vhost.c. Tells what the driver accepted."""
    features = dev.acked_features
    if enable_log:
        features |= 1 << VHOST_F_LOG_ALL
    if not vhost_dev_has_iommu(dev):
        features &= ~(1 << VIRTIO_F_IOMMU_PLATFORM)
    r = _ops(dev).vhost_set_features(dev, features)
    if r < 0:
        vhost_ops_debug(r, "vhost_set_features failed")
        return r
    set_backend_cap = _ops(dev).vhost_set_backend_cap
    if set_backend_cap:
        r = set_backend_cap(dev)
        if r < 0:
            vhost_ops_debug(r, "vhost_set_backend_cap failed")
    return r


def _set_vring(dev: vhost_dev, index: int, vdev: VirtIODevice, idx: int, vq: vhost_virtqueue) -> int:
    """Tell length of a queue and where it is to go on."""
    ops = _ops(dev)
    assert ops.vhost_set_vring_num
    assert ops.vhost_set_vring_base
    vq.num = virtio_queue_get_num(vdev, idx)
    r = ops.vhost_set_vring_num(dev, vhost_vring_state(index, vq.num))
    if r:
        vhost_ops_debug(r, "vhost_set_vring_num failed")
        return r

    r = ops.vhost_set_vring_base(dev, vhost_vring_state(index, virtio_queue_get_last_avail_idx(vdev, idx)))
    if r:
        vhost_ops_debug(r, "vhost_set_vring_base failed")
    return r


def _map(dev: vhost_dev, vdev: VirtIODevice, idx: int, vq: vhost_virtqueue) -> None:
    vq.desc_size = virtio_queue_get_desc_size(vdev, idx)
    vq.desc_phys = virtio_queue_get_desc_addr(vdev, idx)
    vq.desc = vhost_memory_map(dev, vq.desc_phys, vq.desc_size, False)
    vq.avail_size = virtio_queue_get_avail_size(vdev, idx)
    vq.avail_phys = virtio_queue_get_avail_addr(vdev, idx)
    vq.avail = vhost_memory_map(dev, vq.avail_phys, vq.avail_size, False)
    vq.used_size = virtio_queue_get_used_size(vdev, idx)
    vq.used_phys = virtio_queue_get_used_addr(vdev, idx)
    vq.used = vhost_memory_map(dev, vq.used_phys, vq.used_size, True)


@emulates
def vhost_virtqueue_start(dev: vhost_dev, vdev: VirtIODevice, vq: vhost_virtqueue, idx: int) -> int:
    """hw/virtio/vhost.c. Hands a queue over; 0 or a negative errno. One without an address is left out."""
    ops = _ops(dev)
    qbus = parent_bus(vdev)
    k = VIRTIO_BUS_GET_CLASS(qbus)
    vhost_vq_index = ops.vhost_get_vq_index(dev, idx)
    vvq = virtio_get_queue(vdev, idx)

    if virtio_queue_get_desc_addr(vdev, idx) == 0:
        return 0

    r = _set_vring(dev, vhost_vq_index, vdev, idx, vq)
    if r:
        return r
    # Byte orders are the same: the guest is an x86, and so is the host.
    _map(dev, vdev, idx, vq)

    r = vhost_virtqueue_set_addr(dev, vq, vhost_vq_index, dev.log_enabled)
    if r < 0:
        return r

    assert ops.vhost_set_vring_kick
    r = ops.vhost_set_vring_kick(dev, vhost_vring_file(vhost_vq_index, virtio_queue_get_host_notifier(vvq).rfd))
    if r:
        vhost_ops_debug(r, "vhost_set_vring_kick failed")
        return r

    event_notifier_test_and_clear(vq.masked_notifier)

    # Otherwise the mask of its vector decides.
    if not vdev.use_guest_notifier_mask:
        vhost_virtqueue_mask(dev, vdev, idx, False)

    if k.query_guest_notifiers and k.query_guest_notifiers(qbus.parent) and virtio_queue_vector(vdev, idx) == VIRTIO_NO_VECTOR:
        return ops.vhost_set_vring_call(dev, vhost_vring_file(vhost_vq_index, -1))

    return 0


@emulates
def vhost_virtqueue_stop(dev: vhost_dev, vdev: VirtIODevice, vq: vhost_virtqueue, idx: int) -> None:
    """hw/virtio/vhost.c. Takes a queue back."""
    ops = _ops(dev)
    vhost_vq_index = ops.vhost_get_vq_index(dev, idx)

    if virtio_queue_get_desc_addr(vdev, idx) == 0:
        return

    assert ops.vhost_get_vring_base
    r, base = ops.vhost_get_vring_base(dev, vhost_vq_index)
    if r < 0:
        vhost_ops_debug(r, f"vhost VQ {idx} ring restore failed: {r}")
        virtio_queue_restore_last_avail_idx(vdev, idx)
    else:
        virtio_queue_set_last_avail_idx(vdev, idx, base)
    virtio_queue_invalidate_signalled_used(vdev, idx)
    virtio_queue_update_used_idx(vdev, idx)


@emulates
def vhost_dev_enable_notifiers(hdev: vhost_dev, vdev: VirtIODevice) -> int:
    """hw/virtio/vhost.c. Keeps the emulator from looking at kicks; 0 or a negative errno."""
    bus = VIRTIO_BUS(parent_bus(vdev))

    r = virtio_device_grab_ioeventfd(vdev)
    if r < 0:
        error_report("binding does not support host notifiers")
        return r

    for i in range(hdev.nvqs):
        r = virtio_bus_set_host_notifier(bus, hdev.vq_index + i, True)
        if r < 0:
            error_report(f"vhost VQ {i} notifier binding failed: {-r}")
            for done in reversed(range(i)):
                virtio_bus_set_host_notifier(bus, hdev.vq_index + done, False)
                virtio_bus_cleanup_host_notifier(bus, hdev.vq_index + done)
            virtio_device_release_ioeventfd(vdev)
            return r

    return 0


@emulates
def vhost_dev_disable_notifiers(hdev: vhost_dev, vdev: VirtIODevice) -> None:
    """hw/virtio/vhost.c. The emulator looks at kicks again."""
    bus = VIRTIO_BUS(parent_bus(vdev))

    for i in range(hdev.nvqs):
        r = virtio_bus_set_host_notifier(bus, hdev.vq_index + i, False)
        assert r >= 0
        virtio_bus_cleanup_host_notifier(bus, hdev.vq_index + i)
    virtio_device_release_ioeventfd(vdev)


@emulates
def vhost_virtqueue_pending(hdev: vhost_dev, n: int) -> bool:
    """hw/virtio/vhost.c. Whether an interrupt waits that was masked."""
    assert hdev.vq_index <= n < hdev.vq_index + hdev.nvqs
    return event_notifier_test_and_clear(hdev.vqs[n - hdev.vq_index].masked_notifier)


@emulates
def vhost_virtqueue_mask(hdev: vhost_dev, vdev: VirtIODevice, n: int, mask: bool) -> None:
    """hw/virtio/vhost.c. Interrupts of a queue go to the driver, or are only noted."""
    ops = _ops(hdev)
    index = n - hdev.vq_index

    if mask:
        assert vdev.use_guest_notifier_mask
        fd = hdev.vqs[index].masked_notifier.wfd
    else:
        fd = virtio_queue_get_guest_notifier(virtio_get_queue(vdev, n)).wfd

    r = ops.vhost_set_vring_call(hdev, vhost_vring_file(ops.vhost_get_vq_index(hdev, n), fd))
    if r < 0:
        vhost_ops_debug(r, "vhost_set_vring_call failed")


def _start_queues(hdev: vhost_dev, vdev: VirtIODevice) -> int:
    for i in range(hdev.nvqs):
        r = vhost_virtqueue_start(hdev, vdev, hdev.vqs[i], hdev.vq_index + i)
        if r < 0:
            for done in reversed(range(i)):
                vhost_virtqueue_stop(hdev, vdev, hdev.vqs[done], hdev.vq_index + done)
            return r
    return 0


@emulates
def vhost_dev_start(hdev: vhost_dev, vdev: VirtIODevice, vrings: bool) -> int:
    """hw/virtio/vhost.c. Hands all queues over; 0 or a negative errno, and then nothing was."""
    ops = _ops(hdev)
    assert not vrings

    vdev.vhost_started = True
    hdev.started = True
    hdev.vdev = vdev

    r = vhost_dev_set_features(hdev, hdev.log_enabled)
    if r >= 0:
        assert ops.vhost_set_mem_table
        r = ops.vhost_set_mem_table(hdev, hdev.mem or ())
        if r < 0:
            vhost_ops_debug(r, "vhost_set_mem_table failed")
        else:
            r = _start_queues(hdev, vdev)

    if r >= 0 and ops.vhost_dev_start:
        r = ops.vhost_dev_start(hdev, True)
        if r:
            for i in reversed(range(hdev.nvqs)):
                vhost_virtqueue_stop(hdev, vdev, hdev.vqs[i], hdev.vq_index + i)

    if r < 0:
        vdev.vhost_started = False
        hdev.started = False
    return r


@emulates
def vhost_dev_stop(hdev: vhost_dev, vdev: VirtIODevice, vrings: bool) -> None:
    """hw/virtio/vhost.c. Takes all queues back."""
    ops = _ops(hdev)
    assert not vrings

    if ops.vhost_dev_start:
        ops.vhost_dev_start(hdev, False)
    for i in range(hdev.nvqs):
        vhost_virtqueue_stop(hdev, vdev, hdev.vqs[i], hdev.vq_index + i)

    hdev.started = False
    vdev.vhost_started = False
    hdev.vdev = None


@emulates
def vhost_net_set_backend(hdev: vhost_dev, file: vhost_vring_file) -> int:
    """hw/virtio/vhost.c. Ties a queue to a tap."""
    set_backend = _ops(hdev).vhost_net_set_backend
    assert set_backend
    return set_backend(hdev, file)
