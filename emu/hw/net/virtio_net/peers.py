"""The backend's queues, which are switched on and off with the card's (hw/net/virtio-net.c)."""

from __future__ import annotations

from emu.hw.net.vhost_net import vhost_set_vring_enable
from emu.hw.net.virtio_net.structs import VIRTIO_NET_TX_QUEUE_DEFAULT_SIZE, VirtIONet, the_nic
from emu.hw.virtio.virtio import VIRTQUEUE_MAX_SIZE
from emu.net.net import NetClientState, qemu_flush_or_purge_queued_packets, qemu_get_subqueue
from emu.net.tap import tap_disable, tap_enable
from emu.qapi.qapi_types_net import NetClientDriver
from emu.trace import emulates


@emulates
def virtio_net_max_tx_queue_size(n: VirtIONet) -> int:
    """Return how many buffers a transmit queue can hold: only vhost-user and vDPA backends take more than the usual."""
    peer = n.nic_conf.peers.ncs[0]
    if not peer:
        return VIRTIO_NET_TX_QUEUE_DEFAULT_SIZE
    if peer.info.type in (NetClientDriver.VHOST_USER, NetClientDriver.VHOST_VDPA):
        return VIRTQUEUE_MAX_SIZE
    return VIRTIO_NET_TX_QUEUE_DEFAULT_SIZE


def _switch(n: VirtIONet, index: int, on: bool) -> int:
    nc = qemu_get_subqueue(the_nic(n), index)
    if not nc.peer:
        return 0
    if nc.peer.info.type == NetClientDriver.VHOST_USER:
        vhost_set_vring_enable(nc.peer, int(on))
    if nc.peer.info.type != NetClientDriver.TAP:
        return 0
    if on:
        return 0 if n.max_queue_pairs == 1 else tap_enable(nc.peer)
    return tap_disable(nc.peer)


@emulates
def peer_attach(n: VirtIONet, index: int) -> int:
    """Switch a queue of the backend on; 0 or a negative errno."""
    return _switch(n, index, True)


@emulates
def peer_detach(n: VirtIONet, index: int) -> int:
    """Switch a queue of the backend off; 0 or a negative errno."""
    return _switch(n, index, False)


@emulates
def virtio_net_set_queue_pairs(n: VirtIONet) -> None:
    """Switch on as many queues of the backend as the driver uses, and the others off."""
    if the_nic(n).peer_deleted:
        return
    for i in range(n.max_queue_pairs):
        r = peer_attach(n, i) if i < n.curr_queue_pairs else peer_detach(n, i)
        assert not r


@emulates
def flush_or_purge_queued_packets(nc: NetClientState) -> None:
    """Send what waits on its way to the backend, or drop it."""
    if nc.peer:
        qemu_flush_or_purge_queued_packets(nc.peer, True)
