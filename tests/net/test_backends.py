"""net/tap.c, net/hub.c, net/socket.c, net/stream.c, net/dgram.c, net/l2tpv3.c on the simulated host."""

from __future__ import annotations

import pytest
from clients import clients, info_network

from emu.host import host
from emu.io.channel_socket import QIO_CHANNEL_SOCKET
from emu.io.task import qio_task_run
from emu.net.net.clients import qemu_del_net_client
from emu.net.net.statics import net_c
from emu.net.stream import NET_STREAM_STATE
from emu.net.tap.state import TAP_STATE
from emu.util.main_loop import main_loop

LOCAL = "addr.type=inet,addr.host=127.0.0.1,addr.port=5001"


def test_a_tap_of_four_queues_is_four_clients_of_one_interface() -> None:
    with clients("-netdev", "tap,id=n0,queues=4,script=no,downscript=no"):
        taps = [TAP_STATE(nc) for nc in net_c().net_clients]
        assert len({tap.fd for tap in taps}) == 4
        assert all(tap.has_ufo and tap.host_vnet_hdr_len == 10 and tap.enabled for tap in taps)
        interface = host().interfaces["tap0"]
        assert len(interface.queues) == 4  # type: ignore[attr-defined]  # it is a TapInterface
        assert info_network() == "n0: index=0,type=tap,ifname=tap0,script=no,downscript=no\n" * 4
        qemu_del_net_client(net_c().net_clients[0])
        assert host().interfaces.get("tap0") is None


def test_two_taps_cannot_have_one_interface() -> None:
    one = "ifname=t,script=no,downscript=no"
    with clients("-netdev", f"tap,id=n0,{one}", "-netdev", f"tap,id=n1,{one}") as done:
        assert done.status == 1
        assert done.stderr.endswith("could not configure /dev/net/tun (t): Device or resource busy\n")


REFUSED = [
    (
        "tap,id=n0,fd=99,ifname=x",
        "ifname=, script=, downscript=, vnet_hdr=, helper=, queues=, fds=, and vhostfds= are invalid with fd=",
    ),
    ("tap,id=n0,fd=99", "n0: Can't use file descriptor 99: Bad file descriptor"),
    (
        "tap,id=n0,fds=1:2,queues=2",
        "ifname=, script=, downscript=, vnet_hdr=, helper=, queues=, and vhostfd= are invalid with fds=",
    ),
    ("tap,id=n0,fds=1,vhostfds=1:2", "The number of fds passed does not match the number of vhostfds passed"),
    ("tap,id=n0,script=/nonexistent", "network script /nonexistent failed with status 256"),
    ("tap,id=n0,ifname=lo,script=no", "could not configure /dev/net/tun (lo): Invalid argument"),
    ("tap,id=n0,queues=257,script=no", "could not configure /dev/net/tun (tap0): Argument list too long"),
    ("tap,id=n0,vhostfds=1,script=no", "vhostfds= is invalid if fds= wasn't specified"),
    ("bridge,id=n0,helper=/nonexistent", "bridge helper failed"),
    ("hubport,id=n0,hubid=0,netdev=x", "netdev 'x' not found"),
    ("socket,id=n0", "exactly one of listen=, connect=, mcast= or udp= is required"),
    ("socket,id=n0,listen=:1,localaddr=x", "localaddr= is only valid with mcast= or udp="),
    ("socket,id=n0,udp=127.0.0.1:1", "localaddr= is mandatory with udp="),
    ("socket,id=n0,listen=x", "host address 'x' doesn't contain ':' separating host from port"),
    ("socket,id=n0,listen=1.2.3.4:5", "can't bind ip=1.2.3.4 to socket: Cannot assign requested address"),
    ("socket,id=n0,mcast=10.0.0.1:1", "specified mcastaddr 10.0.0.1 (0x0a000001) does not contain a multicast address"),
    ("dgram,id=n0", "dgram requires local= parameter"),
    ("dgram,id=n0,local.type=unix,local.path=/x", "type=inet or type=unix requires remote parameter"),
    ("l2tpv3,id=n0,src=127.0.0.1,dst=127.0.0.1,txsession=1,udp=on", "need both src and dst port for udp"),
    ("l2tpv3,id=n0,src=127.0.0.1,dst=127.0.0.1,txsession=1,rxcookie=1", "require both 'rxcookie' and 'txcookie' or neither"),
    ("vde,id=n0", "Could not open vde: No such file or directory"),
    ("vhost-user,id=n0,chardev=c", 'chardev "c" not found'),
    ("vhost-vdpa,id=n0", "vhost-vdpa: neither vhostdev= nor vhostfd= was specified"),
]


@pytest.mark.parametrize(("value", "text"), REFUSED)
def test_what_a_backend_refuses(value: str, text: str) -> None:
    with clients("-netdev", value) as done:
        assert (done.status, done.stderr) == (1, f"qemu-system-x86_64: -netdev {value}: {text}\n")


def test_no_queue_fails_an_assertion_of_qemu() -> None:
    with clients("-netdev", "tap,id=n0,queues=0,script=no") as done:
        assert done.status == 134
        assert done.stderr == "qemu-system-x86_64: ../../net/net.c:1131: net_client_init1: Assertion `nc' failed.\n"


def test_a_stream_listens_when_the_main_loop_comes_to_it() -> None:
    with clients("-netdev", f"stream,id=n0,server=on,{LOCAL}"):
        s = NET_STREAM_STATE(net_c().net_clients[0])
        assert s.listen_ioc is not None
        assert QIO_CHANNEL_SOCKET(s.listen_ioc).fd == -1
        for task in main_loop().pending:
            qio_task_run(task)  # type: ignore[arg-type]  # only tasks wait here
        assert s.listener is not None
        assert s.listener.nsioc == 1
        assert net_c().net_clients[0].link_down


def test_a_stream_that_finds_nobody_says_so() -> None:
    with clients("-netdev", f"stream,id=n0,{LOCAL}"):
        for task in main_loop().pending:
            qio_task_run(task)  # type: ignore[arg-type]  # only tasks wait here
        assert info_network() == "n0: index=0,type=stream,connection error\n"


def test_addresses_in_the_information_of_datagram_backends() -> None:
    ends = "local.type=inet,local.host=127.0.0.1,local.port=1,remote.type=inet,remote.host=127.0.0.2,remote.port=2"
    with clients("-netdev", f"dgram,id=n0,{ends}", "-netdev", "socket,id=n1,mcast=230.0.0.1:1234"):
        # inet_ntoa has one buffer, so the local address stands twice.
        assert info_network() == (
            "n0: index=0,type=dgram,udp=127.0.0.1:1/127.0.0.1:2\nn1: index=0,type=socket,socket: mcast=230.0.0.1:1234\n"
        )
