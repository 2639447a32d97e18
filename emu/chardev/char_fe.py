"""The end of a character device that a port or monitor holds (chardev/char-fe.c)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from emu.chardev.char import qemu_chr_be_event
from emu.chardev.char_mux import MAX_MUX, chardev_is_mux, mux_chardev
from emu.chardev.structs import CHARDEV_GET_CLASS, CHR_EVENT_OPENED, CharBackend, Chardev
from emu.qapi.error import error_setg
from emu.qom.object import OBJECT, object_unparent, object_unref
from emu.trace import emulates


@emulates
def qemu_chr_fe_init(b: CharBackend, s: Chardev | None) -> None:
    """chardev/char-fe.c. Takes hold of a device. Error: another holds it."""
    tag = 0

    if s:
        if chardev_is_mux(s):
            d = mux_chardev(s)

            if d.mux_cnt >= MAX_MUX:
                error_setg(f"Device '{s.label}' is in use")

            d.backends.append(b)
            tag = d.mux_cnt
            d.mux_cnt += 1
        elif s.be:
            error_setg(f"Device '{s.label}' is in use")
        else:
            s.be = b

    b.fe_open = False
    b.tag = tag
    b.chr = s


@emulates
def qemu_chr_fe_deinit(b: CharBackend, del_: bool) -> None:
    """chardev/char-fe.c. Lets go of a device, and deletes it if asked to."""
    chr_ = b.chr
    if chr_:
        qemu_chr_fe_set_handlers(b, None, None, None, None)
        if chr_.be is b:
            chr_.be = None
        if del_:
            obj = OBJECT(chr_)
            if obj.parent:
                object_unparent(obj)
            else:
                object_unref(obj)
        b.chr = None


@emulates
def qemu_chr_fe_set_open(be: CharBackend, fe_open: bool) -> None:
    """chardev/char-fe.c."""
    chr_ = be.chr

    if not chr_ or be.fe_open == fe_open:
        return
    be.fe_open = fe_open
    set_fe_open = CHARDEV_GET_CLASS(chr_).chr_set_fe_open
    if set_fe_open:
        set_fe_open(chr_, fe_open)


@emulates
def qemu_chr_fe_set_handlers(
    b: CharBackend,
    fd_can_read: Callable[[Any], int] | None,
    fd_read: Callable[[Any, bytes, int], None] | None,
    fd_event: Callable[[Any, int], None] | None,
    opaque: Any,
    be_change: Callable[[Any], int] | None = None,
) -> None:
    """chardev/char-fe.c. Says what to call when something arrives; a device that is open already says so at once."""
    s = b.chr
    if not s:
        return

    fe_open = not (opaque is None and fd_can_read is None and fd_read is None and fd_event is None)
    b.chr_can_read = fd_can_read
    b.chr_read = fd_read
    b.chr_event = fd_event
    b.chr_be_change = be_change
    b.opaque = opaque

    update = CHARDEV_GET_CLASS(s).chr_update_read_handler
    if update:
        update(s)

    qemu_chr_fe_set_open(b, fe_open)

    if fe_open and s.be_open:
        qemu_chr_be_event(s, CHR_EVENT_OPENED)


@emulates
def qemu_chr_fe_wait_connected(be: CharBackend) -> int:
    """chardev/char-fe.c. Error: no device, or it cannot be connected."""
    if not be.chr:
        error_setg("missing associated backend")

    wait = CHARDEV_GET_CLASS(be.chr).chr_wait_connected
    return wait(be.chr) if wait else 0


@emulates
def qemu_chr_fe_disconnect(be: CharBackend) -> None:
    """chardev/char-fe.c."""
    chr_ = be.chr

    if chr_:
        disconnect = CHARDEV_GET_CLASS(chr_).chr_disconnect
        if disconnect:
            disconnect(chr_)
