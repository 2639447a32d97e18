"""Realizing a CPU (target/i386/cpu.c, target/i386/cpu-sysemu.c)."""

from __future__ import annotations

from typing import Final

from emu.errors import NotModelled
from emu.hw.core.cpu_common import CPU, CPUState
from emu.hw.core.machine import MACHINE
from emu.hw.core.qdev import DEVICE, DeviceState, qdev_get_machine, qdev_realize
from emu.hw.core.qdev_properties import qdev_prop_set_uint32
from emu.hw.core.reset import qemu_register_reset
from emu.hw.intc.apic_common import APIC_COMMON, APIC_DEFAULT_ADDRESS, MSR_IA32_APICBASE_BASE, MSR_IA32_APICBASE_ENABLE
from emu.qapi.error import error_setg
from emu.qom.object import OBJECT, object_new, object_property_add_child, object_unref
from emu.softmmu.memory import memory_region_add_subregion_overlap
from emu.softmmu.physmem import get_system_memory
from emu.target.i386.cpu.filter import x86_cpu_expand_features, x86_cpu_filter_features, x86_cpu_have_filtered_features
from emu.target.i386.cpu.models import feature_words
from emu.target.i386.cpu.structs import FEAT_1_EDX, UNASSIGNED_APIC_ID, X86_CPU, X86_CPU_GET_CLASS, X86CPU
from emu.target.i386.cpu.versions import IS_AMD_CPU, x86_cpu_statics
from emu.target.i386.cpu_exec import cpu_exec_realizefn, qemu_init_vcpu, x86_cpu_machine_reset_cb
from emu.trace import emulates
from emu.util.error_report import error_printf, warn_report

FEAT_8000_0001_ECX: Final = feature_words().index("FEAT_8000_0001_ECX")
FEAT_8000_0001_EDX: Final = feature_words().index("FEAT_8000_0001_EDX")
CPUID_APIC: Final = 1 << 9
CPUID_PSE36: Final = 1 << 17
CPUID_EXT2_LM: Final = 1 << 29
CPUID_EXT3_TOPOEXT: Final = 1 << 22
TCG_PHYS_ADDR_BITS: Final = 40
TARGET_PHYS_ADDR_SPACE_BITS: Final = 52


@emulates(file="target/i386/cpu-sysemu.c")
def x86_cpu_apic_create(cpu: X86CPU) -> None:
    """Make the local APIC."""
    cpu.apic_state = DEVICE(object_new("apic"))
    object_property_add_child(OBJECT(cpu), "lapic", OBJECT(cpu.apic_state))
    object_unref(OBJECT(cpu.apic_state))
    qdev_prop_set_uint32(cpu.apic_state, "id", cpu.apic_id)
    apic = APIC_COMMON(cpu.apic_state)
    apic.cpu = cpu
    apic.apicbase = APIC_DEFAULT_ADDRESS | MSR_IA32_APICBASE_ENABLE


@emulates(file="target/i386/cpu-sysemu.c")
def x86_cpu_apic_realize(cpu: X86CPU) -> None:
    """Realize the local APIC; the first one's registers stand for all."""
    own = x86_cpu_statics()
    if cpu.apic_state is None:
        return
    qdev_realize(DEVICE(cpu.apic_state), None)
    apic = APIC_COMMON(cpu.apic_state)
    if not own.apic_mmio_map_once:
        assert apic.io_memory is not None
        memory_region_add_subregion_overlap(get_system_memory(), apic.apicbase & MSR_IA32_APICBASE_BASE, apic.io_memory, 0x1000)
        own.apic_mmio_map_once = True


@emulates
def x86_cpu_realizefn(dev: DeviceState) -> None:
    """Settle the features, make the local APIC. Error: no APIC id, or a width of addresses that cannot be."""
    cs, cpu, xcc = CPU(dev), X86_CPU(dev), X86_CPU_GET_CLASS(dev)
    env = cpu.env
    if cpu.apic_id == UNASSIGNED_APIC_ID:
        error_setg("apic-id property was not initialized properly")
    x86_cpu_expand_features(cpu)
    x86_cpu_filter_features(cpu, cpu.check_cpuid or cpu.enforce_cpuid)
    if cpu.enforce_cpuid and x86_cpu_have_filtered_features(cpu):
        error_setg("TCG doesn't support requested features")
    cpu_exec_realizefn(cs)
    if cpu.ucode_rev == 0:
        cpu.ucode_rev = 0x01000065 if IS_AMD_CPU(env) else 0x100000000
    if env.features[FEAT_8000_0001_EDX] & CPUID_EXT2_LM:
        if cpu.phys_bits and not 32 <= cpu.phys_bits <= TARGET_PHYS_ADDR_SPACE_BITS:
            error_setg(f"phys-bits should be between 32 and {TARGET_PHYS_ADDR_SPACE_BITS}  (but is {cpu.phys_bits})")
        cpu.phys_bits = cpu.phys_bits or TCG_PHYS_ADDR_BITS
    else:
        if cpu.phys_bits != 0:
            error_setg("phys-bits is not user-configurable in 32 bit")
        cpu.phys_bits = 36 if env.features[FEAT_1_EDX] & CPUID_PSE36 else 32
    ms = MACHINE(qdev_get_machine())
    qemu_register_reset(x86_cpu_machine_reset_cb, cpu)
    if env.features[FEAT_1_EDX] & CPUID_APIC or ms.smp.cpus > 1:
        x86_cpu_apic_create(cpu)
    qemu_init_vcpu(cs)
    own = x86_cpu_statics()
    if IS_AMD_CPU(env) and not env.features[FEAT_8000_0001_ECX] & CPUID_EXT3_TOPOEXT and cs.nr_threads > 1 and not own.ht_warned:
        warn_report(f"This family of AMD CPU doesn't support hyperthreading({cs.nr_threads})")
        error_printf("Please configure -smp options properly or try enabling topoext feature.\n")
        own.ht_warned = True
    x86_cpu_apic_realize(cpu)
    xcc.parent_realize(dev)


@emulates
def x86_cpu_unrealizefn(dev: DeviceState) -> None:
    """Take a CPU away. NotModelled: always."""
    raise NotModelled("taking a CPU away")


@emulates(modelled=False)
def x86_cpu_reset(dev: DeviceState) -> None:
    """Reset the state of a CPU that runs; none does here."""


def x86_cpu_get_arch_id(cs: CPUState) -> int:
    """Return the APIC id."""
    return X86_CPU(cs).apic_id
