"""Power management of the ICH9 (hw/acpi/ich9.c)."""

from emu.hw.acpi.ich9.hotplug import (
    ich9_pm_device_plug_cb,
    ich9_pm_device_pre_plug_cb,
    ich9_pm_device_unplug_cb,
    ich9_pm_device_unplug_request_cb,
    ich9_pm_ospm_status,
)
from emu.hw.acpi.ich9.properties import ich9_pm_add_properties
from emu.hw.acpi.ich9.registers import ICH9LPCPMRegs, ich9_pm_init, ich9_pm_iospace_update

__all__ = [
    "ICH9LPCPMRegs",
    "ich9_pm_add_properties",
    "ich9_pm_device_plug_cb",
    "ich9_pm_device_pre_plug_cb",
    "ich9_pm_device_unplug_cb",
    "ich9_pm_device_unplug_request_cb",
    "ich9_pm_init",
    "ich9_pm_iospace_update",
    "ich9_pm_ospm_status",
]
