"""How time, events and memory grow with the number of cards, and of queue pairs of one card; the real program beside it."""

from __future__ import annotations

import gc
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Final, NamedTuple

import run as bench

import emu
from app.limits import resident
from emu.trace.symbols import FUNCTIONS

CARDS: Final = (1, 3, 10, 30, 100)
CARDS_UNRECORDED: Final = (1, 10, 100, 300, 1000)
QUEUE_PAIRS: Final = (1, 4, 16, 64, 256)
SLOTS: Final = 28
"""Cards on a bridge, and bridges on the root bus: some of the 32 slots are taken by others."""
HEAD: Final = "{:>8}{:>12}{:>12}{:>10}{:>10}{:>12}{:>14}{:>10}{:>12}"
MIB: Final = 1 << 20


def cards(count: int) -> list[str]:
    """Return a command line with so many cards, on bridges as far as they need."""
    words = ["-nodefaults", "-M", "pc"]
    for bridge in range(-(-count // SLOTS)):
        above = f",bus=b{bridge - SLOTS}" if bridge >= SLOTS else ""
        words += ["-device", f"pci-bridge,id=b{bridge},chassis_nr={bridge + 1}{above}"]
    for card in range(count):
        words += ["-netdev", f"user,id=n{card}", "-device", f"virtio-net-pci,netdev=n{card},id=nic{card},bus=b{card // SLOTS}"]
    return words


def queues(pairs: int) -> list[str]:
    """Return a command line with one card of so many queue pairs."""
    card = f"virtio-net-pci,id=nic0,mq=on,vectors={2 * pairs + 2}"
    return [
        "-nodefaults",
        "-M",
        "pc",
        "-netdev",
        f"tap,id=n0,queues={pairs},script=no,downscript=no",
        "-device",
        f"{card},netdev=n0",
    ]


class Measured(NamedTuple):
    """One run: seconds, events, bytes that the process grew by, part of the events that lies in virtio's memory listeners."""

    seconds: float
    events: int
    memory: int
    listeners: float


def measured(argv: Sequence[str], *, recording: bool) -> Measured:
    """Run once, in a process of its own: what earlier runs left behind would hide what this one takes."""
    with ProcessPoolExecutor(1, get_context("fork")) as process:
        return process.submit(_measured, tuple(argv), recording).result()


def _measured(argv: Sequence[str], recording: bool) -> Measured:
    gc.collect()
    before, began = resident(), time.perf_counter()
    run = emu.run(argv, recording=recording, limit=20_000_000)
    seconds, memory = time.perf_counter() - began, resident() - before
    if run.exit_status:
        raise SystemExit(f"{' '.join(argv[:12])} ...: {run.stderr}")
    return Measured(seconds, len(run.events), memory, listener_share(run) if recording else 0.0)


def listener_share(run: emu.Run) -> float:
    """Return the part of all events that lies in virtio's memory listeners: one a card, called at each change of memory."""
    listener = next(i for i, fn in enumerate(FUNCTIONS) if fn.name == "virtio_memory_listener_commit")
    begun = {seq for seq, event in enumerate(run.events) if event[0] == "E" and event[3] == listener}
    end, inside = -1, 0
    for seq, event in enumerate(run.events):
        if seq in begun:
            inside += 1
            end = seq
        elif end >= 0:
            inside += 1
            if event[0] == "X" and event[1] == end:
                end = -1
    return inside / len(run.events)


def row(size: int, found: Measured, program: str | None, argv: Sequence[str]) -> str:
    """Return a row: the run, then the real program's whole start."""
    seconds, memory = bench.real(program, list(argv)) if program else (0.0, 0)
    return HEAD.format(
        size,
        found.events or "",
        found.events // size or "",
        f"{found.seconds:.2f}",
        f"{1000 * found.seconds / size:.1f}",
        f"{found.memory / MIB:.0f} MiB",
        f"{found.listeners:.0%}" if found.events else "",
        f"{seconds:.2f}" if program else "",
        f"{memory / MIB:.0f} MiB" if program else "",
    )


def table(
    title: str, sizes: Sequence[int], line: Callable[[int], list[str]], program: str | None, *, recording: bool = True
) -> None:
    """Print how a run grows."""
    print(f"\n{title}")
    print(HEAD.format("", "events", "a piece", "seconds", "ms/piece", "memory", "in listeners", "real s", "real memory"))
    for size in sizes:
        argv = line(size)
        print(row(size, measured(argv, recording=recording), program, argv), flush=True)


def main() -> int:
    """Print the curves."""
    program = shutil.which("qemu-system-x86_64")
    emu.run(["-M", "none"])
    table("cards, recorded", CARDS, cards, program)
    table("cards, without a log", CARDS_UNRECORDED, cards, program, recording=False)
    table("queue pairs of one card, recorded (the real program would make a tap)", QUEUE_PAIRS, queues, None)
    print(
        "\nWhere it is not linear: QEMU calls the memory listener of every virtio device at every change of memory, and each"
        "\ncard makes some changes, so n cards make a multiple of n * n calls, there as here. Everything else is linear."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
