"""The watchdog of the ICH9; it never bites here (hw/acpi/tco.c)."""

from __future__ import annotations

from typing import Any, Final

from emu.softmmu.memory import (
    DEVICE_LITTLE_ENDIAN,
    Impl,
    MemoryRegion,
    Valid,
    memory_region_add_subregion,
    memory_region_init_io,
)
from emu.softmmu.unmodelled_ops import unmodelled_ops
from emu.trace import Ptr, Struct, emulates
from emu.util.qemu_timer import QEMUClockType, QEMUTimer, timer_new_ns

ICH9_PMIO_TCO_RLD: Final = 0x60
ICH9_PMIO_TCO_LEN: Final = 32

tco_io_ops: Final = unmodelled_ops(
    "tco_io_ops",
    "hw/acpi/tco.c",
    "tco_io_readw",
    "tco_io_writew",
    endianness=DEVICE_LITTLE_ENDIAN,
    valid=Valid(1, 4),
    impl=Impl(1, 2),
)


class TCOIORegs(Struct):
    """The registers that are not 0 at first."""

    cnt2: int = 0
    tmr: int = 0
    sw_irq_gen: int = 0
    tco_timer: QEMUTimer | None = None
    expire_time: int = 0
    io: MemoryRegion | None = None


@emulates(modelled=False)
def tco_timer_expired(opaque: Any) -> None:
    """Bite."""


@emulates
def acpi_pm_tco_init(tr: TCOIORegs, parent: MemoryRegion) -> None:
    """Make timer and registers."""
    tr.cnt2 = 0x0008
    tr.tmr = 0x0004
    tr.sw_irq_gen = 0x03
    tr.tco_timer = timer_new_ns(QEMUClockType.QEMU_CLOCK_VIRTUAL, tco_timer_expired, tr)
    tr.expire_time = -1
    memory_region_init_io(Ptr(tr, "io"), parent.owner, tco_io_ops, tr, "sm-tco", ICH9_PMIO_TCO_LEN)
    assert tr.io is not None
    memory_region_add_subregion(parent, ICH9_PMIO_TCO_RLD, tr.io)
