"""The start of the program (softmmu/vl.c)."""

from emu.softmmu.vl.init import qemu_init
from emu.softmmu.vl.monitors import serial_hd
from emu.softmmu.vl.structs import vl_c

__all__ = ["qemu_init", "serial_hd", "vl_c"]
