"""Rules that forward connections from the host to the guest and back (net/slirp.c)."""

from __future__ import annotations

from emu.host.inet import inet_aton
from emu.host.libslirp import slirp_add_exec, slirp_add_guestfwd, slirp_add_hostfwd
from emu.net.slirp.structs import GuestFwd, SlirpState
from emu.qapi.error import error_setg
from emu.trace import emulates, g_free
from emu.util.cutils import strtoll


def c_int(value: int) -> int:
    """Return what is left of a ``long`` in an ``int``."""
    return ((value + (1 << 31)) & 0xFFFFFFFF) - (1 << 31)


@emulates
def get_str_sep(buf_size: int, p: str, sep: str) -> tuple[str, str] | None:
    """net/slirp.c. Returns what stands before ``sep``, cut to ``buf_size - 1``, and after it; None if there is none."""
    head, found, tail = p.partition(sep)
    if not found:
        return None
    return head[: buf_size - 1], tail


class BadRule(Exception):
    """A rule that cannot be read; its text says why."""


def _host_rule(redir_str: str) -> tuple[bool, int, int, int, int]:
    part = get_str_sep(256, redir_str, ":")
    if part is None:
        raise BadRule("No : separators")
    buf, p = part
    if buf in {"tcp", ""}:
        is_udp = False
    elif buf == "udp":
        is_udp = True
    else:
        raise BadRule("Bad protocol name")

    part = get_str_sep(256, p, ":")
    if part is None:
        raise BadRule("Missing : separator")
    buf, p = part
    host_addr = inet_aton(buf) if buf else 0
    if host_addr is None:
        raise BadRule("Bad host address")

    part = get_str_sep(256, p, "-")
    if part is None:
        raise BadRule("Bad host port separator")
    buf, p = part
    number = strtoll(buf, 0)
    host_port = c_int(number.value)
    if number.end != len(buf) or host_port < 0 or host_port > 65535:
        raise BadRule("Bad host port")

    part = get_str_sep(256, p, ":")
    if part is None:
        raise BadRule("Missing guest address")
    buf, p = part
    guest_addr = inet_aton(buf) if buf else 0
    if guest_addr is None:
        raise BadRule("Bad guest address")

    number = strtoll(p, 0)
    guest_port = c_int(number.value)
    if number.end != len(p) or guest_port < 1 or guest_port > 65535:
        raise BadRule("Bad guest port")
    return is_udp, host_addr, host_port, guest_addr, guest_port


@emulates
def slirp_hostfwd(s: SlirpState, redir_str: str) -> int:
    """net/slirp.c. ``hostfwd=[tcp|udp]:[host]:port-[guest]:port``. Error: malformed, or the host's port cannot be had."""
    try:
        is_udp, host_addr, host_port, guest_addr, guest_port = _host_rule(redir_str)
    except BadRule as why:
        error_setg(f"Invalid host forwarding rule '{redir_str}' ({why})")

    assert s.slirp
    if slirp_add_hostfwd(s.slirp, is_udp, host_addr, host_port, guest_addr, guest_port) < 0:
        error_setg(f"Could not set up host forwarding rule '{redir_str}'")
    return 0


def _guest_rule(config_str: str) -> tuple[int, int, str]:
    part = get_str_sep(128, config_str, ":")
    if part is None or part[0] not in {"tcp", ""}:
        raise BadRule
    part = get_str_sep(128, part[1], ":")
    if part is None:
        raise BadRule
    server = inet_aton(part[0]) if part[0] else 0
    if server is None:
        raise BadRule
    part = get_str_sep(128, part[1], "-")
    if part is None:
        raise BadRule
    number = strtoll(part[0], 10)
    port = c_int(number.value)
    if number.end != len(part[0]) or port < 1 or port > 65535:
        raise BadRule
    return server, port, part[1]


@emulates
def slirp_guestfwd(s: SlirpState, config_str: str) -> int:
    """net/slirp.c. ``guestfwd=[tcp]:[server]:port-cmd:COMMAND`` or ``-CHARDEV``. Error: malformed, taken, no such device."""
    from emu.chardev.char import qemu_chr_new_mux_mon
    from emu.chardev.char_fe import CharBackend, qemu_chr_fe_deinit, qemu_chr_fe_init, qemu_chr_fe_set_handlers

    try:
        server, port, p = _guest_rule(config_str)
    except BadRule:
        error_setg(f"Invalid guest forwarding rule '{config_str}'")

    buf = f"guestfwd.tcp.{port}"
    conflict = f"Conflicting/invalid host:port in guest forwarding rule '{config_str}'"
    assert s.slirp

    if p.startswith("cmd:"):
        err, server = slirp_add_exec(s.slirp, p[4:], server, port)
        if err < 0:
            error_setg(conflict)
    else:
        chr_ = qemu_chr_new_mux_mon(buf, p)

        if not chr_:
            error_setg(f"Could not open guest forwarding device '{buf}'")

        fwd = GuestFwd(hd=CharBackend())
        qemu_chr_fe_init(fwd.hd, chr_)

        err, server = slirp_add_guestfwd(s.slirp, guestfwd_write, fwd.hd, server, port)
        if err < 0:
            qemu_chr_fe_deinit(fwd.hd, True)
            g_free(fwd)
            error_setg(conflict)
        fwd.server = server
        fwd.port = port
        fwd.slirp = s.slirp

        qemu_chr_fe_set_handlers(fwd.hd, guestfwd_can_read, guestfwd_read, None, fwd)
        s.fwd.append(fwd)
    return 0


@emulates(modelled=False)
def guestfwd_can_read(opaque: GuestFwd) -> int:
    """net/slirp.c. Asks the library how much it takes; it has no connection."""
    return 0


@emulates(modelled=False)
def guestfwd_read(opaque: GuestFwd, buf: bytes, size: int) -> None:
    """net/slirp.c. Hands bytes to the library."""


@emulates(modelled=False)
def guestfwd_write(buf: bytes, len: int, chr_: object) -> int:
    """net/slirp.c. Hands bytes to the character device."""
    return len
