"""The memory of a PC: RAM below and above 4 GiB, firmware, and where the PCI hole begins (hw/i386/pc.c)."""

from __future__ import annotations

from typing import Final

from emu.errors import NotModelled, QemuExit
from emu.exec.address_spaces import address_space_memory
from emu.exec.heap import g_new_region
from emu.hw.core.cpu_common import first_cpu
from emu.hw.core.loader import loader, rom_add_option, rom_set_fw
from emu.hw.core.machine import MACHINE, MACHINE_GET_CLASS, DeviceMemoryState
from emu.hw.core.qdev import qdev_get_machine
from emu.hw.i386.e820_memory_layout import E820_RAM, E820_RESERVED, e820_add_entry
from emu.hw.i386.fw_cfg import fw_cfg_arch_create
from emu.hw.i386.pc.structs import PC_MACHINE, PC_MACHINE_GET_CLASS, PCMachineState
from emu.hw.i386.pc_sysfw import pc_system_firmware_init
from emu.hw.i386.x86 import X86_MACHINE, GiB, x86_load_linux
from emu.hw.nvram.fw_cfg import fw_cfg_add_file
from emu.qapi.error import error_fatal
from emu.qom.object import OBJECT
from emu.softmmu.memory import (
    MemoryRegion,
    memory_region_add_subregion,
    memory_region_add_subregion_overlap,
    memory_region_init,
    memory_region_init_alias,
    memory_region_init_ram,
    memory_region_set_readonly,
)
from emu.target.i386.cpu import IS_AMD_CPU, X86_CPU
from emu.trace import Ptr, emulates
from emu.util.error_report import error_report

PC_ROM_MIN_VGA: Final = 0xC0000
PC_ROM_MAX: Final = 0xE0000
PC_ROM_SIZE: Final = PC_ROM_MAX - PC_ROM_MIN_VGA
AMD_HT_START: Final = 0xFD00000000
AMD_HT_END: Final = 0xFFFFFFFFFF
AMD_ABOVE_1TB_START: Final = AMD_HT_END + 1
AMD_HT_SIZE: Final = AMD_ABOVE_1TB_START - AMD_HT_START
ACPI_MAX_RAM_SLOTS: Final = 256
ACPI_MEMORY_HOTPLUG_BASE: Final = 0x0A00
TARGET_PAGE_SIZE: Final = 4096


def round_up(value: int, to: int) -> int:
    """Return the next multiple of ``to``."""
    return -(-value // to) * to


def pc_above_4g_end(pcms: PCMachineState) -> int:
    """Return where the RAM above 4 GiB ends."""
    x86ms = X86_MACHINE(pcms)
    return x86ms.above_4g_mem_start + x86ms.above_4g_mem_size


def pc_get_device_memory_range(pcms: PCMachineState) -> tuple[int, int]:
    """Return start and size of the range for memory devices."""
    machine = MACHINE(pcms)
    size = machine.maxram_size - machine.ram_size
    if PC_MACHINE_GET_CLASS(pcms).enforce_aligned_dimm:
        # each slot may need to be aligned to a page of 1 GiB
        size += GiB * machine.ram_slots
    return round_up(pc_above_4g_end(pcms), GiB), size


@emulates
def pc_pci_hole64_start() -> int:
    """Return where the PCI hole above RAM may begin."""
    pcms = PC_MACHINE(qdev_get_machine())
    pcmc, ms = PC_MACHINE_GET_CLASS(pcms), MACHINE(pcms)
    if pcmc.has_reserved_memory and ms.ram_size < ms.maxram_size:
        hole64_start, size = pc_get_device_memory_range(pcms)
        if not pcmc.broken_reserved_end:
            hole64_start += size
    else:
        hole64_start = pc_above_4g_end(pcms)
    return round_up(hole64_start, GiB)


@emulates
def pc_max_used_gpa(pcms: PCMachineState, pci_hole64_size: int) -> int:
    """Return the highest address that the machine may use."""
    cpu = X86_CPU(first_cpu())
    if cpu.phys_bits <= 32:
        return (1 << cpu.phys_bits) - 1
    return pc_pci_hole64_start() + pci_hole64_size - 1


def _check_addresses(pcms: PCMachineState, pci_hole64_size: int) -> None:
    x86ms, cpu = X86_MACHINE(pcms), X86_CPU(first_cpu())
    if IS_AMD_CPU(cpu.env) and PC_MACHINE_GET_CLASS(pcms).enforce_amd_1tb_hole:
        if pc_max_used_gpa(pcms, pci_hole64_size) >= AMD_HT_START:
            x86ms.above_4g_mem_start = AMD_ABOVE_1TB_START
        if cpu.phys_bits >= 40:
            e820_add_entry(AMD_HT_START, AMD_HT_SIZE, E820_RESERVED)
    maxusedaddr = pc_max_used_gpa(pcms, pci_hole64_size)
    maxphysaddr = (1 << cpu.phys_bits) - 1
    if maxphysaddr < maxusedaddr:
        error_report(f"Address space limit {maxphysaddr:#x} < {maxusedaddr:#x} phys-bits too low ({cpu.phys_bits})")
        raise QemuExit(1)


def _device_memory(pcms: PCMachineState, system_memory: MemoryRegion) -> None:
    machine, pcmc = MACHINE(pcms), PC_MACHINE_GET_CLASS(pcms)
    if not pcmc.has_reserved_memory and (machine.ram_slots or machine.maxram_size > machine.ram_size):
        error_report(f"\"-memory 'slots|maxmem'\" is not supported by: {MACHINE_GET_CLASS(machine).name}")
        raise QemuExit(1)
    machine.device_memory = DeviceMemoryState()
    if not pcmc.has_reserved_memory or machine.ram_size >= machine.maxram_size:
        return
    if machine.ram_slots > ACPI_MAX_RAM_SLOTS:
        error_report(f"unsupported amount of memory slots: {machine.ram_slots}")
        raise QemuExit(1)
    if machine.maxram_size % TARGET_PAGE_SIZE:
        error_report(f"maximum memory size must by aligned to multiple of {TARGET_PAGE_SIZE} bytes")
        raise QemuExit(1)
    machine.device_memory.base, device_mem_size = pc_get_device_memory_range(pcms)
    if (machine.device_memory.base + device_mem_size) >= 1 << 64:
        error_report(f"unsupported amount of maximum memory: {machine.maxram_size:x}")
        raise QemuExit(1)
    memory_region_init(Ptr(machine.device_memory, "mr"), OBJECT(pcms), "device-memory", device_mem_size)
    assert machine.device_memory.mr is not None
    memory_region_add_subregion(system_memory, machine.device_memory.base, machine.device_memory.mr)


def _map_ram(pcms: PCMachineState, system_memory: MemoryRegion) -> MemoryRegion:
    x86ms, ram = X86_MACHINE(pcms), MACHINE(pcms).ram
    assert ram is not None
    ram_below_4g = g_new_region()
    memory_region_init_alias(ram_below_4g, None, "ram-below-4g", ram, 0, x86ms.below_4g_mem_size)
    memory_region_add_subregion(system_memory, 0, ram_below_4g.get())
    e820_add_entry(0, x86ms.below_4g_mem_size, E820_RAM)
    if x86ms.above_4g_mem_size > 0:
        ram_above_4g = g_new_region()
        memory_region_init_alias(ram_above_4g, None, "ram-above-4g", ram, x86ms.below_4g_mem_size, x86ms.above_4g_mem_size)
        memory_region_add_subregion(system_memory, x86ms.above_4g_mem_start, ram_above_4g.get())
        e820_add_entry(x86ms.above_4g_mem_start, x86ms.above_4g_mem_size, E820_RAM)
    return ram


@emulates
def pc_memory_init(
    pcms: PCMachineState, system_memory: MemoryRegion, rom_memory: MemoryRegion, pci_hole64_size: int
) -> MemoryRegion:
    """Map RAM, firmware and the space for option ROMs, and make the interface to the firmware. Return the RAM."""
    machine, pcmc, x86ms = MACHINE(pcms), PC_MACHINE_GET_CLASS(pcms), X86_MACHINE(pcms)
    assert machine.ram_size == x86ms.below_4g_mem_size + x86ms.above_4g_mem_size
    linux_boot = machine.kernel_filename is not None
    _check_addresses(pcms, pci_hole64_size)
    ram_memory = _map_ram(pcms, system_memory)
    if pcms.sgx_epc.size:
        raise NotModelled("SGX")
    _device_memory(pcms, system_memory)

    pc_system_firmware_init(pcms, rom_memory)
    option_rom_mr = g_new_region()
    with error_fatal():
        memory_region_init_ram(option_rom_mr, None, "pc.rom", PC_ROM_SIZE)
    if pcmc.pci_enabled:
        memory_region_set_readonly(option_rom_mr.get(), True)
    memory_region_add_subregion_overlap(rom_memory, PC_ROM_MIN_VGA, option_rom_mr.get(), 1)

    fw_cfg = fw_cfg_arch_create(machine, x86ms.boot_cpus, x86ms.apic_id_limit)
    rom_set_fw(fw_cfg)
    memory = machine.device_memory
    assert memory is not None
    if pcmc.has_reserved_memory and memory.base:
        fw_cfg_add_file(fw_cfg, "etc/reserved-memory-end", 8)
    if linux_boot:
        x86_load_linux(x86ms, fw_cfg, pcmc.acpi_data_size, pcmc.pvh_enabled)
    for rom in loader().option_rom:
        rom_add_option(rom.name, rom.bootindex)
    x86ms.fw_cfg = fw_cfg
    x86ms.ioapic_as = address_space_memory()
    pcms.memhp_io_base = ACPI_MEMORY_HOTPLUG_BASE
    return ram_memory
