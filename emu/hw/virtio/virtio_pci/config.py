"""Configuration space: the window into the BARs, bus mastering, FLR and ATS (hw/virtio/virtio-pci.c; virtio 1.2, 4.1.4.9)."""

from __future__ import annotations

from emu.hw.pci.pci import (
    PCI_DEVICE,
    PCIDevice,
    pci_default_read_config,
    pci_default_write_config,
    pci_get_long,
)
from emu.hw.pci.pcie import pcie_cap_flr_write_config
from emu.hw.virtio.virtio import VIRTIO_DEVICE_GET_CLASS, virtio_set_disabled, virtio_set_status
from emu.hw.virtio.virtio_bus import the_device, virtio_bus_stop_ioeventfd
from emu.hw.virtio.virtio_pci.structs import (
    VIRTIO_PCI,
    VIRTIO_PCI_FLAG_ATS,
    VIRTIO_PCI_FLAG_INIT_FLR,
    VirtIOPCIProxy,
    regs,
    the_bus,
)
from emu.softmmu.memory import (
    MEMTXATTRS_UNSPECIFIED,
    MemoryRegion,
    memory_region_dispatch_read,
    memory_region_dispatch_write,
)
from emu.standard_headers.linux.pci_regs import (
    PCI_ATS_CTRL,
    PCI_ATS_CTRL_ENABLE,
    PCI_COMMAND,
    PCI_COMMAND_MASTER,
    PCI_EXT_CAP_ATS_SIZEOF,
)
from emu.standard_headers.linux.virtio_config import VIRTIO_CONFIG_S_DRIVER_OK
from emu.standard_headers.linux.virtio_pci import VIRTIO_PCI_CAP_LENGTH, VIRTIO_PCI_CAP_OFFSET, VIRTIO_PCI_CFG_CAP_DATA
from emu.trace import emulates


def ranges_overlap(first1: int, len1: int, first2: int, len2: int) -> bool:
    """Tell whether two ranges have a byte in common (include/qemu/range.h)."""
    return first1 < first2 + len2 and first2 < first1 + len1


@emulates
def virtio_address_space_lookup(proxy: VirtIOPCIProxy, off: int, length: int) -> tuple[MemoryRegion | None, int]:
    """Find the structure that an offset in the modern BAR lies in; return its region and the offset there."""
    for reg in regs(proxy):
        if off >= reg.offset and off + length <= reg.offset + reg.size:
            return reg.mr, off - reg.offset
    return None, off


@emulates
def virtio_address_space_write(proxy: VirtIOPCIProxy, addr: int, buf: int, length: int) -> None:
    """Write through the window. ``buf``: offset of the data in configuration space; ``length``: 1, 2 or 4 bytes."""
    addr &= ~(length - 1)
    mr, addr = virtio_address_space_lookup(proxy, addr, length)
    if mr is None:
        return
    val = PCI_DEVICE(proxy).config.read(buf, length)
    memory_region_dispatch_write(mr, addr, val, length, MEMTXATTRS_UNSPECIFIED)


@emulates
def virtio_address_space_read(proxy: VirtIOPCIProxy, addr: int, buf: int, length: int) -> None:
    """Read through the window. ``buf``: offset of the data in configuration space; ``length``: 1, 2 or 4 bytes."""
    addr &= ~(length - 1)
    mr, addr = virtio_address_space_lookup(proxy, addr, length)
    if mr is None:
        return
    _, val = memory_region_dispatch_read(mr, addr, length, MEMTXATTRS_UNSPECIFIED)
    PCI_DEVICE(proxy).config.write(buf, val, length)


@emulates
def virtio_pci_ats_ctrl_trigger(pci_dev: PCIDevice, enable: bool) -> None:
    """The guest turns address translation services on or off."""
    vdev = the_device(the_bus(VIRTIO_PCI(pci_dev)))
    k = VIRTIO_DEVICE_GET_CLASS(vdev)
    vdev.device_iotlb_enabled = enable
    if k.toggle_device_iotlb:
        k.toggle_device_iotlb(vdev)


@emulates
def pcie_ats_config_write(dev: PCIDevice, address: int, val: int, length: int) -> None:
    """Watch the ATS control register for writes."""
    ats_cap = dev.exp.ats_cap
    if not ats_cap or address < ats_cap:
        return
    off = address - ats_cap
    if off >= PCI_EXT_CAP_ATS_SIZEOF:
        return
    if ranges_overlap(off, length, PCI_ATS_CTRL + 1, 1):
        virtio_pci_ats_ctrl_trigger(dev, bool(val & PCI_ATS_CTRL_ENABLE))


def window(proxy: VirtIOPCIProxy, address: int, length: int) -> tuple[int, int] | None:
    """Return offset and length that the window shows, if an access touches its data and the length is a legal one."""
    data = proxy.config_cap + VIRTIO_PCI_CFG_CAP_DATA
    if not proxy.config_cap or not ranges_overlap(address, length, data, 4):
        return None
    cfg = PCI_DEVICE(proxy).config + proxy.config_cap
    off, size = pci_get_long(cfg + VIRTIO_PCI_CAP_OFFSET), pci_get_long(cfg + VIRTIO_PCI_CAP_LENGTH)
    return (off, size) if size in (1, 2, 4) else None


@emulates
def virtio_write_config(pci_dev: PCIDevice, address: int, val: int, length: int) -> None:
    """PCIDevice.config_write."""
    proxy = VIRTIO_PCI(pci_dev)
    vdev = the_device(the_bus(proxy))
    pci_default_write_config(pci_dev, address, val, length)
    if proxy.flags & VIRTIO_PCI_FLAG_INIT_FLR:
        pcie_cap_flr_write_config(pci_dev, address, val, length)
    if proxy.flags & VIRTIO_PCI_FLAG_ATS:
        pcie_ats_config_write(pci_dev, address, val, length)
    if ranges_overlap(address, length, PCI_COMMAND, 1):
        if not pci_dev.config[PCI_COMMAND] & PCI_COMMAND_MASTER:
            virtio_set_disabled(vdev, True)
            virtio_bus_stop_ioeventfd(the_bus(proxy))
            virtio_set_status(vdev, vdev.status & ~VIRTIO_CONFIG_S_DRIVER_OK)
        else:
            virtio_set_disabled(vdev, False)
    if (shown := window(proxy, address, length)) is not None:
        virtio_address_space_write(proxy, shown[0], proxy.config_cap + VIRTIO_PCI_CFG_CAP_DATA, shown[1])


@emulates
def virtio_read_config(pci_dev: PCIDevice, address: int, length: int) -> int:
    """PCIDevice.config_read."""
    proxy = VIRTIO_PCI(pci_dev)
    if (shown := window(proxy, address, length)) is not None:
        virtio_address_space_read(proxy, shown[0], proxy.config_cap + VIRTIO_PCI_CFG_CAP_DATA, shown[1])
    return pci_default_read_config(pci_dev, address, length)
