"""Interfaces of devices that take part in ACPI (hw/acpi/acpi_interface.c, include/hw/acpi/acpi_dev_interface.h)."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from typing import Any, ClassVar, Final

from emu.hw.core.qdev import DeviceState
from emu.qemu.module import type_init
from emu.qom.object import TYPE_INTERFACE, TypeInfo, interface_class, interface_getter, type_register_static
from emu.qom.parts import Part
from emu.trace import emulates

TYPE_ACPI_DEVICE_IF: Final = "acpi-device-interface"
TYPE_ACPI_DEV_AML_IF: Final = "acpi-dev-aml-interface"


class AcpiEventStatusBits(IntEnum):
    """What the guest is told: a bit of the general purpose event register."""

    ACPI_PCI_HOTPLUG_STATUS = 2
    ACPI_CPU_HOTPLUG_STATUS = 4
    ACPI_MEMORY_HOTPLUG_STATUS = 8
    ACPI_NVDIMM_HOTPLUG_STATUS = 16
    ACPI_VMGENID_CHANGE_STATUS = 32
    ACPI_POWER_DOWN_STATUS = 64


class AcpiDeviceIfClass(Part):
    """The methods of the device that has the ACPI registers."""

    SIZE: ClassVar[int] = 136
    ospm_status: Callable[..., None] | None = None
    send_event: Callable[[Any, int], None] | None = None
    madt_cpu: Callable[..., None] | None = None


class AcpiDevAmlIfClass(Part):
    """The method of devices that describe themselves in ACPI's language."""

    SIZE: ClassVar[int] = 120
    build_dev_aml: Callable[[Any, Any], None] | None = None


ACPI_DEVICE_IF_CLASS = interface_class(AcpiDeviceIfClass, TYPE_ACPI_DEVICE_IF)
ACPI_DEVICE_IF_GET_CLASS = interface_getter(AcpiDeviceIfClass, TYPE_ACPI_DEVICE_IF)
ACPI_DEV_AML_IF_CLASS = interface_class(AcpiDevAmlIfClass, TYPE_ACPI_DEV_AML_IF)

acpi_dev_if_info: Final = TypeInfo(name=TYPE_ACPI_DEVICE_IF, parent=TYPE_INTERFACE, class_=AcpiDeviceIfClass)
acpi_dev_aml_if_info: Final = TypeInfo(name=TYPE_ACPI_DEV_AML_IF, parent=TYPE_INTERFACE, class_=AcpiDevAmlIfClass)


@emulates
def acpi_send_event(dev: DeviceState, event: AcpiEventStatusBits) -> None:
    """Have the guest told of an event."""
    adevc = ACPI_DEVICE_IF_GET_CLASS(dev)
    if adevc.send_event is not None:
        adevc.send_event(dev, event)


@emulates(file="hw/i386/acpi-common.c", modelled=False)
def pc_madt_cpu_entry(adev: Any, uid: int, apic_ids: Any, entry: Any, force_enabled: bool) -> None:
    """Describe a CPU in the interrupt controller table."""


@type_init
@emulates
def register_types() -> None:
    """Register the interfaces."""
    type_register_static(acpi_dev_if_info)
    type_register_static(acpi_dev_aml_if_info)
