"""CPUs as devices: that they are there, and how many; none of them runs (hw/core/cpu-common.c, include/hw/core/cpu.h)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Final

from emu.hw.core.qdev import DEVICE_CLASS, TYPE_DEVICE, DeviceCategory, DeviceState
from emu.hw.core.qdev_properties import DEFINE_PROP_LINK, device_class_set_props
from emu.qemu.module import type_init
from emu.qom.object import (
    OBJECT,
    OBJECT_CLASS,
    Object,
    ObjectClass,
    TypeInfo,
    object_class_property_add_bool,
    object_ref,
    type_register_static,
)
from emu.qom.parts import Part, caster, class_getter
from emu.softmmu.memory import MemoryRegion
from emu.softmmu.physmem import get_system_memory
from emu.trace import Seq, Struct, emulates, per_run, seq

TYPE_CPU: Final = "cpu"
TYPE_MEMORY_REGION: Final = "memory-region"
UNASSIGNED_CPU_INDEX: Final = -1


class CPUClass(Part):
    """What is modelled of the class of a CPU."""

    SIZE: ClassVar[int] = 352
    class_by_name: Callable[[str], ObjectClass | None] | None = None
    parse_features: Callable[[str, str | None], None] | None = None
    get_arch_id: Callable[[CPUState], int] | None = None
    deprecation_note: str | None = None


class CPUState(Part):
    """What is modelled of a CPU."""

    SIZE: ClassVar[int] = 832
    cpu_index: int = 0
    nr_cores: int = 0
    nr_threads: int = 0
    memory: MemoryRegion | None = None
    start_powered_off: bool = False


CPU = caster(CPUState, TYPE_CPU)
CPU_CLASS = caster(CPUClass, TYPE_CPU)
CPU_GET_CLASS = class_getter(CPUClass)


class CpuList(Struct):
    """All CPUs, in the order in which they were made (``cpus_queue`` of cpus-common.c)."""

    cpus: Seq[CPUState] = seq()


cpus_queue = per_run(CpuList)


def CPU_FOREACH() -> tuple[CPUState, ...]:
    """Return all CPUs."""
    return tuple(cpus_queue().cpus)


def first_cpu() -> CPUState:
    """Return the CPU that boots."""
    return cpus_queue().cpus[0]


@emulates(file="cpus-common.c")
def cpu_list_add(cpu: CPUState) -> None:
    """Enter a CPU into the list; it gets the next number unless it has one."""
    cpus = cpus_queue().cpus
    if cpu.cpu_index == UNASSIGNED_CPU_INDEX:
        cpu.cpu_index = max((other.cpu_index + 1 for other in cpus), default=0)
    cpus.append(cpu)


@emulates(file="softmmu/cpus.c", modelled=False)
def cpu_synchronize_all_post_init() -> None:
    """Hand the state of all CPUs to the accelerator; none of them runs here."""


def cpu_common_parse_features(typename: str, features: str | None) -> None:
    """Parse ``-cpu MODEL,FEATURE...`` of a target without a syntax of its own; x86 has one."""
    raise NotImplementedError(typename)


def cpu_common_get_arch_id(cpu: CPUState) -> int:
    """Return the number of a CPU."""
    return cpu.cpu_index


@emulates(modelled=False)
def cpu_common_realizefn(dev: DeviceState) -> None:
    """Let a CPU run; none does here."""


@emulates(modelled=False)
def cpu_common_unrealizefn(dev: DeviceState) -> None:
    """Stop a CPU; none runs here."""


@emulates(modelled=False)
def cpu_common_reset(dev: DeviceState) -> None:
    """Reset the state of a CPU that runs; none does here."""


@emulates(file="cpu.c")
def cpu_exec_initfn(cpu: CPUState) -> None:
    """Let a CPU see the system's memory."""
    cpu.memory = get_system_memory()
    object_ref(OBJECT(cpu.memory))


@emulates
def cpu_common_initfn(obj: Object) -> None:
    """Start without a number, alone in its package."""
    cpu = CPU(obj)
    cpu.cpu_index = UNASSIGNED_CPU_INDEX
    cpu.nr_cores = 1
    cpu.nr_threads = 1
    cpu_exec_initfn(cpu)


@emulates(modelled=False)
def cpu_common_finalize(obj: Object) -> None:
    """Give back what a running CPU needs."""


cpu_common_props: Final = (DEFINE_PROP_LINK("memory", CPUState, "memory", TYPE_MEMORY_REGION, MemoryRegion),)


@emulates(file="cpu.c")
def cpu_get_start_powered_off(obj: Object) -> bool:
    """Read whether a CPU waits for another to switch it on."""
    return CPU(obj).start_powered_off


@emulates(file="cpu.c")
def cpu_set_start_powered_off(obj: Object, value: bool) -> None:
    """Write it."""
    CPU(obj).start_powered_off = value


@emulates(file="cpu.c")
def cpu_class_init_props(dc: Any) -> None:
    """Add the properties of all CPUs; one of them can be set at any time, so it is none of a device."""
    oc = OBJECT_CLASS(dc)
    device_class_set_props(dc, cpu_common_props)
    object_class_property_add_bool(oc, "start-powered-off", cpu_get_start_powered_off, cpu_set_start_powered_off)


@emulates
def cpu_class_init(klass: ObjectClass, data: Any) -> None:
    """Set the defaults of all CPUs; only a board can wire one up."""
    dc, k = DEVICE_CLASS(klass), CPU_CLASS(klass)
    k.parse_features = cpu_common_parse_features
    k.get_arch_id = cpu_common_get_arch_id
    dc.categories |= 1 << DeviceCategory.DEVICE_CATEGORY_CPU
    dc.realize = cpu_common_realizefn
    dc.unrealize = cpu_common_unrealizefn
    dc.reset = cpu_common_reset
    cpu_class_init_props(dc)
    dc.user_creatable = False


cpu_type_info: Final = TypeInfo(
    name=TYPE_CPU,
    parent=TYPE_DEVICE,
    instance=CPUState,
    instance_init=cpu_common_initfn,
    instance_finalize=cpu_common_finalize,
    abstract=True,
    class_=CPUClass,
    class_init=cpu_class_init,
)


@type_init
@emulates
def cpu_register_types() -> None:
    """Register the type."""
    type_register_static(cpu_type_info)
