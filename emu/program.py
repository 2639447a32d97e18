"""One run of the emulated QEMU: a command line in, a log and an exit status out."""

from __future__ import annotations

import gc
import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import takewhile
from threading import Lock
from typing import TYPE_CHECKING, Final

import emu
from emu.errors import NotModelled, QemuExit
from emu.trace import Prelude, Recorder, TooManyEvents
from emu.trace.events import Raw
from emu.trace.fold import State, fold

if TYPE_CHECKING:
    from emu.machine import Machine

VERSIONS = ("7.2",)


@lru_cache(maxsize=1)
def import_everything() -> None:
    """Import every module of the emulation, in the order of their names.

    Each notes its initialisers, and the table of functions comes out the same in every process. Recorded facts are read:
    a run opens no file.
    """
    for module in sorted(info.name for info in pkgutil.walk_packages(emu.__path__, "emu.")):
        importlib.import_module(module)
    for version in VERSIONS:
        importlib.import_module("emu.qom.unmodelled").unmodelled_infos(version)
        facts = importlib.import_module("emu.source")
        facts.installed_program(version)
        facts.recorded_commands(version)


@lru_cache(maxsize=len(VERSIONS))
def prelude(version: str) -> Prelude:
    """Return what every run of a version begins with: all types registered, and each given its class."""
    import_everything()
    runstate, walk = importlib.import_module("emu.softmmu.runstate.state"), importlib.import_module("emu.qom.object.walk")

    def work() -> None:
        runstate.register_types(version)
        walk.object_class_foreach(lambda _: None)

    with without_collector():
        return Prelude(work)


_collecting = Lock()
_paused = 0
_left = 0
"""How many objects were made during runs since the last collection."""
ENOUGH: Final = 1_500_000
"""After so many everything is walked: some ten runs."""


@contextmanager
def without_collector() -> Iterator[None]:
    """Stop Python's cycle collector while runs are recorded: all they make stays, and it would walk it again and again.

    Afterwards what was made moves to the oldest generation unlooked at, since to walk it takes a third of a run's time.
    Python would never walk that again by itself, so that is done here every few runs.
    """
    global _paused, _left
    with _collecting:
        _paused += 1
        gc.disable()
    try:
        yield
    finally:
        with _collecting:
            _paused -= 1
            if not _paused:
                _left += gc.get_count()[0]
                gc.freeze()
                gc.unfreeze()
                gc.enable()
                if _left > ENOUGH:
                    _left = 0
                    gc.collect()


@dataclass(slots=True)
class Run:
    """What a command line led to. ``exit_status`` is None while it runs; 0 also stands for a machine that is ready."""

    argv: tuple[str, ...]
    version: str
    recorder: Recorder = field(repr=False)
    exit_status: int | None = None
    commands: tuple[str, ...] = ()
    machine: Machine | None = field(default=None, repr=False)
    """What goes on taking commands, once it stands ready."""

    @property
    def events(self) -> list[Raw]:
        """The log; it grows while the run goes on."""
        return self.recorder.events

    def let_go(self) -> None:
        """Give the machine back; the log stays. For those who keep many logs."""
        self.machine = None
        self.recorder.release()

    def output(self, stream: str) -> str:
        """Return what QEMU would have printed to ``"stderr"`` or ``"stdout"``."""
        return "".join(event[4] for event in self.events if event[0] == "M" and event[3] == stream)

    @property
    def stderr(self) -> str:
        """Standard error."""
        return self.output("stderr")

    @property
    def stdout(self) -> str:
        """Standard output."""
        return self.output("stdout")

    def state_at(self, n: int) -> State:
        """Return the state after the first ``n`` events."""
        return fold(self.events[:n])


def run(
    argv: Sequence[str],
    version: str = "7.2",
    *,
    commands: Sequence[str] = (),
    files: Mapping[str, str] | None = None,
    on_start: Callable[[Run], None] | None = None,
    limit: int = 5_000_000,
    recording: bool = True,
    accelerators: str = "qtest",
) -> Run:
    """Emulate ``qemu-system-x86_64 ARGV...`` as far as the machine stands ready (or the program ends).

    ``commands`` are then done one after the other (see Machine.perform); the log has first what it has without them.
    Those at their head that set the host up (``host with ...``) come before the start.
    ``files`` are text files that the simulated host has, by path (for ``-readconfig``).
    ``on_start`` gets the Run before its first event, to watch it grow. ``limit`` bounds the events.
    ``accelerators`` is what starts where the command line names none: no guest code runs, so ``qtest``, which is also what
    the facts were recorded with; the program as it is installed takes ``tcg:kvm``, and then warns of some things more.
    ValueError: a version that is not known. TooManyEvents: the limit was reached; the events so far stand.
    """
    import_everything()
    vl = importlib.import_module("emu.softmmu.vl")
    machines = importlib.import_module("emu.machine")
    lines = importlib.import_module("emu.host.commands")
    host = importlib.import_module("emu.host.files")
    runstate = importlib.import_module("emu.softmmu.runstate")

    if version not in VERSIONS:
        raise ValueError(f"no such version of QEMU: {version} (known: {', '.join(VERSIONS)})")
    rec = Recorder(recording=recording, limit=limit, prelude=prelude(version))
    result = Run(tuple(argv), version, rec, commands=tuple(commands))
    if on_start is not None:
        on_start(result)
    with without_collector(), rec.active():
        try:
            for path, text in (files or {}).items():
                host.host_files().texts[path] = text
            vl.vl_c().default_accelerators = accelerators
            settings = tuple(takewhile(lines.is_host_setting, result.commands))
            for setting in settings:
                lines.prepare_host(setting)
            vl.qemu_init(tuple(argv))
            result.machine = machine = machines.Machine(rec)
            if len(settings) < len(result.commands):
                machine.settle()  # the main loop turns before anybody can give a command
            for command in result.commands[len(settings) :]:
                if machine.status is None:
                    machine.perform(command)
            result.exit_status = machine.status or 0
        except QemuExit as end:
            runstate.qemu_run_exit_notifiers()
            result.exit_status = end.status
        except NotModelled as end:
            rec.message("stderr", f"qomscope: {end}\n")
            result.exit_status = 1
        except TooManyEvents:
            result.exit_status = 1
            raise
    return result
