"""One run as the server holds it, while it goes on and afterwards."""

from __future__ import annotations

import asyncio
import hashlib
import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app import wire
from app.protocol import BATCH, End, ProtocolError
from emu.trace.events import Raw
from emu.trace.fold import State, apply, revert


def run_hash(version: str, argv: list[str], commands: Sequence[str] = ()) -> str:
    """Return the name of a run. It is deterministic, so whoever has the name's origin can do the run anew."""
    origin = [version, argv, list(commands)] if commands else [version, argv]  # names given out before there were commands hold
    return hashlib.sha256(json.dumps(origin).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended."""

    exit_status: int
    stderr: str
    stdout: str
    ready: bool = False
    """A machine stands and takes commands."""


class Cursor:
    """A folded state that is moved along a log, from wherever it was left."""

    def __init__(self, events: list[Raw]) -> None:
        self._events = events
        self._state = State()
        self._at = 0
        self._lock = threading.Lock()

    def text(self, at: int) -> str:
        """Return the JSON text of the state before event ``at``. IndexError: the log is not so long."""
        with self._lock:
            self._move(at)
            return wire.state_text(self._state)

    def _move(self, at: int) -> None:
        events, state = self._events, self._state
        if at > len(events):
            raise IndexError(f"event {at} of {len(events)}")
        if at < self._at // 2:
            state = self._state = State()
            self._at = 0
        while self._at < at:
            apply(state, self._at, events[self._at])
            self._at += 1
        while self._at > at:
            self._at -= 1
            revert(state, self._at, events[self._at])


class Recording:
    """A run's log and end. The run's thread appends to ``events``; everybody else reads."""

    def __init__(self, version: str, argv: list[str], commands: Sequence[str] = ()) -> None:
        self.version = version
        self.argv = argv
        self.commands = list(commands)
        self.hash = run_hash(version, argv, commands)
        self.begun = asyncio.Event()
        """Set in the server's loop once there is a header, or a problem."""
        self.header: dict[str, Any] = {}
        self.outcome: Outcome | None = None
        self.problem: ProtocolError | None = None
        """Why there is no outcome, although the run is over."""
        self._events: list[Raw] = []
        self._cursor = Cursor(self._events)
        self._chunks: dict[int, str] = {}

    def started(self, events: list[Raw], header: dict[str, Any]) -> None:
        """Take the log over that a run has begun to write."""
        self._events = events
        self._cursor = Cursor(events)
        self.header = header

    @property
    def done(self) -> bool:
        """Whether the log is complete."""
        return self.outcome is not None or self.problem is not None

    def __len__(self) -> int:
        return len(self._events)

    def events_text(self, first: int, end: int) -> str:
        """Return the JSON text of events ``first`` to ``end - 1``; whole batches are kept for the next reader."""
        if first % BATCH or end - first != BATCH:
            return wire.events_text(self._events[first:end])
        chunk = self._chunks.get(first)
        if chunk is None:
            chunk = self._chunks[first] = wire.events_text(self._events[first:end])
        return chunk

    def header_text(self, first: int) -> str:
        """Return the text of the header of a stream that begins at event ``first``."""
        return wire.text({"type": "header", "run": self.hash, "from": first, **self.header})

    def end_text(self) -> str:
        """Return the text of the last message: how the run ended, or why nobody knows."""
        if self.problem is not None:
            return self.problem.text()
        if self.outcome is None:
            raise ValueError("the run still goes on")
        out = self.outcome
        end = End(run=self.hash, total=len(self), exit=out.exit_status, stderr=out.stderr, stdout=out.stdout, ready=out.ready)
        return end.model_dump_json(by_alias=True)

    def state_text(self, at: int) -> str:
        """Return the JSON text of the state before event ``at``. IndexError: the log is not so long. Slow: not in the loop."""
        return self._cursor.text(at)
