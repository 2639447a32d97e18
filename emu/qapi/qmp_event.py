"""Events: what a program that asked for nothing is told (qapi/qmp-event.c, monitor/monitor.c)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from emu.qobject.qdict import QDict, qdict_new, qdict_put, qobject_of
from emu.trace import emulates, per_run

USEC_PER_SEC: Final = 1000000


class EventState:
    """Who sends events on, and the time of day in microseconds: none by default, so that a run repeats exactly."""

    def __init__(self) -> None:
        self.emit: Callable[[QDict], None] | None = None
        self.real_time: Callable[[], int] = int


event_state = per_run(EventState)


def qmp_event_build_dict(event_name: str) -> QDict:
    """Return an event without data (qapi/qmp-event.c)."""
    seconds, microseconds = divmod(event_state().real_time(), USEC_PER_SEC)
    return qdict_new({"event": event_name, "timestamp": qdict_new({"seconds": seconds, "microseconds": microseconds})})


@emulates(file="monitor/monitor.c")
def qapi_event_emit(event: str, qdict: QDict) -> None:
    """Gives an event to all monitors (monitor/monitor.c). None of those here is held back because it comes too often."""
    emit = event_state().emit
    assert emit is not None
    emit(qdict)


def event_send(event: str, data: dict[str, object] | None = None) -> None:
    """Build an event and emit it, as the generated functions do: ``data`` has the members that are present.

    Where no monitor is, QEMU builds it all the same; here nothing is recorded of that.
    """
    if event_state().emit is None:
        return
    qdict = qmp_event_build_dict(event)
    if data is not None:
        qdict_put(qdict, "data", qobject_of(data))
    qapi_event_emit(event, qdict)
