"""Timers of the host's clock: in a run that clock stands at 0, and a timer says how long it waits from then on."""

from __future__ import annotations

import time

from emu.util.qemu_timer import QEMU_CLOCK_REALTIME, QEMUTimer, main_loop_tlg, timer_del

SECOND_NS = 1_000_000_000


class RealTimers:
    """When which armed timer is due."""

    def __init__(self) -> None:
        self._due: dict[tuple[int, int], tuple[QEMUTimer, float]] = {}

    def timeout(self) -> float | None:
        """Return how many seconds the first timer has to wait, None if there is none."""
        now = time.monotonic()
        armed = {(id(ts), ts.expire_time): ts for ts in main_loop_tlg().tl[QEMU_CLOCK_REALTIME].active_timers}
        self._due = {key: self._due.get(key, (ts, now + ts.expire_time / SECOND_NS)) for key, ts in armed.items()}
        return max(0.0, min(due for _, due in self._due.values()) - now) if self._due else None

    def fire(self) -> None:
        """Call those that are due."""
        now = time.monotonic()
        for key, (ts, due) in tuple(self._due.items()):
            if due <= now:
                del self._due[key]
                timer_del(ts)
                if ts.cb is not None:
                    ts.cb(ts.opaque)
