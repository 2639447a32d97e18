"""The monitor for programs (monitor/qmp.c)."""

from __future__ import annotations

from emu.chardev.char_fe import qemu_chr_fe_init
from emu.chardev.structs import CharBackend, Chardev
from emu.trace import emulates


@emulates
def monitor_init_qmp(chr_: Chardev, pretty: bool) -> None:
    """monitor/qmp.c. Takes hold of the device; nothing is asked. Error: another holds it."""
    qemu_chr_fe_init(CharBackend(), chr_)
