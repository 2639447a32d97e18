"""The call tree of a log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from emu.trace.events import Raw
from emu.trace.symbols import FUNCTIONS


def calls(events: Iterable[Raw]) -> Iterator[tuple[int, str]]:
    """Yield depth and name of each call, in order; the outermost calls have depth 0."""
    depth = 0
    for event in events:
        if event[0] == "E":
            yield depth, FUNCTIONS[event[3]].name
            depth += 1
        elif event[0] == "X":
            depth -= 1
