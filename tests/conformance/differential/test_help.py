"""Help on the command line: the same words as the real program's."""

from __future__ import annotations

import pytest
from conformance.differential.compare import differences

pytestmark = pytest.mark.qemu

MODELS = (
    "virtio-net-pci", "virtio-net-pci-transitional", "virtio-net-pci-non-transitional", "virtio-net", "e1000", "e1000e",
    "rtl8139", "pcnet", "ne2k_pci", "i82559er", "vmxnet3", "tulip", "rocker",
    "pci-bridge", "pcie-root-port", "pcie-pci-bridge", "ioh3420",
    "x3130-upstream", "xio3130-downstream", "pxb", "pxb-pcie", "VGA", "cirrus-vga", "piix3-usb-uhci", "ich9-usb-ehci1",
)  # fmt: skip
ASKED = (
    "-version",
    "-device help",
    "-device ?",
    "-device nothing,help",
    "-device pci-device,help",
    *(f"-device {model},help" for model in MODELS),
    "-netdev help",
    "-net nic,model=help",
    "-nic model=help",
    "-nic user,model=?",
    "-M q35 -net nic,model=help",
    "-M none -net nic,model=help",
    "-machine help",
    "-M pc,help",
    "-M q35,help",
    "-M pc-i440fx-2.4,help",
    "-M none,help",
    "-vga help",
    "-accel help",
    "-smp help",
    "-boot help",
)


@pytest.mark.parametrize("line", ASKED)
def test_help(line: str) -> None:
    assert not differences(line.split())
