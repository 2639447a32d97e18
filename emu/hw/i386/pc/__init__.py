"""PCs: what the i440FX and Q35 boards have in common (hw/i386/pc.c, include/hw/i386/pc.h)."""

from emu.hw.i386.pc import compat, types
from emu.hw.i386.pc.cmos import pc_cmos_init
from emu.hw.i386.pc.define import DEFINE_PC_MACHINE, named
from emu.hw.i386.pc.devices import (
    pc_basic_device_init,
    pc_gsi_create,
    pc_i8259_create,
    pc_nic_init,
    pc_pci_as_mapping_init,
    pc_vga_init,
)
from emu.hw.i386.pc.done import pc_guest_info_init
from emu.hw.i386.pc.memory import pc_memory_init, pc_pci_hole64_start
from emu.hw.i386.pc.structs import (
    CPU_VERSION_LEGACY,
    HPET_INTCAP,
    PC_MACHINE,
    PC_MACHINE_ACPI_DEVICE_PROP,
    PC_MACHINE_CLASS,
    PC_MACHINE_GET_CLASS,
    PCI_HOST_ABOVE_4G_MEM_SIZE,
    PCI_HOST_BELOW_4G_MEM_SIZE,
    PCI_HOST_PROP_PCI_HOLE64_END,
    PCI_HOST_PROP_PCI_HOLE64_SIZE,
    PCI_HOST_PROP_PCI_HOLE64_START,
    PCI_HOST_PROP_PCI_HOLE_END,
    PCI_HOST_PROP_PCI_HOLE_START,
    TYPE_PC_MACHINE,
    PCMachineClass,
    PCMachineState,
)
