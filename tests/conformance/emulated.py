"""Emulated runs, and what a guest would read of their PCI functions."""

from __future__ import annotations

import dataclasses
from functools import cache

from conformance.pci import Bar, PciFunction

from emu import Run, run
from emu.trace.fold import ObjectState, State, fold

PCI_BASE_ADDRESS_0 = 0x10
PCI_ROM_ADDRESS = 0x30
PCI_ROM_SLOT = 6
PCI_CONFIG_SPACE_SIZE = 256


@dataclasses.dataclass(frozen=True)
class Emulated:
    """A run and the state at its end."""

    run: Run
    state: State


@cache
def emulate(*argv: str) -> Emulated:
    """Emulate a command line; the same one only once. Of the run, the log stays."""
    done = run(list(argv))
    state = fold(done.events)
    done.let_go()
    return Emulated(done, state)


def pci_functions(state: State) -> dict[int, PciFunction]:
    """Return each function of the root bus by its devfn: its configuration space and its BARs."""
    found = {}
    for obj in state.objects.values():
        if "PCIDevice" in obj.structs and not obj.freed and _realized(obj):
            devfn = obj.fields["PCIDevice.devfn"]
            assert devfn not in found, f"two functions at {devfn:#x}"
            # what lies behind can't be reached by ports, and on a conventional bus not at all
            config = bytes(obj.fields["PCIDevice.config"])[:PCI_CONFIG_SPACE_SIZE]
            found[devfn] = PciFunction(config, tuple(_bars(state, obj)))
    return dict(sorted(found.items()))


def _realized(obj: ObjectState) -> bool:
    return bool(obj.fields.get("DeviceState.realized"))


def _bars(state: State, obj: ObjectState) -> list[Bar]:
    bars = []
    for index, region in enumerate(obj.fields.get("PCIDevice.io_regions", ())):
        fields = state.objects[region.id].fields if region is not None else {}
        if fields.get("size"):
            at = PCI_ROM_ADDRESS if index == PCI_ROM_SLOT else PCI_BASE_ADDRESS_0 + 4 * index
            bars.append(Bar(at, fields["type"] if index != PCI_ROM_SLOT else 0, fields["size"]))
    return bars
