"""Backends of the drop-in front on real sockets and taps: frames travel through a hub from end to end, as in the real program."""

from __future__ import annotations

import contextlib
import os
import re
import socket
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import pytest
from front.ends import (
    GROUP,
    MULTI_QUEUE,
    VNET_HDR,
    Coming,
    Datagrams,
    End,
    Stream,
    Tap,
    Waiting,
    bound,
    closing,
    frame,
    free_port,
    in_group,
    open_tap,
    unix,
)
from front.programs import OURS, REAL, asked, started

pytestmark = pytest.mark.qemu

TAP = "qomscope1"
PCAP_HEADER, TIMES = 24, 8
NUMBER_AT = 14
"""Where a frame has its number, after the Ethernet header."""


def dgram_unix(folder: Path) -> End:
    mine, its = unix(folder, "mine"), unix(folder, "its")
    return Datagrams(
        f"dgram,local.type=unix,local.path={its},remote.type=unix,remote.path={mine}", bound(socket.AF_UNIX, mine), its
    )


def dgram_inet(_: Path) -> End:
    own, port = bound(socket.AF_INET, ("127.0.0.1", 0)), free_port()
    local = f"local.type=inet,local.host=127.0.0.1,local.port={port}"
    remote = f"remote.type=inet,remote.host=127.0.0.1,remote.port={own.getsockname()[1]}"
    return Datagrams(f"dgram,{local},{remote}", own, ("127.0.0.1", port))


def dgram_group(_: Path) -> End:
    port = free_port()
    own = in_group(port)
    remote = f"remote.type=inet,remote.host={GROUP},remote.port={port}"
    return Datagrams(f"dgram,{remote},local.type=inet,local.host=127.0.0.1,local.port=0", own, (GROUP, port))


def dgram_fd(_: Path) -> End:
    own, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    return Datagrams(f"dgram,local.type=fd,local.str={its.fileno()}", own, None, its)


def dgram_inet_fd(_: Path) -> End:
    own, its = (bound(socket.AF_INET, ("127.0.0.1", 0)) for _ in range(2))
    own.connect(its.getsockname())
    its.connect(own.getsockname())
    return Datagrams(f"dgram,local.type=fd,local.str={its.fileno()}", own, None, its)


def socket_udp(_: Path) -> End:
    own, port = bound(socket.AF_INET, ("127.0.0.1", 0)), free_port()
    there = f"udp=127.0.0.1:{own.getsockname()[1]},localaddr=127.0.0.1:{port}"
    return Datagrams(f"socket,{there}", own, ("127.0.0.1", port))


def socket_mcast(_: Path) -> End:
    port = free_port()
    return Datagrams(f"socket,mcast={GROUP}:{port},localaddr=127.0.0.1", in_group(port), (GROUP, port))


def socket_dgram_fd(_: Path) -> End:
    own, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    return Datagrams(f"socket,fd={its.fileno()}", own, None, its)


def socket_stream_fd(_: Path) -> End:
    own, its = socket.socketpair()
    return Stream(f"socket,fd={its.fileno()}", own, its)


def socket_connect(_: Path) -> End:
    listener = bound(socket.AF_INET, ("127.0.0.1", 0), socket.SOCK_STREAM)
    return Waiting(f"socket,connect=127.0.0.1:{listener.getsockname()[1]}", listener)


def socket_listen(_: Path) -> End:
    port = free_port(socket.SOCK_STREAM)
    return Coming(f"socket,listen=127.0.0.1:{port}", socket.AF_INET, ("127.0.0.1", port))


def stream_connect(folder: Path) -> End:
    listener = bound(socket.AF_UNIX, unix(folder, "s"), socket.SOCK_STREAM)
    return Waiting(f"stream,addr.type=unix,addr.path={unix(folder, 's')}", listener)


def stream_listen(folder: Path) -> End:
    path = unix(folder, "l")
    return Coming(f"stream,server=on,addr.type=unix,addr.path={path}", socket.AF_UNIX, path)


def stream_fd(_: Path) -> End:
    own, its = socket.socketpair()
    return Stream(f"stream,addr.type=fd,addr.str={its.fileno()}", own, its)


def stream_listening_fd(folder: Path) -> End:
    its = socket.socket(socket.AF_UNIX)
    its.bind(unix(folder, "f"))
    end = Coming(f"stream,server=on,addr.type=fd,addr.str={its.fileno()}", socket.AF_UNIX, unix(folder, "f"))
    end.keeping = (its.fileno(),)
    end._kept = its
    return end


def tap_by_name(_: Path) -> End:
    return Tap(f"tap,ifname={TAP},script=no,downscript=no", TAP)


def tap_without_headers(_: Path) -> End:
    return Tap(f"tap,ifname={TAP},script=no,downscript=no,vnet_hdr=off,sndbuf=100000", TAP)


def tap_fd(_: Path) -> End:
    fd = open_tap(TAP, VNET_HDR)
    return Tap(f"tap,fd={fd}", TAP, (fd,))


def tap_script(folder: Path) -> End:
    script = folder / "up"
    script.write_text(f"#!/bin/sh\necho $1 >{folder}/told\nexit 0\n")
    script.chmod(0o755)
    return Tap(f"tap,ifname={TAP},script={script},downscript={folder}/none", TAP)


SOCKETS: Sequence[Callable[[Path], End]] = (
    *(dgram_unix, dgram_inet, dgram_group, dgram_fd, dgram_inet_fd, socket_udp, socket_mcast, socket_dgram_fd),
    *(socket_stream_fd, socket_connect, socket_listen, stream_connect, stream_listen, stream_fd, stream_listening_fd),
)
TAPS: Sequence[Callable[[Path], End]] = (tap_by_name, tap_without_headers, tap_fd, tap_script)


@cache
def taps_can_be_made() -> bool:
    with contextlib.suppress(OSError):
        socket.close(open_tap(TAP))
        return True
    return False


def awaited(end: End, number: int) -> bytes:
    """Return the frame of a number; who sends to a group hears himself too."""
    while (data := end.receive())[NUMBER_AT] != number:
        pass
    return data


def heard(program: Sequence[str], make: Callable[[Path], End], folder: Path) -> list[object]:
    """Send frames from end to end through a hub; return what came out and what the program says, ports and paths left out."""
    folder.mkdir(exist_ok=True)
    end, other = make(folder), dgram_fd(folder)
    argv = ["-M", "none"]
    for name, each in (("a", end), ("b", other)):
        kind, _, rest = each.netdev.partition(",")
        argv += ["-netdev", f"{kind},id={name},{rest}", "-netdev", f"hubport,hubid=0,id=h{name},netdev={name}"]
    with closing(end, other), asked(program, argv, (*end.keeping, *other.keeping)) as machine:
        end.ready()
        machine.hmp("cont")  # a machine that stands still takes no packets
        found: list[object] = [machine.hmp("info network")]
        for number, size in enumerate((60, 1514, 20)):
            end.send(frame(number, size))
            found.append(awaited(other, number))
            other.send(frame(0x80 | number, size))
            found.append(awaited(end, 0x80 | number))
        found.append(machine.hmp("info network"))
        found += [machine.hmp(line) for line in ("netdev_del a", "info network")]
        machine.process.terminate()
        out, err, status = machine.process.end()
    shown = [
        re.sub(r":\d{4,5}\b", ":PORT", re.sub(r"fd=\d+", "fd=N", each.replace(str(folder), "FOLDER")))
        if isinstance(each, str)
        else each
        for each in found
    ]
    text = err.decode().replace(str(folder), "FOLDER")
    return [*shown, out, text, status]


def compare(make: Callable[[Path], End], folder: Path) -> None:
    got = heard(OURS, make, folder / "2")
    want = heard(REAL, make, folder / "1")
    assert got == want


@pytest.mark.parametrize("make", SOCKETS, ids=lambda make: make.__name__)
def test_frames_travel_through_real_sockets(make: Callable[[Path], End], tmp_path: Path) -> None:
    compare(make, tmp_path)


@pytest.mark.parametrize("make", TAPS, ids=lambda make: make.__name__)
def test_frames_travel_through_real_taps(make: Callable[[Path], End], tmp_path: Path) -> None:
    if not taps_can_be_made():
        pytest.skip("no taps can be made on this machine: NOT COMPARED with the real program")
    compare(make, tmp_path)
    if make is tap_script:
        assert (tmp_path / "2" / "told").read_text() == f"{TAP}\n"


def mirrored(program: Sequence[str], folder: Path) -> list[bytes]:
    """Send frames through a hub; return what a filter at the first backend showed of both directions."""
    folder.mkdir()
    end, other = dgram_fd(folder), stream_fd(folder)
    watch = Coming("", socket.AF_UNIX, unix(folder, "w"))
    argv = ["-M", "none", "-chardev", f"socket,id=w,path={unix(folder, 'w')},server=on,wait=off"]
    for name, each in (("a", end), ("b", other)):
        kind, _, rest = each.netdev.partition(",")
        argv += ["-netdev", f"{kind},id={name},{rest}", "-netdev", f"hubport,hubid=0,id=h{name},netdev={name}"]
    argv += ["-object", "filter-mirror,id=f,netdev=a,queue=all,outdev=w"]
    with closing(end, other, watch), asked(program, argv, (*end.keeping, *other.keeping)) as machine:
        watch.ready()
        machine.hmp("cont")
        found = []
        for number, size in enumerate((60, 1514)):
            end.send(frame(number, size))
            found += [awaited(other, number), awaited(watch, number)]
            other.send(frame(0x80 | number, size))
            found += [awaited(end, 0x80 | number), awaited(watch, 0x80 | number)]
        machine.hmp("set_link a off")
        end.send(frame(3))
        end.send(frame(4))
        machine.hmp("set_link a on")
        end.send(frame(5))
        return [*found, awaited(other, 5), awaited(watch, 5)]


def dumped(program: Sequence[str], folder: Path) -> bytes:
    """Send a frame through a hub; return what a file got of it, times left out."""
    folder.mkdir()
    end, other = dgram_fd(folder), dgram_fd(folder)
    argv = ["-M", "none", "-object", f"filter-dump,id=f,netdev=a,file={folder}/dump"]
    for name, each in (("a", end), ("b", other)):
        kind, _, rest = each.netdev.partition(",")
        argv += ["-netdev", f"{kind},id={name},{rest}", "-netdev", f"hubport,hubid=0,id=h{name},netdev={name}"]
    with closing(end, other), asked(program, argv, (*end.keeping, *other.keeping)) as machine:
        machine.hmp("cont")
        end.send(frame(1))
        awaited(other, 1)
        found = (folder / "dump").read_bytes()
        return found[:PCAP_HEADER] + found[PCAP_HEADER + TIMES :]


def test_a_filter_writes_frames_to_a_file(tmp_path: Path) -> None:
    assert dumped(OURS, tmp_path / "2") == dumped(REAL, tmp_path / "1")


def test_a_filter_shows_frames_to_a_socket(tmp_path: Path) -> None:
    assert mirrored(OURS, tmp_path / "2") == mirrored(REAL, tmp_path / "1")


def queues(program: Sequence[str]) -> list[str]:
    fds = [open_tap(TAP, VNET_HDR | MULTI_QUEUE) for _ in range(3)]
    argv = (
        "-M",
        "pc",
        "-netdev",
        f"tap,id=n,fds={':'.join(map(str, fds))}",
        "-device",
        "virtio-net-pci,netdev=n,mq=on,vectors=8,id=c",
    )
    try:
        with asked(program, argv, fds) as machine:
            return [re.sub(r"fd=\d+", "fd=N", machine.hmp(line)) for line in ("info network", "info qtree")]
    finally:
        for fd in fds:
            os.close(fd)


def test_a_tap_of_several_queues_passed_by_descriptors() -> None:
    if not taps_can_be_made():
        pytest.skip("no taps can be made on this machine: NOT COMPARED with the real program")
    assert queues(OURS) == queues(REAL)


def refused(program: Sequence[str], netdev: str) -> list[bytes]:
    with contextlib.ExitStack() as stack:
        plain = stack.enter_context(open(os.devnull, "rb"))  # noqa: PTH123
        process = stack.enter_context(
            started(program, ("-M", "none", "-netdev", netdev.replace("PLAIN", str(plain.fileno()))), (plain.fileno(),))
        )
        return [re.sub(rb"(FD|descriptor|fd=) ?\d+", rb"\1 N", part) for part in process.end()]


REFUSED = (
    *(
        "tap,id=n,fd=PLAIN",
        "socket,id=n,fd=PLAIN",
        "dgram,id=n,local.type=unix,local.path=/no/such/x,remote.type=unix,remote.path=/x",
    ),
    *("tap,id=n,ifname=lo,script=no", "tap,id=n,fd=77", "socket,id=n,mcast=230.0.0.1:1,localaddr=192.0.2.77"),
    *("tap,id=n,script=/no/such", "bridge,id=n,helper=/no/such", "bridge,id=n,helper=/no/such --x", "tap,id=n,helper=/bin/false"),
    *("dgram,id=n,local.type=inet,local.host=192.0.2.77,local.port=9,remote.type=inet,remote.host=127.0.0.1,remote.port=9",),
)


@pytest.mark.parametrize("netdev", REFUSED)
def test_what_the_host_refuses(netdev: str) -> None:
    assert refused(OURS, netdev) == refused(REAL, netdev)
