"""The IDE buses of a controller and the state of their drives (hw/ide/core.c): what is there; commands are not modelled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from emu.hw.core.irq import IRQState
from emu.qom.parts import Part, caster
from emu.softmmu.ioport import PortioList
from emu.softmmu.runstate import VMChangeStateEntry, qemu_add_vm_change_state_handler
from emu.trace import Seq, Struct, embedded, emulates, fresh, per_run

if TYPE_CHECKING:
    from emu.hw.ide.qdev import IDEDevice

TYPE_IDE_BUS: Final = "IDE"
IDE_HD: Final = 0
IDE_CD: Final = 1
MAX_IDE_DEVS: Final = 2
BIOS_ATA_TRANSLATION_AUTO: Final = 0


class IDEState(Struct):
    """A drive, or the place for one."""

    unit: int = 0
    drive_kind: int = IDE_HD
    present: bool = False
    """Not in QEMU: whether there is a drive (``blk`` is set)."""
    drive_serial: int = 0
    cylinders: int = 0
    heads: int = 0
    sectors: int = 0
    chs_trans: int = 0


class IDEDrives(Seq[IDEState]):
    """``IDEState ifs[2]``."""

    def __init__(self) -> None:
        super().__init__((IDEState(), IDEState()))


class IDEBus(Part):
    """A bus with room for two drives."""

    SIZE: ClassVar[int] = 2304
    master: IDEDevice | None = None
    slave: IDEDevice | None = None
    ifs: Seq[IDEState] = fresh(IDEDrives)
    bus_id: int = 0
    max_units: int = 0
    dma: Struct | None = None
    unit: int = 0
    cmd: int = 0
    irq: IRQState | None = None
    portio_list: PortioList = embedded(PortioList)
    portio2_list: PortioList = embedded(PortioList)
    vmstate: VMChangeStateEntry | None = None


IDE_BUS = caster(IDEBus, TYPE_IDE_BUS)


class IdeStatics(Struct):
    """The serial number of the next drive (a static of hw/ide/core.c)."""

    drive_serial: int = 1


ide_statics = per_run(IdeStatics)


@emulates(modelled=False)
def ide_reset(s: IDEState) -> None:
    """Reset a drive's registers."""


@emulates
def ide_bus_reset(bus: IDEBus) -> None:
    """Reset a bus and its drives."""
    bus.unit = 0
    bus.cmd = 0
    ide_reset(bus.ifs[0])
    ide_reset(bus.ifs[1])


@emulates
def ide_init1(bus: IDEBus, unit: int) -> None:
    """Give the place for a drive its number."""
    s, own = bus.ifs[unit], ide_statics()
    s.unit = unit
    s.drive_serial = own.drive_serial
    own.drive_serial += 1


@emulates
def ide_init2(bus: IDEBus, irq: IRQState) -> None:
    """Give a bus its interrupt line."""
    for i in range(2):
        ide_init1(bus, i)
        ide_reset(bus.ifs[i])
    bus.irq = irq


@emulates(modelled=False)
def ide_restart_cb(opaque: Any, running: bool, state: Any) -> None:
    """Go on with what was under way as the machine stopped."""


@emulates
def ide_register_restart_cb(bus: IDEBus) -> None:
    """Be told when the machine starts and stops."""
    bus.vmstate = qemu_add_vm_change_state_handler(ide_restart_cb, bus)
