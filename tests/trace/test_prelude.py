"""What runs begin with alike is copied: a run with the prelude is the run without it, and shares nothing with another."""

from __future__ import annotations

from typing import Any

import pytest

import emu
from emu import program
from emu.qom.object import lifecycle
from emu.qom.object.types import types
from emu.softmmu.memory import subpage
from emu.trace import Recorder, Ref
from emu.trace.snapshot import snapshot

CARD = ("-nodefaults", "-M", "pc", "-netdev", "user,id=n0", "-device", "virtio-net-pci,netdev=n0,id=nic0")
LINES = [CARD, ("-cpu", "help"), ("-object", "rng-random,id=r"), ("-M", "none", "-device", "e1000")]


def renumbered(events: list[Any]) -> list[Any]:
    """Number objects in the order in which they come into being, which is how a run without a prelude numbers them."""
    ids: dict[int, int] = {}

    def of(value: Any) -> Any:
        if type(value) is Ref:
            return Ref(ids[value.id])
        if type(value) is tuple:
            return tuple(of(item) for item in value)
        return {key: of(item) for key, item in value.items()} if isinstance(value, dict) else value

    log = []
    for kind, call, line, *rest in events:
        if kind == "N":
            ids[rest[0]] = len(ids) + 1
        if kind in "NFSIRP":
            rest[0] = ids[rest[0]]
        log.append((kind, call, line, *map(of, rest)))
    return log


@pytest.mark.parametrize("argv", LINES, ids=" ".join)
def test_a_run_with_prelude_and_stamps_is_the_run_at_full_length(argv: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    copied = emu.run(argv)
    monkeypatch.setattr(program, "prelude", lambda _: None)
    for module in (lifecycle, subpage):
        monkeypatch.setattr(module, "stamped", lambda make, _key, _given: make())
    whole = emu.run(argv)
    assert renumbered(copied.events) == renumbered(whole.events)
    assert copied.exit_status == whole.exit_status


def test_two_runs_share_no_struct() -> None:
    def structs(rec: Recorder) -> set[int]:
        snapshot(rec)  # what is held back is made
        return {id(part) for whole in rec.objects for part in getattr(whole, "_parts", {None: whole}).values()}

    one, other = emu.run(CARD), emu.run(CARD)
    assert one.events == other.events
    assert not structs(one.recorder) & structs(other.recorder)


def test_a_type_that_only_one_run_has_stays_there() -> None:
    one = emu.run(CARD)
    with one.recorder.active():
        table = types().type_table
        table["of-this-run"] = table["device"]
    other = emu.run(CARD)
    with other.recorder.active():
        assert "of-this-run" not in types().type_table


def test_without_a_log_the_machine_is_the_same() -> None:
    run = emu.run(CARD, recording=False)
    with run.recorder.active():
        table = types().type_table
        assert len(table) == len(emu.run(CARD).state_at(-1).objects[1].fields["type_table"])
        assert all(ti.class_ is None or ti.class_.type is ti for ti in table.values())


def test_a_run_that_is_let_go_keeps_its_log_alone() -> None:
    run = emu.run(CARD)
    events, device = list(run.events), run.recorder.objects[-1]
    run.let_go()
    assert run.events == events
    assert not run.recorder.objects
    assert not device.__dict__
