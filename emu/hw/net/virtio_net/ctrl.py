"""The control queue: filters, VLANs, queues, offloads, announcements (hw/net/virtio-net.c; virtio 1.2, 5.1.6.5)."""

from __future__ import annotations

import struct

from emu.hw.net.virtio_net.config import is_vdpa
from emu.hw.net.virtio_net.offloads import virtio_net_apply_guest_offloads, virtio_net_supported_guest_offloads
from emu.hw.net.virtio_net.peers import virtio_net_set_queue_pairs
from emu.hw.net.virtio_net.rss import virtio_net_disable_rss, virtio_net_handle_rss
from emu.hw.net.virtio_net.rx_filter import rxfilter_notify
from emu.hw.net.virtio_net.status import virtio_net_set_status
from emu.hw.net.virtio_net.structs import MAC_TABLE_ENTRIES, MAX_VLAN, VIRTIO_NET, VirtIONet, the_nic
from emu.hw.virtio.virtio import (
    VIRTIO_DEVICE,
    VirtIODevice,
    VirtQueue,
    read_out,
    virtio_error,
    virtio_has_feature,
    virtio_notify,
    virtio_vdev_has_feature,
    virtqueue_detach_element,
    virtqueue_pop,
    virtqueue_push,
    write_in,
)
from emu.net.announce import qemu_announce_timer_step
from emu.net.net import ETH_ALEN, qemu_format_nic_info_str, qemu_get_queue
from emu.standard_headers.linux import virtio_net
from emu.standard_headers.linux.virtio_net import VIRTIO_NET_ERR, VIRTIO_NET_OK
from emu.trace import emulates, g_free

CTRL_HDR_SIZE = 2

RX_MODES = {
    virtio_net.VIRTIO_NET_CTRL_RX_PROMISC: "promisc",
    virtio_net.VIRTIO_NET_CTRL_RX_ALLMULTI: "allmulti",
    virtio_net.VIRTIO_NET_CTRL_RX_ALLUNI: "alluni",
    virtio_net.VIRTIO_NET_CTRL_RX_NOMULTI: "nomulti",
    virtio_net.VIRTIO_NET_CTRL_RX_NOUNI: "nouni",
    virtio_net.VIRTIO_NET_CTRL_RX_NOBCAST: "nobcast",
}
"""Command -> the field that it sets."""


@emulates
def virtio_net_handle_rx_mode(n: VirtIONet, cmd: int, data: bytes) -> int:
    """Switch a receive mode on or off."""
    nc = qemu_get_queue(the_nic(n))
    if not data or cmd not in RX_MODES:
        return VIRTIO_NET_ERR
    setattr(n, RX_MODES[cmd], data[0])
    rxfilter_notify(nc)
    return VIRTIO_NET_OK


@emulates
def virtio_net_handle_offloads(n: VirtIONet, cmd: int, data: bytes) -> int:
    """Change what the guest takes off the backend."""
    if not virtio_vdev_has_feature(VIRTIO_DEVICE(n), virtio_net.VIRTIO_NET_F_CTRL_GUEST_OFFLOADS):
        return VIRTIO_NET_ERR
    if len(data) < 8 or cmd != virtio_net.VIRTIO_NET_CTRL_GUEST_OFFLOADS_SET or not n.has_vnet_hdr:
        return VIRTIO_NET_ERR
    offloads = int.from_bytes(data[:8], "little")
    rsc = virtio_has_feature(offloads, virtio_net.VIRTIO_NET_F_RSC_EXT)
    n.rsc4_enabled = int(rsc and virtio_has_feature(offloads, virtio_net.VIRTIO_NET_F_GUEST_TSO4))
    n.rsc6_enabled = int(rsc and virtio_has_feature(offloads, virtio_net.VIRTIO_NET_F_GUEST_TSO6))
    offloads &= ~(1 << virtio_net.VIRTIO_NET_F_RSC_EXT)
    if offloads & ~virtio_net_supported_guest_offloads(n):
        return VIRTIO_NET_ERR
    n.curr_guest_offloads = offloads
    virtio_net_apply_guest_offloads(n)
    return VIRTIO_NET_OK


@emulates
def virtio_net_handle_mac(n: VirtIONet, cmd: int, data: bytes) -> int:
    """Set the MAC address, or the table of addresses to receive (unicast ones, then multicast ones)."""
    nc = qemu_get_queue(the_nic(n))
    if cmd == virtio_net.VIRTIO_NET_CTRL_MAC_ADDR_SET:
        if len(data) != ETH_ALEN:
            return VIRTIO_NET_ERR
        n.mac.put(0, data)
        qemu_format_nic_info_str(nc, bytes(n.mac))
        rxfilter_notify(nc)
        return VIRTIO_NET_OK
    if cmd != virtio_net.VIRTIO_NET_CTRL_MAC_TABLE_SET:
        return VIRTIO_NET_ERR

    macs, overflow, first_multi = b"", [0, 0], 0
    for kind in (0, 1):
        if len(data) < 4:
            return VIRTIO_NET_ERR
        (entries,) = struct.unpack_from("<I", data)
        size = entries * ETH_ALEN
        data = data[4:]
        if size > len(data) or (kind == 1 and size != len(data)):
            return VIRTIO_NET_ERR
        if entries <= MAC_TABLE_ENTRIES - len(macs) // ETH_ALEN:
            macs += data[:size]
        else:
            overflow[kind] = 1
        data = data[size:]
        if kind == 0:
            first_multi = len(macs) // ETH_ALEN

    n.mac_table.in_use = len(macs) // ETH_ALEN
    n.mac_table.first_multi = first_multi
    n.mac_table.uni_overflow, n.mac_table.multi_overflow = overflow
    assert n.mac_table.macs is not None
    n.mac_table.macs.put(0, macs.ljust(MAC_TABLE_ENTRIES * ETH_ALEN, b"\0"))
    rxfilter_notify(nc)
    return VIRTIO_NET_OK


@emulates
def virtio_net_handle_vlan_table(n: VirtIONet, cmd: int, data: bytes) -> int:
    """Receive a VLAN, or no longer."""
    nc = qemu_get_queue(the_nic(n))
    if len(data) < 2:
        return VIRTIO_NET_ERR
    vid = int.from_bytes(data[:2], "little")
    if vid >= MAX_VLAN:
        return VIRTIO_NET_ERR
    assert n.vlans is not None
    # a uint32_t array in C: on a little-endian host the bits lie as in bytes
    bit = 1 << (vid & 7)
    if cmd == virtio_net.VIRTIO_NET_CTRL_VLAN_ADD:
        n.vlans[vid >> 3] |= bit
    elif cmd == virtio_net.VIRTIO_NET_CTRL_VLAN_DEL:
        n.vlans[vid >> 3] &= ~bit
    else:
        return VIRTIO_NET_ERR
    rxfilter_notify(nc)
    return VIRTIO_NET_OK


@emulates
def virtio_net_handle_announce(n: VirtIONet, cmd: int, data: bytes) -> int:
    """The driver has announced itself."""
    if cmd != virtio_net.VIRTIO_NET_CTRL_ANNOUNCE_ACK or not n.status & virtio_net.VIRTIO_NET_S_ANNOUNCE:
        return VIRTIO_NET_ERR
    n.status &= ~virtio_net.VIRTIO_NET_S_ANNOUNCE
    if n.announce_timer.round:
        qemu_announce_timer_step(n.announce_timer)
    return VIRTIO_NET_OK


@emulates
def virtio_net_handle_mq(n: VirtIONet, cmd: int, data: bytes) -> int:
    """Use a number of queue pairs, with or without receive side scaling."""
    vdev = VIRTIO_DEVICE(n)
    nc = qemu_get_queue(the_nic(n))
    virtio_net_disable_rss(n)
    if cmd == virtio_net.VIRTIO_NET_CTRL_MQ_HASH_CONFIG:
        return VIRTIO_NET_OK if virtio_net_handle_rss(n, data, False) else VIRTIO_NET_ERR
    if cmd == virtio_net.VIRTIO_NET_CTRL_MQ_RSS_CONFIG:
        queue_pairs = virtio_net_handle_rss(n, data, True)
    elif cmd == virtio_net.VIRTIO_NET_CTRL_MQ_VQ_PAIRS_SET:
        if not virtio_vdev_has_feature(vdev, virtio_net.VIRTIO_NET_F_MQ) or len(data) < 2:
            return VIRTIO_NET_ERR
        queue_pairs = int.from_bytes(data[:2], "little")
    else:
        return VIRTIO_NET_ERR
    if (
        queue_pairs < virtio_net.VIRTIO_NET_CTRL_MQ_VQ_PAIRS_MIN
        or queue_pairs > virtio_net.VIRTIO_NET_CTRL_MQ_VQ_PAIRS_MAX
        or queue_pairs > n.max_queue_pairs
        or not n.multiqueue
    ):
        return VIRTIO_NET_ERR
    n.curr_queue_pairs = queue_pairs
    if is_vdpa(nc):
        return VIRTIO_NET_OK
    # the backend stops before its queues change
    virtio_net_set_status(vdev, vdev.status)
    virtio_net_set_queue_pairs(n)
    return VIRTIO_NET_OK


HANDLERS = {
    virtio_net.VIRTIO_NET_CTRL_RX: virtio_net_handle_rx_mode,
    virtio_net.VIRTIO_NET_CTRL_MAC: virtio_net_handle_mac,
    virtio_net.VIRTIO_NET_CTRL_VLAN: virtio_net_handle_vlan_table,
    virtio_net.VIRTIO_NET_CTRL_ANNOUNCE: virtio_net_handle_announce,
    virtio_net.VIRTIO_NET_CTRL_MQ: virtio_net_handle_mq,
    virtio_net.VIRTIO_NET_CTRL_GUEST_OFFLOADS: virtio_net_handle_offloads,
}


@emulates
def virtio_net_handle_ctrl_iov(vdev: VirtIODevice, data: bytes, room: int) -> bytes:
    """Carry one command out. ``room``: bytes for the answer; returns the answer, b"" if the command has no header."""
    n = VIRTIO_NET(vdev)
    if room < 1 or len(data) < CTRL_HDR_SIZE:
        virtio_error(vdev, "virtio-net ctrl missing headers")
        return b""
    handler = HANDLERS.get(data[0])
    status = handler(n, data[1], data[CTRL_HDR_SIZE:]) if handler is not None else VIRTIO_NET_ERR
    return bytes([status])


@emulates
def virtio_net_handle_ctrl(vdev: VirtIODevice, vq: VirtQueue) -> None:
    """The driver kicked the control queue: carry all its commands out."""
    while (elem := virtqueue_pop(vq)) is not None:
        room = sum(size for _, size in elem.in_sg)
        answer = virtio_net_handle_ctrl_iov(vdev, read_out(vdev, elem), room)
        if not answer:
            virtqueue_detach_element(vq, elem, 0)
            g_free(elem)
            break
        write_in(vdev, elem, 0, answer)
        virtqueue_push(vq, elem, len(answer))
        virtio_notify(vdev, vq)
        g_free(elem)
