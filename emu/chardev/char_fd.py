"""Character devices on descriptors (chardev/char-fd.c)."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from emu.chardev.structs import CHARDEV_CLASS, TYPE_CHARDEV, Chardev
from emu.host.outside import outside
from emu.qemu.module import type_init
from emu.qom.object import Object, ObjectClass, TypeInfo, type_register_static
from emu.qom.parts import Part
from emu.trace import emulates

TYPE_CHARDEV_FD: Final = "chardev-fd"


class FDChardev(Part):
    """A device on descriptors (include/chardev/char-fd.h)."""

    SIZE: ClassVar[int] = 184
    max_size: int = 0


@emulates(modelled=False)
def char_fd_finalize(obj: Object) -> None:
    """chardev/char-fd.c. Closes the descriptors."""


@emulates
def fd_chr_write(chr_: Chardev, buf: bytes, len: int) -> int:
    """chardev/char-fd.c. Of the devices on descriptors, only that on standard output is there."""
    return outside().output(buf)


@emulates
def char_fd_class_init(oc: ObjectClass, data: Any) -> None:
    """chardev/char-fd.c."""
    CHARDEV_CLASS(oc).chr_write = fd_chr_write


char_fd_type_info = TypeInfo(
    name=TYPE_CHARDEV_FD,
    parent=TYPE_CHARDEV,
    instance=FDChardev,
    instance_finalize=char_fd_finalize,
    class_init=char_fd_class_init,
    abstract=True,
)


@type_init
@emulates
def register_types() -> None:
    """chardev/char-fd.c."""
    type_register_static(char_fd_type_info)
