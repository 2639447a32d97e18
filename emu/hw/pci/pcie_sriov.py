"""Virtual functions (hw/pci/pcie_sriov.c). Only what every device goes through; no device with them is modelled."""

from __future__ import annotations

from emu.errors import NotModelled
from emu.hw.pci.pci.structs import PCIDevice
from emu.trace import emulates


@emulates
def pcie_sriov_config_write(dev: PCIDevice, address: int, val: int, len_: int) -> None:
    """After a write of configuration space, make or drop virtual functions. NotModelled: the device has the capability."""
    sriov_cap = dev.exp.sriov_cap
    if not sriov_cap or address < sriov_cap:
        return
    raise NotModelled("virtual functions (SR-IOV)")
