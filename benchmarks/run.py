"""One recorded run in this process against one whole start of the real program, same command line, in turns."""

from __future__ import annotations

import gc
import os
import resource
import shlex
import shutil
import statistics
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any, Final

import emu

ROUNDS: Final = 21
MIB: Final = 1 << 20
QUIT: Final = b'{"execute": "qmp_capabilities"}\n{"execute": "quit"}\n'
HEAD: Final = "{:<12}{:>10}{:>10}{:>7}{:>12}{:>9}{:>7}{:>12}{:>12}{:>7}"
COMMAND_LINES: Final = {
    "virtio-net": "-nodefaults -M pc -netdev user,id=n0 -device virtio-net-pci,netdev=n0,id=nic0",
    "no peer": "-nodefaults -M pc -device virtio-net-pci",
    "error": "-nodefaults -M pc -device virtio-net-pci,netdev=nope",
}


def real(program: str, argv: list[str]) -> tuple[float, int]:
    """Start the real program, let it quit as soon as it is ready; return seconds and its peak memory in bytes."""
    began = time.perf_counter()
    command = [program, *argv, "-accel", "tcg", "-S", "-display", "none", "-qmp", "stdio"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        if process.stdin is not None:
            with suppress(BrokenPipeError):  # it may have ended by itself
                process.stdin.write(QUIT)
                process.stdin.flush()
        _, _, usage = os.wait4(process.pid, 0)
        process.returncode = 0
    return time.perf_counter() - began, usage.ru_maxrss * 1024


def seconds(work: Callable[[], Any]) -> float:
    """Return how long something takes, garbage collected beforehand."""
    gc.collect()
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def peak(work: Callable[[], Any]) -> int:
    """Return the most memory that something holds at once, in bytes."""
    gc.collect()
    tracemalloc.start()
    work()
    held = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return held


def row(name: str, program: str, argv: list[str]) -> str:
    """Measure a command line; return its row."""
    recorded, plain = partial(emu.run, argv), partial(emu.run, argv, recording=False)
    theirs, ours, unrecorded = [], [], []
    for _ in range(ROUNDS):
        theirs.append(real(program, argv))
        ours.append(seconds(recorded))
        unrecorded.append(seconds(plain))
    events = len(recorded().events)
    real_time, real_memory = min(time_ for time_, _ in theirs), statistics.median(memory for _, memory in theirs)
    time_, memory = min(ours), peak(recorded)
    return HEAD.format(
        name,
        f"{real_time:.3f} s",
        f"{time_:.3f} s",
        f"{time_ / real_time:.2f}",
        f"{min(unrecorded):.3f} s",
        events,
        f"{1e6 * time_ / events:.2f}",
        f"{real_memory / MIB:.1f} MiB",
        f"{memory / MIB:.1f} MiB",
        f"{memory / real_memory:.2f}",
    )


def main() -> int:
    """Print a row for each command line."""
    program = shutil.which("qemu-system-x86_64")
    if program is None:
        print("*** SKIPPED: qemu-system-x86_64 is not installed", file=sys.stderr)
        return 0
    emu.run(["-M", "none"])  # imports, and loads recorded facts
    print(f"best of {ROUNDS} runs each, in turns; memory is the peak; us: microseconds an event")
    print(HEAD.format("", "real", "recorded", "ratio", "unrecorded", "events", "us", "real", "recorded", "ratio"))
    for name, line in COMMAND_LINES.items():
        print(row(name, program, shlex.split(line)))
    print(f"this process held at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
