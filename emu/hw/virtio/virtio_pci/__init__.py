"""Virtio devices on PCI (hw/virtio/virtio-pci.c)."""

from emu.hw.virtio.virtio_pci.bus import virtio_pci_bus_class_init
from emu.hw.virtio.virtio_pci.structs import (
    TYPE_VIRTIO_PCI,
    TYPE_VIRTIO_PCI_BUS,
    VIRTIO_PCI,
    VIRTIO_PCI_CLASS,
    VIRTIO_PCI_FLAG_USE_IOEVENTFD_BIT,
    VIRTIO_PCI_GET_CLASS,
    VirtioPCIClass,
    VirtioPCIDeviceTypeInfo,
    VirtIOPCIProxy,
)
from emu.hw.virtio.virtio_pci.types import virtio_pci_types_register
