"""What all x86 boards put together: interrupts, firmware (hw/i386/x86.c)."""

from __future__ import annotations

import errno
import os
from typing import Any

from emu.errors import NotModelled, QemuExit
from emu.exec.heap import g_new_region
from emu.host import host
from emu.host.files import host_files
from emu.hw.core.gpio import qdev_get_gpio_in
from emu.hw.core.irq import IRQState, qemu_allocate_irq, qemu_set_irq
from emu.hw.core.loader import get_image_size, rom_add_file_fixed
from emu.hw.core.machine import MACHINE, MachineState
from emu.hw.core.qdev import DeviceState, qdev_new
from emu.hw.core.sysbus import SYS_BUS_DEVICE, sysbus_mmio_map, sysbus_realize_and_unref
from emu.hw.i386.x86.structs import IO_APIC_DEFAULT_ADDRESS, IOAPIC_NUM_PINS, ISA_NUM_IRQS, GSIState, KiB
from emu.qapi.error import error_fatal
from emu.qom.object import OBJECT, object_property_add_child, object_resolve_path
from emu.softmmu.datadir import QEMU_FILE_TYPE_BIOS, qemu_find_file
from emu.softmmu.memory import (
    MemoryRegion,
    memory_region_add_subregion,
    memory_region_add_subregion_overlap,
    memory_region_init_alias,
    memory_region_init_ram,
    memory_region_set_readonly,
)
from emu.trace import emulates, recorder

TYPE_IOAPIC = "ioapic"


@emulates(modelled=False)
def pic_irq_request(opaque: Any, irq: int, level: int) -> None:
    """Interrupt the CPUs from the 8259; none of them runs here."""


@emulates
def x86_allocate_cpu_irq() -> IRQState:
    """Make the line from the 8259 to the CPUs."""
    return qemu_allocate_irq(pic_irq_request, None, 0)


@emulates
def gsi_handler(opaque: GSIState, n: int, level: int) -> None:
    """Pass an interrupt on to the 8259 and the I/O APIC."""
    if n < ISA_NUM_IRQS and opaque.i8259_irq[n] is not None:
        qemu_set_irq(opaque.i8259_irq[n], level)
    qemu_set_irq(opaque.ioapic_irq[n], level)


@emulates
def ioapic_init_gsi(gsi_state: GSIState, parent_name: str) -> None:
    """Make the I/O APIC, a child of the host bridge."""
    dev = qdev_new(TYPE_IOAPIC)
    parent, _ = object_resolve_path(parent_name)
    assert parent is not None
    object_property_add_child(parent, "ioapic", OBJECT(dev))
    d = SYS_BUS_DEVICE(dev)
    with error_fatal():
        sysbus_realize_and_unref(d)
    sysbus_mmio_map(d, 0, IO_APIC_DEFAULT_ADDRESS)
    for i in range(IOAPIC_NUM_PINS):
        gsi_state.ioapic_irq[i] = qdev_get_gpio_in(dev, i)


def ioapic_init_secondary(gsi_state: GSIState) -> DeviceState:
    """Make a second I/O APIC, which no PC has."""
    raise NotModelled("the second I/O APIC of microvm")


@emulates
def x86_load_linux(x86ms: Any, fw_cfg: Any, acpi_data_size: int, pvh_enabled: bool) -> None:
    """Load a kernel (``-kernel``). There is none of that name: QEMU ends. NotModelled: there is."""
    name = MACHINE(x86ms).kernel_filename
    assert name is not None
    if name in host().files or name in host_files().texts:
        raise NotModelled("-kernel")
    recorder().message("stderr", f"qemu: could not open kernel file '{name}': {os.strerror(errno.ENOENT)}\n")
    raise QemuExit(1)


@emulates
def x86_bios_rom_init(ms: MachineState, default_firmware: str, rom_memory: MemoryRegion, isapc_ram_fw: bool) -> None:
    """Map the firmware below 4 GiB, and its last 128 KiB below 1 MiB. It can't be loaded: QEMU ends."""
    bios_name = ms.firmware or default_firmware
    filename = qemu_find_file(QEMU_FILE_TYPE_BIOS, bios_name)
    bios_size = get_image_size(filename) if filename is not None else -1
    if bios_size <= 0 or bios_size % 65536:
        _bios_error(bios_name)
    bios = g_new_region()
    with error_fatal():
        memory_region_init_ram(bios, None, "pc.bios", bios_size)
    if not isapc_ram_fw:
        memory_region_set_readonly(bios.get(), True)
    if rom_add_file_fixed(bios_name, -bios_size & 0xFFFFFFFF, -1) != 0:
        _bios_error(bios_name)

    isa_bios_size = min(bios_size, 128 * KiB)
    isa_bios = g_new_region()
    memory_region_init_alias(isa_bios, None, "isa-bios", bios.get(), bios_size - isa_bios_size, isa_bios_size)
    memory_region_add_subregion_overlap(rom_memory, 0x100000 - isa_bios_size, isa_bios.get(), 1)
    if not isapc_ram_fw:
        memory_region_set_readonly(isa_bios.get(), True)
    memory_region_add_subregion(rom_memory, -bios_size & 0xFFFFFFFF, bios.get())


def _bios_error(bios_name: str) -> None:
    recorder().message("stderr", f"qemu: could not load PC BIOS '{bios_name}'\n")
    raise QemuExit(1)
