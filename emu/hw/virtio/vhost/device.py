"""A vhost device from its creation to its end (hw/virtio/vhost.c)."""

from __future__ import annotations

import errno
from collections.abc import Sequence
from typing import Any

from emu.exec.address_spaces import address_space_memory
from emu.hw.virtio.vhost.memory import vhost_begin, vhost_commit, vhost_ops_debug, vhost_region_addnop
from emu.hw.virtio.vhost.structs import (
    VHOST_F_LOG_ALL,
    VhostBackendType,
    vhost_c,
    vhost_dev,
    vhost_virtqueue,
    vhost_vring_file,
    vhost_vring_state,
)
from emu.hw.virtio.virtio import VirtIODevice
from emu.migration.migration import migrate_add_blocker, migrate_del_blocker
from emu.qapi.error import Error, error_setg, error_setg_errno
from emu.softmmu.memory import memory_listener_register, memory_listener_unregister
from emu.trace import container_of, emulates
from emu.util.event_notifier_posix import (
    EventNotifier,
    event_notifier_cleanup,
    event_notifier_init,
    event_notifier_set_handler,
    event_notifier_test_and_clear,
)


@emulates
def vhost_set_backend_type(dev: vhost_dev, backend_type: VhostBackendType) -> int:
    """hw/virtio/vhost.c. Chooses the functions with which whoever serves the queues is asked."""
    from emu.hw.virtio.vhost_backend import kernel_ops
    from emu.hw.virtio.vhost_user import user_ops
    from emu.hw.virtio.vhost_vdpa import vdpa_ops

    tables = {each.backend_type: each for each in (kernel_ops, user_ops, vdpa_ops)}
    dev.vhost_ops = tables[backend_type]
    return 0


@emulates
def vhost_virtqueue_set_busyloop_timeout(dev: vhost_dev, n: int, timeout: int) -> int:
    """hw/virtio/vhost.c. How long to look for more packets before sleeping, in microseconds; 0 or a negative errno."""
    ops = dev.vhost_ops
    assert ops
    state = vhost_vring_state(ops.vhost_get_vq_index(dev, n), timeout)

    if not ops.vhost_set_vring_busyloop_timeout:
        return -errno.EINVAL

    r = ops.vhost_set_vring_busyloop_timeout(dev, state)
    if r:
        vhost_ops_debug(r, "vhost_set_vring_busyloop_timeout failed")
    return r


def _set_busyloop(hdev: vhost_dev, timeout: int) -> None:
    """Set the time for all queues, or for none. Error: it cannot be set."""
    for i in range(hdev.nvqs):
        r = vhost_virtqueue_set_busyloop_timeout(hdev, hdev.vq_index + i, timeout)
        if r < 0:
            for done in reversed(range(i)):
                vhost_virtqueue_set_busyloop_timeout(hdev, hdev.vq_index + done, 0)
            error_setg_errno(-r, "Failed to set busyloop timeout")


@emulates
def vhost_virtqueue_error_notifier(n: EventNotifier) -> None:
    """hw/virtio/vhost.c. Whoever serves the queue reports an error of it."""
    vq: vhost_virtqueue = container_of(n)
    dev = vq.dev
    assert dev
    if event_notifier_test_and_clear(n) and dev.vdev:
        index = dev.vqs.index(vq)
        vhost_ops_debug(-errno.EINVAL, f"vhost vring error in virtqueue {dev.vq_index + index}")


@emulates
def vhost_virtqueue_init(dev: vhost_dev, vq: vhost_virtqueue, n: int) -> int:
    """hw/virtio/vhost.c. Gives the queue an eventfd to interrupt with and one for errors; 0 or a negative errno."""
    ops = dev.vhost_ops
    assert ops
    vhost_vq_index = ops.vhost_get_vq_index(dev, n)
    r = event_notifier_init(vq.masked_notifier, False)
    if r < 0:
        return r

    r = ops.vhost_set_vring_call(dev, vhost_vring_file(vhost_vq_index, vq.masked_notifier.wfd))
    if r:
        vhost_ops_debug(r, "vhost_set_vring_call failed")
        event_notifier_cleanup(vq.masked_notifier)
        return r

    vq.dev = dev

    if ops.vhost_set_vring_err:
        r = event_notifier_init(vq.error_notifier, False)
        if r < 0:
            event_notifier_cleanup(vq.masked_notifier)
            return r

        r = ops.vhost_set_vring_err(dev, vhost_vring_file(vhost_vq_index, vq.error_notifier.rfd))
        if r:
            vhost_ops_debug(r, "vhost_set_vring_err failed")
            event_notifier_cleanup(vq.error_notifier)
            event_notifier_cleanup(vq.masked_notifier)
            return r

        event_notifier_set_handler(vq.error_notifier, vhost_virtqueue_error_notifier)

    return 0


@emulates
def vhost_virtqueue_cleanup(vq: vhost_virtqueue) -> None:
    """hw/virtio/vhost.c."""
    event_notifier_cleanup(vq.masked_notifier)
    assert vq.dev
    assert vq.dev.vhost_ops
    if vq.dev.vhost_ops.vhost_set_vring_err:
        event_notifier_set_handler(vq.error_notifier, None)
        event_notifier_cleanup(vq.error_notifier)


@emulates
def vhost_dev_log_is_shared(dev: vhost_dev) -> bool:
    """hw/virtio/vhost.c. Whether the log of changed memory is handed over as a file."""
    assert dev.vhost_ops
    return bool(dev.vhost_ops.vhost_requires_shm_log and dev.vhost_ops.vhost_requires_shm_log(dev))


def _blocker(hdev: vhost_dev) -> str | None:
    """Return the reason that keeps the machine from migrating, None if there is none."""
    if hdev.migration_blocker is not None:
        return hdev.migration_blocker
    if not hdev.features & (1 << VHOST_F_LOG_ALL):
        return "Migration disabled: vhost lacks VHOST_F_LOG_ALL feature."
    # Memory for it that is shared can be had on this host.
    vhost_dev_log_is_shared(hdev)
    return None


def _begin(hdev: vhost_dev, opaque: Any) -> int:
    """Agree on the features; return them. Error: somebody at the other end does not."""
    ops = hdev.vhost_ops
    assert ops
    ops.vhost_backend_init(hdev, opaque)

    r = ops.vhost_set_owner(hdev)
    if r < 0:
        error_setg_errno(-r, "vhost_set_owner failed")

    r, features = ops.vhost_get_features(hdev)
    if r < 0:
        error_setg_errno(-r, "vhost_get_features failed")
    return features


@emulates
def vhost_dev_init(hdev: vhost_dev, opaque: Any, backend_type: VhostBackendType, busyloop_timeout: int) -> int:
    """hw/virtio/vhost.c. Agrees on features and prepares the queues. Error: it cannot be; everything is undone."""
    n_initialized_vqs = 0

    hdev.vdev = None
    hdev.migration_blocker = None

    r = vhost_set_backend_type(hdev, backend_type)
    assert r >= 0

    try:
        features = _begin(hdev, opaque)

        for i in range(hdev.nvqs):
            r = vhost_virtqueue_init(hdev, hdev.vqs[i], hdev.vq_index + i)
            if r < 0:
                error_setg_errno(-r, f"Failed to initialize virtqueue {i}")
            n_initialized_vqs += 1

        if busyloop_timeout:
            _set_busyloop(hdev, busyloop_timeout)

        hdev.features = features

        # Others follow changes while the machine migrates, and behind an IOMMU.
        hdev.memory_listener.name = "vhost"
        hdev.memory_listener.begin = vhost_begin
        hdev.memory_listener.commit = vhost_commit
        hdev.memory_listener.region_add = vhost_region_addnop
        hdev.memory_listener.region_nop = vhost_region_addnop
        hdev.memory_listener.priority = 10

        hdev.migration_blocker = _blocker(hdev)
        if hdev.migration_blocker is not None:
            try:
                migrate_add_blocker(hdev.migration_blocker)
            except Error:
                hdev.migration_blocker = None
                raise

        hdev.mem = ()
        hdev.mem_sections = ()
        hdev.log_size = 0
        hdev.log_enabled = False
        hdev.started = False
        memory_listener_register(hdev.memory_listener, address_space_memory())
        vhost_c().vhost_devices.insert(0, hdev)

        assert hdev.vhost_ops
        if vhost_c().used_memslots > hdev.vhost_ops.vhost_backend_memslots_limit(hdev):
            error_setg("vhost backend memory slots limit is less than current number of present memory slots")
    except Error:
        hdev.nvqs = n_initialized_vqs
        vhost_dev_cleanup(hdev)
        raise

    return 0


@emulates
def vhost_dev_cleanup(hdev: vhost_dev) -> None:
    """hw/virtio/vhost.c."""
    for i in range(hdev.nvqs):
        vhost_virtqueue_cleanup(hdev.vqs[i])
    if hdev.mem is not None:
        memory_listener_unregister(hdev.memory_listener)
        vhost_c().vhost_devices.remove(hdev)
    if hdev.migration_blocker is not None:
        migrate_del_blocker(hdev.migration_blocker)
    if hdev.vhost_ops:
        hdev.vhost_ops.vhost_backend_cleanup(hdev)

    _clear(hdev)


def _clear(hdev: vhost_dev) -> None:
    """``memset(hdev, 0, sizeof(*hdev))``."""
    hdev.vdev = hdev.opaque = hdev.vhost_ops = hdev.migration_blocker = None
    for name in ("nvqs", "vq_index", "vq_index_end", "num_queues", "features", "acked_features", "backend_features"):
        setattr(hdev, name, 0)
    for name in ("protocol_features", "max_queues", "backend_cap", "log_size"):
        setattr(hdev, name, 0)
    hdev.mem = None
    hdev.mem_sections = hdev.tmp_sections = ()
    hdev.started = hdev.log_enabled = False


@emulates
def vhost_get_features(hdev: vhost_dev, feature_bits: Sequence[int], features: int) -> int:
    """hw/virtio/vhost.c. Clears those of ``feature_bits`` that the device lacks."""
    for bit in feature_bits:
        if not hdev.features & 1 << bit:
            features &= ~(1 << bit)
    return features


@emulates
def vhost_ack_features(hdev: vhost_dev, feature_bits: Sequence[int], features: int) -> None:
    """hw/virtio/vhost.c. Notes those of ``feature_bits`` that the driver accepted."""
    acked = hdev.acked_features
    for bit in feature_bits:
        acked |= features & 1 << bit
    hdev.acked_features = acked


@emulates
def vhost_dev_get_config(hdev: vhost_dev, config_len: int) -> tuple[int, bytes]:
    """hw/virtio/vhost.c. Returns 0 or a negative errno, and the device's own configuration. Error: it has none."""
    assert hdev.vhost_ops

    if hdev.vhost_ops.vhost_get_config:
        return hdev.vhost_ops.vhost_get_config(hdev, config_len)

    error_setg("vhost_get_config not implemented")


@emulates
def vhost_dev_set_config(hdev: vhost_dev, data: bytes, offset: int, size: int, flags: int) -> int:
    """hw/virtio/vhost.c. Returns 0 or a negative errno."""
    assert hdev.vhost_ops

    if hdev.vhost_ops.vhost_set_config:
        return hdev.vhost_ops.vhost_set_config(hdev, data, offset, size, flags)

    return -errno.ENOSYS


@emulates
def vhost_toggle_device_iotlb(vdev: VirtIODevice) -> None:
    """The guest turned address translation services on or off: without an IOMMU there is nobody to tell."""
