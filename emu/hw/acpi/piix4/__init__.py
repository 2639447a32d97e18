"""The PIIX4's power management function (hw/acpi/piix4.c)."""

from emu.hw.acpi.piix4.device import piix4_pm_register_types
from emu.hw.acpi.piix4.structs import PIIX4_PM, TYPE_PIIX4_PM, PIIX4PMState

__all__ = ["PIIX4_PM", "TYPE_PIIX4_PM", "PIIX4PMState", "piix4_pm_register_types"]
