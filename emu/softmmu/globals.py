"""Global variables that many files share (softmmu/globals.c)."""

from __future__ import annotations

from typing import Any, Final

from emu.net.net.structs import MAX_NICS, NICInfo
from emu.trace import Seq, Struct, embedded, per_run, seq
from emu.util.uuid import QemuUUID

VGA_NONE: Final = 0
VGA_STD: Final = 1
VGA_CIRRUS: Final = 2
VGA_VMWARE: Final = 3
VGA_XENFB: Final = 4
VGA_QXL: Final = 5
VGA_TCX: Final = 6
VGA_CG3: Final = 7
VGA_DEVICE: Final = 8
VGA_VIRTIO: Final = 9
VGA_TYPE_MAX: Final = 10


class Globals(Struct):
    """The variables of softmmu/globals.c that something here reads."""

    enable_mlock: bool = False
    enable_cpu_pm: bool = False
    nb_nics: int = 0
    nd_table: Seq[NICInfo] = seq()
    autostart: int = 1
    vga_interface_type: int = VGA_NONE
    vga_interface_created: bool = False
    parallel_hds: Seq[Any] = seq()
    fd_bootchk: int = 1
    qemu_name: str | None = None
    qemu_uuid: QemuUUID = embedded(QemuUUID)
    qemu_uuid_set: bool = False


def _globals() -> Globals:
    made = Globals()
    for _ in range(MAX_NICS):
        made.nd_table.append(NICInfo())
    return made


globals_c = per_run(_globals)
