"""Queue pairs come and go as the driver uses one or several (hw/net/virtio-net.c; virtio 1.2, 5.1.2)."""

from __future__ import annotations

from emu.hw.core.qdev_core import DEVICE
from emu.hw.net.virtio_net.ctrl import virtio_net_handle_ctrl
from emu.hw.net.virtio_net.peers import virtio_net_set_queue_pairs
from emu.hw.net.virtio_net.receive import virtio_net_handle_rx
from emu.hw.net.virtio_net.structs import VIRTIO_NET, VirtIONet, the_nic, the_pair
from emu.hw.net.virtio_net.transmit import (
    virtio_net_handle_tx_bh,
    virtio_net_handle_tx_timer,
    virtio_net_tx_bh,
    virtio_net_tx_timer,
)
from emu.hw.virtio.virtio import (
    VIRTIO_DEVICE,
    VirtIODevice,
    virtio_add_queue,
    virtio_del_queue,
    virtio_get_num_queues,
)
from emu.net.net import qemu_get_subqueue, qemu_purge_queued_packets
from emu.trace import emulates
from emu.util.async_ import qemu_bh_delete, qemu_bh_new_guarded
from emu.util.qemu_timer import QEMU_CLOCK_VIRTUAL, timer_free, timer_new_ns

CTRL_QUEUE_SIZE = 64


@emulates
def virtio_net_add_queue(n: VirtIONet, index: int) -> None:
    """Make a queue pair: a receive queue, a transmit queue and what sends from it, timer or bottom half."""
    vdev = VIRTIO_DEVICE(n)
    q = the_pair(n, index)
    q.rx_vq = virtio_add_queue(vdev, n.net_conf.rx_queue_size, virtio_net_handle_rx)
    if n.net_conf.tx == "timer":
        q.tx_vq = virtio_add_queue(vdev, n.net_conf.tx_queue_size, virtio_net_handle_tx_timer)
        q.tx_timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, virtio_net_tx_timer, q)
    else:
        q.tx_vq = virtio_add_queue(vdev, n.net_conf.tx_queue_size, virtio_net_handle_tx_bh)
        q.tx_bh = qemu_bh_new_guarded(virtio_net_tx_bh, q, DEVICE(vdev).mem_reentrancy_guard)
    q.tx_waiting = 0
    q.n = n


@emulates
def virtio_net_del_queue(n: VirtIONet, index: int) -> None:
    """Take a queue pair away."""
    vdev = VIRTIO_DEVICE(n)
    q = the_pair(n, index)
    qemu_purge_queued_packets(qemu_get_subqueue(the_nic(n), index))
    virtio_del_queue(vdev, index * 2)
    if q.tx_timer:
        timer_free(q.tx_timer)
        q.tx_timer = None
    else:
        assert q.tx_bh is not None
        qemu_bh_delete(q.tx_bh)
        q.tx_bh = None
    q.tx_waiting = 0
    virtio_del_queue(vdev, index * 2 + 1)


@emulates
def virtio_net_change_num_queues(n: VirtIONet, new_num_queues: int) -> None:
    """Make pairs or take some away. The control queue is the last, so it is made anew."""
    vdev = VIRTIO_DEVICE(n)
    old_num_queues = virtio_get_num_queues(vdev)
    assert old_num_queues >= 3
    assert old_num_queues % 2 == 1
    if old_num_queues == new_num_queues:
        return
    virtio_del_queue(vdev, old_num_queues - 1)
    for i in range(new_num_queues - 1, old_num_queues - 1, 2):
        virtio_net_del_queue(n, i // 2)
    for i in range(old_num_queues - 1, new_num_queues - 1, 2):
        virtio_net_add_queue(n, i // 2)
    n.ctrl_vq = virtio_add_queue(vdev, CTRL_QUEUE_SIZE, virtio_net_handle_ctrl)


@emulates
def virtio_net_set_multiqueue(n: VirtIONet, multiqueue: int) -> None:
    """The driver uses all queue pairs, or one."""
    n.multiqueue = multiqueue
    virtio_net_change_num_queues(n, (n.max_queue_pairs if multiqueue else 1) * 2 + 1)
    virtio_net_set_queue_pairs(n)


@emulates
def virtio_net_pre_load_queues(vdev: VirtIODevice, n: int) -> int:
    """VirtioDeviceClass.pre_load_queues: a migration brings this many queues."""
    virtio_net_change_num_queues(VIRTIO_NET(vdev), n)
    return 0
