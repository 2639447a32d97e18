"""What was recorded of a real QEMU, and how an emulated call tree is compared with it."""

from __future__ import annotations

import difflib
import gzip
import json
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
Call = tuple[int, str]
"""Depth and name."""

VIRTIO_NET = (
    "pc-user",
    "pc-transitional",
    "pc-non-transitional",
    "pc-disable-modern",
    "pc-no-peer",
    "err-netdev-not-found",
    "err-bad-property",
)
"""Recorded command lines that are emulated whole."""


@cache
def scenarios() -> dict[str, dict[str, Any]]:
    """Return argv, exit status and standard error of each recorded command line."""
    rows: dict[str, dict[str, Any]] = json.loads((DATA / "scenarios.json").read_text())
    return rows


@cache
def types() -> dict[str, dict[str, Any]]:
    """Return the rows of all types of the real program."""
    rows: dict[str, dict[str, Any]] = json.loads(gzip.decompress((DATA / "types.json.gz").read_bytes()))
    return rows


@cache
def vocabulary() -> tuple[frozenset[str], frozenset[str]]:
    """Return the roots of the recorded subtrees, and the functions that are compared."""
    data = json.loads((DATA / "vocabulary.json").read_text())
    return frozenset(data["roots"]), frozenset(data["core"])


def calls(name: str) -> list[Call]:
    """Return the recorded call tree of a scenario."""
    lines = gzip.decompress((DATA / "calls" / f"{name}.calls.gz").read_bytes()).decode().splitlines()
    return [(int(depth), function.split(" ")[0]) for depth, _, function in (line.partition(" ") for line in lines)]


@dataclass(frozen=True)
class Comparison:
    """How an emulated call tree fits a recorded one."""

    exact: bool
    ratio: float
    coverage: float
    recorded: int
    emulated: int
    missing: tuple[str, ...]
    diverges: str
    """The first place where the two differ, with what stands around it on both sides."""

    @property
    def same(self) -> bool:
        """Whether the trees are the same and no function is left out."""
        return self.exact and not self.missing


def compare(name: str, emulated: Iterable[Call]) -> Comparison:
    """Compare the call tree of a whole emulated run with a recorded one, on the functions of the vocabulary.

    Functions that the emulation never calls are left out of the comparison, and listed as missing.
    """
    roots, core = vocabulary()
    whole = list(emulated)
    declared = {function for _, function in whole}
    recorded = list(_under(calls(name), roots))
    keep = (core & declared) | roots
    left, right = reduced(recorded, keep), reduced(_under(whole, roots), keep)
    at = next((i for i, pair in enumerate(zip(left, right, strict=False)) if pair[0] != pair[1]), None)
    if at is None and len(left) != len(right):
        at = min(len(left), len(right))
    expected = {function for _, function in recorded} & core
    missing = sorted(expected - declared)
    return Comparison(
        exact=at is None,
        ratio=1.0 if at is None else difflib.SequenceMatcher(None, left, right, autojunk=False).ratio(),
        coverage=1 - len(missing) / len(expected) if expected else 1.0,
        recorded=len(left),
        emulated=len(right),
        missing=tuple(missing),
        diverges="" if at is None else f"recorded:\n{_around(left, at)}\nemulated:\n{_around(right, at)}",
    )


def reduced(tree: Iterable[Call], keep: AbstractSet[str]) -> list[Call]:
    """Drop functions that are not kept; close the depths up over them."""
    out: list[Call] = []
    open_at: list[int] = []
    for depth, function in tree:
        while open_at and open_at[-1] >= depth:
            open_at.pop()
        if function in keep:
            out.append((len(open_at), function))
            open_at.append(depth)
    return out


def _under(tree: Iterable[Call], roots: frozenset[str]) -> Iterator[Call]:
    base = None
    for depth, function in tree:
        if base is not None and depth <= base:
            base = None
        if base is None and function in roots:
            base = depth
        if base is not None:
            yield depth - base, function


def _around(tree: list[Call], at: int, context: int = 6) -> str:
    first = max(0, at - context)
    return "\n".join(f"  {first + i:>6} {'  ' * depth}{name}" for i, (depth, name) in enumerate(tree[first : at + context]))
