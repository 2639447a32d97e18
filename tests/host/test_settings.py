"""How a run makes the simulated host fail, and what QEMU says then; lines that begin with ``host``."""

from __future__ import annotations

import pytest

import emu
from emu.host import host
from emu.host.commands import is_host_command, is_host_setting
from emu.host.vdpa import VdpaDevice

FAILURES = [
    # open refused
    (["host without /dev/net/tun"], "tap,id=n0", "could not open /dev/net/tun: No such file or directory"),
    (["host with denied /dev/net/tun"], "tap,id=n0", "could not open /dev/net/tun: Permission denied"),
    (["host with denied /dev/v"], "vhost-vdpa,id=n0,vhostdev=/dev/v", "Could not open '/dev/v': Permission denied"),
    ([], "vhost-vdpa,id=n0,vhostdev=/dev/v", "Could not open '/dev/v': No such file or directory"),
    (
        ["host with file /dev/v"],
        "vhost-vdpa,id=n0,vhostdev=/dev/v",
        "Fail to query features from vhost-vDPA device: Inappropriate ioctl for device",
    ),
    # name taken
    (
        ["host with interface br7"],
        "tap,id=n0,ifname=br7",
        "could not configure /dev/net/tun (br7): Invalid argument",
    ),
    (["host with tap t"], "tap,id=n0,ifname=t", "could not configure /dev/net/tun (t): Device or resource busy"),
    (
        ["host with tap t multiqueue"],
        "tap,id=n0,ifname=t",
        "could not configure /dev/net/tun (t): Invalid argument",
    ),
    # address in use
    (
        ["host with listener 127.0.0.1:5000"],
        "socket,id=n0,listen=127.0.0.1:5000",
        "can't bind ip=127.0.0.1 to socket: Address already in use",
    ),
    (
        ["host with listener 0.0.0.0:5000"],
        "socket,id=n0,listen=127.0.0.1:5000",
        "can't bind ip=127.0.0.1 to socket: Address already in use",
    ),
    # a helper or a script fails
    (["host with program /s status=3"], "tap,id=n0,script=/s", "network script /s failed with status 768"),
    (["host without /etc/qemu-ifup"], "tap,id=n0", "network script /etc/qemu-ifup failed with status 256"),
    (["host with program /h status=1"], "bridge,id=n0,helper=/h", "bridge helper failed"),
    # features that do not go together
    (
        ["host with vhost-vdpa /dev/v features=0x100000004"],
        "vhost-vdpa,id=n0,vhostdev=/dev/v,x-svq=on",
        "vdpa svq does not work with features 0x4",
    ),
]


@pytest.mark.parametrize(("settings", "netdev", "text"), FAILURES)
def test_each_failure_of_the_host_in_the_words_of_the_program(settings: list[str], netdev: str, text: str) -> None:
    run = emu.run(["-nodefaults", "-M", "none", "-netdev", netdev], commands=settings)
    assert run.exit_status == 1
    assert run.stderr.endswith(f"qemu-system-x86_64: -netdev {netdev}: {text}\n")


def test_what_a_host_has_is_found() -> None:
    settings = ["host with program /h", "host with name there address=127.0.0.1", "host with tap t multiqueue"]
    netdevs = ["bridge,id=a,helper=/h", "socket,id=b,listen=there:5000", "tap,id=c,ifname=t,queues=2,script=no,downscript=no"]
    argv = ["-nodefaults", "-M", "none"] + [word for netdev in netdevs for word in ("-netdev", netdev)]
    run = emu.run(argv, commands=settings)
    assert run.exit_status == 0, run.stderr


VDPA = ["-nodefaults", "-netdev", "vhost-vdpa,id=n0,vhostdev=/dev/v", "-device", "virtio-net-pci,netdev=n0,id=c,mq=on"]


def test_a_vdpa_device_has_a_client_a_queue_pair_and_one_for_its_control_queue() -> None:
    run = emu.run(VDPA, commands=("host with vhost-vdpa /dev/v queues=2", "info network"))
    assert run.exit_status == 0, run.stderr
    assert run.output("monitor").count(" \\ n0: ") == 3
    with run.recorder.active():
        device = host().vdpa["/dev/v"]
        assert isinstance(device, VdpaDevice)
        assert device.owned
        assert device.status == 3  # ACKNOWLEDGE and DRIVER (virtio 1.2, 2.1)
        assert device.config[:6] == bytes.fromhex("525400123456")  # the card's own address was written there


def test_one_program_at_a_time_has_a_vdpa_device() -> None:
    argv = [*VDPA, "-netdev", "vhost-vdpa,id=n1,vhostdev=/dev/v"]
    run = emu.run(argv, commands=("host with vhost-vdpa /dev/v",))
    assert run.stderr.endswith(": Could not open '/dev/v': Device or resource busy\n")


def test_only_virtio_cards_take_a_vdpa_device() -> None:
    run = emu.run([*VDPA[:3], "-device", "e1000,netdev=n0"], commands=("host with vhost-vdpa /dev/v",))
    assert run.stderr.endswith(": vhost-vdpa requires frontend driver virtio-net-*\n")


USER = ["-nodefaults", "-netdev", "user,id=n0", "-device", "virtio-net-pci,netdev=n0,id=c"]
SAID = [
    (["host send n0 60"], "60 bytes wait for c\n"),
    (["host send c 60"], "n0 took 60 bytes\n"),
    (["set_link n0 off", "host send n0 60"], "the link of n0 is down: the frame is lost\n"),
    (["netdev_add user,id=u", "host send u 60"], "u has no peer: the frame is lost\n"),
    (["host send zz 60"], "no network client 'zz'\n"),
    (["host send n0 60 1"], "'n0' has 1 queues\n"),
    (["host send n0 3"], "a frame has 14 to 69632 bytes\n"),
    (["host send n0 xyz"], "a frame is its bytes in hexadecimal, or its size, not 'xyz'\n"),
    (["host send n0"], "host send CLIENT HEX|SIZE [QUEUE]\n"),
    (["host peer-gone /x"], "nobody is to be at '/x': host with vhost-user /x\n"),
    (["host with vhost-user /x", "host peer-come /x"], "'/x' is there already\n"),
    (["host peers"], "nobody\n"),
    (["host with vhost-user /x absent", "host peers"], "/x: vhost-user, absent, 0 requests\n"),
    (["host without /nothing"], "this host has no '/nothing'\n"),
    (["host with vhost-user /x queues=a"], "queues= wants a number, not 'a'\n"),
    (["host with vhost-user /x loud"], "'loud' means nothing here\n"),
    (["host with listener 5000"], "an address is host:port, not '5000'\n"),
    (["host ?"], "host send|peer-gone|peer-come|peers|wait|with|without\n"),
]


@pytest.mark.parametrize(("commands", "text"), SAID)
def test_what_a_line_says(commands: list[str], text: str) -> None:
    run = emu.run(USER, commands=commands)
    assert run.exit_status == 0
    assert run.output("monitor").endswith(text)


def test_a_frame_reaches_everybody_at_a_hub() -> None:
    argv = ["-nodefaults", "-net", "user,id=a", "-net", "tap,id=b,script=no,downscript=no", "-net", "nic,model=e1000"]
    run = emu.run(argv, commands=("host send a 60",))
    names = [event for event in run.events if event[0] == "M" and event[3] == "monitor"]
    assert names[0][4] == "hub0port0 took 60 bytes\n"


def test_lines_are_told_apart() -> None:
    assert is_host_command("host send n0 60")
    assert not is_host_command("hostfwd_add tcp::1-:2")
    assert is_host_setting("host  with file /x")
    assert not is_host_setting("host send n0 60")
