"""``-sandbox`` (softmmu/qemu-seccomp.c): that it is understood; nothing here could do what it forbids."""

from __future__ import annotations

from typing import Any, Final

from emu.qapi.error import error_setg
from emu.trace import Struct, emulates, per_run
from emu.util.qemu_option import QEMU_OPT_BOOL, QemuOptDesc, QemuOpts, QemuOptsList, opts_list, qemu_opt_get, qemu_opt_get_bool

VALUES: Final = {
    "obsolete": ("allow", "deny"),
    "elevateprivileges": ("deny", "children", "allow"),
    "spawn": ("deny", "allow"),
    "resourcecontrol": ("deny", "allow"),
}

qemu_sandbox_opts = opts_list(
    "sandbox", implied_opt_name="enable", desc=(QemuOptDesc("enable", QEMU_OPT_BOOL), *(QemuOptDesc(name) for name in VALUES))
)


class SeccompStatics(Struct):
    """The group of options; the recorded program, which was built without seccomp, has it not among the others."""

    opts: QemuOptsList


def _statics() -> SeccompStatics:
    return SeccompStatics(opts=qemu_sandbox_opts())


seccomp_c = per_run(_statics)


@emulates(modelled=False)
def seccomp_start(seccomp_opts: int) -> None:
    """Forbid system calls."""


@emulates
def parse_sandbox(opaque: Any, opts: QemuOpts) -> int:
    """One ``-sandbox``. Error: a word that it does not know."""
    if qemu_opt_get_bool(opts, "enable", False):
        for name, words in VALUES.items():
            value = qemu_opt_get(opts, name)
            if value is not None and value not in words:
                error_setg(f"invalid argument for {name}")
        seccomp_start(0)
    return 0
