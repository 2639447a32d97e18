"""Filters as objects, compared with the real program, and frames that pass through them (net/filter*.c, net/dump.c)."""

from __future__ import annotations

import subprocess

import pytest
from conformance.qemu import HEADLESS, PROGRAM, qemu

import emu
from emu.host import host
from emu.host.dumps import FileData
from emu.net.dump import PCAP_FILE_HDR, PCAP_MAGIC, PCAP_SF_PKTHDR

USER = ("-nodefaults", "-netdev", "user,id=n0", "-device", "virtio-net-pci,netdev=n0,id=c")
HUBS = ("-nodefaults", "-netdev", "hubport,id=a,hubid=0", "-netdev", "hubport,id=b,hubid=0")

REFUSED = [
    "filter-buffer,id=f,netdev=n0",
    "filter-buffer,id=f,netdev=n0,interval=0",
    "filter-buffer,id=f,netdev=n0,interval=-1",
    "filter-buffer,id=f,netdev=zz,interval=1",
    "filter-buffer,id=f,netdev=c,interval=1",
    "filter-buffer,netdev=n0,interval=1",
    "filter-buffer,id=1,netdev=n0,interval=1",
    "filter-buffer,id=f,interval=1",
    "filter-buffer,id=f,netdev=n0,interval=1,queue=foo",
    "filter-buffer,id=f,netdev=n0,interval=1,status=foo",
    "filter-buffer,id=f,netdev=n0,interval=1,position=foo",
    "filter-buffer,id=f,netdev=n0,interval=1,position=id=z",
    "filter-buffer,id=f,netdev=n0,interval=1,insert=foo",
    "filter-buffer,id=f,netdev=n0,interval=1,foo=1",
    "filter-dump,id=f,netdev=n0",
    "filter-dump,id=f,netdev=n0,file=/nope/x",
    "filter-dump,id=f,netdev=n0,file=/tmp/qomscope-never,maxlen=0",
    "filter-mirror,id=f,netdev=n0",
    "filter-mirror,id=f,netdev=n0,outdev=zz",
    "filter-redirector,id=f,netdev=n0",
    "filter-redirector,id=f,netdev=n0,indev=q,outdev=q",
    "filter-redirector,id=f,netdev=n0,indev=zz",
    "filter-redirector,id=f,netdev=n0,outdev=zz",
    "foo",
    "foo,id=x",
    "id=x",
    "netfilter,id=x",
    "filter-buffer,help",
    "filter-dump,help",
    "filter-mirror,help",
    "filter-redirector,help",
    "help",
    '{"qom-type":"filter-buffer","id":"f","netdev":"n0","interval":"1"}',
]


@pytest.mark.qemu
@pytest.mark.parametrize("value", REFUSED)
def test_what_the_real_program_refuses_or_explains(value: str) -> None:
    argv = [*USER, "-chardev", "null,id=q", "-object", value]
    real = subprocess.run([PROGRAM, *HEADLESS, *argv], capture_output=True, text=True, timeout=30, check=False)
    run = emu.run(argv)
    assert (run.exit_status, run.stderr, run.stdout) == (real.returncode, real.stderr, real.stdout)


THREE = (
    *("-object", "filter-buffer,id=f,netdev=n0,interval=1000"),
    *("-object", "filter-buffer,id=g,netdev=n0,interval=2,position=id=f,insert=before"),
    *("-chardev", "null,id=q"),
    *("-object", "filter-mirror,id=h,netdev=n0,outdev=q,position=head,queue=rx,status=off"),
)


@pytest.mark.qemu
def test_info_network_shows_filters_in_their_order() -> None:
    argv = (*USER, *THREE)
    with qemu(*argv) as real:
        wanted = real.hmp("info network").replace("\r", "")
    run = emu.run(argv, commands=("info network",))
    assert next(event[4] for event in run.events if event[0] == "M" and event[3] == "monitor") == wanted


def test_filters_go_with_their_client() -> None:
    run = emu.run((*USER, *THREE), commands=("netdev_del n0", "info network"))
    assert "filters:" not in run.output("monitor")


def dumped(path: str) -> list[tuple[int, bytes]]:
    """Return length and kept bytes of each packet of a dump."""
    file = host().written[path]
    assert isinstance(file, FileData)
    data = file.data
    magic, major, minor, *_ = PCAP_FILE_HDR.unpack_from(data)
    assert (magic, major, minor) == (PCAP_MAGIC, 2, 4)
    found, at = [], PCAP_FILE_HDR.size
    while at < len(data):
        _, _, kept, length = PCAP_SF_PKTHDR.unpack_from(data, at)
        at += PCAP_SF_PKTHDR.size
        found.append((length, data[at : at + kept]))
        at += kept
    return found


def test_a_dump_keeps_what_passes_cut_to_its_length() -> None:
    frame = "ffffffffffff525400123456" + "88b5" + "01" * 46
    argv = (*HUBS, "-object", "filter-dump,id=f,netdev=a,file=/tmp/x,maxlen=20", "-netdev", "user,id=u")
    argv = (*argv, "-netdev", "hubport,id=p,hubid=1,netdev=u", "-object", "filter-dump,id=g,netdev=u,file=/tmp/y")
    run = emu.run(argv, commands=(f"host send u {frame}", f"host send p {frame}"))
    with run.recorder.active():
        assert dumped("/tmp/y") == [(60, bytes.fromhex(frame))] * 2
        assert dumped("/tmp/x") == []


def test_a_buffer_holds_frames_and_the_sender_does_not_know() -> None:
    argv = (*USER, "-object", "filter-buffer,id=f,netdev=n0,interval=1000")
    run = emu.run(argv, commands=("host send n0 60", "qom-set /objects/f status off"))
    assert run.output("monitor") == "c took 60 bytes\n"
    names = [function_name(event[3]) for event in run.events if event[0] == "E"]
    assert "filter_buffer_flush" in names
    assert names.index("filter_buffer_receive_iov") < names.index("filter_buffer_flush")


def test_a_buffer_lets_go_when_its_time_has_come() -> None:
    argv = (*USER, "-object", "filter-buffer,id=f,netdev=n0,interval=1000")
    run = emu.run(argv, commands=("host send n0 60", "host wait 3"))
    names = [function_name(event[3]) for event in run.events if event[0] == "E"]
    assert names.count("filter_buffer_release_timer") == 3


def function_name(index: int) -> str:
    from emu.trace.symbols import FUNCTIONS

    return FUNCTIONS[index].name


def test_a_redirector_sends_frames_out_after_their_length() -> None:
    argv = (*USER, "-chardev", "socket,id=s,path=/x", "-object", "filter-redirector,id=f,netdev=n0,outdev=s")
    run = emu.run(argv, commands=("host with vhost-user /x silent", "host send n0 60"))
    assert run.output("monitor") == "c took 60 bytes\n"
    with run.recorder.active():
        end = host().peers["/x"].end  # type: ignore[attr-defined]  # a VhostUserPeer
        assert end.inbox[:4] == (60).to_bytes(4, "big")


@pytest.mark.qemu
def test_objects_come_and_go_at_run_time_as_in_the_real_program() -> None:
    lines = [
        "object_add filter-buffer,id=f,netdev=n0,interval=1000",
        "object_add filter-buffer,id=f,netdev=n0,interval=1000",
        "object_add filter-buffer,id=g,netdev=zz,interval=1000",
        "object_add filter-buffer,id=g",
        "info network",
        "object_del f",
        "object_del f",
        "info network",
    ]
    with qemu(*USER) as real:
        wanted = [real.hmp(line).replace("\r", "") for line in lines]
    run = emu.run(USER)
    assert run.machine is not None
    assert [run.machine.hmp(line) for line in lines] == wanted


def test_an_object_of_another_kind_is_not_modelled() -> None:
    run = emu.run(["-object", "iothread,id=x,poll-max-ns=1"])
    assert run.stderr == "qomscope: not modelled: objects of this kind\n"
