"""What is asked of a started machine, and what it answers: the same questions for the real program and the emulated one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

HEADLESS: Final = ("-accel", "tcg", "-S", "-display", "none", "-qmp", "stdio")
"""What every machine is started with: no guest runs, nothing is drawn."""
CONFIG_ADDRESS: Final = 0xCF8
CONFIG_DATA: Final = 0xCFC
COMMAND, BARS, HEADER_TYPE, PRIMARY_BUS, CAPABILITIES = 0x04, 0x10, 0x0C, 0x18, 0x34
MCH_PCIEXBAR: Final = 0x60
ECAM: Final = 0xB0000000
"""Where the tests put the extended configuration space of q35."""
CARDS: Final = 0xE0000000
"""Where they put one card after the other to look into its BAR 4."""
VIRTIO: Final = 0x1AF4
VIRTIO_NET: Final = (0x1000, 0x1041)
EXPRESS: Final = 0x10


class Guest(Protocol):
    """A machine that answers lines of qtest and commands of its monitors."""

    def qtest(self, lines: Sequence[str]) -> list[str]:
        """Do lines of qtest at once; return what follows ``OK`` of each."""
        ...

    def monitor(self, hmp: Sequence[str], qmp: Sequence[str]) -> tuple[list[str], list[Any]]:
        """Do lines of the human monitor, then commands of the other one; return what each answered."""
        ...


@dataclass
class Function:
    """A PCI function: its configuration space, and what writing all ones to its BARs leaves."""

    config: str
    bars: tuple[int, ...]
    features: int | None = None
    queues: tuple[int, ...] = ()


@dataclass
class Answers:
    """What came of a command line."""

    status: int = 0
    stderr: str = ""
    stdout: str = ""
    texts: dict[str, str] = field(default_factory=dict)
    query_pci: Any = None
    functions: dict[str, Function] = field(default_factory=dict)


def without_chance(text: str) -> str:
    """Leave out what is drawn by lot (id_generate's last two digits), how lines end, and what a test asks through."""
    return re.sub(r"#(net|qdev|block|chr)(\d+)\d\d(?!\d)", r"#\1\2", text.replace("\r", "").replace("  /qtest (qtest)\n", ""))


def in_order(text: str) -> str:
    """Put the blocks of ``info mtree`` in order: the program has them by where they lie in its memory."""
    return "\n\n".join(sorted(without_chance(text).split("\n\n")))


QUESTIONS: Final = ("info network", "info qtree", "info pci", "info qom-tree", "info mtree")


def ask(guest: Guest, answers: Answers) -> None:
    """Put every question to a machine that has started."""
    texts, (answers.query_pci,) = guest.monitor(QUESTIONS, ("query-pci",))
    answers.texts = {
        name: (in_order if name == "info mtree" else without_chance)(text) for name, text in zip(QUESTIONS, texts, strict=True)
    }
    if answers.query_pci:
        answers.functions = dict(_functions(guest))


def _address(bus: int, devfn: int, at: int) -> str:
    return f"outl {CONFIG_ADDRESS:#x} {1 << 31 | bus << 16 | devfn << 8 | at:#x}"


def _read(guest: Guest, places: Sequence[tuple[int, int, int]]) -> list[int]:
    """Read four bytes of configuration space at each (bus, devfn, offset)."""
    lines = [line for place in places for line in (_address(*place), f"inl {CONFIG_DATA:#x}")]
    return [int(answer, 16) for answer in guest.qtest(lines)[1::2]]


def _write(guest: Guest, bus: int, devfn: int, *values: tuple[int, int]) -> None:
    """Write four bytes of configuration space at each (offset, value)."""
    guest.qtest(
        [line for at, value in values for line in (_address(bus, devfn, at), f"outl {CONFIG_DATA:#x} {value & 0xFFFFFFFF:#x}")]
    )


def _present(guest: Guest, bus: int) -> list[int]:
    """Return the functions that answer on a bus: the first of each slot, then the others of those that have more."""
    first = _read(guest, [(bus, slot << 3, 0) for slot in range(32)])
    slots = [slot << 3 for slot, found in enumerate(first) if found & 0xFFFF != 0xFFFF]
    headers = _read(guest, [(bus, devfn, HEADER_TYPE) for devfn in slots])
    more = [
        devfn + function for devfn, header in zip(slots, headers, strict=True) if header >> 23 & 1 for function in range(1, 8)
    ]
    found = _read(guest, [(bus, devfn, 0) for devfn in more])
    return sorted(slots + [devfn for devfn, value in zip(more, found, strict=True) if value & 0xFFFF != 0xFFFF])


def _functions(guest: Guest) -> Iterator[tuple[str, Function]]:
    """Go through all buses as firmware does, giving numbers on the way."""
    extended = _read(guest, [(0, 0, 0)]) == [0x29C08086]  # the host bridge of q35
    if extended:
        _write(guest, 0, 0, (MCH_PCIEXBAR, ECAM | 1))
    last = 0

    def walk(bus: int) -> Iterator[tuple[str, Function]]:
        nonlocal last
        for devfn in _present(guest, bus):
            function = _function(guest, bus, devfn, extended)
            if bus == 0:
                _features(guest, devfn, function)
            yield f"{bus:02x}:{devfn >> 3:02x}.{devfn & 7}", function
            if int(function.config[2 * 14 : 2 * 15], 16) & 0x7F == 1:
                last += 1
                own = last
                _write(guest, bus, devfn, (PRIMARY_BUS, 0xFF << 16 | own << 8 | bus))
                yield from walk(own)
                _write(guest, bus, devfn, (PRIMARY_BUS, last << 16 | own << 8 | bus))

    yield from walk(0)


def _function(guest: Guest, bus: int, devfn: int, extended: bool) -> Function:
    config = b"".join(v.to_bytes(4, "little") for v in _read(guest, [(bus, devfn, at) for at in range(0, 256, 4)]))
    if extended and any(config[at] == EXPRESS for at in _chain(config)):
        config += bytes.fromhex(guest.qtest([f"read {ECAM + (bus << 20 | devfn << 12) + 256:#x} 3840"])[0][2:])
    count, rom = (2, 0x38) if config[14] & 0x7F == 1 else (6, 0x30)  # a bridge has two, and its option ROM elsewhere
    places = [*range(BARS, BARS + 4 * count, 4), rom]
    before = [int.from_bytes(config[at : at + 4], "little") for at in places]
    _write(guest, bus, devfn, *((at, 0xFFFFFFFF) for at in places))
    bars = tuple(_read(guest, [(bus, devfn, at) for at in places]))
    _write(guest, bus, devfn, *zip(places, before, strict=True))
    return Function(config.hex(), bars)


def _chain(config: bytes) -> Iterator[int]:
    at = config[CAPABILITIES] if config[6] & 0x10 else 0
    for _ in range(48):
        if not at:
            return
        yield at
        at = config[at + 1]


def _features(guest: Guest, devfn: int, function: Function) -> None:
    """Look into BAR 4 of a modern virtio card: the 64 feature bits, and the size of each queue."""
    config = bytes.fromhex(function.config)
    modern = function.bars[4] & ~0xF if len(function.bars) == 7 else 0
    if int.from_bytes(config[0:2], "little") != VIRTIO or not modern:
        return
    command = int.from_bytes(config[COMMAND : COMMAND + 2], "little")
    at = CARDS
    _write(guest, 0, devfn, (BARS + 16, at), (BARS + 20, 0), (COMMAND, command | 2))
    asked = [f"writel {at:#x} 0", f"readl {at + 4:#x}", f"writel {at:#x} 1", f"readl {at + 4:#x}", f"readw {at + 0x12:#x}"]
    _, low, _, high, count = guest.qtest(asked)
    function.features = int(high, 16) << 32 | int(low, 16)
    number = int(count, 16)
    picked = [*range(min(number, 6)), *({number - 1} if number > 6 else ())]
    sizes = guest.qtest([line for q in picked for line in (f"writew {at + 0x16:#x} {q:#x}", f"readw {at + 0x18:#x}")])[1::2]
    function.queues = (number, *(int(size, 16) for size in sizes))
    _write(guest, 0, devfn, (BARS + 16, 0), (BARS + 20, 0), (COMMAND, command))
