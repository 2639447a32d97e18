"""What all IDE controllers on PCI share: bus mastering (hw/ide/pci.c, include/hw/ide/pci.h)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from emu.blockdev import BlockInterfaceType, DriveInfo, drive_get_by_index
from emu.hw.core.irq import IRQState, qemu_allocate_irq
from emu.hw.ide.core import MAX_IDE_DEVS, IDEBus
from emu.hw.pci.pci import INTERFACE_CONVENTIONAL_PCI_DEVICE, TYPE_PCI_DEVICE, PCIDevice
from emu.migration.savevm import VMStateDescription
from emu.qemu.module import type_init
from emu.qom.object import TypeInfo, type_register_static
from emu.qom.parts import Part, caster
from emu.softmmu.memory import DEVICE_LITTLE_ENDIAN, MemoryRegion
from emu.softmmu.unmodelled_ops import unmodelled_ops
from emu.trace import Seq, Struct, emulates, fresh

if TYPE_CHECKING:
    from collections.abc import Sequence

TYPE_PCI_IDE: Final = "pci-ide"


class BMDMAState(Struct):
    """Bus mastering of one bus."""

    cmd: int = 0
    status: int = 0
    addr: int = 0
    bus: IDEBus | None = None
    addr_ioport: MemoryRegion | None = None
    extra_io: MemoryRegion | None = None
    irq: IRQState | None = None
    pci_dev: PCIIDEState | None = None


class IDEBuses(Seq["IDEBus | None"]):
    """``IDEBus bus[2]``."""

    def __init__(self) -> None:
        super().__init__([None, None])


class BMDMAs(Seq[BMDMAState]):
    """``BMDMAState bmdma[2]``."""

    def __init__(self) -> None:
        super().__init__((BMDMAState(), BMDMAState()))


class PCIIDEState(Part):
    """A controller with two buses."""

    SIZE: ClassVar[int] = 9968
    bus: Seq[IDEBus | None] = fresh(IDEBuses)
    bmdma: Seq[BMDMAState] = fresh(BMDMAs)
    secondary: int = 0
    bmdma_bar: MemoryRegion | None = None


PCI_IDE = caster(PCIIDEState, TYPE_PCI_IDE)

vmstate_ide_pci: Final = VMStateDescription("ide", version_id=3, minimum_version_id=0)

bmdma_addr_ioport_ops: Final = unmodelled_ops(
    "bmdma_addr_ioport_ops", "hw/ide/pci.c", "bmdma_addr_read", "bmdma_addr_write", endianness=DEVICE_LITTLE_ENDIAN
)


def the_bus(d: PCIIDEState, i: int) -> IDEBus:
    """Return a bus of a controller."""
    bus = d.bus[i]
    assert bus is not None
    return bus


def ide_drive_get(n: int) -> Sequence[DriveInfo | None]:
    """Return the first ``n`` drives of the board's IDE buses, by place (hw/ide/core.c)."""
    return tuple(drive_get_by_index(BlockInterfaceType.IF_IDE, i) for i in range(n))


@emulates
def pci_ide_create_devs(dev: PCIDevice) -> None:
    """Make the drives of a controller."""
    from emu.hw.ide.qdev import ide_create_drive  # drives hang on the buses of controllers

    d = PCI_IDE(dev)
    for i, drive in enumerate(ide_drive_get(2 * MAX_IDE_DEVS)):
        if drive is not None:
            ide_create_drive(the_bus(d, i // 2), i % 2, drive)


@emulates(modelled=False)
def bmdma_irq(opaque: Any, n: int, level: int) -> None:
    """Note an interrupt and pass it on."""


@emulates
def bmdma_init(bus: IDEBus, bm: BMDMAState, d: PCIIDEState) -> None:
    """Put bus mastering between a bus and its interrupt line."""
    if bus.dma is bm:
        return
    bus.dma = bm
    bm.irq = bus.irq
    bus.irq = qemu_allocate_irq(bmdma_irq, bm, 0)
    bm.pci_dev = d


pci_ide_type_info: Final = TypeInfo(
    name=TYPE_PCI_IDE,
    parent=TYPE_PCI_DEVICE,
    instance=PCIIDEState,
    abstract=True,
    interfaces=(INTERFACE_CONVENTIONAL_PCI_DEVICE,),
)


@type_init
@emulates
def pci_ide_register_types() -> None:
    """Register the type."""
    type_register_static(pci_ide_type_info)
