"""x86 CPUs; none of them runs (target/i386/cpu.c)."""

from emu.target.i386.cpu.structs import UNASSIGNED_APIC_ID, X86_CPU, X86CPU
from emu.target.i386.cpu.types import x86_cpu_register_types
from emu.target.i386.cpu.versions import IS_AMD_CPU, x86_cpu_set_default_version

__all__ = [
    "IS_AMD_CPU",
    "UNASSIGNED_APIC_ID",
    "X86CPU",
    "X86_CPU",
    "x86_cpu_register_types",
    "x86_cpu_set_default_version",
]
