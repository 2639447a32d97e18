"""The symbol table: which functions are emulated, and where their Python stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import CodeType
from typing import Any


@dataclass(frozen=True, slots=True)
class Function:
    """One emulated function. ``module`` is the Python module, ``lines`` its first and last line there."""

    name: str
    module: str
    lines: tuple[int, int]
    params: tuple[str, ...]
    file: str | None = None
    modelled: bool = True

    @classmethod
    def of(cls, fn: Callable[..., Any], *, file: str | None, name: str | None, modelled: bool = True) -> Function:
        """Describe a Python function."""
        code = fn.__code__
        last = max((line for _, _, line in code.co_lines() if line), default=code.co_firstlineno)
        params = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
        return cls(name or fn.__name__, fn.__module__, (code.co_firstlineno, last), params, file, modelled)


def instruction_lines(code: CodeType) -> dict[int, int]:
    """Return the line of each instruction, by its offset: asking a frame for its line costs five times as much."""
    return {offset: line or 0 for start, end, line in code.co_lines() for offset in range(start, end, 2)}


FUNCTIONS: list[Function] = []
"""Every emulated function; an ``Enter`` names one by its index here."""


def declare(function: Function) -> int:
    """Add a function to the table; return its index."""
    FUNCTIONS.append(function)
    return len(FUNCTIONS) - 1


STRUCTS: dict[str, Any] = {}
"""Every struct class, by name."""
