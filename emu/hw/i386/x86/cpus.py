"""The CPUs of a machine: their slots, making them, plugging them (hw/i386/x86.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emu.errors import QemuExit
from emu.hw.core.cpu_common import CPU
from emu.hw.core.hotplug import (
    hotplug_handler_plug,
    hotplug_handler_pre_plug,
    hotplug_handler_unplug,
    hotplug_handler_unplug_request,
)
from emu.hw.core.machine import MACHINE, MACHINE_GET_CLASS, CPUArchId, CPUArchIdList, CpuInstanceProperties, MachineState
from emu.hw.core.numa import numa_cpu_pre_plug
from emu.hw.core.qdev import DEVICE, DeviceState, qdev_realize, qdev_unrealize
from emu.hw.i386.topology import (
    X86CPUTopoIDs,
    X86CPUTopoInfo,
    x86_apicid_from_cpu_idx,
    x86_apicid_from_topo_ids,
    x86_topo_ids_from_apicid,
)
from emu.hw.i386.x86.structs import X86_MACHINE, X86MachineState
from emu.hw.nvram.fw_cfg import FW_CFG_NB_CPUS, fw_cfg_modify_i16
from emu.hw.rtc.mc146818rtc import rtc_set_memory
from emu.qapi.error import error_fatal, error_setg
from emu.qom.object import OBJECT, object_dynamic_cast, object_new, object_property_set_uint, object_unref
from emu.qom.parts import Part
from emu.target.i386.cpu import UNASSIGNED_APIC_ID, X86_CPU, X86CPU, x86_cpu_set_default_version
from emu.trace import emulates
from emu.util.error_report import error_report

if TYPE_CHECKING:
    from emu.hw.isa.isa_bus import ISADevice


def init_topo_info(x86ms: X86MachineState) -> X86CPUTopoInfo:
    """Return how many there are of each level."""
    smp = MACHINE(x86ms).smp
    return X86CPUTopoInfo(smp.dies, smp.cores, smp.threads)


def x86_cpu_apic_id_from_index(x86ms: X86MachineState, cpu_index: int) -> int:
    """Return the APIC id of a CPU by its number."""
    return x86_apicid_from_cpu_idx(init_topo_info(x86ms), cpu_index)


@emulates
def x86_cpu_new(x86ms: X86MachineState, apic_id: int) -> None:
    """Make a CPU. Error: its slot does not suit it."""
    cpu_type = MACHINE(x86ms).cpu_type
    assert cpu_type is not None
    cpu = object_new(cpu_type)
    try:
        object_property_set_uint(cpu, "apic-id", apic_id)
        qdev_realize(DEVICE(cpu), None)
    finally:
        object_unref(cpu)


@emulates
def x86_cpus_init(x86ms: X86MachineState, default_cpu_version: int) -> None:
    """Make the CPUs that are there at boot."""
    ms, mc = MACHINE(x86ms), MACHINE_GET_CLASS(x86ms)
    x86_cpu_set_default_version(default_cpu_version)
    x86ms.apic_id_limit = x86_cpu_apic_id_from_index(x86ms, ms.smp.max_cpus - 1) + 1
    if x86ms.apic_id_limit > 255:
        error_report("current -smp configuration requires kernel irqchip and X2APIC API support.")
        raise QemuExit(1)
    assert mc.possible_cpu_arch_ids is not None
    possible_cpus = mc.possible_cpu_arch_ids(ms)
    for i in range(ms.smp.cpus):
        with error_fatal():
            x86_cpu_new(x86ms, possible_cpus.cpus[i].arch_id)


@emulates
def x86_rtc_set_cpus_count(rtc: ISADevice, cpus_count: int) -> None:
    """Tell the firmware, through the clock's memory, how many CPUs there are."""
    rtc_set_memory(rtc, 0x5F, 0 if cpus_count > 0xFF else cpus_count - 1)


def x86_find_cpu_slot(ms: MachineState, id_: int) -> tuple[CPUArchId | None, int]:
    """Return the slot of an APIC id, and its place."""
    assert ms.possible_cpus is not None
    for at, slot in enumerate(ms.possible_cpus.cpus):
        if slot.arch_id == id_:
            return slot, at
    return None, -1


@emulates
def x86_cpu_plug(hotplug_dev: Part, dev: DeviceState) -> None:
    """Count a CPU that is realized, and enter it into its slot."""
    cpu, x86ms = X86_CPU(dev), X86_MACHINE(hotplug_dev)
    if x86ms.acpi_dev is not None:
        hotplug_handler_plug(x86ms.acpi_dev, dev)
    x86ms.boot_cpus += 1
    if x86ms.rtc is not None:
        x86_rtc_set_cpus_count(x86ms.rtc, x86ms.boot_cpus)
    if x86ms.fw_cfg is not None:
        fw_cfg_modify_i16(x86ms.fw_cfg, FW_CFG_NB_CPUS, x86ms.boot_cpus)
    found_cpu, _ = x86_find_cpu_slot(MACHINE(x86ms), cpu.apic_id)
    assert found_cpu is not None
    found_cpu.cpu = OBJECT(dev)


@emulates
def x86_cpu_unplug_request_cb(hotplug_dev: Part, dev: DeviceState) -> None:
    """Ask the guest to let a CPU go. Error: no ACPI, or the CPU that boots."""
    cpu, x86ms = X86_CPU(dev), X86_MACHINE(hotplug_dev)
    if x86ms.acpi_dev is None:
        error_setg("CPU hot unplug not supported without ACPI")
    _, idx = x86_find_cpu_slot(MACHINE(x86ms), cpu.apic_id)
    assert idx != -1
    if idx == 0:
        error_setg("Boot CPU is unpluggable")
    hotplug_handler_unplug_request(x86ms.acpi_dev, dev)


@emulates
def x86_cpu_unplug_cb(hotplug_dev: Part, dev: DeviceState) -> None:
    """Take a CPU away."""
    cpu, x86ms = X86_CPU(dev), X86_MACHINE(hotplug_dev)
    assert x86ms.acpi_dev is not None
    assert x86ms.rtc is not None
    assert x86ms.fw_cfg is not None
    hotplug_handler_unplug(x86ms.acpi_dev, dev)
    found_cpu, _ = x86_find_cpu_slot(MACHINE(x86ms), cpu.apic_id)
    assert found_cpu is not None
    found_cpu.cpu = None
    qdev_unrealize(dev)
    x86ms.boot_cpus -= 1
    x86_rtc_set_cpus_count(x86ms.rtc, x86ms.boot_cpus)
    fw_cfg_modify_i16(x86ms.fw_cfg, FW_CFG_NB_CPUS, x86ms.boot_cpus)


def _take_id(cpu: X86CPU, what: str, value: int, highest: int) -> None:
    if value < 0:
        error_setg(f"CPU {what} is not set")
    if value > highest:
        error_setg(f"Invalid CPU {what}: {value} must be in range 0:{highest}")


def _apic_id(cpu: X86CPU, ms: MachineState, topo_info: X86CPUTopoInfo) -> int:
    smp = ms.smp
    if cpu.die_id < 0 and smp.dies == 1:
        cpu.die_id = 0
    _take_id(cpu, "socket-id", cpu.socket_id, (smp.max_cpus - 1) // smp.threads // smp.cores // smp.dies)
    _take_id(cpu, "die-id", cpu.die_id, smp.dies - 1)
    _take_id(cpu, "core-id", cpu.core_id, smp.cores - 1)
    _take_id(cpu, "thread-id", cpu.thread_id, smp.threads - 1)
    return x86_apicid_from_topo_ids(topo_info, X86CPUTopoIDs(cpu.socket_id, cpu.die_id, cpu.core_id, cpu.thread_id))


def _settle_id(cpu: X86CPU, field: str, what: str, found: int) -> None:
    value = getattr(cpu, field)
    if value not in (-1, found):
        error_setg(f"property {what}: {value} doesn't match set apic-id: {cpu.apic_id:#x} ({what}: {found})")
    setattr(cpu, field, found)


@emulates
def x86_cpu_pre_plug(hotplug_dev: Part, dev: DeviceState) -> None:
    """Settle where a CPU sits. Error: wrong type, no such slot, taken, or ids that contradict each other."""
    ms, x86ms, cpu = MACHINE(hotplug_dev), X86_MACHINE(hotplug_dev), X86_CPU(dev)
    assert ms.cpu_type is not None
    if object_dynamic_cast(OBJECT(cpu), ms.cpu_type) is None:
        error_setg(f"Invalid CPU type, expected cpu type: '{ms.cpu_type}'")
    if x86ms.acpi_dev is not None:
        hotplug_handler_pre_plug(x86ms.acpi_dev, dev)
    topo_info = init_topo_info(x86ms)
    if cpu.apic_id == UNASSIGNED_APIC_ID:
        cpu.apic_id = _apic_id(cpu, ms, topo_info)
    cpu_slot, idx = x86_find_cpu_slot(ms, cpu.apic_id)
    ids = x86_topo_ids_from_apicid(cpu.apic_id, topo_info)
    if cpu_slot is None:
        assert ms.possible_cpus is not None
        error_setg(
            f"Invalid CPU [socket: {ids.pkg_id}, die: {ids.die_id}, core: {ids.core_id}, thread: {ids.smt_id}] with"
            f" APIC ID {cpu.apic_id}, valid index range 0:{len(ms.possible_cpus.cpus) - 1}"
        )
    if cpu_slot.cpu is not None:
        error_setg(f"CPU[{idx}] with APIC ID {cpu.apic_id} exists")
    _settle_id(cpu, "socket_id", "socket-id", ids.pkg_id)
    _settle_id(cpu, "die_id", "die-id", ids.die_id)
    _settle_id(cpu, "core_id", "core-id", ids.core_id)
    _settle_id(cpu, "thread_id", "thread-id", ids.smt_id)
    CPU(cpu).cpu_index = idx
    numa_cpu_pre_plug(cpu_slot, dev)


def x86_cpu_index_to_props(ms: MachineState, cpu_index: int) -> CpuInstanceProperties:
    """Return the place of a CPU by its number."""
    mc = MACHINE_GET_CLASS(ms)
    assert mc.possible_cpu_arch_ids is not None
    return mc.possible_cpu_arch_ids(ms).cpus[cpu_index].props


def x86_get_default_cpu_node_id(ms: MachineState, idx: int) -> int:
    """Return the NUMA node of a CPU: packages take turns."""
    assert ms.possible_cpus is not None
    assert ms.numa_state is not None
    topo_info = init_topo_info(X86_MACHINE(ms))
    ids = x86_topo_ids_from_apicid(ms.possible_cpus.cpus[idx].arch_id, topo_info)
    return ids.pkg_id % ms.numa_state.num_nodes


@emulates
def x86_possible_cpu_arch_ids(ms: MachineState) -> CPUArchIdList:
    """Return the slots for CPUs, made at first use."""
    x86ms = X86_MACHINE(ms)
    if ms.possible_cpus is not None:
        assert len(ms.possible_cpus.cpus) == ms.smp.max_cpus
        return ms.possible_cpus
    ms.possible_cpus = CPUArchIdList()
    topo_info = init_topo_info(x86ms)
    for i in range(ms.smp.max_cpus):
        slot = CPUArchId(type=ms.cpu_type, vcpus_count=1, arch_id=x86_cpu_apic_id_from_index(x86ms, i))
        ids = x86_topo_ids_from_apicid(slot.arch_id, topo_info)
        slot.props.socket_id = ids.pkg_id
        if ms.smp.dies > 1:
            slot.props.die_id = ids.die_id
        slot.props.core_id = ids.core_id
        slot.props.thread_id = ids.smt_id
        ms.possible_cpus.cpus.append(slot)
    return ms.possible_cpus


@emulates(modelled=False)
def x86_nmi(n: Any, cpu_index: int) -> None:
    """Raise a non-maskable interrupt on all CPUs; none of them runs here."""
