from __future__ import annotations

import copy
from collections.abc import Callable

import demo
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from emu.trace import Buf, Map, Recorder, Seq, Struct, TooManyEvents, fresh, mapping, seq
from emu.trace.events import KINDS, as_event
from emu.trace.fold import State, apply, fold, revert
from emu.trace.snapshot import snapshot


class Bytes8(Buf):
    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(8)


class Thing(Struct):
    number: int = 0
    text: str | None = None
    other: Thing | None = None
    raw: bytes = b""
    call: Callable[..., None] | None = None
    items: Seq[object] = seq()
    names: Map[object] = mapping()
    config: Buf = fresh(Bytes8)


keys = st.sampled_from(["a", "b", "c", "käse", ""])
atoms = st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.binary(max_size=5) | st.floats(allow_nan=False)


class Recorded(RuleBasedStateMachine):
    """Any sequence of mutations: each event inverts itself, and the log folds to what the machine is."""

    def __init__(self) -> None:
        super().__init__()
        self.rec = Recorder()
        self.context = self.rec.active()
        self.context.__enter__()
        self.things = [Thing(number=1)]
        self.folded = State()
        self.at = 0

    def teardown(self) -> None:
        self.context.__exit__(None, None, None)

    def thing(self, data: st.DataObject) -> Thing:
        return data.draw(st.sampled_from(self.things))

    @rule(number=st.integers(), text=st.none() | st.text(max_size=4))
    def make(self, number: int, text: str | None) -> None:
        self.things.append(Thing(number=number, text=text))

    @rule(data=st.data(), value=atoms)
    def assign(self, data: st.DataObject, value: object) -> None:
        setattr(self.thing(data), data.draw(st.sampled_from(["number", "text", "raw"])), value)

    @rule(data=st.data())
    def point(self, data: st.DataObject) -> None:
        self.thing(data).other = data.draw(st.none() | st.sampled_from(self.things))

    @rule(data=st.data(), value=atoms, at=st.integers(0, 5))
    def insert(self, data: st.DataObject, value: object, at: int) -> None:
        items = self.thing(data).items
        items.insert(min(at, len(items)), value)

    @rule(data=st.data(), at=st.integers(0, 5))
    def pop(self, data: st.DataObject, at: int) -> None:
        items = self.thing(data).items
        if len(items):
            items.pop(min(at, len(items) - 1))

    @rule(data=st.data(), at=st.integers(0, 5), value=atoms)
    def replace(self, data: st.DataObject, at: int, value: object) -> None:
        items = self.thing(data).items
        if len(items):
            items[min(at, len(items) - 1)] = value

    @rule(data=st.data(), key=keys, value=atoms)
    def put(self, data: st.DataObject, key: str, value: object) -> None:
        self.thing(data).names[key] = value

    @rule(data=st.data(), key=keys)
    def drop(self, data: st.DataObject, key: str) -> None:
        names = self.thing(data).names
        if key in names:
            del names[key]

    @rule(data=st.data(), at=st.integers(0, 7), value=st.integers(0, 2**32), size=st.sampled_from([1, 2, 4]))
    def write(self, data: st.DataObject, at: int, value: int, size: int) -> None:
        if at + size <= 8:
            self.thing(data).config.write(at, value, size)

    @rule(text=st.text(max_size=4))
    def say(self, text: str) -> None:
        self.rec.message("stderr", text)

    @precondition(lambda self: self.at < len(self.rec.events))
    @invariant()
    def each_event_inverts_itself(self) -> None:
        for seq_, event in enumerate(self.rec.events[self.at :], self.at):
            before = copy.deepcopy(self.folded)
            apply(self.folded, seq_, event)
            after = copy.deepcopy(self.folded)
            revert(self.folded, seq_, event)
            assert self.folded == before
            apply(self.folded, seq_, event)
            assert self.folded == after
        self.at = len(self.rec.events)

    @invariant()
    def fold_is_the_machine(self) -> None:
        assert fold(self.rec.events) == snapshot(self.rec)


TestRecorded = Recorded.TestCase


@pytest.fixture(scope="module")
def log() -> list[tuple[object, ...]]:
    return demo.run([]).events


def test_calls_nest(log: list[tuple[object, ...]]) -> None:
    state = State()
    for seq_, event in enumerate(log):
        assert event[1] == (state.calls[-1] if state.calls else -1)
        apply(state, seq_, event)
    assert state.calls == []


@given(st.data())
def test_any_place_is_reached_from_any_place(data: st.DataObject) -> None:
    events = demo.run([]).events
    state, at = State(), 0
    for to in data.draw(st.lists(st.integers(0, len(events)), max_size=5)):
        while at < to:
            apply(state, at, events[at])
            at += 1
        while at > to:
            at -= 1
            revert(state, at, events[at])
        assert state == fold(events[:to])


def test_every_kind_is_folded(log: list[tuple[object, ...]]) -> None:
    assert {event[0] for event in log} == set(KINDS)
    for event in log:
        assert type(as_event(event)) is KINDS[str(event[0])]


def test_an_unknown_kind_is_refused() -> None:
    for move in (apply, revert):
        with pytest.raises(ValueError, match="no such event"):
            move(State(), 0, ("?", -1, 0))


def test_a_limit_ends_the_run() -> None:
    with pytest.raises(TooManyEvents):
        demo.run([], limit=50)
