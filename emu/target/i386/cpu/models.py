"""CPU models and names of features as data (``builtin_x86_defs`` and ``feature_word_info`` of target/i386/cpu.c)."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple


class X86CPUVersionDefinition(NamedTuple):
    """A version of a model: the name it is also known by, and the properties that it changes."""

    version: int
    alias: str | None
    props: tuple[tuple[str, str], ...]


class X86CPUDefinition(NamedTuple):
    """A model; ``features`` by feature word."""

    name: str
    level: int
    xlevel: int
    vendor: str
    family: int
    model: int
    stepping: int
    model_id: str
    features: tuple[tuple[int, int], ...]
    cache_info: bool
    versions: tuple[X86CPUVersionDefinition, ...]


FIRST_VERSION = (X86CPUVersionDefinition(1, None, ()),)


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(Path(__file__).with_name("models.json").read_text(encoding="utf-8"))
    return data


def feature_words() -> tuple[str, ...]:
    """Return the names of the feature words."""
    return tuple(_data()["words"])


@cache
def feature_names() -> tuple[tuple[int, int, str], ...]:
    """Return (feature word, bit, name) of every feature that has a name."""
    words = feature_words()
    return tuple((words.index(word), int(bit), name) for word, bits in _data()["names"].items() for bit, name in bits.items())


@cache
def builtin_x86_defs() -> tuple[X86CPUDefinition, ...]:
    """Return all models."""
    words = feature_words()
    return tuple(
        X86CPUDefinition(
            name=m["name"],
            level=m["level"],
            xlevel=m["xlevel"],
            vendor=m["vendor"],
            family=m["family"],
            model=m["model"],
            stepping=m["stepping"],
            model_id=m["model_id"],
            features=tuple((words.index(word), bits) for word, bits in m["features"].items()),
            cache_info=m["cache_info"],
            versions=tuple(
                X86CPUVersionDefinition(v, alias, tuple((prop, value) for prop, value in props))
                for v, alias, props in m["versions"]
            )
            or FIRST_VERSION,
        )
        for m in _data()["models"]
    )
