"""Hubs: every packet that enters by one port leaves by all others (net/hub.c)."""

from __future__ import annotations

import errno
from typing import ClassVar

from emu.monitor.monitor import Monitor, monitor_printf
from emu.net.net.clients import qemu_find_netdev, qemu_new_net_client
from emu.net.net.info import print_net_client
from emu.net.net.packets import qemu_can_send_packet, qemu_send_packet, qemu_sendv_packet
from emu.net.net.structs import NetClientInfo, NetClientState
from emu.net.queue import qemu_net_queue_flush
from emu.qapi.error import error_setg
from emu.qapi.qapi_types_net import NetClientDriver, Netdev
from emu.qom.parts import Part, caster
from emu.softmmu.qtest import qtest_enabled
from emu.trace import Seq, Struct, emulates, per_run, seq
from emu.util.error_report import warn_report


class NetHubPort(Part):
    """A port of a hub (net/hub.c). Begins with ``NetClientState nc``."""

    SIZE: ClassVar[int] = 408
    hub: NetHub
    id: int = 0


class NetHub(Struct):
    """A hub (net/hub.c): the latest port stands first."""

    id: int = 0
    num_ports: int = 0
    ports: Seq[NetHubPort] = seq()


class HubStatics(Struct):
    """The static variables of net/hub.c: the latest hub stands first."""

    hubs: Seq[NetHub] = seq()


hub_c = per_run(HubStatics)

NET_HUB_PORT = caster(NetHubPort, "NetHubPort")
NC = caster(NetClientState, "NetClientState")


@emulates
def net_hub_receive(hub: NetHub, source_port: NetHubPort, buf: bytes, len: int) -> int:
    """net/hub.c. Sends to all ports but the one it came from."""
    for port in tuple(hub.ports):
        if port is source_port:
            continue

        qemu_send_packet(NC(port), buf, len)
    return len


@emulates
def net_hub_receive_iov(hub: NetHub, source_port: NetHubPort, iov: tuple[bytes, ...], iovcnt: int) -> int:
    """net/hub.c."""
    for port in tuple(hub.ports):
        if port is source_port:
            continue

        qemu_sendv_packet(NC(port), iov, iovcnt)
    return sum(map(len, iov[:iovcnt]))


@emulates
def net_hub_new(id: int) -> NetHub:
    """net/hub.c."""
    hub = NetHub()
    hub.id = id
    hub.num_ports = 0

    hub_c().hubs.insert(0, hub)

    return hub


@emulates
def net_hub_port_can_receive(nc: NetClientState) -> bool:
    """net/hub.c. One port that can pass it on is enough."""
    src_port = NET_HUB_PORT(nc)

    for port in src_port.hub.ports:
        if port is src_port:
            continue

        if qemu_can_send_packet(NC(port)):
            return True

    return False


@emulates
def net_hub_port_receive(nc: NetClientState, buf: bytes, len: int) -> int:
    """net/hub.c."""
    port = NET_HUB_PORT(nc)

    return net_hub_receive(port.hub, port, buf, len)


@emulates
def net_hub_port_receive_iov(nc: NetClientState, iov: tuple[bytes, ...], iovcnt: int) -> int:
    """net/hub.c."""
    port = NET_HUB_PORT(nc)

    return net_hub_receive_iov(port.hub, port, iov, iovcnt)


@emulates
def net_hub_port_cleanup(nc: NetClientState) -> None:
    """net/hub.c."""
    port = NET_HUB_PORT(nc)

    port.hub.ports.remove(port)


net_hub_port_info = NetClientInfo(
    variable="net_hub_port_info",
    type=NetClientDriver.HUBPORT,
    size=(NetClientState, NetHubPort),
    can_receive=net_hub_port_can_receive,
    receive=net_hub_port_receive,
    receive_iov=net_hub_port_receive_iov,
    cleanup=net_hub_port_cleanup,
)


@emulates
def net_hub_port_new(hub: NetHub, name: str | None, hubpeer: NetClientState | None) -> NetHubPort:
    """net/hub.c. Names the port ``hub0port1`` unless a name is given."""
    id = hub.num_ports
    hub.num_ports += 1

    if name is None:
        name = f"hub{hub.id}port{id}"

    nc = qemu_new_net_client(net_hub_port_info, hubpeer, "hub", name)
    port = NET_HUB_PORT(nc)
    port.id = id
    port.hub = hub

    hub.ports.insert(0, port)

    return port


@emulates
def net_hub_add_port(hub_id: int, name: str | None, hubpeer: NetClientState | None) -> NetClientState:
    """net/hub.c. Adds a port to a hub, which is made if it does not exist."""
    hub = next((hub for hub in hub_c().hubs if hub.id == hub_id), None)

    if not hub:
        hub = net_hub_new(hub_id)

    port = net_hub_port_new(hub, name, hubpeer)
    return NC(port)


@emulates
def net_hub_port_find(hub_id: int) -> NetClientState:
    """net/hub.c. Returns a port without a peer, a new one if need be."""
    for hub in hub_c().hubs:
        if hub.id == hub_id:
            for port in hub.ports:
                if not NC(port).peer:
                    return NC(port)
            break

    return net_hub_add_port(hub_id, None, None)


@emulates
def net_hub_info(mon: Monitor) -> None:
    """net/hub.c. The hubs' part of ``info network``."""
    for hub in hub_c().hubs:
        monitor_printf(mon, f"hub {hub.id}\n")
        for port in hub.ports:
            nc = NC(port)
            monitor_printf(mon, f" \\ {nc.name}")
            if nc.peer:
                monitor_printf(mon, ": ")
                print_net_client(mon, nc.peer)
            else:
                monitor_printf(mon, "\n")


@emulates
def net_hub_id_for_client(nc: NetClientState) -> tuple[int, int]:
    """net/hub.c. Returns 0 and the id of the hub that the client is a port of or plugged into; -ENOENT and -1 if none."""
    if nc.info.type == NetClientDriver.HUBPORT:
        port = NET_HUB_PORT(nc)
    elif nc.peer is not None and nc.peer.info.type == NetClientDriver.HUBPORT:
        port = NET_HUB_PORT(nc.peer)
    else:
        return -errno.ENOENT, -1

    return 0, port.hub.id


@emulates
def net_init_hubport(netdev: Netdev, name: str, peer: NetClientState | None) -> int:
    """net/hub.c. ``-netdev hubport``. Error: ``netdev=`` names nothing."""
    hubpeer = None

    assert netdev.type == NetClientDriver.HUBPORT
    assert not peer
    hubport = netdev.u.hubport

    if hubport.netdev is not None:
        hubpeer = qemu_find_netdev(hubport.netdev)
        if not hubpeer:
            error_setg(f"netdev '{hubport.netdev}' not found")

    net_hub_add_port(hubport.hubid, name, hubpeer)

    return 0


HOST_DEVICES = (
    NetClientDriver.USER,
    NetClientDriver.TAP,
    NetClientDriver.SOCKET,
    NetClientDriver.STREAM,
    NetClientDriver.DGRAM,
    NetClientDriver.VDE,
    NetClientDriver.VHOST_USER,
)


@emulates
def net_hub_check_clients() -> None:
    """net/hub.c. Warns of hubs that look wrong."""
    for hub in hub_c().hubs:
        has_nic = has_host_dev = False

        for port in hub.ports:
            peer = NC(port).peer
            if not peer:
                warn_report(f"hub port {NC(port).name} has no peer")
                continue

            if peer.info.type == NetClientDriver.NIC:
                has_nic = True
            elif peer.info.type in HOST_DEVICES:
                has_host_dev = True
        if has_host_dev and not has_nic:
            warn_report(f"hub {hub.id} with no nics")
        if has_nic and not has_host_dev and not qtest_enabled():
            warn_report(f"hub {hub.id} is not connected to host network")


@emulates
def net_hub_flush(nc: NetClientState) -> bool:
    """net/hub.c. Flushes the queues of all other ports; whether one was emptied."""
    source_port = NET_HUB_PORT(nc)
    ret = 0

    for port in source_port.hub.ports:
        if port is not source_port:
            queue = NC(port).incoming_queue
            assert queue
            ret += qemu_net_queue_flush(queue)
    return bool(ret)
