"""Visits of the structs of qapi/machine.json that machine properties are made of (generated in QEMU)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from emu.qapi.visitor import (
    visit_check_struct,
    visit_end_struct,
    visit_optional,
    visit_start_struct,
    visit_type_bool,
    visit_type_int,
    visit_type_size,
    visit_type_str,
    visit_type_uint64,
)
from emu.trace import Struct

T = TypeVar("T")
Member = tuple[str, Callable[[Any, str, Any], Any], Any]


class BootConfiguration(Struct):
    """``-boot``; None stands for a missing member."""

    order: str | None = None
    once: str | None = None
    menu: bool | None = None
    splash: str | None = None
    splash_time: int | None = None
    reboot_timeout: int | None = None
    strict: bool | None = None


@dataclass
class MemorySizeConfiguration:
    """``-m``: sizes in bytes; None stands for a missing member."""

    size: int | None = None
    max_size: int | None = None
    slots: int | None = None


@dataclass
class SMPConfiguration:
    """``-smp``; None stands for a missing member."""

    cpus: int | None = None
    sockets: int | None = None
    dies: int | None = None
    clusters: int | None = None
    cores: int | None = None
    threads: int | None = None
    maxcpus: int | None = None


BOOT: Final[tuple[Member, ...]] = (
    ("order", visit_type_str, None),
    ("once", visit_type_str, None),
    ("menu", visit_type_bool, False),
    ("splash", visit_type_str, None),
    ("splash-time", visit_type_int, 0),
    ("reboot-timeout", visit_type_int, 0),
    ("strict", visit_type_bool, False),
)
MEMORY: Final[tuple[Member, ...]] = (
    ("size", visit_type_size, 0),
    ("max-size", visit_type_size, 0),
    ("slots", visit_type_uint64, 0),
)
SMP: Final[tuple[Member, ...]] = tuple(
    (name, visit_type_int, 0) for name in ("cpus", "sockets", "dies", "clusters", "cores", "threads", "maxcpus")
)


def _visit(v: Any, name: str | None, obj: T, members: tuple[Member, ...]) -> T:
    visit_start_struct(v, name)
    try:
        for member, visit, zero in members:
            field = member.replace("-", "_")
            value = getattr(obj, field)
            if visit_optional(v, member, value is not None):
                setattr(obj, field, visit(v, member, zero if value is None else value))
        visit_check_struct(v)
    finally:
        visit_end_struct(v)
    return obj


def visit_type_BootConfiguration(v: Any, name: str | None, obj: BootConfiguration | None) -> BootConfiguration:
    """Visit a boot configuration; an input visitor needs no ``obj``."""
    return _visit(v, name, BootConfiguration() if obj is None else obj, BOOT)


def visit_type_MemorySizeConfiguration(v: Any, name: str | None, obj: MemorySizeConfiguration | None) -> MemorySizeConfiguration:
    """Visit memory sizes; an input visitor needs no ``obj``."""
    return _visit(v, name, MemorySizeConfiguration() if obj is None else obj, MEMORY)


def visit_type_SMPConfiguration(v: Any, name: str | None, obj: SMPConfiguration | None) -> SMPConfiguration:
    """Visit a CPU topology; an input visitor needs no ``obj``."""
    return _visit(v, name, SMPConfiguration() if obj is None else obj, SMP)
