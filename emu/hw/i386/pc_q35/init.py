"""The Q35 board, made step by step (hw/i386/pc_q35.c)."""

from __future__ import annotations

from typing import Final

from emu.exec.address_spaces import get_system_io, get_system_memory
from emu.exec.heap import g_new_region
from emu.hw.acpi.nvdimm import NVDIMM_ACPI_IO_BASE, NVDIMM_ACPI_IO_LEN, nvdimm_init_acpi_state
from emu.hw.core.gpio import qdev_connect_gpio_out_named
from emu.hw.core.machine import MACHINE_GET_CLASS, MachineState, machine_usb
from emu.hw.core.qdev import DEVICE, BusState, qdev_get_child_bus, qdev_get_machine, qdev_new
from emu.hw.core.qdev_properties import qdev_prop_set_string, qdev_prop_set_uint32
from emu.hw.core.sysbus import SYS_BUS_DEVICE, sysbus_realize_and_unref
from emu.hw.i2c.smbus_eeprom import smbus_eeprom_init
from emu.hw.i2c.smbus_ich9 import ich9_smb_init
from emu.hw.i386.kvm_clock import kvmclock_create
from emu.hw.i386.pc import (
    PC_MACHINE,
    PC_MACHINE_ACPI_DEVICE_PROP,
    PC_MACHINE_GET_CLASS,
    PCI_HOST_PROP_PCI_HOLE64_SIZE,
    pc_basic_device_init,
    pc_cmos_init,
    pc_gsi_create,
    pc_guest_info_init,
    pc_i8259_create,
    pc_memory_init,
    pc_nic_init,
    pc_vga_init,
)
from emu.hw.i386.pc.structs import PCI_HOST_ABOVE_4G_MEM_SIZE, PCI_HOST_BELOW_4G_MEM_SIZE
from emu.hw.i386.pc_piix.init import TYPE_HOTPLUG_HANDLER
from emu.hw.i386.sgx_stub import pc_machine_init_sgx_epc
from emu.hw.i386.x86 import (
    GSI_NUM_PINS,
    X86_MACHINE,
    GiB,
    ioapic_init_gsi,
    x86_cpus_init,
    x86_machine_is_smm_enabled,
)
from emu.hw.ide.ahci import ahci_get_num_ports, ahci_ide_create_devs
from emu.hw.ide.pci import ide_drive_get
from emu.hw.isa.lpc_ich9 import (
    ICH9_GPIO_GSI,
    ICH9_LPC_DEV,
    ICH9_LPC_DEVICE,
    ICH9_LPC_FUNC,
    ICH9_LPC_NB_PIRQS,
    TYPE_ICH9_LPC_DEVICE,
    ich9_lpc_map_irq,
    ich9_lpc_pm_init,
    ich9_lpc_set_irq,
    ich9_route_intx_pin_to_irq,
)
from emu.hw.pci.pci import (
    PCI_DEVFN,
    PCIBus,
    pci_bus_irqs,
    pci_bus_set_route_irq_fn,
    pci_create_simple_multifunction,
    pci_new_multifunction,
    pci_realize_and_unref,
)
from emu.hw.pci.pci_host import PCI_HOST_BRIDGE
from emu.hw.pci.pcie_port import TYPE_PCIE_SLOT
from emu.hw.pci_host.q35 import (
    MCH_HOST_PROP_IO_MEM,
    MCH_HOST_PROP_PCI_MEM,
    MCH_HOST_PROP_RAM_MEM,
    MCH_HOST_PROP_SYSTEM_MEM,
    Q35_HOST_DEVICE,
    TYPE_Q35_HOST_DEVICE,
)
from emu.hw.smbios.smbios import smbios_set_defaults
from emu.qapi.error import error_abort, error_fatal
from emu.qapi.qapi_types_common import OnOffAuto
from emu.qom.object import (
    OBJ_PROP_LINK_STRONG,
    OBJECT,
    object_property_add_child,
    object_property_add_link,
    object_property_allow_set_link,
    object_property_get_bool,
    object_property_get_uint,
    object_property_set_int,
    object_property_set_link,
    object_register_sugar_prop,
)
from emu.softmmu.memory import UINT64_MAX, memory_region_init
from emu.sysemu.accel import tcg_enabled
from emu.target.i386.fpu import x86_register_ferr_irq
from emu.trace import Ptr, emulates
from emu.util.error_report import warn_report

MAX_SATA_PORTS: Final = 6
ICH9_SATA1_DEV: Final = 31
ICH9_SATA1_FUNC: Final = 2
ICH9_SMB_DEV: Final = 31
ICH9_SMB_FUNC: Final = 3
EHCI_COMPANIONS: Final = {
    0x1D: ("ich9-usb-ehci1", (("ich9-usb-uhci1", 0, 0), ("ich9-usb-uhci2", 1, 2), ("ich9-usb-uhci3", 2, 4))),
    0x1A: ("ich9-usb-ehci2", (("ich9-usb-uhci4", 0, 0), ("ich9-usb-uhci5", 1, 2), ("ich9-usb-uhci6", 2, 4))),
}
"""By slot: the controller at function 7, and its companions with function and first port."""


@emulates
def ehci_create_ich9_with_companions(bus: PCIBus, slot: int) -> int:
    """Make the USB controllers of a slot: one for fast devices, three that take the slow ones. Return -1 for another slot."""
    if slot not in EHCI_COMPANIONS:
        return -1
    name, companions = EHCI_COMPANIONS[slot]

    ehci = pci_new_multifunction(PCI_DEVFN(slot, 7), True, name)
    with error_fatal():
        pci_realize_and_unref(ehci, bus)
    usbbus = DEVICE(ehci).child_bus[0].name
    assert usbbus is not None

    for companion, func, port in companions:
        uhci = pci_new_multifunction(PCI_DEVFN(slot, func), True, companion)
        qdev_prop_set_string(DEVICE(uhci), "masterbus", usbbus)
        qdev_prop_set_uint32(DEVICE(uhci), "firstport", port)
        with error_fatal():
            pci_realize_and_unref(uhci, bus)
    return 0


def split_ram(machine: MachineState) -> None:
    """Decide how much RAM lies below 4 GiB: up to 2.75 GiB, or 2 GiB where the rest must begin at a whole GiB."""
    pcms, x86ms = PC_MACHINE(machine), X86_MACHINE(machine)
    lowmem = 0x80000000 if machine.ram_size >= 0xB0000000 else 0xB0000000
    if not pcms.max_ram_below_4g:
        pcms.max_ram_below_4g = 4 * GiB
    if lowmem > pcms.max_ram_below_4g:
        lowmem = pcms.max_ram_below_4g
        if machine.ram_size - lowmem > lowmem and lowmem & (GiB - 1):
            warn_report(
                f"There is possibly poor performance as the ram size  ({machine.ram_size:#x}) is more then twice the "
                f"size of max-ram-below-4g ({pcms.max_ram_below_4g}) and max-ram-below-4g is not a multiple of 1G."
            )
    if machine.ram_size >= lowmem:
        x86ms.above_4g_mem_size = machine.ram_size - lowmem
        x86ms.below_4g_mem_size = lowmem
    else:
        x86ms.above_4g_mem_size = 0
        x86ms.below_4g_mem_size = machine.ram_size


@emulates
def pc_q35_init(machine: MachineState) -> None:
    """Make CPUs, memory, host bridge, LPC bridge and everything behind them."""
    pcms, x86ms, mc = PC_MACHINE(machine), X86_MACHINE(machine), MACHINE_GET_CLASS(machine)
    pcmc = PC_MACHINE_GET_CLASS(pcms)
    system_io = get_system_io()
    split_ram(machine)
    pc_machine_init_sgx_epc(pcms)
    x86_cpus_init(x86ms, pcmc.default_cpu_version)
    kvmclock_create(pcmc.kvmclock_create_always)

    pci_memory = g_new_region()
    memory_region_init(pci_memory, None, "pci", UINT64_MAX)
    pc_guest_info_init(pcms)
    if pcmc.smbios_defaults:
        smbios_set_defaults(
            "QEMU",
            "Standard PC (Q35 + ICH9, 2009)",
            mc.name,
            pcmc.smbios_legacy_mode,
            pcmc.smbios_uuid_encoded,
            pcms.smbios_entry_point_type,
        )
    q35_host = Q35_HOST_DEVICE(qdev_new(TYPE_Q35_HOST_DEVICE))
    host_obj = OBJECT(q35_host)
    with error_abort():
        pci_hole64_size = object_property_get_uint(host_obj, PCI_HOST_PROP_PCI_HOLE64_SIZE)
    ram_memory = pc_memory_init(pcms, get_system_memory(), pci_memory.get(), pci_hole64_size)

    object_property_add_child(qdev_get_machine(), "q35", host_obj)
    object_property_set_link(host_obj, MCH_HOST_PROP_RAM_MEM, OBJECT(ram_memory))
    object_property_set_link(host_obj, MCH_HOST_PROP_PCI_MEM, OBJECT(pci_memory.get()))
    object_property_set_link(host_obj, MCH_HOST_PROP_SYSTEM_MEM, OBJECT(get_system_memory()))
    object_property_set_link(host_obj, MCH_HOST_PROP_IO_MEM, OBJECT(system_io))
    object_property_set_int(host_obj, PCI_HOST_BELOW_4G_MEM_SIZE, x86ms.below_4g_mem_size)
    object_property_set_int(host_obj, PCI_HOST_ABOVE_4G_MEM_SIZE, x86ms.above_4g_mem_size)
    with error_fatal():
        sysbus_realize_and_unref(SYS_BUS_DEVICE(q35_host))
    host_bus = PCI_HOST_BRIDGE(q35_host).bus
    assert host_bus is not None

    lpc = pci_create_simple_multifunction(host_bus, PCI_DEVFN(ICH9_LPC_DEV, ICH9_LPC_FUNC), True, TYPE_ICH9_LPC_DEVICE)
    object_property_add_link(
        OBJECT(machine),
        PC_MACHINE_ACPI_DEVICE_PROP,
        TYPE_HOTPLUG_HANDLER,
        Ptr(x86ms, "acpi_dev"),
        object_property_allow_set_link,
        OBJ_PROP_LINK_STRONG,
    )
    with error_abort():
        object_property_set_link(OBJECT(machine), PC_MACHINE_ACPI_DEVICE_PROP, OBJECT(lpc))
    acpi_pcihp = object_property_get_bool(OBJECT(lpc), "acpi-pci-hotplug-with-bridge-support")
    keep_pci_slot_hpc = object_property_get_bool(OBJECT(lpc), "x-keep-pci-slot-hpc")
    if not keep_pci_slot_hpc and acpi_pcihp:
        object_register_sugar_prop(TYPE_PCIE_SLOT, "x-native-hotplug", "false", True)

    gsi_state, x86ms.gsi = pc_gsi_create(pcmc.pci_enabled)
    ich9_lpc = ICH9_LPC_DEVICE(lpc)
    for i in range(GSI_NUM_PINS):
        qdev_connect_gpio_out_named(DEVICE(lpc), ICH9_GPIO_GSI, i, x86ms.gsi[i])
    pci_bus_irqs(host_bus, ich9_lpc_set_irq, ich9_lpc_map_irq, ich9_lpc, ICH9_LPC_NB_PIRQS)
    pci_bus_set_route_irq_fn(host_bus, ich9_route_intx_pin_to_irq)
    isa_bus = ich9_lpc.isa_bus
    assert isa_bus is not None
    if x86ms.pic in (OnOffAuto.ON, OnOffAuto.AUTO):
        pc_i8259_create(isa_bus, gsi_state)
    ioapic_init_gsi(gsi_state, "q35")
    if tcg_enabled():
        x86_register_ferr_irq(x86ms.gsi[13])
    if pcms.vmport == OnOffAuto.AUTO:
        pcms.vmport = OnOffAuto.ON
    rtc_state = pc_basic_device_init(pcms, isa_bus, x86ms.gsi, not mc.no_floppy, 0xFF0104)
    ich9_lpc_pm_init(lpc, x86_machine_is_smm_enabled(x86ms))

    idebus: tuple[BusState | None, BusState | None] = (None, None)
    if pcms.sata_enabled:
        ahci = pci_create_simple_multifunction(host_bus, PCI_DEVFN(ICH9_SATA1_DEV, ICH9_SATA1_FUNC), True, "ich9-ahci")
        idebus = (qdev_get_child_bus(DEVICE(ahci), "ide.0"), qdev_get_child_bus(DEVICE(ahci), "ide.1"))
        assert ahci_get_num_ports(ahci) == MAX_SATA_PORTS
        ahci_ide_create_devs(ahci, ide_drive_get(ahci_get_num_ports(ahci)))
    if machine_usb(machine):
        ehci_create_ich9_with_companions(host_bus, 0x1D)
    if pcms.smbus_enabled:
        pcms.smbus = ich9_smb_init(host_bus, PCI_DEVFN(ICH9_SMB_DEV, ICH9_SMB_FUNC), 0xB100)
        smbus_eeprom_init(pcms.smbus, 8)
    pc_cmos_init(pcms, idebus[0], idebus[1], rtc_state)
    pc_vga_init(isa_bus, host_bus)
    pc_nic_init(pcmc, isa_bus, host_bus)
    nvdimm_state = machine.nvdimms_state
    if nvdimm_state is not None and nvdimm_state.is_enabled:
        assert x86ms.fw_cfg is not None
        nvdimm_init_acpi_state(nvdimm_state, system_io, NVDIMM_ACPI_IO_BASE, NVDIMM_ACPI_IO_LEN, x86ms.fw_cfg, OBJECT(pcms))
