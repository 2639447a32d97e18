"""The structs of character devices (include/chardev/char.h, include/chardev/char-fe.h)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Final

from emu.qom.parts import Part, caster, class_getter
from emu.trace import Struct
from emu.util.qemu_option import QemuOpts

TYPE_CHARDEV: Final = "chardev"
TYPE_CHARDEV_MUX: Final = "chardev-mux"

QEMU_CHAR_FEATURE_RECONNECTABLE: Final = 0
QEMU_CHAR_FEATURE_FD_PASS: Final = 1

CHR_EVENT_BREAK: Final = 0
CHR_EVENT_OPENED: Final = 1
CHR_EVENT_MUX_IN: Final = 2
CHR_EVENT_MUX_OUT: Final = 3
CHR_EVENT_CLOSED: Final = 4


class CharBackend(Struct):
    """The end of a character device that a port or monitor holds."""

    chr_event: Callable[[Any, int], None] | None = None
    chr_can_read: Callable[[Any], int] | None = None
    chr_read: Callable[[Any, bytes, int], None] | None = None
    chr_be_change: Callable[[Any], int] | None = None
    opaque: Any = None
    tag: int = 0
    fe_open: bool = False
    chr: Chardev | None = None


class ChardevBackend(Struct):
    """How a character device is to be made (qapi/char.json)."""

    type: str = "null"
    logfile: str | None = None
    logappend: bool = False
    signal: bool = True
    chardev: str | None = None
    width: int = 0
    height: int = 0
    cols: int = 0
    rows: int = 0
    socket: Any = None


class Chardev(Part):
    """A character device."""

    SIZE: ClassVar[int] = 160
    be: CharBackend | None = None
    label: str = ""
    filename: str | None = None
    logfd: int = 0
    be_open: bool = False
    features: int = 0


class ChardevClass(Part):
    """What a kind of character device does. ``open`` returns whether it is open at once."""

    SIZE: ClassVar[int] = 232
    internal: bool = False
    supports_yank: bool = False
    parse: Callable[[QemuOpts, ChardevBackend], None] | None = None
    open: Callable[[Chardev, ChardevBackend | None], bool] | None = None
    chr_write: Callable[[Chardev, bytes, int], int] | None = None
    chr_sync_read: Callable[[Chardev, int], tuple[int, bytes]] | None = None
    chr_add_watch: Callable[..., Any] | None = None
    chr_update_read_handler: Callable[[Chardev], None] | None = None
    chr_ioctl: Callable[..., int] | None = None
    get_msgfds: Callable[..., int] | None = None
    set_msgfds: Callable[..., int] | None = None
    chr_add_client: Callable[[Chardev, int], int] | None = None
    chr_wait_connected: Callable[[Chardev], int] | None = None
    chr_disconnect: Callable[[Chardev], None] | None = None
    chr_accept_input: Callable[[Chardev], None] | None = None
    chr_set_echo: Callable[[Chardev, bool], None] | None = None
    chr_set_fe_open: Callable[[Chardev, bool], None] | None = None
    chr_be_event: Callable[[Chardev, int], None] | None = None


CHARDEV = caster(Chardev, TYPE_CHARDEV)
CHARDEV_CLASS = caster(ChardevClass, TYPE_CHARDEV)
CHARDEV_GET_CLASS = class_getter(ChardevClass)
