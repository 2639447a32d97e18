"""Host bridges, and configuration space by address and data register (hw/pci/pci_host.c).

An address has the bus in bits 16 to 23, the function in bits 8 to 15 and the offset in bits 0 to 7; bit 31 enables it.
"""

from __future__ import annotations

from typing import Final

from emu.hw.core.qdev_core import DEVICE, DEVICE_CLASS
from emu.hw.core.qdev_properties import DEFINE_PROP_BOOL, Property, device_class_set_props
from emu.hw.core.sysbus import TYPE_SYS_BUS_DEVICE
from emu.hw.pci.pci.bus import pci_bus_allows_extended_config_space, pci_find_device
from emu.hw.pci.pci.hosts import (
    PCI_HOST_BRIDGE,
    PCI_HOST_BRIDGE_CLASS,
    PCI_HOST_BRIDGE_GET_CLASS,
    TYPE_PCI_HOST_BRIDGE,
    PCIHostBridgeClass,
    PCIHostState,
)
from emu.hw.pci.pci.register import pci_get_function_0
from emu.hw.pci.pci.structs import PCI_CONFIG_SPACE_SIZE, PCIBus, PCIDevice, pci_get_bus
from emu.migration.savevm import VMStateDescription
from emu.qemu.module import type_init
from emu.qom.object import TypeInfo, type_register_static
from emu.qom.parts import Part
from emu.softmmu.memory import DEVICE_BIG_ENDIAN, DEVICE_LITTLE_ENDIAN, MemoryRegionOps
from emu.trace import emulates

ALL_ONES: Final = 0xFFFFFFFF
CONFIG_ENABLE: Final = 1 << 31


def pci_dev_find_by_addr(bus: PCIBus, addr: int) -> PCIDevice | None:
    """Return the device that an address means."""
    return pci_find_device(bus, addr >> 16 & 0xFF, addr >> 8 & 0xFF)


def pci_adjust_config_limit(bus: PCIBus, limit: int) -> int:
    """Return how much of configuration space can be reached on a bus, in bytes."""
    if limit > PCI_CONFIG_SPACE_SIZE and not pci_bus_allows_extended_config_space(bus):
        return PCI_CONFIG_SPACE_SIZE
    return limit


def is_pci_dev_ejected(pci_dev: PCIDevice) -> bool:
    """Tell whether the guest let a device go that is kept for a failover."""
    return pci_dev.partially_hotplugged and not DEVICE(pci_dev).pending_deleted_event


def answers(pci_dev: PCIDevice) -> bool:
    """Tell whether a device is there for the guest: with power, not ejected, and not hot-plugged before its function 0."""
    if DEVICE(pci_dev).hotplugged and pci_get_function_0(pci_dev) is None:
        return False
    return pci_dev.has_power and not is_pci_dev_ejected(pci_dev)


@emulates
def pci_host_config_write_common(pci_dev: PCIDevice, addr: int, limit: int, val: int, len_: int) -> None:
    """Write 1 to 4 bytes of a device's configuration space, if they lie below ``limit``."""
    limit = pci_adjust_config_limit(pci_get_bus(pci_dev), limit)
    if limit <= addr:
        return
    assert len_ <= 4
    if not answers(pci_dev):
        return
    assert pci_dev.config_write is not None
    pci_dev.config_write(pci_dev, addr, val, min(len_, limit - addr))


@emulates
def pci_host_config_read_common(pci_dev: PCIDevice, addr: int, limit: int, len_: int) -> int:
    """Read 1 to 4 bytes of a device's configuration space; all ones where nothing answers."""
    limit = pci_adjust_config_limit(pci_get_bus(pci_dev), limit)
    if limit <= addr:
        return ALL_ONES
    assert len_ <= 4
    if not answers(pci_dev):
        return ALL_ONES
    assert pci_dev.config_read is not None
    return pci_dev.config_read(pci_dev, addr, min(len_, limit - addr))


@emulates
def pci_data_write(s: PCIBus, addr: int, val: int, len_: int) -> None:
    """Write to what an address means."""
    pci_dev = pci_dev_find_by_addr(s, addr)
    if pci_dev is not None:
        offset = addr & (PCI_CONFIG_SPACE_SIZE - 1)
        pci_host_config_write_common(pci_dev, offset, PCI_CONFIG_SPACE_SIZE, val, len_)


@emulates
def pci_data_read(s: PCIBus, addr: int, len_: int) -> int:
    """Read from what an address means; all ones where there is no device."""
    pci_dev = pci_dev_find_by_addr(s, addr)
    if pci_dev is None:
        return ALL_ONES
    offset = addr & (PCI_CONFIG_SPACE_SIZE - 1)
    return pci_host_config_read_common(pci_dev, offset, PCI_CONFIG_SPACE_SIZE, len_)


@emulates
def pci_host_config_write(opaque: PCIHostState, addr: int, val: int, len_: int) -> None:
    """Write the address register, 32 bits at once only."""
    if addr != 0 or len_ != 4:
        return
    opaque.config_reg = val


@emulates
def pci_host_config_read(opaque: PCIHostState, addr: int, len_: int) -> int:
    """Read the address register."""
    return opaque.config_reg


@emulates
def pci_host_data_write(opaque: PCIHostState, addr: int, val: int, len_: int) -> None:
    """Write the data register, if the address register is enabled."""
    if opaque.config_reg & CONFIG_ENABLE:
        assert opaque.bus is not None
        pci_data_write(opaque.bus, opaque.config_reg | (addr & 3), val, len_)


@emulates
def pci_host_data_read(opaque: PCIHostState, addr: int, len_: int) -> int:
    """Read the data register, all ones unless the address register is enabled."""
    if not opaque.config_reg & CONFIG_ENABLE:
        return ALL_ONES
    assert opaque.bus is not None
    return pci_data_read(opaque.bus, opaque.config_reg | (addr & 3), len_)


def _ops(name: str, data: bool, endianness: int) -> MemoryRegionOps:
    read, write = (pci_host_data_read, pci_host_data_write) if data else (pci_host_config_read, pci_host_config_write)
    return MemoryRegionOps(name=name, read=read, write=write, endianness=endianness)


pci_host_conf_le_ops: Final = _ops("pci_host_conf_le_ops", False, DEVICE_LITTLE_ENDIAN)
pci_host_conf_be_ops: Final = _ops("pci_host_conf_be_ops", False, DEVICE_BIG_ENDIAN)
pci_host_data_le_ops: Final = _ops("pci_host_data_le_ops", True, DEVICE_LITTLE_ENDIAN)
pci_host_data_be_ops: Final = _ops("pci_host_data_be_ops", True, DEVICE_BIG_ENDIAN)

vmstate_pcihost: Final = VMStateDescription(name="PCIHost", version_id=1, minimum_version_id=1)

pci_host_properties_common: Final[tuple[Property, ...]] = (
    DEFINE_PROP_BOOL("x-config-reg-migration-enabled", PCIHostState, "mig_enabled", True),
    DEFINE_PROP_BOOL("bypass-iommu", PCIHostState, "bypass_iommu", False),
)


@emulates
def pci_host_class_init(klass: Part, data: object) -> None:
    """Class init of ``pci-host-bridge``."""
    dc = DEVICE_CLASS(klass)
    device_class_set_props(dc, pci_host_properties_common)
    dc.vmsd = vmstate_pcihost


pci_host_type_info: Final = TypeInfo(
    name=TYPE_PCI_HOST_BRIDGE,
    parent=TYPE_SYS_BUS_DEVICE,
    abstract=True,
    class_=PCIHostBridgeClass,
    instance=PCIHostState,
    class_init=pci_host_class_init,
)


@type_init
@emulates
def pci_host_register_types() -> None:
    """Register ``pci-host-bridge``."""
    type_register_static(pci_host_type_info)


__all__ = [
    "PCI_HOST_BRIDGE",
    "PCI_HOST_BRIDGE_CLASS",
    "PCI_HOST_BRIDGE_GET_CLASS",
    "TYPE_PCI_HOST_BRIDGE",
    "PCIHostBridgeClass",
    "PCIHostState",
    "pci_data_read",
    "pci_data_write",
    "pci_host_conf_be_ops",
    "pci_host_conf_le_ops",
    "pci_host_config_read_common",
    "pci_host_config_write_common",
    "pci_host_data_be_ops",
    "pci_host_data_le_ops",
]
