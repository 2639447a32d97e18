"""The tree of objects of an emulated machine, and of the real one."""

from __future__ import annotations

import re

from emu.program import import_everything
from emu.qom.object import Object, object_get_typename, object_resolve_path
from emu.softmmu.vl import qemu_init
from emu.trace import Recorder

LINE = re.compile(r"( *)/(.*) \((.*)\)")


def emulated_tree(*argv: str) -> set[str]:
    """Return path and type of every object below the machine."""
    import_everything()
    with Recorder(limit=5_000_000).active():
        qemu_init(argv)
        machine, _ = object_resolve_path("/machine")
        assert machine is not None
        return {f"{path} {object_get_typename(obj)}" for path, obj in below("/machine", machine)}


def below(path: str, obj: Object) -> list[tuple[str, Object]]:
    """Return an object and all below it, with their paths."""
    found = [(path, obj)]
    for name, prop in obj.properties.items():
        if prop.type.startswith("child<"):
            found += below(f"{path}/{name}", prop.opaque)
    return found


def printed_tree(text: str) -> set[str]:
    """Return the same of what ``info qom-tree`` prints."""
    found, path = set(), [""] * 20
    for line in text.splitlines():
        match = LINE.fullmatch(line.rstrip())
        if match is not None:
            depth = len(match[1]) // 2
            path[depth] = match[2]
            found.add(f"/{'/'.join(path[: depth + 1])} {match[3]}")
    return found
