"""Identifiers of devices, backends and objects (util/id.c)."""

from __future__ import annotations

import re
from enum import Enum
from typing import Final

from emu.trace import per_run

_WELLFORMED: Final = re.compile(r"[A-Za-z][A-Za-z0-9._-]*")


class IdSubSystems(Enum):
    """Who makes identifiers up."""

    ID_QDEV = "qdev"
    ID_BLOCK = "block"
    ID_CHR = "chr"
    ID_NET = "net"


class IdCounters:
    """``id_counters``: how many identifiers each subsystem made."""

    def __init__(self) -> None:
        self.made = dict.fromkeys(IdSubSystems, 0)


id_counters = per_run(IdCounters)


def id_wellformed(id_: str) -> bool:
    """Tell whether text can be an identifier: a letter, then letters, digits, ``-``, ``.`` and ``_``."""
    return _WELLFORMED.fullmatch(id_) is not None


def id_generate(subsystem: IdSubSystems) -> str:
    """Make an identifier up: ``#net0`` and two digits.

    The real program draws the two digits at random (00 to 99); here they are always 00, so that a run repeats exactly.
    """
    made = id_counters().made
    number = made[subsystem]
    made[subsystem] = number + 1
    return f"#{subsystem.value}{number}00"
