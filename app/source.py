"""Where things stand in the sources: QEMU's file and line of a function, and the emulated Python of a module."""

from __future__ import annotations

import sys
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from emu.source import module_matches, recorded_functions
from emu.trace.symbols import Function

CORE = "emu."
"""Only modules below this name are shown to anybody."""


@dataclass(frozen=True, slots=True)
class Module:
    """The source text of an emulated module."""

    module: str
    path: str
    text: str


def python_source(module: str) -> Module:
    """Return the source of a module of the core. KeyError: no such module was imported."""
    if not module.startswith(CORE):
        raise KeyError(module)
    file = getattr(sys.modules[module], "__file__", None)
    if file is None:
        raise KeyError(module)
    path = Path(file)
    depth = module.count(".") + (path.name == "__init__.py")
    return Module(module, path.relative_to(path.parents[depth]).as_posix(), path.read_text(encoding="utf-8"))


def locate(version: str, function: Function) -> tuple[str | None, int | None]:
    """Return QEMU's file and line of an emulated function; None where nothing is recorded of it."""
    files = _files(version).get(function.name, {})
    if function.file is not None:
        return function.file, files.get(function.file)
    own = [file for file in files if module_matches(function.module, file)]
    for file in (*own, *sorted(files)):
        return file, files[file]
    return None, None


@cache
def _files(version: str) -> dict[str, dict[str, int]]:
    """Return, for each function, the line of it in each file that has one of that name."""
    files: dict[str, dict[str, int]] = defaultdict(dict)
    for file, lines in recorded_functions(version).items():
        for name, line in lines.items():
            files[name][file] = line
    return files
