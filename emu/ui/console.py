"""Text consoles in a window, as character devices (ui/console.c)."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from emu.chardev.char import qemu_chr_parse_common
from emu.chardev.structs import CHARDEV_CLASS, TYPE_CHARDEV, Chardev, ChardevBackend
from emu.qom.object import ObjectClass, TypeInfo, object_class_by_name, type_register
from emu.qom.parts import Part
from emu.trace import emulates
from emu.util.qemu_option import QemuOpts, qemu_opt_get_number

TYPE_CHARDEV_VC: Final = "chardev-vc"


class VCChardev(Part):
    """A text console (ui/console.c)."""

    SIZE: ClassVar[int] = 168
    console: Any = None


@emulates
def qemu_chr_parse_vc(opts: QemuOpts, backend: ChardevBackend) -> None:
    """ui/console.c."""
    backend.type = "vc"
    qemu_chr_parse_common(opts, backend)
    for name in ("width", "height", "cols", "rows"):
        val = qemu_opt_get_number(opts, name, 0)
        if val != 0:
            setattr(backend, name, val)


@emulates
def vc_chr_open(chr_: Chardev, backend: ChardevBackend | None) -> bool:
    """ui/console.c. Its picture is left out."""
    return True


@emulates
def char_vc_class_init(oc: ObjectClass, data: Any) -> None:
    """ui/console.c. What carries bytes is left out."""
    cc = CHARDEV_CLASS(oc)

    cc.parse = qemu_chr_parse_vc
    cc.open = vc_chr_open


char_vc_type_info = TypeInfo(name=TYPE_CHARDEV_VC, parent=TYPE_CHARDEV, instance=VCChardev, class_init=char_vc_class_init)


@emulates
def qemu_console_early_init() -> None:
    """ui/console.c. Registers the text console, unless the window brings its own."""
    if not object_class_by_name(TYPE_CHARDEV_VC):
        type_register(char_vc_type_info)
