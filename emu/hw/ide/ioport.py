"""The ports of an IDE bus (hw/ide/ioport.c): that they are there; commands are not modelled."""

from __future__ import annotations

from typing import Any, Final

from emu.hw.ide.core import IDEBus
from emu.hw.isa.isa_bus import ISADevice, isa_register_portio_list
from emu.softmmu.ioport import MemoryRegionPortio
from emu.trace import emulates


@emulates(file="hw/ide/core.c", modelled=False)
def ide_ioport_read(opaque: Any, addr: int) -> int:
    """Read a register."""
    return 0


@emulates(file="hw/ide/core.c", modelled=False)
def ide_ioport_write(opaque: Any, addr: int, val: int) -> None:
    """Write a register."""


@emulates(file="hw/ide/core.c", modelled=False)
def ide_data_readw(opaque: Any, addr: int) -> int:
    """Read data."""
    return 0


@emulates(file="hw/ide/core.c", modelled=False)
def ide_data_writew(opaque: Any, addr: int, val: int) -> None:
    """Write data."""


@emulates(file="hw/ide/core.c", modelled=False)
def ide_data_readl(opaque: Any, addr: int) -> int:
    """Read data."""
    return 0


@emulates(file="hw/ide/core.c", modelled=False)
def ide_data_writel(opaque: Any, addr: int, val: int) -> None:
    """Write data."""


@emulates(file="hw/ide/core.c", modelled=False)
def ide_status_read(opaque: Any, addr: int) -> int:
    """Read the status."""
    return 0


@emulates(file="hw/ide/core.c", modelled=False)
def ide_ctrl_write(opaque: Any, addr: int, val: int) -> None:
    """Write the control register."""


ide_portio_list: Final = (
    MemoryRegionPortio(0, 8, 1, ide_ioport_read, ide_ioport_write),
    MemoryRegionPortio(0, 1, 2, ide_data_readw, ide_data_writew),
    MemoryRegionPortio(0, 1, 4, ide_data_readl, ide_data_writel),
)
ide_portio2_list: Final = (MemoryRegionPortio(0, 1, 1, ide_status_read, ide_ctrl_write),)


@emulates
def ide_init_ioport(bus: IDEBus, dev: ISADevice | None, iobase: int, iobase2: int) -> int:
    """Make the ports of a bus. Return 0."""
    ret = isa_register_portio_list(dev, bus.portio_list, iobase, ide_portio_list, bus, "ide")
    if ret == 0 and iobase2:
        ret = isa_register_portio_list(dev, bus.portio2_list, iobase2, ide_portio2_list, bus, "ide")
    return ret
