"""A virtio PCI device is realized, and unrealized (hw/virtio/virtio-pci.c)."""

from __future__ import annotations

from typing import Any, Final

from emu.hw.core.bus import qbus_init
from emu.hw.core.qdev import device_class_set_parent_realize
from emu.hw.core.qdev_core import DEVICE, DEVICE_CLASS, DeviceState
from emu.hw.core.qdev_properties import DEFINE_PROP_BIT, DEFINE_PROP_BOOL, device_class_set_props
from emu.hw.pci.msix import msix_uninit_exclusive_bar
from emu.hw.pci.pci import (
    PCI_CONFIG_SPACE_SIZE,
    PCI_DEVICE,
    PCI_DEVICE_CLASS,
    QEMU_PCI_CAP_EXPRESS,
    TYPE_PCI_DEVICE,
    PCIDevice,
    pci_add_capability,
    pci_bus_is_express,
    pci_bus_is_root,
    pci_get_bus,
    pci_is_express,
    pci_set_word,
)
from emu.hw.pci.pci_ids import PCI_CLASS_OTHERS, PCI_VENDOR_ID_REDHAT_QUMRANET
from emu.hw.pci.pcie import (
    pcie_ats_init,
    pcie_cap_deverr_init,
    pcie_cap_flr_init,
    pcie_cap_lnkctl_init,
    pcie_endpoint_cap_init,
)
from emu.hw.pci.pcie_aer import pcie_aer_exit, pcie_aer_init
from emu.hw.pci.pcie_regs import PCI_ERR_SIZEOF, PCI_ERR_VER
from emu.hw.virtio.virtio import VIRTIO_QUEUE_MAX
from emu.hw.virtio.virtio_pci.plug import pow2ceil
from emu.hw.virtio.virtio_pci.reset import virtio_pci_bus_reset
from emu.hw.virtio.virtio_pci.structs import (
    TYPE_VIRTIO_PCI,
    TYPE_VIRTIO_PCI_BUS,
    VIRTIO_PCI,
    VIRTIO_PCI_CLASS,
    VIRTIO_PCI_FLAG_AER,
    VIRTIO_PCI_FLAG_AER_BIT,
    VIRTIO_PCI_FLAG_ATS,
    VIRTIO_PCI_FLAG_ATS_BIT,
    VIRTIO_PCI_FLAG_ATS_PAGE_ALIGNED,
    VIRTIO_PCI_FLAG_ATS_PAGE_ALIGNED_BIT,
    VIRTIO_PCI_FLAG_BUS_MASTER_BUG_MIGRATION_BIT,
    VIRTIO_PCI_FLAG_DISABLE_PCIE,
    VIRTIO_PCI_FLAG_DISABLE_PCIE_BIT,
    VIRTIO_PCI_FLAG_INIT_DEVERR,
    VIRTIO_PCI_FLAG_INIT_DEVERR_BIT,
    VIRTIO_PCI_FLAG_INIT_FLR,
    VIRTIO_PCI_FLAG_INIT_FLR_BIT,
    VIRTIO_PCI_FLAG_INIT_LNKCTL,
    VIRTIO_PCI_FLAG_INIT_LNKCTL_BIT,
    VIRTIO_PCI_FLAG_INIT_PM,
    VIRTIO_PCI_FLAG_INIT_PM_BIT,
    VIRTIO_PCI_FLAG_MIGRATE_EXTRA_BIT,
    VIRTIO_PCI_FLAG_MODERN_PIO_NOTIFY_BIT,
    VIRTIO_PCI_FLAG_PAGE_PER_VQ_BIT,
    VIRTIO_PCI_GET_CLASS,
    VirtioPCIClass,
    VirtIOPCIProxy,
    virtio_pci_legacy,
    virtio_pci_modern,
    virtio_pci_queue_mem_mult,
)
from emu.qapi.error import Error, error_append_hint
from emu.qapi.qapi_types_common import OnOffAuto
from emu.qom.object import OBJECT, TypeInfo
from emu.qom.parts import Part
from emu.softmmu.memory import memory_region_init
from emu.standard_headers.linux.pci_regs import (
    PCI_CAP_ID_PM,
    PCI_EXT_CAP_ATS_SIZEOF,
    PCI_PM_CTRL,
    PCI_PM_CTRL_STATE_MASK,
    PCI_PM_PMC,
    PCI_PM_SIZEOF,
)
from emu.standard_headers.linux.virtio_pci import (
    VIRTIO_PCI_ABI_VERSION,
    VIRTIO_PCI_CAP_COMMON_CFG,
    VIRTIO_PCI_CAP_DEVICE_CFG,
    VIRTIO_PCI_CAP_ISR_CFG,
    VIRTIO_PCI_CAP_NOTIFY_CFG,
)
from emu.trace import Ptr, emulates


def on_pcie_port(pci_dev: PCIDevice) -> bool:
    """Tell whether a device sits behind a PCI Express port, not on the root bus."""
    bus = pci_get_bus(pci_dev)
    return pci_bus_is_express(bus) and not pci_bus_is_root(bus)


@emulates
def virtio_pci_bus_new(bus: Ptr, dev: VirtIOPCIProxy) -> None:
    """Make the bus that the virtio device will sit on."""
    qbus_init(bus, TYPE_VIRTIO_PCI_BUS, DEVICE(dev), "virtio-bus")


def lay_out(proxy: VirtIOPCIProxy) -> None:
    """Say which BAR holds what, and where in BAR 4 each structure of virtio 1 lies: the beginning of virtio_pci_realize."""
    proxy.legacy_io_bar_idx = 0
    proxy.msix_bar_idx = 1
    proxy.modern_io_bar_idx = 2
    proxy.modern_mem_bar_idx = 4

    proxy.common.offset = 0x0
    proxy.common.size = 0x1000
    proxy.common.type = VIRTIO_PCI_CAP_COMMON_CFG
    proxy.isr.offset = 0x1000
    proxy.isr.size = 0x1000
    proxy.isr.type = VIRTIO_PCI_CAP_ISR_CFG
    proxy.device.offset = 0x2000
    proxy.device.size = 0x1000
    proxy.device.type = VIRTIO_PCI_CAP_DEVICE_CFG
    proxy.notify.offset = 0x3000
    proxy.notify.size = virtio_pci_queue_mem_mult(proxy) * VIRTIO_QUEUE_MAX
    proxy.notify.type = VIRTIO_PCI_CAP_NOTIFY_CFG
    proxy.notify_pio.offset = 0x0
    proxy.notify_pio.size = 0x4
    proxy.notify_pio.type = VIRTIO_PCI_CAP_NOTIFY_CFG


def become_express(pci_dev: PCIDevice, proxy: VirtIOPCIProxy) -> None:
    """Give a device behind a port the capabilities of PCI Express: a part of virtio_pci_realize."""
    last_pcie_cap_offset = PCI_CONFIG_SPACE_SIZE
    pos = pcie_endpoint_cap_init(pci_dev, 0)
    assert pos > 0
    pos = pci_add_capability(pci_dev, PCI_CAP_ID_PM, 0, PCI_PM_SIZEOF)
    pci_dev.exp.pm_cap = pos
    # revision 1.2 of the power management specification
    pci_set_word(pci_dev.config + (pos + PCI_PM_PMC), 0x3)
    if proxy.flags & VIRTIO_PCI_FLAG_AER:
        pcie_aer_init(pci_dev, PCI_ERR_VER, last_pcie_cap_offset, PCI_ERR_SIZEOF)
        last_pcie_cap_offset += PCI_ERR_SIZEOF
    if proxy.flags & VIRTIO_PCI_FLAG_INIT_DEVERR:
        pcie_cap_deverr_init(pci_dev)
    if proxy.flags & VIRTIO_PCI_FLAG_INIT_LNKCTL:
        pcie_cap_lnkctl_init(pci_dev)
    if proxy.flags & VIRTIO_PCI_FLAG_INIT_PM:
        pci_set_word(pci_dev.wmask + (pos + PCI_PM_CTRL), PCI_PM_CTRL_STATE_MASK)
    if proxy.flags & VIRTIO_PCI_FLAG_ATS:
        pcie_ats_init(pci_dev, last_pcie_cap_offset, bool(proxy.flags & VIRTIO_PCI_FLAG_ATS_PAGE_ALIGNED))
        last_pcie_cap_offset += PCI_EXT_CAP_ATS_SIZEOF
    if proxy.flags & VIRTIO_PCI_FLAG_INIT_FLR:
        pcie_cap_flr_init(pci_dev)


@emulates
def virtio_pci_realize(pci_dev: PCIDevice) -> None:
    """PCIDeviceClass.realize: decide which interfaces there will be, make the bus, then realize the device that sits on it.

    Error: both interfaces are switched off, or the device's own realize refuses.
    """
    proxy = VIRTIO_PCI(pci_dev)
    k = VIRTIO_PCI_GET_CLASS(pci_dev)
    pcie_port = on_pcie_port(pci_dev)

    lay_out(proxy)
    # a subclass may enforce virtio 1 later, so this region is always made; a BAR is a power of two
    memory_region_init(Ptr(proxy, "modern_bar"), OBJECT(proxy), "virtio-pci", pow2ceil(proxy.notify.offset + proxy.notify.size))
    if proxy.disable_legacy == OnOffAuto.AUTO:
        proxy.disable_legacy = int(OnOffAuto.ON if pcie_port else OnOffAuto.OFF)
    if not virtio_pci_modern(proxy) and not virtio_pci_legacy(proxy):
        err = Error("device cannot work as neither modern nor legacy mode is enabled")
        error_append_hint(err, "Set either disable-modern or disable-legacy to off\n")
        raise err
    if pcie_port and pci_is_express(pci_dev):
        become_express(pci_dev, proxy)
    else:
        # from here on pci_is_express says no, and configuration space has 256 bytes
        pci_dev.cap_present &= ~QEMU_PCI_CAP_EXPRESS
    virtio_pci_bus_new(Ptr(proxy, "bus"), proxy)
    if k.realize:
        k.realize(proxy)


@emulates
def virtio_pci_exit(pci_dev: PCIDevice) -> None:
    """PCIDeviceClass.exit."""
    proxy = VIRTIO_PCI(pci_dev)
    pcie_port = on_pcie_port(pci_dev)
    msix_uninit_exclusive_bar(pci_dev)
    if proxy.flags & VIRTIO_PCI_FLAG_AER and pcie_port and pci_is_express(pci_dev):
        pcie_aer_exit(pci_dev)


@emulates
def virtio_pci_dc_realize(qdev: DeviceState) -> None:
    """DeviceClass.realize: runs before pci_qdev_realize, since an Express device needs a larger configuration space."""
    vpciklass = VIRTIO_PCI_GET_CLASS(qdev)
    proxy = VIRTIO_PCI(qdev)
    pci_dev = PCI_DEVICE(proxy)
    if not proxy.flags & VIRTIO_PCI_FLAG_DISABLE_PCIE and virtio_pci_modern(proxy):
        pci_dev.cap_present |= QEMU_PCI_CAP_EXPRESS
    assert vpciklass.parent_dc_realize is not None
    vpciklass.parent_dc_realize(qdev)


virtio_pci_properties: Final = (
    DEFINE_PROP_BIT(
        "virtio-pci-bus-master-bug-migration", VirtIOPCIProxy, "flags", VIRTIO_PCI_FLAG_BUS_MASTER_BUG_MIGRATION_BIT, False
    ),
    DEFINE_PROP_BIT("migrate-extra", VirtIOPCIProxy, "flags", VIRTIO_PCI_FLAG_MIGRATE_EXTRA_BIT, True),
    DEFINE_PROP_BIT("modern-pio-notify", VirtIOPCIProxy, "flags", VIRTIO_PCI_FLAG_MODERN_PIO_NOTIFY_BIT, False),
    DEFINE_PROP_BIT("x-disable-pcie", VirtIOPCIProxy, "flags", VIRTIO_PCI_FLAG_DISABLE_PCIE_BIT, False),
    DEFINE_PROP_BIT("page-per-vq", VirtIOPCIProxy, "flags", VIRTIO_PCI_FLAG_PAGE_PER_VQ_BIT, False),
    DEFINE_PROP_BOOL("x-ignore-backend-features", VirtIOPCIProxy, "ignore_backend_features", False),
    DEFINE_PROP_BIT("ats", VirtIOPCIProxy, "flags", VIRTIO_PCI_FLAG_ATS_BIT, False),
    DEFINE_PROP_BIT("x-ats-page-aligned", VirtIOPCIProxy, "flags", VIRTIO_PCI_FLAG_ATS_PAGE_ALIGNED_BIT, True),
    DEFINE_PROP_BIT("x-pcie-deverr-init", VirtIOPCIProxy, "flags", VIRTIO_PCI_FLAG_INIT_DEVERR_BIT, True),
    DEFINE_PROP_BIT("x-pcie-lnkctl-init", VirtIOPCIProxy, "flags", VIRTIO_PCI_FLAG_INIT_LNKCTL_BIT, True),
    DEFINE_PROP_BIT("x-pcie-pm-init", VirtIOPCIProxy, "flags", VIRTIO_PCI_FLAG_INIT_PM_BIT, True),
    DEFINE_PROP_BIT("x-pcie-flr-init", VirtIOPCIProxy, "flags", VIRTIO_PCI_FLAG_INIT_FLR_BIT, True),
    DEFINE_PROP_BIT("aer", VirtIOPCIProxy, "flags", VIRTIO_PCI_FLAG_AER_BIT, False),
)


@emulates
def virtio_pci_class_init(klass: Part, data: Any) -> None:
    """Turn the order of realize round: virtio_pci_dc_realize takes DeviceClass.realize and keeps pci_qdev_realize for later."""
    dc, k, vpciklass = DEVICE_CLASS(klass), PCI_DEVICE_CLASS(klass), VIRTIO_PCI_CLASS(klass)
    device_class_set_props(dc, virtio_pci_properties)
    k.realize = virtio_pci_realize
    k.exit = virtio_pci_exit
    k.vendor_id = PCI_VENDOR_ID_REDHAT_QUMRANET
    k.revision = VIRTIO_PCI_ABI_VERSION
    k.class_id = PCI_CLASS_OTHERS
    device_class_set_parent_realize(dc, virtio_pci_dc_realize, Ptr(vpciklass, "parent_dc_realize"))
    dc.reset = virtio_pci_bus_reset


virtio_pci_info: Final = TypeInfo(
    name=TYPE_VIRTIO_PCI,
    parent=TYPE_PCI_DEVICE,
    instance=VirtIOPCIProxy,
    class_init=virtio_pci_class_init,
    class_=VirtioPCIClass,
    abstract=True,
)
