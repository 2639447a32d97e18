"""The empty machine, ``-M none`` (hw/core/null-machine.c)."""

from __future__ import annotations

from typing import Any

from emu.errors import NotModelled, QemuExit
from emu.hw.core.machine import MACHINE_CLASS, MACHINE_TYPE_NAME, TYPE_MACHINE, MachineClass, MachineState
from emu.qemu.module import type_init
from emu.qom.object import ObjectClass, TypeInfo, type_register_static
from emu.softmmu.memory import memory_region_add_subregion
from emu.softmmu.physmem import get_system_memory
from emu.trace import emulates
from emu.util.error_report import error_report


@emulates
def machine_none_init(mch: MachineState) -> None:
    """Make what was asked for: a CPU, and memory at address zero."""
    if mch.cpu_type:
        raise NotModelled("a CPU of the empty machine")
    if mch.ram:
        memory_region_add_subregion(get_system_memory(), 0, mch.ram)
    if mch.kernel_filename:
        error_report("The -kernel parameter is not supported (use the generic 'loader' device instead).")
        raise QemuExit(1)


@emulates
def machine_none_machine_init(mc: MachineClass) -> None:
    """Say what this machine has: nothing."""
    mc.desc = "empty machine"
    mc.init = machine_none_init
    mc.max_cpus = 1
    mc.default_ram_size = 0
    mc.default_ram_id = "ram"
    mc.no_serial = 1
    mc.no_parallel = 1
    mc.no_floppy = 1
    mc.no_cdrom = 1
    mc.no_sdcard = 1


@emulates
def machine_none_machine_init_class_init(oc: ObjectClass, data: Any) -> None:
    """Set up the class (made by DEFINE_MACHINE)."""
    machine_none_machine_init(MACHINE_CLASS(oc))


machine_none_machine_init_typeinfo = TypeInfo(
    name=MACHINE_TYPE_NAME("none"),
    parent=TYPE_MACHINE,
    class_init=machine_none_machine_init_class_init,
)


@type_init
@emulates
def machine_none_machine_init_register_types() -> None:
    """Register the type (made by DEFINE_MACHINE)."""
    type_register_static(machine_none_machine_init_typeinfo)
