"""The i440FX board, made step by step (hw/i386/pc_piix.c)."""

from __future__ import annotations

from emu.exec.address_spaces import get_system_io, get_system_memory
from emu.exec.heap import g_new_region
from emu.hw.acpi.nvdimm import NVDIMM_ACPI_IO_BASE, NVDIMM_ACPI_IO_LEN, nvdimm_init_acpi_state
from emu.hw.core.cpu_common import first_cpu
from emu.hw.core.gpio import qdev_connect_gpio_out, qdev_connect_gpio_out_named
from emu.hw.core.irq import qemu_allocate_irq
from emu.hw.core.machine import MACHINE_GET_CLASS, MachineState, machine_usb
from emu.hw.core.qdev import DEVICE, qdev_get_child_bus, qdev_new
from emu.hw.core.qdev_properties import qdev_prop_set_bit, qdev_prop_set_uint32
from emu.hw.i2c.core import I2C_BUS
from emu.hw.i2c.smbus_eeprom import smbus_eeprom_init
from emu.hw.i386.kvm_clock import kvmclock_create
from emu.hw.i386.pc import (
    PC_MACHINE,
    PC_MACHINE_ACPI_DEVICE_PROP,
    PC_MACHINE_GET_CLASS,
    PCI_HOST_PROP_PCI_HOLE64_SIZE,
    PCMachineState,
    pc_basic_device_init,
    pc_cmos_init,
    pc_gsi_create,
    pc_guest_info_init,
    pc_i8259_create,
    pc_memory_init,
    pc_nic_init,
    pc_vga_init,
)
from emu.hw.i386.pc.devices import pc_acpi_smi_interrupt
from emu.hw.i386.sgx_stub import pc_machine_init_sgx_epc
from emu.hw.i386.x86 import (
    X86_MACHINE,
    GiB,
    ioapic_init_gsi,
    x86_cpus_init,
    x86_machine_is_acpi_enabled,
    x86_machine_is_smm_enabled,
)
from emu.hw.ide.pci import pci_ide_create_devs
from emu.hw.isa.isa_bus import ISA_BUS, isa_bus_irqs
from emu.hw.isa.piix3 import PIIX3_PCI_DEVICE, TYPE_PIIX3_DEVICE
from emu.hw.pci.pci import (
    PCI_DEVICE,
    PCIBus,
    pci_create_simple,
    pci_create_simple_multifunction,
    pci_new,
    pci_realize_and_unref,
)
from emu.hw.pci_host.i440fx import i440fx_init
from emu.hw.smbios.smbios import smbios_set_defaults
from emu.qapi.error import error_abort, error_fatal
from emu.qapi.qapi_types_common import OnOffAuto
from emu.qom.object import (
    OBJ_PROP_LINK_STRONG,
    OBJECT,
    object_property_add_link,
    object_property_allow_set_link,
    object_property_get_uint,
    object_property_set_link,
)
from emu.softmmu.memory import UINT64_MAX, memory_region_init
from emu.sysemu.accel import tcg_enabled
from emu.target.i386.fpu import x86_register_ferr_irq
from emu.trace import Ptr, emulates
from emu.util.error_report import warn_report

TYPE_PIIX3_IDE = "piix3-ide"
TYPE_PIIX4_PM = "PIIX4_PM"
TYPE_HOTPLUG_HANDLER = "hotplug-handler"


def split_ram(machine: MachineState) -> None:
    """Decide how much RAM lies below 4 GiB: up to 3.5 GiB, or 3 GiB where the rest must begin at a whole GiB."""
    pcms, x86ms = PC_MACHINE(machine), X86_MACHINE(machine)
    if not pcms.max_ram_below_4g:
        pcms.max_ram_below_4g = 0xE0000000
    lowmem = pcms.max_ram_below_4g
    if machine.ram_size >= pcms.max_ram_below_4g and PC_MACHINE_GET_CLASS(pcms).gigabyte_align:
        lowmem = min(lowmem, 0xC0000000)
        if lowmem & (GiB - 1):
            warn_report(
                f"Large machine and max_ram_below_4g ({pcms.max_ram_below_4g}) not a multiple of 1G; possible bad performance."
            )
    if machine.ram_size >= lowmem:
        x86ms.above_4g_mem_size = machine.ram_size - lowmem
        x86ms.below_4g_mem_size = lowmem
    else:
        x86ms.above_4g_mem_size = 0
        x86ms.below_4g_mem_size = machine.ram_size


@emulates
def pc_init1(machine: MachineState, host_type: str, pci_type: str) -> None:
    """Make CPUs, memory, host bridge, ISA bridge and everything behind them."""
    pcms, x86ms = PC_MACHINE(machine), X86_MACHINE(machine)
    pcmc = PC_MACHINE_GET_CLASS(pcms)
    system_memory, system_io = get_system_memory(), get_system_io()
    split_ram(machine)
    pc_machine_init_sgx_epc(pcms)
    x86_cpus_init(x86ms, pcmc.default_cpu_version)
    if pcmc.kvmclock_enabled:
        kvmclock_create(pcmc.kvmclock_create_always)

    pci_memory = g_new_region()
    memory_region_init(pci_memory, None, "pci", UINT64_MAX)
    rom_memory = pci_memory.get()
    i440fx_host = qdev_new(host_type)
    with error_abort():
        hole64_size = object_property_get_uint(OBJECT(i440fx_host), PCI_HOST_PROP_PCI_HOLE64_SIZE)

    pc_guest_info_init(pcms)
    if pcmc.smbios_defaults:
        smbios_set_defaults(
            "QEMU",
            "Standard PC (i440FX + PIIX, 1996)",
            MACHINE_GET_CLASS(machine).name,
            pcmc.smbios_legacy_mode,
            pcmc.smbios_uuid_encoded,
            pcms.smbios_entry_point_type,
        )
    ram_memory = pc_memory_init(pcms, system_memory, rom_memory, hole64_size)
    gsi_state, x86ms.gsi = pc_gsi_create(pcmc.pci_enabled)

    pci_bus = i440fx_init(
        pci_type,
        i440fx_host,
        system_memory,
        system_io,
        machine.ram_size,
        x86ms.below_4g_mem_size,
        x86ms.above_4g_mem_size,
        pci_memory.get(),
        ram_memory,
    )
    pcms.bus = pci_bus
    piix3 = PIIX3_PCI_DEVICE(pci_create_simple_multifunction(pci_bus, -1, True, TYPE_PIIX3_DEVICE))
    piix3.pic = x86ms.gsi
    piix3_devfn = PCI_DEVICE(piix3).devfn
    isa_bus = ISA_BUS(qdev_get_child_bus(DEVICE(piix3), "isa.0"))
    isa_bus_irqs(isa_bus, x86ms.gsi)

    if x86ms.pic in (OnOffAuto.ON, OnOffAuto.AUTO):
        pc_i8259_create(isa_bus, gsi_state)
    ioapic_init_gsi(gsi_state, "i440fx")
    if tcg_enabled():
        x86_register_ferr_irq(x86ms.gsi[13])
    pc_vga_init(isa_bus, pci_bus)
    if pcms.vmport == OnOffAuto.AUTO:
        pcms.vmport = OnOffAuto.ON
    rtc_state = pc_basic_device_init(pcms, isa_bus, x86ms.gsi, True, 0x4)
    pc_nic_init(pcmc, isa_bus, pci_bus)

    dev = pci_create_simple(pci_bus, piix3_devfn + 1, TYPE_PIIX3_IDE)
    pci_ide_create_devs(dev)
    idebus0 = qdev_get_child_bus(DEVICE(dev), "ide.0")
    idebus1 = qdev_get_child_bus(DEVICE(dev), "ide.1")
    pc_cmos_init(pcms, idebus0, idebus1, rtc_state)
    if machine_usb(machine):
        pci_create_simple(pci_bus, piix3_devfn + 2, "piix3-usb-uhci")
    if x86_machine_is_acpi_enabled(x86ms):
        make_piix4_pm(pcms, pci_bus, piix3_devfn + 3)
    nvdimm_state = machine.nvdimms_state
    if nvdimm_state is not None and nvdimm_state.is_enabled:
        assert x86ms.fw_cfg is not None
        nvdimm_init_acpi_state(nvdimm_state, system_io, NVDIMM_ACPI_IO_BASE, NVDIMM_ACPI_IO_LEN, x86ms.fw_cfg, OBJECT(pcms))


def make_piix4_pm(pcms: PCMachineState, pci_bus: PCIBus, devfn: int) -> None:
    """Make the power management function: it answers for PCI hotplug and has the SMBus."""
    x86ms = X86_MACHINE(pcms)
    smi_irq = qemu_allocate_irq(pc_acpi_smi_interrupt, first_cpu(), 0)
    piix4_pm = pci_new(devfn, TYPE_PIIX4_PM)
    qdev_prop_set_uint32(DEVICE(piix4_pm), "smb_io_base", 0xB100)
    qdev_prop_set_bit(DEVICE(piix4_pm), "smm-enabled", x86_machine_is_smm_enabled(x86ms))
    with error_fatal():
        pci_realize_and_unref(piix4_pm, pci_bus)

    assert x86ms.gsi is not None
    qdev_connect_gpio_out(DEVICE(piix4_pm), 0, x86ms.gsi[9])
    qdev_connect_gpio_out_named(DEVICE(piix4_pm), "smi-irq", 0, smi_irq)
    pcms.smbus = I2C_BUS(qdev_get_child_bus(DEVICE(piix4_pm), "i2c"))
    smbus_eeprom_init(pcms.smbus, 8)

    object_property_add_link(
        OBJECT(pcms),
        PC_MACHINE_ACPI_DEVICE_PROP,
        TYPE_HOTPLUG_HANDLER,
        Ptr(x86ms, "acpi_dev"),
        object_property_allow_set_link,
        OBJ_PROP_LINK_STRONG,
    )
    with error_abort():
        object_property_set_link(OBJECT(pcms), PC_MACHINE_ACPI_DEVICE_PROP, OBJECT(piix4_pm))
