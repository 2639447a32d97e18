"""Host bridges of PCI Express: all of configuration space as memory (hw/pci/pcie_host.c; PCI Express 2.0, 7.2.2).

An address has the bus in bits 20 to 27, the function in bits 12 to 19 and the offset in bits 0 to 11.
"""

from __future__ import annotations

from typing import ClassVar, Final

from emu.hw.pci.pci import PCIBus, PCIDevice, pci_config_size, pci_find_device
from emu.hw.pci.pci_host import (
    PCI_HOST_BRIDGE,
    TYPE_PCI_HOST_BRIDGE,
    pci_host_config_read_common,
    pci_host_config_write_common,
)
from emu.qemu.module import type_init
from emu.qom.object import TypeInfo, type_register_static
from emu.qom.parts import Part, caster
from emu.softmmu.memory import (
    DEVICE_LITTLE_ENDIAN,
    MemoryRegion,
    MemoryRegionOps,
    memory_region_add_subregion,
    memory_region_del_subregion,
    memory_region_init_io,
    memory_region_set_size,
    memory_region_transaction_begin,
    memory_region_transaction_commit,
)
from emu.softmmu.physmem import get_system_memory
from emu.trace import Ptr, emulates

TYPE_PCIE_HOST_BRIDGE: Final = "pcie-host-bridge"
PCIE_HOST_MCFG_BASE: Final = "MCFG"
PCIE_HOST_MCFG_SIZE: Final = "mcfg_size"
PCIE_BASE_ADDR_UNMAPPED: Final = (1 << 64) - 1
PCIE_MMCFG_SIZE_MAX: Final = 1 << 28
PCIE_MMCFG_SIZE_MIN: Final = 1 << 20
ALL_ONES: Final = 0xFFFFFFFF


class PCIExpressHost(Part):
    """A host bridge with memory-mapped configuration space, at ``base_addr``, of ``size`` bytes."""

    SIZE: ClassVar[int] = 1968
    base_addr: int = 0
    size: int = 0
    mmio: MemoryRegion | None = None


PCIE_HOST_BRIDGE = caster(PCIExpressHost, TYPE_PCIE_HOST_BRIDGE)


def pcie_dev_find_by_mmcfg_addr(s: PCIBus, mmcfg_addr: int) -> PCIDevice | None:
    """Return the device that an address means."""
    return pci_find_device(s, mmcfg_addr >> 20 & 0xFF, mmcfg_addr >> 12 & 0xFF)


def _root_bus(e: PCIExpressHost) -> PCIBus:
    bus = PCI_HOST_BRIDGE(e).bus
    assert bus is not None
    return bus


@emulates
def pcie_mmcfg_data_write(opaque: PCIExpressHost, mmcfg_addr: int, val: int, len_: int) -> None:
    """Write configuration space as memory."""
    pci_dev = pcie_dev_find_by_mmcfg_addr(_root_bus(opaque), mmcfg_addr)
    if pci_dev is not None:
        pci_host_config_write_common(pci_dev, mmcfg_addr & 0xFFF, pci_config_size(pci_dev), val, len_)


@emulates
def pcie_mmcfg_data_read(opaque: PCIExpressHost, mmcfg_addr: int, len_: int) -> int:
    """Read configuration space as memory."""
    pci_dev = pcie_dev_find_by_mmcfg_addr(_root_bus(opaque), mmcfg_addr)
    if pci_dev is None:
        return ALL_ONES
    return pci_host_config_read_common(pci_dev, mmcfg_addr & 0xFFF, pci_config_size(pci_dev), len_)


pcie_mmcfg_ops: Final = MemoryRegionOps(
    name="pcie_mmcfg_ops", read=pcie_mmcfg_data_read, write=pcie_mmcfg_data_write, endianness=DEVICE_LITTLE_ENDIAN
)


@emulates
def pcie_host_init(obj: Part) -> None:
    """Instance init of ``pcie-host-bridge``."""
    e = PCIE_HOST_BRIDGE(obj)
    e.base_addr = PCIE_BASE_ADDR_UNMAPPED
    memory_region_init_io(Ptr(e, "mmio"), e, pcie_mmcfg_ops, e, "pcie-mmcfg-mmio", PCIE_MMCFG_SIZE_MAX)


def _mmio(e: PCIExpressHost) -> MemoryRegion:
    assert e.mmio is not None
    return e.mmio


@emulates
def pcie_host_mmcfg_unmap(e: PCIExpressHost) -> None:
    """Take configuration space out of memory."""
    if e.base_addr != PCIE_BASE_ADDR_UNMAPPED:
        memory_region_del_subregion(get_system_memory(), _mmio(e))
        e.base_addr = PCIE_BASE_ADDR_UNMAPPED


@emulates
def pcie_host_mmcfg_init(e: PCIExpressHost, size: int) -> None:
    """Set how much configuration space is memory-mapped: 1 MiB a bus, a power of two."""
    assert not size & (size - 1)
    assert PCIE_MMCFG_SIZE_MIN <= size <= PCIE_MMCFG_SIZE_MAX
    e.size = size
    memory_region_set_size(_mmio(e), e.size)


@emulates
def pcie_host_mmcfg_map(e: PCIExpressHost, addr: int, size: int) -> None:
    """Put configuration space into memory."""
    pcie_host_mmcfg_init(e, size)
    e.base_addr = addr
    memory_region_add_subregion(get_system_memory(), e.base_addr, _mmio(e))


@emulates
def pcie_host_mmcfg_update(e: PCIExpressHost, enable: bool, addr: int, size: int) -> None:
    """Move configuration space in memory, or take it out."""
    memory_region_transaction_begin()
    pcie_host_mmcfg_unmap(e)
    if enable:
        pcie_host_mmcfg_map(e, addr, size)
    memory_region_transaction_commit()


pcie_host_type_info: Final = TypeInfo(
    name=TYPE_PCIE_HOST_BRIDGE,
    parent=TYPE_PCI_HOST_BRIDGE,
    abstract=True,
    instance=PCIExpressHost,
    instance_init=pcie_host_init,
)


@type_init
@emulates
def pcie_host_register_types() -> None:
    """Register ``pcie-host-bridge``."""
    type_register_static(pcie_host_type_info)
