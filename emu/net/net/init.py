"""From the options of a client to the client (net/net.c)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from emu.net.dgram import net_init_dgram
from emu.net.hub import net_hub_add_port, net_init_hubport
from emu.net.l2tpv3 import net_init_l2tpv3
from emu.net.net.clients import qemu_find_netdev
from emu.net.net.models import net_init_nic
from emu.net.net.structs import NetClientState
from emu.net.slirp import net_init_slirp
from emu.net.socket import net_init_socket
from emu.net.stream import net_init_stream
from emu.net.tap import net_init_bridge, net_init_tap
from emu.net.vde import net_init_vde
from emu.net.vhost_user import net_init_vhost_user
from emu.net.vhost_vdpa import net_init_vhost_vdpa
from emu.qapi.error import error_abort, error_setg
from emu.qapi.opts_visitor import opts_visitor_new
from emu.qapi.qapi_types_net import NetClientDriver, Netdev
from emu.qapi.qapi_visit_net import qapi_free_Netdev, visit_type_Netdev
from emu.trace import emulates
from emu.util.assertion import assertion_failed
from emu.util.cutils import qemu_strtoul
from emu.util.id import IdSubSystems, id_generate
from emu.util.qemu_option import (
    QemuOpts,
    qemu_opt_get,
    qemu_opt_set,
    qemu_opt_set_number,
    qemu_opt_unset,
    qemu_opts_id,
    qemu_opts_set_id,
)

NetClientInit = Callable[[Netdev, str, NetClientState | None], int]

net_client_init_fun: Final[dict[NetClientDriver, NetClientInit]] = {
    NetClientDriver.NIC: net_init_nic,
    NetClientDriver.USER: net_init_slirp,
    NetClientDriver.TAP: net_init_tap,
    NetClientDriver.SOCKET: net_init_socket,
    NetClientDriver.STREAM: net_init_stream,
    NetClientDriver.DGRAM: net_init_dgram,
    NetClientDriver.VDE: net_init_vde,
    NetClientDriver.BRIDGE: net_init_bridge,
    NetClientDriver.HUBPORT: net_init_hubport,
    NetClientDriver.VHOST_USER: net_init_vhost_user,
    NetClientDriver.VHOST_VDPA: net_init_vhost_vdpa,
    NetClientDriver.L2TPV3: net_init_l2tpv3,
}
"""What a Linux QEMU with all of Debian's libraries has; ``none`` and ``netmap`` are NULL."""


def _not_compiled(type: NetClientDriver) -> None:
    error_setg(f"network backend '{type}' is not compiled into this binary")


@emulates
def net_client_init1(netdev: Netdev, is_netdev: bool) -> int:
    """net/net.c. Makes the client; a ``-net`` one gets a port of hub 0 as its peer. Error: wrong kind, duplicate id, ..."""
    peer: NetClientState | None = None

    if is_netdev:
        if netdev.type == NetClientDriver.NIC or netdev.type not in net_client_init_fun:
            _not_compiled(netdev.type)
    else:
        if netdev.type == NetClientDriver.NONE:
            return 0
        if netdev.type == NetClientDriver.HUBPORT:
            error_setg(f"network backend '{netdev.type}' is only supported with -netdev/-nic")

        if netdev.type not in net_client_init_fun:
            _not_compiled(netdev.type)

        # A card that names its backend needs no hub.
        if netdev.type != NetClientDriver.NIC or not netdev.u.nic.has_netdev:
            peer = net_hub_add_port(0, None, None)

    nc = qemu_find_netdev(netdev.id)
    if nc:
        error_setg(f"Duplicate ID '{netdev.id}'")

    if net_client_init_fun[netdev.type](netdev, netdev.id, peer) < 0:
        error_setg(f"Device '{netdev.type}' could not be initialized")

    if is_netdev:
        nc = qemu_find_netdev(netdev.id)
        if nc is None:
            raise assertion_failed("net/net.c", 1131, "net_client_init1", "nc")
        nc.is_netdev = True

    return 0


def _split_ipv6_net(opts: QemuOpts) -> None:
    """``ipv6-net=prefix/length`` stands for two options. Error: the length is no number."""
    ip6_net = qemu_opt_get(opts, "ipv6-net")

    if ip6_net is not None:
        prefix_len = 64
        prefix_addr, slash, length = ip6_net.partition("/")
        if not ip6_net:
            error_setg("Parameter 'ipv6-net' expects a valid IPv6 prefix")

        if slash:
            number = qemu_strtoul(length, 10)
            if number.err:
                error_setg("Parameter 'ipv6-prefixlen' expects a number")
            # an unsigned long that the option takes as a signed number
            prefix_len = number.value - (1 << 64) if number.value >> 63 else number.value

        with error_abort():
            qemu_opt_set(opts, "ipv6-prefix", prefix_addr)
            qemu_opt_set_number(opts, "ipv6-prefixlen", prefix_len)
        qemu_opt_unset(opts, "ipv6-net")


@emulates
def net_client_init(opts: QemuOpts, is_netdev: bool) -> int:
    """net/net.c. Makes the client that options describe. Error: they do not fit, or net_client_init1's."""
    v = opts_visitor_new(opts)

    _split_ipv6_net(opts)

    if not is_netdev and qemu_opts_id(opts) is None:
        qemu_opts_set_id(opts, id_generate(IdSubSystems.ID_NET))

    object = visit_type_Netdev(v, None)
    try:
        return net_client_init1(object, is_netdev)
    finally:
        qapi_free_Netdev(object)


@emulates
def netdev_add(opts: QemuOpts) -> None:
    """net/net.c. ``netdev_add`` of the human monitor."""
    net_client_init(opts, True)
