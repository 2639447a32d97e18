"""What each version of the Q35 board has (hw/i386/pc_q35.c): a version starts from the next newer one."""

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
TYPE_AMD_IOMMU_DEVICE: Final = "amd-iommu"
TYPE_INTEL_IOMMU_DEVICE: Final = "intel-iommu"


@emulates
def pc_q35_machine_options(m: MachineClass) -> None:
    """Set what all machines of this board have."""
    pcmc = PC_MACHINE_CLASS(m)
    pcmc.default_nic_model = "e1000e"
    pcmc.pci_root_uid = 0
    m.family = "pc_q35"
    m.desc = "Standard PC (Q35 + ICH9, 2009)"
    m.units_per_default_bus = 1
    m.default_machine_opts = "firmware=bios-256k.bin"
    m.default_display = "std"
    m.default_kernel_irqchip_split = False
    m.no_floppy = 1
    machine_class_allow_dynamic_sysbus_dev(m, TYPE_AMD_IOMMU_DEVICE)
    machine_class_allow_dynamic_sysbus_dev(m, TYPE_INTEL_IOMMU_DEVICE)
    machine_class_allow_dynamic_sysbus_dev(m, TYPE_RAMFB_DEVICE)
    machine_class_allow_dynamic_sysbus_dev(m, TYPE_VMBUS_BRIDGE)
    m.max_cpus = 288


@emulates
def pc_q35_7_2_machine_options(m: MachineClass) -> None:
    """Set what pc-q35-7.2 has."""
    pcmc = PC_MACHINE_CLASS(m)
    pc_q35_machine_options(m)
    m.alias = "q35"
    pcmc.default_cpu_version = 1


@emulates
def pc_q35_7_1_machine_options(m: MachineClass) -> None:
    """Set what pc-q35-7.1 has."""
    pc_q35_7_2_machine_options(m)
    m.alias = None
    compat_props_add(m.compat_props, hw.hw_compat_7_1())
    compat_props_add(m.compat_props, pc.pc_compat_7_1())


@emulates
def pc_q35_7_0_machine_options(m: MachineClass) -> None:
    """Set what pc-q35-7.0 has."""
    pcmc = PC_MACHINE_CLASS(m)
    pc_q35_7_1_machine_options(m)
    m.alias = None
    pcmc.enforce_amd_1tb_hole = False
    compat_props_add(m.compat_props, hw.hw_compat_7_0())
    compat_props_add(m.compat_props, pc.pc_compat_7_0())


@emulates
def pc_q35_6_2_machine_options(m: MachineClass) -> None:
    """Set what pc-q35-6.2 has."""
    pc_q35_7_0_machine_options(m)
    m.alias = None
    compat_props_add(m.compat_props, hw.hw_compat_6_2())
    compat_props_add(m.compat_props, pc.pc_compat_6_2())


@emulates
def pc_q35_6_1_machine_options(m: MachineClass) -> None:
    """Set what pc-q35-6.1 has."""
    pc_q35_6_2_machine_options(m)
    m.alias = None
    compat_props_add(m.compat_props, hw.hw_compat_6_1())
    compat_props_add(m.compat_props, pc.pc_compat_6_1())
    m.smp_props = m.smp_props._replace(prefer_sockets=True)


@emulates
def pc_q35_6_0_machine_options(m: MachineClass) -> None:
    """Set what pc-q35-6.0 has."""
    pc_q35_6_1_machine_options(m)
    m.alias = None
    compat_props_add(m.compat_props, hw.hw_compat_6_0())
    compat_props_add(m.compat_props, pc.pc_compat_6_0())


@emulates
def pc_q35_5_2_machine_options(m: MachineClass) -> None:
    """Set what pc-q35-5.2 has."""
    pc_q35_6_0_machine_options(m)
    m.alias = None
    compat_props_add(m.compat_props, hw.hw_compat_5_2())
    compat_props_add(m.compat_props, pc.pc_compat_5_2())


@emulates
def pc_q35_5_1_machine_options(m: MachineClass) -> None:
    """Set what pc-q35-5.1 has."""
    pcmc = PC_MACHINE_CLASS(m)
    pc_q35_5_2_machine_options(m)
    m.alias = None
    compat_props_add(m.compat_props, hw.hw_compat_5_1())
    compat_props_add(m.compat_props, pc.pc_compat_5_1())
    pcmc.kvmclock_create_always = False
    pcmc.pci_root_uid = 1


@emulates
def pc_q35_5_0_machine_options(m: MachineClass) -> None:
    """Set what pc-q35-5.0 has."""
    pc_q35_5_1_machine_options(m)
    m.alias = None
    m.numa_mem_supported = True
    compat_props_add(m.compat_props, hw.hw_compat_5_0())
    compat_props_add(m.compat_props, pc.pc_compat_5_0())
    m.auto_enable_numa_with_memdev = False


@emulates
def pc_q35_4_2_machine_options(m: MachineClass) -> None:
    """Set what pc-q35-4.2 has."""
    pc_q35_5_0_machine_options(m)
    m.alias = None
    compat_props_add(m.compat_props, hw.hw_compat_4_2())
    compat_props_add(m.compat_props, pc.pc_compat_4_2())


@emulates
def pc_q35_4_1_machine_options(m: MachineClass) -> None:
    """Set what pc-q35-4.1 has."""
    pc_q35_4_2_machine_options(m)
    m.alias = None
    compat_props_add(m.compat_props, hw.hw_compat_4_1())
    compat_props_add(m.compat_props, pc.pc_compat_4_1())


@emulates
def pc_q35_4_0_1_machine_options(m: MachineClass) -> None:
    """Set what pc-q35-4.0.1 has."""
    pcmc = PC_MACHINE_CLASS(m)
    pc_q35_4_1_machine_options(m)
    m.alias = None
    pcmc.default_cpu_version = CPU_VERSION_LEGACY
    compat_props_add(m.compat_props, hw.hw_compat_4_0())
    compat_props_add(m.compat_props, pc.pc_compat_4_0())


@emulates
def pc_q35_4_0_machine_options(m: MachineClass) -> None:
    """Set what pc-q35-4.0 has."""
    pc_q35_4_0_1_machine_options(m)
    m.default_kernel_irqchip_split = True
    m.alias = None


@emulates
def pc_q35_3_1_machine_options(m: MachineClass) -> None:
    """Set what pc-q35-3.1 has."""
    pcmc = PC_MACHINE_CLASS(m)
    pc_q35_4_0_machine_options(m)
    m.default_kernel_irqchip_split = False
    m.smbus_no_migration_support = True
    m.alias = None
    pcmc.pvh_enabled = False
    compat_props_add(m.compat_props, hw.hw_compat_3_1())
    compat_props_add(m.compat_props, pc.pc_compat_3_1())


@emulates
def pc_q35_3_0_machine_options(m: MachineClass) -> None:
    """Set what pc-q35-3.0 has."""
    pc_q35_3_1_machine_options(m)
    compat_props_add(m.compat_props, hw.hw_compat_3_0())
    compat_props_add(m.compat_props, pc.pc_compat_3_0())


@emulates
def pc_q35_2_12_machine_options(m: MachineClass) -> None:
    """Set what pc-q35-2.12 has."""
    pc_q35_3_0_machine_options(m)
    compat_props_add(m.compat_props, hw.hw_compat_2_12())
    compat_props_add(m.compat_props, pc.pc_compat_2_12())


@emulates
def pc_q35_2_11_machine_options(m: MachineClass) -> None:
    """Set what pc-q35-2.11 has."""
    pcmc = PC_MACHINE_CLASS(m)
    pc_q35_2_12_machine_options(m)
    pcmc.default_nic_model = "e1000"
    compat_props_add(m.compat_props, hw.hw_compat_2_11())
    compat_props_add(m.compat_props, pc.pc_compat_2_11())


@emulates
def pc_q35_2_10_machine_options(m: MachineClass) -> None:
    """Set what pc-q35-2.10 has."""
    pc_q35_2_11_machine_options(m)
    compat_props_add(m.compat_props, hw.hw_compat_2_10())
    compat_props_add(m.compat_props, pc.pc_compat_2_10())
    m.auto_enable_numa_with_memhp = False


@emulates
def pc_q35_2_9_machine_options(m: MachineClass) -> None:
    """Set what pc-q35-2.9 has."""
    pc_q35_2_10_machine_options(m)
    compat_props_add(m.compat_props, hw.hw_compat_2_9())
    compat_props_add(m.compat_props, pc.pc_compat_2_9())


@emulates
def pc_q35_2_8_machine_options(m: MachineClass) -> None:
    """Set what pc-q35-2.8 has."""
    pc_q35_2_9_machine_options(m)
    compat_props_add(m.compat_props, hw.hw_compat_2_8())
    compat_props_add(m.compat_props, pc.pc_compat_2_8())


@emulates
def pc_q35_2_7_machine_options(m: MachineClass) -> None:
    """Set what pc-q35-2.7 has."""
    pc_q35_2_8_machine_options(m)
    m.max_cpus = 255
    compat_props_add(m.compat_props, hw.hw_compat_2_7())
    compat_props_add(m.compat_props, pc.pc_compat_2_7())


@emulates
def pc_q35_2_6_machine_options(m: MachineClass) -> None:
    """Set what pc-q35-2.6 has."""
    x86mc = X86_MACHINE_CLASS(m)
    pcmc = PC_MACHINE_CLASS(m)
    pc_q35_2_7_machine_options(m)
    pcmc.legacy_cpu_hotplug = True
    x86mc.fwcfg_dma_enabled = False
    compat_props_add(m.compat_props, hw.hw_compat_2_6())
    compat_props_add(m.compat_props, pc.pc_compat_2_6())


@emulates
def pc_q35_2_5_machine_options(m: MachineClass) -> None:
    """Set what pc-q35-2.5 has."""
    x86mc = X86_MACHINE_CLASS(m)
    pc_q35_2_6_machine_options(m)
    x86mc.save_tsc_khz = False
    m.legacy_fw_cfg_order = 1
    compat_props_add(m.compat_props, hw.hw_compat_2_5())
    compat_props_add(m.compat_props, pc.pc_compat_2_5())


@emulates
def pc_q35_2_4_machine_options(m: MachineClass) -> None:
    """Set what pc-q35-2.4 has."""
    pcmc = PC_MACHINE_CLASS(m)
    pc_q35_2_5_machine_options(m)
    m.hw_version = "2.4.0"
    pcmc.broken_reserved_end = True
    compat_props_add(m.compat_props, hw.hw_compat_2_4())
    compat_props_add(m.compat_props, pc.pc_compat_2_4())
