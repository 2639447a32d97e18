"""The modelled types after class_init are those of the real program."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from conformance import recorded

from app.types import modelled_types

CHAINS = (
    "object",
    "device",
    "virtio-device",
    "virtio-net-device",
    "pci-device",
    "virtio-pci",
    "virtio-net-pci-base",
    "virtio-net-pci",
    "virtio-net-pci-transitional",
    "virtio-net-pci-non-transitional",
    "bus",
    "PCI",
    "virtio-bus",
    "virtio-pci-bus",
)
"""The two chains of the network card, and its buses."""


@pytest.mark.parametrize("name", CHAINS)
def test_the_types_of_the_network_card_are_modelled(name: str) -> None:
    assert name in modelled_types()


def test_every_modelled_type_is_as_recorded() -> None:
    """Parent, sizes, functions, interfaces; for device, bus, PCI and virtio classes every slot of every struct."""
    rows = modelled_types()
    wrong = {name: list(_differences(row, recorded.types()[name])) for name, row in rows.items()}
    assert {name: found for name, found in wrong.items() if found} == {}


def _differences(row: dict[str, Any], want: dict[str, Any]) -> Iterator[str]:
    for key in want.keys() - {"slots"}:
        got, expected = (sorted(x) if key == "interfaces" else x for x in (row[key], want[key]))
        if got != expected:
            yield f"{key}: {got!r}, not {expected!r}"
    for slot, value in want.get("slots", {}).items():
        got = row.get("slots", {}).get(slot, "not there")
        if got != value:
            yield f"{slot}: {got!r}, not {value!r}"


def test_no_type_is_made_up() -> None:
    assert set(modelled_types()) <= set(recorded.types())
