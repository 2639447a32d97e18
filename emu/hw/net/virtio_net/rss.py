"""Receive side scaling: which queue a packet goes to (hw/net/virtio-net.c; virtio 1.2, 5.1.6.5.7)."""

from __future__ import annotations

import struct

from emu.ebpf.ebpf_rss import (
    EBPFRSSConfig,
    ebpf_rss_is_loaded,
    ebpf_rss_load,
    ebpf_rss_set_all,
    ebpf_rss_unload,
)
from emu.hw.net.vhost_net import get_vhost_net
from emu.hw.net.virtio_net.structs import (
    VIRTIO_NET_RSS_MAX_KEY_SIZE,
    VIRTIO_NET_RSS_MAX_TABLE_LEN,
    VirtIONet,
    VirtioNetRssData,
    the_nic,
)
from emu.hw.virtio.virtio import VIRTIO_DEVICE, virtio_vdev_has_feature
from emu.net.net import NICState, qemu_get_peer, qemu_get_queue
from emu.standard_headers.linux.virtio_net import VIRTIO_NET_F_HASH_REPORT, VIRTIO_NET_F_RSS
from emu.trace import emulates
from emu.util.error_report import warn_report


class Refused(Exception):
    """The driver's configuration makes no sense."""


@emulates
def virtio_net_attach_ebpf_to_backend(nic: NICState, prog_fd: int) -> bool:
    """Give the backend a program that chooses the queue, or with -1 take it away; False if it can't have one."""
    nc = qemu_get_peer(qemu_get_queue(nic), 0)
    if nc is None or nc.info.set_steering_ebpf is None:
        return False
    return nc.info.set_steering_ebpf(nc, prog_fd)


@emulates
def rss_data_to_rss_config(data: VirtioNetRssData, config: EBPFRSSConfig) -> None:
    """Copy what the program needs to know."""
    config.redirect = int(data.redirect)
    config.populate_hash = int(data.populate_hash)
    config.hash_types = data.hash_types
    config.indirections_len = data.indirections_len
    config.default_queue = data.default_queue


@emulates
def virtio_net_attach_epbf_rss(n: VirtIONet) -> bool:
    """Let the backend choose the queue by the loaded program."""
    if not ebpf_rss_is_loaded(n.ebpf_rss):
        return False
    config = EBPFRSSConfig()
    rss_data_to_rss_config(n.rss_data, config)
    if not ebpf_rss_set_all(n.ebpf_rss, config, n.rss_data.indirections_table, bytes(n.rss_data.key)):
        return False
    return virtio_net_attach_ebpf_to_backend(the_nic(n), n.ebpf_rss.program_fd)


@emulates
def virtio_net_detach_epbf_rss(n: VirtIONet) -> None:
    """Let the backend choose the queue as it likes."""
    virtio_net_attach_ebpf_to_backend(the_nic(n), -1)


@emulates
def virtio_net_load_ebpf(n: VirtIONet) -> bool:
    """Load the program, if the backend could use it."""
    if not virtio_net_attach_ebpf_to_backend(the_nic(n), -1):
        return False
    return ebpf_rss_load(n.ebpf_rss)


@emulates
def virtio_net_unload_ebpf(n: VirtIONet) -> None:
    """Unload the program."""
    virtio_net_attach_ebpf_to_backend(the_nic(n), -1)
    ebpf_rss_unload(n.ebpf_rss)


@emulates
def virtio_net_disable_rss(n: VirtIONet) -> None:
    """End receive side scaling."""
    n.rss_data.enabled = False
    virtio_net_detach_epbf_rss(n)


def _need(condition: bool) -> None:
    if not condition:
        raise Refused


def _parse(n: VirtIONet, data: bytes, do_rss: bool) -> tuple[int, bytes]:
    """Take a ``struct virtio_net_rss_config`` over; return the number of queue pairs and the key."""
    rss = n.rss_data
    _need(len(data) >= 8)
    rss.hash_types, mask, unclassified = struct.unpack_from("<IHH", data)
    rss.indirections_len = mask + 1 & 0xFFFF if do_rss else 1
    _need(rss.indirections_len > 0 and rss.indirections_len & rss.indirections_len - 1 == 0)
    _need(rss.indirections_len <= VIRTIO_NET_RSS_MAX_TABLE_LEN)
    rss.default_queue = unclassified if do_rss else 0
    _need(rss.default_queue < n.max_queue_pairs)
    end = 8 + 2 * rss.indirections_len
    rss.indirections_table = ()
    _need(len(data) >= end)
    rss.indirections_table = struct.unpack_from(f"<{rss.indirections_len}H", data, 8)
    _need(len(data) >= end + 3)
    pairs, key_size = struct.unpack_from("<HB", data, end)
    queue_pairs = pairs if do_rss else n.curr_queue_pairs
    _need(0 < queue_pairs <= n.max_queue_pairs)
    _need(key_size <= VIRTIO_NET_RSS_MAX_KEY_SIZE)
    _need(bool(key_size) or not rss.hash_types)
    _need(len(data) >= end + 3 + key_size)
    return queue_pairs, data[end + 3 : end + 3 + key_size]


@emulates
def virtio_net_handle_rss(n: VirtIONet, data: bytes, do_rss: bool) -> int:
    """The driver configures receive side scaling, or only hash reports; return the queue pairs to use, 0 for an error."""
    vdev = VIRTIO_DEVICE(n)
    try:
        _need(virtio_vdev_has_feature(vdev, VIRTIO_NET_F_RSS if do_rss else VIRTIO_NET_F_HASH_REPORT))
        queue_pairs, key = _parse(n, data, do_rss)
        if not key:
            virtio_net_disable_rss(n)
            return queue_pairs
        n.rss_data.key.put(0, key)
        n.rss_data.enabled = True
        if n.rss_data.populate_hash:
            # hashes are reckoned in software, so the program has nothing to do
            virtio_net_detach_epbf_rss(n)
            n.rss_data.enabled_software_rss = True
        elif not virtio_net_attach_epbf_rss(n):
            vhost = get_vhost_net(qemu_get_queue(the_nic(n)).peer)
            if vhost:
                warn_report("Can't load eBPF RSS for vhost")
            _need(not vhost)
            warn_report("Can't load eBPF RSS - fallback to software RSS")
            n.rss_data.enabled_software_rss = True
    except Refused:
        virtio_net_disable_rss(n)
        return 0
    return queue_pairs
