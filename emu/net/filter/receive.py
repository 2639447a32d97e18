"""Filters that stand between a client and its peer (net/filter.c, include/net/filter.h)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from emu.net.queue import NetPacketSent
from emu.qom.parts import Part, caster, class_getter
from emu.trace import emulates

if TYPE_CHECKING:
    from emu.net.net.structs import NetClientState

TYPE_NETFILTER: Final = "netfilter"

NET_FILTER_DIRECTION_ALL: Final = 0
NET_FILTER_DIRECTION_RX: Final = 1
NET_FILTER_DIRECTION_TX: Final = 2


class NetFilterState(Part):
    """A filter (include/net/filter.h)."""

    SIZE = 96
    netdev_id: str | None = None
    netdev: NetClientState | None = None
    direction: int = NET_FILTER_DIRECTION_ALL
    on: bool = False
    position: str | None = None
    insert_before_flag: bool = False


class NetFilterClass(Part):
    """What a kind of filter does (include/net/filter.h)."""

    SIZE = 136
    setup: Callable[[NetFilterState], None] | None = None
    cleanup: Callable[[NetFilterState], None] | None = None
    status_changed: Callable[[NetFilterState], None] | None = None
    handle_event: Callable[[NetFilterState, int], None] | None = None
    receive_iov: Callable[..., int] | None = None


NETFILTER_CLASS = caster(NetFilterClass, TYPE_NETFILTER)
NETFILTER = caster(NetFilterState, TYPE_NETFILTER)
NETFILTER_GET_CLASS = class_getter(NetFilterClass)


@emulates(file="net/filter.c")
def qemu_netfilter_receive(
    nf: Any,
    direction: int,
    sender: NetClientState,
    flags: int,
    iov: tuple[bytes, ...],
    iovcnt: int,
    sent_cb: NetPacketSent | None,
) -> int:
    """net/filter.c. Returns the size of the packet if the filter took it, else 0."""
    nf = NETFILTER(nf)
    if not nf.on:
        return 0
    if nf.direction in {direction, NET_FILTER_DIRECTION_ALL}:
        receive_iov = NETFILTER_GET_CLASS(nf).receive_iov
        assert receive_iov
        return receive_iov(nf, sender, flags, iov, iovcnt, sent_cb)

    return 0
