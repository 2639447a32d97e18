"""The human monitor's commands about forwards of the user backend (net/slirp.c)."""

from __future__ import annotations

from typing import Final

from emu.host.inet import inet_aton
from emu.host.libslirp import slirp_connection_info, slirp_remove_hostfwd
from emu.monitor.monitor import Monitor, monitor_printf
from emu.net.hub import net_hub_id_for_client
from emu.net.net import qemu_find_netdev
from emu.net.slirp.forward import get_str_sep, slirp_hostfwd
from emu.net.slirp.structs import SLIRP_NC, SLIRP_STATE, SlirpState, slirp_c
from emu.qapi.error import Error, error_report_err
from emu.qobject.qdict import QDict, qdict_get_str, qdict_get_try_str
from emu.trace import emulates
from emu.util.cutils import qemu_strtoi

BUF_SIZE: Final = 256


@emulates(file="net/slirp.c")
def slirp_lookup(mon: Monitor, id: str | None) -> SlirpState | None:
    """Return the backend of a name, or the first; None after a word to the monitor."""
    if id is not None:
        nc = qemu_find_netdev(id)
        if nc is None:
            monitor_printf(mon, f"unrecognized netdev id '{id}'\n")
            return None
        if nc.model != "user":
            monitor_printf(mon, "invalid device specified\n")
            return None
        return SLIRP_STATE(nc)
    stacks = slirp_c().slirp_stacks
    if not len(stacks):
        monitor_printf(mon, "user mode network stack not in use\n")
        return None
    return stacks[0]


def _arguments(mon: Monitor, qdict: QDict) -> tuple[SlirpState | None, str]:
    """Return the backend and the rule: ``[NETDEV] RULE``."""
    arg1, arg2 = qdict_get_str(qdict, "arg1"), qdict_get_try_str(qdict, "arg2")
    return slirp_lookup(mon, arg1 if arg2 is not None else None), arg2 if arg2 is not None else arg1


def _host_end(text: str) -> tuple[bool, int, int] | None:
    """Read ``[tcp|udp]:[ADDRESS]:PORT``; None if it is malformed."""
    part = get_str_sep(BUF_SIZE, text, ":")
    if part is None or part[0] not in {"tcp", "udp", ""}:
        return None
    is_udp = part[0] == "udp"
    part = get_str_sep(BUF_SIZE, part[1], ":")
    if part is None:
        return None
    address = inet_aton(part[0]) if part[0] else 0
    port = qemu_strtoi(part[1], 10)
    return None if address is None or port.err else (is_udp, address, port.value)


@emulates(file="net/slirp.c")
def hmp_hostfwd_remove(mon: Monitor, qdict: QDict) -> None:
    """Stop listening for the guest: ``hostfwd_remove [NETDEV] [tcp|udp]:[ADDRESS]:PORT``."""
    s, src_str = _arguments(mon, qdict)
    if s is None:
        return
    end = _host_end(src_str)
    if end is None:
        monitor_printf(mon, "invalid format\n")
        return
    assert s.slirp
    err = slirp_remove_hostfwd(s.slirp, *end)
    monitor_printf(mon, f"host forwarding rule for {src_str} {'not found' if err else 'removed'}\n")


@emulates(file="net/slirp.c")
def hmp_hostfwd_add(mon: Monitor, qdict: QDict) -> None:
    """Listen for the guest: ``hostfwd_add [NETDEV] [tcp|udp]:[ADDRESS]:PORT-[GUEST]:PORT``."""
    s, redir_str = _arguments(mon, qdict)
    if s is None:
        return
    try:
        slirp_hostfwd(s, redir_str)
    except Error as err:
        error_report_err(err)


@emulates(file="net/slirp.c")
def hmp_info_usernet(mon: Monitor, qdict: QDict) -> None:
    """Print the sockets of every user backend: ``info usernet``."""
    for s in slirp_c().slirp_stacks:
        nc = SLIRP_NC(s)
        _, hub = net_hub_id_for_client(nc)
        assert s.slirp
        monitor_printf(mon, f"Hub {hub} ({nc.name}):\n{slirp_connection_info(s.slirp)}")
