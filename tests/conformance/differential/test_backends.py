"""Random network backends, alone and with cards: whatever the real program answers, the emulated one answers too."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from conformance.differential.backends import TYPES, backend_lines
from conformance.differential.compare import PHASES, differences
from hypothesis import HealthCheck, given, settings

from emu.net.net.info import AVAILABLE_NETDEVS

pytestmark = [pytest.mark.qemu, pytest.mark.fuzz]


def test_random_backends(cases: int, tried: Callable[[int], None]) -> None:
    @settings(max_examples=cases * 2 // 3, phases=PHASES, suppress_health_check=list(HealthCheck))
    @given(backend_lines())
    def both_programs_agree(argv: list[str]) -> None:
        assert not differences(argv)
        tried(cases * 2 // 3)

    both_programs_agree()


def test_every_type_is_tried() -> None:
    assert set(AVAILABLE_NETDEVS) == TYPES.keys()
