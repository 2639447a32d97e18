"""The runs of a server: done once each, in threads, within limits, kept while there is room."""

from __future__ import annotations

import asyncio
import gc
import logging
import time
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from app import engine
from app.argv import joined
from app.header import header
from app.limits import MIB, Limits, resident
from app.protocol import ProtocolError
from app.recording import Outcome, Recording, run_hash
from emu.trace import TooManyEvents

LOG: Final = logging.getLogger("qomscope")
POLL: Final = 0.02
"""Seconds between looks at a run that goes on: below what a person notices, above what costs."""


def argv_too_long(size: int, limits: Limits) -> ProtocolError:
    """Return what to say of a command line of ``size`` characters."""
    return ProtocolError("argv-too-long", f"the command line has {size} characters, more than {limits.argv_chars}")


class Runs:
    """All runs of one server."""

    def __init__(self, limits: Limits | None = None, execute: engine.Execute = engine.run) -> None:
        self.limits = limits if limits is not None else Limits()
        self._execute = execute
        self._known: OrderedDict[str, Recording] = OrderedDict()
        self._tasks: set[asyncio.Task[None]] = set()
        self._threads = ThreadPoolExecutor(self.limits.runs, thread_name_prefix="run")

    async def get(self, version: str, argv: list[str], commands: Sequence[str] = ()) -> Recording:
        """Return a run that has begun, or is over; each is done only once. ProtocolError: a limit forbids it."""
        self._check(version, argv, commands)
        key = run_hash(version, argv, commands)
        recording = self._known.get(key)
        if recording is None:
            self._check_room()
            recording = self._known[key] = Recording(version, argv, commands)
            task = asyncio.create_task(self._run(recording))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        self._known.move_to_end(key)
        await recording.begun.wait()
        if recording.problem is not None and not recording.header:
            raise recording.problem
        return recording

    def close(self) -> None:
        """Let no further run begin, and end those that go on: the process could not end before them."""
        for task in self._tasks:
            task.cancel()
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _check(self, version: str, argv: list[str], commands: Sequence[str]) -> None:
        size = sum(map(len, argv)) + len(argv)
        if size > self.limits.argv_chars:
            raise argv_too_long(size, self.limits)
        if len(commands) > self.limits.commands:
            message = f"{len(commands)} commands are to be done, more than {self.limits.commands}"
            raise ProtocolError("too-many-commands", message, "take some away")
        if (size := sum(map(len, commands))) > self.limits.argv_chars:
            message = f"the commands have {size} characters, more than {self.limits.argv_chars}"
            raise ProtocolError("commands-too-long", message)
        if version not in engine.VERSIONS:
            raise ProtocolError("no-such-version", f"not modelled: QEMU {version}", f"there is {', '.join(engine.VERSIONS)}")

    def _check_room(self) -> None:
        if len(self._tasks) >= self.limits.runs + self.limits.waiting:
            raise ProtocolError("busy", f"{len(self._tasks)} runs are going on or waiting already", "try again in a moment")
        if self._over_memory():
            self._known.clear()
            gc.collect()
            if self._over_memory():
                raise ProtocolError(
                    "no-memory", f"the server uses more than {self.limits.memory // MIB} MiB already", "try again in a moment"
                )

    def _over_memory(self) -> bool:
        return resident() > self.limits.memory

    async def _run(self, recording: Recording) -> None:
        watch = _Watch(self.limits)
        loop = asyncio.get_running_loop()

        def started(run: engine.Run) -> None:
            watch.begin(run)
            recording.started(run.events, header(recording.version, recording.argv, recording.commands))
            loop.call_soon_threadsafe(recording.begun.set)

        def whole() -> Outcome:
            run = self._execute(
                recording.argv, recording.version, commands=recording.commands, on_start=started, limit=self.limits.events
            )
            outcome = Outcome(run.exit_status or 0, run.stderr, run.stdout, engine.is_ready(run))
            run.let_go()
            return outcome

        future = loop.run_in_executor(self._threads, whole)
        try:
            while not (await asyncio.wait([future], timeout=POLL * 5))[0]:
                watch.look()
        except asyncio.CancelledError:
            watch.end()
            future.cancel()  # nobody asks for its result
            raise
        try:
            recording.outcome = future.result()
        except TooManyEvents:
            recording.problem = watch.why or ProtocolError(
                "too-many-events", f"the run was ended after {len(recording)} events", "use fewer devices or queues"
            )
        except Exception as err:
            LOG.exception("a run failed: %s", joined(recording.argv))  # the server lives on, and says it to the reader too
            recording.problem = ProtocolError(
                "internal", f"the emulation failed: {type(err).__name__}: {err}", f"please report it: {joined(recording.argv)}"
            )
        recording.begun.set()
        self._forget(recording)

    def _forget(self, recording: Recording) -> None:
        """Drop what the server shall not keep: a run that another try may bring further, and the longest unused."""
        if recording.problem is not None and recording.problem.code in _PASSING:
            self._known.pop(recording.hash, None)
        room = self.limits.cached_events
        for key, kept in reversed(list(self._known.items())):
            room -= len(kept)
            if room < 0 and kept.done and kept is not recording:
                del self._known[key]


_PASSING: Final = frozenset({"too-slow", "no-memory"})
"""Problems of the moment, not of the command line."""


class _Watch:
    """Ends a run that takes too long or too much memory."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.run: engine.Run | None = None
        self.began = 0.0
        self.ended = False
        self.why: ProtocolError | None = None

    def begin(self, run: engine.Run) -> None:
        """Watch a run that has begun."""
        self.run = run
        self.began = time.monotonic()
        if self.ended:
            engine.cancel(run)

    def end(self) -> None:
        """End the run, if need be as soon as it begins: nobody waits for it any more."""
        self.ended = True
        if self.run is not None:
            engine.cancel(self.run)

    def look(self) -> None:
        """End the run if it must end; it then raises ``TooManyEvents`` at its next call."""
        if self.run is None or self.why is not None:
            return
        if time.monotonic() - self.began > self.limits.seconds:
            self.why = ProtocolError("too-slow", f"the run was ended after {self.limits.seconds:g} seconds", "use fewer devices")
        elif resident() > self.limits.memory:
            self.why = ProtocolError("no-memory", f"the run was ended: the server uses more than {self.limits.memory // MIB} MiB")
        if self.why is not None:
            engine.cancel(self.run)
