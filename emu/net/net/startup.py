"""The command line's clients: parsed while options are read, made in one go, checked at the end (net/net.c)."""

from __future__ import annotations

from typing import Any

from emu.errors import QemuExit
from emu.net.hub import net_hub_check_clients
from emu.net.net.clients import qemu_del_net_client, qemu_del_nic, qemu_find_netdev, qemu_get_nic
from emu.net.net.info import show_netdevs
from emu.net.net.init import net_client_init, net_client_init1
from emu.net.net.mac import is_multicast_ether_addr, qemu_macaddr_default_if_unset
from emu.net.net.models import nic_get_free_idx
from emu.net.net.packets import qemu_can_send_packet, qemu_flush_or_purge_queued_packets, qemu_flush_queued_packets
from emu.net.net.statics import net_c
from emu.net.net.structs import MAX_NICS, NetdevQueueEntry
from emu.net.util import net_parse_macaddr
from emu.qapi.error import error_abort, error_fatal, error_setg
from emu.qapi.qapi_types_net import NetClientDriver
from emu.qapi.qapi_types_run_state import RunState
from emu.qapi.qapi_visit_net import qapi_free_Netdev, visit_type_Netdev
from emu.qapi.qobject_input_visitor import qobject_input_visitor_new_str
from emu.softmmu.globals import globals_c
from emu.softmmu.runstate import qemu_add_vm_change_state_handler, qemu_del_vm_change_state_handler
from emu.trace import emulates, g_free
from emu.util.error_report import loc_pop, loc_push_restore, loc_save, warn_report
from emu.util.id import IdSubSystems, id_generate
from emu.util.qemu_config import qemu_find_opts
from emu.util.qemu_option import (
    QemuOpts,
    QemuOptsList,
    is_help_option,
    opts_list,
    qemu_opt_get,
    qemu_opt_get_del,
    qemu_opt_set,
    qemu_opts_create,
    qemu_opts_do_parse,
    qemu_opts_foreach,
    qemu_opts_id,
    qemu_opts_parse_noisily,
    qemu_opts_reset,
    qemu_opts_set_id,
)

qemu_netdev_opts = opts_list("netdev", implied_opt_name="type")
qemu_nic_opts = opts_list("nic", implied_opt_name="type")
qemu_net_opts = opts_list("net", implied_opt_name="type")
_dummy_opts = opts_list("netdev", implied_opt_name="type")


@emulates
def net_vm_change_state_handler(opaque: Any, running: bool, state: RunState) -> None:
    """net/net.c. Lets packets flow when the machine starts; empties all queues when it stops."""
    for nc in tuple(net_c().net_clients):
        if running:
            if nc.peer and qemu_can_send_packet(nc):
                qemu_flush_queued_packets(nc.peer)
        else:
            qemu_flush_or_purge_queued_packets(nc, True)


@emulates
def net_cleanup() -> None:
    """net/net.c. Deletes every client."""
    net_clients = net_c().net_clients
    while len(net_clients):
        nc = net_clients[0]
        if nc.info.type == NetClientDriver.NIC:
            qemu_del_nic(qemu_get_nic(nc))
        else:
            qemu_del_net_client(nc)

    qemu_del_vm_change_state_handler(net_c().net_change_state_entry)


@emulates
def net_check_clients() -> None:
    """net/net.c. Warns of clients without a peer, and of cards that were asked for and not made."""
    net_hub_check_clients()

    for nc in net_c().net_clients:
        if not nc.peer:
            kind = "nic" if nc.info.type == NetClientDriver.NIC else "netdev"
            warn_report(f"{kind} {nc.name} has no peer")

    for i in range(MAX_NICS):
        nd = globals_c().nd_table[i]
        if nd.used and not nd.instantiated:
            name = "anonymous" if nd.name is None else nd.name
            model = "unspecified" if nd.model is None else nd.model
            warn_report(f"requested NIC ({name}, model {model}) was not created (not supported by this machine?)")


@emulates
def net_init_client(dummy: Any, opts: QemuOpts) -> int:
    """net/net.c. One ``-net``."""
    return net_client_init(opts, False)


@emulates
def net_init_netdev(dummy: Any, opts: QemuOpts) -> int:
    """net/net.c. One ``-netdev``."""
    type = qemu_opt_get(opts, "type")

    if type is not None and is_help_option(type):
        show_netdevs()
        raise QemuExit(0)
    return net_client_init(opts, True)


@emulates
def net_param_nic(dummy: Any, opts: QemuOpts) -> int:
    """net/net.c. One ``-nic``: a card for the board and its backend. Error: no place left, a wrong address, the backend's."""
    type = qemu_opt_get(opts, "type")
    if type is not None and type == "none":
        return 0  # no default network: qemu_init has seen to that

    idx = nic_get_free_idx()
    if idx == -1 or globals_c().nb_nics >= MAX_NICS:
        error_setg("no more on-board/default NIC slots available")

    if type is None:
        with error_abort():
            qemu_opt_set(opts, "type", "user")

    ni = globals_c().nd_table[idx]
    ni.clear()
    ni.model = qemu_opt_get_del(opts, "model")

    nd_id = qemu_opts_id(opts)
    if nd_id is None:
        nd_id = id_generate(IdSubSystems.ID_NET)
        qemu_opts_set_id(opts, nd_id)

    mac = qemu_opt_get_del(opts, "mac")
    if mac is not None:
        if net_parse_macaddr(ni.macaddr.a, mac):
            error_setg("invalid syntax for ethernet address")
        if is_multicast_ether_addr(bytes(ni.macaddr.a)):
            error_setg("NIC cannot have multicast MAC address")
    qemu_macaddr_default_if_unset(ni.macaddr)

    ret = net_client_init(opts, True)
    if ret == 0:
        ni.netdev = qemu_find_netdev(nd_id)
        ni.used = True
        globals_c().nb_nics += 1

    return ret


@emulates
def netdev_init_modern() -> None:
    """net/net.c. Makes the clients of ``-netdev`` in the modern syntax."""
    nd_queue = net_c().nd_queue
    while len(nd_queue):
        nd = nd_queue.pop(0)
        loc_push_restore(nd.loc)
        with error_fatal():
            net_client_init1(nd.nd, True)
        loc_pop(nd.loc)
        qapi_free_Netdev(nd.nd)
        g_free(nd)


@emulates
def net_init_clients() -> None:
    """net/net.c. Makes all clients of the command line: every ``-netdev``, then every ``-nic``, then every ``-net``."""
    net_c().net_change_state_entry = qemu_add_vm_change_state_handler(net_vm_change_state_handler, None)

    netdev_init_modern()

    with error_fatal():
        qemu_opts_foreach(qemu_find_opts("netdev"), net_init_netdev, None)

    with error_fatal():
        qemu_opts_foreach(qemu_find_opts("nic"), net_param_nic, None)

    with error_fatal():
        qemu_opts_foreach(qemu_find_opts("net"), net_init_client, None)


@emulates
def netdev_is_modern(optarg: str) -> bool:
    """net/net.c. Whether a ``-netdev`` is for ``netdev_parse_modern``: JSON, ``stream`` and ``dgram``."""
    if optarg.startswith("{"):
        return True

    dummy_opts = _dummy_opts()
    with error_abort():
        opts = qemu_opts_create(dummy_opts, None, False)
        qemu_opts_do_parse(opts, optarg, dummy_opts.implied_opt_name)
    type = qemu_opt_get(opts, "type")
    is_modern = type in {"stream", "dgram"}

    qemu_opts_reset(dummy_opts)

    return is_modern


@emulates
def netdev_parse_modern(optarg: str) -> None:
    """net/net.c. Notes a ``-netdev`` in ``nd_queue``; exits if it does not fit the schema."""
    with error_fatal():
        v = qobject_input_visitor_new_str(optarg, "type")
        nd = NetdevQueueEntry(nd=visit_type_Netdev(v, None))
    nd.loc = loc_save()

    net_c().nd_queue.append(nd)


@emulates
def net_client_parse(opts_list: QemuOptsList, optarg: str) -> None:
    """net/net.c. Notes a ``-netdev``, ``-nic`` or ``-net``; exits if it is malformed."""
    if not qemu_opts_parse_noisily(opts_list, optarg, True):
        raise QemuExit(1)
