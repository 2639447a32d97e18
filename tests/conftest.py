"""Fixtures of all tests: how many random cases, what is skipped where, a server, a browser."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from itertools import count

import pytest
from hypothesis import HealthCheck, settings
from installed import CHROMIUM, NODE, QEMU

CASES = int(os.environ.get("QOMSCOPE_CASES", "0"))
settings.register_profile("test", deadline=None, derandomize=True, max_examples=100)
settings.register_profile(
    "fuzz", deadline=None, max_examples=CASES or 5000, suppress_health_check=list(HealthCheck), print_blob=True
)
settings.load_profile("fuzz" if CASES else "test")

NEEDS = {
    "qemu": (QEMU, "qemu-system-x86_64 is not installed: apt-get install qemu-system-x86"),
    "browser": (CHROMIUM, "chromium is not installed: apt-get install chromium"),
    "node": (NODE, "node is not installed: apt-get install nodejs"),
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for marker, (found, why) in NEEDS.items():
            if found is None and item.get_closest_marker(marker) is not None:
                item.add_marker(pytest.mark.skip(reason=why))
    items.sort(key=lambda item: item.get_closest_marker("fuzz") is None)  # the longest first: nothing waits for them at the end


@pytest.fixture(scope="session")
def cases() -> int:
    """How many random cases a differential test tries: ``make fuzz`` raises it."""
    return CASES or 300


@pytest.fixture
def tried(request: pytest.FixtureRequest) -> Callable[[int], None]:
    """Counts a random case of so many; a long campaign says every 250 of them how far it is."""
    capture = request.config.pluginmanager.getplugin("capturemanager")
    numbers = count(1)

    def one_more(of: int) -> None:
        number = next(numbers)
        if CASES and number % 250 == 0:
            with capture.global_and_fixture_disabled():
                sys.stdout.write(f"{request.node.name}: {number:,} of {of:,} cases, nothing differs\n")

    return one_more


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """``127.0.0.1:PORT`` of the real application in a process of its own, one for all tests that only look at it."""
    from serving import served

    with served() as address:
        yield address
