"""What waits until no reader can see it any more (util/rcu.c).

In QEMU a thread calls back, once it gets the big lock: never while the machine is being made, and not at all where the
program ends on an error. Here the callbacks run when the main loop would have a turn.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from emu.trace import per_run


class RcuCallbacks:
    """The callbacks that wait, the oldest first."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Callable[[Any], None], Any]] = []


rcu = per_run(RcuCallbacks)


def call_rcu(func: Callable[[Any], None], arg: Any) -> None:
    """Have a function called later (include/qemu/rcu.h)."""
    rcu().waiting.append((func, arg))


def drain_call_rcu() -> None:
    """Call all that wait, and what they leave behind (util/rcu.c)."""
    waiting = rcu().waiting
    while waiting:
        func, arg = waiting.pop(0)
        func(arg)
