"""The ICH9's power management as properties show it (hw/acpi/ich9.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emu.hw.acpi.cpu_hotplug import acpi_switch_to_modern_cphp
from emu.qapi.visitor import visit_type_uint32
from emu.qom.object import (
    OBJ_PROP_FLAG_READ,
    OBJ_PROP_FLAG_READWRITE,
    Object,
    object_property_add,
    object_property_add_bool,
    object_property_add_uint8_ptr,
    object_property_add_uint32_ptr,
)
from emu.qom.parts import Part
from emu.trace import Ptr, Struct, emulates, per_run

if TYPE_CHECKING:
    pass
from emu.hw.acpi.ich9.registers import ICH9_CPU_HOTPLUG_IO_BASE, ICH9_PMIO_GPE0_LEN, ICH9_PMIO_GPE0_STS, ICH9LPCPMRegs


class Ich9Constants(Struct):
    """Constants that properties show."""

    gpe0_len: int = ICH9_PMIO_GPE0_LEN


ich9_constants = per_run(Ich9Constants)


def ich9_pm_get_gpe0_blk(obj: Object, v: Any, name: str, opaque: ICH9LPCPMRegs) -> None:
    """Read where the general purpose events are."""
    visit_type_uint32(v, name, opaque.pm_io_base + ICH9_PMIO_GPE0_STS)


def power_management(obj: Part) -> ICH9LPCPMRegs:
    """Return the registers of the LPC bridge."""
    from emu.hw.isa.lpc_ich9 import ICH9_LPC_DEVICE  # the device has these registers

    pm: ICH9LPCPMRegs = ICH9_LPC_DEVICE(obj).pm
    return pm


def ich9_pm_get_memory_hotplug_support(obj: Object) -> bool:
    """Tell whether memory can be plugged."""
    return power_management(obj).acpi_memory_hotplug.is_enabled


@emulates
def ich9_pm_set_memory_hotplug_support(obj: Object, value: bool) -> None:
    """Say whether memory can be plugged."""
    power_management(obj).acpi_memory_hotplug.is_enabled = value


def ich9_pm_get_cpu_hotplug_legacy(obj: Object) -> bool:
    """Tell whether the older registers for CPU hotplug are in use."""
    return power_management(obj).cpu_hotplug_legacy


@emulates
def ich9_pm_set_cpu_hotplug_legacy(obj: Object, value: bool) -> None:
    """Switch to the newer registers."""
    pm = power_management(obj)
    assert not value
    if pm.cpu_hotplug_legacy and not value:
        acpi_switch_to_modern_cphp(pm.gpe_cpu, pm.cpuhp_state, ICH9_CPU_HOTPLUG_IO_BASE)
    pm.cpu_hotplug_legacy = value


def ich9_pm_get_enable_tco(obj: Object) -> bool:
    """Tell whether there is a watchdog."""
    return power_management(obj).enable_tco


@emulates
def ich9_pm_set_enable_tco(obj: Object, value: bool) -> None:
    """Say whether there is a watchdog."""
    power_management(obj).enable_tco = value


def ich9_pm_get_acpi_pci_hotplug(obj: Object) -> bool:
    """Tell whether ACPI is asked about bridges too."""
    return power_management(obj).use_acpi_hotplug_bridge


@emulates
def ich9_pm_set_acpi_pci_hotplug(obj: Object, value: bool) -> None:
    """Say whether ACPI is asked about bridges too."""
    power_management(obj).use_acpi_hotplug_bridge = value


def ich9_pm_get_keep_pci_slot_hpc(obj: Object) -> bool:
    """Tell whether slots keep PCI Express's own hotplug."""
    return power_management(obj).keep_pci_slot_hpc


@emulates
def ich9_pm_set_keep_pci_slot_hpc(obj: Object, value: bool) -> None:
    """Say whether slots keep PCI Express's own hotplug."""
    power_management(obj).keep_pci_slot_hpc = value


@emulates
def ich9_pm_add_properties(obj: Object, pm: ICH9LPCPMRegs) -> None:
    """Set the defaults, and show what the ACPI tables need."""
    pm.acpi_memory_hotplug.is_enabled = True
    pm.cpu_hotplug_legacy = True
    pm.disable_s3 = 0
    pm.disable_s4 = 0
    pm.s4_val = 2
    pm.use_acpi_hotplug_bridge = True
    pm.keep_pci_slot_hpc = True
    object_property_add_uint32_ptr(obj, "pm_io_base", Ptr(pm, "pm_io_base"), OBJ_PROP_FLAG_READ)
    object_property_add(obj, "gpe0_blk", "uint32", ich9_pm_get_gpe0_blk, None, None, pm)
    object_property_add_uint32_ptr(obj, "gpe0_blk_len", Ptr(ich9_constants(), "gpe0_len"), OBJ_PROP_FLAG_READ)
    object_property_add_bool(
        obj, "memory-hotplug-support", ich9_pm_get_memory_hotplug_support, ich9_pm_set_memory_hotplug_support
    )
    object_property_add_bool(obj, "cpu-hotplug-legacy", ich9_pm_get_cpu_hotplug_legacy, ich9_pm_set_cpu_hotplug_legacy)
    object_property_add_uint8_ptr(obj, "disable_s3", Ptr(pm, "disable_s3"), OBJ_PROP_FLAG_READWRITE)
    object_property_add_uint8_ptr(obj, "disable_s4", Ptr(pm, "disable_s4"), OBJ_PROP_FLAG_READWRITE)
    object_property_add_uint8_ptr(obj, "s4_val", Ptr(pm, "s4_val"), OBJ_PROP_FLAG_READWRITE)
    object_property_add_bool(obj, "enable_tco", ich9_pm_get_enable_tco, ich9_pm_set_enable_tco)
    object_property_add_bool(
        obj, "acpi-pci-hotplug-with-bridge-support", ich9_pm_get_acpi_pci_hotplug, ich9_pm_set_acpi_pci_hotplug
    )
    object_property_add_bool(obj, "x-keep-pci-slot-hpc", ich9_pm_get_keep_pci_slot_hpc, ich9_pm_set_keep_pci_slot_hpc)
