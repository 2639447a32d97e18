"""x86 machines (hw/i386/x86.c, include/hw/i386/x86.h)."""

from emu.hw.i386.x86 import types
from emu.hw.i386.x86.board import (
    gsi_handler,
    ioapic_init_gsi,
    x86_allocate_cpu_irq,
    x86_bios_rom_init,
    x86_load_linux,
)
from emu.hw.i386.x86.cpus import (
    x86_cpu_index_to_props,
    x86_cpu_plug,
    x86_cpu_pre_plug,
    x86_cpu_unplug_cb,
    x86_cpu_unplug_request_cb,
    x86_cpus_init,
    x86_get_default_cpu_node_id,
    x86_possible_cpu_arch_ids,
    x86_rtc_set_cpus_count,
)
from emu.hw.i386.x86.props import x86_machine_is_acpi_enabled, x86_machine_is_smm_enabled
from emu.hw.i386.x86.structs import (
    GSI_NUM_PINS,
    IO_APIC_DEFAULT_ADDRESS,
    IOAPIC_NUM_PINS,
    ISA_NUM_IRQS,
    TYPE_X86_MACHINE,
    X86_MACHINE,
    X86_MACHINE_CLASS,
    X86_MACHINE_GET_CLASS,
    GiB,
    GSIState,
    KiB,
    MiB,
    X86MachineClass,
    X86MachineState,
)
