"""What the ICH9's power management has to do with hotplug (hw/acpi/ich9.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from emu.errors import NotModelled
from emu.hw.acpi.cpu import acpi_cpu_plug_cb, acpi_cpu_unplug_cb, acpi_cpu_unplug_request_cb
from emu.hw.acpi.cpu_hotplug import legacy_acpi_cpu_plug_cb
from emu.hw.acpi.pcihp import (
    acpi_pcihp_device_plug_cb,
    acpi_pcihp_device_pre_plug_cb,
    acpi_pcihp_device_unplug_cb,
    acpi_pcihp_device_unplug_request_cb,
)
from emu.hw.core.qdev import DeviceState
from emu.hw.pci.pci import TYPE_PCI_DEVICE
from emu.qapi.error import Error, error_append_hint, error_setg
from emu.qom.object import OBJECT, object_dynamic_cast, object_get_typename
from emu.qom.parts import Part
from emu.trace import emulates

if TYPE_CHECKING:
    from emu.hw.isa.lpc_ich9 import ICH9LPCState
from emu.hw.acpi.ich9.properties import power_management

TYPE_CPU: Final = "cpu"
TYPE_PC_DIMM: Final = "pc-dimm"
SMI_F_BROADCAST: Final = 1 << 0
SMI_F_CPU_HOTPLUG: Final = 1 << 1
SMI_F_CPU_HOT_UNPLUG: Final = 1 << 2


def is_a(dev: Part, name: str) -> bool:
    """Tell whether a device is of a type."""
    return object_dynamic_cast(OBJECT(dev), name) is not None


def _refuse(message: str, hint: str) -> None:
    try:
        error_setg(message)
    except Error as err:
        error_append_hint(err, hint)
        raise


def _negotiated(hotplug_dev: Part) -> int:
    from emu.hw.isa.lpc_ich9 import ICH9_LPC_DEVICE  # the device has these registers

    lpc: ICH9LPCState = ICH9_LPC_DEVICE(hotplug_dev)
    return lpc.smi_negotiated_features


@emulates
def ich9_pm_device_pre_plug_cb(hotplug_dev: Part, dev: DeviceState) -> None:
    """Check a device before it is realized. Error: it can't be plugged."""
    if is_a(dev, TYPE_PCI_DEVICE):
        acpi_pcihp_device_pre_plug_cb(hotplug_dev, dev)
        return
    if is_a(dev, TYPE_PC_DIMM) and not power_management(hotplug_dev).acpi_memory_hotplug.is_enabled:
        name = object_get_typename(OBJECT(hotplug_dev))
        error_setg(f"memory hotplug is not enabled: {name}.memory-hotplug-support is not set")
    elif is_a(dev, TYPE_CPU):
        negotiated = _negotiated(hotplug_dev)
        if negotiated & SMI_F_BROADCAST and not negotiated & SMI_F_CPU_HOTPLUG:
            _refuse(
                "cpu hotplug with SMI wasn't enabled by firmware",
                "update machine type to newer than 5.1 and firmware that suppors CPU hotplug with SMM",
            )


@emulates
def ich9_pm_device_plug_cb(hotplug_dev: Part, dev: DeviceState) -> None:
    """Take in a device that is realized. NotModelled: memory."""
    pm = power_management(hotplug_dev)
    if is_a(dev, TYPE_PC_DIMM):
        raise NotModelled("memory devices")
    if is_a(dev, TYPE_CPU):
        if pm.cpu_hotplug_legacy:
            legacy_acpi_cpu_plug_cb(hotplug_dev, pm.gpe_cpu, dev)
        else:
            acpi_cpu_plug_cb(hotplug_dev, pm.cpuhp_state, dev)
    elif is_a(dev, TYPE_PCI_DEVICE):
        acpi_pcihp_device_plug_cb(hotplug_dev, pm.acpi_pci_hotplug, dev)
    else:
        error_setg(f"acpi: device plug request for not supported device type: {object_get_typename(OBJECT(dev))}")


@emulates
def ich9_pm_device_unplug_request_cb(hotplug_dev: Part, dev: DeviceState) -> None:
    """Ask the guest to let a device go. Error: it can't be unplugged."""
    pm = power_management(hotplug_dev)
    if is_a(dev, TYPE_CPU) and not pm.cpu_hotplug_legacy:
        negotiated = _negotiated(hotplug_dev)
        if negotiated & SMI_F_BROADCAST and not negotiated & SMI_F_CPU_HOT_UNPLUG:
            _refuse(
                "cpu hot-unplug with SMI wasn't enabled by firmware",
                "update machine type to a version having x-smi-cpu-hotunplug=on and firmware that supports "
                "CPU hot-unplug with SMM",
            )
        acpi_cpu_unplug_request_cb(hotplug_dev, pm.cpuhp_state, dev)
    elif is_a(dev, TYPE_PCI_DEVICE):
        acpi_pcihp_device_unplug_request_cb(hotplug_dev, pm.acpi_pci_hotplug, dev)
    else:
        error_setg(f"acpi: device unplug request for not supported device type: {object_get_typename(OBJECT(dev))}")


@emulates
def ich9_pm_device_unplug_cb(hotplug_dev: Part, dev: DeviceState) -> None:
    """Take a device away. Error: it can't be unplugged."""
    pm = power_management(hotplug_dev)
    if is_a(dev, TYPE_CPU) and not pm.cpu_hotplug_legacy:
        acpi_cpu_unplug_cb(pm.cpuhp_state, dev)
    elif is_a(dev, TYPE_PCI_DEVICE):
        acpi_pcihp_device_unplug_cb(hotplug_dev, pm.acpi_pci_hotplug, dev)
    else:
        error_setg(f"acpi: device unplug for not supported device type: {object_get_typename(OBJECT(dev))}")


@emulates(modelled=False)
def ich9_pm_ospm_status(adev: Any, list_: Any) -> None:
    """Report what the guest said of memory and CPUs."""
