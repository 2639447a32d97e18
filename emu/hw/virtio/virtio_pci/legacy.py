"""The legacy interface in BAR 0, as I/O ports (hw/virtio/virtio-pci.c; virtio 1.2, 4.1.4.10)."""

from __future__ import annotations

from typing import Final

from emu.hw.core.qdev_core import DEVICE
from emu.hw.pci.msix import msix_enabled
from emu.hw.pci.pci import PCI_DEVICE, pci_default_write_config
from emu.hw.virtio.virtio import (
    VIRTIO_F_BAD_FEATURE,
    VIRTIO_QUEUE_MAX,
    virtio_bus_get_device,
    virtio_config_readb,
    virtio_config_readl,
    virtio_config_readw,
    virtio_config_writeb,
    virtio_config_writel,
    virtio_config_writew,
    virtio_queue_get_addr,
    virtio_queue_get_num,
    virtio_queue_notify,
    virtio_queue_set_addr,
    virtio_queue_vector,
    virtio_set_features,
    virtio_set_status,
)
from emu.hw.virtio.virtio_bus import (
    the_device,
    virtio_bus_get_vdev_bad_features,
    virtio_bus_start_ioeventfd,
    virtio_bus_stop_ioeventfd,
)
from emu.hw.virtio.virtio_pci.reset import virtio_pci_reset
from emu.hw.virtio.virtio_pci.structs import VirtIOPCIProxy, the_bus
from emu.hw.virtio.virtio_pci.vectors import choose_config_vector, choose_queue_vector, read_isr
from emu.softmmu.memory import DEVICE_LITTLE_ENDIAN, Impl, MemoryRegionOps
from emu.standard_headers.linux import virtio_pci
from emu.standard_headers.linux.pci_regs import PCI_COMMAND, PCI_COMMAND_MASTER
from emu.standard_headers.linux.virtio_config import (
    VIRTIO_CONFIG_S_ACKNOWLEDGE,
    VIRTIO_CONFIG_S_DRIVER,
    VIRTIO_CONFIG_S_DRIVER_OK,
)
from emu.standard_headers.linux.virtio_pci import VIRTIO_PCI_CONFIG_OFF
from emu.trace import emulates

UINT64_MAX: Final = (1 << 64) - 1


@emulates
def virtio_ioport_write(proxy: VirtIOPCIProxy, addr: int, val: int) -> None:
    """Write a register of the legacy interface. The size of the access does not matter."""
    bus = the_bus(proxy)
    vdev = the_device(bus)
    pci_dev = PCI_DEVICE(proxy)
    match addr:
        case virtio_pci.VIRTIO_PCI_GUEST_FEATURES:
            if val & 1 << VIRTIO_F_BAD_FEATURE:
                # the driver does not negotiate
                val = virtio_bus_get_vdev_bad_features(bus)
            virtio_set_features(vdev, val)
        case virtio_pci.VIRTIO_PCI_QUEUE_PFN:
            pa = val << virtio_pci.VIRTIO_PCI_QUEUE_ADDR_SHIFT
            if pa == 0:
                virtio_pci_reset(DEVICE(proxy))
            else:
                virtio_queue_set_addr(vdev, vdev.queue_sel, pa)
        case virtio_pci.VIRTIO_PCI_QUEUE_SEL:
            if val < VIRTIO_QUEUE_MAX:
                vdev.queue_sel = val
        case virtio_pci.VIRTIO_PCI_QUEUE_NOTIFY:
            if val < VIRTIO_QUEUE_MAX:
                virtio_queue_notify(vdev, val)
        case virtio_pci.VIRTIO_PCI_STATUS:
            if not val & VIRTIO_CONFIG_S_DRIVER_OK:
                virtio_bus_stop_ioeventfd(bus)
            virtio_set_status(vdev, val & 0xFF)
            if val & VIRTIO_CONFIG_S_DRIVER_OK:
                virtio_bus_start_ioeventfd(bus)
            if vdev.status == 0:
                virtio_pci_reset(DEVICE(proxy))
            # Linux before 2.6.34 drives the device without enabling bus mastering first
            if val == VIRTIO_CONFIG_S_ACKNOWLEDGE | VIRTIO_CONFIG_S_DRIVER:
                pci_default_write_config(pci_dev, PCI_COMMAND, pci_dev.config[PCI_COMMAND] | PCI_COMMAND_MASTER, 1)
        case virtio_pci.VIRTIO_MSI_CONFIG_VECTOR:
            choose_config_vector(proxy, vdev, val)
        case virtio_pci.VIRTIO_MSI_QUEUE_VECTOR:
            choose_queue_vector(proxy, vdev, val)


@emulates
def virtio_ioport_read(proxy: VirtIOPCIProxy, addr: int) -> int:
    """Read a register of the legacy interface; all ones where there is none."""
    vdev = the_device(the_bus(proxy))
    match addr:
        case virtio_pci.VIRTIO_PCI_HOST_FEATURES:
            return vdev.host_features & 0xFFFFFFFF
        case virtio_pci.VIRTIO_PCI_GUEST_FEATURES:
            return vdev.guest_features & 0xFFFFFFFF
        case virtio_pci.VIRTIO_PCI_QUEUE_PFN:
            return virtio_queue_get_addr(vdev, vdev.queue_sel) >> virtio_pci.VIRTIO_PCI_QUEUE_ADDR_SHIFT & 0xFFFFFFFF
        case virtio_pci.VIRTIO_PCI_QUEUE_NUM:
            return virtio_queue_get_num(vdev, vdev.queue_sel)
        case virtio_pci.VIRTIO_PCI_QUEUE_SEL:
            return vdev.queue_sel
        case virtio_pci.VIRTIO_PCI_STATUS:
            return vdev.status
        case virtio_pci.VIRTIO_PCI_ISR:
            return read_isr(proxy, vdev)
        case virtio_pci.VIRTIO_MSI_CONFIG_VECTOR:
            return vdev.config_vector
        case virtio_pci.VIRTIO_MSI_QUEUE_VECTOR:
            return virtio_queue_vector(vdev, vdev.queue_sel)
    return 0xFFFFFFFF


@emulates
def virtio_pci_config_read(proxy: VirtIOPCIProxy, addr: int, size: int) -> int:
    """Read BAR 0: the registers, then the device's own configuration. ``size`` in bytes."""
    vdev = virtio_bus_get_device(the_bus(proxy))
    config = VIRTIO_PCI_CONFIG_OFF(msix_enabled(PCI_DEVICE(proxy)))
    if vdev is None:
        return UINT64_MAX
    if addr < config:
        return virtio_ioport_read(proxy, addr)
    return {1: virtio_config_readb, 2: virtio_config_readw, 4: virtio_config_readl}[size](vdev, addr - config)


@emulates
def virtio_pci_config_write(proxy: VirtIOPCIProxy, addr: int, val: int, size: int) -> None:
    """Write BAR 0: the registers, then the device's own configuration. ``size`` in bytes."""
    config = VIRTIO_PCI_CONFIG_OFF(msix_enabled(PCI_DEVICE(proxy)))
    vdev = virtio_bus_get_device(the_bus(proxy))
    if vdev is None:
        return
    if addr < config:
        virtio_ioport_write(proxy, addr, val)
        return
    {1: virtio_config_writeb, 2: virtio_config_writew, 4: virtio_config_writel}[size](vdev, addr - config, val)


virtio_pci_config_ops: Final = MemoryRegionOps(
    name="virtio_pci_config_ops",
    read=virtio_pci_config_read,
    write=virtio_pci_config_write,
    impl=Impl(min_access_size=1, max_access_size=4),
    endianness=DEVICE_LITTLE_ENDIAN,
)
