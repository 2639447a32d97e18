"""The older registers for CPU hotplug: a bit for each CPU (hw/acpi/cpu_hotplug.c)."""

from __future__ import annotations

from typing import Any, Final

from emu.hw.acpi.acpi_interface import AcpiEventStatusBits, acpi_send_event
from emu.hw.acpi.cpu import CPUHotplugState, cpu_hotplug_hw_init
from emu.hw.core.cpu_common import CPU, CPU_FOREACH, CPU_GET_CLASS, CPUState
from emu.hw.core.qdev import DEVICE, DeviceState
from emu.hw.pci.pci import PCI_DEVICE, pci_address_space_io
from emu.qapi.error import error_abort
from emu.qom.object import Object, object_property_set_bool
from emu.qom.parts import Part
from emu.softmmu.memory import (
    DEVICE_LITTLE_ENDIAN,
    Impl,
    MemoryRegion,
    MemoryRegionOps,
    Valid,
    memory_region_add_subregion,
    memory_region_del_subregion,
    memory_region_init_io,
)
from emu.trace import Buf, Ptr, Struct, emulates, fresh

ACPI_GPE_PROC_LEN: Final = 32
PIIX4_CPU_HOTPLUG_IO_BASE: Final = 0xAF00
ICH9_CPU_HOTPLUG_IO_BASE: Final = 0x0CD8


class ProcBits(Buf):
    """``uint8_t sts[ACPI_GPE_PROC_LEN]``."""

    def __init__(self) -> None:
        super().__init__(ACPI_GPE_PROC_LEN)


class AcpiCpuHotplug(Struct):
    """The registers."""

    device: Object | None = None
    io: MemoryRegion | None = None
    sts: Buf = fresh(ProcBits)


@emulates
def cpu_status_read(opaque: AcpiCpuHotplug, addr: int, size: int) -> int:
    """Read eight CPUs' bits."""
    return opaque.sts[addr]


@emulates
def cpu_status_write(opaque: AcpiCpuHotplug, addr: int, data: int, size: int) -> None:
    """Writing 0 at the start switches to the newer registers."""
    if addr == 0 and data == 0:
        assert opaque.device is not None
        with error_abort():
            object_property_set_bool(opaque.device, "cpu-hotplug-legacy", False)


AcpiCpuHotplug_ops: Final = MemoryRegionOps(
    name="AcpiCpuHotplug_ops",
    read=cpu_status_read,
    write=cpu_status_write,
    endianness=DEVICE_LITTLE_ENDIAN,
    valid=Valid(min_access_size=1, max_access_size=4),
    impl=Impl(max_access_size=1),
)


@emulates
def acpi_set_cpu_present_bit(g: AcpiCpuHotplug, cpu: CPUState) -> None:
    """Set a CPU's bit; one whose id is too high needs the newer registers."""
    k = CPU_GET_CLASS(cpu)
    assert k.get_arch_id is not None
    cpu_id = k.get_arch_id(cpu)
    if cpu_id // 8 >= ACPI_GPE_PROC_LEN:
        assert g.device is not None
        with error_abort():
            object_property_set_bool(g.device, "cpu-hotplug-legacy", False)
        return
    g.sts[cpu_id // 8] = g.sts[cpu_id // 8] | 1 << cpu_id % 8


@emulates
def legacy_acpi_cpu_plug_cb(hotplug_dev: Part, g: AcpiCpuHotplug, dev: DeviceState) -> None:
    """Tell the guest of a CPU."""
    acpi_set_cpu_present_bit(g, CPU(dev))
    acpi_send_event(DEVICE(hotplug_dev), AcpiEventStatusBits.ACPI_CPU_HOTPLUG_STATUS)


@emulates
def legacy_acpi_cpu_hotplug_init(parent: MemoryRegion, owner: Object, gpe_cpu: AcpiCpuHotplug, base: int) -> None:
    """Make the registers and set the bits of the CPUs that are there."""
    memory_region_init_io(Ptr(gpe_cpu, "io"), owner, AcpiCpuHotplug_ops, gpe_cpu, "acpi-cpu-hotplug", ACPI_GPE_PROC_LEN)
    assert gpe_cpu.io is not None
    memory_region_add_subregion(parent, base, gpe_cpu.io)
    gpe_cpu.device = owner
    for cpu in CPU_FOREACH():
        acpi_set_cpu_present_bit(gpe_cpu, cpu)


@emulates
def acpi_switch_to_modern_cphp(gpe_cpu: AcpiCpuHotplug, cpuhp_state: CPUHotplugState, io_port: int) -> None:
    """Put the newer registers in the place of the older."""
    assert gpe_cpu.io is not None
    device: Any = gpe_cpu.device
    parent = pci_address_space_io(PCI_DEVICE(device))
    memory_region_del_subregion(parent, gpe_cpu.io)
    cpu_hotplug_hw_init(parent, device, cpuhp_state, io_port)
