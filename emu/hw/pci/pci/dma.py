"""Devices as masters: whose id their requests carry, through which address space they go (hw/pci/pci.c)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from emu.errors import QemuExit
from emu.hw.pci.pci.bus import pci_bus_bypass_iommu, pci_bus_is_express, pci_bus_num, pci_dev_bus_num
from emu.hw.pci.pci.express import pcie_cap_get_type
from emu.hw.pci.pci.structs import (
    PCI_BUILD_BDF,
    PCI_DEVFN,
    PCI_REQ_ID_BDF,
    PCI_REQ_ID_SECONDARY_BUS,
    MSIMessage,
    PCIBus,
    PCIDevice,
    PCIReqIDCache,
    pci_bus_is_root,
    pci_get_bus,
    pci_is_express,
)
from emu.softmmu.memory import (
    AddressSpace,
    MemTxAttrs,
    memory_region_add_subregion,
    memory_region_init_alias,
    memory_region_set_enabled,
    memory_region_size,
)
from emu.softmmu.physmem import address_space_memory, address_space_st
from emu.standard_headers.linux.pci_regs import PCI_EXP_TYPE_PCI_BRIDGE
from emu.trace import Ptr, emulates
from emu.util.error_report import error_report


@emulates
def pci_init_bus_master(pci_dev: PCIDevice) -> None:
    """Open a device's way to memory; the guest enables it in the command register."""
    dma_as = pci_device_iommu_address_space(pci_dev)
    assert dma_as.root is not None
    memory_region_init_alias(
        Ptr(pci_dev, "bus_master_enable_region"), pci_dev, "bus master", dma_as.root, 0, memory_region_size(dma_as.root)
    )
    assert pci_dev.bus_master_enable_region is not None
    assert pci_dev.bus_master_container_region is not None
    memory_region_set_enabled(pci_dev.bus_master_enable_region, False)
    memory_region_add_subregion(pci_dev.bus_master_container_region, 0, pci_dev.bus_master_enable_region)


def pci_get_bdf(dev: PCIDevice) -> int:
    """Return the 16-bit id of a device."""
    return PCI_BUILD_BDF(pci_bus_num(pci_get_bus(dev)), dev.devfn)


def pci_req_id_cache_extract(cache: PCIReqIDCache) -> int:
    """Return the 16-bit id that a cache stands for."""
    assert cache.dev is not None
    if cache.type == PCI_REQ_ID_BDF:
        return pci_get_bdf(cache.dev)
    if cache.type == PCI_REQ_ID_SECONDARY_BUS:
        return PCI_BUILD_BDF(pci_dev_bus_num(cache.dev), 0)
    error_report(f"Invalid PCI requester ID cache type: {cache.type}")
    raise QemuExit(1)


@emulates
def pci_req_id_cache_get(dev: PCIDevice) -> PCIReqIDCache:
    """Find whose id the requests of a device carry: its own, or that of a bridge to conventional PCI above it.

    A device and a kind is noted, no number: bus numbers change.
    """
    cache = PCIReqIDCache(dev=dev, type=PCI_REQ_ID_BDF)
    while not pci_bus_is_root(pci_get_bus(dev)):
        parent = pci_get_bus(dev).parent_dev
        assert parent is not None
        if pci_is_express(parent):
            if pcie_cap_get_type(parent) == PCI_EXP_TYPE_PCI_BRIDGE:
                cache.type = PCI_REQ_ID_SECONDARY_BUS
                cache.dev = dev
        else:
            cache.type = PCI_REQ_ID_BDF
            cache.dev = parent
        dev = parent
    return cache


def pci_requester_id(dev: PCIDevice) -> int:
    """Return the 16-bit id that the requests of a device carry."""
    return pci_req_id_cache_extract(dev.requester_id_cache)


def pci_device_iommu_address_space(dev: PCIDevice) -> AddressSpace:
    """Return the address space that a device reads and writes: memory, or what an IOMMU makes of it."""
    bus = pci_get_bus(dev)
    iommu_bus: PCIBus = bus
    devfn = dev.devfn
    while iommu_bus.iommu_fn is None and iommu_bus.parent_dev is not None:
        parent = iommu_bus.parent_dev
        parent_bus = pci_get_bus(parent)
        if not pci_bus_is_express(iommu_bus):
            if pci_is_express(parent) and pcie_cap_get_type(parent) == PCI_EXP_TYPE_PCI_BRIDGE:
                devfn = PCI_DEVFN(0, 0)
                bus = iommu_bus
            else:
                devfn = parent.devfn
                bus = parent_bus
        iommu_bus = parent_bus
    if not pci_bus_bypass_iommu(bus) and iommu_bus.iommu_fn is not None:
        return iommu_bus.iommu_fn(bus, iommu_bus.iommu_opaque, devfn)
    return address_space_memory()


@emulates
def pci_setup_iommu(bus: PCIBus, fn: Callable[[PCIBus, Any, int], AddressSpace] | None, opaque: Any) -> None:
    """Let an IOMMU choose the address space of each device on a bus."""
    bus.iommu_fn = fn
    bus.iommu_opaque = opaque


def pci_get_address_space(dev: PCIDevice) -> AddressSpace:
    """Return the address space that a device reads and writes, as far as the guest lets it (include/hw/pci/pci_device.h)."""
    return dev.bus_master_as


@emulates
def pci_msi_trigger(dev: PCIDevice, msg: MSIMessage) -> None:
    """Send a message-signalled interrupt: a write of 32 bits."""
    attrs = MemTxAttrs(requester_id=pci_requester_id(dev))
    address_space_st(dev.bus_master_as, msg.address, msg.data, 4, attrs)
