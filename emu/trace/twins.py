"""Copies of structs: how some structs that refer to each other are made anew, in another run or once more in the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
from typing import Any

from emu.trace.containers import Field
from emu.trace.recorder import Recorder
from emu.trace.structs import Ptr, Struct

OWN = frozenset({"_parts", "_rec", "_whole"})
"""What a twin has of its own."""

Twins = list[Any]
Maker = Callable[[Twins], Any]


class Index:
    """Structs by their place, and what their attributes were when they were looked at last."""

    def __init__(self, structs: Iterable[Struct] = ()) -> None:
        self.places: dict[int, int] = {}
        self.structs: list[Struct] = []
        self.seen: list[dict[str, Any]] = []
        for struct in structs:
            self.note(struct)

    def note(self, struct: Struct) -> int:
        """Give a struct its place."""
        self.places[id(struct)] = len(self.structs)
        self.structs.append(struct)
        self.seen.append({})
        return len(self.structs) - 1

    def place(self, struct: Struct) -> int:
        """Return the place of a struct. KeyError: it has none, so its twin is not to be had."""
        return self.places[id(struct)]

    def maker(self, value: Any) -> Maker:
        """Return how to make the twin of a value, given the twins of all structs."""
        if isinstance(value, Field):
            return value.twin_maker(self.makers)
        if isinstance(value, Struct):
            return itemgetter(self.place(value))
        if isinstance(value, Ptr):
            place, field, at = self.place(value.struct), value.field, value.at
            return lambda twins: Ptr(twins[place], field, at)
        if isinstance(value, tuple):
            return self.makers(value)
        return lambda _: value

    def makers(self, values: Sequence[Any]) -> Maker:
        """Return how to make a tuple of twins."""
        if len(values) > 1 and all(isinstance(value, Struct) for value in values):
            return itemgetter(*[self.place(value) for value in values])
        makers = [self.maker(value) for value in values]
        return lambda twins: tuple([make(twins) for make in makers])


class Mould:
    """How to make the structs of some objects anew, and to change those that are there already.

    ``twins`` begins with the twins of all structs that the index knew before.
    """

    def __init__(self, index: Index, objects: Sequence[Struct], *, changes: bool = False) -> None:
        """Take the state of ``objects``; with ``changes``, of all structs the index knows. KeyError: they refer to others."""
        self.known = len(index.structs)
        self.wholes: list[int] = []
        self.parts: list[tuple[tuple[type, ...], tuple[int, ...]]] = []
        for whole in objects:
            parts = getattr(whole, "_parts", None)
            members = tuple([index.note(part) for part in (parts.values() if parts else (whole,))])
            self.wholes.append(members[0])
            if parts:
                self.parts.append((tuple(parts), members))
        self.kinds = [type(struct) for struct in index.structs[self.known :]]
        self.plain: list[dict[str, Any]] = []
        self.patches: list[tuple[int, dict[str, Any]]] = []
        self.links: list[tuple[int, str, int]] = []
        self.fields: list[tuple[int, str, Maker]] = []
        self.others: list[tuple[int, str, Maker]] = []
        for place in range(0 if changes else self.known, len(index.structs)):
            self._take(index, place, index.structs[place])

    def _take(self, index: Index, place: int, struct: Struct) -> None:
        left_out, before = OWN | struct.CACHES, index.seen[place]
        after = index.seen[place] = {name: value for name, value in struct.__dict__.items() if name not in left_out}
        plain = {}
        for name, value in after.items():
            if isinstance(value, Field):  # its content may have changed
                self.fields.append((place, name, index.maker(value)))
            elif name in before and before[name] is value:
                continue
            elif isinstance(value, Struct):
                self.links.append((place, name, index.place(value)))
            elif isinstance(value, Ptr):
                self.others.append((place, name, index.maker(value)))
            else:
                plain[name] = value
        if place >= self.known:
            self.plain.append(plain)
        elif plain:
            self.patches.append((place, plain))

    def cast(self, rec: Recorder, twins: Twins) -> list[dict[str, Any]]:
        """Make the structs in a run, append them to ``twins``; return their attributes."""
        log = rec if rec.recording else None
        twins += map(object.__new__, self.kinds)
        owns = [twin.__dict__ for twin in twins]
        fresh = owns[self.known :]
        for own, plain in zip(fresh, self.plain, strict=True):
            own.update(plain)
            own["_rec"] = log
        for place, plain in self.patches:
            owns[place].update(plain)
        for place, name, target in self.links:
            owns[place][name] = twins[target]
        for kinds, members in self.parts:
            shared = {kind: twins[place] for kind, place in zip(kinds, members, strict=True)}
            whole = twins[members[0]]
            for place in members:
                own = owns[place]
                own["_parts"] = shared
                own["_whole"] = whole
        for place, name, make in self.fields:
            twin = twins[place]
            owns[place][name] = field = make(twins)
            field.bind(twin, twin.FIELDS[name])
        for place, name, make in self.others:
            owns[place][name] = make(twins)
        if log is None:
            for own in fresh:
                own["_enc"] = None
        return fresh
