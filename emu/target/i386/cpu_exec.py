"""What makes a CPU known to the rest: its address spaces, its place in the list; no thread runs it.

Several files of QEMU: cpu.c, softmmu/cpus.c, accel/accel-common.c, target/i386/tcg/tcg-cpu.c, target/i386/tcg/sysemu/tcg-cpu.c.
"""

from __future__ import annotations

from typing import Any, Final

from emu.accel.tcg.tcg_all import tcg_enabled
from emu.exec.heap import g_new_region
from emu.hw.core.cpu_common import CPUState, cpu_list_add
from emu.hw.core.machine import MACHINE, qemu_add_machine_init_done_notifier
from emu.hw.core.qdev import qdev_get_machine
from emu.migration.savevm import VMStateDescription, vmstate_register
from emu.qapi.error import error_abort
from emu.qom.object import OBJECT, object_property_parse, object_resolve_path
from emu.softmmu.memory import (
    MEMORY_REGION,
    AddressSpace,
    MemoryRegion,
    address_space_init,
    memory_region_add_subregion_overlap,
    memory_region_init,
    memory_region_init_alias,
    memory_region_set_enabled,
)
from emu.softmmu.physmem import get_system_memory
from emu.target.i386.cpu.structs import X86_CPU, X86_CPU_GET_CLASS, X86CPU
from emu.trace import Ptr, Seq, Struct, container_of, emulates, per_run, seq

WHOLE: Final = (1 << 64) - 1
vmstate_x86_cpu: Final = VMStateDescription(name="cpu", version_id=12, minimum_version_id=11)
vmstate_cpu_common: Final = VMStateDescription(name="cpu_common", version_id=1, minimum_version_id=1)


class CpuAddressSpaces(Struct):
    """The address spaces of all CPUs."""

    spaces: Seq[AddressSpace] = seq()


cpu_ases = per_run(CpuAddressSpaces)


@emulates(file="target/i386/tcg/tcg-cpu.c")
def tcg_cpu_instance_init(cs: CPUState) -> None:
    """Drop from a model what this accelerator cannot do."""
    cpu = X86_CPU(cs)
    if X86_CPU_GET_CLASS(cpu).model is not None:
        with error_abort():
            object_property_parse(OBJECT(cpu), "vme", "off")


@emulates(file="accel/accel-common.c")
def accel_cpu_instance_init(cpu: CPUState) -> None:
    """Let the accelerator settle what it cannot do."""
    if tcg_enabled():
        tcg_cpu_instance_init(cpu)


@emulates(file="softmmu/physmem.c")
def cpu_address_space_init(cpu: CPUState, asidx: int, prefix: str, mr: MemoryRegion) -> None:
    """Make an address space of a CPU."""
    space = AddressSpace()
    cpu_ases().spaces.append(space)
    address_space_init(space, mr, f"{prefix}-{cpu.cpu_index}")


@emulates(file="target/i386/tcg/sysemu/tcg-cpu.c")
def tcg_cpu_machine_done(n: Any, unused: Any) -> None:
    """Let the CPU see the memory of system management mode, if the machine has any."""
    cpu: X86CPU = container_of(n)
    smram = object_resolve_path("/machine/smram")[0]
    if smram is None:
        return
    alias = g_new_region()
    memory_region_init_alias(alias, OBJECT(cpu), "smram", MEMORY_REGION(smram), 0, 1 << 32)
    memory_region_set_enabled(alias.get(), True)
    assert cpu.cpu_as_root is not None
    memory_region_add_subregion_overlap(cpu.cpu_as_root, 0, alias.get(), 1)


@emulates(file="target/i386/tcg/sysemu/tcg-cpu.c")
def tcg_cpu_realizefn(cs: CPUState) -> None:
    """Make two address spaces: memory, and memory in system management mode."""
    cpu = X86_CPU(cs)
    memory_region_init(Ptr(cpu, "cpu_as_root"), OBJECT(cpu), "memory", WHOLE)
    assert cpu.cpu_as_root is not None
    memory_region_set_enabled(cpu.cpu_as_root, True)
    memory_region_init_alias(Ptr(cpu, "cpu_as_mem"), OBJECT(cpu), "memory", get_system_memory(), 0, WHOLE)
    assert cpu.cpu_as_mem is not None
    memory_region_add_subregion_overlap(cpu.cpu_as_root, 0, cpu.cpu_as_mem, 0)
    memory_region_set_enabled(cpu.cpu_as_mem, True)
    assert cs.memory is not None
    cpu_address_space_init(cs, 0, "cpu-memory", cs.memory)
    cpu_address_space_init(cs, 1, "cpu-smm", cpu.cpu_as_root)
    cpu.machine_done.notify = tcg_cpu_machine_done
    qemu_add_machine_init_done_notifier(cpu.machine_done)


@emulates(file="accel/accel-common.c")
def accel_cpu_realizefn(cpu: CPUState) -> None:
    """Let the accelerator make what it needs."""
    if tcg_enabled():
        tcg_cpu_realizefn(cpu)


@emulates(file="cpu.c")
def cpu_exec_realizefn(cpu: CPUState) -> None:
    """Let the accelerator make what it needs, enter the CPU into the list, register its state for migration."""
    accel_cpu_realizefn(cpu)
    cpu_list_add(cpu)
    vmstate_register(None, cpu.cpu_index, vmstate_cpu_common, cpu)
    vmstate_register(None, cpu.cpu_index, vmstate_x86_cpu, cpu)


@emulates(file="softmmu/cpus.c")
def qemu_init_vcpu(cpu: CPUState) -> None:
    """Tell a CPU how many are in its package; the thread that would run it is not started."""
    ms = MACHINE(qdev_get_machine())
    cpu.nr_cores = ms.smp.cores
    cpu.nr_threads = ms.smp.threads


@emulates(file="target/i386/cpu-sysemu.c", modelled=False)
def x86_cpu_machine_reset_cb(opaque: X86CPU) -> None:
    """Reset a CPU with the machine; none runs here."""
