"""Kicks come through event notifiers and the main loop while a driver runs the device (hw/virtio/virtio.c)."""

from __future__ import annotations

from emu.hw.virtio import virtio_bus
from emu.hw.virtio.virtio.bus import VIRTIO_BUS, parent_bus
from emu.hw.virtio.virtio.kick import virtio_queue_host_notifier_read
from emu.hw.virtio.virtio.structs import VirtIODevice, VirtQueue, queues_of
from emu.softmmu.memory import memory_region_transaction_begin, memory_region_transaction_commit
from emu.trace import emulates
from emu.util.event_notifier_posix import event_notifier_set, event_notifier_set_handler


@emulates
def virtio_device_start_ioeventfd_impl(vdev: VirtIODevice) -> int:
    """Open a host notifier for each queue and watch it; 0 or a negative errno."""
    qbus = VIRTIO_BUS(parent_bus(vdev))
    memory_region_transaction_begin()
    assigned: list[tuple[int, VirtQueue]] = []
    for n, vq in queues_of(vdev):
        r = virtio_bus.virtio_bus_set_host_notifier(qbus, n, True)
        if r < 0:
            for i, done in reversed(assigned):
                event_notifier_set_handler(done.host_notifier, None)
                undone = virtio_bus.virtio_bus_set_host_notifier(qbus, i, False)
                assert undone >= 0
            # the notifiers must still be open when the transaction ends
            memory_region_transaction_commit()
            for i, _ in reversed(assigned):
                virtio_bus.virtio_bus_cleanup_host_notifier(qbus, i)
            return r
        event_notifier_set_handler(vq.host_notifier, virtio_queue_host_notifier_read)
        assigned.append((n, vq))
    for _, vq in queues_of(vdev):
        # requests may be waiting in the ring already
        event_notifier_set(vq.host_notifier)
    memory_region_transaction_commit()
    return 0


@emulates
def virtio_device_stop_ioeventfd_impl(vdev: VirtIODevice) -> None:
    """Close the host notifiers of a device."""
    qbus = VIRTIO_BUS(parent_bus(vdev))
    memory_region_transaction_begin()
    for n, vq in queues_of(vdev):
        event_notifier_set_handler(vq.host_notifier, None)
        r = virtio_bus.virtio_bus_set_host_notifier(qbus, n, False)
        assert r >= 0
    memory_region_transaction_commit()
    for n, _ in queues_of(vdev):
        virtio_bus.virtio_bus_cleanup_host_notifier(qbus, n)


@emulates
def virtio_device_start_ioeventfd(vdev: VirtIODevice) -> int:
    """Have kicks come through event notifiers, if the transport can do that."""
    return virtio_bus.virtio_bus_start_ioeventfd(VIRTIO_BUS(parent_bus(vdev)))


@emulates
def virtio_device_grab_ioeventfd(vdev: VirtIODevice) -> int:
    """Vhost takes the event notifiers over."""
    return virtio_bus.virtio_bus_grab_ioeventfd(VIRTIO_BUS(parent_bus(vdev)))


@emulates
def virtio_device_release_ioeventfd(vdev: VirtIODevice) -> None:
    """Vhost gives the event notifiers back."""
    virtio_bus.virtio_bus_release_ioeventfd(VIRTIO_BUS(parent_bus(vdev)))


@emulates
def virtio_device_ioeventfd_enabled(vdev: VirtIODevice) -> bool:
    """Tell whether the transport can have kicks come through event notifiers."""
    return virtio_bus.virtio_bus_ioeventfd_enabled(VIRTIO_BUS(parent_bus(vdev)))
