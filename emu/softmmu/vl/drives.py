"""Disk images of the command line (softmmu/vl.c): the simulated host has none."""

from __future__ import annotations

import errno
import os
from typing import Final

from emu.errors import NotModelled
from emu.host import host
from emu.host.files import host_files
from emu.qapi.error import error_fatal, error_setg
from emu.trace import Seq, Struct, emulates, per_run, seq
from emu.util.error_report import Location, loc_pop, loc_push_restore, loc_save

HD_OPTS: Final = "media=disk"
CDROM_OPTS: Final = "media=cdrom"


class DriveOption(Struct):
    """An image that the command line names, and where it does."""

    file: str = ""
    optstr: str = ""
    loc: Location


class DriveOptions(Struct):
    """All of them, in the order of the command line."""

    drives: Seq[DriveOption] = seq()


drive_options = per_run(DriveOptions)


@emulates
def drive_add(file: str, optstr: str) -> None:
    """softmmu/vl.c. Notes an image."""
    drive_options().drives.append(DriveOption(file=file, optstr=optstr, loc=loc_save()))


@emulates
def drive_init_func(option: DriveOption) -> None:
    """softmmu/vl.c. Error: there is no such file. NotModelled: there is, or it is somewhere else."""
    if ":" in option.file or option.file in host().files or option.file in host_files().texts:
        raise NotModelled(f"a disk image ({option.file})")
    if not option.file:
        raise NotModelled("a disk image without a name")
    error_setg(f"Could not open '{option.file}': {os.strerror(errno.ENOENT)}")


def open_drives() -> None:
    """Open every image; the first that is not there ends the program."""
    for option in drive_options().drives:
        loc_push_restore(option.loc)
        with error_fatal():
            drive_init_func(option)
        loc_pop(option.loc)
