"""The monitor for people (monitor/hmp.c)."""

from __future__ import annotations

from emu.chardev.char_fe import qemu_chr_fe_init
from emu.chardev.structs import CharBackend, Chardev
from emu.trace import emulates


@emulates
def monitor_init_hmp(chr_: Chardev, use_readline: bool) -> None:
    """monitor/hmp.c. Takes hold of the device; nobody types. Error: another holds it."""
    qemu_chr_fe_init(CharBackend(), chr_)
