"""The address spaces of the machine (include/exec/address-spaces.h)."""

from emu.softmmu.physmem import address_space_io, address_space_memory, get_system_io, get_system_memory

__all__ = ["address_space_io", "address_space_memory", "get_system_io", "get_system_memory"]
