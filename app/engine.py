"""The one place where the application calls the core."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import emu
from emu import VERSIONS, Run
from emu.program import import_everything as prepare

__all__ = ["VERSIONS", "Execute", "Run", "cancel", "is_ready", "prepare", "run"]

run = emu.run


class Execute(Protocol):
    """``emu.run``, or a test's own."""

    def __call__(
        self,
        argv: Sequence[str],
        version: str = ...,
        *,
        commands: Sequence[str] = ...,
        on_start: Callable[[Run], None] | None = ...,
        limit: int = ...,
    ) -> Run:
        """Emulate a command line and do commands; call ``on_start`` with the run before its first event."""


def is_ready(over: Run) -> bool:
    """Whether a run left a machine that takes commands."""
    return over.machine is not None and over.machine.status is None


def cancel(going: Run) -> None:
    """Make a run that goes on end at its next call, with ``TooManyEvents``."""
    going.recorder.limit = -1
