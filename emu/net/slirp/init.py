"""How the user backend comes into being (net/slirp.c)."""

from __future__ import annotations

from typing import Final

from emu.errors import NotModelled
from emu.host.inet import inet_aton, inet_ntoa, inet_pton6
from emu.host.libslirp import SLIRP_STATE_VERSION, SlirpConfig, slirp_new, slirp_state_version
from emu.migration.savevm import register_savevm_live
from emu.net.net.clients import qemu_del_net_client, qemu_new_net_client
from emu.net.net.mac import qemu_set_info_str
from emu.net.net.structs import NetClientState
from emu.net.slirp.callbacks import net_slirp_info, net_slirp_poll_notify, savevm_slirp_state, slirp_cb, slirp_smb_exit
from emu.net.slirp.forward import c_int, get_str_sep, slirp_guestfwd, slirp_hostfwd
from emu.net.slirp.smb import slirp_smb
from emu.net.slirp.structs import SLIRP_CFG_HOSTFWD, SLIRP_STATE, slirp_c, slirp_config_str
from emu.qapi.error import Error, error_setg, errp_is_fatal
from emu.qapi.qapi_types_common import String
from emu.qapi.qapi_types_net import NetClientDriver, Netdev, NetdevUserOptions
from emu.softmmu.runstate import qemu_add_exit_notifier
from emu.trace import Seq, emulates, g_free
from emu.util.cutils import strtoll
from emu.util.main_loop import main_loop_poll_add_notifier

ALL: Final = 0xFFFFFFFF


def _class_mask(addr: int) -> int:
    """The mask that goes without saying for a network."""
    if not addr & 0x80000000:
        return 0xFF000000  # class A
    if addr & 0xFFF00000 == 0xAC100000:
        return 0xFFF00000  # private: 172.16.0.0/12
    if addr & 0xC0000000 == 0x80000000:
        return 0xFFFF0000  # class B
    if addr & 0xFFFF0000 == 0xC0A80000:
        return 0xFFFF0000  # private: 192.168.0.0/16
    if addr & 0xFFFF0000 == 0xC6120000:
        return 0xFFFE0000  # tests: 198.18.0.0/15
    if addr & 0xE0000000 == 0xE0000000:
        return 0xFFFFFF00  # as QEMU has it for class C
    return 0xFFFFFFF0


def _aton(text: str, message: str) -> int:
    address = inet_aton(text)
    if address is None:
        error_setg(message)
    return address


def _network(vnetwork: str) -> tuple[int, int]:
    """Return network and mask of ``addr[/mask]``. Error: malformed."""
    part = get_str_sep(20, vnetwork, "/")
    if part is None:
        net = _aton(vnetwork, "Failed to parse netmask")
        mask = _class_mask(net)
    else:
        net = _aton(part[0], "Failed to parse netmask")
        number = strtoll(part[1], 10)
        shift = c_int(number.value)
        if number.end != len(part[1]):
            mask = _aton(part[1], "Failed to parse netmask (trailing chars)")
        elif shift < 4 or shift > 32:
            error_setg("Invalid netmask provided (must be in range 4-32)")
        else:
            mask = ALL << (32 - shift) & ALL
    return net & mask, mask


def in6_equal_net(a: bytes, b: bytes, prefix_len: int) -> bool:
    """Tell whether two IPv6 addresses are in one network (net/util.h)."""
    shift = 128 - prefix_len
    return int.from_bytes(a, "big") >> shift == int.from_bytes(b, "big") >> shift


def _pton6(text: str, message: str) -> bytes:
    address = inet_pton6(text)
    if address is None:
        error_setg(message)
    return address


def _ipv4(cfg: SlirpConfig, vnetwork: str | None, vhost: str | None, vnameserver: str | None, vdhcp_start: str | None) -> None:
    net, mask, host = 0x0A000200, 0xFFFFFF00, 0x0A000202
    dhcp, dns = 0x0A00020F, 0x0A000203

    if vnetwork is not None:
        net, mask = _network(vnetwork)
        host = net | (0x0202 & ~mask)
        dhcp = net | (0x020F & ~mask)
        dns = net | (0x0203 & ~mask)

    if vhost is not None:
        host = _aton(vhost, "Failed to parse host")
    if host & mask != net:
        error_setg("Host doesn't belong to network")

    if vnameserver is not None:
        dns = _aton(vnameserver, "Failed to parse DNS")
    if cfg.restricted and dns & mask != net:
        error_setg("DNS doesn't belong to network")
    if dns == host:
        error_setg("DNS must be different from host")

    if vdhcp_start is not None:
        dhcp = _aton(vdhcp_start, "Failed to parse DHCP start address")
    if dhcp & mask != net:
        error_setg("DHCP doesn't belong to network")
    if dhcp in {host, dns}:
        error_setg("DHCP must be different from host and DNS")

    cfg.vnetwork, cfg.vnetmask, cfg.vhost = net, mask, host
    cfg.vdhcp_start, cfg.vnameserver = dhcp, dns


def _ipv6(cfg: SlirpConfig, vprefix6: str | None, vprefix6_len: int, vhost6: str | None, vnameserver6: str | None) -> None:
    prefix = _pton6("fec0::" if vprefix6 is None else vprefix6, "Failed to parse IPv6 prefix")

    if not vprefix6_len:
        vprefix6_len = 64
    if vprefix6_len < 0 or vprefix6_len > 126:
        error_setg("Invalid IPv6 prefix provided (IPv6 prefix length must be between 0 and 126)")

    if vhost6 is not None:
        host = _pton6(vhost6, "Failed to parse IPv6 host")
        if not in6_equal_net(prefix, host, vprefix6_len):
            error_setg("IPv6 Host doesn't belong to network")
    else:
        host = prefix[:15] + bytes((prefix[15] | 2,))

    if vnameserver6 is not None:
        dns = _pton6(vnameserver6, "Failed to parse IPv6 DNS")
        if cfg.restricted and not in6_equal_net(prefix, dns, vprefix6_len):
            error_setg("IPv6 DNS doesn't belong to network")
    else:
        dns = prefix[:15] + bytes((prefix[15] | 3,))

    cfg.vprefix_addr6, cfg.vprefix_len, cfg.vhost6, cfg.vnameserver6 = prefix, vprefix6_len, host, dns


def _too_long(text: str | None) -> bool:
    return text is not None and len(text.encode()) > 255


@emulates
def net_slirp_init(
    peer: NetClientState | None,
    model: str,
    name: str,
    restricted: int,
    ipv4: bool,
    vnetwork: str | None,
    vhost: str | None,
    ipv6: bool,
    vprefix6: str | None,
    vprefix6_len: int,
    vhost6: str | None,
    vhostname: str | None,
    tftp_export: str | None,
    bootfile: str | None,
    vdhcp_start: str | None,
    vnameserver: str | None,
    vnameserver6: str | None,
    smb_export: str | None,
    vsmbserver: str | None,
    dnssearch: tuple[str, ...] | None,
    vdomainname: str | None,
    tftp_server_name: str | None,
) -> int:
    """net/slirp.c. Checks every option, makes the client, then the library's network. Error: an option is wrong."""
    cfg = SlirpConfig()
    cfg.restricted = restricted

    if not ipv4 and (vnetwork is not None or vhost is not None or vnameserver is not None):
        error_setg("IPv4 disabled but netmask/host/dns provided")

    if not ipv6 and (vprefix6 is not None or vhost6 is not None or vnameserver6 is not None):
        error_setg("IPv6 disabled but prefix/host6/dns6 provided")

    if not ipv4 and not ipv6:
        error_setg("IPv4 and IPv6 disabled")

    _ipv4(cfg, vnetwork, vhost, vnameserver, vdhcp_start)
    smbsrv = 0 if vsmbserver is None else _aton(vsmbserver, "Failed to parse SMB address")
    _ipv6(cfg, vprefix6, vprefix6_len, vhost6, vnameserver6)

    if vdomainname is not None and not vdomainname:
        error_setg("'domainname' parameter cannot be empty")
    if _too_long(vdomainname):
        error_setg("'domainname' parameter cannot exceed 255 bytes")
    if _too_long(vhostname):
        error_setg("'vhostname' parameter cannot exceed 255 bytes")
    if _too_long(tftp_server_name):
        error_setg("'tftp-server-name' parameter cannot exceed 255 bytes")

    nc = qemu_new_net_client(net_slirp_info, peer, model, name)

    qemu_set_info_str(nc, f"net={inet_ntoa(cfg.vnetwork)},restrict={'on' if restricted else 'off'}")

    s = SLIRP_STATE(nc)

    cfg.version = 4
    cfg.in_enabled = ipv4
    cfg.in6_enabled = ipv6
    cfg.vhostname = vhostname
    cfg.tftp_server_name = tftp_server_name
    cfg.tftp_path = tftp_export
    cfg.bootfile = bootfile
    cfg.vdnssearch = dnssearch
    cfg.vdomainname = vdomainname
    slirp = slirp_new(cfg, slirp_cb, s)
    g_free(cfg)
    s.slirp = slirp
    slirp_c().slirp_stacks.append(s)
    if slirp is None:
        raise NotModelled("what follows when libslirp refuses the configuration (QEMU does not check)")

    # Migration relies on this version of the library's state.
    assert slirp_state_version() == SLIRP_STATE_VERSION
    register_savevm_live("slirp", 0, slirp_state_version(), savevm_slirp_state, slirp)

    s.poll_notifier.notify = net_slirp_poll_notify
    main_loop_poll_add_notifier(s.poll_notifier)

    try:
        for config in slirp_c().slirp_configs:
            if config.flags & SLIRP_CFG_HOSTFWD:
                slirp_hostfwd(s, config.str_)
            else:
                slirp_guestfwd(s, config.str_)
        if smb_export is not None:
            slirp_smb(s, smb_export, smbsrv)
    except Error:
        if not errp_is_fatal():
            qemu_del_net_client(nc)
        raise

    s.exit_notifier.notify = slirp_smb_exit
    qemu_add_exit_notifier(s.exit_notifier)
    return 0


@emulates
def net_init_slirp_configs(fwd: tuple[str, ...], flags: int) -> None:
    """net/slirp.c. Notes forwards, cut to 1023 bytes; the latest stands first."""
    for rule in fwd:
        config = slirp_config_str()
        config.str_ = rule.encode()[:1023].decode(errors="ignore")
        config.flags = flags
        slirp_c().slirp_configs.insert(0, config)


@emulates
def slirp_dnssearch(dnsname: tuple[str, ...]) -> tuple[str, ...] | None:
    """net/slirp.c. Returns the domains, None if there are none."""
    return dnsname or None


def _strings(given: Seq[String] | None) -> tuple[str, ...]:
    return tuple(item.str_ for item in given or ())


def _families(user: NetdevUserOptions) -> tuple[bool, bool]:
    """Whether IPv4 and IPv6 are on: naming one of them alone turns the other off."""
    ipv4 = not ((user.ipv6 and user.ipv4 is None) or user.ipv4 is False)
    ipv6 = not ((user.ipv4 and user.ipv6 is None) or user.ipv6 is False)
    return ipv4, ipv6


@emulates
def net_init_slirp(netdev: Netdev, name: str, peer: NetClientState | None) -> int:
    """net/slirp.c. ``-netdev user``. Error: an option is wrong."""
    assert netdev.type == NetClientDriver.USER
    user = netdev.u.user

    ipv4, ipv6 = _families(user)

    vnet = user.net
    if vnet is None and user.ip is not None:
        vnet = f"{user.ip}/24"

    dnssearch = slirp_dnssearch(_strings(user.dnssearch))

    net_init_slirp_configs(_strings(user.hostfwd), SLIRP_CFG_HOSTFWD)
    net_init_slirp_configs(_strings(user.guestfwd), 0)

    try:
        return net_slirp_init(
            peer,
            "user",
            name,
            int(user.restrict or 0),
            ipv4,
            vnet,
            user.host,
            ipv6,
            user.ipv6_prefix,
            c_int(user.ipv6_prefixlen or 0),
            user.ipv6_host,
            user.hostname,
            user.tftp,
            user.bootfile,
            user.dhcpstart,
            user.dns,
            user.ipv6_dns,
            user.smb,
            user.smbserver,
            dnssearch,
            user.domainname,
            user.tftp_server_name,
        )
    finally:
        while len(slirp_c().slirp_configs):
            g_free(slirp_c().slirp_configs.pop(0))
