"""What each version of the i440FX board has (hw/i386/pc_piix.c): a version starts from the next newer one."""

from __future__ import annotations

from typing import Final

from emu.hw.core.machine import MachineClass, compat_props_add, machine_class_allow_dynamic_sysbus_dev
from emu.hw.core.machine import compat as hw
from emu.hw.i386.pc import CPU_VERSION_LEGACY, PC_MACHINE_CLASS
from emu.hw.i386.pc import compat as pc
from emu.hw.i386.x86 import X86_MACHINE_CLASS
from emu.trace import emulates

TYPE_RAMFB_DEVICE: Final = "ramfb"
TYPE_VMBUS_BRIDGE: Final = "vmbus-bridge"


@emulates
def pc_i440fx_machine_options(m: MachineClass) -> None:
    """Set what all machines of this board have."""
    pcmc = PC_MACHINE_CLASS(m)
    pcmc.default_nic_model = "e1000"
    pcmc.pci_root_uid = 0
    m.family = "pc_piix"
    m.desc = "Standard PC (i440FX + PIIX, 1996)"
    m.default_machine_opts = "firmware=bios-256k.bin"
    m.default_display = "std"
    machine_class_allow_dynamic_sysbus_dev(m, TYPE_RAMFB_DEVICE)
    machine_class_allow_dynamic_sysbus_dev(m, TYPE_VMBUS_BRIDGE)


@emulates
def pc_i440fx_7_2_machine_options(m: MachineClass) -> None:
    """Set what pc-i440fx-7.2 has."""
    pcmc = PC_MACHINE_CLASS(m)
    pc_i440fx_machine_options(m)
    m.alias = "pc"
    m.is_default = True
    pcmc.default_cpu_version = 1


@emulates
def pc_i440fx_7_1_machine_options(m: MachineClass) -> None:
    """Set what pc-i440fx-7.1 has."""
    pc_i440fx_7_2_machine_options(m)
    m.alias = None
    m.is_default = False
    compat_props_add(m.compat_props, hw.hw_compat_7_1())
    compat_props_add(m.compat_props, pc.pc_compat_7_1())


@emulates
def pc_i440fx_7_0_machine_options(m: MachineClass) -> None:
    """Set what pc-i440fx-7.0 has."""
    pcmc = PC_MACHINE_CLASS(m)
    pc_i440fx_7_1_machine_options(m)
    m.alias = None
    m.is_default = False
    pcmc.enforce_amd_1tb_hole = False
    compat_props_add(m.compat_props, hw.hw_compat_7_0())
    compat_props_add(m.compat_props, pc.pc_compat_7_0())


@emulates
def pc_i440fx_6_2_machine_options(m: MachineClass) -> None:
    """Set what pc-i440fx-6.2 has."""
    pc_i440fx_7_0_machine_options(m)
    m.alias = None
    m.is_default = False
    compat_props_add(m.compat_props, hw.hw_compat_6_2())
    compat_props_add(m.compat_props, pc.pc_compat_6_2())


@emulates
def pc_i440fx_6_1_machine_options(m: MachineClass) -> None:
    """Set what pc-i440fx-6.1 has."""
    pc_i440fx_6_2_machine_options(m)
    m.alias = None
    m.is_default = False
    compat_props_add(m.compat_props, hw.hw_compat_6_1())
    compat_props_add(m.compat_props, pc.pc_compat_6_1())
    m.smp_props = m.smp_props._replace(prefer_sockets=True)


@emulates
def pc_i440fx_6_0_machine_options(m: MachineClass) -> None:
    """Set what pc-i440fx-6.0 has."""
    pc_i440fx_6_1_machine_options(m)
    m.alias = None
    m.is_default = False
    compat_props_add(m.compat_props, hw.hw_compat_6_0())
    compat_props_add(m.compat_props, pc.pc_compat_6_0())


@emulates
def pc_i440fx_5_2_machine_options(m: MachineClass) -> None:
    """Set what pc-i440fx-5.2 has."""
    pc_i440fx_6_0_machine_options(m)
    m.alias = None
    m.is_default = False
    compat_props_add(m.compat_props, hw.hw_compat_5_2())
    compat_props_add(m.compat_props, pc.pc_compat_5_2())


@emulates
def pc_i440fx_5_1_machine_options(m: MachineClass) -> None:
    """Set what pc-i440fx-5.1 has."""
    pcmc = PC_MACHINE_CLASS(m)
    pc_i440fx_5_2_machine_options(m)
    m.alias = None
    m.is_default = False
    compat_props_add(m.compat_props, hw.hw_compat_5_1())
    compat_props_add(m.compat_props, pc.pc_compat_5_1())
    pcmc.kvmclock_create_always = False
    pcmc.pci_root_uid = 1


@emulates
def pc_i440fx_5_0_machine_options(m: MachineClass) -> None:
    """Set what pc-i440fx-5.0 has."""
    pc_i440fx_5_1_machine_options(m)
    m.alias = None
    m.is_default = False
    m.numa_mem_supported = True
    compat_props_add(m.compat_props, hw.hw_compat_5_0())
    compat_props_add(m.compat_props, pc.pc_compat_5_0())
    m.auto_enable_numa_with_memdev = False


@emulates
def pc_i440fx_4_2_machine_options(m: MachineClass) -> None:
    """Set what pc-i440fx-4.2 has."""
    pc_i440fx_5_0_machine_options(m)
    m.alias = None
    m.is_default = False
    compat_props_add(m.compat_props, hw.hw_compat_4_2())
    compat_props_add(m.compat_props, pc.pc_compat_4_2())


@emulates
def pc_i440fx_4_1_machine_options(m: MachineClass) -> None:
    """Set what pc-i440fx-4.1 has."""
    pc_i440fx_4_2_machine_options(m)
    m.alias = None
    m.is_default = False
    compat_props_add(m.compat_props, hw.hw_compat_4_1())
    compat_props_add(m.compat_props, pc.pc_compat_4_1())


@emulates
def pc_i440fx_4_0_machine_options(m: MachineClass) -> None:
    """Set what pc-i440fx-4.0 has."""
    pcmc = PC_MACHINE_CLASS(m)
    pc_i440fx_4_1_machine_options(m)
    m.alias = None
    m.is_default = False
    pcmc.default_cpu_version = CPU_VERSION_LEGACY
    compat_props_add(m.compat_props, hw.hw_compat_4_0())
    compat_props_add(m.compat_props, pc.pc_compat_4_0())


@emulates
def pc_i440fx_3_1_machine_options(m: MachineClass) -> None:
    """Set what pc-i440fx-3.1 has."""
    pcmc = PC_MACHINE_CLASS(m)
    pc_i440fx_4_0_machine_options(m)
    m.is_default = False
    m.smbus_no_migration_support = True
    m.alias = None
    pcmc.pvh_enabled = False
    compat_props_add(m.compat_props, hw.hw_compat_3_1())
    compat_props_add(m.compat_props, pc.pc_compat_3_1())


@emulates
def pc_i440fx_3_0_machine_options(m: MachineClass) -> None:
    """Set what pc-i440fx-3.0 has."""
    pc_i440fx_3_1_machine_options(m)
    compat_props_add(m.compat_props, hw.hw_compat_3_0())
    compat_props_add(m.compat_props, pc.pc_compat_3_0())


@emulates
def pc_i440fx_2_12_machine_options(m: MachineClass) -> None:
    """Set what pc-i440fx-2.12 has."""
    pc_i440fx_3_0_machine_options(m)
    compat_props_add(m.compat_props, hw.hw_compat_2_12())
    compat_props_add(m.compat_props, pc.pc_compat_2_12())


@emulates
def pc_i440fx_2_11_machine_options(m: MachineClass) -> None:
    """Set what pc-i440fx-2.11 has."""
    pc_i440fx_2_12_machine_options(m)
    compat_props_add(m.compat_props, hw.hw_compat_2_11())
    compat_props_add(m.compat_props, pc.pc_compat_2_11())


@emulates
def pc_i440fx_2_10_machine_options(m: MachineClass) -> None:
    """Set what pc-i440fx-2.10 has."""
    pc_i440fx_2_11_machine_options(m)
    compat_props_add(m.compat_props, hw.hw_compat_2_10())
    compat_props_add(m.compat_props, pc.pc_compat_2_10())
    m.auto_enable_numa_with_memhp = False


@emulates
def pc_i440fx_2_9_machine_options(m: MachineClass) -> None:
    """Set what pc-i440fx-2.9 has."""
    pc_i440fx_2_10_machine_options(m)
    compat_props_add(m.compat_props, hw.hw_compat_2_9())
    compat_props_add(m.compat_props, pc.pc_compat_2_9())


@emulates
def pc_i440fx_2_8_machine_options(m: MachineClass) -> None:
    """Set what pc-i440fx-2.8 has."""
    pc_i440fx_2_9_machine_options(m)
    compat_props_add(m.compat_props, hw.hw_compat_2_8())
    compat_props_add(m.compat_props, pc.pc_compat_2_8())


@emulates
def pc_i440fx_2_7_machine_options(m: MachineClass) -> None:
    """Set what pc-i440fx-2.7 has."""
    pc_i440fx_2_8_machine_options(m)
    compat_props_add(m.compat_props, hw.hw_compat_2_7())
    compat_props_add(m.compat_props, pc.pc_compat_2_7())


@emulates
def pc_i440fx_2_6_machine_options(m: MachineClass) -> None:
    """Set what pc-i440fx-2.6 has."""
    x86mc = X86_MACHINE_CLASS(m)
    pcmc = PC_MACHINE_CLASS(m)
    pc_i440fx_2_7_machine_options(m)
    pcmc.legacy_cpu_hotplug = True
    x86mc.fwcfg_dma_enabled = False
    compat_props_add(m.compat_props, hw.hw_compat_2_6())
    compat_props_add(m.compat_props, pc.pc_compat_2_6())


@emulates
def pc_i440fx_2_5_machine_options(m: MachineClass) -> None:
    """Set what pc-i440fx-2.5 has."""
    x86mc = X86_MACHINE_CLASS(m)
    pc_i440fx_2_6_machine_options(m)
    x86mc.save_tsc_khz = False
    m.legacy_fw_cfg_order = 1
    compat_props_add(m.compat_props, hw.hw_compat_2_5())
    compat_props_add(m.compat_props, pc.pc_compat_2_5())


@emulates
def pc_i440fx_2_4_machine_options(m: MachineClass) -> None:
    """Set what pc-i440fx-2.4 has."""
    pcmc = PC_MACHINE_CLASS(m)
    pc_i440fx_2_5_machine_options(m)
    m.hw_version = "2.4.0"
    pcmc.broken_reserved_end = True
    compat_props_add(m.compat_props, hw.hw_compat_2_4())
    compat_props_add(m.compat_props, pc.pc_compat_2_4())


@emulates
def pc_i440fx_2_3_machine_options(m: MachineClass) -> None:
    """Set what pc-i440fx-2.3 has."""
    pc_i440fx_2_4_machine_options(m)
    m.hw_version = "2.3.0"
    compat_props_add(m.compat_props, hw.hw_compat_2_3())
    compat_props_add(m.compat_props, pc.pc_compat_2_3())


@emulates
def pc_i440fx_2_2_machine_options(m: MachineClass) -> None:
    """Set what pc-i440fx-2.2 has."""
    pcmc = PC_MACHINE_CLASS(m)
    pc_i440fx_2_3_machine_options(m)
    m.hw_version = "2.2.0"
    m.default_machine_opts = "firmware=bios-256k.bin,suppress-vmdesc=on"
    compat_props_add(m.compat_props, hw.hw_compat_2_2())
    compat_props_add(m.compat_props, pc.pc_compat_2_2())
    pcmc.rsdp_in_ram = False


@emulates
def pc_i440fx_2_1_machine_options(m: MachineClass) -> None:
    """Set what pc-i440fx-2.1 has."""
    pcmc = PC_MACHINE_CLASS(m)
    pc_i440fx_2_2_machine_options(m)
    m.hw_version = "2.1.0"
    m.default_display = None
    compat_props_add(m.compat_props, hw.hw_compat_2_1())
    compat_props_add(m.compat_props, pc.pc_compat_2_1())
    pcmc.smbios_uuid_encoded = False
    pcmc.enforce_aligned_dimm = False


@emulates
def pc_i440fx_2_0_machine_options(m: MachineClass) -> None:
    """Set what pc-i440fx-2.0 has."""
    pcmc = PC_MACHINE_CLASS(m)
    pc_i440fx_2_1_machine_options(m)
    m.hw_version = "2.0.0"
    compat_props_add(m.compat_props, pc.pc_compat_2_0())
    pcmc.smbios_legacy_mode = True
    pcmc.has_reserved_memory = False
    pcmc.legacy_acpi_table_size = 6652
    pcmc.acpi_data_size = 0x10000


@emulates
def pc_i440fx_1_7_machine_options(m: MachineClass) -> None:
    """Set what pc-i440fx-1.7 has."""
    pcmc = PC_MACHINE_CLASS(m)
    pc_i440fx_2_0_machine_options(m)
    m.hw_version = "1.7.0"
    m.default_machine_opts = None
    m.option_rom_has_mr = True
    m.deprecation_reason = "old and unattended - use a newer version instead"
    compat_props_add(m.compat_props, pc.pc_compat_1_7())
    pcmc.smbios_defaults = False
    pcmc.gigabyte_align = False
    pcmc.legacy_acpi_table_size = 6414


@emulates
def pc_i440fx_1_6_machine_options(m: MachineClass) -> None:
    """Set what pc-i440fx-1.6 has."""
    pcmc = PC_MACHINE_CLASS(m)
    pc_i440fx_1_7_machine_options(m)
    m.hw_version = "1.6.0"
    m.rom_file_has_mr = False
    compat_props_add(m.compat_props, pc.pc_compat_1_6())
    pcmc.has_acpi_build = False


@emulates
def pc_i440fx_1_5_machine_options(m: MachineClass) -> None:
    """Set what pc-i440fx-1.5 has."""
    pc_i440fx_1_6_machine_options(m)
    m.hw_version = "1.5.0"
    compat_props_add(m.compat_props, pc.pc_compat_1_5())


@emulates
def pc_i440fx_1_4_machine_options(m: MachineClass) -> None:
    """Set what pc-i440fx-1.4 has."""
    pc_i440fx_1_5_machine_options(m)
    m.hw_version = "1.4.0"
    compat_props_add(m.compat_props, pc.pc_compat_1_4())


@emulates
def isapc_machine_options(m: MachineClass) -> None:
    """Set what the ISA-only PC has."""
    pcmc = PC_MACHINE_CLASS(m)
    m.desc = "ISA-only PC"
    m.max_cpus = 1
    m.option_rom_has_mr = True
    m.rom_file_has_mr = False
    pcmc.pci_enabled = False
    pcmc.has_acpi_build = False
    pcmc.smbios_defaults = False
    pcmc.gigabyte_align = False
    pcmc.smbios_legacy_mode = True
    pcmc.has_reserved_memory = False
    pcmc.default_nic_model = "ne2k_isa"
    m.default_cpu_type = "486-x86_64-cpu"
