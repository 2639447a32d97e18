"""The vde backend: a port of a VDE switch (net/vde.c). The simulated host has no switch."""

from __future__ import annotations

import errno

from emu.net.net.structs import NetClientState
from emu.qapi.error import error_setg_errno
from emu.qapi.qapi_types_net import NetClientDriver, Netdev
from emu.trace import emulates


@emulates
def net_vde_init(
    peer: NetClientState | None, model: str, name: str, sock: str | None, port: int, group: str | None, mode: int
) -> int:
    """net/vde.c. Error: there is no switch."""
    error_setg_errno(errno.ENOENT, "Could not open vde")


@emulates
def net_init_vde(netdev: Netdev, name: str, peer: NetClientState | None) -> int:
    """net/vde.c. ``-netdev vde``. Error: there is no switch."""
    assert netdev.type == NetClientDriver.VDE
    vde = netdev.u.vde

    return net_vde_init(peer, "vde", name, vde.sock, vde.port or 0, vde.group, 0o700 if vde.mode is None else vde.mode)
