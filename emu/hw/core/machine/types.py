"""The type "machine": what every machine class and every machine starts from (hw/core/machine.c)."""

from __future__ import annotations

from typing import Any, Final

from emu.hw.core.machine import props
from emu.hw.core.machine.structs import (
    MACHINE,
    MACHINE_CLASS,
    MACHINE_GET_CLASS,
    TYPE_MACHINE,
    TYPE_MACHINE_SUFFIX,
    MachineClass,
    MachineState,
    NumaState,
    NVDIMMState,
)
from emu.qapi.qapi_visit_machine import BootConfiguration
from emu.qemu.module import type_init
from emu.qom.container import container_get
from emu.qom.object import (
    OBJ_PROP_LINK_STRONG,
    TYPE_OBJECT,
    Object,
    ObjectClass,
    TypeInfo,
    object_class_get_name,
    object_class_is_abstract,
    object_class_property_add,
    object_class_property_add_bool,
    object_class_property_add_link,
    object_class_property_add_str,
    object_class_property_set_description,
    object_property_add_bool,
    object_property_add_str,
    object_property_allow_set_link,
    object_property_set_description,
    type_register_static,
)
from emu.trace import Seq, emulates, g_free

MiB: Final = 1 << 20

TYPE_CONFIDENTIAL_GUEST_SUPPORT: Final = "confidential-guest-support"
TYPE_MEMORY_BACKEND: Final = "memory-backend"


@emulates
def machine_class_init(oc: ObjectClass, data: Any) -> None:
    """Set the defaults of all boards and add the properties of all machines."""
    mc = MACHINE_CLASS(oc)
    mc.default_ram_size = 128 * MiB
    mc.rom_file_has_mr = True
    # Linux wants each NUMA node to begin at a multiple of 8 MiB
    mc.numa_mem_align_shift = 23

    def describe(name: str, text: str) -> None:
        object_class_property_set_description(oc, name, text)

    object_class_property_add_str(oc, "kernel", props.machine_get_kernel, props.machine_set_kernel)
    describe("kernel", "Linux kernel image file")
    object_class_property_add_str(oc, "initrd", props.machine_get_initrd, props.machine_set_initrd)
    describe("initrd", "Linux initial ramdisk file")
    object_class_property_add_str(oc, "append", props.machine_get_append, props.machine_set_append)
    describe("append", "Linux kernel command line")
    object_class_property_add_str(oc, "dtb", props.machine_get_dtb, props.machine_set_dtb)
    describe("dtb", "Linux kernel device tree file")
    object_class_property_add_str(oc, "dumpdtb", props.machine_get_dumpdtb, props.machine_set_dumpdtb)
    describe("dumpdtb", "Dump current dtb to a file and quit")
    object_class_property_add(oc, "boot", "BootConfiguration", props.machine_get_boot, props.machine_set_boot)
    describe("boot", "Boot configuration")
    object_class_property_add(oc, "smp", "SMPConfiguration", props.machine_get_smp, props.machine_set_smp)
    describe("smp", "CPU topology")
    object_class_property_add(oc, "phandle-start", "int", props.machine_get_phandle_start, props.machine_set_phandle_start)
    describe("phandle-start", "The first phandle ID we may generate dynamically")
    object_class_property_add_str(oc, "dt-compatible", props.machine_get_dt_compatible, props.machine_set_dt_compatible)
    describe("dt-compatible", 'Overrides the "compatible" property of the dt root node')
    object_class_property_add_bool(oc, "dump-guest-core", props.machine_get_dump_guest_core, props.machine_set_dump_guest_core)
    describe("dump-guest-core", "Include guest memory in a core dump")
    object_class_property_add_bool(oc, "mem-merge", props.machine_get_mem_merge, props.machine_set_mem_merge)
    describe("mem-merge", "Enable/disable memory merge support")
    object_class_property_add_bool(oc, "usb", props.machine_get_usb, props.machine_set_usb)
    describe("usb", "Set on/off to enable/disable usb")
    object_class_property_add_bool(oc, "graphics", props.machine_get_graphics, props.machine_set_graphics)
    describe("graphics", "Set on/off to enable/disable graphics emulation")
    object_class_property_add_str(oc, "firmware", props.machine_get_firmware, props.machine_set_firmware)
    describe("firmware", "Firmware image")
    object_class_property_add_bool(oc, "suppress-vmdesc", props.machine_get_suppress_vmdesc, props.machine_set_suppress_vmdesc)
    describe("suppress-vmdesc", "Set on to disable self-describing migration")
    object_class_property_add_link(
        oc,
        "confidential-guest-support",
        TYPE_CONFIDENTIAL_GUEST_SUPPORT,
        (MachineState, "cgs"),
        props.machine_check_confidential_guest_support,
        OBJ_PROP_LINK_STRONG,
    )
    describe("confidential-guest-support", "Set confidential guest scheme to support")
    object_class_property_add_str(
        oc, "memory-encryption", props.machine_get_memory_encryption, props.machine_set_memory_encryption
    )
    describe("memory-encryption", "Set memory encryption object to use")
    object_class_property_add_link(
        oc,
        "memory-backend",
        TYPE_MEMORY_BACKEND,
        (MachineState, "memdev"),
        object_property_allow_set_link,
        OBJ_PROP_LINK_STRONG,
    )
    describe("memory-backend", "Set RAM backendValid value is ID of hostmem based backend")
    object_class_property_add(oc, "memory", "MemorySizeConfiguration", props.machine_get_mem, props.machine_set_mem)
    describe("memory", "Memory size configuration")


@emulates
def machine_class_base_init(oc: ObjectClass, data: Any) -> None:
    """Name each concrete machine class and give it a list of compat properties of its own."""
    mc = MACHINE_CLASS(oc)
    mc.max_cpus = mc.max_cpus or 1
    mc.min_cpus = mc.min_cpus or 1
    mc.default_cpus = mc.default_cpus or 1
    if not object_class_is_abstract(oc):
        cname = object_class_get_name(oc)
        assert cname.endswith(TYPE_MACHINE_SUFFIX)
        mc.name = cname.removesuffix(TYPE_MACHINE_SUFFIX)
        mc.compat_props = Seq()


@emulates
def machine_initfn(obj: Object) -> None:
    """Make the containers of devices, and take the defaults of the class."""
    ms, mc = MACHINE(obj), MACHINE_GET_CLASS(obj)
    container_get(obj, "/peripheral")
    container_get(obj, "/peripheral-anon")

    ms.dump_guest_core = True
    ms.mem_merge = True
    ms.enable_graphics = True
    ms.kernel_cmdline = ""
    ms.ram_size = mc.default_ram_size
    ms.maxram_size = mc.default_ram_size

    if mc.nvdimm_supported:
        ms.nvdimms_state = NVDIMMState()
        object_property_add_bool(obj, "nvdimm", props.machine_get_nvdimm, props.machine_set_nvdimm)
        object_property_set_description(obj, "nvdimm", "Set on/off to enable/disable NVDIMM instantiation")
        object_property_add_str(
            obj, "nvdimm-persistence", props.machine_get_nvdimm_persistence, props.machine_set_nvdimm_persistence
        )
        object_property_set_description(obj, "nvdimm-persistence", "Set NVDIMM persistenceValid values are cpu, mem-ctrl")

    if mc.cpu_index_to_instance_props is not None and mc.get_default_cpu_node_id is not None:
        ms.numa_state = NumaState()
        object_property_add_bool(obj, "hmat", props.machine_get_hmat, props.machine_set_hmat)
        object_property_set_description(
            obj, "hmat", "Set on/off to enable/disable ACPI Heterogeneous Memory Attribute Table (HMAT)"
        )

    smp = ms.smp
    smp.cpus = mc.default_cpus
    smp.max_cpus = mc.default_cpus
    smp.sockets = smp.dies = smp.clusters = smp.cores = smp.threads = 1
    props.machine_copy_boot_config(ms, BootConfiguration())


@emulates
def machine_finalize(obj: Object) -> None:
    """Give the memory back that a machine holds."""
    ms = MACHINE(obj)
    g_free(ms.device_memory)
    g_free(ms.nvdimms_state)
    g_free(ms.numa_state)


machine_info: Final = TypeInfo(
    name=TYPE_MACHINE,
    parent=TYPE_OBJECT,
    abstract=True,
    class_=MachineClass,
    class_init=machine_class_init,
    class_base_init=machine_class_base_init,
    instance=MachineState,
    instance_init=machine_initfn,
    instance_finalize=machine_finalize,
)


@type_init
@emulates
def machine_register_types() -> None:
    """Register the type."""
    type_register_static(machine_info)
