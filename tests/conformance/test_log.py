"""The log of a whole emulated run: it folds to the machine, turns back event by event, and JavaScript folds it the same."""

from __future__ import annotations

import copy
import os
import random
import subprocess
from pathlib import Path

import pytest
from conformance.emulated import emulate
from conformance.recorded import VIRTIO_NET, scenarios
from golden import golden
from installed import NODE

import emu
from app import wire
from emu.trace.fold import State, apply, fold, revert
from emu.trace.snapshot import snapshot
from emu.trace.symbols import FUNCTIONS

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", VIRTIO_NET)
def test_the_log_folds_to_the_machine(name: str) -> None:
    run = emu.run(scenarios()[name]["argv"])
    assert fold(run.events) == snapshot(run.recorder)


def test_the_log_turns_back_to_nothing() -> None:
    events = emulate(*scenarios()["pc-user"]["argv"]).run.events
    state = fold(events)
    marks = {n: fold(events[:n]) for n in random.Random(1).sample(range(len(events)), 5)}
    for n in range(len(events), 0, -1):
        revert(state, n - 1, events[n - 1])
        if n - 1 in marks:
            assert state == marks[n - 1], f"before event {n - 1}"
    assert state == State()


def test_each_event_inverts_itself() -> None:
    """Checked on the object that the event touches; of assignments every tenth, since a copy may be large."""
    events = emulate(*scenarios()["pc-user"]["argv"]).run.events
    state = State()
    for seq, event in enumerate(events):
        touched = event[3] if event[0] in "FIRP" or (event[0] == "S" and seq % 10 == 0) else None
        before = copy.deepcopy(state.objects[touched]) if touched is not None else None
        depth, printed = len(state.calls), len(state.messages)
        apply(state, seq, event)
        revert(state, seq, event)
        assert (len(state.calls), len(state.messages)) == (depth, printed), event
        if touched is not None:
            assert state.objects[touched] == before, event
        apply(state, seq, event)


@pytest.mark.node
def test_javascript_folds_the_log_the_same(tmp_path: Path) -> None:
    log = tmp_path / "log.json"
    log.write_text(wire.text(golden(emulate(*scenarios()["pc-user"]["argv"]).run.events, 6)), encoding="utf-8")
    done = subprocess.run(
        [NODE or "node", "--test", "tests/js/fold.test.js"],
        cwd=ROOT,
        env=os.environ | {"GOLDEN": str(log)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_the_table_of_functions_is_complete_before_the_first_event() -> None:
    """A client gets the header first: a function that is declared during the run would be missing in it."""
    from emu import run

    known: list[int] = []
    done = run(scenarios()["pc-user"]["argv"], on_start=lambda _: known.append(len(FUNCTIONS)))
    assert known == [len(FUNCTIONS)]
    assert {event[3] for event in done.events if event[0] == "E"} <= set(range(known[0]))


def test_two_runs_of_one_command_line_are_the_same() -> None:
    """A run is named by its command line: whoever does it anew must get the same log."""
    from emu import run

    argv = scenarios()["pc-no-peer"]["argv"]
    assert run(argv).events == emulate(*argv).run.events
