"""The recorder: one per run, found through a context variable, on the hot path of everything."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Final, TypeVar

from emu.trace.events import ABSENT, OUTSIDE, Absent, Fn, Raw, Value

if TYPE_CHECKING:
    from emu.trace.prelude import Prelude

G = TypeVar("G")

_getframe = sys._getframe
_recorder: ContextVar[Recorder | None] = ContextVar("recorder", default=None)
current = _recorder.get
"""Returns the recorder of the present context, or None."""

ATOMS: Final = frozenset({type(None), bool, int, float, str, bytes, Fn, Absent})
"""Types whose values go into events as they are."""


_fns: dict[str, Fn] = {}
"""Functions that are not emulated, by name."""

HOLDERS: set[type] = set()
"""Types of structs: an object holds its form in ``_enc``."""

CONTAINERS: set[type] = set()
"""Types of traced containers: as an argument, a container is passed by address."""


class TooManyEvents(Exception):
    """The run recorded more events than it was allowed to."""


def encode(value: Any) -> Value:
    """Return the detached form of a value. TypeError: it has none, so a change in it would go unseen."""
    kind = type(value)
    if kind in ATOMS:
        return value
    if kind in HOLDERS:
        return value._enc
    enc = getattr(value, "_enc", ABSENT)
    if enc is not ABSENT:  # None is the form of JSON's null, and of a struct that is not recorded
        return enc
    if isinstance(value, int):  # IntEnum, IntFlag
        return int(value)
    if isinstance(value, str):
        return str(value)
    if isinstance(value, tuple):
        return tuple(encode(item) for item in value)
    if callable(value) and (name := getattr(value, "__name__", None)) is not None:
        return _fns.get(name) or _fns.setdefault(name, Fn(name))
    raise TypeError(f"a {type(value).__name__} cannot be recorded: use a Struct, Seq, Map or Buf")


class Recorder:
    """Everything that belongs to one run: its log, its objects and QEMU's global variables.

    With ``recording=False`` the run goes on without a log; ``limit`` bounds the number of events.
    """

    __slots__ = ("call", "code", "events", "globals", "limit", "lines", "objects", "prelude", "recording", "twins")

    def __init__(self, *, recording: bool = True, limit: int = 5_000_000, prelude: Prelude | None = None) -> None:
        self.recording = recording
        self.limit = limit
        self.events: list[Raw] = []
        self.prelude = prelude
        self.twins: list[Any] = []
        """The structs that the prelude has made in this run."""
        self.objects: list[Any] = [None] * prelude.size if prelude is not None else []
        """Every struct by its id, less one; the first ids are the prelude's, and None until it makes them."""
        self.globals: dict[Any, Any] = {}
        self.call = OUTSIDE
        self.code: Any = None
        """The code of the function that the present call runs, and ``lines`` its lines by instruction."""
        self.lines: dict[int, int] = {}

    @contextmanager
    def active(self) -> Iterator[Recorder]:
        """Make this the recorder of the present context."""
        token = _recorder.set(self)
        try:
            yield self
        finally:
            _recorder.reset(token)

    def release(self) -> None:
        """Give all structs back; only the log stays. They hold each other, so that otherwise only the cycle collector can."""
        owns = [
            part.__dict__ for whole in self.objects if whole is not None for part in getattr(whole, "_parts", {0: whole}).values()
        ]
        owns += [twin.__dict__ for twin in self.twins if twin is not None]
        for own in owns:
            own.clear()
        self.objects.clear()
        self.twins.clear()
        self.globals.clear()

    def line(self) -> int:
        """Return the line at which the function of the present call stands."""
        code = self.code
        frame: Any = _getframe(2)
        while frame is not None:
            if frame.f_code is code:
                return self.lines[frame.f_lasti]
            frame = frame.f_back
        return 0

    def new(self, struct: Any, type_name: str, structs: tuple[str, ...], fields: dict[str, Value]) -> int:
        """Record that ``struct`` came into being; return its id."""
        self.objects.append(struct)
        number = len(self.objects)
        self.events.append(("N", self.call, self.line(), number, type_name, structs, fields))
        return number

    def free(self, number: int) -> None:
        """Record that the memory of object ``number`` was given back."""
        self.events.append(("F", self.call, self.line(), number))

    def message(self, stream: str, text: str) -> None:
        """Record text that QEMU prints."""
        self.events.append(("M", self.call, self.line(), stream, text))


def recorder() -> Recorder:
    """Return the recorder of the present context. LookupError: there is none."""
    found = current()
    if found is None:
        raise LookupError("no run is active in this context")
    return found


def recording() -> Recorder | None:
    """Return the recorder of the present context if it keeps a log."""
    found = current()
    return found if found is not None and found.recording else None


def per_run(factory: Callable[[], G]) -> Callable[[], G]:
    """Return an accessor of a global variable of QEMU: each run has its own, made at first use."""

    def access() -> G:
        rec = current()
        if rec is None:
            raise LookupError("no run is active in this context")
        try:
            return rec.globals[factory]  # type: ignore[no-any-return]  # made below
        except KeyError:
            made = rec.globals[factory] = factory()
            return made

    return access
