"""ACPI as hardware: registers and hotplug."""
