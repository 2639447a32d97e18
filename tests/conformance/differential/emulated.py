"""The emulated program, in this process, asked the same questions."""

from __future__ import annotations

import gc
import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from conformance.differential.answers import HEADLESS, Answers, ask, without_chance

import emu
from emu.machine import Machine
from emu.softmmu.ioport import cpu_inl, cpu_outl
from emu.softmmu.memory import MEMTXATTRS_UNSPECIFIED
from emu.softmmu.physmem import address_space_ld, address_space_memory, address_space_read, address_space_st

SIZES = {"w": 2, "l": 4}


class Emulated:
    """A machine of this process."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine

    def qtest(self, lines: Sequence[str]) -> list[str]:
        """Do lines of qtest; return what follows ``OK`` of each."""
        with self._machine.acting():
            return [_do(*line.split()) for line in lines]

    def monitor(self, hmp: Sequence[str], qmp: Sequence[str]) -> tuple[list[str], list[Any]]:
        """Do lines of the human monitor, then commands of the other one; return what each answered."""
        answers = [self._machine.qmp({"execute": name}) for name in qmp]
        return [self._machine.hmp(line) for line in hmp], [answer.get("return", answer) for answer in answers]


def _do(name: str, address: str, value: str = "0") -> str:
    at, number = int(address, 0), int(value, 0)
    if name == "outl":
        cpu_outl(at, number)
        return ""
    if name == "inl":
        return f"{cpu_inl(at):#x}"
    if name == "read":
        return "0x" + address_space_read(address_space_memory(), at, MEMTXATTRS_UNSPECIFIED, number)[1].hex()
    size = SIZES[name[-1]]
    if name.startswith("read"):
        return f"{address_space_ld(address_space_memory(), at, size):#x}"
    address_space_st(address_space_memory(), at, number, size)
    return ""


RUNS_KEPT = 16
_runs = itertools.count(1)


def answers(*argv: str, files: Mapping[str, str] | None = None) -> Answers:
    """Emulate a command line as it is installed, on a host with some text files, and ask."""
    if next(_runs) % RUNS_KEPT == 0:
        gc.collect()  # a run is full of cycles, a few megabytes of them, and Python's collector comes late
    run = emu.run([*HEADLESS, *argv], recording=False, accelerators="tcg:kvm", files=files)
    assert run.exit_status is not None
    found = Answers(run.exit_status, without_chance(run.stderr))
    if run.machine is None:
        found.stdout = run.stdout
        return found
    ask(Emulated(run.machine), found)
    found.stderr = without_chance(run.stderr)
    return found
