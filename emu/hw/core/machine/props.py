"""Getters and setters of the properties that all machines have (hw/core/machine.c)."""

from __future__ import annotations

from typing import Any

from emu.hw.core.machine.structs import MACHINE, MACHINE_GET_CLASS, MachineState
from emu.hw.core.machine_smp import machine_parse_smp_config
from emu.qapi.error import error_setg
from emu.qapi.qapi_visit_machine import (
    BootConfiguration,
    MemorySizeConfiguration,
    SMPConfiguration,
    visit_type_BootConfiguration,
    visit_type_MemorySizeConfiguration,
    visit_type_SMPConfiguration,
)
from emu.qapi.visitor import visit_type_int
from emu.qom.object import (
    OBJECT,
    Object,
    object_get_canonical_path_component,
    object_get_objects_root,
    object_property_set_link,
    object_resolve_path_component,
)
from emu.softmmu.bootdevice import validate_bootdevices
from emu.trace import emulates


def machine_get_kernel(obj: Object) -> str | None:
    """Return the file name of the kernel."""
    return MACHINE(obj).kernel_filename


@emulates
def machine_set_kernel(obj: Object, value: str) -> None:
    """Set the file name of the kernel."""
    MACHINE(obj).kernel_filename = value


def machine_get_initrd(obj: Object) -> str | None:
    """Return the file name of the initial ramdisk."""
    return MACHINE(obj).initrd_filename


@emulates
def machine_set_initrd(obj: Object, value: str) -> None:
    """Set the file name of the initial ramdisk."""
    MACHINE(obj).initrd_filename = value


def machine_get_append(obj: Object) -> str | None:
    """Return the kernel's command line."""
    return MACHINE(obj).kernel_cmdline


@emulates
def machine_set_append(obj: Object, value: str) -> None:
    """Set the kernel's command line."""
    MACHINE(obj).kernel_cmdline = value


def machine_get_dtb(obj: Object) -> str | None:
    """Return the file name of the device tree."""
    return MACHINE(obj).dtb


@emulates
def machine_set_dtb(obj: Object, value: str) -> None:
    """Set the file name of the device tree."""
    MACHINE(obj).dtb = value


def machine_get_dumpdtb(obj: Object) -> str | None:
    """Return where the device tree is dumped to."""
    return MACHINE(obj).dumpdtb


@emulates
def machine_set_dumpdtb(obj: Object, value: str) -> None:
    """Set where the device tree is dumped to."""
    MACHINE(obj).dumpdtb = value


def machine_get_phandle_start(obj: Object, v: Any, name: str, opaque: Any) -> None:
    """Read the first phandle."""
    visit_type_int(v, name, MACHINE(obj).phandle_start)


@emulates
def machine_set_phandle_start(obj: Object, v: Any, name: str, opaque: Any) -> None:
    """Write the first phandle."""
    MACHINE(obj).phandle_start = visit_type_int(v, name, 0)


def machine_get_dt_compatible(obj: Object) -> str | None:
    """Return the "compatible" property of the device tree's root."""
    return MACHINE(obj).dt_compatible


@emulates
def machine_set_dt_compatible(obj: Object, value: str) -> None:
    """Set the "compatible" property of the device tree's root."""
    MACHINE(obj).dt_compatible = value


def machine_get_dump_guest_core(obj: Object) -> bool:
    """Tell whether a core dump holds the guest's memory."""
    return MACHINE(obj).dump_guest_core


@emulates
def machine_set_dump_guest_core(obj: Object, value: bool) -> None:
    """Set whether a core dump holds the guest's memory."""
    MACHINE(obj).dump_guest_core = value


def machine_get_mem_merge(obj: Object) -> bool:
    """Tell whether equal memory pages may be merged."""
    return MACHINE(obj).mem_merge


@emulates
def machine_set_mem_merge(obj: Object, value: bool) -> None:
    """Set whether equal memory pages may be merged."""
    MACHINE(obj).mem_merge = value


def machine_get_usb(obj: Object) -> bool:
    """Tell whether the machine has USB."""
    return MACHINE(obj).usb


@emulates
def machine_set_usb(obj: Object, value: bool) -> None:
    """Set whether the machine has USB."""
    ms = MACHINE(obj)
    ms.usb = value
    ms.usb_disabled = not value


def machine_get_graphics(obj: Object) -> bool:
    """Tell whether the machine has graphics."""
    return MACHINE(obj).enable_graphics


@emulates
def machine_set_graphics(obj: Object, value: bool) -> None:
    """Set whether the machine has graphics."""
    MACHINE(obj).enable_graphics = value


def machine_get_firmware(obj: Object) -> str | None:
    """Return the file name of the firmware."""
    return MACHINE(obj).firmware


@emulates
def machine_set_firmware(obj: Object, value: str) -> None:
    """Set the file name of the firmware."""
    MACHINE(obj).firmware = value


@emulates
def machine_set_suppress_vmdesc(obj: Object, value: bool) -> None:
    """Set whether migration leaves its own description out."""
    MACHINE(obj).suppress_vmdesc = value


def machine_get_suppress_vmdesc(obj: Object) -> bool:
    """Tell whether migration leaves its own description out."""
    return MACHINE(obj).suppress_vmdesc


def machine_get_memory_encryption(obj: Object) -> str | None:
    """Return the name of the object that protects the guest's memory."""
    cgs = MACHINE(obj).cgs
    return object_get_canonical_path_component(cgs) if cgs is not None else None


@emulates
def machine_set_memory_encryption(obj: Object, value: str) -> None:
    """Set the object that protects the guest's memory, by its id."""
    cgs = object_resolve_path_component(object_get_objects_root(), value)
    if cgs is None:
        error_setg(f"No such memory encryption object '{value}'")
    object_property_set_link(obj, "confidential-guest-support", cgs)


def machine_check_confidential_guest_support(obj: Object, name: str, new_target: Object | None) -> None:
    """Allow any object of the link's type."""


def machine_get_nvdimm(obj: Object) -> bool:
    """Tell whether NVDIMMs may be used."""
    state = MACHINE(obj).nvdimms_state
    assert state is not None
    return state.is_enabled


@emulates
def machine_set_nvdimm(obj: Object, value: bool) -> None:
    """Set whether NVDIMMs may be used."""
    state = MACHINE(obj).nvdimms_state
    assert state is not None
    state.is_enabled = value


def machine_get_hmat(obj: Object) -> bool:
    """Tell whether the ACPI HMAT is built."""
    state = MACHINE(obj).numa_state
    assert state is not None
    return state.hmat_enabled


@emulates
def machine_set_hmat(obj: Object, value: bool) -> None:
    """Set whether the ACPI HMAT is built."""
    state = MACHINE(obj).numa_state
    assert state is not None
    state.hmat_enabled = value


def machine_get_mem(obj: Object, v: Any, name: str, opaque: Any) -> None:
    """Read the sizes of memory."""
    ms = MACHINE(obj)
    mem = MemorySizeConfiguration(size=ms.ram_size)
    if ms.ram_slots:
        mem.max_size, mem.slots = ms.maxram_size, ms.ram_slots
    visit_type_MemorySizeConfiguration(v, name, mem)


@emulates
def machine_set_mem(obj: Object, v: Any, name: str, opaque: Any) -> None:
    """Write the sizes of memory (bytes), after checking them against each other."""
    ms, mc = MACHINE(obj), MACHINE_GET_CLASS(obj)
    mem = visit_type_MemorySizeConfiguration(v, name, None)
    size = mc.default_ram_size if mem.size is None else mem.size
    size = -(-size // 8192) * 8192
    if mc.fixup_ram_size is not None:
        size = mc.fixup_ram_size(size)
    if size >= 1 << 64:
        error_setg("ram size too large")
    if mem.max_size is not None:
        if mem.max_size < size:
            error_setg(
                f"invalid value of maxmem: maximum memory size ({mem.max_size:#x}) must be at least "
                f"the initial memory size ({size:#x})"
            )
        if mem.slots and mem.max_size == size:
            error_setg(
                f"invalid value of maxmem: memory slots were specified but maximum memory size "
                f"({mem.max_size:#x}) is equal to the initial memory size ({size:#x})"
            )
        ms.maxram_size = mem.max_size
    else:
        if mem.slots is not None:
            error_setg("slots specified but no max-size")
        ms.maxram_size = size
    ms.ram_size = size
    ms.ram_slots = mem.slots or 0


def machine_get_nvdimm_persistence(obj: Object) -> str | None:
    """Return how NVDIMMs keep their data."""
    state = MACHINE(obj).nvdimms_state
    assert state is not None
    return state.persistence_string


@emulates
def machine_set_nvdimm_persistence(obj: Object, value: str) -> None:
    """Set how NVDIMMs keep their data: ``cpu`` or ``mem-ctrl``."""
    state = MACHINE(obj).nvdimms_state
    assert state is not None
    if value == "cpu":
        state.persistence = 3
    elif value == "mem-ctrl":
        state.persistence = 2
    else:
        error_setg(f"-machine nvdimm-persistence={value}: unsupported option")
    state.persistence_string = value


def machine_get_smp(obj: Object, v: Any, name: str, opaque: Any) -> None:
    """Read the CPU topology."""
    smp = MACHINE(obj).smp
    config = SMPConfiguration(
        cpus=smp.cpus,
        sockets=smp.sockets,
        dies=smp.dies,
        clusters=smp.clusters,
        cores=smp.cores,
        threads=smp.threads,
        maxcpus=smp.max_cpus,
    )
    visit_type_SMPConfiguration(v, name, config)


@emulates
def machine_set_smp(obj: Object, v: Any, name: str, opaque: Any) -> None:
    """Write the CPU topology."""
    config = visit_type_SMPConfiguration(v, name, None)
    machine_parse_smp_config(MACHINE(obj), config)


def machine_get_boot(obj: Object, v: Any, name: str, opaque: Any) -> None:
    """Read the boot configuration."""
    visit_type_BootConfiguration(v, name, MACHINE(obj).boot_config)


@emulates
def machine_copy_boot_config(ms: MachineState, config: BootConfiguration) -> None:
    """Take over a boot configuration; the order defaults to the board's."""
    boot = ms.boot_config
    for field in BootConfiguration.FIELDS:
        if getattr(boot, field) != getattr(config, field):
            setattr(boot, field, getattr(config, field))
    if config.order is None:
        boot.order = MACHINE_GET_CLASS(OBJECT(ms)).default_boot_order


@emulates
def machine_set_boot(obj: Object, v: Any, name: str, opaque: Any) -> None:
    """Write the boot configuration. Error: a boot device that does not exist, or twice."""
    config = visit_type_BootConfiguration(v, name, None)
    if config.order is not None:
        validate_bootdevices(config.order)
    if config.once is not None:
        validate_bootdevices(config.once)
    machine_copy_boot_config(MACHINE(obj), config)
