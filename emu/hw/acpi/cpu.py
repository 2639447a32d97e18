"""The newer registers for CPU hotplug (hw/acpi/cpu.c): that they are there; their protocol is not modelled."""

from __future__ import annotations

from typing import Any, Final

from emu.hw.acpi.acpi_interface import AcpiEventStatusBits, acpi_send_event
from emu.hw.core.cpu_common import CPU, CPU_GET_CLASS, CPUState
from emu.hw.core.machine import MACHINE, MACHINE_GET_CLASS
from emu.hw.core.qdev import DEVICE, DeviceState, qdev_get_machine
from emu.qom.object import Object
from emu.qom.parts import Part
from emu.softmmu.memory import (
    DEVICE_LITTLE_ENDIAN,
    MemoryRegion,
    Valid,
    memory_region_add_subregion,
    memory_region_init_io,
)
from emu.softmmu.unmodelled_ops import unmodelled_ops
from emu.trace import Ptr, Seq, Struct, emulates, seq

ACPI_CPU_HOTPLUG_REG_LEN: Final = 12


class AcpiCpuStatus(Struct):
    """What the guest is told of one CPU."""

    cpu: CPUState | None = None
    arch_id: int = 0
    is_inserting: bool = False
    is_removing: bool = False


class CPUHotplugState(Struct):
    """The registers."""

    ctrl_reg: MemoryRegion | None = None
    dev_count: int = 0
    devs: Seq[AcpiCpuStatus] = seq()


cpu_hotplug_ops: Final = unmodelled_ops(
    "cpu_hotplug_ops",
    "hw/acpi/cpu.c",
    "cpu_hotplug_rd",
    "cpu_hotplug_wr",
    endianness=DEVICE_LITTLE_ENDIAN,
    valid=Valid(min_access_size=1, max_access_size=4),
)


@emulates
def cpu_hotplug_hw_init(as_: MemoryRegion, owner: Object, state: CPUHotplugState, base_addr: int) -> None:
    """Make the registers, with an entry for each slot of a CPU."""
    machine = MACHINE(qdev_get_machine())
    mc = MACHINE_GET_CLASS(machine)
    assert mc.possible_cpu_arch_ids is not None
    id_list = mc.possible_cpu_arch_ids(machine)
    state.dev_count = len(id_list.cpus)
    for slot in id_list.cpus:
        entry = AcpiCpuStatus(arch_id=slot.arch_id)
        if slot.cpu is not None:
            entry.cpu = CPU(slot.cpu)
        state.devs.append(entry)
    memory_region_init_io(Ptr(state, "ctrl_reg"), owner, cpu_hotplug_ops, state, "acpi-cpu-hotplug", ACPI_CPU_HOTPLUG_REG_LEN)
    assert state.ctrl_reg is not None
    memory_region_add_subregion(as_, base_addr, state.ctrl_reg)


def get_cpu_status(cpu_st: CPUHotplugState, dev: DeviceState) -> AcpiCpuStatus | None:
    """Return the entry of a CPU."""
    k: Any = CPU_GET_CLASS(dev)
    arch_id = k.get_arch_id(CPU(dev))
    return next((entry for entry in cpu_st.devs if entry.arch_id == arch_id), None)


@emulates
def acpi_cpu_plug_cb(hotplug_dev: Part, cpu_st: CPUHotplugState, dev: DeviceState) -> None:
    """Enter a CPU, and tell the guest if it runs already."""
    cdev = get_cpu_status(cpu_st, dev)
    if cdev is None:
        return
    cdev.cpu = CPU(dev)
    if dev.hotplugged:
        cdev.is_inserting = True
        acpi_send_event(DEVICE(hotplug_dev), AcpiEventStatusBits.ACPI_CPU_HOTPLUG_STATUS)


@emulates
def acpi_cpu_unplug_request_cb(hotplug_dev: Part, cpu_st: CPUHotplugState, dev: DeviceState) -> None:
    """Ask the guest to let a CPU go."""
    cdev = get_cpu_status(cpu_st, dev)
    if cdev is None:
        return
    cdev.is_removing = True
    acpi_send_event(DEVICE(hotplug_dev), AcpiEventStatusBits.ACPI_CPU_HOTPLUG_STATUS)


@emulates
def acpi_cpu_unplug_cb(cpu_st: CPUHotplugState, dev: DeviceState) -> None:
    """Take a CPU out."""
    cdev = get_cpu_status(cpu_st, dev)
    if cdev is not None:
        cdev.cpu = None
