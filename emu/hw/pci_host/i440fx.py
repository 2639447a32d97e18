"""The i440FX: the host bridge on the system bus, and its function on the PCI bus (hw/pci-host/i440fx.c)."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from emu.hw.core.qdev import DEVICE_CLASS, DeviceState, qdev_get_machine
from emu.hw.core.qdev_properties import DEFINE_PROP_BOOL, DEFINE_PROP_SIZE, DEFINE_PROP_UINT32, device_class_set_props
from emu.hw.core.sysbus import SYS_BUS_DEVICE, sysbus_add_io, sysbus_init_ioports, sysbus_realize_and_unref
from emu.hw.i386.pc.devices import pc_pci_as_mapping_init
from emu.hw.i386.pc.memory import pc_pci_hole64_start, round_up
from emu.hw.i386.pc.structs import (
    PCI_HOST_PROP_PCI_HOLE64_END,
    PCI_HOST_PROP_PCI_HOLE64_SIZE,
    PCI_HOST_PROP_PCI_HOLE64_START,
    PCI_HOST_PROP_PCI_HOLE_END,
    PCI_HOST_PROP_PCI_HOLE_START,
)
from emu.hw.i386.x86 import IO_APIC_DEFAULT_ADDRESS, GiB
from emu.hw.pci.pci import (
    INTERFACE_CONVENTIONAL_PCI_DEVICE,
    PCI_DEVICE,
    PCI_DEVICE_CLASS,
    TYPE_PCI_BUS,
    TYPE_PCI_DEVICE,
    PCIBus,
    PCIDevice,
    pci_bus_get_w64_range,
    pci_create_simple,
    pci_default_write_config,
    pci_root_bus_new,
)
from emu.hw.pci.pci_host import (
    PCI_HOST_BRIDGE,
    PCI_HOST_BRIDGE_CLASS,
    TYPE_PCI_HOST_BRIDGE,
    PCIHostState,
    pci_host_conf_le_ops,
    pci_host_data_le_ops,
)
from emu.hw.pci.pci_ids import PCI_CLASS_BRIDGE_HOST, PCI_DEVICE_ID_INTEL_82441, PCI_VENDOR_ID_INTEL
from emu.hw.pci_host.pam import (
    PAM_BIOS_BASE,
    PAM_BIOS_SIZE,
    PAM_EXPAN_BASE,
    PAM_EXPAN_SIZE,
    SMRAM_D_OPEN,
    SMRAM_G_SMRAME,
    PAMMemoryRegion,
    PAMRegions,
    init_pam,
    pam_update,
)
from emu.migration.savevm import VMStateDescription
from emu.qapi.error import Error, error_fatal
from emu.qapi.visitor import visit_type_uint32, visit_type_uint64
from emu.qemu.module import type_init
from emu.qemu.range import Range, range_covers_byte, range_is_empty, range_lob, range_set_bounds, range_upb, ranges_overlap
from emu.qom.object import (
    OBJECT,
    Object,
    ObjectClass,
    TypeInfo,
    object_class_property_add,
    object_property_add_child,
    object_property_add_const_link,
    object_property_get_bool,
    type_register_static,
)
from emu.qom.parts import Part, caster
from emu.softmmu.memory import (
    MemoryRegion,
    memory_region_add_coalescing,
    memory_region_add_subregion,
    memory_region_add_subregion_overlap,
    memory_region_init,
    memory_region_init_alias,
    memory_region_init_io,
    memory_region_set_enabled,
    memory_region_set_flush_coalesced,
    memory_region_transaction_begin,
    memory_region_transaction_commit,
)
from emu.trace import Ptr, Seq, emulates, fresh
from emu.util.error_report import warn_report

TYPE_I440FX_PCI_HOST_BRIDGE: Final = "i440FX-pcihost"
TYPE_I440FX_PCI_DEVICE: Final = "i440FX"

I440FX_PAM: Final = 0x59
I440FX_PAM_SIZE: Final = 7
I440FX_SMRAM: Final = 0x72
I440FX_COREBOOT_RAM_SIZE: Final = 0x57
I440FX_PCI_HOST_HOLE64_SIZE_DEFAULT: Final = 1 << 31


class I440FXState(Part):
    """The host bridge as the processor sees it."""

    SIZE: ClassVar[int] = 1712
    pci_hole: Range = Range()
    pci_hole64_size: int = 0
    pci_hole64_fix: bool = False
    short_root_bus: int = 0


class PCII440FXState(Part):
    """The host bridge as a PCI function."""

    SIZE: ClassVar[int] = 17808
    system_memory: MemoryRegion | None = None
    pci_address_space: MemoryRegion | None = None
    ram_memory: MemoryRegion | None = None
    pam_regions: Seq[PAMMemoryRegion] = fresh(PAMRegions)
    smram_region: MemoryRegion | None = None
    smram: MemoryRegion | None = None
    low_smram: MemoryRegion | None = None


I440FX_PCI_HOST_BRIDGE = caster(I440FXState, TYPE_I440FX_PCI_HOST_BRIDGE)
I440FX_PCI_DEVICE = caster(PCII440FXState, TYPE_I440FX_PCI_DEVICE)

vmstate_i440fx: Final = VMStateDescription("I440FX", version_id=3, minimum_version_id=3)


@emulates
def i440fx_update_memory_mappings(d: PCII440FXState) -> None:
    """Open the windows that the registers name."""
    config = PCI_DEVICE(d).config
    assert d.smram_region is not None
    assert d.smram is not None
    memory_region_transaction_begin()
    for i, pam in enumerate(d.pam_regions):
        pam_update(pam, i, config[I440FX_PAM + (i + 1) // 2])
    memory_region_set_enabled(d.smram_region, not config[I440FX_SMRAM] & SMRAM_D_OPEN)
    memory_region_set_enabled(d.smram, bool(config[I440FX_SMRAM] & SMRAM_G_SMRAME))
    memory_region_transaction_commit()


@emulates
def i440fx_write_config(dev: PCIDevice, address: int, val: int, len_: int) -> None:
    """Write registers; some of them move memory."""
    pci_default_write_config(dev, address, val, len_)
    if ranges_overlap(address, len_, I440FX_PAM, I440FX_PAM_SIZE) or range_covers_byte(address, len_, I440FX_SMRAM):
        i440fx_update_memory_mappings(I440FX_PCI_DEVICE(dev))


def i440fx_pcihost_get_pci_hole_start(obj: Object, v: Any, name: str, opaque: Any) -> None:
    """Read where the 32-bit PCI hole begins."""
    hole = I440FX_PCI_HOST_BRIDGE(obj).pci_hole
    visit_type_uint32(v, name, 0 if range_is_empty(hole) else range_lob(hole))


def i440fx_pcihost_get_pci_hole_end(obj: Object, v: Any, name: str, opaque: Any) -> None:
    """Read where the 32-bit PCI hole ends."""
    hole = I440FX_PCI_HOST_BRIDGE(obj).pci_hole
    visit_type_uint32(v, name, 0 if range_is_empty(hole) else range_upb(hole) + 1)


def i440fx_pcihost_get_pci_hole64_start_value(obj: Part) -> int:
    """Return where the 64-bit PCI hole begins: at the first 64-bit BAR, else above RAM."""
    bus = PCI_HOST_BRIDGE(obj).bus
    assert bus is not None
    w64 = pci_bus_get_w64_range(bus)
    value = 0 if w64 is None else w64[0]
    if not value and I440FX_PCI_HOST_BRIDGE(obj).pci_hole64_fix:
        value = pc_pci_hole64_start()
    return value


def i440fx_pcihost_get_pci_hole64_start(obj: Object, v: Any, name: str, opaque: Any) -> None:
    """Read where the 64-bit PCI hole begins."""
    visit_type_uint64(v, name, i440fx_pcihost_get_pci_hole64_start_value(obj))


def i440fx_pcihost_get_pci_hole64_end(obj: Object, v: Any, name: str, opaque: Any) -> None:
    """Read where the 64-bit PCI hole ends."""
    s, bus = I440FX_PCI_HOST_BRIDGE(obj), PCI_HOST_BRIDGE(obj).bus
    assert bus is not None
    hole64_start = i440fx_pcihost_get_pci_hole64_start_value(obj)
    w64 = pci_bus_get_w64_range(bus)
    value = 0 if w64 is None else w64[1] + 1
    hole64_end = round_up(hole64_start + s.pci_hole64_size, GiB)
    if s.pci_hole64_fix and value < hole64_end:
        value = hole64_end
    visit_type_uint64(v, name, value)


@emulates
def i440fx_pcihost_initfn(obj: Object) -> None:
    """Make the ports that reach configuration space."""
    s = PCI_HOST_BRIDGE(obj)
    memory_region_init_io(Ptr(s, "conf_mem"), obj, pci_host_conf_le_ops, s, "pci-conf-idx", 4)
    memory_region_init_io(Ptr(s, "data_mem"), obj, pci_host_data_le_ops, s, "pci-conf-data", 4)


@emulates
def i440fx_pcihost_realize(dev: DeviceState) -> None:
    """Map the ports at 0xcf8 and 0xcfc."""
    s, sbd = PCI_HOST_BRIDGE(dev), SYS_BUS_DEVICE(dev)
    assert s.conf_mem is not None
    assert s.data_mem is not None
    sysbus_add_io(sbd, 0xCF8, s.conf_mem)
    sysbus_init_ioports(sbd, 0xCF8, 4)
    sysbus_add_io(sbd, 0xCFC, s.data_mem)
    sysbus_init_ioports(sbd, 0xCFC, 4)
    # KVM may batch writes of the address; they are done before the data is touched
    memory_region_set_flush_coalesced(s.data_mem)
    memory_region_add_coalescing(s.conf_mem, 0, 4)


@emulates
def i440fx_realize(dev: PCIDevice) -> None:
    """Set what SMRAM is at power-on."""
    dev.config[I440FX_SMRAM] = 0x02
    try:
        iommu = object_property_get_bool(qdev_get_machine(), "iommu")
    except Error:
        iommu = False
    if iommu:
        warn_report("i440fx doesn't support emulated iommu")


@emulates
def i440fx_init(
    pci_type: str,
    dev: DeviceState,
    address_space_mem: MemoryRegion,
    address_space_io: MemoryRegion,
    ram_size: int,
    below_4g_mem_size: int,
    above_4g_mem_size: int,
    pci_address_space: MemoryRegion,
    ram_memory: MemoryRegion,
) -> PCIBus:
    """Make the root bus, realize both sides of the bridge, and lay out the memory that it switches."""
    s = PCI_HOST_BRIDGE(dev)
    b = pci_root_bus_new(dev, None, pci_address_space, address_space_io, 0, TYPE_PCI_BUS)
    s.bus = b
    object_property_add_child(qdev_get_machine(), "i440fx", OBJECT(dev))
    with error_fatal():
        sysbus_realize_and_unref(SYS_BUS_DEVICE(dev))

    d = pci_create_simple(b, 0, pci_type)
    f = I440FX_PCI_DEVICE(d)
    f.system_memory = address_space_mem
    f.pci_address_space = pci_address_space
    f.ram_memory = ram_memory
    I440FX_PCI_HOST_BRIDGE(dev).pci_hole = range_set_bounds(below_4g_mem_size, IO_APIC_DEFAULT_ADDRESS - 1)

    pc_pci_as_mapping_init(OBJECT(f), f.system_memory, f.pci_address_space)
    make_smram(f)
    init_pam(dev, ram_memory, address_space_mem, pci_address_space, f.pam_regions[0], PAM_BIOS_BASE, PAM_BIOS_SIZE)
    for i in range(len(f.pam_regions) - 1):
        init_pam(
            dev,
            ram_memory,
            address_space_mem,
            pci_address_space,
            f.pam_regions[i + 1],
            PAM_EXPAN_BASE + i * PAM_EXPAN_SIZE,
            PAM_EXPAN_SIZE,
        )
    # old coreboot asks here for the RAM, in units of 8 MiB
    d.config[I440FX_COREBOOT_RAM_SIZE] = min(ram_size // 8 // 1024 // 1024, 255)
    i440fx_update_memory_mappings(f)
    return b


def make_smram(f: PCII440FXState) -> None:
    """Make the memory of System Management Mode: RAM behind the display's addresses."""
    assert f.pci_address_space is not None
    assert f.system_memory is not None
    assert f.ram_memory is not None
    owner = OBJECT(f)
    memory_region_init_alias(Ptr(f, "smram_region"), owner, "smram-region", f.pci_address_space, 0xA0000, 0x20000)
    assert f.smram_region is not None
    memory_region_add_subregion_overlap(f.system_memory, 0xA0000, f.smram_region, 1)
    memory_region_set_enabled(f.smram_region, True)
    memory_region_init(Ptr(f, "smram"), owner, "smram", 4 * GiB)
    assert f.smram is not None
    memory_region_set_enabled(f.smram, True)
    memory_region_init_alias(Ptr(f, "low_smram"), owner, "smram-low", f.ram_memory, 0xA0000, 0x20000)
    assert f.low_smram is not None
    memory_region_set_enabled(f.low_smram, True)
    memory_region_add_subregion(f.smram, 0xA0000, f.low_smram)
    object_property_add_const_link(qdev_get_machine(), "smram", OBJECT(f.smram))


@emulates
def i440fx_class_init(klass: ObjectClass, data: Any) -> None:
    """Set the ids; only the board can make such a function."""
    dc, k = DEVICE_CLASS(klass), PCI_DEVICE_CLASS(klass)
    k.realize = i440fx_realize
    k.config_write = i440fx_write_config
    k.vendor_id = PCI_VENDOR_ID_INTEL
    k.device_id = PCI_DEVICE_ID_INTEL_82441
    k.revision = 0x02
    k.class_id = PCI_CLASS_BRIDGE_HOST
    dc.desc = "Host bridge"
    dc.vmsd = vmstate_i440fx
    dc.user_creatable = False
    dc.hotpluggable = False


i440fx_info: Final = TypeInfo(
    name=TYPE_I440FX_PCI_DEVICE,
    parent=TYPE_PCI_DEVICE,
    instance=PCII440FXState,
    class_init=i440fx_class_init,
    interfaces=(INTERFACE_CONVENTIONAL_PCI_DEVICE,),
)


@emulates
def i440fx_pcihost_root_bus_path(host_bridge: PCIHostState, rootbus: PCIBus) -> str:
    """Name the root bus: machines of version 1.6 left the bus number out."""
    return "0000" if I440FX_PCI_HOST_BRIDGE(host_bridge).short_root_bus else "0000:00"


i440fx_props: Final = (
    DEFINE_PROP_SIZE(PCI_HOST_PROP_PCI_HOLE64_SIZE, I440FXState, "pci_hole64_size", I440FX_PCI_HOST_HOLE64_SIZE_DEFAULT),
    DEFINE_PROP_UINT32("short_root_bus", I440FXState, "short_root_bus", 0),
    DEFINE_PROP_BOOL("x-pci-hole64-fix", I440FXState, "pci_hole64_fix", True),
)


@emulates
def i440fx_pcihost_class_init(klass: ObjectClass, data: Any) -> None:
    """Set how the root bus is named, and add the properties that show the PCI holes."""
    dc, hc = DEVICE_CLASS(klass), PCI_HOST_BRIDGE_CLASS(klass)
    hc.root_bus_path = i440fx_pcihost_root_bus_path
    dc.realize = i440fx_pcihost_realize
    dc.fw_name = "pci"
    device_class_set_props(dc, i440fx_props)
    dc.user_creatable = False
    for name, type_, get in (
        (PCI_HOST_PROP_PCI_HOLE_START, "uint32", i440fx_pcihost_get_pci_hole_start),
        (PCI_HOST_PROP_PCI_HOLE_END, "uint32", i440fx_pcihost_get_pci_hole_end),
        (PCI_HOST_PROP_PCI_HOLE64_START, "uint64", i440fx_pcihost_get_pci_hole64_start),
        (PCI_HOST_PROP_PCI_HOLE64_END, "uint64", i440fx_pcihost_get_pci_hole64_end),
    ):
        object_class_property_add(klass, name, type_, get, None)


i440fx_pcihost_info: Final = TypeInfo(
    name=TYPE_I440FX_PCI_HOST_BRIDGE,
    parent=TYPE_PCI_HOST_BRIDGE,
    instance=I440FXState,
    instance_init=i440fx_pcihost_initfn,
    class_init=i440fx_pcihost_class_init,
)


@type_init
@emulates
def i440fx_register_types() -> None:
    """Register both sides."""
    type_register_static(i440fx_info)
    type_register_static(i440fx_pcihost_info)
