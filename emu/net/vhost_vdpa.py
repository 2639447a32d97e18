"""The vhost_vdpa backend."""

from __future__ import annotations

from emu.errors import NotModelled
from emu.net.net.structs import NetClientState
from emu.qapi.qapi_types_net import Netdev


def net_init_vhost_vdpa(netdev: Netdev, name: str, peer: NetClientState | None) -> int:
    """Not modelled."""
    raise NotModelled(f"-netdev {netdev.type}")
