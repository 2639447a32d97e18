"""Random machines with network devices: whatever the real program answers, the emulated one answers too."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from conformance.differential.compare import PHASES, differences
from conformance.differential.strategies import command_lines
from conformance.differential.values import COMMON, PROPERTIES
from hypothesis import HealthCheck, given, settings

import emu
from emu.qom.qom_qmp_cmds import qmp_device_list_properties

pytestmark = [pytest.mark.qemu, pytest.mark.fuzz]

DRAWN_APART = {"addr", "netdev", "virtio-backend"}


def test_random_machines(cases: int, tried: Callable[[int], None]) -> None:
    @settings(max_examples=cases, phases=PHASES, suppress_health_check=list(HealthCheck))
    @given(command_lines())
    def both_programs_agree(argv: list[str]) -> None:
        assert not differences(argv)
        tried(cases)

    both_programs_agree()


def test_every_property_is_tried() -> None:
    with emu.run(["-S", "-display", "none", "-M", "none"], recording=False).recorder.active():
        for model in PROPERTIES:
            if model != "virtio-net":  # an alias
                names = {prop.name for prop in qmp_device_list_properties("e1000" if model == "e1000-82540em" else model)}
                assert names - DRAWN_APART == COMMON.keys() | PROPERTIES[model].keys(), model
