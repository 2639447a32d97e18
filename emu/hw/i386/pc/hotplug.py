"""What a PC does about devices that it answers for itself: CPUs, memory, IOMMUs (hw/i386/pc.c)."""

from __future__ import annotations

from emu.errors import NotModelled
from emu.hw.core.hotplug import HotplugHandler
from emu.hw.core.machine import MachineState
from emu.hw.core.qdev import DeviceState
from emu.hw.i386.pc.structs import PC_MACHINE
from emu.hw.i386.x86 import x86_cpu_plug, x86_cpu_pre_plug, x86_cpu_unplug_cb, x86_cpu_unplug_request_cb
from emu.qapi.error import error_setg
from emu.qom.object import (
    OBJECT,
    object_dynamic_cast,
    object_get_typename,
    object_property_set_str,
    object_property_set_uint,
)
from emu.qom.parts import Part
from emu.trace import emulates

TYPE_PC_DIMM = "pc-dimm"
TYPE_CPU = "cpu"
TYPE_VIRTIO_PMEM_PCI = "virtio-pmem-pci"
TYPE_VIRTIO_MEM_PCI = "virtio-mem-pci"
TYPE_VIRTIO_IOMMU_PCI = "virtio-iommu-pci"
TYPE_X86_IOMMU_DEVICE = "x86-iommu"
VIRTIO_IOMMU_RESV_MEM_T_MSI = 1

ANSWERED_FOR = (
    TYPE_PC_DIMM,
    TYPE_CPU,
    TYPE_VIRTIO_PMEM_PCI,
    TYPE_VIRTIO_MEM_PCI,
    TYPE_VIRTIO_IOMMU_PCI,
    TYPE_X86_IOMMU_DEVICE,
)


def is_a(dev: Part, *types: str) -> bool:
    """Tell whether a device is of one of several types."""
    return any(object_dynamic_cast(OBJECT(dev), name) is not None for name in types)


@emulates
def pc_get_hotplug_handler(machine: MachineState, dev: DeviceState) -> HotplugHandler | None:
    """Return the machine for devices that it answers for; the others are their bus's matter."""
    return machine if is_a(dev, *ANSWERED_FOR) else None


@emulates
def pc_machine_device_pre_plug_cb(hotplug_dev: Part, dev: DeviceState) -> None:
    """Check a device before it is realized. Error: it does not fit. NotModelled: memory devices."""
    if is_a(dev, TYPE_PC_DIMM, TYPE_VIRTIO_PMEM_PCI, TYPE_VIRTIO_MEM_PCI):
        raise NotModelled("memory devices")
    if is_a(dev, TYPE_CPU):
        x86_cpu_pre_plug(hotplug_dev, dev)
    elif is_a(dev, TYPE_VIRTIO_IOMMU_PCI):
        resv_prop_str = f"0xfee00000:0xfeefffff:{VIRTIO_IOMMU_RESV_MEM_T_MSI}"
        object_property_set_uint(OBJECT(dev), "len-reserved-regions", 1)
        object_property_set_str(OBJECT(dev), "reserved-regions[0]", resv_prop_str)
    if is_a(dev, TYPE_X86_IOMMU_DEVICE, TYPE_VIRTIO_IOMMU_PCI):
        pcms = PC_MACHINE(hotplug_dev)
        if pcms.iommu is not None:
            error_setg("QEMU does not support multiple vIOMMUs for x86 yet.")
        pcms.iommu = dev


@emulates
def pc_machine_device_plug_cb(hotplug_dev: Part, dev: DeviceState) -> None:
    """Take in a device that is realized."""
    if is_a(dev, TYPE_CPU):
        x86_cpu_plug(hotplug_dev, dev)


@emulates
def pc_machine_device_unplug_request_cb(hotplug_dev: Part, dev: DeviceState) -> None:
    """Ask the guest to let a device go. Error: it can't be unplugged."""
    if is_a(dev, TYPE_CPU):
        x86_cpu_unplug_request_cb(hotplug_dev, dev)
    else:
        error_setg(f"acpi: device unplug request for not supported device type: {object_get_typename(OBJECT(dev))}")


@emulates
def pc_machine_device_unplug_cb(hotplug_dev: Part, dev: DeviceState) -> None:
    """Take a device away. Error: it can't be unplugged."""
    if is_a(dev, TYPE_CPU):
        x86_cpu_unplug_cb(hotplug_dev, dev)
    else:
        error_setg(f"acpi: device unplug for not supported device type: {object_get_typename(OBJECT(dev))}")


@emulates
def pc_hotplug_allowed(ms: MachineState, dev: DeviceState) -> bool:
    """Allow every device: only assigned host devices behind an Intel IOMMU, which is not modelled, are refused."""
    return True
