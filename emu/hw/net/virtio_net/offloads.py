"""What the guest can take off the backend: checksums, reassembly (hw/net/virtio-net.c; virtio 1.2, 5.1.6.5.6)."""

from __future__ import annotations

from typing import Final

from emu.hw.net.virtio_net.structs import VirtIONet, the_nic
from emu.hw.virtio.virtio import VIRTIO_DEVICE
from emu.net.net import qemu_get_queue, qemu_set_offload
from emu.standard_headers.linux import virtio_net
from emu.trace import emulates

GUEST_OFFLOADS: Final = (
    virtio_net.VIRTIO_NET_F_GUEST_CSUM,
    virtio_net.VIRTIO_NET_F_GUEST_TSO4,
    virtio_net.VIRTIO_NET_F_GUEST_TSO6,
    virtio_net.VIRTIO_NET_F_GUEST_ECN,
    virtio_net.VIRTIO_NET_F_GUEST_UFO,
)


@emulates
def virtio_net_apply_guest_offloads(n: VirtIONet) -> None:
    """Tell the backend what the guest can take off it."""
    peer = qemu_get_queue(the_nic(n)).peer
    csum, tso4, tso6, ecn, ufo = (n.curr_guest_offloads >> bit & 1 for bit in GUEST_OFFLOADS)
    qemu_set_offload(peer, csum, tso4, tso6, ecn, ufo)


def virtio_net_guest_offloads_by_features(features: int) -> int:
    """Return those of some features that are guest offloads."""
    return features & sum(1 << bit for bit in GUEST_OFFLOADS)


def virtio_net_supported_guest_offloads(n: VirtIONet) -> int:
    """Return the guest offloads that the driver accepted."""
    return virtio_net_guest_offloads_by_features(VIRTIO_DEVICE(n).guest_features)
