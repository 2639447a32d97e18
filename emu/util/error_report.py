"""Messages to the user with the place they are about (util/error-report.c, include/qemu/error-report.h)."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import NoReturn, Protocol

from emu.errors import QemuAbort
from emu.trace import per_run, recorder


class LocKind(Enum):
    """What a ``Location`` points at."""

    LOC_NONE = 0
    LOC_CMDLINE = 1
    LOC_FILE = 2


class Location:
    """A place in the command line or a file that messages name. ``ptr`` holds the arguments or the file name."""

    __slots__ = ("kind", "num", "ptr")

    def __init__(self, kind: LocKind = LocKind.LOC_NONE, num: int = 0, ptr: tuple[str, ...] = ()) -> None:
        self.kind = kind
        self.num = num
        self.ptr = ptr

    @property
    def _enc(self) -> str:
        return " ".join(self.ptr)

    def copy(self) -> Location:
        """Return a location of its own that points at the same place."""
        return Location(self.kind, self.num, self.ptr)

    def assign(self, other: Location) -> None:
        """Point where ``other`` points."""
        self.kind, self.num, self.ptr = other.kind, other.num, other.ptr


class Monitor(Protocol):
    """What messages need of the monitor whose command runs (``monitor_cur()``)."""

    is_qmp: bool

    def printf(self, text: str) -> None:
        """Print to the monitor's user."""


class ErrorReportState:
    """The static variables of util/error-report.c, and the current monitor."""

    def __init__(self) -> None:
        self.stack: list[Location] = [Location()]
        self.prgname: str | None = None
        self.guest_name: str | None = None
        self.error_with_guestname = False
        self.cur_mon: Monitor | None = None
        self.printed: set[str] = set()
        self.errp: list[bool] = []
        """What the functions now running got as ``errp``: true for ``&error_fatal``, false for an error of their own."""


error_report_state = per_run(ErrorReportState)


def error_init(argv0: str) -> None:
    """Set the program's name that begins every message: the last component of ``argv[0]``."""
    error_report_state().prgname = argv0.rpartition("/")[2]


def loc_push_restore(loc: Location) -> Location:
    """Push a saved location; messages name it until ``loc_pop``."""
    error_report_state().stack.append(loc)
    return loc


def loc_push_none() -> Location:
    """Push "nowhere" and return it."""
    return loc_push_restore(Location())


def loc_pop(loc: Location) -> None:
    """Pop the current location, which must be ``loc``."""
    popped = error_report_state().stack.pop()
    assert popped is loc, "locations are popped in the order they were pushed"


def loc_save() -> Location:
    """Return a copy of the current location."""
    return error_report_state().stack[-1].copy()


def loc_now() -> Location | None:
    """Return a copy of the current location, None outside of a run."""
    try:
        return loc_save()
    except LookupError:
        return None


def loc_restore(loc: Location) -> None:
    """Make the current location point where ``loc`` points."""
    error_report_state().stack[-1].assign(loc)


def loc_set_none() -> None:
    """Make the current location point nowhere."""
    error_report_state().stack[-1].kind = LocKind.LOC_NONE


def loc_set_cmdline(argv: Sequence[str], idx: int, cnt: int) -> None:
    """Make the current location point at ``argv[idx:idx + cnt]``."""
    error_report_state().stack[-1].assign(Location(LocKind.LOC_CMDLINE, cnt, tuple(argv[idx : idx + cnt])))


def loc_set_file(fname: str | None, lno: int) -> None:
    """Make the current location point at a line of a file; ``None`` keeps the file."""
    loc = error_report_state().stack[-1]
    assert fname is not None or loc.kind is LocKind.LOC_FILE
    loc.assign(Location(LocKind.LOC_FILE, lno, loc.ptr if fname is None else (fname,)))


def error_printf(text: str) -> None:
    """Print to the current monitor if it is a human one, else to stderr (monitor/monitor.c: error_vprintf)."""
    monitor = error_report_state().cur_mon
    if monitor is not None and not monitor.is_qmp:
        monitor.printf(text)
    else:
        recorder().message("stderr", text)


def loc_text(state: ErrorReportState, loc: Location) -> str:
    """Return what ``print_loc`` prints."""
    named = state.cur_mon is None and state.prgname is not None
    text = f"{state.prgname}:" if named else ""
    sep = " " if named else ""
    if loc.kind is LocKind.LOC_CMDLINE:
        for argument in loc.ptr[: loc.num]:
            text += sep + argument
            sep = " "
        return text + ": "
    if loc.kind is LocKind.LOC_FILE:
        return text + f"{loc.ptr[0]}:" + (f"{loc.num}:" if loc.num else "") + " "
    return text + sep


def vreport(prefix: str, text: str, loc: Location | None = None) -> None:
    """Print one message after its location (the current one unless ``loc`` is given), with a newline."""
    state = error_report_state()
    guest = ""
    if state.error_with_guestname and state.guest_name and state.cur_mon is None:
        guest = f"{state.guest_name} "
    error_printf(f"{guest}{loc_text(state, loc or state.stack[-1])}{prefix}{text}\n")


def error_report(text: str) -> None:
    """Print an error: ``qemu-system-x86_64: -device foo: TEXT``."""
    vreport("", text)


def warn_report(text: str) -> None:
    """Print a warning: ``qemu-system-x86_64: -device foo: warning: TEXT``."""
    vreport("warning: ", text)


def info_report(text: str) -> None:
    """Print an information: ``qemu-system-x86_64: -device foo: info: TEXT``."""
    vreport("info: ", text)


def assert_fail(assertion: str, file: str, line: int, function: str) -> NoReturn:
    """End the run as a failed assertion of QEMU does (C library: __assert_fail). For assertions that a user can reach."""
    name = error_report_state().prgname or "qemu"
    recorder().message("stderr", f"{name}: ../../{file}:{line}: {function}: Assertion `{assertion}' failed.\n")
    raise QemuAbort


def error_report_once(text: str) -> bool:
    """Like ``error_report``, but a text is printed only once in a run; return whether it was."""
    if first := _first(text):
        error_report(text)
    return first


def warn_report_once(text: str) -> bool:
    """Like ``warn_report``, but a text is printed only once in a run; return whether it was."""
    if first := _first(text):
        warn_report(text)
    return first


def _first(text: str) -> bool:
    printed = error_report_state().printed
    first = text not in printed
    printed.add(text)
    return first
