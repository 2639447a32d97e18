"""hw/virtio/virtio-pci.c behind a PCI Express port: all 4096 bytes of configuration space are the real program's."""

from __future__ import annotations

import pytest
from conformance.qemu import HEADLESS, qemu
from hw.virtio.guest import Emulated, Guest, Machine, Real

from emu import run
from emu.standard_headers.linux import pci_regs

pytestmark = pytest.mark.qemu

PORT = 2 << 3
ECAM = 0xB000_0000
PCIEXBAR = 0x60

CARDS = (
    "virtio-net-pci",
    "virtio-net-pci,ats=on,aer=on",
    "virtio-net-pci,aer=on,x-pcie-flr-init=off,x-pcie-pm-init=off",
    "virtio-net-pci,ats=on,x-ats-page-aligned=off,x-pcie-lnkctl-init=off,x-pcie-deverr-init=off",
    "virtio-net-pci,disable-legacy=off",
    "virtio-net-pci,x-disable-pcie=on",
    "virtio-net-pci,vectors=64,page-per-vq=on",
    "virtio-net-pci-transitional",
    "virtio-net-pci-non-transitional,ats=on",
)


def look(machine: Machine) -> list[str]:
    """Number the bus behind the port, open the memory window onto configuration spaces, and read."""
    Guest(machine, 0).set_config(PCIEXBAR, ECAM | 1, 4)
    port = Guest(machine, PORT)
    port.set_config(pci_regs.PCI_PRIMARY_BUS, 0x010100, 4)
    card = ECAM + (1 << 20)
    before = [machine.load(card + at, 4) for at in range(0, 4096, 4)]
    for at in range(4, 4096, 4):
        machine.store(card + at, 0xFFFFFFFF, 4)
    after = [machine.load(card + at, 4) for at in range(0, 4096, 4)]
    return [f"{at * 4:03x}: {a:08x} {b:08x}" for at, (a, b) in enumerate(zip(before, after, strict=True))]


@pytest.mark.parametrize("card", CARDS)
def test_configuration_space(card: str) -> None:
    argv = ("-nodefaults", "-M", "q35", "-device", "pcie-root-port,id=rp0,addr=2", "-device", f"{card},bus=rp0,id=nic0")
    emulated = run([*argv, *HEADLESS])
    assert emulated.exit_status == 0, emulated.stderr
    mine = look(Emulated(emulated))
    with qemu(*argv) as machine:
        assert mine == look(Real(machine))
