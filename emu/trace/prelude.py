"""What every run begins with, whatever its command line: done and recorded once in a process, then copied into each run.

A prelude is a few passages of a run, each marked by ``@passage``. Whatever they make or change must be made by them, too:
their events hold for any run as they are, but for the place in the log. The objects that they make have the first ids of
every run; a run that leaves the prelude early (``depart``) leaves the ids of the rest unused.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from emu.trace.recorder import Recorder, TooManyEvents, recorder
from emu.trace.twins import Batch, Index, Late, Mould, late_batches

P = ParamSpec("P")


class Prelude:
    """The passages that all runs of a version have in common. ``work`` goes through them, in their order."""

    def __init__(self, work: Callable[[], None]) -> None:
        self.passages: dict[Callable[..., None], Passage] = {}
        self.made = False
        self.index = Index()
        rec = Recorder()
        rec.prelude = self
        with rec.active():
            work()
        self.size = len(rec.objects)
        """How many ids it takes."""
        self.last = list(self.passages)[-1]
        self.made = True


class Passage:
    """One stretch of a prelude: its events, and how to make its objects' twins."""

    def __init__(self, index: Index, rec: Recorder, first: int, made: int) -> None:
        """Take what ``rec`` recorded from event ``first`` on; ``made`` objects were there before."""
        self.start = first - rec.call
        """How far behind its call the passage begins."""
        self.at = first
        self.events = rec.events[first:]
        """What it records where it begins at ``at``; runs that begin it there share the events."""
        mould = Mould(index, rec.objects[made:], changes=True)
        first_places, self.late = late_batches(mould, index)
        mould.links = [link for link in mould.links if link[2] in first_places]
        self.batch = Batch(mould, first_places)
        self.count = len(mould.kinds)
        self.globals = {key: index.maker(value) for key, value in rec.globals.items()}

    def play(self, rec: Recorder) -> None:
        """Let it happen in a run. TooManyEvents: that is more than the run may record."""
        twins = rec.twins
        twins += [None] * self.count
        self.batch.cast(rec, twins)
        for place, _, root, batch in self.late:
            twins[place].__dict__["_late"] = Late(rec, batch, root)
        rec.globals.update((key, make(twins)) for key, make in self.globals.items())
        if not rec.recording:
            return
        first = len(rec.events)
        assert first - rec.call == self.start, "the passage begins elsewhere than in the prelude"
        if first + len(self.events) > rec.limit:
            raise TooManyEvents(f"more than {rec.limit} events")
        if first != self.at:
            by = first - self.at
            self.events, self.at = [(kind, call + by, *rest) for kind, call, *rest in self.events], first
        rec.events += self.events


def passage(fn: Callable[P, None]) -> Callable[P, None]:
    """Mark a function that does the same in every run; with a prelude, it is done only once."""

    @wraps(fn)
    def play(*args: P.args, **kwargs: P.kwargs) -> None:
        rec = recorder()
        prelude = rec.prelude
        if prelude is None:
            fn(*args, **kwargs)
        elif prelude.made:
            prelude.passages[fn].play(rec)
            if fn is prelude.last:
                depart()
        else:
            first, made = len(rec.events), len(rec.objects)
            fn(*args, **kwargs)
            prelude.passages[fn] = Passage(prelude.index, rec, first, made)

    return play


def depart() -> None:
    """Leave the prelude: what follows is this run's own doing, the rest of the passages included."""
    rec = recorder()
    if rec.prelude is not None and rec.prelude.made:
        rec.prelude = None
