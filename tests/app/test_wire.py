from __future__ import annotations

import json
import math
from typing import Any

import demo
import golden
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import wire
from emu.trace.events import ABSENT, Fn, Ref
from emu.trace.fold import State, fold

names = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
atoms = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | names
    | st.binary(max_size=6)
    | st.builds(Ref, st.integers(1, 99))
    | st.builds(Fn, names)
    | st.just(ABSENT)
)
values = st.recursive(atoms, lambda inner: st.lists(inner, max_size=3).map(tuple) | st.dictionaries(names, inner, max_size=3))


def decode(value: Any) -> Any:
    """The inverse of ``value_text``, after ``json.loads``: what a client does."""
    if isinstance(value, float) and value.is_integer() and abs(value) >= 2**53:
        return value
    match value:
        case {"r": number}:
            return Ref(number)
        case {"f": name}:
            return Fn(name)
        case {"b": digits}:
            return bytes.fromhex(digits)
        case {"l": items}:
            return tuple(decode(item) for item in items)
        case {"d": items}:
            return {key: decode(item) for key, item in items.items()}
        case {"i": digits}:
            return float(digits) if digits.lstrip("-") == "inf" else int(digits)
        case {"a": 1}:
            return ABSENT
    return value


@given(values)
def test_values_come_back(value: Any) -> None:
    assert decode(json.loads(wire.value_text(value))) == value


def test_no_number_is_beyond_javascript() -> None:
    assert wire.value_text(2**53) == "9007199254740992"
    assert wire.value_text(2**53 + 1) == '{"i":"9007199254740993"}'
    assert wire.value_text(-(2**53) - 1) == '{"i":"-9007199254740993"}'
    assert json.loads(wire.value_text(math.inf)) == {"i": "inf"}


def test_what_is_no_value_is_refused() -> None:
    with pytest.raises(KeyError):
        wire.value_text(object())


def test_events_are_as_architecture_says() -> None:
    assert wire.events_text(
        [
            ("E", -1, 0, 3, (Ref(1), Fn("f"), (1, 2))),
            ("X", 0, 9, None, "no such\nthing"),
            ("N", 0, 2, 1, "Box", ("Box",), {"name": "käse", "config": b"\x01\xff"}),
            ("F", 0, 2, 1),
            ("S", 0, 2, 1, "Box.open", ABSENT, None),
            ("P", 0, 2, 1, "config", 4, b"\0", b"\1"),
            ("M", 0, 2, "stderr", "oh"),
        ]
    ) == "".join(
        [
            '[["E",-1,0,3,[{"r":1},{"f":"f"},{"l":[1,2]}]],',
            '["X",0,9,null,"no such\\nthing"],',
            '["N",0,2,1,"Box",["Box"],{"name":"käse","config":{"b":"01ff"}}],',
            '["F",0,2,1],',
            '["S",0,2,1,"Box.open",{"a":1},null],',
            '["P",0,2,1,"config",4,{"b":"00"},{"b":"01"}],',
            '["M",0,2,"stderr","oh"]]',
        ]
    )


def test_state_is_as_architecture_says() -> None:
    assert json.loads(wire.state_text(State())) == {"objects": {}, "calls": [], "messages": []}
    log = [("N", -1, 0, 1, "Box", ("Box",), {"name": "a"}), ("E", -1, 0, 0, ()), ("F", 1, 0, 1), ("M", 1, 0, "stderr", "x")]
    assert json.loads(wire.state_text(fold(log))) == {
        "objects": {"1": {"type": "Box", "structs": ["Box"], "freed": True, "fields": {"name": "a"}}},
        "calls": [1],
        "messages": [["stderr", "x"]],
    }


def test_the_golden_log_is_what_python_folds() -> None:
    """The file is read by tests/js/fold.test.js too. `python tests/golden.py` writes it."""
    kept = json.loads(golden.FILE.read_text("utf-8"))
    made = json.loads(golden.text())
    assert kept["states"] == made["states"]
    assert [without_line(event) for event in kept["events"]] == [without_line(event) for event in made["events"]]


def without_line(event: list[Any]) -> list[Any]:
    return [*event[:2], *(event[4:] if event[0] == "E" else event[3:])]


def test_every_event_of_a_run_has_its_text() -> None:
    events = demo.run([]).events
    assert [len(event) for event in json.loads(wire.events_text(events))] == [len(event) for event in events]
    assert [json.loads(wire.event_text(event)) for event in events] == json.loads(wire.events_text(events))
