"""A character device that leads nowhere (chardev/char-null.c)."""

from __future__ import annotations

from typing import Any

from emu.chardev.structs import CHARDEV_CLASS, TYPE_CHARDEV, Chardev, ChardevBackend
from emu.qemu.module import type_init
from emu.qom.object import ObjectClass, TypeInfo, type_register_static
from emu.trace import emulates


@emulates
def null_chr_open(chr_: Chardev, backend: ChardevBackend | None) -> bool:
    """chardev/char-null.c. It never opens."""
    return False


@emulates
def char_null_class_init(oc: ObjectClass, data: Any) -> None:
    """chardev/char-null.c."""
    CHARDEV_CLASS(oc).open = null_chr_open


char_null_type_info = TypeInfo(name="chardev-null", parent=TYPE_CHARDEV, class_init=char_null_class_init)


@type_init
@emulates
def register_types() -> None:
    """chardev/char-null.c."""
    type_register_static(char_null_type_info)
