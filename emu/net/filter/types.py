"""What every filter has: its place before a client, its properties (net/filter.c)."""

from __future__ import annotations

from typing import Any, Final

from emu.hw.net.vhost_net import get_vhost_net
from emu.net.filter.receive import (
    NET_FILTER_DIRECTION_ALL,
    NET_FILTER_DIRECTION_RX,
    NET_FILTER_DIRECTION_TX,
    NETFILTER,
    NETFILTER_CLASS,
    NETFILTER_GET_CLASS,
    TYPE_NETFILTER,
    NetFilterClass,
    NetFilterState,
    qemu_netfilter_receive,
)
from emu.net.net.clients import qemu_find_net_clients_except
from emu.net.net.structs import MAX_QUEUE_NUM, NetClientState
from emu.net.queue import qemu_net_queue_send_iov
from emu.qapi.error import error_setg
from emu.qapi.qapi_types_net import NetClientDriver
from emu.qapi.qapi_types_qom import NetFilterDirection_lookup
from emu.qemu.module import type_init
from emu.qom.object import (
    OBJECT,
    TYPE_OBJECT,
    Object,
    ObjectClass,
    TypeInfo,
    object_class_property_add_enum,
    object_class_property_add_str,
    object_get_objects_root,
    object_property_set_str,
    object_resolve_path_component,
    type_register_static,
)
from emu.qom.object_interfaces import TYPE_USER_CREATABLE, USER_CREATABLE_CLASS
from emu.trace import emulates

COLO_EVENT_NONE: Final = 0
COLO_EVENT_CHECKPOINT: Final = 1
COLO_EVENT_FAILOVER: Final = 2


@emulates(file="net/filter.c")
def netfilter_next(nf: NetFilterState, dir: int) -> NetFilterState | None:
    """net/filter.c. Returns the filter behind one, for packets of a direction."""
    assert nf.netdev
    filters = list(nf.netdev.filters)
    at = filters.index(nf) + (1 if dir == NET_FILTER_DIRECTION_TX else -1)
    return filters[at] if 0 <= at < len(filters) else None


@emulates(file="net/filter.c")
def qemu_netfilter_pass_to_next(
    sender: NetClientState | None, flags: int, iov: tuple[bytes, ...], iovcnt: int, opaque: Any
) -> int:
    """net/filter.c. Lets a packet go that a filter held: through the filters behind it, to the receiver. Returns its size."""
    nf: NetFilterState = opaque
    size = sum(map(len, iov[:iovcnt]))

    if not sender or not sender.peer:
        return size

    if nf.direction == NET_FILTER_DIRECTION_ALL:
        direction = NET_FILTER_DIRECTION_TX if sender is nf.netdev else NET_FILTER_DIRECTION_RX
    else:
        direction = nf.direction

    next = netfilter_next(nf, direction)
    while next:
        # The sender was told already that the packet is away, so nobody is to call it back.
        ret = qemu_netfilter_receive(next, direction, sender, flags, iov, iovcnt, None)
        if ret:
            return ret
        next = netfilter_next(next, direction)

    peer: NetClientState | None = sender.peer
    if peer is not None:  # it may have gone meanwhile
        queue = peer.incoming_queue
        assert queue
        qemu_net_queue_send_iov(queue, sender, flags, iov, iovcnt, None)

    return size


@emulates(file="net/filter.c")
def netfilter_get_netdev_id(obj: Object) -> str | None:
    """net/filter.c. Property ``netdev``."""
    return NETFILTER(obj).netdev_id


@emulates(file="net/filter.c")
def netfilter_set_netdev_id(obj: Object, str_: str) -> None:
    """net/filter.c."""
    NETFILTER(obj).netdev_id = str_


@emulates(file="net/filter.c")
def netfilter_get_direction(obj: Object) -> int:
    """net/filter.c. Property ``queue``."""
    return NETFILTER(obj).direction


@emulates(file="net/filter.c")
def netfilter_set_direction(obj: Object, direction: int) -> None:
    """net/filter.c."""
    NETFILTER(obj).direction = direction


@emulates(file="net/filter.c")
def netfilter_get_status(obj: Object) -> str:
    """net/filter.c. Property ``status``."""
    return "on" if NETFILTER(obj).on else "off"


@emulates(file="net/filter.c")
def netfilter_set_status(obj: Object, str_: str) -> None:
    """net/filter.c. Error: neither ``on`` nor ``off``."""
    nf = NETFILTER(obj)
    nfc = NETFILTER_GET_CLASS(obj)

    if str_ not in {"on", "off"}:
        error_setg("Invalid value for netfilter status, should be 'on' or 'off'")
    if nf.on == (str_ == "on"):
        return
    nf.on = not nf.on
    if nf.netdev and nfc.status_changed:
        nfc.status_changed(nf)


@emulates(file="net/filter.c")
def netfilter_get_position(obj: Object) -> str | None:
    """net/filter.c. Property ``position``."""
    return NETFILTER(obj).position


@emulates(file="net/filter.c")
def netfilter_set_position(obj: Object, str_: str) -> None:
    """net/filter.c."""
    NETFILTER(obj).position = str_


@emulates(file="net/filter.c")
def netfilter_get_insert(obj: Object) -> str:
    """net/filter.c. Property ``insert``."""
    return "before" if NETFILTER(obj).insert_before_flag else "behind"


@emulates(file="net/filter.c")
def netfilter_set_insert(obj: Object, str_: str) -> None:
    """net/filter.c. Error: neither ``before`` nor ``behind``."""
    if str_ not in {"before", "behind"}:
        error_setg("Invalid value for netfilter insert, should be 'before' or 'behind'")

    NETFILTER(obj).insert_before_flag = str_ == "before"


@emulates(file="net/filter.c")
def netfilter_init(obj: Object) -> None:
    """net/filter.c."""
    nf = NETFILTER(obj)

    nf.on = True
    nf.insert_before_flag = False
    nf.position = "tail"


def _position(nf: NetFilterState, nc: NetClientState) -> NetFilterState | None:
    """Return the filter that this one is to stand beside, None at an end. Error: there is no such filter there."""
    assert nf.position is not None
    if nf.position in {"head", "tail"}:
        return None
    if not nf.position.startswith("id="):
        error_setg("Parameter 'position' expects 'head', 'tail' or 'id=<id>'")

    position_id = nf.position.removeprefix("id=")
    obj = object_resolve_path_component(object_get_objects_root(), position_id)
    if not obj:
        error_setg(f"filter '{position_id}' not found")

    position: NetFilterState = NETFILTER(obj)
    if position.netdev is not nc:
        error_setg(f"filter '{position_id}' belongs to a different netdev")
    return position


def _insert(nf: NetFilterState, nc: NetClientState, position: NetFilterState | None) -> None:
    if position:
        at = list(nc.filters).index(position)
        nc.filters.insert(at if nf.insert_before_flag else at + 1, nf)
    elif nf.position == "head":
        nc.filters.insert(0, nf)
    else:
        nc.filters.append(nf)


@emulates(file="net/filter.c")
def netfilter_complete(uc: Object) -> None:
    """net/filter.c. Puts the filter before its client. Error: no such client, several queues, vhost, no such place."""
    nf = NETFILTER(uc)
    nfc = NETFILTER_GET_CLASS(uc)

    if nf.netdev_id is None:
        error_setg("Parameter 'netdev' is required")

    ncs = qemu_find_net_clients_except(nf.netdev_id, NetClientDriver.NIC, MAX_QUEUE_NUM)
    if len(ncs) < 1:
        error_setg("Parameter 'netdev' expects a network backend id")
    if len(ncs) > 1:
        error_setg("multiqueue is not supported")

    if get_vhost_net(ncs[0]):
        error_setg("Vhost is not supported")

    position = _position(nf, ncs[0])

    nf.netdev = ncs[0]

    if nfc.setup:
        nfc.setup(nf)

    _insert(nf, ncs[0], position)


@emulates(file="net/filter.c")
def netfilter_finalize(obj: Object) -> None:
    """net/filter.c."""
    nf = NETFILTER(obj)
    nfc = NETFILTER_GET_CLASS(obj)

    if nfc.cleanup:
        nfc.cleanup(nf)

    if nf.netdev and nf in nf.netdev.filters:
        nf.netdev.filters.remove(nf)
    nf.netdev_id = None
    nf.position = None


@emulates(file="net/filter.c")
def default_handle_event(nf: NetFilterState, event: int) -> None:
    """net/filter.c. A filter of a machine that takes over lets everything through."""
    if event == COLO_EVENT_FAILOVER:
        object_property_set_str(OBJECT(nf), "status", "off")


@emulates(file="net/filter.c")
def netfilter_class_init(oc: ObjectClass, data: Any) -> None:
    """net/filter.c."""
    ucc = USER_CREATABLE_CLASS(oc)
    nfc = NETFILTER_CLASS(oc)

    object_class_property_add_str(oc, "netdev", netfilter_get_netdev_id, netfilter_set_netdev_id)
    object_class_property_add_enum(
        oc, "queue", "NetFilterDirection", NetFilterDirection_lookup, netfilter_get_direction, netfilter_set_direction
    )
    object_class_property_add_str(oc, "status", netfilter_get_status, netfilter_set_status)
    object_class_property_add_str(oc, "position", netfilter_get_position, netfilter_set_position)
    object_class_property_add_str(oc, "insert", netfilter_get_insert, netfilter_set_insert)

    ucc.complete = netfilter_complete
    nfc.handle_event = default_handle_event


netfilter_info = TypeInfo(
    name=TYPE_NETFILTER,
    parent=TYPE_OBJECT,
    abstract=True,
    class_=NetFilterClass,
    class_init=netfilter_class_init,
    instance=NetFilterState,
    instance_init=netfilter_init,
    instance_finalize=netfilter_finalize,
    interfaces=(TYPE_USER_CREATABLE,),
)


@type_init
@emulates(file="net/filter.c")
def register_types() -> None:
    """net/filter.c."""
    type_register_static(netfilter_info)
