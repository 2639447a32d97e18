"""What the power management function has to do with hotplug (hw/acpi/piix4.c)."""

from __future__ import annotations

from typing import Any, Final

from emu.errors import NotModelled
from emu.hw.acpi.core import acpi_gpe_ioport_readb, acpi_gpe_ioport_writeb, acpi_send_gpe_event, acpi_update_sci
from emu.hw.acpi.cpu import acpi_cpu_plug_cb, acpi_cpu_unplug_cb, acpi_cpu_unplug_request_cb
from emu.hw.acpi.cpu_hotplug import (
    PIIX4_CPU_HOTPLUG_IO_BASE,
    acpi_switch_to_modern_cphp,
    legacy_acpi_cpu_hotplug_init,
    legacy_acpi_cpu_plug_cb,
)
from emu.hw.acpi.memory_hotplug import ACPI_MEMORY_HOTPLUG_BASE, acpi_memory_hotplug_init
from emu.hw.acpi.pcihp import (
    acpi_pcihp_device_plug_cb,
    acpi_pcihp_device_pre_plug_cb,
    acpi_pcihp_device_unplug_cb,
    acpi_pcihp_device_unplug_request_cb,
    acpi_pcihp_init,
)
from emu.hw.acpi.piix4.structs import ACPI_PCIHP_ADDR_PIIX4, GPE_BASE, GPE_LEN, PIIX4_PM, TYPE_CPU, TYPE_PC_DIMM, PIIX4PMState
from emu.hw.core.qdev import DeviceState
from emu.hw.pci.pci import TYPE_PCI_DEVICE, PCIBus
from emu.qapi.error import error_setg
from emu.qom.object import OBJECT, Object, object_dynamic_cast, object_get_typename, object_property_add_bool
from emu.qom.parts import Part
from emu.softmmu.memory import (
    DEVICE_LITTLE_ENDIAN,
    Impl,
    MemoryRegion,
    MemoryRegionOps,
    Valid,
    memory_region_add_subregion,
    memory_region_init_io,
)
from emu.trace import Ptr, emulates


def is_a(dev: Part, name: str) -> bool:
    """Tell whether a device is of a type."""
    return object_dynamic_cast(OBJECT(dev), name) is not None


@emulates
def piix4_device_pre_plug_cb(hotplug_dev: Part, dev: DeviceState) -> None:
    """Check a device before it is realized. Error: it can't be plugged."""
    s = PIIX4_PM(hotplug_dev)
    if is_a(dev, TYPE_PCI_DEVICE):
        acpi_pcihp_device_pre_plug_cb(hotplug_dev, dev)
    elif is_a(dev, TYPE_PC_DIMM):
        if not s.acpi_memory_hotplug.is_enabled:
            error_setg(f"memory hotplug is not enabled: {object_get_typename(OBJECT(s))}.memory-hotplug-support is not set")
    elif not is_a(dev, TYPE_CPU):
        error_setg(f"acpi: device pre plug request for not supported device type: {object_get_typename(OBJECT(dev))}")


@emulates
def piix4_device_plug_cb(hotplug_dev: Part, dev: DeviceState) -> None:
    """Take in a device that is realized. NotModelled: memory."""
    s = PIIX4_PM(hotplug_dev)
    if is_a(dev, TYPE_PC_DIMM):
        raise NotModelled("memory devices")
    if is_a(dev, TYPE_PCI_DEVICE):
        acpi_pcihp_device_plug_cb(hotplug_dev, s.acpi_pci_hotplug, dev)
    elif is_a(dev, TYPE_CPU):
        if s.cpu_hotplug_legacy:
            legacy_acpi_cpu_plug_cb(hotplug_dev, s.gpe_cpu, dev)
        else:
            acpi_cpu_plug_cb(hotplug_dev, s.cpuhp_state, dev)
    else:
        raise AssertionError("piix4_device_plug_cb")


@emulates
def piix4_device_unplug_request_cb(hotplug_dev: Part, dev: DeviceState) -> None:
    """Ask the guest to let a device go. Error: it can't be unplugged."""
    s = PIIX4_PM(hotplug_dev)
    if is_a(dev, TYPE_PCI_DEVICE):
        acpi_pcihp_device_unplug_request_cb(hotplug_dev, s.acpi_pci_hotplug, dev)
    elif is_a(dev, TYPE_CPU) and not s.cpu_hotplug_legacy:
        acpi_cpu_unplug_request_cb(hotplug_dev, s.cpuhp_state, dev)
    else:
        error_setg(f"acpi: device unplug request for not supported device type: {object_get_typename(OBJECT(dev))}")


@emulates
def piix4_device_unplug_cb(hotplug_dev: Part, dev: DeviceState) -> None:
    """Take a device away. Error: it can't be unplugged."""
    s = PIIX4_PM(hotplug_dev)
    if is_a(dev, TYPE_PCI_DEVICE):
        acpi_pcihp_device_unplug_cb(hotplug_dev, s.acpi_pci_hotplug, dev)
    elif is_a(dev, TYPE_CPU) and not s.cpu_hotplug_legacy:
        acpi_cpu_unplug_cb(s.cpuhp_state, dev)
    else:
        error_setg(f"acpi: device unplug for not supported device type: {object_get_typename(OBJECT(dev))}")


@emulates
def gpe_readb(opaque: PIIX4PMState, addr: int, width: int) -> int:
    """Read the general purpose events."""
    return acpi_gpe_ioport_readb(opaque.ar, addr)


@emulates
def gpe_writeb(opaque: PIIX4PMState, addr: int, val: int, width: int) -> None:
    """Write the general purpose events."""
    acpi_gpe_ioport_writeb(opaque.ar, addr, val)
    acpi_update_sci(opaque.ar, opaque.irq)


piix4_gpe_ops: Final = MemoryRegionOps(
    name="piix4_gpe_ops",
    read=gpe_readb,
    write=gpe_writeb,
    valid=Valid(min_access_size=1, max_access_size=4),
    impl=Impl(min_access_size=1, max_access_size=1),
    endianness=DEVICE_LITTLE_ENDIAN,
)


def piix4_get_cpu_hotplug_legacy(obj: Object) -> bool:
    """Tell whether the older registers for CPU hotplug are in use."""
    return PIIX4_PM(obj).cpu_hotplug_legacy


@emulates
def piix4_set_cpu_hotplug_legacy(obj: Object, value: bool) -> None:
    """Switch to the newer registers."""
    s = PIIX4_PM(obj)
    assert not value
    if s.cpu_hotplug_legacy and not value:
        acpi_switch_to_modern_cphp(s.gpe_cpu, s.cpuhp_state, PIIX4_CPU_HOTPLUG_IO_BASE)
    s.cpu_hotplug_legacy = value


@emulates
def piix4_acpi_system_hot_add_init(parent: MemoryRegion, bus: PCIBus, s: PIIX4PMState) -> None:
    """Make the registers of hotplug: events, PCI, CPUs, memory."""
    memory_region_init_io(Ptr(s, "io_gpe"), OBJECT(s), piix4_gpe_ops, s, "acpi-gpe0", GPE_LEN)
    assert s.io_gpe is not None
    memory_region_add_subregion(parent, GPE_BASE, s.io_gpe)
    if s.use_acpi_hotplug_bridge or s.use_acpi_root_pci_hotplug:
        acpi_pcihp_init(OBJECT(s), s.acpi_pci_hotplug, bus, parent, s.use_acpi_hotplug_bridge, ACPI_PCIHP_ADDR_PIIX4)
    s.cpu_hotplug_legacy = True
    object_property_add_bool(OBJECT(s), "cpu-hotplug-legacy", piix4_get_cpu_hotplug_legacy, piix4_set_cpu_hotplug_legacy)
    legacy_acpi_cpu_hotplug_init(parent, OBJECT(s), s.gpe_cpu, PIIX4_CPU_HOTPLUG_IO_BASE)
    if s.acpi_memory_hotplug.is_enabled:
        acpi_memory_hotplug_init(parent, OBJECT(s), s.acpi_memory_hotplug, ACPI_MEMORY_HOTPLUG_BASE)


@emulates(modelled=False)
def piix4_ospm_status(adev: Any, list_: Any) -> None:
    """Report what the guest said of memory and CPUs."""


@emulates
def piix4_send_gpe(adev: Part, ev: int) -> None:
    """Tell the guest of an event."""
    s = PIIX4_PM(adev)
    acpi_send_gpe_event(s.ar, s.irq, ev)
