"""The tap backend."""

from __future__ import annotations

from emu.errors import NotModelled
from emu.net.net.structs import NetClientState
from emu.qapi.qapi_types_net import Netdev


def net_init_tap(netdev: Netdev, name: str, peer: NetClientState | None) -> int:
    """Not modelled."""
    raise NotModelled(f"-netdev {netdev.type}")


def tap_get_vhost_net(nc: NetClientState) -> None:
    """Return None: there is no tap."""
    return


def tap_enable(nc: NetClientState) -> int:
    """Not modelled."""
    raise NotModelled("queues of a tap client")


def tap_disable(nc: NetClientState) -> int:
    """Not modelled."""
    raise NotModelled("queues of a tap client")
