"""Lists of callbacks (util/notify.c, include/qemu/notify.h). The one added last is called first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from emu.trace import Seq, Struct, emulates


class Notifier(Struct):
    """A callback, embedded in what it belongs to: ``container_of`` finds that."""

    notify: Callable[[Notifier, Any], None] | None = None


@emulates
def notifier_list_add(notifiers: Seq[Notifier], notifier: Notifier) -> None:
    """Add a callback at the head."""
    notifiers.insert(0, notifier)


@emulates
def notifier_remove(notifiers: Seq[Notifier], notifier: Notifier) -> None:
    """Remove a callback."""
    notifiers.remove(notifier)


@emulates
def notifier_list_notify(notifiers: Seq[Notifier], data: Any) -> None:
    """Call all, from the head on; each may remove itself."""
    for notifier in list(notifiers):
        assert notifier.notify is not None
        notifier.notify(notifier, data)
