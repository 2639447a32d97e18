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
        self.asked: set[int] = set()
        """The places asked for of late."""
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
        place = self.places[id(struct)]
        self.asked.add(place)
        return place

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
            return itemgetter(*map(self.place, values))
        makers = [self.maker(value) for value in values]
        return lambda twins: tuple([make(twins) for make in makers])


class Mould:
    """How to make the structs of some objects anew, and to change those that are there already."""

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
        self.targets: dict[int, set[int]] = {}
        """The places that a struct refers to."""
        for place in range(0 if changes else self.known, len(index.structs)):
            index.asked = self.targets[place] = set()
            self._take(index, place, index.structs[place])
        for _, members in self.parts:
            for place in members:
                self.targets[place].update(members)

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


class Batch:
    """Those structs of a mould that are made together."""

    def __init__(self, mould: Mould, places: set[int]) -> None:
        """Take what the mould says of ``places``."""
        self.structs = [
            (place, kind, plain)
            for place, kind, plain in zip(range(mould.known, 1 << 30), mould.kinds, mould.plain, strict=False)
            if place in places
        ]
        self.wholes = [(place, mould.plain[place - mould.known]["_id"] - 1) for place in mould.wholes if place in places]
        self.parts = [(kinds, members) for kinds, members in mould.parts if members[0] in places]
        self.patches = [entry for entry in mould.patches if entry[0] in places]
        self.links = [entry for entry in mould.links if entry[0] in places]
        self.fields = [entry for entry in mould.fields if entry[0] in places]
        self.others = [entry for entry in mould.others if entry[0] in places]

    def cast(self, rec: Recorder, twins: Twins) -> None:
        """Make the structs in a run, each at its place in ``twins``."""
        new, log = object.__new__, rec if rec.recording else None
        for place, kind, plain in self.structs:
            twins[place] = twin = new(kind)
            own = twin.__dict__
            own.update(plain)
            own["_rec"] = log
        for place, plain in self.patches:
            twins[place].__dict__.update(plain)
        for place, name, target in self.links:
            twins[place].__dict__[name] = twins[target]
        for kinds, members in self.parts:
            shared = {kind: twins[place] for kind, place in zip(kinds, members, strict=True)}
            whole = twins[members[0]]
            for part in shared.values():
                own = part.__dict__
                own["_parts"] = shared
                own["_whole"] = whole
        for place, name, make in self.fields:
            twin = twins[place]
            twin.__dict__[name] = field = make(twins)
            field.bind(twin, twin.FIELDS[name])
        for place, name, make in self.others:
            twins[place].__dict__[name] = make(twins)
        if log is None:
            for place, _, _ in self.structs:
                twins[place].__dict__["_enc"] = None
            return
        for place, at in self.wholes:
            log.objects[at] = twins[place]


class Late:
    """A batch of one run that is made when somebody looks for ``place``, the struct that leads to all of it."""

    __slots__ = ("batch", "place", "rec")

    def __init__(self, rec: Recorder, batch: Batch, place: int) -> None:
        self.rec = rec
        self.batch = batch
        self.place = place

    def make(self) -> Any:
        """Make the batch; return the struct at its place."""
        self.batch.cast(self.rec, self.rec.twins)
        return self.rec.twins[self.place]


def late_batches(mould: Mould, index: Index) -> tuple[set[int], list[tuple[int, str, int, Batch]]]:
    """Part a mould into what must be made at once, and what only one late field leads to.

    Return the places of the former, and for each late field its struct's place, its name, the place it leads to, its batch.
    """
    roots = [link for link in mould.links if link[0] < mould.known and link[1] in index.structs[link[0]].LATE]
    seen: dict[int, int] = {}
    shared: set[int] = set()
    for _, _, root in roots:
        for place in _reached(mould, [root]):
            if seen.setdefault(place, root) != root:
                shared.add(place)
    every = set(range(mould.known + len(mould.kinds)))
    first = _reached(mould, [*shared, *[place for place in every if place >= mould.known and place not in seen]])
    first.update(range(mould.known))
    groups: dict[int, set[int]] = {}
    for place, root in seen.items():
        if place not in first:
            groups.setdefault(root, set()).add(place)
    late = [(place, name, root, Batch(mould, groups[root])) for place, name, root in roots if root in groups]
    return first, late


def _reached(mould: Mould, places: Iterable[int]) -> set[int]:
    """Return all new structs that some of them lead to, themselves included."""
    found: set[int] = set()
    todo = list(places)
    while todo:
        place = todo.pop()
        if place >= mould.known and place not in found:
            found.add(place)
            todo += mould.targets[place]
    return found
