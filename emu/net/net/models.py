"""Cards that the board is asked for: ``-net nic``, models, the table of them (net/net.c)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from emu.errors import QemuExit
from emu.net.net.clients import qemu_find_netdev
from emu.net.net.mac import is_multicast_ether_addr, qemu_macaddr_default_if_unset
from emu.net.net.structs import MAX_NICS, NetClientState, NICInfo
from emu.net.util import net_parse_macaddr
from emu.qapi.error import error_setg
from emu.qapi.qapi_types_net import NetClientDriver, Netdev
from emu.softmmu.globals import globals_c
from emu.trace import emulates, recorder
from emu.util.error_report import error_report
from emu.util.qemu_option import is_help_option

DEV_NVECTORS_UNSPECIFIED: Final = 0xFFFFFFFF


@emulates
def nic_get_free_idx() -> int:
    """net/net.c. Returns the first free place in ``nd_table``, -1 if there is none."""
    for index in range(MAX_NICS):
        if not globals_c().nd_table[index].used:
            return index
    return -1


@emulates
def qemu_show_nic_models(arg: str | None, models: Sequence[str]) -> int:
    """net/net.c. Prints the models if asked for help; returns 1 then."""
    if arg is None or not is_help_option(arg):
        return 0

    recorder().message("stdout", "Supported NIC models:\n" + "".join(f"{model}\n" for model in models))
    return 1


@emulates
def qemu_find_nic_model(nd: NICInfo, models: Sequence[str], default_model: str | None) -> int:
    """net/net.c. Returns the place of the card's model among ``models``, -1 after a message; fills in the default."""
    if nd.model is None:
        nd.model = default_model

    for i, model in enumerate(models):
        if nd.model == model:
            return i

    error_report(f"Unsupported NIC model: {nd.model}")
    return -1


@emulates
def qemu_check_nic_model(nd: NICInfo, model: str) -> None:
    """net/net.c. For boards with a card of one model."""
    models = (model,)

    if qemu_show_nic_models(nd.model, models):
        raise QemuExit(0)
    if qemu_find_nic_model(nd, models, model) < 0:
        raise QemuExit(1)


@emulates
def net_init_nic(netdev: Netdev, name: str, peer: NetClientState | None) -> int:
    """net/net.c. ``-net nic``: notes a card for the board to make; returns its place in ``nd_table``. Error: wrong options."""
    assert netdev.type == NetClientDriver.NIC
    nic = netdev.u.nic

    idx = nic_get_free_idx()
    if idx == -1 or globals_c().nb_nics >= MAX_NICS:
        error_setg("too many NICs")

    nd = globals_c().nd_table[idx]

    nd.clear()

    if nic.netdev is not None:
        nd.netdev = qemu_find_netdev(nic.netdev)
        if not nd.netdev:
            error_setg(f"netdev '{nic.netdev}' not found")
    else:
        assert peer
        nd.netdev = peer
    nd.name = name
    if nic.model is not None:
        nd.model = nic.model
    if nic.addr is not None:
        nd.devaddr = nic.addr

    if nic.macaddr is not None and net_parse_macaddr(nd.macaddr.a, nic.macaddr) < 0:
        error_setg("invalid syntax for ethernet address")
    if nic.macaddr is not None and is_multicast_ether_addr(bytes(nd.macaddr.a)):
        error_setg("NIC cannot have multicast MAC address (odd 1st byte)")
    qemu_macaddr_default_if_unset(nd.macaddr)

    if nic.vectors is not None:
        if nic.vectors > 0x7FFFFFF:
            error_setg(f"invalid # of vectors: {nic.vectors}")
        nd.nvectors = nic.vectors
    else:
        nd.nvectors = DEV_NVECTORS_UNSPECIFIED

    nd.used = True
    globals_c().nb_nics += 1

    return idx
