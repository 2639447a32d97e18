"""netdev_add, netdev_del, set_link, info network on a running machine (net/net.c, monitor/hmp-cmds.c)."""

from __future__ import annotations

import pytest
from conformance.qemu import qemu

import emu
from emu.monitor.hmp_cmds_net import (
    hmp_netdev_add,
    hmp_netdev_del,
    hmp_set_link,
    netdev_add_completion,
    netdev_del_completion,
    set_link_completion,
)
from emu.monitor.monitor import Monitor, monitor_set_cur
from emu.net.net.info import hmp_info_network
from emu.qobject.qdict import qdict_new
from emu.util.readline import ReadLineState

ARGV = ("-nodefaults", "-netdev", "user,id=n0", "-device", "virtio-net-pci,netdev=n0,id=c")
LINES = [
    "set_link n0 off",
    "set_link c on",
    "set_link zz on",
    "netdev_add user,id=n1",
    "netdev_add user",
    "netdev_add help",
    "netdev_add foo,id=n",
    "netdev_add tap,id=t,script=/x",
    "info network",
    "netdev_del n1",
    "netdev_del n1",
    "netdev_del n0",
    "netdev_del n0",
    "info network",
    "netdev_add user,id=n0",
    "info network",
    "netdev_add hubport,id=p,hubid=2,netdev=n0",
    "netdev_del n0",
    "info network",
]


def obey(mon: Monitor, line: str) -> str:
    """Do one of the commands; return what it printed."""
    command, _, rest = line.partition(" ")
    if command == "set_link":
        name, up = rest.split()
        hmp_set_link(mon, qdict_new({"name": name, "up": up == "on"}))
    elif command == "netdev_add":
        type_, *options = rest.split(",")
        hmp_netdev_add(mon, qdict_new({"type": type_} | {key: value for key, _, value in (o.partition("=") for o in options)}))
    elif command == "netdev_del":
        hmp_netdev_del(mon, qdict_new({"id": rest}))
    else:
        hmp_info_network(mon, None)
    return mon.take()


def emulated(lines: list[str]) -> list[str]:
    run = emu.run(ARGV)
    assert run.exit_status == 0, run.stderr
    with run.recorder.active():
        mon = Monitor()
        monitor_set_cur(mon)
        return [obey(mon, line) for line in lines]


@pytest.mark.qemu
def test_commands_print_what_the_real_program_prints() -> None:
    with qemu(*ARGV) as real:
        assert emulated(LINES) == [real.hmp(line).replace("\r\n", "\n") for line in LINES]


def test_a_deleted_backend_stays_until_its_card_goes() -> None:
    assert emulated(["netdev_del n0", "info network"])[1].splitlines()[1] == " \\ n0: index=0,type=user,net=10.0.2.0,restrict=off"


def test_names_are_offered_as_they_are_typed() -> None:
    run = emu.run(ARGV)
    with run.recorder.active():
        for complete, args, word, offered in (
            (set_link_completion, 2, "", ["n0", "c"]),
            (set_link_completion, 3, "o", ["on", "off"]),
            (netdev_del_completion, 2, "", ["n0"]),
            (netdev_add_completion, 2, "vh", ["vhost-user", "vhost-vdpa"]),
        ):
            rs = ReadLineState()
            complete(rs, args, word)
            assert list(rs.completions) == offered
