"""The PIIX's IDE controller (hw/ide/piix.c)."""

from __future__ import annotations

from typing import Any, Final

from emu.hw.core.qdev import DEVICE, DEVICE_CLASS, DeviceCategory, DeviceState
from emu.hw.ide.core import ide_bus_reset, ide_init2, ide_register_restart_cb
from emu.hw.ide.ioport import ide_init_ioport
from emu.hw.ide.pci import (
    PCI_IDE,
    TYPE_PCI_IDE,
    BMDMAState,
    PCIIDEState,
    bmdma_addr_ioport_ops,
    bmdma_init,
    the_bus,
    vmstate_ide_pci,
)
from emu.hw.ide.qdev import ide_bus_init
from emu.hw.isa.isa_bus import isa_get_irq
from emu.hw.pci.pci import PCI_DEVICE, PCI_DEVICE_CLASS, PCIDevice, pci_register_bar, pci_set_long, pci_set_word
from emu.hw.pci.pci_ids import (
    PCI_CLASS_STORAGE_IDE,
    PCI_DEVICE_ID_INTEL_82371AB,
    PCI_DEVICE_ID_INTEL_82371SB_1,
    PCI_VENDOR_ID_INTEL,
)
from emu.migration.savevm import vmstate_register
from emu.qemu.module import type_init
from emu.qom.object import OBJECT, ObjectClass, TypeInfo, type_register_static
from emu.softmmu.memory import (
    MemoryRegionOps,
    memory_region_add_subregion,
    memory_region_del_subregion,
    memory_region_init,
    memory_region_init_io,
)
from emu.standard_headers.linux.pci_regs import (
    PCI_BASE_ADDRESS_SPACE_IO,
    PCI_CLASS_PROG,
    PCI_COMMAND,
    PCI_STATUS,
    PCI_STATUS_DEVSEL_MEDIUM,
    PCI_STATUS_FAST_BACK,
)
from emu.trace import Ptr, emulates

TYPE_PIIX3_IDE: Final = "piix3-ide"
TYPE_PIIX4_IDE: Final = "piix4-ide"

PORT_INFO: Final = ((0x1F0, 0x3F6, 14), (0x170, 0x376, 15))
"""Ports and ISA interrupt of each bus."""


@emulates
def bmdma_read(opaque: BMDMAState, addr: int, size: int) -> int:
    """Read command or status of bus mastering."""
    if size != 1:
        return (1 << size * 8) - 1
    return {0: opaque.cmd, 2: opaque.status}.get(addr & 3, 0xFF)


@emulates(modelled=False)
def bmdma_write(opaque: BMDMAState, addr: int, val: int, size: int) -> None:
    """Write command or status of bus mastering."""


piix_bmdma_ops: Final = MemoryRegionOps(name="piix_bmdma_ops", read=bmdma_read, write=bmdma_write)


@emulates
def bmdma_setup_bar(d: PCIIDEState) -> None:
    """Make the region of the BAR: command, status and address of each bus."""
    owner = OBJECT(d)
    memory_region_init(Ptr(d, "bmdma_bar"), owner, "piix-bmdma-container", 16)
    assert d.bmdma_bar is not None
    for i, bm in enumerate(d.bmdma):
        memory_region_init_io(Ptr(bm, "extra_io"), owner, piix_bmdma_ops, bm, "piix-bmdma", 4)
        assert bm.extra_io is not None
        memory_region_add_subregion(d.bmdma_bar, i * 8, bm.extra_io)
        memory_region_init_io(Ptr(bm, "addr_ioport"), owner, bmdma_addr_ioport_ops, bm, "bmdma", 4)
        assert bm.addr_ioport is not None
        memory_region_add_subregion(d.bmdma_bar, i * 8 + 4, bm.addr_ioport)


@emulates
def piix_ide_reset(dev: DeviceState) -> None:
    """Reset the buses and the registers."""
    d, config = PCI_IDE(dev), PCI_DEVICE(dev).config
    for i in range(2):
        ide_bus_reset(the_bus(d, i))
    pci_set_word(config + PCI_COMMAND, 0x0000)
    pci_set_word(config + PCI_STATUS, PCI_STATUS_DEVSEL_MEDIUM | PCI_STATUS_FAST_BACK)
    pci_set_long(config + 0x20, 0x1)


@emulates
def pci_piix_init_ports(d: PCIIDEState) -> int:
    """Make the buses at their usual ports and interrupts. Return 0."""
    for i, (iobase, iobase2, isairq) in enumerate(PORT_INFO):
        ide_bus_init(Ptr(d, "bus", i), DEVICE(d), i, 2)
        bus = the_bus(d, i)
        ret = ide_init_ioport(bus, None, iobase, iobase2)
        if ret:
            return ret
        ide_init2(bus, isa_get_irq(None, isairq))
        bmdma_init(bus, d.bmdma[i], d)
        d.bmdma[i].bus = bus
        ide_register_restart_cb(bus)
    return 0


@emulates
def pci_piix_ide_realize(dev: PCIDevice) -> None:
    """Make the BAR and the buses."""
    d = PCI_IDE(dev)
    dev.config[PCI_CLASS_PROG] = 0x80
    bmdma_setup_bar(d)
    assert d.bmdma_bar is not None
    pci_register_bar(dev, 4, PCI_BASE_ADDRESS_SPACE_IO, d.bmdma_bar)
    vmstate_register(dev, 0, vmstate_ide_pci, d)
    pci_piix_init_ports(d)


@emulates
def pci_piix_ide_exitfn(dev: PCIDevice) -> None:
    """Take the registers out of the BAR."""
    d = PCI_IDE(dev)
    assert d.bmdma_bar is not None
    for bm in d.bmdma:
        assert bm.extra_io is not None
        assert bm.addr_ioport is not None
        memory_region_del_subregion(d.bmdma_bar, bm.extra_io)
        memory_region_del_subregion(d.bmdma_bar, bm.addr_ioport)


def set_class(klass: ObjectClass, device_id: int) -> None:
    """Set what both controllers share."""
    dc, k = DEVICE_CLASS(klass), PCI_DEVICE_CLASS(klass)
    dc.reset = piix_ide_reset
    k.realize = pci_piix_ide_realize
    k.exit = pci_piix_ide_exitfn
    k.vendor_id = PCI_VENDOR_ID_INTEL
    k.device_id = device_id
    k.class_id = PCI_CLASS_STORAGE_IDE
    dc.categories |= 1 << DeviceCategory.DEVICE_CATEGORY_STORAGE
    dc.hotpluggable = False


@emulates
def piix3_ide_class_init(klass: ObjectClass, data: Any) -> None:
    """Set the ids of the PIIX3's."""
    set_class(klass, PCI_DEVICE_ID_INTEL_82371SB_1)


@emulates
def piix4_ide_class_init(klass: ObjectClass, data: Any) -> None:
    """Set the ids of the PIIX4's."""
    set_class(klass, PCI_DEVICE_ID_INTEL_82371AB)


piix3_ide_info: Final = TypeInfo(name=TYPE_PIIX3_IDE, parent=TYPE_PCI_IDE, class_init=piix3_ide_class_init)
piix4_ide_info: Final = TypeInfo(name=TYPE_PIIX4_IDE, parent=TYPE_PCI_IDE, class_init=piix4_ide_class_init)


@type_init
@emulates
def piix_ide_register_types() -> None:
    """Register both."""
    type_register_static(piix3_ide_info)
    type_register_static(piix4_ide_info)
