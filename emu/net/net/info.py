"""What the monitor asks and orders (net/net.c)."""

from __future__ import annotations

from typing import Any, Final

from emu.monitor.monitor import Monitor, monitor_printf
from emu.net.net.clients import qemu_find_net_clients_except
from emu.net.net.statics import net_c
from emu.net.net.structs import MAX_QUEUE_NUM, NetClientState
from emu.qapi.error import ERROR_CLASS_DEVICE_NOT_FOUND, error_set, error_setg
from emu.qapi.qapi_types_net import NetClientDriver
from emu.qom.object import (
    OBJECT,
    object_get_canonical_path_component,
    object_get_typename,
    object_property_iter,
    object_property_print,
)
from emu.trace import emulates
from emu.util.qemu_print import qemu_printf

AVAILABLE_NETDEVS: Final = (
    "socket",
    "stream",
    "dgram",
    "hubport",
    "tap",
    "user",
    "l2tpv3",
    "vde",
    "bridge",
    "vhost-user",
    "vhost-vdpa",
)


@emulates
def show_netdevs() -> None:
    """net/net.c. ``-netdev help``."""
    qemu_printf("Available netdev backend types:\n")
    for name in AVAILABLE_NETDEVS:
        qemu_printf(f"{name}\n")


@emulates
def netfilter_print_info(mon: Monitor, nf: Any) -> None:
    """net/net.c. The properties of a filter."""
    for prop in object_property_iter(OBJECT(nf)):
        if prop.name == "type":
            continue
        monitor_printf(mon, f",{prop.name}={object_property_print(OBJECT(nf), prop.name, False)}")
    monitor_printf(mon, "\n")


@emulates
def print_net_client(mon: Monitor, nc: NetClientState) -> None:
    """net/net.c. One line of ``info network``, and the client's filters."""
    monitor_printf(mon, f"{nc.name}: index={nc.queue_index},type={nc.info.type},{nc.info_str}\n")
    if len(nc.filters):
        monitor_printf(mon, "filters:\n")
    for nf in nc.filters:
        monitor_printf(mon, f"  - {object_get_canonical_path_component(OBJECT(nf))}: type={object_get_typename(OBJECT(nf))}")
        netfilter_print_info(mon, nf)


@emulates
def hmp_info_network(mon: Monitor, qdict: Any) -> None:
    """net/net.c. ``info network``: hubs, then cards with their peers, then what has no peer."""
    from emu.net.hub import net_hub_id_for_client, net_hub_info

    net_hub_info(mon)

    for nc in net_c().net_clients:
        peer = nc.peer
        type = nc.info.type

        if net_hub_id_for_client(nc)[0] == 0:
            continue

        if not peer or type == NetClientDriver.NIC:
            print_net_client(mon, nc)
        if peer and type == NetClientDriver.NIC:
            monitor_printf(mon, " \\ ")
            print_net_client(mon, peer)


@emulates
def qmp_query_rx_filter(name: str | None) -> list[Any]:
    """net/net.c. Error: no such client, not a card, a card that cannot tell."""
    filter_list = []

    for nc in net_c().net_clients:
        if name is not None and nc.name != name:
            continue

        if nc.info.type != NetClientDriver.NIC:
            if name is not None:
                error_setg(f"net client({name}) isn't a NIC")
            continue

        if nc.queue_index != 0:
            continue

        if nc.info.query_rx_filter:
            filter_list.append(nc.info.query_rx_filter(nc))
        elif name is not None:
            error_setg(f"net client({name}) doesn't support rx-filter querying")

        if name is not None:
            break

    if not filter_list and name is not None:
        error_setg(f"invalid net client name: {name}")

    return filter_list


@emulates
def qmp_set_link(name: str, up: bool) -> None:
    """net/net.c. Takes a link up or down; a card at the other end follows. Error: no such client."""
    ncs = qemu_find_net_clients_except(name, None, MAX_QUEUE_NUM)

    if not ncs:
        error_set(ERROR_CLASS_DEVICE_NOT_FOUND, f"Device '{name}' not found")
    nc = ncs[0]

    for each in ncs:
        each.link_down = not up

    if nc.info.link_status_changed:
        nc.info.link_status_changed(nc)

    if nc.peer:
        # A hub port or a backend keeps its state: others may be on the same hub.
        if nc.peer.info.type == NetClientDriver.NIC:
            for each in ncs:
                assert each.peer
                each.peer.link_down = not up
        if nc.peer.info.link_status_changed:
            nc.peer.info.link_status_changed(nc.peer)
