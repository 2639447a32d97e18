"""The end of a character device that a port or monitor holds (chardev/char-fe.c)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from emu.chardev.char import qemu_chr_be_event
from emu.chardev.char_mux import MAX_MUX, chardev_is_mux, mux_chardev
from emu.chardev.structs import CHARDEV_GET_CLASS, CHR_EVENT_OPENED, CharBackend, Chardev
from emu.chardev.transfer import qemu_chr_write
from emu.qapi.error import error_setg
from emu.qom.object import OBJECT, object_unparent, object_unref
from emu.trace import emulates
from emu.util.gsource import GSource, g_source_attach


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
def qemu_chr_fe_set_handlers_full(
    b: CharBackend,
    fd_can_read: Callable[[Any], int] | None,
    fd_read: Callable[[Any, bytes, int], None] | None,
    fd_event: Callable[[Any, int], None] | None,
    be_change: Callable[[Any], int] | None,
    opaque: Any,
    set_open: bool,
    sync_state: bool,
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

    if set_open:
        qemu_chr_fe_set_open(b, fe_open)

    if fe_open and sync_state and s.be_open:
        qemu_chr_be_event(s, CHR_EVENT_OPENED)


@emulates
def qemu_chr_fe_set_handlers(
    b: CharBackend,
    fd_can_read: Callable[[Any], int] | None,
    fd_read: Callable[[Any, bytes, int], None] | None,
    fd_event: Callable[[Any, int], None] | None,
    opaque: Any,
    be_change: Callable[[Any], int] | None = None,
    *,
    set_open: bool = True,
) -> None:
    """chardev/char-fe.c."""
    qemu_chr_fe_set_handlers_full(b, fd_can_read, fd_read, fd_event, be_change, opaque, set_open, True)


@emulates
def qemu_chr_fe_write_all(be: CharBackend, buf: bytes, len: int) -> int:
    """chardev/char-fe.c. Writes everything; returns how much could be written, or -1."""
    return qemu_chr_write(be.chr, buf, len, True) if be.chr else 0


@emulates
def qemu_chr_fe_read_all(be: CharBackend, len_: int) -> tuple[int, bytes]:
    """chardev/char-fe.c. Reads so many bytes; returns how many there were until the end (-1: an error), and the bytes."""
    s = be.chr
    sync_read = CHARDEV_GET_CLASS(s).chr_sync_read if s else None
    if s is None or sync_read is None:
        return 0, b""
    buf = b""
    while len(buf) < len_:
        res, some = sync_read(s, len_ - len(buf))
        if res < 0:
            return res, buf
        if res == 0:
            break
        buf += some
    return len(buf), buf


@emulates
def qemu_chr_fe_set_msgfds(be: CharBackend, fds: Sequence[int], num: int) -> int:
    """chardev/char-fe.c. The descriptors go with what is written next. Returns -1 if they cannot."""
    set_msgfds = CHARDEV_GET_CLASS(be.chr).set_msgfds if be.chr else None
    return set_msgfds(be.chr, fds, num) if set_msgfds else -1


def qemu_chr_fe_get_driver(be: CharBackend) -> Chardev | None:
    """Return the device (chardev/char-fe.c)."""
    assert be.chr_be_change is None
    return be.chr


def qemu_chr_fe_backend_connected(be: CharBackend) -> bool:
    """Tell whether there is a device (chardev/char-fe.c)."""
    return be.chr is not None


@emulates
def qemu_chr_fe_add_watch(be: CharBackend, cond: int, func: Callable[[Any], bool], user_data: Any) -> GSource | None:
    """chardev/char-fe.c. Calls ``func`` when the condition holds; None if the device has nothing to watch."""
    add_watch = CHARDEV_GET_CLASS(be.chr).chr_add_watch if be.chr else None
    src: GSource | None = add_watch(be.chr, cond) if add_watch else None
    if src is not None:
        g_source_attach(src, func, user_data)
    return src


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
