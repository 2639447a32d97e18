"""What a PC tells its firmware (hw/i386/fw_cfg.c): keys, names and sizes; see emu/hw/nvram/fw_cfg/."""

from __future__ import annotations

from typing import Final

from emu.exec.address_spaces import address_space_memory
from emu.hw.core.machine import MACHINE_GET_CLASS, MachineState
from emu.hw.i386.e820_memory_layout import SIZEOF_E820_ENTRY, e820_get_num_entries
from emu.hw.nvram.fw_cfg import (
    FW_CFG_ARCH_LOCAL,
    FW_CFG_MAX_CPUS,
    FW_CFG_NB_CPUS,
    FW_CFG_NUMA,
    FW_CFG_RAM_SIZE,
    FWCfgState,
    fw_cfg_add_bytes,
    fw_cfg_add_file,
    fw_cfg_add_i16,
    fw_cfg_add_i32,
    fw_cfg_add_i64,
    fw_cfg_init_io_dma,
)
from emu.trace import emulates

FW_CFG_IO_BASE: Final = 0x510
FW_CFG_ACPI_TABLES: Final = FW_CFG_ARCH_LOCAL + 0
FW_CFG_SMBIOS_ENTRIES: Final = FW_CFG_ARCH_LOCAL + 1
FW_CFG_IRQ0_OVERRIDE: Final = FW_CFG_ARCH_LOCAL + 2
FW_CFG_HPET: Final = FW_CFG_ARCH_LOCAL + 4
SIZEOF_HPET_CFG: Final = 1 + 8 * 15


@emulates
def fw_cfg_arch_create(ms: MachineState, boot_cpus: int, apic_id_limit: int) -> FWCfgState:
    """Make the interface to the firmware and tell it about CPUs, memory and timers."""
    mc = MACHINE_GET_CLASS(ms)
    assert mc.possible_cpu_arch_ids is not None
    assert ms.numa_state is not None
    mc.possible_cpu_arch_ids(ms)
    nb_numa_nodes = ms.numa_state.num_nodes
    fw_cfg = fw_cfg_init_io_dma(FW_CFG_IO_BASE, FW_CFG_IO_BASE + 4, address_space_memory())
    fw_cfg_add_i16(fw_cfg, FW_CFG_NB_CPUS, boot_cpus)
    # old firmware sizes its tables by the highest APIC id, not by the number of CPUs
    fw_cfg_add_i16(fw_cfg, FW_CFG_MAX_CPUS, apic_id_limit)
    fw_cfg_add_i64(fw_cfg, FW_CFG_RAM_SIZE, ms.ram_size)
    fw_cfg_add_bytes(fw_cfg, FW_CFG_ACPI_TABLES, 0)
    fw_cfg_add_i32(fw_cfg, FW_CFG_IRQ0_OVERRIDE, 1)
    fw_cfg_add_file(fw_cfg, "etc/e820", SIZEOF_E820_ENTRY * e820_get_num_entries())
    fw_cfg_add_bytes(fw_cfg, FW_CFG_HPET, SIZEOF_HPET_CFG)
    fw_cfg_add_bytes(fw_cfg, FW_CFG_NUMA, (1 + apic_id_limit + nb_numa_nodes) * 8)
    return fw_cfg


@emulates(modelled=False)
def fw_cfg_build_smbios(ms: MachineState, fw_cfg: FWCfgState) -> None:
    """Hand over the SMBIOS tables."""


@emulates(modelled=False)
def fw_cfg_build_feature_control(ms: MachineState, fw_cfg: FWCfgState) -> None:
    """Hand over what the CPUs' feature control register is to be: nothing, unless they offer VMX or SGX."""
