"""Recorded facts about QEMU, per version: the types of a real start in their order, and where each function stands."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any


@dataclass(frozen=True, slots=True)
class InitFunction:
    """A function that the linker put into a list of initialisers, and the types that it registers."""

    function: str
    file: str
    types: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class RecordedTypes:
    """The initialisers of a real start in their order; ``late`` are types registered after them."""

    opts_init: tuple[InitFunction, ...]
    type_init: tuple[InitFunction, ...]
    late: tuple[dict[str, Any], ...]


def _load(name: str) -> Any:
    return json.loads(resources.files(__name__).joinpath(name).read_text("utf-8"))


@lru_cache
def recorded_types(version: str) -> RecordedTypes:
    """Return the recorded types of a version of QEMU. FileNotFoundError: nothing is recorded of it."""
    data = _load(f"types-{version}.json")
    return RecordedTypes(
        tuple(InitFunction(init["function"], init["file"]) for init in data["opts_init"]),
        tuple(InitFunction(init["function"], init["file"], tuple(init["types"])) for init in data["type_init"]),
        tuple(data["late"]),
    )


@lru_cache
def recorded_functions(version: str) -> dict[str, dict[str, int]]:
    """Return, for each file of QEMU, the line of each of its functions that is emulated."""
    functions: dict[str, dict[str, int]] = _load(f"functions-{version}.json")
    return functions


@lru_cache
def recorded_commands(version: str) -> dict[str, tuple[dict[str, Any], ...]]:
    """Return the commands of the monitors: ``qmp`` in the order of registration, ``hmp`` and ``hmp_info`` by name."""
    return {key: tuple(entries) for key, entries in _load(f"commands-{version}.json").items()}


@lru_cache
def installed_program(version: str) -> dict[str, Any]:
    """Return what the installed program has beyond the recorded types.

    ``beyond``: such types, true for a device; ``devices``: bus, desc and categories of what ``-device help`` lists;
    ``machines``: the lines of ``-machine help``.
    """
    facts: dict[str, Any] = _load(f"program-{version}.json")
    return facts


def beyond_recorded(version: str, name: str) -> bool:
    """Tell whether a device is one that the installed program has and the recorded one has not."""
    return bool(installed_program(version)["beyond"].get(name))


def module_matches(module: str, file: str) -> bool:
    """Tell whether a Python module (or package part) emulates a file of QEMU.

    ``emu.hw.virtio.virtio_pci.realize`` emulates ``hw/virtio/virtio-pci.c``.
    """
    path = file.removeprefix("include/").rsplit(".", 1)[0].replace("-", "_").replace("/", ".")
    own = module.removeprefix("emu.").replace("-", "_")
    return own == path or own.startswith(path + ".")
