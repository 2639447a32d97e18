"""The character device of the program's own input and output (chardev/char-stdio.c)."""

from __future__ import annotations

from typing import Any

from emu.chardev.char import qemu_chr_parse_common
from emu.chardev.char_fd import TYPE_CHARDEV_FD
from emu.chardev.structs import CHARDEV_CLASS, Chardev, ChardevBackend
from emu.qapi.error import error_setg
from emu.qemu.module import type_init
from emu.qom.object import Object, ObjectClass, TypeInfo, type_register_static
from emu.trace import Struct, emulates, per_run
from emu.util.qemu_option import QemuOpts, qemu_opt_get_bool


class StdioStatics(Struct):
    """The static variables of chardev/char-stdio.c."""

    stdio_in_use: bool = False
    stdio_allow_signal: bool = False


stdio_c = per_run(StdioStatics)


@emulates
def qemu_chr_open_stdio(chr_: Chardev, backend: ChardevBackend | None) -> bool:
    """chardev/char-stdio.c. Error: it is in use."""
    if stdio_c().stdio_in_use:
        error_setg("cannot use stdio by multiple character devices")

    stdio_c().stdio_in_use = True
    assert backend
    stdio_c().stdio_allow_signal = backend.signal
    return True


@emulates
def qemu_chr_parse_stdio(opts: QemuOpts, backend: ChardevBackend) -> None:
    """chardev/char-stdio.c."""
    backend.type = "stdio"
    qemu_chr_parse_common(opts, backend)
    backend.signal = qemu_opt_get_bool(opts, "signal", True)


@emulates(modelled=False)
def qemu_chr_set_echo_stdio(chr_: Chardev, echo: bool) -> None:
    """chardev/char-stdio.c. Switches the terminal."""


@emulates(modelled=False)
def char_stdio_finalize(obj: Object) -> None:
    """chardev/char-stdio.c. Restores the terminal."""


@emulates
def char_stdio_class_init(oc: ObjectClass, data: Any) -> None:
    """chardev/char-stdio.c."""
    cc = CHARDEV_CLASS(oc)

    cc.parse = qemu_chr_parse_stdio
    cc.open = qemu_chr_open_stdio
    cc.chr_set_echo = qemu_chr_set_echo_stdio


char_stdio_type_info = TypeInfo(
    name="chardev-stdio",
    parent=TYPE_CHARDEV_FD,
    instance_finalize=char_stdio_finalize,
    class_init=char_stdio_class_init,
)


@type_init
@emulates
def register_types() -> None:
    """chardev/char-stdio.c."""
    type_register_static(char_stdio_type_info)
