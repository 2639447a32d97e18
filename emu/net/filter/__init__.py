"""Filters that stand between a client and its peer (net/filter.c)."""

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

__all__ = [
    "NETFILTER",
    "NETFILTER_CLASS",
    "NETFILTER_GET_CLASS",
    "NET_FILTER_DIRECTION_ALL",
    "NET_FILTER_DIRECTION_RX",
    "NET_FILTER_DIRECTION_TX",
    "TYPE_NETFILTER",
    "NetFilterClass",
    "NetFilterState",
    "qemu_netfilter_receive",
]
