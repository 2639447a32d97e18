"""What QEMU says about options, backends and properties it does not like: its exit status and its words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import emu

REFUSALS = json.loads((Path(__file__).parent / "data" / "refusals.json").read_text())


@pytest.mark.parametrize("case", REFUSALS, ids=[" ".join(case["argv"][3:]) for case in REFUSALS])
def test_exit_status_and_words(case: dict[str, object]) -> None:
    argv = case["argv"]
    assert isinstance(argv, list)
    run = emu.run(argv)
    assert (run.exit_status, run.stderr) == (case["exit"], case["stderr"])
