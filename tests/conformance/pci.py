"""A PCI function as a guest sees it."""

from __future__ import annotations

from dataclasses import dataclass

PCI_STATUS = 0x06
PCI_STATUS_CAP_LIST = 0x10
PCI_CAPABILITY_LIST = 0x34


@dataclass(frozen=True)
class Bar:
    """A base address register: its place in the configuration space, its low type bits (0 for the option ROM), its size."""

    at: int
    type: int
    size: int


@dataclass(frozen=True)
class PciFunction:
    """Configuration space and BARs of one function."""

    config: bytes
    bars: tuple[Bar, ...]

    @property
    def capabilities(self) -> list[tuple[int, int]]:
        """Offset and id of each capability, in the order of the chain (PCI Local Bus 3.0, 6.7)."""
        chain: list[tuple[int, int]] = []
        if not self.config[PCI_STATUS] & PCI_STATUS_CAP_LIST:
            return chain
        at = self.config[PCI_CAPABILITY_LIST]
        while at and len(chain) < 48:
            chain.append((at, self.config[at]))
            at = self.config[at + 1]
        return chain
