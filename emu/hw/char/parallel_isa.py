"""Making a PC's parallel ports (hw/char/parallel-isa.c)."""

from __future__ import annotations

from typing import Any

from emu.hw.char.parallel import MAX_PARALLEL_PORTS
from emu.hw.core.qdev import DEVICE
from emu.hw.core.qdev_properties import qdev_prop_set_uint32
from emu.hw.core.qdev_properties_system import qdev_prop_set_chr
from emu.hw.isa.isa_bus import ISABus, isa_new, isa_realize_and_unref
from emu.qapi.error import error_fatal
from emu.softmmu.globals import globals_c
from emu.trace import emulates


@emulates
def parallel_init(bus: ISABus, index: int, chr_: Any) -> None:
    """Make a port for ``-parallel``."""
    isadev = isa_new("isa-parallel")
    dev = DEVICE(isadev)
    qdev_prop_set_uint32(dev, "index", index)
    qdev_prop_set_chr(dev, "chardev", chr_)
    with error_fatal():
        isa_realize_and_unref(isadev, bus)


@emulates
def parallel_hds_isa_init(bus: ISABus, n: int) -> None:
    """Make the ports that ``-parallel`` asks for."""
    assert n <= MAX_PARALLEL_PORTS
    for i, chr_ in enumerate(list(globals_c().parallel_hds)[:n]):
        if chr_ is not None:
            parallel_init(bus, i, chr_)
