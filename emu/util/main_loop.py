"""What waits in the main loop (include/qemu/main-loop.h, util/main-loop.c). The loop itself is not run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from emu.trace import Map, Seq, Struct, mapping, per_run, seq
from emu.util.notify import Notifier, notifier_list_add, notifier_remove

IOHandler = Callable[[Any], None]


class FdHandler(Struct):
    """What to call when a descriptor can be read or written (``AioHandler``)."""

    fd: int
    io_read: IOHandler | None = None
    io_write: IOHandler | None = None
    opaque: Any = None


class MainLoop(Struct):
    """The static variables of util/main-loop.c."""

    handlers: Map[FdHandler] = mapping()
    main_loop_poll_notifiers: Seq[Notifier] = seq()
    pending: Seq[Struct] = seq()
    """Tasks (``QIOTask``) that the loop has not come to yet."""


main_loop = per_run(MainLoop)


def qemu_notify_event() -> None:
    """Wake the main loop (util/main-loop.c); it does not sleep here."""


def qemu_fd_register(fd: int) -> None:
    """Watch a socket (util/main-loop.c); only Windows has anything to do."""


def qemu_set_fd_handler(fd: int, fd_read: IOHandler | None, fd_write: IOHandler | None, opaque: Any) -> None:
    """Say what to call when a descriptor can be read or written; None and None: nothing any more (util/main-loop.c)."""
    handlers = main_loop().handlers
    key = str(fd)
    if fd_read is None and fd_write is None:
        if key in handlers:
            del handlers[key]
        return
    known = handlers.get(key)
    if known is None:
        handlers[key] = FdHandler(fd=fd, io_read=fd_read, io_write=fd_write, opaque=opaque)
        return
    known.io_read, known.io_write, known.opaque = fd_read, fd_write, opaque


def main_loop_poll_add_notifier(notify: Notifier) -> None:
    """Add a function to be called before and after each wait (util/main-loop.c)."""
    notifier_list_add(main_loop().main_loop_poll_notifiers, notify)


def main_loop_poll_remove_notifier(notify: Notifier) -> None:
    """Take it out again (util/main-loop.c)."""
    notifier_remove(main_loop().main_loop_poll_notifiers, notify)
