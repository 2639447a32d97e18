"""What a server gives to the people that it serves, and no more."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_STATM: Final = Path("/proc/self/statm")
MIB: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one server. Each has an option of ``qomscope serve``."""

    argv_chars: int = 65_536
    """Longest command line, in characters. The longest that people write by hand are some thousand."""
    commands: int = 200
    """Most commands that one run does on its machine."""
    events: int = 2_000_000
    """Longest log of one run; an ordinary one has some ten to hundred thousand."""
    runs: int = 2
    """Runs at the same time: each keeps a processor busy."""
    waiting: int = 16
    """Runs that may wait for their turn."""
    seconds: float = 60.0
    """Longest time of one run."""
    cached_events: int = 4_000_000
    """Events of finished runs that are kept, together. One costs about 250 bytes."""
    memory: int = 3 * 1024 * MIB
    """Memory of the server, in bytes, past which no run is begun and those that go on are ended."""
    clients: int = 100
    """WebSockets at the same time."""
    message_bytes: int = 4 * MIB
    """Largest message that is read at all; a larger one ends its connection."""


def resident() -> int:
    """Return this process's resident memory in bytes; 0 where the system does not tell."""
    try:
        return int(_STATM.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0
