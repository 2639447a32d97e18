"""net/slirp.c: every option of the user backend."""

from __future__ import annotations

import pytest
from clients import clients, info_network

from emu.net.net.statics import net_c
from emu.net.slirp import SlirpState
from emu.net.slirp.structs import SLIRP_STATE, slirp_c
from emu.util.main_loop import main_loop
from emu.util.qemu_timer import QEMU_CLOCK_VIRTUAL, main_loop_tlg


def state() -> SlirpState:
    return SLIRP_STATE(net_c().net_clients[0])


def test_net_slirp_init_makes_client_network_and_timer() -> None:
    with clients("-netdev", "user,id=n0") as done:
        s = state()
        assert s.slirp is not None
        assert (s.slirp.vhost_addr, s.slirp.vdhcp_startaddr, s.slirp.vnameserver_addr) == ("10.0.2.2", "10.0.2.15", "10.0.2.3")
        assert list(slirp_c().slirp_stacks) == [s]
        assert s.poll_notifier in main_loop().main_loop_poll_notifiers
        assert len(main_loop_tlg().tl[QEMU_CLOCK_VIRTUAL].active_timers) == 1
        assert done.calls(
            "net_slirp_init_completed", "net_slirp_timer_new_opaque", "net_slirp_clock_get_ns", "net_slirp_timer_mod"
        ) == [
            "net_slirp_init_completed",
            "net_slirp_timer_new_opaque",
            "net_slirp_clock_get_ns",
            "net_slirp_timer_mod",
        ]


def test_without_ipv6_there_is_no_timer() -> None:
    with clients("-netdev", "user,id=n0,ipv6=off"):
        assert len(main_loop_tlg().tl[QEMU_CLOCK_VIRTUAL].active_timers) == 0


NETWORKS = [
    ("net=10.0.2.0", "10.0.0.0"),
    ("net=172.16.5.5", "172.16.0.0"),
    ("net=192.168.1.0", "192.168.0.0"),
    ("net=198.18.0.1", "198.18.0.0"),
    ("net=150.1.2.3", "150.1.0.0"),
    ("net=200.1.2.3", "200.1.2.0"),
    ("net=10.0.2.0/255.255.0.0", "10.0.0.0"),
    ("net=0x0a000200/24", "10.0.2.0"),
    ("net=1/8", "0.0.0.0"),
    ("ip=10.0.3.9", "10.0.3.0"),
]


@pytest.mark.parametrize(("option", "net"), NETWORKS)
def test_the_network_and_its_mask(option: str, net: str) -> None:
    with clients("-netdev", f"user,id=n0,{option}"):
        assert info_network() == f"n0: index=0,type=user,net={net},restrict=off\n"


REFUSED = [
    ("ipv4=off,net=10.0.2.0/24", "IPv4 disabled but netmask/host/dns provided"),
    ("ipv6=off,ipv6-prefix=fec0::", "IPv6 disabled but prefix/host6/dns6 provided"),
    ("ipv4=off,ipv6=off", "IPv4 and IPv6 disabled"),
    ("net=foo", "Failed to parse netmask"),
    ("net=10.0.2.0/24x", "Failed to parse netmask (trailing chars)"),
    ("net=10.0.2.0/33", "Invalid netmask provided (must be in range 4-32)"),
    ("host=x", "Failed to parse host"),
    ("host=10.0.3.9", "Host doesn't belong to network"),
    ("dns=x", "Failed to parse DNS"),
    ("dns=8.8.8.8,restrict=on", "DNS doesn't belong to network"),
    ("dns=10.0.2.2", "DNS must be different from host"),
    ("dhcpstart=z", "Failed to parse DHCP start address"),
    ("dhcpstart=10.0.3.2", "DHCP doesn't belong to network"),
    ("dhcpstart=10.0.2.3", "DHCP must be different from host and DNS"),
    ("smbserver=z", "Failed to parse SMB address"),
    ("smb=/tmp", "Could not find '/usr/sbin/smbd', please install it"),
    ("ipv6-prefix=zz", "Failed to parse IPv6 prefix"),
    ("ipv6-prefixlen=-1", "Invalid IPv6 prefix provided (IPv6 prefix length must be between 0 and 126)"),
    ("ipv6-host=x", "Failed to parse IPv6 host"),
    ("ipv6-host=fec1::5", "IPv6 Host doesn't belong to network"),
    ("ipv6-dns=fec1::3,restrict=on", "IPv6 DNS doesn't belong to network"),
    ("domainname=", "'domainname' parameter cannot be empty"),
    ("hostfwd=foo", "Invalid host forwarding rule 'foo' (No : separators)"),
    ("hostfwd=x:", "Invalid host forwarding rule 'x:' (Bad protocol name)"),
    ("hostfwd=tcp:", "Invalid host forwarding rule 'tcp:' (Missing : separator)"),
    ("hostfwd=tcp:x:1-:2", "Invalid host forwarding rule 'tcp:x:1-:2' (Bad host address)"),
    ("hostfwd=tcp::", "Invalid host forwarding rule 'tcp::' (Bad host port separator)"),
    ("hostfwd=tcp::x-:2", "Invalid host forwarding rule 'tcp::x-:2' (Bad host port)"),
    ("hostfwd=tcp::1-", "Invalid host forwarding rule 'tcp::1-' (Missing guest address)"),
    ("hostfwd=tcp::1-y:2", "Invalid host forwarding rule 'tcp::1-y:2' (Bad guest address)"),
    ("hostfwd=tcp::1-:0", "Invalid host forwarding rule 'tcp::1-:0' (Bad guest port)"),
    ("hostfwd=tcp:203.0.113.1:1-:2", "Could not set up host forwarding rule 'tcp:203.0.113.1:1-:2'"),
    ("guestfwd=foo", "Invalid guest forwarding rule 'foo'"),
    ("guestfwd=tcp:10.0.2.2:80-cmd:x", "Conflicting/invalid host:port in guest forwarding rule 'tcp:10.0.2.2:80-cmd:x'"),
    ("guestfwd=tcp::80-chardev:c", "Could not open guest forwarding device 'guestfwd.tcp.80'"),
]


@pytest.mark.parametrize(("option", "text"), REFUSED)
def test_what_net_slirp_init_refuses(option: str, text: str) -> None:
    with clients("-netdev", f"user,id=n0,{option}") as done:
        assert (done.status, done.stderr) == (1, f"qemu-system-x86_64: -netdev user,id=n0,{option}: {text}\n")


def test_hostfwd_takes_a_port_of_the_host_once() -> None:
    rule = "hostfwd=tcp::5022-:22"
    with clients("-netdev", f"user,id=n0,{rule}") as done:
        slirp = state().slirp
        assert slirp is not None
        assert [(f.proto, f.lhost, f.lport) for f in slirp.hostfwd] == [("tcp", "10.0.2.15", 22)]
        assert done.status == 0
    with clients("-netdev", f"user,id=n0,{rule}", "-netdev", f"user,id=n1,{rule}") as done:
        assert done.status == 1
        assert "Could not set up host forwarding rule 'tcp::5022-:22'" in done.stderr
