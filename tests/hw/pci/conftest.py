"""Fixtures: the machine of machine.py with each kind of root bus."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hw.pci.machine import Tiny, tiny


@pytest.fixture
def pc() -> Iterator[Tiny]:
    """A machine with a conventional root bus."""
    with tiny() as machine:
        yield machine


@pytest.fixture
def pcie() -> Iterator[Tiny]:
    """A machine with a PCI Express root bus."""
    with tiny("PCIE") as machine:
        yield machine
