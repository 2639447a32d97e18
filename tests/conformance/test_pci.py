"""Every byte of the configuration space, the size of every BAR and the chain of capabilities are the real program's."""

from __future__ import annotations

import pytest
from conformance.emulated import emulate, pci_functions
from conformance.pci import PciFunction
from conformance.qemu import HEADLESS, QemuExited, qemu
from conformance.recorded import VIRTIO_NET, scenarios

pytestmark = pytest.mark.qemu

PROPERTIES = (
    "disable-legacy=on",
    "disable-legacy=on,disable-modern=off",
    "disable-legacy=off",
    "page-per-vq=on",
    "modern-pio-notify=on",
    "modern-pio-notify=on,page-per-vq=on",
    "vectors=0",
    "vectors=1",
    "vectors=33",
    "mq=on",
    "mq=on,vectors=10",
    "rombar=0",
    "romfile=",
    "multifunction=on",
    "addr=05.2",
    "addr=1f",
    "disable-legacy=on,iommu_platform=on",
    "packed=on,host_mtu=1400",
    "rss=on,hash=on",
    "mac=52:54:00:aa:bb:cc,speed=1000,duplex=full",
    "ats=on",
    "x-pcie-flr-init=off,x-disable-pcie=on",
    "ioeventfd=off,event_idx=off,indirect_desc=off",
    "rx_queue_size=512,tx_queue_size=256",
)
"""Settings of virtio-net-pci that move, size or change something, and some that must not."""

MODELS = ("virtio-net-pci", "virtio-net-pci-transitional", "virtio-net-pci-non-transitional")


def machine(*device: str) -> tuple[str, ...]:
    return ("-nodefaults", "-M", "pc", "-netdev", "user,id=n0", *device)


COMMAND_LINES = {name: tuple(scenarios()[name]["argv"]) for name in VIRTIO_NET if not scenarios()[name]["exit"]}
COMMAND_LINES |= {p: machine("-device", f"virtio-net-pci,netdev=n0,{p}") for p in PROPERTIES}
COMMAND_LINES |= {f"{m},vectors=5,romfile=": machine("-device", f"{m},netdev=n0,vectors=5,romfile=") for m in MODELS}

REFUSED = {
    p: machine("-device", f"virtio-net-pci,netdev=n0,{p}")
    for p in (
        "colour=red",
        "vectors=many",
        "disable-legacy=on,disable-modern=on",
        "iommu_platform=on",
        "rx_queue_size=100",
        "rx_queue_size=2048",
        "tx_queue_size=2000",
        "addr=40",
        "addr=03.9",
        "bus=nowhere",
        "mac=zz",
        "duplex=some",
        "romfile=/no/such/file",
        "netdev=n0,id=1x",
    )
} | {
    "no such netdev": ("-nodefaults", "-M", "pc", "-device", "virtio-net-pci,netdev=nope"),
    "taken twice": machine("-device", "virtio-net-pci,netdev=n0", "-device", "virtio-net-pci,netdev=n0"),
    "slot in use": machine("-device", "virtio-net-pci,addr=4", "-device", "virtio-net-pci,addr=4"),
    "no such model": machine("-device", "virtio-net-pcx"),
    "no such backend": ("-nodefaults", "-M", "pc", "-netdev", "usr,id=n0"),
    "no such machine": ("-M", "apple"),
    "no such option": ("-frobnicate",),
    "no argument": ("-device",),
}


@pytest.mark.parametrize("name", COMMAND_LINES)
def test_configuration_space_bars_and_capabilities(name: str) -> None:
    argv = COMMAND_LINES[name]
    emulated = emulate(*HEADLESS, *argv)
    with qemu(*argv) as real:
        want = real.pci_functions()
        assert (emulated.run.exit_status, emulated.run.stderr) == (0, real.stderr)
    got = pci_functions(emulated.state)
    assert list(got) == list(want)
    for devfn, function in want.items():
        assert readable(got[devfn]) == readable(function), f"function {devfn >> 3:02x}.{devfn & 7}"


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_is_refused_in_the_same_words(name: str) -> None:
    argv = REFUSED[name]
    with pytest.raises(QemuExited) as real, qemu(*argv):
        pass
    emulated = emulate(*HEADLESS, *argv).run
    assert (emulated.exit_status, emulated.stderr) == (real.value.status, real.value.stderr)


def readable(function: PciFunction) -> dict[str, object]:
    """Return a function so that a difference names the byte."""
    return {f"{at:02x}": f"{byte:02x}" for at, byte in enumerate(function.config)} | {
        "BARs": function.bars,
        "capabilities": function.capabilities,
    }
