"""The Q35: the host bridge on the system bus, and its function on the PCI Express bus (hw/pci-host/q35.c)."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from emu.hw.core.qdev import BUS, DEVICE, DEVICE_CLASS, DeviceCategory, DeviceState, qdev_get_machine, qdev_realize
from emu.hw.core.qdev_properties import (
    DEFINE_PROP_BOOL,
    DEFINE_PROP_SIZE,
    DEFINE_PROP_UINT32,
    DEFINE_PROP_UINT64,
    device_class_set_props,
    qdev_prop_allow_set_link_before_realize,
    qdev_prop_set_bit,
    qdev_prop_set_int32,
    qdev_prop_set_uint64,
)
from emu.hw.core.sysbus import SYS_BUS_DEVICE, sysbus_add_io, sysbus_init_ioports
from emu.hw.i386.pc.memory import pc_pci_hole64_start, round_up
from emu.hw.i386.pc.structs import (
    PC_MACHINE,
    PCI_HOST_ABOVE_4G_MEM_SIZE,
    PCI_HOST_BELOW_4G_MEM_SIZE,
    PCI_HOST_PROP_PCI_HOLE64_END,
    PCI_HOST_PROP_PCI_HOLE64_SIZE,
    PCI_HOST_PROP_PCI_HOLE64_START,
    PCI_HOST_PROP_PCI_HOLE_END,
    PCI_HOST_PROP_PCI_HOLE_START,
)
from emu.hw.i386.x86 import GiB
from emu.hw.pci.pci import TYPE_PCIE_BUS, PCIBus, pci_bus_get_w64_range, pci_root_bus_new
from emu.hw.pci.pci_host import (
    PCI_HOST_BRIDGE,
    PCI_HOST_BRIDGE_CLASS,
    PCIHostState,
    pci_host_conf_le_ops,
    pci_host_data_le_ops,
)
from emu.hw.pci.pcie_host import (
    PCIE_HOST_BRIDGE,
    PCIE_HOST_MCFG_BASE,
    PCIE_HOST_MCFG_SIZE,
    TYPE_PCIE_HOST_BRIDGE,
    PCIExpressHost,
)
from emu.hw.pci_host.q35.mch import MCH_HOST_BRIDGE_PCIEXBAR_DEFAULT, TYPE_MCH_PCI_DEVICE, MCHPCIState, mch_info
from emu.qapi.error import error_fatal
from emu.qapi.visitor import visit_type_uint32, visit_type_uint64
from emu.qemu.module import type_init
from emu.qemu.range import range_is_empty, range_lob, range_upb
from emu.qom.object import (
    OBJ_PROP_FLAG_READ,
    OBJECT,
    Object,
    ObjectClass,
    TypeInfo,
    object_initialize_child,
    object_property_add,
    object_property_add_link,
    object_property_add_uint64_ptr,
    type_register_static,
)
from emu.qom.parts import Part, caster
from emu.softmmu.memory import (
    memory_region_add_coalescing,
    memory_region_init_io,
    memory_region_set_flush_coalesced,
)
from emu.trace import Ptr, embedded, emulates

TYPE_Q35_HOST_DEVICE: Final = "q35-pcihost"
TYPE_MEMORY_REGION: Final = "memory-region"
MCH_HOST_PROP_RAM_MEM: Final = "ram-mem"
MCH_HOST_PROP_PCI_MEM: Final = "pci-mem"
MCH_HOST_PROP_SYSTEM_MEM: Final = "system-mem"
MCH_HOST_PROP_IO_MEM: Final = "io-mem"
Q35_PCI_HOST_HOLE64_SIZE_DEFAULT: Final = 1 << 35


class Q35PCIHost(Part):
    """The host bridge as the processor sees it; ``mch`` is raw memory until its instance_init."""

    SIZE: ClassVar[int] = 21488
    pci_hole64_fix: bool = False
    mch: MCHPCIState = embedded(MCHPCIState)


Q35_HOST_DEVICE = caster(Q35PCIHost, TYPE_Q35_HOST_DEVICE)


@emulates
def q35_host_realize(dev: DeviceState) -> None:
    """Map the ports, make the root bus, realize the function."""
    pci, s, sbd = PCI_HOST_BRIDGE(dev), Q35_HOST_DEVICE(dev), SYS_BUS_DEVICE(dev)
    assert pci.conf_mem is not None
    assert pci.data_mem is not None
    assert s.mch.pci_address_space is not None
    assert s.mch.address_space_io is not None
    sysbus_add_io(sbd, 0xCF8, pci.conf_mem)
    sysbus_init_ioports(sbd, 0xCF8, 4)
    sysbus_add_io(sbd, 0xCFC, pci.data_mem)
    sysbus_init_ioports(sbd, 0xCFC, 4)
    memory_region_set_flush_coalesced(pci.data_mem)
    memory_region_add_coalescing(pci.conf_mem, 0, 4)
    pci.bus = pci_root_bus_new(DEVICE(s), "pcie.0", s.mch.pci_address_space, s.mch.address_space_io, 0, TYPE_PCIE_BUS)
    machine = PC_MACHINE(qdev_get_machine())
    machine.bus = pci.bus
    pci.bypass_iommu = machine.default_bus_bypass_iommu
    with error_fatal():
        qdev_realize(DEVICE(s.mch), BUS(pci.bus))


@emulates
def q35_host_root_bus_path(host_bridge: PCIHostState, rootbus: PCIBus) -> str:
    """Name the root bus for migration."""
    return "0000" if Q35_HOST_DEVICE(host_bridge).mch.short_root_bus else "0000:00"


def q35_host_get_pci_hole_start(obj: Object, v: Any, name: str, opaque: Any) -> None:
    """Read where the 32-bit PCI hole begins."""
    hole = Q35_HOST_DEVICE(obj).mch.pci_hole
    visit_type_uint32(v, name, 0 if range_is_empty(hole) else range_lob(hole))


def q35_host_get_pci_hole_end(obj: Object, v: Any, name: str, opaque: Any) -> None:
    """Read where the 32-bit PCI hole ends."""
    hole = Q35_HOST_DEVICE(obj).mch.pci_hole
    visit_type_uint32(v, name, 0 if range_is_empty(hole) else range_upb(hole) + 1)


def q35_host_get_pci_hole64_start_value(obj: Part) -> int:
    """Return where the 64-bit PCI hole begins: at the first 64-bit BAR, else above RAM."""
    bus = PCI_HOST_BRIDGE(obj).bus
    assert bus is not None
    w64 = pci_bus_get_w64_range(bus)
    value = 0 if w64 is None else w64[0]
    if not value and Q35_HOST_DEVICE(obj).pci_hole64_fix:
        value = pc_pci_hole64_start()
    return value


def q35_host_get_pci_hole64_start(obj: Object, v: Any, name: str, opaque: Any) -> None:
    """Read where the 64-bit PCI hole begins."""
    visit_type_uint64(v, name, q35_host_get_pci_hole64_start_value(obj))


def q35_host_get_pci_hole64_end(obj: Object, v: Any, name: str, opaque: Any) -> None:
    """Read where the 64-bit PCI hole ends."""
    s, bus = Q35_HOST_DEVICE(obj), PCI_HOST_BRIDGE(obj).bus
    assert bus is not None
    hole64_start = q35_host_get_pci_hole64_start_value(obj)
    w64 = pci_bus_get_w64_range(bus)
    value = 0 if w64 is None else w64[1] + 1
    hole64_end = round_up(hole64_start + s.mch.pci_hole64_size, GiB)
    if s.pci_hole64_fix and value < hole64_end:
        value = hole64_end
    visit_type_uint64(v, name, value)


q35_host_props: Final = (
    DEFINE_PROP_UINT64(PCIE_HOST_MCFG_BASE, PCIExpressHost, "base_addr", MCH_HOST_BRIDGE_PCIEXBAR_DEFAULT),
    DEFINE_PROP_SIZE(PCI_HOST_PROP_PCI_HOLE64_SIZE, Q35PCIHost, "mch.pci_hole64_size", Q35_PCI_HOST_HOLE64_SIZE_DEFAULT),
    DEFINE_PROP_UINT32("short_root_bus", Q35PCIHost, "mch.short_root_bus", 0),
    DEFINE_PROP_SIZE(PCI_HOST_BELOW_4G_MEM_SIZE, Q35PCIHost, "mch.below_4g_mem_size", 0),
    DEFINE_PROP_SIZE(PCI_HOST_ABOVE_4G_MEM_SIZE, Q35PCIHost, "mch.above_4g_mem_size", 0),
    DEFINE_PROP_BOOL("x-pci-hole64-fix", Q35PCIHost, "pci_hole64_fix", True),
)


@emulates
def q35_host_class_init(klass: ObjectClass, data: Any) -> None:
    """Set what makes a device this bridge; only the board can make one."""
    dc, hc = DEVICE_CLASS(klass), PCI_HOST_BRIDGE_CLASS(klass)
    hc.root_bus_path = q35_host_root_bus_path
    dc.realize = q35_host_realize
    device_class_set_props(dc, q35_host_props)
    dc.user_creatable = False
    dc.categories |= 1 << DeviceCategory.DEVICE_CATEGORY_BRIDGE
    dc.fw_name = "pci"


@emulates
def q35_host_initfn(obj: Object) -> None:
    """Make the ports that reach configuration space, the function, and the links to memory."""
    s, phb, pehb = Q35_HOST_DEVICE(obj), PCI_HOST_BRIDGE(obj), PCIE_HOST_BRIDGE(obj)
    memory_region_init_io(Ptr(phb, "conf_mem"), obj, pci_host_conf_le_ops, phb, "pci-conf-idx", 4)
    memory_region_init_io(Ptr(phb, "data_mem"), obj, pci_host_data_le_ops, phb, "pci-conf-data", 4)
    object_initialize_child(OBJECT(s), "mch", Ptr(s, "mch"), TYPE_MCH_PCI_DEVICE)
    qdev_prop_set_int32(DEVICE(s.mch), "addr", 0)
    qdev_prop_set_bit(DEVICE(s.mch), "multifunction", False)
    # the default was lost when the function took its memory
    qdev_prop_set_uint64(DEVICE(s), PCI_HOST_PROP_PCI_HOLE64_SIZE, Q35_PCI_HOST_HOLE64_SIZE_DEFAULT)
    object_property_add(obj, PCI_HOST_PROP_PCI_HOLE_START, "uint32", q35_host_get_pci_hole_start, None)
    object_property_add(obj, PCI_HOST_PROP_PCI_HOLE_END, "uint32", q35_host_get_pci_hole_end, None)
    object_property_add(obj, PCI_HOST_PROP_PCI_HOLE64_START, "uint64", q35_host_get_pci_hole64_start, None)
    object_property_add(obj, PCI_HOST_PROP_PCI_HOLE64_END, "uint64", q35_host_get_pci_hole64_end, None)
    object_property_add_uint64_ptr(obj, PCIE_HOST_MCFG_SIZE, Ptr(pehb, "size"), OBJ_PROP_FLAG_READ)
    for name, field in (
        (MCH_HOST_PROP_RAM_MEM, "ram_memory"),
        (MCH_HOST_PROP_PCI_MEM, "pci_address_space"),
        (MCH_HOST_PROP_SYSTEM_MEM, "system_memory"),
        (MCH_HOST_PROP_IO_MEM, "address_space_io"),
    ):
        object_property_add_link(obj, name, TYPE_MEMORY_REGION, Ptr(s.mch, field), qdev_prop_allow_set_link_before_realize, 0)


q35_host_info: Final = TypeInfo(
    name=TYPE_Q35_HOST_DEVICE,
    parent=TYPE_PCIE_HOST_BRIDGE,
    instance=Q35PCIHost,
    instance_init=q35_host_initfn,
    class_init=q35_host_class_init,
)


@type_init
@emulates
def q35_register() -> None:
    """Register both sides."""
    type_register_static(mch_info)
    type_register_static(q35_host_info)
