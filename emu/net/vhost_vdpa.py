"""The vhost-vdpa backend: virtio queues in hardware (net/vhost-vdpa.c)."""

from __future__ import annotations

import errno
from typing import ClassVar, Final

from emu.errors import NotModelled
from emu.host import SimulatedError, host
from emu.host.vdpa import MAX_PAIRS_AT, open_vdpa, vdpa_device
from emu.hw.net.vhost_net import (
    VhostNetOptions,
    VHostNetState,
    user_feature_bits,
    vhost_net_cleanup,
    vhost_net_get_features,
    vhost_net_init,
)
from emu.hw.virtio.vhost import VHOST_BACKEND_TYPE_VDPA
from emu.hw.virtio.vhost_vdpa import vhost_vdpa as vhost_vdpa_struct
from emu.monitor.monitor import monitor_fd_param
from emu.net.net.clients import qemu_new_net_client, qemu_new_net_control_client
from emu.net.net.mac import qemu_set_info_str
from emu.net.net.structs import NetClientInfo, NetClientState
from emu.qapi.error import Error, error_prepend, error_setg, error_setg_errno, errp_is_fatal
from emu.qapi.qapi_types_net import NetClientDriver, Netdev
from emu.qom.object import ObjectClass, object_class_get_name
from emu.qom.parts import Part, caster
from emu.standard_headers.linux import virtio_net as net_bits
from emu.standard_headers.linux.virtio_ids import VIRTIO_ID_NET
from emu.trace import embedded, emulates, g_free
from emu.util.error_report import error_report

TYPE_VHOST_VDPA: Final = "vhost-vdpa"

vdpa_feature_bits: Final = (
    *user_feature_bits,
    net_bits.VIRTIO_NET_F_CTRL_GUEST_OFFLOADS,
    net_bits.VIRTIO_NET_F_CTRL_RX,
    net_bits.VIRTIO_NET_F_CTRL_RX_EXTRA,
    net_bits.VIRTIO_NET_F_CTRL_VLAN,
    net_bits.VIRTIO_NET_F_CTRL_MAC_ADDR,
    net_bits.VIRTIO_NET_F_CTRL_VQ,
    net_bits.VIRTIO_NET_F_STATUS,
)
"""Features that the device is asked for: those of a vhost-user device, and what it does with its own control queue."""

vdpa_svq_device_features: Final = sum(
    1 << bit for bit in (0, 1, 3, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 22, 23, 27, 61, 62)
)
"""Features that shadow queues can do, of those that are not the transport's."""
TRANSPORT: Final = sum(1 << bit for bit in range(28, 41))
"""VIRTIO_TRANSPORT_F_START to VIRTIO_TRANSPORT_F_END."""


class VhostVDPAState(Part):
    """One queue pair, or the control queue, of a vDPA device (net/vhost-vdpa.c). Begins with ``NetClientState nc``."""

    SIZE: ClassVar[int] = 295616
    vhost_vdpa: vhost_vdpa_struct = embedded(vhost_vdpa_struct)
    vhost_net: VHostNetState | None = None
    started: bool = False


VHOST_VDPA_STATE = caster(VhostVDPAState, "VhostVDPAState")


def vhost_vdpa_get_vhost_net(nc: NetClientState) -> VHostNetState:
    """Return the vhost device of a client (net/vhost-vdpa.c)."""
    s = VHOST_VDPA_STATE(nc)
    assert s.vhost_net
    return s.vhost_net


@emulates
def vhost_vdpa_net_check_device_id(net: VHostNetState) -> int:
    """net/vhost-vdpa.c. Returns -ENOTSUP if it is no network device."""
    ops = net.dev.vhost_ops
    assert ops
    assert ops.vhost_get_device_id
    ret, device_id = ops.vhost_get_device_id(net.dev)
    if device_id != VIRTIO_ID_NET:
        return -errno.ENOTSUP
    return ret


@emulates
def vhost_vdpa_add(ncs: NetClientState, be: vhost_vdpa_struct, queue_pair_index: int, nvqs: int) -> int:
    """net/vhost-vdpa.c. Returns -1 if the device cannot be used."""
    s = VHOST_VDPA_STATE(ncs)
    net = vhost_net_init(VhostNetOptions(VHOST_BACKEND_TYPE_VDPA, ncs, nvqs=nvqs, opaque=be))
    if not net:
        error_report("failed to init vhost_net for queue")
        return -1
    s.vhost_net = net
    if vhost_vdpa_net_check_device_id(net):
        vhost_net_cleanup(net)
        g_free(net)
        return -1
    return 0


@emulates(name="vhost_vdpa_cleanup", file="net/vhost-vdpa.c")
def vhost_vdpa_cleanup_client(nc: NetClientState) -> None:
    """net/vhost-vdpa.c, ``vhost_vdpa_cleanup``. While a card is at the other end everything stays."""
    s = VHOST_VDPA_STATE(nc)

    if nc.peer and nc.peer.info.type == NetClientDriver.NIC:
        return
    if s.vhost_net:
        vhost_net_cleanup(s.vhost_net)
        g_free(s.vhost_net)
        s.vhost_net = None
    if s.vhost_vdpa.device_fd >= 0:
        host().close(s.vhost_vdpa.device_fd)
        s.vhost_vdpa.device_fd = -1


@emulates
def vhost_vdpa_has_vnet_hdr(nc: NetClientState) -> bool:
    """net/vhost-vdpa.c."""
    assert nc.info.type == NetClientDriver.VHOST_VDPA

    return True


@emulates
def vhost_vdpa_has_ufo(nc: NetClientState) -> bool:
    """net/vhost-vdpa.c. Whether the device takes UDP packets that are to be fragmented."""
    features = 1 << net_bits.VIRTIO_NET_F_HOST_UFO
    return bool(vhost_net_get_features(vhost_vdpa_get_vhost_net(nc), features) & features)


@emulates
def vhost_vdpa_set_vnet_le(nc: NetClientState, enable: bool) -> int:
    """net/vhost-vdpa.c. Hardware is little-endian."""
    return 0


@emulates
def vhost_vdpa_check_peer_type(nc: NetClientState, oc: ObjectClass) -> bool:
    """net/vhost-vdpa.c. Error: the card is no virtio card."""
    if not object_class_get_name(oc).startswith("virtio-net-"):
        error_setg("vhost-vdpa requires frontend driver virtio-net-*")

    return True


@emulates
def vhost_vdpa_receive(nc: NetClientState, buf: bytes, size: int) -> int:
    """net/vhost-vdpa.c. Packets go past QEMU: what comes here is dropped."""
    return size


net_vhost_vdpa_info = NetClientInfo(
    variable="net_vhost_vdpa_info",
    type=NetClientDriver.VHOST_VDPA,
    size=(NetClientState, VhostVDPAState),
    receive=vhost_vdpa_receive,
    cleanup=vhost_vdpa_cleanup_client,
    has_vnet_hdr=vhost_vdpa_has_vnet_hdr,
    has_ufo=vhost_vdpa_has_ufo,
    set_vnet_le=vhost_vdpa_set_vnet_le,
    check_peer_type=vhost_vdpa_check_peer_type,
)

net_vhost_vdpa_cvq_info = NetClientInfo(
    variable="net_vhost_vdpa_cvq_info",
    type=NetClientDriver.VHOST_VDPA,
    size=(NetClientState, VhostVDPAState),
    receive=vhost_vdpa_receive,
    cleanup=vhost_vdpa_cleanup_client,
    has_vnet_hdr=vhost_vdpa_has_vnet_hdr,
    has_ufo=vhost_vdpa_has_ufo,
    check_peer_type=vhost_vdpa_check_peer_type,
)


@emulates
def net_vhost_vdpa_init(
    peer: NetClientState | None,
    device: str,
    name: str,
    vdpa_device_fd: int,
    queue_pair_index: int,
    nvqs: int,
    is_datapath: bool,
    svq: bool,
) -> NetClientState:
    """net/vhost-vdpa.c. Makes the client of a queue pair or of the control queue. NotModelled: the device fails."""
    if is_datapath:
        nc = qemu_new_net_client(net_vhost_vdpa_info, peer, device, name)
    else:
        nc = qemu_new_net_control_client(net_vhost_vdpa_cvq_info, peer, device, name)
    qemu_set_info_str(nc, TYPE_VHOST_VDPA)
    s = VHOST_VDPA_STATE(nc)

    s.vhost_vdpa.device_fd = vdpa_device_fd
    s.vhost_vdpa.index = queue_pair_index
    s.vhost_vdpa.shadow_vqs_enabled = svq
    if vhost_vdpa_add(nc, s.vhost_vdpa, queue_pair_index, nvqs):
        # What cleans the client up looks into its vhost device, which was freed or never was.
        raise NotModelled("what QEMU 7.2 does with a vDPA device that it cannot use: it reads freed memory")
    return nc


@emulates
def vhost_vdpa_get_features(fd: int) -> int:
    """net/vhost-vdpa.c. Error: it is no vDPA device."""
    try:
        return vdpa_device(host(), fd).features
    except SimulatedError as err:
        error_setg_errno(err.errno, "Fail to query features from vhost-vDPA device")


@emulates
def vhost_vdpa_get_max_queue_pairs(fd: int, features: int) -> tuple[int, int]:
    """net/vhost-vdpa.c. Returns how many queue pairs there are, and 1 if there is a control queue."""
    has_cvq = int(bool(features & 1 << net_bits.VIRTIO_NET_F_CTRL_VQ))

    if features & 1 << net_bits.VIRTIO_NET_F_MQ:
        config = vdpa_device(host(), fd).config
        return int.from_bytes(config[MAX_PAIRS_AT : MAX_PAIRS_AT + 2], "little"), has_cvq

    return 1, has_cvq


def _open(vhostdev: str) -> int:
    try:
        return open_vdpa(host(), vhostdev)
    except SimulatedError as err:
        error_setg_errno(err.errno, f"Could not open '{vhostdev}'")


def _passed(vhostfd: str) -> int:
    try:
        return monitor_fd_param(None, vhostfd)
    except Error as err:
        if not errp_is_fatal():
            error_prepend(err, "vhost-vdpa: unable to parse vhostfd: ")
        raise


def _shadow(features: int) -> None:
    invalid_dev_features = features & ~vdpa_svq_device_features & ~TRANSPORT
    if invalid_dev_features:
        error_setg(f"vdpa svq does not work with features 0x{invalid_dev_features:x}")


@emulates
def net_init_vhost_vdpa(netdev: Netdev, name: str, peer: NetClientState | None) -> int:
    """net/vhost-vdpa.c. ``-netdev vhost-vdpa``: one client a queue pair, one for the control queue.

    Error: options that do not go together, or no such device.
    """
    assert netdev.type == NetClientDriver.VHOST_VDPA
    opts = netdev.u.vhost_vdpa
    if opts.vhostdev is None and opts.vhostfd is None:
        error_setg("vhost-vdpa: neither vhostdev= nor vhostfd= was specified")

    if opts.vhostdev is not None and opts.vhostfd is not None:
        error_setg("vhost-vdpa: vhostdev= and vhostfd= are mutually exclusive")

    if opts.vhostdev is not None:
        vdpa_device_fd = _open(opts.vhostdev)
    else:
        assert opts.vhostfd is not None
        vdpa_device_fd = _passed(opts.vhostfd)

    svq = bool(opts.x_svq)
    try:
        features = vhost_vdpa_get_features(vdpa_device_fd)
        queue_pairs, has_cvq = vhost_vdpa_get_max_queue_pairs(vdpa_device_fd, features)
        if svq:
            _shadow(features)
    except Error:
        if not errp_is_fatal():
            host().close(vdpa_device_fd)
        raise

    for i in range(queue_pairs):
        net_vhost_vdpa_init(peer, TYPE_VHOST_VDPA, name, vdpa_device_fd, i, 2, True, svq)

    if has_cvq:
        net_vhost_vdpa_init(peer, TYPE_VHOST_VDPA, name, vdpa_device_fd, queue_pairs, 1, False, svq)

    return 0
