"""The type "generic-pc-machine" (hw/i386/pc.c)."""

from __future__ import annotations

from typing import Any, Final

from emu.hw.core.hotplug import HOTPLUG_HANDLER_CLASS, TYPE_HOTPLUG_HANDLER
from emu.hw.core.machine import MACHINE_CLASS, MachineState
from emu.hw.core.reset import qemu_devices_reset
from emu.hw.i386.pc import hotplug, props
from emu.hw.i386.pc.structs import (
    IF_IDE,
    PC_MACHINE,
    PC_MACHINE_CLASS,
    PC_MACHINE_DEVMEM_REGION_SIZE,
    PC_MACHINE_GET_CLASS,
    PC_MACHINE_I8042,
    PC_MACHINE_MAX_FW_SIZE,
    PC_MACHINE_MAX_RAM_BELOW_4G,
    PC_MACHINE_SATA,
    PC_MACHINE_SMBIOS_EP,
    PC_MACHINE_SMBUS,
    PC_MACHINE_VMPORT,
    SMBIOS_ENTRY_POINT_TYPE_32,
    TARGET_DEFAULT_CPU_TYPE,
    TYPE_PC_MACHINE,
    CXLState,
    PCMachineClass,
    PCMachineState,
)
from emu.hw.i386.pc_sysfw import pc_system_flash_create
from emu.hw.i386.x86 import (
    TYPE_X86_MACHINE,
    MiB,
    x86_cpu_index_to_props,
    x86_get_default_cpu_node_id,
    x86_possible_cpu_arch_ids,
)
from emu.hw.isa.isa_bus import isa_new
from emu.qapi.qapi_types_common import OnOffAuto
from emu.qemu.module import type_init
from emu.qom.object import (
    OBJECT,
    Object,
    ObjectClass,
    TypeInfo,
    object_class_property_add,
    object_class_property_add_bool,
    object_class_property_set_description,
    object_property_add,
    object_property_add_alias,
    object_property_set_description,
    type_register_static,
)
from emu.trace import emulates

TYPE_PC_SPEAKER: Final = "isa-pcspk"


@emulates(file="hw/cxl/cxl-host.c")
def cxl_machine_init(obj: Object, state: CXLState) -> None:
    """Add the properties of CXL."""
    object_property_add(obj, "cxl", "bool", props.machine_get_cxl, props.machine_set_cxl, None, state)
    object_property_set_description(obj, "cxl", "Set on/off to enable/disable CXL instantiation")
    object_property_add(obj, "cxl-fmw", "CXLFixedMemoryWindow", props.machine_get_cfmw, props.machine_set_cfmw, None, state)
    object_property_set_description(obj, "cxl-fmw", "CXL Fixed Memory Windows (array)")


@emulates
def pc_machine_initfn(obj: Object) -> None:
    """Take the defaults; make flash memory, in case it is used, and the speaker, for its alias."""
    pcms = PC_MACHINE(obj)
    pcms.vmport = OnOffAuto.AUTO
    pcms.max_ram_below_4g = 0
    pcms.smbios_entry_point_type = SMBIOS_ENTRY_POINT_TYPE_32
    pcms.acpi_build_enabled = PC_MACHINE_GET_CLASS(pcms).has_acpi_build
    pcms.smbus_enabled = True
    pcms.sata_enabled = True
    pcms.i8042_enabled = True
    pcms.max_fw_size = 8 * MiB
    pcms.hpet_enabled = True
    pcms.default_bus_bypass_iommu = False

    pc_system_flash_create(pcms)
    pcms.pcspk = isa_new(TYPE_PC_SPEAKER)
    object_property_add_alias(OBJECT(pcms), "pcspk-audiodev", OBJECT(pcms.pcspk), "audiodev")
    cxl_machine_init(obj, pcms.cxl_devices_state)


@emulates
def pc_machine_reset(machine: MachineState, reason: int) -> None:
    """Reset all devices; the CPUs' own part is not modelled."""
    qemu_devices_reset(reason)


@emulates(modelled=False)
def pc_machine_wakeup(machine: MachineState) -> None:
    """Wake a suspended guest up; none is ever suspended here."""


def _add_class_properties(oc: ObjectClass) -> None:
    def describe(name: str, text: str) -> None:
        object_class_property_set_description(oc, name, text)

    object_class_property_add(
        oc,
        PC_MACHINE_MAX_RAM_BELOW_4G,
        "size",
        props.pc_machine_get_max_ram_below_4g,
        props.pc_machine_set_max_ram_below_4g,
    )
    describe(PC_MACHINE_MAX_RAM_BELOW_4G, "Maximum ram below the 4G boundary (32bit boundary)")
    object_class_property_add(oc, PC_MACHINE_DEVMEM_REGION_SIZE, "int", props.pc_machine_get_device_memory_region_size, None)
    object_class_property_add(oc, PC_MACHINE_VMPORT, "OnOffAuto", props.pc_machine_get_vmport, props.pc_machine_set_vmport)
    describe(PC_MACHINE_VMPORT, "Enable vmport (pc & q35)")
    object_class_property_add_bool(oc, PC_MACHINE_SMBUS, props.pc_machine_get_smbus, props.pc_machine_set_smbus)
    describe(PC_MACHINE_SMBUS, "Enable/disable system management bus")
    object_class_property_add_bool(oc, PC_MACHINE_SATA, props.pc_machine_get_sata, props.pc_machine_set_sata)
    describe(PC_MACHINE_SATA, "Enable/disable Serial ATA bus")
    object_class_property_add_bool(oc, "hpet", props.pc_machine_get_hpet, props.pc_machine_set_hpet)
    describe("hpet", "Enable/disable high precision event timer emulation")
    object_class_property_add_bool(oc, PC_MACHINE_I8042, props.pc_machine_get_i8042, props.pc_machine_set_i8042)
    object_class_property_add_bool(
        oc,
        "default-bus-bypass-iommu",
        props.pc_machine_get_default_bus_bypass_iommu,
        props.pc_machine_set_default_bus_bypass_iommu,
    )
    object_class_property_add(
        oc, PC_MACHINE_MAX_FW_SIZE, "size", props.pc_machine_get_max_fw_size, props.pc_machine_set_max_fw_size
    )
    describe(PC_MACHINE_MAX_FW_SIZE, "Maximum combined firmware size")
    object_class_property_add(oc, PC_MACHINE_SMBIOS_EP, "str", props.pc_machine_get_smbios_ep, props.pc_machine_set_smbios_ep)
    describe(PC_MACHINE_SMBIOS_EP, "SMBIOS Entry Point type [32, 64]")


@emulates
def pc_machine_class_init(oc: ObjectClass, data: Any) -> None:
    """Set what all PCs have, as the newest has it: older versions take things back."""
    mc, pcmc, hc = MACHINE_CLASS(oc), PC_MACHINE_CLASS(oc), HOTPLUG_HANDLER_CLASS(oc)
    pcmc.pci_enabled = True
    pcmc.has_acpi_build = True
    pcmc.rsdp_in_ram = True
    pcmc.smbios_defaults = True
    pcmc.smbios_uuid_encoded = True
    pcmc.gigabyte_align = True
    pcmc.has_reserved_memory = True
    pcmc.kvmclock_enabled = True
    pcmc.enforce_aligned_dimm = True
    pcmc.enforce_amd_1tb_hole = True
    # room for the firmware's ACPI tables (128 KiB) and its other tables
    pcmc.acpi_data_size = 0x20000 + 0x8000
    pcmc.pvh_enabled = True
    pcmc.kvmclock_create_always = True
    assert mc.get_hotplug_handler is None
    mc.get_hotplug_handler = hotplug.pc_get_hotplug_handler
    mc.hotplug_allowed = hotplug.pc_hotplug_allowed
    mc.cpu_index_to_instance_props = x86_cpu_index_to_props
    mc.get_default_cpu_node_id = x86_get_default_cpu_node_id
    mc.possible_cpu_arch_ids = x86_possible_cpu_arch_ids
    mc.auto_enable_numa_with_memhp = True
    mc.auto_enable_numa_with_memdev = True
    mc.has_hotpluggable_cpus = True
    mc.default_boot_order = "cad"
    mc.block_default_type = IF_IDE
    mc.max_cpus = 255
    mc.reset = pc_machine_reset
    mc.wakeup = pc_machine_wakeup
    hc.pre_plug = hotplug.pc_machine_device_pre_plug_cb
    hc.plug = hotplug.pc_machine_device_plug_cb
    hc.unplug_request = hotplug.pc_machine_device_unplug_request_cb
    hc.unplug = hotplug.pc_machine_device_unplug_cb
    mc.default_cpu_type = TARGET_DEFAULT_CPU_TYPE
    mc.nvdimm_supported = True
    mc.smp_props = mc.smp_props._replace(dies_supported=True)
    mc.default_ram_id = "pc.ram"
    _add_class_properties(oc)


pc_machine_info: Final = TypeInfo(
    name=TYPE_PC_MACHINE,
    parent=TYPE_X86_MACHINE,
    abstract=True,
    instance=PCMachineState,
    instance_init=pc_machine_initfn,
    class_=PCMachineClass,
    class_init=pc_machine_class_init,
    interfaces=(TYPE_HOTPLUG_HANDLER,),
)


@type_init
@emulates
def pc_machine_register_types() -> None:
    """Register the type."""
    type_register_static(pc_machine_info)
