"""net/net.c: clients, peers, addresses, and what the command line makes of them."""

from __future__ import annotations

import pytest
from clients import clients, info_network

from emu.net.hub import hub_c
from emu.net.net import (
    MACAddr,
    NetClientInfo,
    NetClientState,
    NICConf,
    NICState,
    qemu_del_net_client,
    qemu_del_nic,
    qemu_find_net_clients_except,
    qemu_find_netdev,
    qemu_get_nic,
    qemu_get_subqueue,
    qemu_macaddr_default_if_unset,
    qemu_new_net_client,
    qemu_new_nic,
    qmp_set_link,
)
from emu.net.net.qmp import qmp_netdev_add, qmp_netdev_del
from emu.net.net.startup import net_check_clients
from emu.net.net.statics import net_c
from emu.qapi.error import Error
from emu.qapi.qapi_types_net import NetClientDriver, Netdev
from emu.softmmu.globals import globals_c
from emu.trace import Recorder

BACKEND = NetClientInfo(variable="backend", type=NetClientDriver.TAP, size=(NetClientState,))
CARD = NetClientInfo(variable="card", type=NetClientDriver.NIC, size=(NICState,))


def card(*peers: NetClientState) -> NICState:
    conf = NICConf()
    for i, peer in enumerate(peers):
        conf.peers.ncs[i] = peer
    conf.peers.queues = len(peers)
    return qemu_new_nic(CARD, conf, "card", "nic0", None, None)


def backend(name: str) -> NetClientState:
    return qemu_new_net_client(BACKEND, None, "tap", name)


def test_qemu_new_nic_joins_each_queue_to_its_peer() -> None:
    with Recorder().active():
        tap = [backend("n0") for _ in range(3)]
        nic = card(*tap)
        assert [nc.peer for nc in nic.ncs] == tap
        assert [nc.peer for nc in tap] == list(nic.ncs)
        assert [nc.queue_index for nc in nic.ncs] == [0, 1, 2]
        assert list(net_c().net_clients) == [*tap, *nic.ncs]
        assert qemu_get_nic(qemu_get_subqueue(nic, 2)) is nic


def test_qemu_new_nic_without_peer_has_one_queue() -> None:
    with Recorder().active():
        nic = card()
        assert len(nic.ncs) == 1
        assert nic.ncs[0].peer is None


def test_assign_name_counts_clients_of_the_model() -> None:
    with Recorder().active():
        names = [qemu_new_net_client(BACKEND, None, model, None).name for model in ("tap", "tap", "user", "tap")]
        assert names == ["tap.0", "tap.1", "user.0", "tap.2"]


def test_qemu_find_netdev_never_finds_a_card() -> None:
    with Recorder().active():
        n0 = backend("n0")
        nic = card(n0)
        assert qemu_find_netdev("n0") is n0
        assert qemu_find_netdev("nic0") is None
        assert qemu_find_net_clients_except("nic0", NetClientDriver.NIC, 1024) == []
        assert qemu_find_net_clients_except("nic0", None, 1024) == list(nic.ncs)


def test_qemu_del_net_client_with_a_card_waits_for_the_card() -> None:
    with Recorder().active() as rec:
        n0 = backend("n0")
        nic = card(n0)
        qemu_del_net_client(n0)
        assert nic.peer_deleted
        assert nic.ncs[0].link_down
        assert list(net_c().net_clients) == list(nic.ncs)
        assert not any(event[0] == "F" and event[3] == n0._id for event in rec.events)
        qemu_del_nic(nic)
        assert any(event[0] == "F" and event[3] == n0._id for event in rec.events)
        assert len(net_c().net_clients) == 0


def test_qemu_macaddr_default_if_unset_takes_the_first_free_one() -> None:
    with Recorder().active():
        addresses = [MACAddr() for _ in range(3)]
        addresses[0].a.put(0, bytes.fromhex("525400123456"))
        for mac in addresses:
            qemu_macaddr_default_if_unset(mac)
        assert [bytes(mac.a)[5] for mac in addresses] == [0x56, 0x57, 0x58]
        foreign = MACAddr()
        foreign.a.put(0, bytes.fromhex("020000000057"))
        qemu_macaddr_default_if_unset(foreign)
        assert bytes(foreign.a) == bytes.fromhex("020000000057")


def test_qmp_set_link_takes_the_card_with_it() -> None:
    with Recorder().active():
        n0 = backend("n0")
        nic = card(n0)
        qmp_set_link("n0", False)
        assert n0.link_down
        assert nic.ncs[0].link_down
        qmp_set_link("n0", True)
        assert not nic.ncs[0].link_down
        with pytest.raises(Error, match="Device 'nope' not found"):
            qmp_set_link("nope", False)


def test_net_init_clients_goes_netdev_nic_net() -> None:
    with clients("-net", "user,id=c", "-nic", "user,id=b", "-netdev", "user,id=a"):
        assert [nc.name for nc in net_c().net_clients] == ["a", "b", "hub0port0", "c"]


def test_a_hub_stands_between_net_nic_and_net_user() -> None:
    with clients("-net", "nic,model=e1000", "-net", "user"):
        nd = globals_c().nd_table[0]
        assert (nd.used, nd.model, globals_c().nb_nics) == (True, "e1000", 1)
        assert nd.netdev is not None
        assert nd.netdev.name == "hub0port0"
        assert hub_c().hubs[0].num_ports == 2
        assert info_network() == "hub 0\n \\ hub0port1: #net100: index=0,type=user,net=10.0.2.0,restrict=off\n \\ hub0port0\n"


def test_nic_fills_nd_table_and_takes_its_options_away() -> None:
    with clients("-nic", "user,model=virtio-net-pci,id=n0,mac=52:54:00:aa:bb:cc") as done:
        nd = globals_c().nd_table[0]
        assert (nd.used, nd.model, bytes(nd.macaddr.a).hex()) == (True, "virtio-net-pci", "525400aabbcc")
        assert nd.netdev is qemu_find_netdev("n0")
        assert done.calls("net_param_nic", "nic_get_free_idx", "net_parse_macaddr", "qemu_macaddr_default_if_unset") == [
            "net_param_nic",
            "nic_get_free_idx",
            "net_parse_macaddr",
            "qemu_macaddr_default_if_unset",
        ]


def test_net_check_clients_warns_of_what_stands_alone() -> None:
    with clients("-netdev", "user,id=n0", "-net", "nic") as done:
        net_check_clients()
        assert done.stderr.splitlines() == [
            "qemu-system-x86_64: warning: hub port hub0port0 has no peer",
            "qemu-system-x86_64: warning: netdev n0 has no peer",
            "qemu-system-x86_64: warning: netdev hub0port0 has no peer",
            (
                "qemu-system-x86_64: warning: requested NIC (#net000, model unspecified) was not created "
                "(not supported by this machine?)"
            ),
        ]


def test_qmp_netdev_add_and_del() -> None:
    with clients():
        qmp_netdev_add(Netdev(id="n0", type=NetClientDriver.HUBPORT, u=hubport(3)))
        assert info_network() == "hub 3\n \\ n0\n"
        with pytest.raises(Error, match="Duplicate ID 'n0'"):
            qmp_netdev_add(Netdev(id="n0", type=NetClientDriver.HUBPORT, u=hubport(3)))
        with pytest.raises(Error, match="Parameter 'id' expects an identifier"):
            qmp_netdev_add(Netdev(id="0", type=NetClientDriver.HUBPORT, u=hubport(3)))
        qmp_netdev_del("n0")
        assert len(net_c().net_clients) == 0
        with pytest.raises(Error, match="Device 'n0' not found"):
            qmp_netdev_del("n0")


def hubport(hubid: int) -> object:
    from emu.qapi.qapi_types_net import NetdevHubPortOptions, NetdevUnion

    return NetdevUnion(hubport=NetdevHubPortOptions(hubid=hubid))


WRONG = [
    ("-netdev", "user", "-netdev user: Parameter 'id' is missing"),
    ("-netdev", "none,id=n0", "-netdev none,id=n0: network backend 'none' is not compiled into this binary"),
    ("-netdev", "nic,id=n0", "-netdev nic,id=n0: network backend 'nic' is not compiled into this binary"),
    (
        "-netdev",
        "netmap,id=n0,ifname=x",
        "-netdev netmap,id=n0,ifname=x: network backend 'netmap' is not compiled into this binary",
    ),
    ("-netdev", "foo,id=n0", "-netdev foo,id=n0: Parameter 'type' does not accept value 'foo'"),
    ("-net", "hubport,hubid=1", "-net hubport,hubid=1: network backend 'hubport' is only supported with -netdev/-nic"),
    ("-nic", "user,mac=zz", "-nic user,mac=zz: invalid syntax for ethernet address"),
    ("-nic", "user,mac=01:00:00:00:00:00", "-nic user,mac=01:00:00:00:00:00: NIC cannot have multicast MAC address"),
    ("-net", "nic,vectors=134217728", "-net nic,vectors=134217728: invalid # of vectors: 134217728"),
    ("-net", "nic,netdev=x", "-net nic,netdev=x: netdev 'x' not found"),
    ("-netdev", "user,id=n0,ipv6-net=", "-netdev user,id=n0,ipv6-net=: Parameter 'ipv6-net' expects a valid IPv6 prefix"),
]


@pytest.mark.parametrize(("option", "value", "text"), WRONG)
def test_what_net_client_init_refuses(option: str, value: str, text: str) -> None:
    with clients(option, value) as done:
        assert (done.status, done.stderr) == (1, f"qemu-system-x86_64: {text}\n")


def test_an_error_that_ends_the_program_cleans_nothing_up() -> None:
    with clients("-netdev", "user,id=n0,hostfwd=x") as done:
        assert done.status == 1
        assert done.calls("slirp_hostfwd", "qemu_del_net_client") == ["slirp_hostfwd"]
