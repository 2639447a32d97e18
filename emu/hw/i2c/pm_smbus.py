"""The SMBus controller of power management functions (hw/i2c/pm_smbus.c): that it is there; transfers are not modelled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from emu.hw.core.qdev import DeviceState
from emu.hw.i2c.core import I2CBus, i2c_init_bus
from emu.qom.object import OBJECT
from emu.softmmu.memory import DEVICE_LITTLE_ENDIAN, MemoryRegion, Valid, memory_region_init_io
from emu.softmmu.unmodelled_ops import unmodelled_ops
from emu.trace import Ptr, Struct, emulates

AUX_BLK: Final = 1 << 1


class PMSMBus(Struct):
    """The controller's registers, as far as reset touches them."""

    smbus: I2CBus | None = None
    io: MemoryRegion | None = None
    smb_stat: int = 0
    smb_auxctl: int = 0
    smb_index: int = 0
    reset: Callable[[PMSMBus], None] | None = None
    i2c_enable: bool = False
    set_irq: Callable[[PMSMBus, bool], None] | None = None
    opaque: Any = None
    op_done: bool = False


pm_smbus_ops: Final = unmodelled_ops(
    "pm_smbus_ops",
    "hw/i2c/pm_smbus.c",
    "smb_ioport_readb",
    "smb_ioport_writeb",
    valid=Valid(min_access_size=1, max_access_size=1),
    endianness=DEVICE_LITTLE_ENDIAN,
)


@emulates
def pm_smbus_reset(s: PMSMBus) -> None:
    """Reset the controller."""
    s.op_done = True
    s.smb_index = 0
    s.smb_stat = 0


@emulates
def pm_smbus_init(parent: DeviceState, smb: PMSMBus, force_aux_blk: bool) -> None:
    """Make the bus and the registers; the board maps them."""
    smb.op_done = True
    smb.reset = pm_smbus_reset
    smb.smbus = i2c_init_bus(parent, "i2c")
    if force_aux_blk:
        smb.smb_auxctl |= AUX_BLK
    memory_region_init_io(Ptr(smb, "io"), OBJECT(parent), pm_smbus_ops, smb, "pm-smbus", 64)
