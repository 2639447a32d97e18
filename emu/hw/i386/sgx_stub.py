"""SGX enclaves, of which there are none (hw/i386/sgx-stub.c)."""

from __future__ import annotations

from emu.hw.i386.pc.structs import PCMachineState
from emu.trace import emulates


@emulates
def pc_machine_init_sgx_epc(pcms: PCMachineState) -> None:
    """Make the memory of enclaves: ``sgx-epc`` was not given, so there is none."""
    pcms.sgx_epc.size = 0
