"""Text files of the simulated host that a program can read. A reader of a page has none; whoever starts a run may give some."""

from __future__ import annotations

import errno

from emu.errors import NotModelled
from emu.host.descriptors import SimulatedError, host
from emu.trace import Map, Struct, mapping, per_run


class HostFiles(Struct):
    """What stands in the files, by path."""

    texts: Map[str] = mapping()


host_files = per_run(HostFiles)


def read_text(path: str) -> str:
    """Return what stands in a file. SimulatedError: there is none."""
    text = host_files().texts.get(path)
    if text is None:
        if path in host().files:
            raise NotModelled(f"what stands in {path}")
        raise SimulatedError(errno.ENOENT)
    return text
