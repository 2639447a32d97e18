"""The PIIX3's ISA bridge (hw/isa/piix3.c, include/hw/southbridge/piix.h)."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from emu.hw.acpi.acpi_interface import ACPI_DEV_AML_IF_CLASS, TYPE_ACPI_DEV_AML_IF
from emu.hw.core.irq import IRQArray, qemu_set_irq
from emu.hw.core.qdev import DEVICE, DEVICE_CLASS, DeviceState
from emu.hw.dma.i8257 import i8257_dma_init
from emu.hw.isa.isa_bus import isa_bus_new
from emu.hw.pci.pci import (
    INTERFACE_CONVENTIONAL_PCI_DEVICE,
    PCI_DEVICE,
    PCI_DEVICE_CLASS,
    PCI_INTX_DISABLED,
    PCI_INTX_ENABLED,
    PCI_SLOT,
    TYPE_PCI_DEVICE,
    PCIDevice,
    PCIINTxRoute,
    pci_address_space,
    pci_address_space_io,
    pci_bus_fire_intx_routing_notifier,
    pci_bus_get_irq_level,
    pci_bus_irqs,
    pci_bus_set_route_irq_fn,
    pci_default_write_config,
    pci_get_bus,
)
from emu.hw.pci.pci_ids import PCI_CLASS_BRIDGE_ISA, PCI_DEVICE_ID_INTEL_82371SB_0, PCI_VENDOR_ID_INTEL
from emu.migration.savevm import VMStateDescription
from emu.qapi.qapi_types_run_state import ShutdownCause
from emu.qemu.module import type_init
from emu.qemu.range import ranges_overlap
from emu.qom.object import OBJECT, ObjectClass, TypeInfo, type_register_static
from emu.qom.parts import Part, caster
from emu.softmmu.memory import (
    DEVICE_LITTLE_ENDIAN,
    Impl,
    MemoryRegion,
    MemoryRegionOps,
    memory_region_add_subregion_overlap,
    memory_region_init_io,
)
from emu.softmmu.runstate import qemu_system_reset_request
from emu.trace import Ptr, emulates

TYPE_PIIX3_PCI_DEVICE: Final = "pci-piix3"
TYPE_PIIX3_DEVICE: Final = "PIIX3"
TYPE_PIIX3_XEN_DEVICE: Final = "PIIX3-xen"

PIIX_PIRQCA: Final = 0x60
PIIX_RCR_IOPORT: Final = 0xCF9
PIIX_NUM_PIC_IRQS: Final = 16
PIIX_NUM_PIRQS: Final = 4

RESET_VALUES: Final = {
    0x04: 0x07,  # bus master, memory and I/O
    0x05: 0x00,
    0x06: 0x00,
    0x07: 0x02,  # medium DEVSEL timing
    0x4C: 0x4D,
    0x4E: 0x03,
    0x4F: 0x00,
    0x60: 0x80,
    0x61: 0x80,
    0x62: 0x80,
    0x63: 0x80,
    0x69: 0x02,
    0x70: 0x80,
    0x76: 0x0C,
    0x77: 0x0C,
    0x78: 0x02,
    0x79: 0x00,
    0x80: 0x00,
    0x82: 0x00,
    0xA0: 0x08,
    0xA2: 0x00,
    0xA3: 0x00,
    0xA4: 0x00,
    0xA5: 0x00,
    0xA6: 0x00,
    0xA7: 0x00,
    0xA8: 0x0F,
    0xAA: 0x00,
    0xAB: 0x00,
    0xAC: 0x00,
    0xAE: 0x00,
}
"""Offset in configuration space -> byte after reset, in the order in which they are written."""


class PIIX3State(Part):
    """The bridge. ``pic_levels`` has a bit for each pair of ISA interrupt and PCI interrupt line."""

    SIZE: ClassVar[int] = 2928
    pic_levels: int = 0
    pic: IRQArray | None = None
    rcr: int = 0
    rcr_mem: MemoryRegion | None = None


PIIX3_PCI_DEVICE = caster(PIIX3State, TYPE_PIIX3_PCI_DEVICE)

vmstate_piix3: Final = VMStateDescription("PIIX3", version_id=3, minimum_version_id=2)


@emulates
def piix3_set_irq_pic(piix3: PIIX3State, pic_irq: int) -> None:
    """Set an ISA interrupt to the OR of the PCI lines that lead to it."""
    assert piix3.pic is not None
    mask = ((1 << PIIX_NUM_PIRQS) - 1) << pic_irq * PIIX_NUM_PIRQS
    qemu_set_irq(piix3.pic[pic_irq], int(bool(piix3.pic_levels & mask)))


@emulates
def piix3_set_irq_level_internal(piix3: PIIX3State, pirq: int, level: int) -> None:
    """Note the level of a PCI line under the ISA interrupt that it leads to."""
    pic_irq = PCI_DEVICE(piix3).config[PIIX_PIRQCA + pirq]
    if pic_irq >= PIIX_NUM_PIC_IRQS:
        return
    mask = 1 << pic_irq * PIIX_NUM_PIRQS + pirq
    piix3.pic_levels = piix3.pic_levels & ~mask | (mask if level else 0)


@emulates
def piix3_set_irq_level(piix3: PIIX3State, pirq: int, level: int) -> None:
    """Set the level of a PCI line."""
    pic_irq = PCI_DEVICE(piix3).config[PIIX_PIRQCA + pirq]
    if pic_irq >= PIIX_NUM_PIC_IRQS:
        return
    piix3_set_irq_level_internal(piix3, pirq, level)
    piix3_set_irq_pic(piix3, pic_irq)


@emulates
def piix3_set_irq(opaque: PIIX3State, pirq: int, level: int) -> None:
    """Take the level of a PCI line from the bus."""
    piix3_set_irq_level(opaque, pirq, level)


@emulates
def pci_slot_get_pirq(pci_dev: PCIDevice, pci_intx: int) -> int:
    """Return the PCI line of a device's pin: it turns with the slot."""
    return (pci_intx + PCI_SLOT(pci_dev.devfn) - 1) & 3


@emulates
def piix3_route_intx_pin_to_irq(opaque: PIIX3State, pin: int) -> PCIINTxRoute:
    """Return where a PCI line leads."""
    irq = PCI_DEVICE(opaque).config[PIIX_PIRQCA + pin]
    return PCIINTxRoute(PCI_INTX_ENABLED, irq) if irq < PIIX_NUM_PIC_IRQS else PCIINTxRoute(PCI_INTX_DISABLED, -1)


@emulates
def piix3_update_irq_levels(piix3: PIIX3State) -> None:
    """Note all levels anew, after the routing changed."""
    bus = pci_get_bus(piix3)
    piix3.pic_levels = 0
    for pirq in range(PIIX_NUM_PIRQS):
        piix3_set_irq_level(piix3, pirq, pci_bus_get_irq_level(bus, pirq))


@emulates
def piix3_write_config(dev: PCIDevice, address: int, val: int, len_: int) -> None:
    """Write registers; some of them route interrupts."""
    pci_default_write_config(dev, address, val, len_)
    if ranges_overlap(address, len_, PIIX_PIRQCA, 4):
        piix3 = PIIX3_PCI_DEVICE(dev)
        pci_bus_fire_intx_routing_notifier(pci_get_bus(dev))
        piix3_update_irq_levels(piix3)
        for pic_irq in range(PIIX_NUM_PIC_IRQS):
            piix3_set_irq_pic(piix3, pic_irq)


@emulates
def piix3_reset(dev: DeviceState) -> None:
    """Write the registers' values after reset."""
    d, config = PIIX3_PCI_DEVICE(dev), PCI_DEVICE(dev).config
    for offset, value in RESET_VALUES.items():
        config[offset] = value
    d.pic_levels = 0
    d.rcr = 0


@emulates
def rcr_write(opaque: PIIX3State, addr: int, val: int, len_: int) -> None:
    """Write the reset control register: bit 2 resets the machine."""
    if val & 4:
        qemu_system_reset_request(ShutdownCause.GUEST_RESET)
        return
    opaque.rcr = val & 2


@emulates
def rcr_read(opaque: PIIX3State, addr: int, len_: int) -> int:
    """Read the reset control register."""
    return opaque.rcr


rcr_ops: Final = MemoryRegionOps(
    name="rcr_ops",
    read=rcr_read,
    write=rcr_write,
    endianness=DEVICE_LITTLE_ENDIAN,
    impl=Impl(min_access_size=1, max_access_size=1),
)


@emulates
def pci_piix3_realize(dev: PCIDevice) -> None:
    """Make the ISA bus, the reset control register and the DMA controllers. Error: there is an ISA bus already."""
    d = PIIX3_PCI_DEVICE(dev)
    isa_bus = isa_bus_new(DEVICE(d), pci_address_space(dev), pci_address_space_io(dev))
    memory_region_init_io(Ptr(d, "rcr_mem"), OBJECT(dev), rcr_ops, d, "piix3-reset-control", 1)
    assert d.rcr_mem is not None
    memory_region_add_subregion_overlap(pci_address_space_io(dev), PIIX_RCR_IOPORT, d.rcr_mem, 1)
    i8257_dma_init(isa_bus, False)


@emulates(modelled=False)
def build_pci_isa_aml(adev: Any, scope: Any) -> None:
    """Describe the bridge in ACPI's language."""


@emulates
def pci_piix3_class_init(klass: ObjectClass, data: Any) -> None:
    """Set the ids; only the board can make such a function."""
    dc, k, adevc = DEVICE_CLASS(klass), PCI_DEVICE_CLASS(klass), ACPI_DEV_AML_IF_CLASS(klass)
    dc.reset = piix3_reset
    dc.desc = "ISA bridge"
    dc.vmsd = vmstate_piix3
    dc.hotpluggable = False
    k.vendor_id = PCI_VENDOR_ID_INTEL
    k.device_id = PCI_DEVICE_ID_INTEL_82371SB_0
    k.class_id = PCI_CLASS_BRIDGE_ISA
    dc.user_creatable = False
    adevc.build_dev_aml = build_pci_isa_aml


@emulates
def piix3_realize(dev: PCIDevice) -> None:
    """Make the bridge and let the bus's interrupts go through it. Error: as ``pci_piix3_realize``."""
    piix3, pci_bus = PIIX3_PCI_DEVICE(dev), pci_get_bus(dev)
    pci_piix3_realize(dev)
    pci_bus_irqs(pci_bus, piix3_set_irq, pci_slot_get_pirq, piix3, PIIX_NUM_PIRQS)
    pci_bus_set_route_irq_fn(pci_bus, piix3_route_intx_pin_to_irq)


@emulates
def piix3_class_init(klass: ObjectClass, data: Any) -> None:
    """Set what is special without Xen."""
    k = PCI_DEVICE_CLASS(klass)
    k.config_write = piix3_write_config
    k.realize = piix3_realize


@emulates(modelled=False)
def piix3_write_config_xen(dev: PCIDevice, address: int, val: int, len_: int) -> None:
    """Write registers and tell Xen."""


@emulates(modelled=False)
def piix3_xen_realize(dev: PCIDevice) -> None:
    """Make the bridge with Xen's interrupts."""


@emulates
def piix3_xen_class_init(klass: ObjectClass, data: Any) -> None:
    """Set what is special with Xen."""
    k = PCI_DEVICE_CLASS(klass)
    k.config_write = piix3_write_config_xen
    k.realize = piix3_xen_realize


piix3_pci_type_info: Final = TypeInfo(
    name=TYPE_PIIX3_PCI_DEVICE,
    parent=TYPE_PCI_DEVICE,
    instance=PIIX3State,
    abstract=True,
    class_init=pci_piix3_class_init,
    interfaces=(INTERFACE_CONVENTIONAL_PCI_DEVICE, TYPE_ACPI_DEV_AML_IF),
)
piix3_info: Final = TypeInfo(name=TYPE_PIIX3_DEVICE, parent=TYPE_PIIX3_PCI_DEVICE, class_init=piix3_class_init)
piix3_xen_info: Final = TypeInfo(name=TYPE_PIIX3_XEN_DEVICE, parent=TYPE_PIIX3_PCI_DEVICE, class_init=piix3_xen_class_init)


@type_init
@emulates
def piix3_register_types() -> None:
    """Register the bridge."""
    type_register_static(piix3_pci_type_info)
    type_register_static(piix3_info)
    type_register_static(piix3_xen_info)
