"""The machine types of the Q35 board (hw/i386/pc_q35.c)."""

from __future__ import annotations

from collections.abc import Callable

from emu.hw.core.machine import MachineClass, MachineState
from emu.hw.i386.pc import DEFINE_PC_MACHINE, named
from emu.hw.i386.pc_q35 import options
from emu.hw.i386.pc_q35.init import pc_q35_init


def DEFINE_Q35_MACHINE(suffix: str, name: str, optionfn: Callable[[MachineClass], None]) -> None:
    """Declare a version of the board (a macro of hw/i386/pc_q35.c)."""

    def init(machine: MachineState) -> None:
        pc_q35_init(machine)

    DEFINE_PC_MACHINE(__name__, suffix, name, named(init, __name__, f"pc_init_{suffix}"), optionfn)


for version in [
    "7.2",
    "7.1",
    "7.0",
    "6.2",
    "6.1",
    "6.0",
    "5.2",
    "5.1",
    "5.0",
    "4.2",
    "4.1",
    "4.0.1",
    "4.0",
    "3.1",
    "3.0",
    "2.12",
    "2.11",
    "2.10",
    "2.9",
    "2.8",
    "2.7",
    "2.6",
    "2.5",
    "2.4",
]:
    suffix = "v" + version.replace(".", "_")
    DEFINE_Q35_MACHINE(suffix, f"pc-q35-{version}", getattr(options, f"pc_q35_{suffix[1:]}_machine_options"))
