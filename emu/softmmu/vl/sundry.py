"""Options about images, firmware and what the program may do (softmmu/vl.c)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from emu.errors import NotModelled, QemuExit
from emu.qobject.qdict import qdict_put_str
from emu.softmmu.qemu_seccomp import seccomp_c
from emu.softmmu.vl.drives import CDROM_OPTS, HD_OPTS, drive_add
from emu.softmmu.vl.structs import vl_c
from emu.util.qemu_option import is_help_option, qemu_opts_parse_noisily

Handler = Callable[[str], None]


def _sandbox(optarg: str) -> None:
    if qemu_opts_parse_noisily(seccomp_c().opts, optarg, True) is None:
        raise QemuExit(1)


def _firmware_folder(optarg: str) -> None:
    # the firmware that QEMU brings stays where it is
    if is_help_option(optarg):
        raise NotModelled("-L help")


def _vnc(optarg: str) -> None:
    if optarg != "none":
        raise NotModelled("-vnc")


def _machine_setting(key: str) -> Handler:
    """Return the handler of an option whose argument is a property of the machine."""

    def handle(optarg: str) -> None:
        qdict_put_str(vl_c().machine_opts_dict, key, optarg)

    return handle


def _image(optstr: str) -> Handler:
    """Return the handler of an option that names a disk image."""

    def handle(optarg: str) -> None:
        drive_add(optarg, optstr)

    return handle


SUNDRY: Final[dict[str, Handler]] = {
    **{name: _image(HD_OPTS) for name in ("hda", "hdb", "hdc", "hdd")},
    **{name: _image("") for name in ("fda", "fdb")},
    "cdrom": _image(CDROM_OPTS),
    **{name: _machine_setting(name) for name in ("kernel", "initrd", "append", "dtb")},
    "bios": _machine_setting("firmware"),
    "sandbox": _sandbox,
    "L": _firmware_folder,
    "vnc": _vnc,
}
"""What each of them does, by index."""
