"""A driver runs a card whose queues the kernel or another program serves (hw/net/vhost_net.c, hw/virtio/vhost.c)."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from conformance.qemu import QemuExited, qemu
from hw.virtio.guest import PAGE, RINGS, Emulated, Guest, Machine, Real
from net.test_tap import taps_can_be_made
from net.test_vhost_user import argv_for
from net.vhost_user_peer import real_peer

import emu
from emu.host import host
from emu.host.vhost_net import FEATURES, VhostNetFile
from emu.host.vhost_user import VhostUserPeer
from emu.hw.net.vhost_net import vhost_net
from emu.hw.virtio.vhost import vhost_dev
from emu.net.net.statics import net_c
from emu.net.tap import TAPState
from emu.net.tap.state import TAP_STATE
from emu.qapi.qapi_types_net import NetClientDriver
from emu.standard_headers.linux import virtio_net, virtio_pci

WITH = "host with vhost-net /dev/vhost-net"
TAP = "tap,id=n0,ifname=qomscope2,script=no,downscript=no"
BEGIN = ["SET_OWNER", "GET_FEATURES", *["SET_VRING_CALL", "SET_VRING_ERR"] * 2]
TELL = ["SET_FEATURES", "GET_BACKEND_FEATURES", "SET_BACKEND_FEATURES", "SET_MEM_TABLE"]
QUEUE = ["SET_VRING_NUM", "SET_VRING_BASE", "SET_VRING_ADDR", "SET_VRING_KICK"]
CARD = "virtio-net-pci,netdev=n0,id=nic,addr=5"
DEVFN = 5 << 3


def started(options: str = "", device: str = "", *settings: str, setting: str = WITH) -> emu.Run:
    argv = ["-nodefaults", "-netdev", TAP + options, "-device", CARD + device]
    return emu.run(argv, commands=(setting, *settings, "cont"))


def files(run: emu.Run) -> list[VhostNetFile]:
    with run.recorder.active():
        return [each for each in host().descriptors.values() if isinstance(each, VhostNetFile)]


def tap(run: emu.Run) -> TAPState:
    with run.recorder.active():
        return TAP_STATE(next(nc for nc in net_c().net_clients if nc.info.type == NetClientDriver.TAP))


def drive(machine: Machine, queues: int = 3) -> Guest:
    """Accept all features, set all queues up and begin."""
    guest = Guest(machine, DEVFN).find()
    assert guest.negotiate(guest.offered())
    for number in range(queues):
        guest.queue(number)
    guest.go()
    return guest


def stop(guest: Guest) -> None:
    guest.set_common(virtio_pci.VIRTIO_PCI_COMMON_STATUS, 0, 1)


def test_the_kernel_is_asked_for_its_features_at_the_start() -> None:
    run = started(",vhost=on")
    (file,) = files(run)
    assert list(file.requests) == BEGIN
    net = tap(run).vhost_net
    assert isinstance(net, vhost_net)
    assert net.dev.features == FEATURES
    guest = Guest(Emulated(run), DEVFN).find()
    assert guest.offered() & 1 << virtio_net.VIRTIO_NET_F_MRG_RXBUF
    without = FEATURES & ~(1 << virtio_net.VIRTIO_NET_F_MRG_RXBUF)
    few = started(",vhost=on", setting=f"{WITH} features={without:#x}")
    assert not Guest(Emulated(few), DEVFN).find().offered() & 1 << virtio_net.VIRTIO_NET_F_MRG_RXBUF


def test_poll_us_is_told() -> None:
    (file,) = files(started(",vhost=on,poll-us=50"))
    assert list(file.requests) == [*BEGIN, *["SET_VRING_BUSYLOOP_TIMEOUT"] * 2]
    assert [vring.busyloop_timeout for vring in file.vrings.values()] == [50, 50]


def test_the_kernel_serves_the_queues_while_a_driver_runs() -> None:
    run = started(",vhost=on")
    s = tap(run)
    (file,) = files(run)
    guest = drive(Emulated(run))
    asked = list(file.requests)[len(BEGIN) :]
    # no vector is chosen and the interrupt line is in use: the emulator interrupts
    assert [each for each in asked if each != "SET_VRING_CALL"] == [*TELL, *QUEUE * 2, *["NET_SET_BACKEND"] * 2]
    assert [vring.backend for vring in file.vrings.values()] == [s.fd, s.fd]
    rings = [tuple(RINGS + (4 * n + part) * PAGE for part in range(3)) for n in (0, 1)]
    (low,) = (region for region in file.memory if region[0] == 0)
    told = [tuple(at - low[2] for at in vring.addresses) for vring in file.vrings.values()]
    assert told == rings
    assert run.machine is not None
    assert "not modelled" in run.machine.perform("host send n0 60")
    assert file.acked_features == guest.accepted & FEATURES
    assert not s.read_poll

    before = len(file.requests)
    stop(guest)
    asked = [each for each in list(file.requests)[before:] if each != "SET_VRING_CALL"]
    assert asked == [*["NET_SET_BACKEND"] * 2, *["GET_VRING_BASE"] * 2]
    assert [vring.backend for vring in file.vrings.values()] == [-1, -1]
    assert s.read_poll


def test_several_queue_pairs_have_a_descriptor_each() -> None:
    run = started(",vhost=on,queues=2", ",mq=on,vectors=6")
    drive(Emulated(run), 5)
    pairs = files(run)
    assert len(pairs) == 2
    assert all(list(pair.requests).count("NET_SET_BACKEND") == 2 for pair in pairs)


@pytest.mark.parametrize("request_", ["SET_FEATURES", "SET_MEM_TABLE", "SET_VRING_ADDR", "NET_SET_BACKEND"])
def test_what_the_kernel_refuses_ends_in_the_emulators_hands(request_: str) -> None:
    run = started(",vhost=on", setting=f"{WITH} refuses={request_}")
    drive(Emulated(run))
    assert "unable to start vhost net: 22: falling back on userspace virtio\n" in run.stderr
    assert tap(run).read_poll
    net = tap(run).vhost_net
    assert isinstance(net.dev, vhost_dev)
    assert not net.dev.started


def test_a_link_that_is_down_takes_the_queues_back() -> None:
    run = started(",vhost=on")
    drive(Emulated(run))
    net = tap(run).vhost_net
    assert net.dev.started
    assert run.machine is not None
    run.machine.perform("set_link n0 off")
    assert not net.dev.started
    run.machine.perform("set_link n0 on")
    assert net.dev.started


@pytest.mark.parametrize("refused", ["SET_OWNER", "GET_FEATURES", "SET_VRING_CALL", "SET_VRING_BUSYLOOP_TIMEOUT"])
def test_what_the_kernel_refuses_at_the_start(refused: str) -> None:
    setting = f"{WITH} refuses={refused}"
    warned, forced = started(",vhost=on,poll-us=1", setting=setting), started(",vhostforce=on,poll-us=1", setting=setting)
    assert "warning: vhost-net requested but could not be initialized\n" in warned.stderr
    # QEMU 7.2 deletes the client that its caller then looks for (net_client_init1): it aborts
    assert (warned.exit_status, forced.exit_status) == (134, 1)
    assert "vhost-net requested but could not be initialized\n" in forced.stderr


def test_features_that_a_tap_needs() -> None:
    """Without headers of its own, the kernel must make them (VHOST_NET_F_VIRTIO_NET_HDR)."""
    run = started(",vhost=on,vnet_hdr=off", setting=f"{WITH} features={1 << 32:#x}")
    assert "vhost lacks feature mask 0x8000000 for backend\n" in run.stderr


REFUSED = (
    *(",vhost=on", ",vhostforce=on", ",vhost=on,vhostforce=on", ",vhost=off,vhostforce=on", ",vhost=on,queues=2"),
    *(",vhost=on,vhostfd=77", ",vhostfd=x", ",vhostfd=x,vhostforce=on", ",vhost=off,vhostfd=77", ",vhostfd=77,poll-us=3"),
)


@pytest.mark.qemu
@pytest.mark.parametrize("options", REFUSED)
def test_without_the_kernels_driver(options: str) -> None:
    if not taps_can_be_made() or Path("/dev/vhost-net").exists():
        pytest.skip("no taps can be made on this machine, or it has vhost: NOT COMPARED with the real program")
    argv = ["-nodefaults", "-M", "none", "-netdev", TAP + options]
    run = emu.run(argv, commands=("info network",), accelerators="tcg:kvm")
    try:
        with qemu(*argv) as machine:
            network, stderr = machine.hmp("info network").replace("\r", ""), machine.stderr
    except QemuExited as end:
        network, stderr = "", end.stderr
    ours, theirs = (re.sub(r"descriptor \d+", "descriptor N", text) for text in (run.stderr, stderr))
    assert (run.output("monitor"), ours) == (network, theirs)


@pytest.mark.qemu
def test_a_device_gets_no_memory_that_is_not_shared(tmp_path: Path) -> None:
    """What a vhost-user device is asked when a driver begins; the real program says the same."""
    run = emu.run(argv_for("/x", "", ",mrg_rxbuf=on"), commands=("host with vhost-user /x", "cont"))
    with run.recorder.active():
        peer = host().peers["/x"]
        assert isinstance(peer, VhostUserPeer)
    stop(drive(Emulated(run)))
    path = tmp_path / "peer"
    with real_peer(path) as real, qemu(*argv_for(str(path), "", ",mrg_rxbuf=on")) as machine:
        machine.hmp("cont")
        stop(drive(Real(machine)))
        deadline = time.monotonic() + 5
        while len(real.requests) < len(peer.requests) and time.monotonic() < deadline:
            time.sleep(0.02)
        asked, stderr = list(real.requests), machine.stderr
    assert list(peer.requests) == asked
    assert "unable to start vhost net" in run.stderr
    assert run.stderr == stderr


@pytest.mark.parametrize("backend", ["memory-backend-memfd", "memory-backend-file,mem-path=/dev/shm,share=on"])
def test_a_device_gets_shared_memory(backend: str) -> None:
    """vhost_user_set_mem_table. Not compared: under the real program's firmware memory changes while a driver begins."""
    memory = ["-m", "128", "-object", f"{backend},id=mem,size=128M", "-machine", "memory-backend=mem"]
    run = emu.run([*argv_for("/x", "", ""), *memory], commands=("host with vhost-user /x", "cont"))
    with run.recorder.active():
        peer = host().peers["/x"]
        assert isinstance(peer, VhostUserPeer)
    guest = drive(Emulated(run))
    asked = list(peer.requests)
    assert asked.index("SET_FEATURES") < asked.index("SET_MEM_TABLE") < asked.index("SET_VRING_KICK")
    stop(guest)
    assert "GET_VRING_BASE" in list(peer.requests)[len(asked) :]
    assert run.stderr == ""
