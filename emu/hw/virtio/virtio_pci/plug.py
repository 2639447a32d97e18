"""The virtio device is realized: capabilities and BARs appear (hw/virtio/virtio-pci.c; virtio 1.2, 4.1.4)."""

from __future__ import annotations

from errno import ENOTSUP

from emu.hw.core.qdev_core import DeviceState
from emu.hw.pci.msix import msix_init_exclusive_bar, msix_present
from emu.hw.pci.pci import (
    PCI_DEVICE,
    PCIError,
    pci_add_capability,
    pci_config_set_class,
    pci_config_set_revision,
    pci_register_bar,
    pci_set_byte,
    pci_set_long,
    pci_set_word,
)
from emu.hw.pci.pci_ids import PCI_DEVICE_ID_VIRTIO_10_BASE, PCI_VENDOR_ID_REDHAT_QUMRANET
from emu.hw.virtio.virtio import (
    VIRTIO_F_BAD_FEATURE,
    VirtIODevice,
    virtio_add_feature,
    virtio_has_feature,
    virtio_host_has_feature,
    virtio_legacy_allowed,
    virtio_legacy_check_disabled,
)
from emu.hw.virtio.virtio_bus import (
    the_device,
    virtio_bus_get_vdev_config_len,
    virtio_bus_get_vdev_id,
    virtio_bus_stop_ioeventfd,
)
from emu.hw.virtio.virtio_pci.config import virtio_read_config, virtio_write_config
from emu.hw.virtio.virtio_pci.legacy import virtio_pci_config_ops
from emu.hw.virtio.virtio_pci.modern import common_ops, device_ops, isr_ops, notify_ops, notify_pio_ops
from emu.hw.virtio.virtio_pci.structs import (
    VIRTIO_PCI,
    VIRTIO_PCI_FLAG_MODERN_PIO_NOTIFY,
    VirtIOPCIProxy,
    VirtIOPCIRegion,
    the_bus,
    virtio_pci_disable_modern,
    virtio_pci_legacy,
    virtio_pci_modern,
    virtio_pci_queue_mem_mult,
)
from emu.qapi.error import Error, error_abort, error_append_hint, error_setg
from emu.qom.object import OBJECT
from emu.softmmu.memory import (
    MemoryRegion,
    MemoryRegionOps,
    memory_region_add_subregion,
    memory_region_del_subregion,
    memory_region_init,
    memory_region_init_io,
)
from emu.standard_headers.linux.pci_regs import (
    PCI_BASE_ADDRESS_MEM_PREFETCH,
    PCI_BASE_ADDRESS_MEM_TYPE_64,
    PCI_BASE_ADDRESS_SPACE_IO,
    PCI_BASE_ADDRESS_SPACE_MEMORY,
    PCI_CAP_FLAGS,
    PCI_CAP_ID_VNDR,
    PCI_DEVICE_ID,
    PCI_INTERRUPT_PIN,
    PCI_SUBSYSTEM_ID,
    PCI_VENDOR_ID,
)
from emu.standard_headers.linux.virtio_config import VIRTIO_F_IOMMU_PLATFORM, VIRTIO_F_VERSION_1
from emu.standard_headers.linux.virtio_pci import (
    VIRTIO_PCI_CAP_BAR,
    VIRTIO_PCI_CAP_LENGTH,
    VIRTIO_PCI_CAP_OFFSET,
    VIRTIO_PCI_CFG_CAP_DATA,
    VIRTIO_PCI_CONFIG_OFF,
    virtio_pci_cap,
    virtio_pci_cfg_cap,
    virtio_pci_notify_cap,
)
from emu.trace import Ptr, emulates
from emu.util.error_report import warn_report


def pow2ceil(value: int) -> int:
    """Return the smallest power of two that is not less than ``value`` (include/qemu/host-utils.h)."""
    return 1 << (value - 1).bit_length() if value > 1 else 1


@emulates
def virtio_pci_add_mem_cap(proxy: VirtIOPCIProxy, cap: virtio_pci_cap) -> int:
    """Put a virtio capability at the head of the chain; return its offset in configuration space."""
    dev = PCI_DEVICE(proxy)
    with error_abort():
        offset = pci_add_capability(dev, PCI_CAP_ID_VNDR, 0, cap.cap_len)
    assert cap.cap_len >= virtio_pci_cap.SIZE
    (dev.config + (offset + PCI_CAP_FLAGS)).put(0, bytes(cap)[PCI_CAP_FLAGS:])
    return offset


@emulates
def virtio_pci_modern_regions_init(proxy: VirtIOPCIProxy, vdev_name: str) -> None:
    """Make the region of each structure of virtio 1."""

    def init(part: str, region: VirtIOPCIRegion, ops: MemoryRegionOps) -> None:
        memory_region_init_io(Ptr(region, "mr"), OBJECT(proxy), ops, proxy, f"virtio-pci-{part}-{vdev_name}", region.size)

    init("common", proxy.common, common_ops)
    init("isr", proxy.isr, isr_ops)
    init("device", proxy.device, device_ops)
    init("notify", proxy.notify, notify_ops)
    init("notify-pio", proxy.notify_pio, notify_pio_ops)


@emulates
def virtio_pci_modern_region_map(
    proxy: VirtIOPCIProxy, region: VirtIOPCIRegion, cap: virtio_pci_cap, mr: MemoryRegion, bar: int
) -> None:
    """Put a structure into a BAR, and a capability that says where it is into configuration space."""
    assert region.mr is not None
    memory_region_add_subregion(mr, region.offset, region.mr)
    virtio_pci_add_mem_cap(proxy, cap.located(region.type, bar, region.offset, region.size))


@emulates
def virtio_pci_modern_mem_region_map(proxy: VirtIOPCIProxy, region: VirtIOPCIRegion, cap: virtio_pci_cap) -> None:
    """Put a structure into the memory BAR."""
    assert proxy.modern_bar is not None
    virtio_pci_modern_region_map(proxy, region, cap, proxy.modern_bar, proxy.modern_mem_bar_idx)


@emulates
def virtio_pci_modern_io_region_map(proxy: VirtIOPCIProxy, region: VirtIOPCIRegion, cap: virtio_pci_cap) -> None:
    """Put a structure into the I/O BAR."""
    assert proxy.io_bar is not None
    virtio_pci_modern_region_map(proxy, region, cap, proxy.io_bar, proxy.modern_io_bar_idx)


@emulates
def virtio_pci_modern_mem_region_unmap(proxy: VirtIOPCIProxy, region: VirtIOPCIRegion) -> None:
    """Take a structure out of the memory BAR."""
    assert proxy.modern_bar is not None
    assert region.mr is not None
    memory_region_del_subregion(proxy.modern_bar, region.mr)


@emulates
def virtio_pci_modern_io_region_unmap(proxy: VirtIOPCIProxy, region: VirtIOPCIRegion) -> None:
    """Take a structure out of the I/O BAR."""
    assert proxy.io_bar is not None
    assert region.mr is not None
    memory_region_del_subregion(proxy.io_bar, region.mr)


@emulates
def virtio_pci_pre_plugged(d: DeviceState) -> None:
    """Offer what the transport adds to the device's features."""
    proxy = VIRTIO_PCI(d)
    vdev = the_device(the_bus(proxy))
    if virtio_pci_modern(proxy):
        virtio_add_feature(Ptr(vdev, "host_features"), VIRTIO_F_VERSION_1)
    virtio_add_feature(Ptr(vdev, "host_features"), VIRTIO_F_BAD_FEATURE)


def show_modern(proxy: VirtIOPCIProxy, vdev: VirtIODevice) -> None:
    """Make BAR 4, BAR 2 with modern-pio-notify, and their capabilities: the middle of virtio_pci_device_plugged."""
    pci_dev = PCI_DEVICE(proxy)
    cap = virtio_pci_cap(cap_len=virtio_pci_cap.SIZE)
    notify = virtio_pci_notify_cap(virtio_pci_queue_mem_mult(proxy))
    assert vdev.name is not None

    virtio_pci_modern_regions_init(proxy, vdev.name)
    virtio_pci_modern_mem_region_map(proxy, proxy.common, cap)
    virtio_pci_modern_mem_region_map(proxy, proxy.isr, cap)
    virtio_pci_modern_mem_region_map(proxy, proxy.device, cap)
    virtio_pci_modern_mem_region_map(proxy, proxy.notify, notify)
    if proxy.flags & VIRTIO_PCI_FLAG_MODERN_PIO_NOTIFY:
        memory_region_init(Ptr(proxy, "io_bar"), OBJECT(proxy), "virtio-pci-io", 0x4)
        assert proxy.io_bar is not None
        pci_register_bar(pci_dev, proxy.modern_io_bar_idx, PCI_BASE_ADDRESS_SPACE_IO, proxy.io_bar)
        virtio_pci_modern_io_region_map(proxy, proxy.notify_pio, virtio_pci_notify_cap(0))
    assert proxy.modern_bar is not None
    pci_register_bar(
        pci_dev,
        proxy.modern_mem_bar_idx,
        PCI_BASE_ADDRESS_SPACE_MEMORY | PCI_BASE_ADDRESS_MEM_PREFETCH | PCI_BASE_ADDRESS_MEM_TYPE_64,
        proxy.modern_bar,
    )
    proxy.config_cap = virtio_pci_add_mem_cap(proxy, virtio_pci_cfg_cap())
    cfg_mask = pci_dev.wmask + proxy.config_cap
    pci_set_byte(cfg_mask + VIRTIO_PCI_CAP_BAR, 0xFF)
    pci_set_long(cfg_mask + VIRTIO_PCI_CAP_OFFSET, 0xFFFFFFFF)
    pci_set_long(cfg_mask + VIRTIO_PCI_CAP_LENGTH, 0xFFFFFFFF)
    pci_set_long(cfg_mask + VIRTIO_PCI_CFG_CAP_DATA, 0xFFFFFFFF)


def show_ids(proxy: VirtIOPCIProxy, vdev: VirtIODevice, legacy: bool) -> None:
    """Set the ids, which say whether the device has a legacy interface. Error: it may not have one."""
    pci_dev = PCI_DEVICE(proxy)
    config = pci_dev.config
    bus = the_bus(proxy)
    if legacy:
        if not virtio_legacy_allowed(vdev):
            if not virtio_legacy_check_disabled(vdev):
                error_setg("device is modern-only, use disable-legacy=on")
            warn_report("device is modern-only, but for backward compatibility legacy is allowed")
        if virtio_host_has_feature(vdev, VIRTIO_F_IOMMU_PLATFORM):
            error_setg("VIRTIO_F_IOMMU_PLATFORM was supported by neither legacy nor transitional device")
        pci_set_word(config + PCI_SUBSYSTEM_ID, virtio_bus_get_vdev_id(bus))
    else:
        pci_set_word(config + PCI_VENDOR_ID, PCI_VENDOR_ID_REDHAT_QUMRANET)
        pci_set_word(config + PCI_DEVICE_ID, PCI_DEVICE_ID_VIRTIO_10_BASE + virtio_bus_get_vdev_id(bus))
        pci_config_set_revision(config, 1)
    config[PCI_INTERRUPT_PIN] = 1


@emulates
def virtio_pci_device_plugged(d: DeviceState) -> None:
    """Show the device: ids, capabilities, BARs, MSI-X. Error: it has no interface left, or may not have the legacy one."""
    proxy = VIRTIO_PCI(d)
    pci_dev = PCI_DEVICE(proxy)
    bus = the_bus(proxy)
    legacy = virtio_pci_legacy(proxy)
    vdev = the_device(bus)

    # a guest is confused by virtio 1 capabilities without VERSION_1
    if not proxy.ignore_backend_features and not virtio_has_feature(vdev.host_features, VIRTIO_F_VERSION_1):
        virtio_pci_disable_modern(proxy)
        if not legacy:
            err = Error("Device doesn't support modern mode, and legacy mode is disabled")
            error_append_hint(err, "Set disable-legacy to off\n")
            raise err
    modern = virtio_pci_modern(proxy)

    if proxy.class_code:
        pci_config_set_class(pci_dev.config, proxy.class_code)
    show_ids(proxy, vdev, legacy)
    if modern:
        show_modern(proxy, vdev)
    if proxy.nvectors:
        try:
            msix_init_exclusive_bar(pci_dev, proxy.nvectors, proxy.msix_bar_idx)
        except PCIError as err:
            if err.ret != -ENOTSUP:
                warn_report(f"unable to init msix vectors to {proxy.nvectors}")
            proxy.nvectors = 0

    pci_dev.config_write = virtio_write_config
    pci_dev.config_read = virtio_read_config

    if legacy:
        size = pow2ceil(VIRTIO_PCI_CONFIG_OFF(bool(msix_present(pci_dev))) + virtio_bus_get_vdev_config_len(bus))
        memory_region_init_io(Ptr(proxy, "bar"), OBJECT(proxy), virtio_pci_config_ops, proxy, "virtio-pci", size)
        assert proxy.bar is not None
        pci_register_bar(pci_dev, proxy.legacy_io_bar_idx, PCI_BASE_ADDRESS_SPACE_IO, proxy.bar)


@emulates
def virtio_pci_device_unplugged(d: DeviceState) -> None:
    """The device goes: empty the BARs."""
    proxy = VIRTIO_PCI(d)
    modern = virtio_pci_modern(proxy)
    virtio_bus_stop_ioeventfd(the_bus(proxy))
    if modern:
        virtio_pci_modern_mem_region_unmap(proxy, proxy.common)
        virtio_pci_modern_mem_region_unmap(proxy, proxy.isr)
        virtio_pci_modern_mem_region_unmap(proxy, proxy.device)
        virtio_pci_modern_mem_region_unmap(proxy, proxy.notify)
        if proxy.flags & VIRTIO_PCI_FLAG_MODERN_PIO_NOTIFY:
            virtio_pci_modern_io_region_unmap(proxy, proxy.notify_pio)
