"""What a guest sees of the card in slot 5, here and in the real program."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from conformance.pci import PciFunction
from conformance.qemu import Qemu

from emu.softmmu.ioport import cpu_inb, cpu_inl, cpu_outl

BAR = 0xC000
CONFIG_AT = BAR + 20
"""Of a legacy card whose vectors are off (virtio 1.2, 4.1.4.10)."""
CONFIG_SIZE = 12


@dataclass(frozen=True)
class Ports:
    """Ways to a machine's ports."""

    outl: Callable[[int, int], object]
    inl: Callable[[int], int]
    inb: Callable[[int], int]


PORTS = Ports(cpu_outl, cpu_inl, cpu_inb)


def real_ports(machine: Qemu) -> Ports:
    """Return the ways to the real program's ports."""
    return Ports(
        lambda at, value: machine.qtest(f"outl {at:#x} {value:#x}"),
        lambda at: int(machine.qtest(f"inl {at:#x}"), 16),
        lambda at: int(machine.qtest(f"inb {at:#x}"), 16),
    )


@dataclass(frozen=True)
class Card:
    """Features that a legacy driver is offered, the configuration that it reads, and the configuration space."""

    features: int
    config: bytes
    function: PciFunction = field(repr=False)


def card_of(function: PciFunction, ports: Ports) -> Card:
    """Put the card's first BAR at its place; look behind it."""
    address = 0x80000000 | 5 << 11
    for at, value in ((0x10, BAR), (0x04, 1)):
        ports.outl(0xCF8, address | at)
        ports.outl(0xCFC, value)
    return Card(ports.inl(BAR), bytes(ports.inb(CONFIG_AT + i) for i in range(CONFIG_SIZE)), function)
