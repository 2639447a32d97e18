"""The type "x86-machine" (hw/i386/x86.c)."""

from __future__ import annotations

from typing import Any, Final

from emu.hw.core.machine import MACHINE_CLASS, TYPE_MACHINE
from emu.hw.core.nmi import NMI_CLASS, TYPE_NMI
from emu.hw.i386.x86 import props
from emu.hw.i386.x86.cpus import (
    x86_cpu_index_to_props,
    x86_get_default_cpu_node_id,
    x86_nmi,
    x86_possible_cpu_arch_ids,
)
from emu.hw.i386.x86.structs import (
    ACPI_BUILD_APPNAME6,
    ACPI_BUILD_APPNAME8,
    ACPI_BUILD_PCI_IRQS,
    TYPE_X86_MACHINE,
    X86_MACHINE,
    X86_MACHINE_ACPI,
    X86_MACHINE_BUS_LOCK_RATELIMIT,
    X86_MACHINE_CLASS,
    X86_MACHINE_OEM_ID,
    X86_MACHINE_OEM_TABLE_ID,
    X86_MACHINE_PIC,
    X86_MACHINE_PIT,
    X86_MACHINE_SMM,
    GiB,
    X86MachineClass,
    X86MachineState,
)
from emu.qapi.qapi_types_common import OnOffAuto
from emu.qemu.module import type_init
from emu.qom.object import (
    Object,
    ObjectClass,
    TypeInfo,
    object_class_property_add,
    object_class_property_add_str,
    object_class_property_set_description,
    type_register_static,
)
from emu.trace import emulates


@emulates
def x86_machine_initfn(obj: Object) -> None:
    """Take the defaults."""
    x86ms = X86_MACHINE(obj)
    x86ms.smm = OnOffAuto.AUTO
    x86ms.acpi = OnOffAuto.AUTO
    x86ms.pit = OnOffAuto.AUTO
    x86ms.pic = OnOffAuto.AUTO
    x86ms.pci_irq_mask = ACPI_BUILD_PCI_IRQS
    x86ms.oem_id = ACPI_BUILD_APPNAME6
    x86ms.oem_table_id = ACPI_BUILD_APPNAME8
    x86ms.bus_lock_ratelimit = 0
    x86ms.above_4g_mem_start = 4 * GiB


@emulates
def x86_machine_class_init(oc: ObjectClass, data: Any) -> None:
    """Set how CPUs are numbered, and add the properties of x86 machines."""
    mc, x86mc, nc = MACHINE_CLASS(oc), X86_MACHINE_CLASS(oc), NMI_CLASS(oc)
    mc.cpu_index_to_instance_props = x86_cpu_index_to_props
    mc.get_default_cpu_node_id = x86_get_default_cpu_node_id
    mc.possible_cpu_arch_ids = x86_possible_cpu_arch_ids
    x86mc.save_tsc_khz = True
    x86mc.fwcfg_dma_enabled = True
    nc.nmi_monitor_handler = x86_nmi

    def describe(name: str, text: str) -> None:
        object_class_property_set_description(oc, name, text)

    object_class_property_add(oc, X86_MACHINE_SMM, "OnOffAuto", props.x86_machine_get_smm, props.x86_machine_set_smm)
    describe(X86_MACHINE_SMM, "Enable SMM")
    object_class_property_add(oc, X86_MACHINE_ACPI, "OnOffAuto", props.x86_machine_get_acpi, props.x86_machine_set_acpi)
    describe(X86_MACHINE_ACPI, "Enable ACPI")
    object_class_property_add(oc, X86_MACHINE_PIT, "OnOffAuto", props.x86_machine_get_pit, props.x86_machine_set_pit)
    describe(X86_MACHINE_PIT, "Enable i8254 PIT")
    object_class_property_add(oc, X86_MACHINE_PIC, "OnOffAuto", props.x86_machine_get_pic, props.x86_machine_set_pic)
    describe(X86_MACHINE_PIC, "Enable i8259 PIC")
    object_class_property_add_str(oc, X86_MACHINE_OEM_ID, props.x86_machine_get_oem_id, props.x86_machine_set_oem_id)
    describe(
        X86_MACHINE_OEM_ID,
        "Override the default value of field OEMID in ACPI table header.The string may be up to 6 bytes in size",
    )
    object_class_property_add_str(
        oc, X86_MACHINE_OEM_TABLE_ID, props.x86_machine_get_oem_table_id, props.x86_machine_set_oem_table_id
    )
    describe(
        X86_MACHINE_OEM_TABLE_ID,
        "Override the default value of field OEM Table ID in ACPI table header.The string may be up to 8 bytes in size",
    )
    object_class_property_add(
        oc,
        X86_MACHINE_BUS_LOCK_RATELIMIT,
        "uint64_t",
        props.x86_machine_get_bus_lock_ratelimit,
        props.x86_machine_set_bus_lock_ratelimit,
    )
    describe(X86_MACHINE_BUS_LOCK_RATELIMIT, "Set the ratelimit for the bus locks acquired in VMs")
    object_class_property_add(oc, "sgx-epc", "SgxEPC", props.machine_get_sgx_epc, props.machine_set_sgx_epc)
    describe("sgx-epc", "SGX EPC device")


x86_machine_info: Final = TypeInfo(
    name=TYPE_X86_MACHINE,
    parent=TYPE_MACHINE,
    abstract=True,
    instance=X86MachineState,
    instance_init=x86_machine_initfn,
    class_=X86MachineClass,
    class_init=x86_machine_class_init,
    interfaces=(TYPE_NMI,),
)


@type_init
@emulates
def x86_machine_register_types() -> None:
    """Register the type."""
    type_register_static(x86_machine_info)
