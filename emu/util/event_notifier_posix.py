"""Event notifiers (util/event_notifier-posix.c): an eventfd of the simulated host, and whom the main loop tells of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from emu.host.descriptors import Descriptor, SimulatedError, host
from emu.trace import Struct, emulates
from emu.util.main_loop import qemu_set_fd_handler


class EventFd(Descriptor):
    """An eventfd: a number that writes add to and a read takes away."""

    count: int = 0


class EventNotifier(Struct):
    """Something that one side sets and the other notices (include/qemu/event_notifier.h)."""

    rfd: int = 0
    wfd: int = 0
    initialized: bool = False


EventNotifierHandler = Callable[[EventNotifier], None]


def behind(e: EventNotifier) -> EventFd:
    """Return the eventfd of a notifier."""
    return cast(EventFd, host().get(e.rfd))


@emulates
def event_notifier_init(e: EventNotifier, active: bool) -> int:
    """Open a notifier, set already if ``active``; 0 or a negative errno."""
    try:
        fd = host().open(EventFd(nonblocking=True))
    except SimulatedError as err:
        return -err.errno
    e.rfd = fd
    e.wfd = fd
    e.initialized = True
    if active:
        event_notifier_set(e)
    return 0


@emulates
def event_notifier_cleanup(e: EventNotifier) -> None:
    """Close a notifier."""
    if not e.initialized:
        return
    host().close(e.rfd)
    e.rfd = -1
    e.wfd = -1
    e.initialized = False


@emulates
def event_notifier_set(e: EventNotifier) -> int:
    """Set a notifier; 0, or -1 if it is not open."""
    if not e.initialized:
        return -1
    behind(e).count += 1
    return 0


@emulates
def event_notifier_test_and_clear(e: EventNotifier) -> bool:
    """Return whether a notifier was set, and clear it."""
    if not e.initialized:
        return False
    was_set = behind(e).count > 0
    if was_set:
        behind(e).count = 0
    return was_set


@emulates(file="util/main-loop.c")
def event_notifier_set_handler(e: EventNotifier, handler: EventNotifierHandler | None) -> None:
    """Say what the main loop calls when a notifier is set; None: nothing any more."""
    qemu_set_fd_handler(e.rfd, handler, None, e)
