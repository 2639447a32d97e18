"""``device-list-properties``: names, types, words and defaults of every modelled type are the real program's."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import pytest
from conformance.differential.answers import HEADLESS
from conformance.differential.real import PROGRAM

import emu
from app.types import modelled_types

pytestmark = pytest.mark.qemu

ONLY_RECORDED = {"qtest-accel"}
"""What the recorded program was built with, and the installed one not."""
CPU = "-x86_64-cpu"
"""Of the models of CPUs, all of which have the same properties, three are asked about."""


def questions() -> list[dict[str, Any]]:
    models = {name for name in modelled_types() if name.endswith(CPU)} - {f"qemu64{CPU}", f"max{CPU}", f"EPYC-v2{CPU}"}
    names = sorted(set(modelled_types()) - ONLY_RECORDED - models)
    return [{"execute": "device-list-properties", "arguments": {"typename": name}} for name in names]


def real_answers(asked: list[dict[str, Any]]) -> list[dict[str, Any]]:
    lines = [{"execute": "qmp_capabilities"}, *asked, {"execute": "quit"}]
    text = "".join(json.dumps(line) + "\n" for line in lines)
    done = subprocess.run([PROGRAM, *HEADLESS, "-M", "none"], input=text, capture_output=True, text=True, check=True, timeout=60)
    return [json.loads(line) for line in done.stdout.splitlines()[2 : 2 + len(asked)]]


def test_properties_of_every_modelled_type() -> None:
    asked = questions()
    machine = emu.run([*HEADLESS, "-M", "none"], recording=False, accelerators="tcg:kvm").machine
    assert machine is not None
    for question, want in zip(asked, real_answers(asked), strict=True):
        assert machine.qmp(question) == want, question["arguments"]["typename"]
