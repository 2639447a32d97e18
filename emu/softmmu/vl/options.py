"""The options of the command line, one after the other (softmmu/vl.c)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from emu.errors import NotModelled, QemuExit
from emu.qemu_options import HAS_ARG, QEMUOption, qemu_options
from emu.softmmu.vl.handlers import HANDLERS
from emu.trace import emulates
from emu.util.error_report import error_report, loc_set_cmdline

NOT_MODELLED: Final = frozenset(
    {
        "acpitable", "add_fd", "asyncteardown", "audio", "audio_help", "audiodev", "blockdev",
        "chroot", "compat", "d", "daemonize", "debugcon", "DFILTER", "drive", "dump_vmstate",
        "fsdev", "fwcfg", "gdb", "h", "icount", "incoming", "iscsi",
        "loadvm", "mtdblock", "option_rom", "pflash", "plugin", "preconfig", "runas", "s", "sd",
        "smbios", "snapshot", "spice", "tpmdev", "trace", "usbdevice", "virtfs",
    }
)  # fmt: skip
"""Options whose effect is not modelled, by index."""

NO_EFFECT: Final = frozenset(
    {
        "D", "portrait", "full_screen", "singlestep", "k", "win2k_hack", "enable_sync_profile", "nouserconfig",
    }
)  # fmt: skip
"""Options that change nothing of what is modelled."""


@emulates
def lookup_opt(argv: Sequence[str], optind: int) -> tuple[QEMUOption, str | None, int]:
    """softmmu/vl.c. Returns the option at a place, its argument, and the place of the next; exits after a message."""
    r = argv[optind]

    loc_set_cmdline(argv, optind, 1)
    optind += 1
    # --foo is the same as -foo.
    name = r[2:] if r[1:2] == "-" else r[1:]
    popt = next((option for option in qemu_options if option.name == name), None)
    if popt is None:
        error_report("invalid option")
        raise QemuExit(1)
    optarg: str | None = None
    if popt.flags & HAS_ARG:
        if optind >= len(argv):
            error_report("requires an argument")
            raise QemuExit(1)
        optarg = argv[optind]
        optind += 1
        loc_set_cmdline(argv, optind - 2, 2)

    return popt, optarg, optind


def handle_option(popt: QEMUOption, optarg: str | None) -> None:
    """Do what an option says. NotModelled: its effect is not modelled."""
    if popt.index in NO_EFFECT:
        return
    if popt.index in NOT_MODELLED:
        raise NotModelled(f"-{popt.name}")
    HANDLERS[popt.index](optarg or "")
