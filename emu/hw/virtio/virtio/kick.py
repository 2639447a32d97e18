"""A driver's kick reaches a queue, at once or through an event notifier (hw/virtio/virtio.c; virtio 1.2, 2.3)."""

from __future__ import annotations

from typing import cast

from emu.hw.virtio.virtio.notify import virtio_irq
from emu.hw.virtio.virtio.queues import peek
from emu.hw.virtio.virtio.status import virtio_set_started
from emu.hw.virtio.virtio.structs import VirtIODevice, VirtQueue
from emu.trace import container_of, emulates
from emu.util.event_notifier_posix import (
    EventNotifier,
    event_notifier_set,
    event_notifier_set_handler,
    event_notifier_test_and_clear,
)


@emulates
def virtio_queue_notify_vq(vq: VirtQueue) -> None:
    """Let the device look into a queue."""
    vdev = vq.vdev
    assert vdev is not None
    if vq.vring.desc and vq.handle_output:
        if vdev.broken:
            return
        vq.handle_output(vdev, vq)
        if vdev.start_on_kick:
            virtio_set_started(vdev, True)


@emulates
def virtio_queue_notify(vdev: VirtIODevice, n: int) -> None:
    """The driver kicks a queue. One that was not set up, or a broken device, takes no notice."""
    vq = peek(vdev, n)
    if vq is None or not vq.vring.desc or vdev.broken:
        return
    if vq.host_notifier_enabled:
        event_notifier_set(vq.host_notifier)
    elif vq.handle_output:
        vq.handle_output(vdev, vq)
        if vdev.start_on_kick:
            virtio_set_started(vdev, True)


@emulates
def virtio_queue_host_notifier_read(n: EventNotifier) -> None:
    """The main loop found a kick in a host notifier."""
    if event_notifier_test_and_clear(n):
        virtio_queue_notify_vq(cast(VirtQueue, container_of(n)))


@emulates
def virtio_queue_guest_notifier_read(n: EventNotifier) -> None:
    """The main loop found an interrupt of vhost in a guest notifier."""
    if event_notifier_test_and_clear(n):
        virtio_irq(cast(VirtQueue, container_of(n)))


@emulates
def virtio_queue_set_guest_notifier_fd_handler(vq: VirtQueue, assign: bool, with_irqfd: bool) -> None:
    """Watch the guest notifier of a queue, or no longer."""
    handler = virtio_queue_guest_notifier_read if assign and not with_irqfd else None
    event_notifier_set_handler(vq.guest_notifier, handler)
    if not assign:
        virtio_queue_guest_notifier_read(vq.guest_notifier)


def virtio_queue_set_host_notifier_enabled(vq: VirtQueue, enabled: bool) -> None:
    """Note whether kicks of a queue go through its host notifier."""
    vq.host_notifier_enabled = enabled
