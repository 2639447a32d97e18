"""libslirp 4.7, the library behind the user backend: what it holds right after ``slirp_new``, on the simulated host."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from emu.host.descriptors import SimulatedError, host
from emu.host.inet import inet_ntoa
from emu.host.sockets import AF_INET, SOCK_DGRAM, SOCK_STREAM, HostSocket, InetAddress, bind, listen, socket
from emu.trace import Seq, Struct, g_free, seq
from emu.util.error_report import error_report, warn_report

SLIRP_TIMER_RA: Final = 0
SCALE_MS: Final = 1000000
NDP_MIN_INTERVAL: Final = 200000
"""Shortest time between router advertisements, in ms. The library draws one between this and three times as much."""
BP_FILE_SIZE: Final = 128
LABEL_SIZE: Final = 64
IF_MTU_DEFAULT: Final = 1500
SLIRP_STATE_VERSION: Final = 4


class SlirpConfig(Struct):
    """What QEMU asks the library for (libslirp.h). IPv4 addresses are numbers, IPv6 addresses 16 bytes."""

    version: int = 0
    restricted: int = 0
    in_enabled: bool = False
    vnetwork: int = 0
    vnetmask: int = 0
    vhost: int = 0
    in6_enabled: bool = False
    vprefix_addr6: bytes = bytes(16)
    vprefix_len: int = 0
    vhost6: bytes = bytes(16)
    vhostname: str | None = None
    tftp_server_name: str | None = None
    tftp_path: str | None = None
    bootfile: str | None = None
    vdhcp_start: int = 0
    vnameserver: int = 0
    vnameserver6: bytes = bytes(16)
    vdnssearch: tuple[str, ...] | None = None
    vdomainname: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SlirpCb:
    """The functions that the library calls (libslirp.h)."""

    variable: str
    send_packet: Callable[[bytes, int, Any], int]
    guest_error: Callable[[str, Any], None]
    clock_get_ns: Callable[[Any], int]
    init_completed: Callable[[Any, Any], None]
    timer_new_opaque: Callable[[int, Any, Any], Any]
    timer_free: Callable[[Any, Any], None]
    timer_mod: Callable[[Any, int, Any], None]
    register_poll_fd: Callable[[int, Any], None]
    unregister_poll_fd: Callable[[int, Any], None]
    notify: Callable[[Any], None]

    @property
    def _enc(self) -> str:
        return self.variable


class GuestForward(Struct):
    """A connection from the guest that is not passed on to the network (``struct gfwd_list``)."""

    ex_addr: str = ""
    ex_fport: int = 0
    ex_exec: str | None = None
    write_cb: Any = None
    opaque: Any = None


class HostForward(Struct):
    """A socket that listens for the guest."""

    proto: str = "tcp"
    fd: int = -1
    lhost: str = ""
    lport: int = 0


class Slirp(Struct):
    """One network of the library, with addresses as text."""

    cfg_version: int = 0
    opaque: Any = None
    cb: SlirpCb
    restricted: int = 0
    in_enabled: bool = False
    in6_enabled: bool = False
    vnetwork_addr: str = ""
    vnetwork_mask: str = ""
    vhost_addr: str = ""
    vprefix_addr6: bytes = bytes(16)
    vprefix_len: int = 0
    vhost_addr6: bytes = bytes(16)
    client_hostname: str = ""
    tftp_prefix: str | None = None
    bootp_filename: str | None = None
    vdomainname: str | None = None
    vdhcp_startaddr: str = ""
    vnameserver_addr: str = ""
    vnameserver_addr6: bytes = bytes(16)
    tftp_server_name: str | None = None
    vdnssearch: tuple[str, ...] | None = None
    if_mtu: int = 0
    if_mru: int = 0
    ra_timer: Any = None
    guestfwd_list: Seq[GuestForward] = seq()
    hostfwd: Seq[HostForward] = seq()

    _config: SlirpConfig


def slirp_state_version() -> int:
    """Return the version of the state that a migration carries."""
    return SLIRP_STATE_VERSION


def slirp_new(cfg: SlirpConfig, callbacks: SlirpCb, opaque: Any) -> Slirp | None:
    """Make a network; None if the configuration is refused."""
    if cfg.bootfile is not None and len(cfg.bootfile.encode()) >= BP_FILE_SIZE:
        check = "!cfg->bootfile || (strlen(cfg->bootfile) < G_SIZEOF_MEMBER(struct bootp_t, bp_file))"
        error_report(f"Slirp: slirp_new: assertion '{check}' failed")
        return None

    slirp = Slirp()
    slirp.__dict__["_config"] = cfg
    slirp.cfg_version = cfg.version
    slirp.opaque = opaque
    slirp.cb = callbacks
    slirp.restricted = cfg.restricted
    slirp.in_enabled = cfg.in_enabled
    slirp.in6_enabled = cfg.in6_enabled
    slirp.vnetwork_addr = inet_ntoa(cfg.vnetwork)
    slirp.vnetwork_mask = inet_ntoa(cfg.vnetmask)
    slirp.vhost_addr = inet_ntoa(cfg.vhost)
    slirp.vprefix_addr6 = cfg.vprefix_addr6
    slirp.vprefix_len = cfg.vprefix_len
    slirp.vhost_addr6 = cfg.vhost6
    slirp.client_hostname = cfg.vhostname or ""
    slirp.tftp_prefix = cfg.tftp_path
    slirp.bootp_filename = cfg.bootfile
    slirp.vdomainname = cfg.vdomainname
    slirp.vdhcp_startaddr = inet_ntoa(cfg.vdhcp_start)
    slirp.vnameserver_addr = inet_ntoa(cfg.vnameserver)
    slirp.vnameserver_addr6 = cfg.vnameserver6
    slirp.tftp_server_name = cfg.tftp_server_name
    if cfg.vdnssearch is not None:
        translate_dnssearch(slirp, cfg.vdnssearch)
    slirp.if_mtu = slirp.if_mru = IF_MTU_DEFAULT

    callbacks.init_completed(slirp, opaque)

    if slirp.in6_enabled:
        slirp.ra_timer = callbacks.timer_new_opaque(SLIRP_TIMER_RA, None, opaque)
        now = callbacks.clock_get_ns(opaque) // SCALE_MS
        callbacks.timer_mod(slirp.ra_timer, now + NDP_MIN_INTERVAL, opaque)
    return slirp


def translate_dnssearch(slirp: Slirp, names: tuple[str, ...]) -> None:
    """Keep the domains that the DHCP server offers; warn of those that are no domain names."""
    good = []
    for name in names:
        labels = name.encode().split(b".")
        if labels[-1] == b"" and len(labels) > 1:
            labels.pop()
        if all(0 < len(label) < LABEL_SIZE for label in labels):
            good.append(name)
        else:
            warn_report(f"Slirp: failed to parse domain name '{name}'\n")
    if good:
        slirp.vdnssearch = tuple(good)


def slirp_cleanup(slirp: Slirp) -> None:
    """Take a network down: its timer and its sockets."""
    if slirp.in6_enabled:
        slirp.cb.timer_free(slirp.ra_timer, slirp.opaque)
    for forward in slirp.hostfwd:
        host().close(forward.fd)
    g_free(slirp)


def slirp_add_hostfwd(slirp: Slirp, is_udp: bool, host_addr: int, host_port: int, guest_addr: int, guest_port: int) -> int:
    """Listen for the guest; no guest address is its DHCP address. Returns -1 if the host's address or port cannot be had."""
    if not guest_addr:
        guest_addr = slirp._config.vdhcp_start
    here = host()
    sock = socket(here, AF_INET, SOCK_DGRAM if is_udp else SOCK_STREAM)
    sock.reuseaddr = not is_udp
    try:
        bind(here, sock, InetAddress(inet_ntoa(host_addr), host_port))
        if not is_udp:
            listen(here, sock)
    except SimulatedError:
        here.close(sock.fd)
        return -1
    slirp.hostfwd.insert(
        0, HostForward(proto="udp" if is_udp else "tcp", fd=sock.fd, lhost=inet_ntoa(guest_addr), lport=guest_port)
    )
    return 0


def slirp_remove_hostfwd(slirp: Slirp, is_udp: bool, host_addr: int, host_port: int) -> int:
    """Stop listening at an address and port of the host. Returns -1 if nobody listens there."""
    here = host()
    wanted = InetAddress(inet_ntoa(host_addr), host_port & 0xFFFF)
    for forward in slirp.hostfwd:
        sock = here.get(forward.fd)
        if isinstance(sock, HostSocket) and (forward.proto == "udp") == is_udp and sock.sockname == wanted:
            slirp.cb.unregister_poll_fd(forward.fd, slirp.opaque)
            here.close(forward.fd)
            slirp.hostfwd.remove(forward)
            g_free(forward)
            return 0
    return -1


def slirp_connection_info(slirp: Slirp) -> str:
    """Return a table of the sockets; no guest has opened one, so all listen for it."""
    lines = ["  Protocol[State]    FD  Source Address  Port   Dest. Address  Port RecvQ SendQ\n"]
    for proto in ("tcp", "udp"):
        for forward in slirp.hostfwd:
            if forward.proto != proto:
                continue
            sock = host().get(forward.fd)
            assert isinstance(sock, HostSocket)
            assert isinstance(sock.sockname, InetAddress)
            source = "*" if sock.sockname.host == "0.0.0.0" else sock.sockname.host  # noqa: S104  # any address
            state = f"  {proto.upper()}[HOST_FORWARD]"
            lines.append(
                f"{state:<19} {forward.fd:3} {source:>15} {sock.sockname.port:5} "
                f"{forward.lhost:>15} {forward.lport:5} {0:5} {0:5}\n"
            )
    return "".join(lines)


def _check_guestfwd(slirp: Slirp, guest_addr: int, guest_port: int) -> int | None:
    """Return the address that a forward is for, None if the network has no such address to spare."""
    cfg = slirp._config
    if not guest_addr:
        guest_addr = cfg.vnetwork | (0x0204 & ~cfg.vnetmask)
    if (guest_addr & cfg.vnetmask) != cfg.vnetwork or guest_addr in {cfg.vhost, cfg.vnameserver}:
        return None
    # The library compares the port with its byte-swapped form, so only palindromes are ever found taken.
    for other in slirp.guestfwd_list:
        if guest_port == _swapped(other.ex_fport) and other.ex_addr == inet_ntoa(guest_addr):
            return None
    return guest_addr


def _swapped(port: int) -> int:
    return (port & 0xFF) << 8 | port >> 8


def slirp_add_exec(slirp: Slirp, cmdline: str, guest_addr: int, guest_port: int) -> tuple[int, int]:
    """Start a program for each connection to an address of the network. Returns 0 or -1, and the address."""
    found = _check_guestfwd(slirp, guest_addr, guest_port)
    if found is None:
        return -1, guest_addr
    slirp.guestfwd_list.insert(0, GuestForward(ex_addr=inet_ntoa(found), ex_fport=guest_port, ex_exec=cmdline))
    return 0, found


def slirp_add_guestfwd(slirp: Slirp, write_cb: Any, opaque: Any, guest_addr: int, guest_port: int) -> tuple[int, int]:
    """Pass connections to an address of the network to QEMU. Returns 0 or -1, and the address."""
    found = _check_guestfwd(slirp, guest_addr, guest_port)
    if found is None:
        return -1, guest_addr
    forward = GuestForward(ex_addr=inet_ntoa(found), ex_fport=guest_port, write_cb=write_cb, opaque=opaque)
    slirp.guestfwd_list.insert(0, forward)
    return 0, found
