"""Emulated functions: each call of one is an Enter and an Exit in the log. This is the hottest code of all."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache, update_wrapper
from inspect import CO_VARARGS
from typing import Any, Final, ParamSpec, TypeVar, overload

from emu.trace.events import Fn, Value
from emu.trace.recorder import ATOMS, CONTAINERS, HOLDERS, TooManyEvents, current, encode
from emu.trace.symbols import FUNCTIONS, Function, declare, instruction_lines

P = ParamSpec("P")
R = TypeVar("R")

MISSING: Final = object()
"""An argument that was not given."""

RECORDED: Final = """
def recorded(fn, code, lines, first, number, general):
    def call({parameters}):
        {guard}
        rec = current()
        if rec is None or not rec.recording:
            return fn({arguments})
        events = rec.events
        outer, outer_code, outer_lines = rec.call, rec.code, rec.lines
        frame = getframe(1)
        while frame is not None and frame.f_code is not outer_code:
            frame = frame.f_back
        seq = len(events)
        if seq > rec.limit:
            raise TooManyEvents(f"more than {{rec.limit}} events")
        events.append(("E", outer, outer_lines[frame.f_lasti] if frame is not None else 0, number, ({forms})))
        rec.call, rec.code, rec.lines = seq, code, lines
        try:
            result = fn({arguments})
        except BaseException as err:
            trace = err.__traceback__
            line = trace.tb_next.tb_lineno if trace and trace.tb_next else 0
            events.append(("X", seq, line, None, str(err) or type(err).__name__))
            rec.call, rec.code, rec.lines = outer, outer_code, outer_lines
            raise
        value = result
        if (kind := type(result)) not in ATOMS:
            value = result._enc if kind in HOLDERS else argument(result)
        events.append(("X", seq, first, value, None))
        rec.call, rec.code, rec.lines = outer, outer_code, outer_lines
        return result

    return call
"""
"""What stands for a function while it is recorded.

Parameters are written out: packing them into a tuple, and a comprehension over it, would take as long as all the rest.
"""
FORM: Final = "{0} if (t := type({0})) in ATOMS else {0}._enc if t in HOLDERS else argument({0}), "


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


def _emulates(fn: Callable[..., Any], file: str | None, name: str | None, *, modelled: bool = True) -> Any:
    code = fn.__code__
    number = declare(Function.of(fn, file=file, name=name, modelled=modelled))
    about = fn, code, instruction_lines(code), code.co_firstlineno, number
    call: Any = _recorded(None)(*about, None)
    if not code.co_kwonlyargcount and not code.co_flags & CO_VARARGS:
        call = _recorded(code.co_argcount)(*about, call)
    update_wrapper(call, fn)
    call._enc = Fn(name or fn.__name__)
    call._number = number
    return call


@cache
def _recorded(count: int | None) -> Callable[..., Any]:
    """Return what makes the recorded form of a function of ``count`` parameters; None: of any, however they are given."""
    names = [f"a{rank}" for rank in range(count or 0)]
    arguments = "".join(f"{name}, " for name in names)
    if count is None:
        shape = {
            "parameters": "*args, **named",
            "guard": "",
            "arguments": "*args, **named",
            "forms": "*[argument(a) for a in args], *[argument(a) for a in named.values()]",
        }
    else:
        given = f"*[a for a in ({arguments}) if a is not MISSING], **named"
        shape = {
            "parameters": "".join(f"{name}=MISSING, " for name in names) + ("/, **named" if names else "**named"),
            "guard": f"if named{f' or {names[-1]} is MISSING' if names else ''}: return general({given})",
            "arguments": arguments,
            "forms": "".join(FORM.format(name) for name in names),
        }
    made: dict[str, Any] = {
        "ATOMS": ATOMS, "HOLDERS": HOLDERS, "MISSING": MISSING, "TooManyEvents": TooManyEvents,
        "argument": argument, "current": current, "getframe": sys._getframe,
    }  # fmt: skip
    exec(compile(RECORDED.format(**shape), "<recorded>", "exec"), made)  # noqa: S102 # made of the lines above alone
    recorded: Callable[..., Any] = made["recorded"]
    return recorded


def refused(fn: Callable[..., Any], values: tuple[Value, ...], error: str) -> None:
    """Record a call of an emulated function that only raises an error which its caller swallows. ``values`` are detached."""
    rec = current()
    if rec is not None and rec.recording:
        seq = len(rec.events)
        number: int = fn._number  # type: ignore[attr-defined]
        rec.events.append(("E", rec.call, rec.line(), number, values))
        rec.events.append(("X", seq, FUNCTIONS[number].lines[0], None, error))


def declared(name: str, file: str) -> Callable[..., None]:
    """Return a function that is known by name alone: a call of it is recorded, marked as not modelled, and does nothing."""
    number = declare(Function(name, "", (0, 0), (), file, modelled=False))

    def call(*args: Any) -> None:
        rec = current()
        if rec is not None and rec.recording:
            seq = len(rec.events)
            rec.events.append(("E", rec.call, rec.line(), number, tuple(argument(a) for a in args)))
            rec.events.append(("X", seq, 0, None, None))

    call.__name__ = name
    call._enc = Fn(name)  # type: ignore[attr-defined]
    return call


def argument(value: Any) -> Value:
    """Return the detached form of an argument or result: a container is its owner, what has no form is its type alone."""
    kind = type(value)
    if kind in ATOMS:
        return value
    if kind in CONTAINERS:
        owner = value._owner  # compared with None: a struct may be empty, and so false
        return owner._enc if owner is not None else None
    try:
        return encode(value)
    except TypeError:
        return f"<{kind.__name__}>"
