"""Tables about the machine for the guest (SMBIOS)."""
