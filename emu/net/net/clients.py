"""Clients come, find their peers, and go (net/net.c)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from emu.net.net.mac import qemu_macaddr_set_free
from emu.net.net.packets import qemu_deliver_packet_iov, qemu_purge_queued_packets
from emu.net.net.statics import net_c
from emu.net.net.structs import MAX_QUEUE_NUM, NetClientInfo, NetClientState, NICConf, NICState
from emu.net.queue import qemu_del_net_queue, qemu_new_net_queue
from emu.qapi.qapi_types_net import NetClientDriver
from emu.qom.object import OBJECT, object_unparent
from emu.qom.parts import Part, allocate
from emu.trace import emulates, g_free
from emu.util.assertion import assertion_failed


@emulates
def assign_name(nc1: NetClientState, model: str) -> str:
    """net/net.c. Names a card or a ``-net`` client after its model and the number of others of that model."""
    id = 0

    for nc in net_c().net_clients:
        if nc is nc1:
            continue
        if nc.model == model:
            id += 1

    return f"{model}.{id}"


@emulates
def qemu_net_client_destructor(nc: NetClientState) -> None:
    """net/net.c."""
    g_free(nc)


@emulates
def qemu_net_client_setup(
    nc: NetClientState,
    info: NetClientInfo,
    peer: NetClientState | None,
    model: str,
    name: str | None,
    destructor: Callable[[NetClientState], None] | None,
    is_datapath: bool,
) -> None:
    """net/net.c. Joins the client to its peer and to the tail of ``net_clients``."""
    nc.info = info
    nc.model = model
    nc.name = name if name is not None else assign_name(nc, model)

    if peer:
        if peer.peer:
            raise assertion_failed("net/net.c", 274, "qemu_net_client_setup", "!peer->peer")
        nc.peer = peer
        peer.peer = nc
    net_c().net_clients.append(nc)

    nc.incoming_queue = qemu_new_net_queue(qemu_deliver_packet_iov, nc)
    nc.destructor = destructor
    nc.is_datapath = is_datapath


def _client(info: NetClientInfo) -> NetClientState:
    structs = tuple(struct for struct in info.size if issubclass(struct, Part))
    nc: NetClientState = allocate(structs[-1].__name__, structs)
    return nc


@emulates
def qemu_new_net_client(info: NetClientInfo, peer: NetClientState | None, model: str, name: str | None) -> NetClientState:
    """net/net.c. Makes a backend's client, of the structs that ``info.size`` names."""
    assert info.size[0] is NetClientState

    nc = _client(info)
    qemu_net_client_setup(nc, info, peer, model, name, qemu_net_client_destructor, True)

    return nc


@emulates
def qemu_new_net_control_client(info: NetClientInfo, peer: NetClientState | None, model: str, name: str | None) -> NetClientState:
    """net/net.c. Makes the client of a control queue, which carries no packets."""
    assert info.size[0] is NetClientState

    nc = _client(info)
    qemu_net_client_setup(nc, info, peer, model, name, qemu_net_client_destructor, False)

    return nc


@emulates
def qemu_new_nic(
    info: NetClientInfo, conf: NICConf, model: str, name: str | None, reentrancy_guard: Any, opaque: Any
) -> NICState:
    """net/net.c. Makes a card's end: one client a queue pair, each joined to the peer of the same number."""
    peers = conf.peers.ncs
    queues = max(1, conf.peers.queues)

    assert info.type == NetClientDriver.NIC
    assert info.size[0] is NICState

    nic: NICState = info.size[0]()
    for _ in range(queues):
        nc: NetClientState = allocate(NetClientState.__name__, (NetClientState,))
        nc.__dict__["_nic"] = nic
        nic.ncs.append(nc)
    nic.conf = conf
    nic.reentrancy_guard = reentrancy_guard
    nic.opaque = opaque

    for i in range(queues):
        qemu_net_client_setup(nic.ncs[i], info, peers[i], model, name, None, True)
        nic.ncs[i].queue_index = i

    return nic


@emulates
def qemu_get_subqueue(nic: NICState, queue_index: int) -> NetClientState:
    """net/net.c."""
    return nic.ncs[queue_index]


@emulates
def qemu_get_queue(nic: NICState) -> NetClientState:
    """net/net.c."""
    return qemu_get_subqueue(nic, 0)


def qemu_get_nic(nc: NetClientState) -> NICState:
    """Return the card that a client belongs to (net/net.c)."""
    return nc._nic


def qemu_get_nic_opaque(nc: NetClientState) -> Any:
    """Return the device of the card that a client belongs to (net/net.c)."""
    return qemu_get_nic(nc).opaque


@emulates
def qemu_get_peer(nc: NetClientState, queue_index: int) -> NetClientState | None:
    """net/net.c. Returns the peer of the queue that stands ``queue_index`` places after ``nc``."""
    if queue_index:
        nc = qemu_get_nic(nc).ncs[nc.queue_index + queue_index]
    return nc.peer


@emulates
def qemu_cleanup_net_client(nc: NetClientState) -> None:
    """net/net.c."""
    net_c().net_clients.remove(nc)

    if nc.info.cleanup:
        nc.info.cleanup(nc)


@emulates
def qemu_free_net_client(nc: NetClientState) -> None:
    """net/net.c."""
    if nc.incoming_queue:
        qemu_del_net_queue(nc.incoming_queue)
    if nc.peer:
        nc.peer.peer = None
    if nc.destructor:
        nc.destructor(nc)


@emulates
def qemu_del_net_client(nc: NetClientState) -> None:
    """net/net.c. Deletes all queues of a backend; where a card is at the other end, they stay in memory, link down."""
    assert nc.info.type != NetClientDriver.NIC

    ncs = qemu_find_net_clients_except(nc.name, NetClientDriver.NIC, MAX_QUEUE_NUM)
    assert len(ncs) != 0

    for nf in tuple(nc.filters):
        object_unparent(OBJECT(nf))

    # The card still points to these clients, so they are only cleaned up: qemu_del_nic frees them.
    if nc.peer and nc.peer.info.type == NetClientDriver.NIC:
        nic = qemu_get_nic(nc.peer)
        if nic.peer_deleted:
            return
        nic.peer_deleted = True

        for each in ncs:
            assert each.peer
            each.peer.link_down = True

        if nc.peer.info.link_status_changed:
            nc.peer.info.link_status_changed(nc.peer)

        for each in ncs:
            qemu_cleanup_net_client(each)

        return

    for each in ncs:
        qemu_cleanup_net_client(each)
        qemu_free_net_client(each)


@emulates
def qemu_del_nic(nic: NICState) -> None:
    """net/net.c. Deletes a card's end, and its peers if they were deleted before."""
    assert nic.conf
    queues = max(nic.conf.peers.queues, 1)

    qemu_macaddr_set_free(nic.conf.macaddr)

    for i in range(queues):
        nc = qemu_get_subqueue(nic, i)
        if nic.peer_deleted:
            assert nc.peer
            qemu_free_net_client(nc.peer)
        elif nc.peer:
            qemu_purge_queued_packets(nc.peer)

    for i in reversed(range(queues)):
        nc = qemu_get_subqueue(nic, i)

        qemu_cleanup_net_client(nc)
        qemu_free_net_client(nc)

    g_free(nic)


@emulates
def qemu_foreach_nic(func: Callable[[NICState, Any], None], opaque: Any) -> None:
    """net/net.c. Calls ``func`` once for each card."""
    for nc in tuple(net_c().net_clients):
        if nc.info.type == NetClientDriver.NIC:
            if nc.queue_index == 0:
                func(qemu_get_nic(nc), opaque)


@emulates
def qemu_find_netdev(id: str) -> NetClientState | None:
    """net/net.c. Returns the first client of that name which is not a card."""
    for nc in net_c().net_clients:
        if nc.info.type == NetClientDriver.NIC:
            continue
        if nc.name == id:
            return nc

    return None


@emulates
def qemu_find_net_clients_except(id: str | None, type: NetClientDriver | None, max: int) -> list[NetClientState]:
    """net/net.c. Returns the clients of a name (None: any) that are not of a type (None: any type will do).

    C fills in at most ``max`` and returns how many there are; the list here has them all.
    """
    found: Iterable[NetClientState] = (nc for nc in net_c().net_clients if nc.info.type != type)
    return [nc for nc in found if id is None or nc.name == id]
