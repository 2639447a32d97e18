"""The recorder: one per run, found through a context variable, on the hot path of everything."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import TYPE_CHECKING, Any, Final, ParamSpec, TypeVar, overload

from emu.trace.events import ABSENT, OUTSIDE, Absent, Fn, Raw, Value
from emu.trace.symbols import FUNCTIONS, Function, declare, instruction_lines

if TYPE_CHECKING:
    from emu.trace.prelude import Prelude

P = ParamSpec("P")
R = TypeVar("R")
G = TypeVar("G")

_getframe = sys._getframe
_recorder: ContextVar[Recorder | None] = ContextVar("recorder", default=None)

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
    found = _recorder.get()
    if found is None:
        raise LookupError("no run is active in this context")
    return found


def recording() -> Recorder | None:
    """Return the recorder of the present context if it keeps a log."""
    found = _recorder.get()
    return found if found is not None and found.recording else None


def per_run(factory: Callable[[], G]) -> Callable[[], G]:
    """Return an accessor of a global variable of QEMU: each run has its own, made at first use."""

    def access() -> G:
        rec = _recorder.get()
        if rec is None:
            raise LookupError("no run is active in this context")
        try:
            return rec.globals[factory]  # type: ignore[no-any-return]  # made below
        except KeyError:
            made = rec.globals[factory] = factory()
            return made

    return access


@overload
def emulates(fn: Callable[P, R], /) -> Callable[P, R]: ...
@overload
def emulates(
    *, file: str | None = None, name: str | None = None, modelled: bool = True
) -> Callable[[Callable[P, R]], Callable[P, R]]: ...
def emulates(fn: Any = None, /, *, file: str | None = None, name: str | None = None, modelled: bool = True) -> Any:
    """Mark a function as the emulation of the QEMU function of the same name; record each call of it.

    ``file``: QEMU's file, where it is not the one that the module's path says (header inlines need none).
    ``name``: QEMU's name, where Python could not use it.
    ``modelled=False``: the call is shown at its place, but what QEMU does in it is left out; the docstring says what that is.
    """
    if fn is None:
        return lambda f: _emulates(f, file, name, modelled=modelled)
    return _emulates(fn, None, None)


def _emulates(fn: Callable[P, R], file: str | None, name: str | None, *, modelled: bool = True) -> Callable[P, R]:
    code = fn.__code__
    lines = instruction_lines(code)
    first = code.co_firstlineno
    number = declare(Function.of(fn, file=file, name=name, modelled=modelled))
    get = _recorder.get

    @wraps(fn)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        rec = get()
        if rec is None or not rec.recording:
            return fn(*args, **kwargs)
        events = rec.events
        outer, outer_code, outer_lines = rec.call, rec.code, rec.lines
        frame: Any = _getframe(1)
        while frame is not None and frame.f_code is not outer_code:
            frame = frame.f_back
        seq = len(events)
        if seq > rec.limit:
            raise TooManyEvents(f"more than {rec.limit} events")
        if kwargs:
            values: tuple[Value, ...] = tuple([argument(a) for a in (*args, *kwargs.values())])
        elif len(args) == 1:  # one and two are written out: most calls have so many, and a comprehension is a call
            a: Any = args[0]
            values = (a if (t := type(a)) in ATOMS else a._enc if t in HOLDERS else argument(a),)
        elif len(args) == 2:
            b: Any
            a, b = args
            values = (
                a if (t := type(a)) in ATOMS else a._enc if t in HOLDERS else argument(a),
                b if (t := type(b)) in ATOMS else b._enc if t in HOLDERS else argument(b),
            )
        else:
            every: Any = args
            values = tuple([v if (t := type(v)) in ATOMS else v._enc if t in HOLDERS else argument(v) for v in every])
        events.append(("E", outer, outer_lines[frame.f_lasti] if frame is not None else 0, number, values))
        rec.call, rec.code, rec.lines = seq, code, lines
        try:
            result = fn(*args, **kwargs)
        except BaseException as err:
            trace = err.__traceback__
            line = trace.tb_next.tb_lineno if trace and trace.tb_next else 0
            events.append(("X", seq, line, None, str(err) or type(err).__name__))
            rec.call, rec.code, rec.lines = outer, outer_code, outer_lines
            raise
        value: Any = result
        if (kind := type(result)) not in ATOMS:
            value = value._enc if kind in HOLDERS else argument(value)
        events.append(("X", seq, first, value, None))
        rec.call, rec.code, rec.lines = outer, outer_code, outer_lines
        return result

    call._enc = Fn(name or fn.__name__)  # type: ignore[attr-defined]
    call._number = number  # type: ignore[attr-defined]
    return call


def refused(fn: Callable[..., Any], values: tuple[Value, ...], error: str) -> None:
    """Record a call of an emulated function that only raises an error which its caller swallows. ``values`` are detached."""
    rec = _recorder.get()
    if rec is not None and rec.recording:
        seq = len(rec.events)
        number: int = fn._number  # type: ignore[attr-defined]
        rec.events.append(("E", rec.call, rec.line(), number, values))
        rec.events.append(("X", seq, FUNCTIONS[number].lines[0], None, error))


def declared(name: str, file: str) -> Callable[..., None]:
    """Return a function that is known by name alone: a call of it is recorded, marked as not modelled, and does nothing."""
    number = declare(Function(name, "", (0, 0), (), file, modelled=False))

    def call(*args: Any) -> None:
        rec = _recorder.get()
        if rec is not None and rec.recording:
            seq = len(rec.events)
            rec.events.append(("E", rec.call, rec.line(), number, tuple(argument(a) for a in args)))
            rec.events.append(("X", seq, 0, None, None))

    call.__name__ = name
    call._enc = Fn(name)  # type: ignore[attr-defined]
    return call


def argument(value: Any) -> Value:
    """Return the detached form of an argument or result: a container is its owner, what has no form is its type alone."""
    if type(value) in CONTAINERS:
        owner = value._owner  # compared with None: a struct may be empty, and so false
        return owner._enc if owner is not None else None
    try:
        return encode(value)
    except TypeError:
        return f"<{type(value).__name__}>"
