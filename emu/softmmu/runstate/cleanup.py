"""The end of the program (softmmu/runstate.c). Imported by itself: it reaches up to all that is to be given back."""

from __future__ import annotations

from emu.chardev.char import qemu_chr_cleanup
from emu.net.net.startup import net_cleanup
from emu.qom.object_interfaces import user_creatable_cleanup
from emu.softmmu.cpus import vm_shutdown
from emu.trace import emulates


@emulates
def qemu_cleanup() -> None:
    """softmmu/runstate.c. Stops the machine and lets go of the host: network clients, character devices, objects."""
    vm_shutdown()
    net_cleanup()
    qemu_chr_cleanup()
    user_creatable_cleanup()
