"""Objects that come into being alike, each time: the first one is recorded, the others are stamped after it.

What is recorded while such an object is made differs from object to object by ids and by the place in the log alone. The
first time, that is compiled into a function that makes the same structs and writes the same events with other numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from emu.trace.events import Raw, Ref
from emu.trace.recorder import Recorder, TooManyEvents, recorder
from emu.trace.structs import Struct
from emu.trace.twins import Index, Mould

Press = Callable[[Recorder, Sequence[Struct]], Any]

_presses: dict[tuple[Any, ...], Press] = {}


def stamped(make: Callable[[], Struct], key: tuple[Any, ...], given: Sequence[Struct]) -> Any:
    """Return what ``make`` makes, by its stamp where there is one. TooManyEvents: that is more than the run may record.

    ``key`` tells apart what is not alike; ``make`` must depend on nothing else but ``given``, structs of the run.
    """
    rec = recorder()
    key = (*key, rec.recording, rec.code, *[struct.__dict__.get("_id") for struct in given])
    press = _presses.get(key)
    if press is not None:
        return press(rec, given)
    first, made = len(rec.events), len(rec.objects)
    whole = make()
    if rec.recording:
        mould = Mould(Index(given), rec.objects[made:])
        _presses[key] = _compiled(_Source(mould, made).function(rec.events[first:], first, rec.objects[made:]))
    return whole


def _compiled(source: tuple[str, dict[str, Any]]) -> Press:
    text, names = source
    exec(compile(text, "<stamp>", "exec"), names)  # noqa: S102 # made of the emulation's own events alone
    press: Press = names["press"]
    return press


class _Source:
    """Writes the function of a stamp: structs are ``o0``, ``o1``, ..., references ``r0``, ..., ids count from ``base``."""

    def __init__(self, mould: Mould, made: int) -> None:
        self.mould = mould
        self.made = made
        self.names: dict[str, Any] = {"Ref": Ref, "new": object.__new__, "ref": tuple.__new__, "TooManyEvents": TooManyEvents}

    def constant(self, value: Any) -> str:
        """Return how the function names a value."""
        if type(value) in (int, bool, str, type(None)):
            return repr(value)
        name = f"k{len(self.names)}"
        self.names[name] = value
        return name

    def value(self, value: Any) -> str:
        """Return how the function writes a value of an event."""
        if type(value) is Ref and value.id > self.made:
            return f"r{value.id - self.made - 1}"
        if type(value) is tuple:
            return "(" + "".join(f"{self.value(item)}, " for item in value) + ")"
        if type(value) is dict:
            return "{" + "".join(f"{key!r}: {self.value(item)}, " for key, item in value.items()) + "}"
        return self.constant(value)

    def function(self, events: Sequence[Raw], first: int, wholes: Sequence[Struct]) -> tuple[str, dict[str, Any]]:
        """Return the text of the function, and the values that it names."""
        lines = [
            "def press(rec, given):",
            "  log, objects = rec.events, rec.objects",
            "  base, seq, call = len(objects) + 1, len(log), rec.call",
            f"  if seq + {len(events)} > rec.limit: raise TooManyEvents(f'more than {{rec.limit}} events')",
            *[f"  r{rank} = ref(Ref, (base + {rank},))" for rank in range(len(wholes))],
            *self.structs(wholes),
            f"  objects += ({''.join(f'o{place}, ' for place in self.mould.wholes)})",
            "  log += [",
            *[self.event(event, first) for event in events],
            "  ]",
            f"  return o{self.mould.wholes[0]}",
        ]
        return "\n".join(lines), self.names

    def structs(self, wholes: Sequence[Struct]) -> list[str]:
        """Return the lines that make the structs."""
        mould = self.mould
        every = "".join(f"o{place}, " for place in range(mould.known + len(mould.kinds)))
        lines = [f"  o{place} = given[{place}]" for place in range(mould.known)]
        ranks = [rank for rank, whole in enumerate(wholes) for _ in getattr(whole, "_parts", (whole,))]
        for place, kind, plain, rank in zip(range(mould.known, 1 << 16), mould.kinds, mould.plain, ranks, strict=False):
            rest = {name: value for name, value in plain.items() if name not in ("_id", "_enc")}
            lines.append(f"  o{place} = new({self.constant(kind)}); d{place} = o{place}.__dict__")
            lines.append(f"  d{place}.update({self.constant(rest)})")
            lines.append(f"  d{place}['_rec'] = rec; d{place}['_id'] = base + {rank}; d{place}['_enc'] = r{rank}")
        for number, (kinds, members) in enumerate(mould.parts):
            pairs = ", ".join(f"{self.constant(kind)}: o{place}" for kind, place in zip(kinds, members, strict=True))
            lines.append(f"  p{number} = {{{pairs}}}")
            lines += [f"  d{place}['_parts'] = p{number}; d{place}['_whole'] = o{members[0]}" for place in members]
        lines += [f"  d{place}[{name!r}] = o{target}" for place, name, target in mould.links]
        lines += [f"  d{place}[{name!r}] = {self.constant(make)}(({every}))" for place, name, make in mould.others]
        for place, name, make in mould.fields:
            field = mould.kinds[place - mould.known].FIELDS[name]
            lines.append(f"  f = d{place}[{name!r}] = {self.constant(make)}(({every})); f.bind(o{place}, {field!r})")
        return lines

    def event(self, event: Raw, first: int) -> str:
        """Return the line that writes an event."""
        kind, call, line, *rest = event
        items = [self.value(item) for item in rest]
        if kind in "NFSIRP" and rest[0] > self.made:
            items[0] = f"base + {rest[0] - self.made - 1}"
        place = f"seq + {call - first}" if call >= first else "call"
        return f"    ({kind!r}, {place}, {line}, {', '.join(items)}),"
