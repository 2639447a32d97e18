"""The way from a network client to its vhost device, if it has one (hw/net/vhost_net.c)."""

from __future__ import annotations

from typing import Any

from emu.errors import NotModelled
from emu.net.net import NetClientState
from emu.net.tap import tap_get_vhost_net
from emu.qapi.qapi_types_net import NetClientDriver
from emu.trace import emulates


@emulates
def get_vhost_net(nc: NetClientState | None) -> Any:
    """Return the vhost device of a client, None if it has none."""
    if not nc:
        return None
    if nc.info.type == NetClientDriver.TAP:
        return tap_get_vhost_net(nc)
    if nc.info.type in (NetClientDriver.VHOST_USER, NetClientDriver.VHOST_VDPA):
        raise NotModelled(f"the vhost device of a {nc.model} client")
    return None


def vhost_net_get_features(net: Any, features: int) -> int:
    """Return those of some features that the vhost device has too."""
    raise NotModelled("features of a vhost device")


def vhost_net_ack_features(net: Any, features: int) -> None:
    """Tell the vhost device what the driver accepted."""
    raise NotModelled("features of a vhost device")


def vhost_net_get_config(net: Any, config_len: int) -> tuple[int, bytes]:
    """Return 0 or -1, and the configuration of the vhost device, ``config_len`` bytes."""
    raise NotModelled("configuration of a vhost device")


def vhost_net_set_config(net: Any, data: bytes, offset: int, size: int, flags: int) -> int:
    """Write the configuration of the vhost device; 0 or a negative errno."""
    raise NotModelled("configuration of a vhost device")
