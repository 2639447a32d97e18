"""A driver runs a card whose queues somebody else serves (hw/net/vhost_net.c)."""

from __future__ import annotations

import errno

from emu.errors import NotModelled
from emu.hw.net.vhost_net.device import get_vhost_net, vhost_net, vhost_set_vring_enable
from emu.hw.virtio.vhost import vhost_vring_file
from emu.hw.virtio.vhost.start import (
    vhost_dev_disable_notifiers,
    vhost_dev_enable_notifiers,
    vhost_dev_start,
    vhost_dev_stop,
    vhost_net_set_backend,
    vhost_virtqueue_mask,
    vhost_virtqueue_pending,
    vhost_virtqueue_start,
    vhost_virtqueue_stop,
)
from emu.hw.virtio.virtio import VirtIODevice
from emu.hw.virtio.virtio.bus import VIRTIO_BUS_GET_CLASS, parent_bus
from emu.hw.virtio.virtio.queues import virtio_queue_enabled
from emu.net.net import NetClientState, qemu_get_peer
from emu.qapi.qapi_types_net import NetClientDriver
from emu.trace import emulates, recorder
from emu.util.error_report import error_report
from emu.util.main_loop import qemu_set_fd_handler


def _of(net: vhost_net) -> NetClientState:
    assert net.nc
    return net.nc


@emulates
def vhost_net_set_vq_index(net: vhost_net, vq_index: int, vq_index_end: int) -> None:
    """hw/net/vhost_net.c."""
    net.dev.vq_index = vq_index
    net.dev.vq_index_end = vq_index_end


def _set_backends(net: vhost_net, dev: VirtIODevice) -> int:
    """Tie the queues that are enabled to the tap; 0 or a negative errno, and then none is."""
    for index in range(net.dev.nvqs):
        if not virtio_queue_enabled(dev, net.dev.vq_index + index):
            continue
        r = vhost_net_set_backend(net.dev, vhost_vring_file(index, net.backend))
        if r < 0:
            for done in reversed(range(index)):
                if virtio_queue_enabled(dev, net.dev.vq_index + done):
                    vhost_net_set_backend(net.dev, vhost_vring_file(done, -1))
            return r
    return 0


@emulates
def vhost_net_start_one(net: vhost_net, dev: VirtIODevice) -> int:
    """hw/net/vhost_net.c. Hands a queue pair over; 0 or a negative errno."""
    nc = _of(net)
    if nc.info.type == NetClientDriver.VHOST_VDPA:
        raise NotModelled("vhost-vdpa while a driver runs the card")

    r = vhost_dev_enable_notifiers(net.dev, dev)
    if r < 0:
        return r

    r = vhost_dev_start(net.dev, dev, False)
    if r < 0:
        vhost_dev_disable_notifiers(net.dev, dev)
        return r

    if nc.info.poll:
        nc.info.poll(nc, False)

    if nc.info.type == NetClientDriver.TAP:
        qemu_set_fd_handler(net.backend, None, None, None)
        r = _set_backends(net, dev)
        if r < 0:
            # C returns what errno holds, which is the same number
            assert nc.info.poll
            nc.info.poll(nc, True)
            vhost_dev_stop(net.dev, dev, False)
            vhost_dev_disable_notifiers(net.dev, dev)
    return r


@emulates
def vhost_net_stop_one(net: vhost_net, dev: VirtIODevice) -> None:
    """hw/net/vhost_net.c. Takes a queue pair back."""
    nc = _of(net)
    if nc.info.type == NetClientDriver.TAP:
        for index in range(net.dev.nvqs):
            r = vhost_net_set_backend(net.dev, vhost_vring_file(index, -1))
            assert r >= 0
    if nc.info.poll:
        nc.info.poll(nc, True)
    vhost_dev_stop(net.dev, dev, False)
    vhost_dev_disable_notifiers(net.dev, dev)


def _peers(dev: VirtIODevice, ncs: NetClientState, data_queue_pairs: int, cvq: int) -> list[NetClientState]:
    """Return the clients of the queue pairs, and of the control queue if there is one."""
    from emu.hw.net.virtio_net.structs import VIRTIO_NET

    max_queue_pairs = VIRTIO_NET(dev).max_queue_pairs
    found = []
    for i in range(data_queue_pairs + cvq):
        peer = qemu_get_peer(ncs, i if i < data_queue_pairs else max_queue_pairs)
        assert peer
        found.append(peer)
    return found


@emulates
def vhost_net_start(dev: VirtIODevice, ncs: NetClientState, data_queue_pairs: int, cvq: int) -> int:
    """hw/net/vhost_net.c. Hands all queues over; 0 or a negative errno, and then none is."""
    qbus = parent_bus(dev)
    k = VIRTIO_BUS_GET_CLASS(qbus)
    total_notifiers = data_queue_pairs * 2 + cvq
    peers = _peers(dev, ncs, data_queue_pairs, cvq)

    if not k.set_guest_notifiers:
        error_report("binding does not support guest notifiers")
        return -errno.ENOSYS

    for i, peer in enumerate(peers):
        net = get_vhost_net(peer)
        vhost_net_set_vq_index(net, i * 2, total_notifiers)

        # such a device does not follow when vectors are masked
        if peer.info.type == NetClientDriver.VHOST_USER:
            dev.use_guest_notifier_mask = False

    r = k.set_guest_notifiers(qbus.parent, total_notifiers, True)
    if r < 0:
        error_report(f"Error binding guest notifier: {-r}")
        return r

    for i, peer in enumerate(peers):
        r = 0
        if peer.vring_enable:
            r = vhost_set_vring_enable(peer, peer.vring_enable)
        if r >= 0:
            r = vhost_net_start_one(get_vhost_net(peer), dev)
        if r < 0:
            for done in reversed(peers[:i]):
                vhost_net_stop_one(get_vhost_net(done), dev)
            _release(dev, total_notifiers)
            return r

    return 0


def _release(dev: VirtIODevice, total_notifiers: int) -> int:
    qbus = parent_bus(dev)
    set_guest_notifiers = VIRTIO_BUS_GET_CLASS(qbus).set_guest_notifiers
    assert set_guest_notifiers
    e = set_guest_notifiers(qbus.parent, total_notifiers, False)
    if e < 0:
        recorder().message("stderr", f"vhost guest notifier cleanup failed: {e}\n")
    return e


@emulates
def vhost_net_stop(dev: VirtIODevice, ncs: NetClientState, data_queue_pairs: int, cvq: int) -> None:
    """hw/net/vhost_net.c. Takes all queues back."""
    for peer in _peers(dev, ncs, data_queue_pairs, cvq):
        vhost_net_stop_one(get_vhost_net(peer), dev)

    r = _release(dev, data_queue_pairs * 2 + cvq)
    assert r >= 0


@emulates
def vhost_net_virtqueue_pending(net: vhost_net, idx: int) -> bool:
    """hw/net/vhost_net.c."""
    return vhost_virtqueue_pending(net.dev, idx)


@emulates
def vhost_net_virtqueue_mask(net: vhost_net, dev: VirtIODevice, idx: int, mask: bool) -> None:
    """hw/net/vhost_net.c."""
    vhost_virtqueue_mask(net.dev, dev, idx, mask)


@emulates
def vhost_net_virtqueue_reset(vdev: VirtIODevice, nc: NetClientState, vq_index: int) -> None:
    """hw/net/vhost_net.c. The driver resets one queue."""
    net = get_vhost_net(nc.peer)
    idx = net.dev.vhost_ops.vhost_get_vq_index(net.dev, vq_index)

    if _of(net).info.type == NetClientDriver.TAP:
        r = vhost_net_set_backend(net.dev, vhost_vring_file(idx, -1))
        assert r >= 0

    vhost_virtqueue_stop(net.dev, vdev, net.dev.vqs[idx], net.dev.vq_index + idx)


@emulates
def vhost_net_virtqueue_restart(vdev: VirtIODevice, nc: NetClientState, vq_index: int) -> int:
    """hw/net/vhost_net.c. The driver enables a queue that it has reset; 0 or a negative errno."""
    net = get_vhost_net(nc.peer)

    if not net.dev.started:
        return -errno.EBUSY

    idx = net.dev.vhost_ops.vhost_get_vq_index(net.dev, vq_index)
    is_tap = _of(net).info.type == NetClientDriver.TAP

    r = vhost_virtqueue_start(net.dev, vdev, net.dev.vqs[idx], net.dev.vq_index + idx)
    if r >= 0 and is_tap:
        r = vhost_net_set_backend(net.dev, vhost_vring_file(idx, net.backend))
    if r >= 0:
        return 0

    error_report("Error when restarting the queue.")
    if is_tap:
        undone = vhost_net_set_backend(net.dev, vhost_vring_file(idx, -1))
        assert undone >= 0
    vhost_dev_stop(net.dev, vdev, False)
    return r
