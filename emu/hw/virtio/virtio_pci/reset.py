"""Reset of a virtio PCI device, by its driver or by the bus (hw/virtio/virtio-pci.c)."""

from __future__ import annotations

from emu.hw.core.qdev_core import DeviceState
from emu.hw.pci.msix import msix_unuse_all_vectors
from emu.hw.pci.pci import PCI_DEVICE, pci_is_express, pci_set_word
from emu.hw.pci.pcie import pcie_cap_deverr_reset, pcie_cap_lnkctl_reset
from emu.hw.virtio.virtio import VIRTIO_BUS
from emu.hw.virtio.virtio_bus import virtio_bus_reset
from emu.hw.virtio.virtio_pci.structs import VIRTIO_PCI, the_bus
from emu.standard_headers.linux.pci_regs import PCI_PM_CTRL
from emu.trace import emulates


@emulates
def virtio_pci_reset(qdev: DeviceState) -> None:
    """Reset the virtio device, and forget what the driver wrote of its queues."""
    proxy = VIRTIO_PCI(qdev)
    bus = VIRTIO_BUS(the_bus(proxy))
    virtio_bus_reset(bus)
    msix_unuse_all_vectors(PCI_DEVICE(proxy))
    for queue in proxy.vqs:
        queue.enabled = False
        queue.reset = False
        queue.num = 0
        queue.desc = (0, 0)
        queue.avail = (0, 0)
        queue.used = (0, 0)


@emulates
def virtio_pci_bus_reset(qdev: DeviceState) -> None:
    """DeviceClass.reset: the registers that only PCI Express has go back too."""
    dev = PCI_DEVICE(qdev)
    virtio_pci_reset(qdev)
    if pci_is_express(dev):
        pcie_cap_deverr_reset(dev)
        pcie_cap_lnkctl_reset(dev)
        pci_set_word(dev.config + (dev.exp.pm_cap + PCI_PM_CTRL), 0)
