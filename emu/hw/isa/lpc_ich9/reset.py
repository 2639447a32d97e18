"""The reset control register (hw/isa/lpc_ich9.c)."""

from __future__ import annotations

from typing import Final

from emu.hw.isa.lpc_ich9.structs import ICH9LPCState
from emu.qapi.qapi_types_run_state import ShutdownCause
from emu.softmmu.memory import DEVICE_LITTLE_ENDIAN, MemoryRegionOps
from emu.softmmu.runstate import qemu_system_reset_request
from emu.trace import emulates


@emulates
def ich9_rst_cnt_write(opaque: ICH9LPCState, addr: int, val: int, len_: int) -> None:
    """Write the register: bit 2 resets the machine, bits 3 and 1 are kept."""
    if val & 4:
        qemu_system_reset_request(ShutdownCause.GUEST_RESET)
        return
    opaque.rst_cnt = val & 0xA


@emulates
def ich9_rst_cnt_read(opaque: ICH9LPCState, addr: int, len_: int) -> int:
    """Read the register."""
    return opaque.rst_cnt


ich9_rst_cnt_ops: Final = MemoryRegionOps(
    name="ich9_rst_cnt_ops", read=ich9_rst_cnt_read, write=ich9_rst_cnt_write, endianness=DEVICE_LITTLE_ENDIAN
)
