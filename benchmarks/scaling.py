"""How time, events and memory grow with the number of cards, and of queue pairs of one card; the real program beside it."""

from __future__ import annotations

import gc
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from typing import Final

import run as bench

import emu
from emu.trace.symbols import FUNCTIONS

CARDS: Final = (1, 3, 10, 30, 100)
CARDS_UNRECORDED: Final = (1, 10, 100, 300, 1000)
QUEUE_PAIRS: Final = (1, 4, 16, 64, 256)
SLOTS: Final = 28
"""Cards on a bridge, and bridges on the root bus: some of the 32 slots are taken by others."""
HEAD: Final = "{:>8}{:>12}{:>12}{:>10}{:>10}{:>14}{:>10}"


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


def measured(argv: Sequence[str], *, recording: bool) -> tuple[emu.Run, float]:
    """Run once; return the run and its seconds."""
    gc.collect()
    began = time.perf_counter()
    run = emu.run(argv, recording=recording, limit=20_000_000)
    seconds = time.perf_counter() - began
    if run.exit_status:
        raise SystemExit(f"{' '.join(argv[:12])} ...: {run.stderr}")
    return run, seconds


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


def table(title: str, sizes: Sequence[int], line: Callable[[int], list[str]], program: str | None) -> None:
    """Print how a recorded run grows."""
    print(f"\n{title}")
    print(HEAD.format("", "events", "a piece", "seconds", "us/event", "in listeners", "real"))
    for size in sizes:
        argv = line(size)
        run, seconds = measured(argv, recording=True)
        events = len(run.events)
        theirs = f"{bench.real(program, argv)[0]:.3f} s" if program else ""
        print(
            HEAD.format(
                size,
                events,
                events // size,
                f"{seconds:.2f}",
                f"{1e6 * seconds / events:.2f}",
                f"{listener_share(run):.0%}",
                theirs,
            )
        )


def main() -> int:
    """Print the curves."""
    program = shutil.which("qemu-system-x86_64")
    emu.run(["-M", "none"])
    table("cards, recorded", CARDS, cards, program)
    print("\ncards, without a log")
    for size in CARDS_UNRECORDED:
        argv = cards(size)
        _, seconds = measured(argv, recording=False)
        theirs = f"{bench.real(program, argv)[0]:.3f} s" if program else ""
        print(f"{size:>8}{seconds:>10.2f} s{1000 * seconds / size:>10.1f} ms a card{theirs:>12} real")
    table("queue pairs of one card, recorded (the real program would make a tap)", QUEUE_PAIRS, queues, None)
    print(
        "\nWhere it is not linear: QEMU calls the memory listener of every virtio device at every change of memory, and each"
        "\ncard makes some changes, so n cards make a multiple of n * n calls, there as here. Everything else is linear."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
