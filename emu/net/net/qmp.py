"""``netdev_add`` and ``netdev_del`` (net/net.c)."""

from __future__ import annotations

from emu.net.net.clients import qemu_del_net_client, qemu_find_netdev
from emu.net.net.init import net_client_init1
from emu.qapi.error import ERROR_CLASS_DEVICE_NOT_FOUND, error_set, error_setg
from emu.qapi.qapi_types_net import Netdev
from emu.trace import emulates
from emu.util.id import id_wellformed
from emu.util.qemu_config import qemu_find_opts
from emu.util.qemu_option import qemu_opts_del, qemu_opts_find


@emulates
def qmp_netdev_add(netdev: Netdev) -> None:
    """net/net.c. Error: a malformed id, or net_client_init1's."""
    if not id_wellformed(netdev.id):
        error_setg("Parameter 'id' expects an identifier")

    net_client_init1(netdev, True)


@emulates
def qmp_netdev_del(id: str) -> None:
    """net/net.c. Error: no such client, or not one of ``-netdev``."""
    nc = qemu_find_netdev(id)
    if not nc:
        error_set(ERROR_CLASS_DEVICE_NOT_FOUND, f"Device '{id}' not found")

    if not nc.is_netdev:
        error_setg(f"Device '{id}' is not a netdev")

    qemu_del_net_client(nc)

    # The id of a client of the command line must be free for another.
    opts = qemu_opts_find(qemu_find_opts("netdev"), id)
    if opts:
        qemu_opts_del(opts)
