"""A VGA on PCI (hw/display/vga-pci.c, hw/display/edid-region.c, include/hw/display/bochs-vbe.h)."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from emu.hw.acpi.acpi_interface import ACPI_DEV_AML_IF_CLASS, TYPE_ACPI_DEV_AML_IF
from emu.hw.core.qdev import DEVICE, DEVICE_CLASS, DeviceCategory, DeviceState
from emu.hw.core.qdev_properties import DEFINE_PROP_BIT, DEFINE_PROP_BOOL, DEFINE_PROP_UINT32, device_class_set_props
from emu.hw.display.vga import VGACommonState, graphic_console_init, vga_common_init, vga_common_reset, vga_init
from emu.hw.pci.pci import (
    INTERFACE_CONVENTIONAL_PCI_DEVICE,
    PCI_DEVICE_CLASS,
    TYPE_PCI_DEVICE,
    PCIDevice,
    pci_address_space,
    pci_address_space_io,
    pci_register_bar,
    pci_set_byte,
)
from emu.hw.pci.pci_ids import PCI_CLASS_DISPLAY_OTHER, PCI_CLASS_DISPLAY_VGA
from emu.migration.savevm import VMStateDescription
from emu.qemu.module import type_init
from emu.qom.object import (
    OBJECT,
    Object,
    ObjectClass,
    TypeInfo,
    object_class_property_add_bool,
    object_property_add_bool,
    type_register_static,
)
from emu.qom.parts import Part, caster
from emu.softmmu.ioport import unassigned_io_ops
from emu.softmmu.memory import (
    DEVICE_LITTLE_ENDIAN,
    Impl,
    MemoryRegion,
    Valid,
    memory_region_add_subregion,
    memory_region_init_io,
)
from emu.softmmu.unmodelled_ops import unmodelled_ops
from emu.standard_headers.linux.pci_regs import (
    PCI_BASE_ADDRESS_MEM_PREFETCH,
    PCI_BASE_ADDRESS_SPACE_MEMORY,
    PCI_REVISION_ID,
)
from emu.trace import Ptr, Seq, Struct, embedded, emulates, fresh

TYPE_PCI_VGA: Final = "pci-vga"
FILE: Final = "hw/display/vga-pci.c"
PCI_VENDOR_ID_QEMU: Final = 0x1234
PCI_DEVICE_ID_QEMU_VGA: Final = 0x1111
PCI_VGA_FLAG_ENABLE_MMIO: Final = 1
PCI_VGA_FLAG_ENABLE_QEXT: Final = 2
PCI_VGA_FLAG_ENABLE_EDID: Final = 3
PCI_VGA_MMIO_SIZE: Final = 0x1000
PCI_VGA_IOPORT_OFFSET: Final = 0x400
PCI_VGA_IOPORT_SIZE: Final = 0x3E0 - 0x3C0
PCI_VGA_BOCHS_OFFSET: Final = 0x500
PCI_VGA_BOCHS_SIZE: Final = 0x0B * 2
PCI_VGA_QEXT_OFFSET: Final = 0x600
PCI_VGA_QEXT_SIZE: Final = 2 * 4
EDID_SIZE: Final = 384

pci_vga_ioport_ops: Final = unmodelled_ops(
    "pci_vga_ioport_ops",
    FILE,
    "pci_vga_ioport_read",
    "pci_vga_ioport_write",
    endianness=DEVICE_LITTLE_ENDIAN,
    valid=Valid(1, 4),
    impl=Impl(1, 2),
)
pci_vga_bochs_ops: Final = unmodelled_ops(
    "pci_vga_bochs_ops",
    FILE,
    "pci_vga_bochs_read",
    "pci_vga_bochs_write",
    endianness=DEVICE_LITTLE_ENDIAN,
    valid=Valid(1, 4),
    impl=Impl(2, 2),
)
pci_vga_qext_ops: Final = unmodelled_ops(
    "pci_vga_qext_ops",
    FILE,
    "pci_vga_qext_read",
    "pci_vga_qext_write",
    endianness=DEVICE_LITTLE_ENDIAN,
    valid=Valid(4, 4),
)
edid_region_ops: Final = unmodelled_ops(
    "edid_region_ops",
    "hw/display/edid-region.c",
    "edid_region_read",
    "edid_region_write",
    endianness=DEVICE_LITTLE_ENDIAN,
    valid=Valid(1, 4),
    impl=Impl(1, 1),
)


class qemu_edid_info(Struct):
    """What the screen would say of itself (include/hw/display/edid.h); sizes in pixels, 0 for the default."""

    prefx: int = 0
    prefy: int = 0
    maxx: int = 0
    maxy: int = 0
    refresh_rate: int = 0


class SubRegions(Seq["MemoryRegion | None"]):
    """``MemoryRegion mrs[4]``."""

    def __init__(self) -> None:
        super().__init__([None] * 4)


class PCIVGAState(Part):
    """The card."""

    SIZE: ClassVar[int] = 72528
    vga: VGACommonState = embedded(VGACommonState)
    flags: int = 0
    edid_info: qemu_edid_info = embedded(qemu_edid_info)
    mmio: MemoryRegion | None = None
    mrs: Seq[MemoryRegion | None] = fresh(SubRegions)


PCI_VGA = caster(PCIVGAState, TYPE_PCI_VGA)


@emulates(file="hw/display/edid-generate.c")
def qemu_edid_generate(info: qemu_edid_info) -> None:
    """Put in what the command line left open, as far as properties show it; the description itself nobody reads."""
    info.prefx = info.prefx or 1280
    info.prefy = info.prefy or 800


@emulates(file="hw/display/edid-region.c")
def qemu_edid_region_io(d: PCIVGAState, owner: Object) -> None:
    """Make the region with what the screen says of itself."""
    memory_region_init_io(Ptr(d, "mrs", 3), owner, edid_region_ops, None, "edid", EDID_SIZE)


@emulates
def pci_std_vga_mmio_region_init(d: PCIVGAState, owner: Object, qext: bool, edid: bool) -> None:
    """Make the parts of the second BAR: ports, Bochs' registers, QEMU's registers, the screen's description."""
    parts = [
        (0, pci_vga_ioport_ops, "vga ioports remapped", PCI_VGA_IOPORT_SIZE, PCI_VGA_IOPORT_OFFSET),
        (1, pci_vga_bochs_ops, "bochs dispi interface", PCI_VGA_BOCHS_SIZE, PCI_VGA_BOCHS_OFFSET),
    ]
    if qext:
        parts.append((2, pci_vga_qext_ops, "qemu extended regs", PCI_VGA_QEXT_SIZE, PCI_VGA_QEXT_OFFSET))
    assert d.mmio is not None
    for at, ops, name, size, offset in parts:
        memory_region_init_io(Ptr(d, "mrs", at), owner, ops, d.vga, name, size)
        sub = d.mrs[at]
        assert sub is not None
        memory_region_add_subregion(d.mmio, offset, sub)
    if edid:
        qemu_edid_generate(d.edid_info)
        qemu_edid_region_io(d, owner)
        sub = d.mrs[3]
        assert sub is not None
        memory_region_add_subregion(d.mmio, 0, sub)


def _enabled(d: PCIVGAState, flag: int) -> bool:
    return bool(d.flags & 1 << flag)


def _make_mmio(dev: PCIDevice, d: PCIVGAState) -> MemoryRegion:
    memory_region_init_io(Ptr(d, "mmio"), OBJECT(dev), unassigned_io_ops, None, "vga.mmio", PCI_VGA_MMIO_SIZE)
    qext = _enabled(d, PCI_VGA_FLAG_ENABLE_QEXT)
    if qext:
        pci_set_byte(dev.config + PCI_REVISION_ID, 2)
    pci_std_vga_mmio_region_init(d, OBJECT(dev), qext, _enabled(d, PCI_VGA_FLAG_ENABLE_EDID))
    assert d.mmio is not None
    return d.mmio


@emulates
def pci_std_vga_realize(dev: PCIDevice) -> None:
    """Make the memory and both BARs."""
    d = PCI_VGA(dev)
    s = d.vga
    vga_common_init(s, OBJECT(dev))
    vga_init(s, OBJECT(dev), pci_address_space(dev), pci_address_space_io(dev), True)
    graphic_console_init(DEVICE(dev), 0)
    assert s.vram is not None
    pci_register_bar(dev, 0, PCI_BASE_ADDRESS_MEM_PREFETCH, s.vram)
    if _enabled(d, PCI_VGA_FLAG_ENABLE_MMIO):
        pci_register_bar(dev, 2, PCI_BASE_ADDRESS_SPACE_MEMORY, _make_mmio(dev, d))


@emulates
def pci_secondary_vga_realize(dev: PCIDevice) -> None:
    """Make the memory and both BARs of a display without VGA's old windows."""
    d = PCI_VGA(dev)
    s = d.vga
    vga_common_init(s, OBJECT(dev))
    graphic_console_init(DEVICE(dev), 0)
    mmio = _make_mmio(dev, d)
    assert s.vram is not None
    pci_register_bar(dev, 0, PCI_BASE_ADDRESS_MEM_PREFETCH, s.vram)
    pci_register_bar(dev, 2, PCI_BASE_ADDRESS_SPACE_MEMORY, mmio)


@emulates(modelled=False)
def pci_secondary_vga_exit(dev: PCIDevice) -> None:
    """Close the console: there is none."""


@emulates
def vga_get_big_endian_fb(obj: Object) -> bool:
    """Read the byte order of the frame buffer."""
    return PCI_VGA(obj).vga.big_endian_fb


@emulates
def vga_set_big_endian_fb(obj: Object, value: bool) -> None:
    """Write the byte order of the frame buffer."""
    PCI_VGA(obj).vga.big_endian_fb = value


@emulates
def pci_secondary_vga_init(obj: Object) -> None:
    """Add the property for the byte order."""
    object_property_add_bool(obj, "big-endian-framebuffer", vga_get_big_endian_fb, vga_set_big_endian_fb)


@emulates
def pci_secondary_vga_reset(dev: DeviceState) -> None:
    """Reset the core."""
    vga_common_reset(PCI_VGA(dev).vga)


EDID_PROPERTIES: Final = (
    DEFINE_PROP_UINT32("xres", PCIVGAState, "edid_info.prefx", 0),
    DEFINE_PROP_UINT32("yres", PCIVGAState, "edid_info.prefy", 0),
    DEFINE_PROP_UINT32("xmax", PCIVGAState, "edid_info.maxx", 0),
    DEFINE_PROP_UINT32("ymax", PCIVGAState, "edid_info.maxy", 0),
    DEFINE_PROP_UINT32("refresh_rate", PCIVGAState, "edid_info.refresh_rate", 0),
)
vga_pci_properties: Final = (
    DEFINE_PROP_UINT32("vgamem_mb", PCIVGAState, "vga.vram_size_mb", 16),
    DEFINE_PROP_BIT("mmio", PCIVGAState, "flags", PCI_VGA_FLAG_ENABLE_MMIO, True),
    DEFINE_PROP_BIT("qemu-extended-regs", PCIVGAState, "flags", PCI_VGA_FLAG_ENABLE_QEXT, True),
    DEFINE_PROP_BIT("edid", PCIVGAState, "flags", PCI_VGA_FLAG_ENABLE_EDID, True),
    *EDID_PROPERTIES,
    DEFINE_PROP_BOOL("global-vmstate", PCIVGAState, "vga.global_vmstate", False),
)
secondary_pci_properties: Final = (
    DEFINE_PROP_UINT32("vgamem_mb", PCIVGAState, "vga.vram_size_mb", 16),
    DEFINE_PROP_BIT("qemu-extended-regs", PCIVGAState, "flags", PCI_VGA_FLAG_ENABLE_QEXT, True),
    DEFINE_PROP_BIT("edid", PCIVGAState, "flags", PCI_VGA_FLAG_ENABLE_EDID, True),
    *EDID_PROPERTIES,
)
vmstate_vga_pci: Final = VMStateDescription(name="vga", version_id=2, minimum_version_id=2)


@emulates(file="hw/display/acpi-vga.c", modelled=False)
def build_vga_aml(adev: Any, scope: Any) -> None:
    """Describe the device in ACPI's language."""


@emulates
def vga_pci_class_init(klass: ObjectClass, data: Any) -> None:
    """Set what both displays share."""
    dc, k, adevc = DEVICE_CLASS(klass), PCI_DEVICE_CLASS(klass), ACPI_DEV_AML_IF_CLASS(klass)
    k.vendor_id = PCI_VENDOR_ID_QEMU
    k.device_id = PCI_DEVICE_ID_QEMU_VGA
    dc.vmsd = vmstate_vga_pci
    dc.categories |= 1 << DeviceCategory.DEVICE_CATEGORY_DISPLAY
    adevc.build_dev_aml = build_vga_aml


@emulates
def vga_class_init(klass: ObjectClass, data: Any) -> None:
    """Set what makes a device a VGA."""
    dc, k = DEVICE_CLASS(klass), PCI_DEVICE_CLASS(klass)
    k.realize = pci_std_vga_realize
    k.romfile = "vgabios-stdvga.bin"
    k.class_id = PCI_CLASS_DISPLAY_VGA
    device_class_set_props(dc, vga_pci_properties)
    dc.hotpluggable = False
    object_class_property_add_bool(klass, "big-endian-framebuffer", vga_get_big_endian_fb, vga_set_big_endian_fb)


@emulates
def secondary_class_init(klass: ObjectClass, data: Any) -> None:
    """Set what makes a device a second display."""
    dc, k = DEVICE_CLASS(klass), PCI_DEVICE_CLASS(klass)
    k.realize = pci_secondary_vga_realize
    k.exit = pci_secondary_vga_exit
    k.class_id = PCI_CLASS_DISPLAY_OTHER
    device_class_set_props(dc, secondary_pci_properties)
    dc.reset = pci_secondary_vga_reset


vga_pci_type_info: Final = TypeInfo(
    name=TYPE_PCI_VGA,
    parent=TYPE_PCI_DEVICE,
    instance=PCIVGAState,
    abstract=True,
    class_init=vga_pci_class_init,
    interfaces=(INTERFACE_CONVENTIONAL_PCI_DEVICE, TYPE_ACPI_DEV_AML_IF),
)
vga_info: Final = TypeInfo(name="VGA", parent=TYPE_PCI_VGA, class_init=vga_class_init)
secondary_info: Final = TypeInfo(
    name="secondary-vga",
    parent=TYPE_PCI_VGA,
    instance_init=pci_secondary_vga_init,
    class_init=secondary_class_init,
)


@type_init
@emulates
def vga_register_types() -> None:
    """Register both displays."""
    type_register_static(vga_pci_type_info)
    type_register_static(vga_info)
    type_register_static(secondary_info)
