"""The modelled types after class_init are those of the real program."""

from __future__ import annotations

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


@pytest.mark.parametrize("name", sorted(recorded.types()))
def test_a_modelled_type_is_as_recorded(name: str) -> None:
    row = modelled_types().get(name)
    if row is None:
        pytest.skip("not modelled")
    want = recorded.types()[name]
    got = {key: value for key, value in row.items() if key in want}
    if "slots" in want:
        got["slots"] = {slot: row["slots"].get(slot, "not modelled") for slot in want["slots"]}
    got["interfaces"] = sorted(row["interfaces"])
    assert got == want | {"interfaces": sorted(want["interfaces"])}


def test_no_type_is_made_up() -> None:
    assert set(modelled_types()) <= set(recorded.types())
