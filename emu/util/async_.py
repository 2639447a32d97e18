"""Bottom halves (util/async.c): functions to be called from the main loop, soon."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from emu.host.descriptors import host
from emu.trace import Seq, Struct, emulates, g_free, per_run, seq
from emu.util.event_notifier_posix import EventFd
from emu.util.main_loop import main_loop
from emu.util.rcu import drain_call_rcu, rcu

QEMUBHFunc = Callable[[Any], None]


class QEMUBH(Struct):
    """One bottom half."""

    name: str = ""
    cb: QEMUBHFunc | None = None
    opaque: Any = None
    scheduled: bool = False


class AioContext(Struct):
    """The scheduled bottom halves of the main loop."""

    bh_list: Seq[QEMUBH] = seq()


qemu_aio_context = per_run(AioContext)


@emulates
def qemu_bh_new_full(cb: QEMUBHFunc, opaque: Any, name: str, reentrancy_guard: Any = None) -> QEMUBH:
    """util/main-loop.c. Make a bottom half."""
    return QEMUBH(name=name, cb=cb, opaque=opaque)


def qemu_bh_new_guarded(cb: QEMUBHFunc, opaque: Any, guard: Any) -> QEMUBH:
    """Make a bottom half that does not run while its device is at work (a macro in include/qemu/main-loop.h)."""
    return qemu_bh_new_full(cb, opaque, cb.__name__, guard)


@emulates
def qemu_bh_schedule(bh: QEMUBH) -> None:
    """Have a bottom half called, once."""
    if not bh.scheduled:
        bh.scheduled = True
        qemu_aio_context().bh_list.append(bh)


@emulates(name="aio_bh_schedule_oneshot_full")
def aio_bh_schedule_oneshot(cb: QEMUBHFunc, opaque: Any) -> None:
    """Have a function called, once; nothing is left of the bottom half afterwards."""
    qemu_bh_schedule(QEMUBH(name=cb.__name__, cb=cb, opaque=opaque))


@emulates
def qemu_bh_cancel(bh: QEMUBH) -> None:
    """Have it not called."""
    if bh.scheduled:
        bh.scheduled = False
        qemu_aio_context().bh_list.remove(bh)


@emulates
def qemu_bh_delete(bh: QEMUBH) -> None:
    """Give a bottom half's memory back."""
    qemu_bh_cancel(bh)
    g_free(bh)


def run_pending(limit: int = 1000) -> None:
    """Do what the main loop would do before it sleeps, until nothing is left: event notifiers, bottom halves, RCU callbacks.

    Whoever lets the guest act (a qtest command, a frame that arrives) calls this afterwards. ``limit``: turns at most.
    """
    for _ in range(limit):
        ready = [
            handler
            for key, handler in main_loop().handlers.items()
            if isinstance(fd := host().descriptors.get(key), EventFd) and fd.count and handler.io_read is not None
        ]
        scheduled = list(qemu_aio_context().bh_list)
        if not ready and not scheduled and not rcu().waiting:
            return
        for handler in ready:
            if handler.io_read is not None:
                handler.io_read(handler.opaque)
        for bh in scheduled:
            if bh.scheduled:
                qemu_bh_cancel(bh)
                assert bh.cb is not None
                bh.cb(bh.opaque)
        drain_call_rcu()
