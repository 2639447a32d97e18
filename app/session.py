"""One WebSocket's stream as a state machine, without the WebSocket: what is sent when, and what may be asked when.

            run, resume            the last event is sent
    IDLE ----------------> FLOWING ----------------------> ENDED
      ^                     |   ^                            |
      |               pause |   | play                       |
      |               step  v   | step (budget)              |
      |                     HELD                             |
      +------------ stop -----+------------------------------+

``run`` and ``resume`` are allowed in every state and begin anew; ``seek`` wherever there is a run; ``play``, ``pause`` and
``step`` while a stream is flowing or held.
"""

from __future__ import annotations

import enum
import time
from typing import Final

from app.protocol import BATCH, ProtocolError
from app.recording import Recording

TICK: Final = 1 / 30
"""Seconds between two messages of a paced stream."""


class State(enum.Enum):
    """Where a session is."""

    IDLE = "idle"
    FLOWING = "flowing"
    HELD = "held"
    ENDED = "ended"


_ALLOWED: Final[dict[str, frozenset[State]]] = {
    "run": frozenset(State),
    "resume": frozenset(State),
    "stop": frozenset(State),
    "seek": frozenset({State.FLOWING, State.HELD, State.ENDED}),
    "play": frozenset({State.FLOWING, State.HELD, State.ENDED}),
    "pause": frozenset({State.FLOWING, State.HELD, State.ENDED}),
    "step": frozenset({State.FLOWING, State.HELD, State.ENDED}),
}


class Stream:
    """How far a client has got in a recording, and how much it may have next."""

    def __init__(self) -> None:
        self.state = State.IDLE
        self.recording: Recording | None = None
        self.at = 0
        self._pace: float | None = None
        self._budget = 0.0
        self._since = 0.0

    def check(self, request: str) -> None:
        """Raise ProtocolError where ``request`` is not allowed in the present state."""
        if self.state not in _ALLOWED[request]:
            raise ProtocolError("not-now", f'"{request}" makes no sense before a run', 'send "run" or "resume" first')

    def begin(self, recording: Recording, at: int) -> None:
        """Stream a recording from event ``at`` on, as fast as it is read. ProtocolError: it is over and has fewer events."""
        if recording.done and at > len(recording):
            raise ProtocolError("no-such-event", f"the run has {len(recording)} events; there is none to resume at {at}")
        self.recording, self.at = recording, at
        self.state, self._pace = State.FLOWING, None

    def end(self) -> None:
        """Note that everything has been sent."""
        self.state = State.ENDED

    def stop(self) -> None:
        """Give the stream up."""
        self.state, self.recording = State.IDLE, None

    def play(self, pace: float | None) -> None:
        """Let events flow: so many a second, or as fast as they are read."""
        if self.state is State.HELD:
            self.state = State.FLOWING
        self._pace, self._budget, self._since = pace, 0.0, time.monotonic()

    def pause(self) -> None:
        """Hold the stream."""
        self._hold(0.0)

    def step(self, count: int) -> None:
        """Let ``count`` more events through, then hold."""
        self._hold(count + (self._budget if self.state is State.HELD else 0.0))

    def _hold(self, budget: float) -> None:
        if self.state is State.FLOWING:
            self.state = State.HELD
        self._budget = budget

    def allowance(self) -> int:
        """Return how many events may be sent now: at most one batch."""
        if self.state is State.FLOWING and self._pace is None:
            return BATCH
        if self.state is State.FLOWING and self._pace is not None:
            now = time.monotonic()
            self._budget = min(self._budget + (now - self._since) * self._pace, BATCH + self._pace)
            self._since = now
        elif self.state is not State.HELD:
            return 0
        return min(int(self._budget), BATCH)

    def sent(self, count: int) -> None:
        """Note that ``count`` events went out."""
        self.at += count
        if self.state is State.HELD or self._pace is not None:
            self._budget -= count

    @property
    def tick(self) -> float | None:
        """Seconds until a paced stream may have more; None where only a message of the client changes anything."""
        return TICK if self.state is State.FLOWING and self._pace is not None else None
