"""Timers (include/qemu/timer.h, util/qemu-timer.c). Time stands still, except where a test program moves the guest's clock."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from typing import Any, ClassVar, Final

from emu.trace import Seq, Struct, emulates, per_run, seq

SCALE_MS: Final = 1000000
SCALE_US: Final = 1000
SCALE_NS: Final = 1
QEMU_TIMER_ATTR_EXTERNAL: Final = 1 << 0

QEMUTimerCB = Callable[[Any], None]


class QEMUClockType(IntEnum):
    """The clocks: host's uptime, guest's time, host's date, guest's real time."""

    QEMU_CLOCK_REALTIME = 0
    QEMU_CLOCK_VIRTUAL = 1
    QEMU_CLOCK_HOST = 2
    QEMU_CLOCK_VIRTUAL_RT = 3


QEMU_CLOCK_REALTIME: Final = QEMUClockType.QEMU_CLOCK_REALTIME
QEMU_CLOCK_VIRTUAL: Final = QEMUClockType.QEMU_CLOCK_VIRTUAL
QEMU_CLOCK_HOST: Final = QEMUClockType.QEMU_CLOCK_HOST
QEMU_CLOCK_VIRTUAL_RT: Final = QEMUClockType.QEMU_CLOCK_VIRTUAL_RT


class QEMUTimerList(Struct):
    """The armed timers of one clock, the earliest first."""

    clock: QEMUClockType
    active_timers: Seq[QEMUTimer] = seq()


class QEMUTimer(Struct):
    """A function to be called at a time; ``expire_time`` in nanoseconds, -1 while it is not armed."""

    SIZE: ClassVar[int] = 48
    expire_time: int = 0
    timer_list: QEMUTimerList | None = None
    cb: QEMUTimerCB | None = None
    opaque: Any = None
    attributes: int = 0
    scale: int = 0


class MainLoopTimers:
    """``main_loop_tlg``: a list for each clock."""

    def __init__(self) -> None:
        self.tl = [QEMUTimerList(clock=clock) for clock in QEMUClockType]


main_loop_tlg = per_run(MainLoopTimers)


@emulates
def timer_init_full(ts: QEMUTimer, clock: QEMUClockType, scale: int, attributes: int, cb: QEMUTimerCB, opaque: Any) -> None:
    """util/qemu-timer.c, on the main loop's lists. ``scale``: nanoseconds in a unit of ``timer_mod``."""
    ts.timer_list = main_loop_tlg().tl[clock]
    ts.cb = cb
    ts.opaque = opaque
    ts.scale = scale
    ts.attributes = attributes
    ts.expire_time = -1


def timer_new_full(clock: QEMUClockType, scale: int, attributes: int, cb: QEMUTimerCB, opaque: Any) -> QEMUTimer:
    """Make a timer (include/qemu/timer.h)."""
    ts = QEMUTimer()
    timer_init_full(ts, clock, scale, attributes, cb, opaque)
    return ts


def timer_new_ns(clock: QEMUClockType, cb: QEMUTimerCB, opaque: Any) -> QEMUTimer:
    """Make a timer that counts nanoseconds (include/qemu/timer.h)."""
    return timer_new_full(clock, SCALE_NS, 0, cb, opaque)


def timer_new_us(clock: QEMUClockType, cb: QEMUTimerCB, opaque: Any) -> QEMUTimer:
    """Make a timer that counts microseconds (include/qemu/timer.h)."""
    return timer_new_full(clock, SCALE_US, 0, cb, opaque)


def timer_new_ms(clock: QEMUClockType, cb: QEMUTimerCB, opaque: Any) -> QEMUTimer:
    """Make a timer that counts milliseconds (include/qemu/timer.h)."""
    return timer_new_full(clock, SCALE_MS, 0, cb, opaque)


@emulates
def timer_del(ts: QEMUTimer) -> None:
    """util/qemu-timer.c. Disarms the timer."""
    if ts.timer_list is None:
        return
    ts.expire_time = -1
    if ts in ts.timer_list.active_timers:
        ts.timer_list.active_timers.remove(ts)


def timer_free(ts: QEMUTimer | None) -> None:
    """Disarm a timer and give its memory back (include/qemu/timer.h)."""
    if ts is not None:
        timer_del(ts)
        ts._free()


@emulates
def timer_mod_ns(ts: QEMUTimer, expire_time: int) -> None:
    """util/qemu-timer.c. Arms the timer for a time in nanoseconds."""
    timer_list = ts.timer_list
    assert timer_list is not None
    timer_del(ts)
    active = timer_list.active_timers
    at = next((i for i, other in enumerate(active) if other.expire_time > expire_time), len(active))
    ts.expire_time = max(expire_time, 0)
    active.insert(at, ts)


@emulates
def timer_mod(ts: QEMUTimer, expire_time: int) -> None:
    """util/qemu-timer.c. Arms the timer for a time in the timer's own unit."""
    timer_mod_ns(ts, expire_time * ts.scale)


def timer_pending(ts: QEMUTimer) -> bool:
    """Tell whether the timer is armed (util/qemu-timer.c)."""
    return ts.expire_time >= 0


class VirtualClock:
    """The guest's time in nanoseconds (``qtest_clock_counter`` in softmmu/qtest.c), and whether its timers run."""

    def __init__(self) -> None:
        self.ns = 0
        self.enabled = False


virtual_clock = per_run(VirtualClock)


def qemu_clock_get_ns(clock: QEMUClockType) -> int:
    """Return a clock's time in nanoseconds (util/qemu-timer.c): 0, so that a run repeats exactly, or what a test set."""
    return virtual_clock().ns if clock == QEMU_CLOCK_VIRTUAL else 0


def qemu_clock_get_ms(clock: QEMUClockType) -> int:
    """Return a clock's time in milliseconds (include/qemu/timer.h)."""
    return qemu_clock_get_ns(clock) // SCALE_MS


@emulates
def qemu_clock_enable(clock: QEMUClockType, enabled: bool) -> None:
    """util/qemu-timer.c. Lets the timers of the guest's time run, or not."""
    assert clock == QEMU_CLOCK_VIRTUAL
    virtual_clock().enabled = enabled


def qemu_clock_deadline_ns_all(clock: QEMUClockType) -> int:
    """Return the time until the next timer of a clock, in nanoseconds; -1 if none is armed (util/qemu-timer.c)."""
    if clock == QEMU_CLOCK_VIRTUAL and not virtual_clock().enabled:
        return -1
    active = main_loop_tlg().tl[clock].active_timers
    return max(0, active[0].expire_time - qemu_clock_get_ns(clock)) if len(active) else -1


@emulates
def timerlist_run_timers(timer_list: QEMUTimerList) -> bool:
    """util/qemu-timer.c. Calls what is due; returns whether anything was. Time does not pass meanwhile."""
    progress = False
    if timer_list.clock == QEMU_CLOCK_VIRTUAL and not virtual_clock().enabled:
        return False
    now = qemu_clock_get_ns(timer_list.clock)
    while len(timer_list.active_timers):
        ts = timer_list.active_timers[0]
        if ts.expire_time > now:
            break
        timer_list.active_timers.pop(0)
        ts.expire_time = -1
        assert ts.cb is not None
        ts.cb(ts.opaque)
        progress = True
    return progress


@emulates(file="softmmu/qtest.c")
def qtest_clock_warp(dest: int) -> None:
    """Moves the guest's clock to a time, from timer to timer (softmmu/qtest.c). Time that is past changes nothing."""
    own = virtual_clock()
    while own.ns < dest:
        deadline = qemu_clock_deadline_ns_all(QEMU_CLOCK_VIRTUAL)
        own.ns += dest - own.ns if deadline < 0 else min(deadline, dest - own.ns)
        timerlist_run_timers(main_loop_tlg().tl[QEMU_CLOCK_VIRTUAL])
