"""The Cirrus VGA on PCI; nothing is drawn (hw/display/cirrus_vga.c, hw/display/cirrus_vga_internal.h)."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from emu.hw.core.qdev import DEVICE, DEVICE_CLASS, DeviceCategory
from emu.hw.core.qdev_properties import DEFINE_PROP_BOOL, DEFINE_PROP_UINT32, device_class_set_props
from emu.hw.core.reset import qemu_register_reset
from emu.hw.display.vga import MIB, VGACommonState, graphic_console_init, vga_common_init, vga_common_reset
from emu.hw.pci.pci import (
    INTERFACE_CONVENTIONAL_PCI_DEVICE,
    PCI_DEVICE_CLASS,
    PCI_DEVICE_GET_CLASS,
    TYPE_PCI_DEVICE,
    PCIDevice,
    pci_address_space,
    pci_address_space_io,
    pci_register_bar,
)
from emu.hw.pci.pci_ids import PCI_CLASS_DISPLAY_VGA, PCI_VENDOR_ID_CIRRUS
from emu.migration.savevm import VMStateDescription
from emu.qapi.error import error_setg
from emu.qemu.module import type_init
from emu.qom.object import OBJECT, Object, ObjectClass, TypeInfo, type_register_static
from emu.qom.parts import Part, caster
from emu.softmmu.memory import (
    DEVICE_LITTLE_ENDIAN,
    Impl,
    MemoryRegion,
    MemoryRegionOps,
    memory_region_add_subregion,
    memory_region_add_subregion_overlap,
    memory_region_del_subregion,
    memory_region_init,
    memory_region_init_alias,
    memory_region_init_io,
    memory_region_set_coalescing,
    memory_region_set_enabled,
    memory_region_set_flush_coalesced,
)
from emu.softmmu.unmodelled_ops import unmodelled_ops
from emu.standard_headers.linux.pci_regs import PCI_BASE_ADDRESS_MEM_PREFETCH
from emu.trace import Ptr, Seq, Struct, embedded, emulates, fresh

TYPE_PCI_CIRRUS_VGA: Final = "cirrus-vga"
FILE: Final = "hw/display/cirrus_vga.c"
CIRRUS_ID_CLGD5446: Final = 0x2E << 2
CIRRUS_PNPMMIO_SIZE: Final = 0x1000
CIRRUS_BUSTYPE_PCI: Final = 0x20
CIRRUS_BUSTYPE_ISA: Final = 0x38


def _ops(name: str, read: str, write: str) -> MemoryRegionOps:
    return unmodelled_ops(name, FILE, read, write, endianness=DEVICE_LITTLE_ENDIAN, impl=Impl(1, 1))


cirrus_vga_mem_ops: Final = _ops("cirrus_vga_mem_ops", "cirrus_vga_mem_read", "cirrus_vga_mem_write")
cirrus_linear_io_ops: Final = _ops("cirrus_linear_io_ops", "cirrus_linear_read", "cirrus_linear_write")
cirrus_linear_bitblt_io_ops: Final = _ops(
    "cirrus_linear_bitblt_io_ops", "cirrus_linear_bitblt_read", "cirrus_linear_bitblt_write"
)
cirrus_mmio_io_ops: Final = _ops("cirrus_mmio_io_ops", "cirrus_mmio_read", "cirrus_mmio_write")
cirrus_vga_io_ops: Final = _ops("cirrus_vga_io_ops", "cirrus_vga_ioport_read", "cirrus_vga_ioport_write")


class Banks(Seq["MemoryRegion | None"]):
    """``MemoryRegion cirrus_bank[2]``."""

    def __init__(self) -> None:
        super().__init__([None, None])


class CirrusVGAState(Struct):
    """The chip; registers beyond those of the VGA core are not modelled."""

    vga: VGACommonState = embedded(VGACommonState)
    cirrus_vga_io: MemoryRegion | None = None
    cirrus_linear_io: MemoryRegion | None = None
    cirrus_linear_bitblt_io: MemoryRegion | None = None
    cirrus_mmio_io: MemoryRegion | None = None
    pci_bar: MemoryRegion | None = None
    linear_vram: bool = False
    low_mem_container: MemoryRegion | None = None
    low_mem: MemoryRegion | None = None
    cirrus_bank: Seq[MemoryRegion | None] = fresh(Banks)
    cirrus_addr_mask: int = 0
    linear_mmio_mask: int = 0
    cirrus_hidden_dac_lockindex: int = 0
    cirrus_hidden_dac_data: int = 0
    enable_blitter: bool = False
    real_vram_size: int = 0
    device_id: int = 0
    bustype: int = 0


class PCICirrusVGAState(Part):
    """The card."""

    SIZE: ClassVar[int] = 81568
    cirrus_vga: CirrusVGAState = embedded(CirrusVGAState)


PCI_CIRRUS_VGA = caster(PCICirrusVGAState, TYPE_PCI_CIRRUS_VGA)


def _made(region: MemoryRegion | None) -> MemoryRegion:
    assert region is not None
    return region


@emulates
def unmap_linear_vram(s: CirrusVGAState) -> None:
    """Let accesses to the memory go through the chip."""
    if s.bustype == CIRRUS_BUSTYPE_PCI and s.linear_vram:
        s.linear_vram = False
        memory_region_del_subregion(_made(s.pci_bar), _made(s.vga.vram))
    for bank in s.cirrus_bank:
        memory_region_set_enabled(bank, False)


@emulates
def cirrus_reset(opaque: CirrusVGAState) -> None:
    """Reset with the machine."""
    s = opaque
    vga_common_reset(s.vga)
    unmap_linear_vram(s)
    s.cirrus_hidden_dac_lockindex = 5
    s.cirrus_hidden_dac_data = 0


@emulates
def cirrus_init_common(
    s: CirrusVGAState, owner: Object, device_id: int, is_pci: bool, system_memory: MemoryRegion, system_io: MemoryRegion
) -> None:
    """Make the ports and windows."""
    s.device_id = device_id
    s.bustype = CIRRUS_BUSTYPE_PCI if is_pci else CIRRUS_BUSTYPE_ISA

    memory_region_init_io(Ptr(s, "cirrus_vga_io"), owner, cirrus_vga_io_ops, s, "cirrus-io", 0x30)
    memory_region_set_flush_coalesced(_made(s.cirrus_vga_io))
    memory_region_add_subregion(system_io, 0x3B0, _made(s.cirrus_vga_io))

    memory_region_init(Ptr(s, "low_mem_container"), owner, "cirrus-lowmem-container", 0x20000)
    container = _made(s.low_mem_container)

    memory_region_init_io(Ptr(s, "low_mem"), owner, cirrus_vga_mem_ops, s, "cirrus-low-memory", 0x20000)
    memory_region_add_subregion(container, 0, _made(s.low_mem))
    for i, name in enumerate(("vga.bank0", "vga.bank1")):
        memory_region_init_alias(Ptr(s, "cirrus_bank", i), owner, name, _made(s.vga.vram), 0, 0x8000)
        bank = _made(s.cirrus_bank[i])
        memory_region_set_enabled(bank, False)
        memory_region_add_subregion_overlap(container, i * 0x8000, bank, 1)
    memory_region_add_subregion_overlap(system_memory, 0x000A0000, container, 1)
    memory_region_set_coalescing(_made(s.low_mem))

    vram_size = s.vga.vram_size_mb * MIB
    memory_region_init_io(Ptr(s, "cirrus_linear_io"), owner, cirrus_linear_io_ops, s, "cirrus-linear-io", vram_size)
    memory_region_set_flush_coalesced(_made(s.cirrus_linear_io))

    memory_region_init_io(
        Ptr(s, "cirrus_linear_bitblt_io"), owner, cirrus_linear_bitblt_io_ops, s, "cirrus-bitblt-mmio", 0x400000
    )
    memory_region_set_flush_coalesced(_made(s.cirrus_linear_bitblt_io))

    memory_region_init_io(Ptr(s, "cirrus_mmio_io"), owner, cirrus_mmio_io_ops, s, "cirrus-mmio", CIRRUS_PNPMMIO_SIZE)
    memory_region_set_flush_coalesced(_made(s.cirrus_mmio_io))

    s.real_vram_size = (4 if s.device_id == CIRRUS_ID_CLGD5446 else 2) * MIB

    s.cirrus_addr_mask = s.real_vram_size - 1
    s.linear_mmio_mask = s.real_vram_size - 256

    qemu_register_reset(cirrus_reset, s)


@emulates
def pci_cirrus_vga_realize(dev: PCIDevice) -> None:
    """Make the memory, the windows and both BARs. Error: a size of memory that the chip does not have."""
    d = PCI_CIRRUS_VGA(dev)
    s = d.cirrus_vga
    device_id = PCI_DEVICE_GET_CLASS(dev).device_id

    if s.vga.vram_size_mb not in {4, 8, 16}:
        error_setg(f"Invalid cirrus_vga ram size '{s.vga.vram_size_mb}'")
    vga_common_init(s.vga, OBJECT(dev))
    cirrus_init_common(s, OBJECT(dev), device_id, True, pci_address_space(dev), pci_address_space_io(dev))
    graphic_console_init(DEVICE(dev), 0)

    memory_region_init(Ptr(s, "pci_bar"), OBJECT(dev), "cirrus-pci-bar0", 0x2000000)
    bar = _made(s.pci_bar)

    memory_region_add_subregion(bar, 0, _made(s.cirrus_linear_io))
    memory_region_add_subregion(bar, 0x1000000, _made(s.cirrus_linear_bitblt_io))

    pci_register_bar(dev, 0, PCI_BASE_ADDRESS_MEM_PREFETCH, bar)
    if device_id == CIRRUS_ID_CLGD5446:
        pci_register_bar(dev, 1, 0, _made(s.cirrus_mmio_io))


pci_vga_cirrus_properties: Final = (
    DEFINE_PROP_UINT32("vgamem_mb", PCICirrusVGAState, "cirrus_vga.vga.vram_size_mb", 4),
    DEFINE_PROP_BOOL("blitter", PCICirrusVGAState, "cirrus_vga.enable_blitter", True),
    DEFINE_PROP_BOOL("global-vmstate", PCICirrusVGAState, "cirrus_vga.vga.global_vmstate", False),
)
vmstate_pci_cirrus_vga: Final = VMStateDescription(name="cirrus_vga", version_id=2, minimum_version_id=2)


@emulates
def cirrus_vga_class_init(klass: ObjectClass, data: Any) -> None:
    """Class init of ``cirrus-vga``."""
    dc, k = DEVICE_CLASS(klass), PCI_DEVICE_CLASS(klass)
    k.realize = pci_cirrus_vga_realize
    k.romfile = "vgabios-cirrus.bin"
    k.vendor_id = PCI_VENDOR_ID_CIRRUS
    k.device_id = CIRRUS_ID_CLGD5446
    k.class_id = PCI_CLASS_DISPLAY_VGA
    dc.categories |= 1 << DeviceCategory.DEVICE_CATEGORY_DISPLAY
    dc.desc = "Cirrus CLGD 54xx VGA"
    dc.vmsd = vmstate_pci_cirrus_vga
    device_class_set_props(dc, pci_vga_cirrus_properties)
    dc.hotpluggable = False


cirrus_vga_info: Final = TypeInfo(
    name=TYPE_PCI_CIRRUS_VGA,
    parent=TYPE_PCI_DEVICE,
    instance=PCICirrusVGAState,
    class_init=cirrus_vga_class_init,
    interfaces=(INTERFACE_CONVENTIONAL_PCI_DEVICE,),
)


@type_init
@emulates
def cirrus_vga_register_types() -> None:
    """Register ``cirrus-vga``."""
    type_register_static(cirrus_vga_info)
