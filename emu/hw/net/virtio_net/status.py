"""The driver comes and goes, the link goes up and down, the card is reset (hw/net/virtio-net.c)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from emu.hw.net.vhost_net import (
    get_vhost_net,
    vhost_net_set_mtu,
    vhost_net_start,
    vhost_net_stop,
    vhost_net_virtqueue_mask,
    vhost_net_virtqueue_pending,
    vhost_net_virtqueue_reset,
    vhost_net_virtqueue_restart,
)
from emu.hw.net.virtio_net.peers import flush_or_purge_queued_packets
from emu.hw.net.virtio_net.structs import VIRTIO_NET, VirtIONet, the_nic, the_pair, vq2q
from emu.hw.virtio.virtio import (
    VIRTIO_DEVICE,
    VirtIODevice,
    VirtQueue,
    virtio_has_feature,
    virtio_is_big_endian,
    virtio_notify,
    virtio_notify_config,
    virtio_queue_set_notification,
    virtio_vdev_has_feature,
    virtqueue_drop_all,
)
from emu.net.net import (
    NetClientState,
    qemu_flush_queued_packets,
    qemu_format_nic_info_str,
    qemu_get_nic_opaque,
    qemu_get_queue,
    qemu_get_subqueue,
    qemu_set_vnet_be,
    qemu_set_vnet_le,
)
from emu.net.queue import qemu_net_queue_purge
from emu.qapi.qapi_types_net import NetClientDriver
from emu.standard_headers.linux.virtio_config import VIRTIO_CONFIG_S_DRIVER_OK
from emu.standard_headers.linux.virtio_net import (
    VIRTIO_NET_F_CTRL_VQ,
    VIRTIO_NET_F_GUEST_ANNOUNCE,
    VIRTIO_NET_F_MTU,
    VIRTIO_NET_S_ANNOUNCE,
    VIRTIO_NET_S_LINK_UP,
)
from emu.trace import emulates
from emu.util.async_ import qemu_bh_cancel, qemu_bh_schedule
from emu.util.error_report import error_report
from emu.util.qemu_timer import QEMU_CLOCK_VIRTUAL, qemu_clock_get_ns, timer_del, timer_mod


def virtio_net_started(n: VirtIONet, status: int) -> bool:
    """Tell whether packets can move: driver ready, link up, machine running."""
    vdev = VIRTIO_DEVICE(n)
    return bool(status & VIRTIO_CONFIG_S_DRIVER_OK) and bool(n.status & VIRTIO_NET_S_LINK_UP) and vdev.vm_running


@emulates
def virtio_net_announce_notify(net: VirtIONet) -> None:
    """Ask the driver to announce itself."""
    net.status |= VIRTIO_NET_S_ANNOUNCE
    virtio_notify_config(VIRTIO_DEVICE(net))


@emulates
def virtio_net_announce_timer(opaque: Any) -> None:
    """Timer: the next round of announcements."""
    n: VirtIONet = opaque
    n.announce_timer.round -= 1
    virtio_net_announce_notify(n)


@emulates
def virtio_net_announce(nc: NetClientState) -> None:
    """NetClientInfo.announce."""
    n: VirtIONet = qemu_get_nic_opaque(nc)
    vdev = VIRTIO_DEVICE(n)
    if n.announce_timer.round:
        return
    if virtio_vdev_has_feature(vdev, VIRTIO_NET_F_GUEST_ANNOUNCE) and virtio_vdev_has_feature(vdev, VIRTIO_NET_F_CTRL_VQ):
        virtio_net_announce_notify(n)


def _purge(n: VirtIONet, queue_pairs: int) -> None:
    """Drop packets on their way, in both directions: the rings belong to somebody else then."""
    for i in range(queue_pairs):
        qnc = qemu_get_subqueue(the_nic(n), i)
        assert qnc.peer is not None
        for queue, sender in ((qnc.peer.incoming_queue, qnc), (qnc.incoming_queue, qnc.peer)):
            assert queue is not None
            qemu_net_queue_purge(queue, sender)


@emulates
def virtio_net_vhost_status(n: VirtIONet, status: int) -> None:
    """Hand the queues over to vhost when the driver begins, and take them back; where that fails, the emulator serves them."""
    vdev = VIRTIO_DEVICE(n)
    nc = qemu_get_queue(the_nic(n))
    queue_pairs = n.max_queue_pairs if n.multiqueue else 1
    cvq = n.max_ncs - n.max_queue_pairs if virtio_vdev_has_feature(vdev, VIRTIO_NET_F_CTRL_VQ) else 0
    net = get_vhost_net(nc.peer)
    if not net:
        return
    assert nc.peer is not None
    if (virtio_net_started(n, status) and not nc.peer.link_down) == bool(n.vhost_started):
        return
    if n.vhost_started:
        vhost_net_stop(vdev, nc, queue_pairs, cvq)
        n.vhost_started = 0
        return

    if n.needs_vnet_hdr_swap:
        order = "BE" if virtio_is_big_endian(vdev) else "LE"
        error_report(f"backend does not support {order} vnet headers; falling back on userspace virtio")
        return

    _purge(n, queue_pairs)

    if virtio_has_feature(vdev.guest_features, VIRTIO_NET_F_MTU) and vhost_net_set_mtu(net, n.net_conf.mtu) < 0:
        error_report(f"{n.net_conf.mtu}Bytes MTU not supported by the backend")
        return

    n.vhost_started = 1
    r = vhost_net_start(vdev, nc, queue_pairs, cvq)
    if r < 0:
        error_report(f"unable to start vhost net: {-r}: falling back on userspace virtio")
        n.vhost_started = 0


def virtio_net_set_vnet_endian_one(vdev: VirtIODevice, peer: NetClientState | None, enable: bool) -> int:
    """Tell one queue of the backend the byte order of packet headers; 0 or a negative errno."""
    return qemu_set_vnet_be(peer, enable) if virtio_is_big_endian(vdev) else qemu_set_vnet_le(peer, enable)


@emulates
def virtio_net_set_vnet_endian(vdev: VirtIODevice, ncs: Sequence[NetClientState], queue_pairs: int, enable: bool) -> bool:
    """Tell the backend the byte order of packet headers; True if it can't do it, so that the card must."""
    for i in range(queue_pairs):
        if virtio_net_set_vnet_endian_one(vdev, ncs[i].peer, enable) < 0 and enable:
            for done in reversed(range(i)):
                virtio_net_set_vnet_endian_one(vdev, ncs[done].peer, False)
            return True
    return False


@emulates
def virtio_net_vnet_endian_status(n: VirtIONet, status: int) -> None:
    """Settle the byte order of packet headers while the driver runs the card, and unsettle it afterwards."""
    vdev = VIRTIO_DEVICE(n)
    queue_pairs = n.max_queue_pairs if n.multiqueue else 1
    ncs = tuple(the_nic(n).ncs)
    if virtio_net_started(n, status):
        n.needs_vnet_hdr_swap = virtio_net_set_vnet_endian(vdev, ncs, queue_pairs, True)
    elif virtio_net_started(n, vdev.status):
        virtio_net_set_vnet_endian(vdev, ncs, queue_pairs, False)


@emulates
def virtio_net_drop_tx_queue_data(vdev: VirtIODevice, vq: VirtQueue) -> None:
    """Give the driver back what it wanted to send."""
    if virtqueue_drop_all(vq):
        virtio_notify(vdev, vq)


@emulates
def virtio_net_set_status(vdev: VirtIODevice, status: int) -> None:
    """VirtioDeviceClass.set_status: start or stop the queues."""
    n = VIRTIO_NET(vdev)
    virtio_net_vnet_endian_status(n, status)
    virtio_net_vhost_status(n, status)
    for i in range(n.max_queue_pairs):
        ncs = qemu_get_subqueue(the_nic(n), i)
        q = the_pair(n, i)
        queue_status = 0 if (not n.multiqueue and i != 0) or i >= n.curr_queue_pairs else status
        queue_started = virtio_net_started(n, queue_status) and not n.vhost_started
        if queue_started:
            qemu_flush_queued_packets(ncs)
        if not q.tx_waiting:
            continue
        if queue_started:
            if q.tx_timer:
                timer_mod(q.tx_timer, qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) + n.tx_timeout)
            else:
                assert q.tx_bh is not None
                qemu_bh_schedule(q.tx_bh)
            continue
        if q.tx_timer:
            timer_del(q.tx_timer)
        else:
            assert q.tx_bh is not None
            qemu_bh_cancel(q.tx_bh)
        if not n.status & VIRTIO_NET_S_LINK_UP and queue_status & VIRTIO_CONFIG_S_DRIVER_OK and vdev.vm_running:
            # what waits cannot be sent any more, and kicks may be switched off
            q.tx_waiting = 0
            assert q.tx_vq is not None
            virtio_queue_set_notification(q.tx_vq, 1)
            virtio_net_drop_tx_queue_data(vdev, q.tx_vq)


@emulates
def virtio_net_set_link_status(nc: NetClientState) -> None:
    """NetClientInfo.link_status_changed."""
    n: VirtIONet = qemu_get_nic_opaque(nc)
    vdev = VIRTIO_DEVICE(n)
    old_status = n.status
    if nc.link_down:
        n.status &= ~VIRTIO_NET_S_LINK_UP
    else:
        n.status |= VIRTIO_NET_S_LINK_UP
    if n.status != old_status:
        virtio_notify_config(vdev)
    virtio_net_set_status(vdev, vdev.status)


@emulates
def virtio_net_queue_reset(vdev: VirtIODevice, queue_index: int) -> None:
    """VirtioDeviceClass.queue_reset."""
    n = VIRTIO_NET(vdev)
    if queue_index >= n.max_queue_pairs * 2:
        return
    nc = qemu_get_subqueue(the_nic(n), vq2q(queue_index))
    if not nc.peer:
        return
    if get_vhost_net(nc.peer) and nc.peer.info.type == NetClientDriver.TAP:
        vhost_net_virtqueue_reset(vdev, nc, queue_index)
    flush_or_purge_queued_packets(nc)


@emulates
def virtio_net_queue_enable(vdev: VirtIODevice, queue_index: int) -> None:
    """VirtioDeviceClass.queue_enable: only vhost has something to do."""
    n = VIRTIO_NET(vdev)
    if queue_index >= n.max_queue_pairs * 2:
        return
    nc = qemu_get_subqueue(the_nic(n), vq2q(queue_index))
    if not nc.peer or not vdev.vhost_started:
        return
    if get_vhost_net(nc.peer) and nc.peer.info.type == NetClientDriver.TAP:
        r = vhost_net_virtqueue_restart(vdev, nc, queue_index)
        if r < 0:
            error_report(f"unable to restart vhost net virtqueue: {queue_index}, when resetting the queue")


@emulates
def virtio_net_reset(vdev: VirtIODevice) -> None:
    """VirtioDeviceClass.reset: filters, announcements and the MAC address go back, packets on their way are dropped."""
    n = VIRTIO_NET(vdev)
    n.promisc = 1
    n.allmulti = 0
    n.alluni = 0
    n.nomulti = 0
    n.nouni = 0
    n.nobcast = 0
    n.curr_queue_pairs = 1
    assert n.announce_timer.tm is not None
    timer_del(n.announce_timer.tm)
    n.announce_timer.round = 0
    n.status &= ~VIRTIO_NET_S_ANNOUNCE

    n.mac_table.in_use = 0
    n.mac_table.first_multi = 0
    n.mac_table.multi_overflow = 0
    n.mac_table.uni_overflow = 0
    assert n.mac_table.macs is not None
    n.mac_table.macs.put(0, bytes(len(n.mac_table.macs)))
    conf = the_nic(n).conf
    assert conf is not None
    n.mac.put(0, bytes(conf.macaddr.a))
    qemu_format_nic_info_str(qemu_get_queue(the_nic(n)), bytes(n.mac))
    assert n.vlans is not None
    n.vlans.put(0, bytes(len(n.vlans)))
    for i in range(n.max_queue_pairs):
        flush_or_purge_queued_packets(qemu_get_subqueue(the_nic(n), i))


def _client_of(n: VirtIONet, idx: int) -> NetClientState | None:
    """Return the client that a queue is of, None if a driver that cannot have it names the control queue."""
    if not n.multiqueue and idx == 2:
        if not virtio_vdev_has_feature(VIRTIO_DEVICE(n), VIRTIO_NET_F_CTRL_VQ):
            return None
        return qemu_get_subqueue(the_nic(n), n.max_queue_pairs)
    return qemu_get_subqueue(the_nic(n), vq2q(idx))


@emulates
def virtio_net_guest_notifier_pending(vdev: VirtIODevice, idx: int) -> bool:
    """VirtioDeviceClass.guest_notifier_pending, for vhost."""
    n = VIRTIO_NET(vdev)
    assert n.vhost_started
    nc = _client_of(n, idx)
    return nc is not None and vhost_net_virtqueue_pending(get_vhost_net(nc.peer), idx)


@emulates
def virtio_net_guest_notifier_mask(vdev: VirtIODevice, idx: int, mask: bool) -> None:
    """VirtioDeviceClass.guest_notifier_mask, for vhost."""
    n = VIRTIO_NET(vdev)
    assert n.vhost_started
    nc = _client_of(n, idx)
    if nc is not None:
        vhost_net_virtqueue_mask(get_vhost_net(nc.peer), vdev, idx, mask)


@emulates
def virtio_net_get_vhost(vdev: VirtIODevice) -> Any:
    """VirtioDeviceClass.get_vhost."""
    return get_vhost_net(qemu_get_queue(the_nic(VIRTIO_NET(vdev))).peer)
