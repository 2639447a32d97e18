"""A character device that several share (chardev/char-mux.c)."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from emu.chardev.char import qemu_chr_find, qemu_chr_parse_common
from emu.chardev.structs import (
    CHARDEV_CLASS,
    TYPE_CHARDEV,
    TYPE_CHARDEV_MUX,
    CharBackend,
    Chardev,
    ChardevBackend,
)
from emu.qapi.error import error_setg
from emu.qemu.module import type_init
from emu.qom.object import OBJECT, Object, ObjectClass, TypeInfo, object_dynamic_cast, type_register_static
from emu.qom.parts import Part, caster
from emu.trace import Seq, embedded, emulates, seq
from emu.util.qemu_option import QemuOpts, qemu_opt_get

MAX_MUX: Final = 4


class MuxChardev(Part):
    """A shared device (chardev/chardev-internal.h)."""

    SIZE: ClassVar[int] = 440
    backends: Seq[CharBackend] = seq()
    chr: CharBackend = embedded(CharBackend)
    focus: int = 0
    mux_cnt: int = 0


mux_chardev = caster(MuxChardev, TYPE_CHARDEV_MUX)


def chardev_is_mux(chr_: Chardev) -> bool:
    """Tell whether a device is a shared one (``CHARDEV_IS_MUX``)."""
    return object_dynamic_cast(OBJECT(chr_), TYPE_CHARDEV_MUX) is not None


@emulates
def qemu_chr_open_mux(chr_: Chardev, backend: ChardevBackend | None) -> bool:
    """chardev/char-mux.c. Error: the device below is not there, or another holds it."""
    from emu.chardev.char_fe import qemu_chr_fe_init

    assert backend
    assert backend.chardev is not None
    drv = qemu_chr_find(backend.chardev)
    d = mux_chardev(chr_)

    if drv is None:
        error_setg(f"mux: base chardev {backend.chardev} not found")

    d.focus = -1
    qemu_chr_fe_init(d.chr, drv)
    # Only what is below opens it.
    return drv.be_open


@emulates
def qemu_chr_parse_mux(opts: QemuOpts, backend: ChardevBackend) -> None:
    """chardev/char-mux.c. Error: no device below is named."""
    chardev = qemu_opt_get(opts, "chardev")

    if chardev is None:
        error_setg("chardev: mux: no chardev given")
    backend.type = "mux"
    qemu_chr_parse_common(opts, backend)
    backend.chardev = chardev


@emulates(modelled=False)
def char_mux_finalize(obj: Object) -> None:
    """chardev/char-mux.c. Lets the device below and all who share it go."""


@emulates
def char_mux_class_init(oc: ObjectClass, data: Any) -> None:
    """chardev/char-mux.c. What carries bytes is left out."""
    cc = CHARDEV_CLASS(oc)

    cc.parse = qemu_chr_parse_mux
    cc.open = qemu_chr_open_mux


char_mux_type_info = TypeInfo(
    name=TYPE_CHARDEV_MUX,
    parent=TYPE_CHARDEV,
    class_init=char_mux_class_init,
    instance=MuxChardev,
    instance_finalize=char_mux_finalize,
)


@type_init
@emulates
def register_types() -> None:
    """chardev/char-mux.c."""
    type_register_static(char_mux_type_info)
