#!/usr/bin/env python3
"""Write emu/source/functions-VERSION.json: where QEMU defines each function that is emulated.

usage: scripts/qemu_functions.py VERSION PATH-TO-QEMU-SOURCE

Needs universal-ctags. A function's line is the one of its opening brace, as debuggers have it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from emu.program import import_everything
from emu.trace.symbols import FUNCTIONS

ROOT = Path(__file__).resolve().parent.parent


def definitions(source: Path) -> dict[str, list[tuple[str, int]]]:
    """Return each function's files (relative to the source) and lines."""
    command = ["ctags", "-R", "--languages=C", "--langmap=C:.c.h.inc", "--kinds-C=f", "--fields=+n", "--output-format=json", "."]
    found: dict[str, list[tuple[str, int]]] = {}
    texts: dict[str, list[str]] = {}
    for entry in subprocess.run(command, cwd=source, check=True, capture_output=True, text=True).stdout.splitlines():
        tag = json.loads(entry)
        path = tag["path"].removeprefix("./")
        if path not in texts:
            texts[path] = (source / path).read_text(errors="replace").splitlines()
        lines = texts[path]
        line = next((n for n in range(tag["line"], min(tag["line"] + 40, len(lines)) + 1) if "{" in lines[n - 1]), tag["line"])
        found.setdefault(tag["name"], []).append((path, line))
    return found


def main(version: str, source: Path) -> None:
    """Write the file."""
    import_everything()
    wanted = {function.name for function in FUNCTIONS}
    files: dict[str, dict[str, int]] = {}
    skip = ("tests/", "tools/", "contrib/", "subprojects/", "roms/", "linux-user/", "bsd-user/", "qga/", "target/arm", "debian/")
    for name, places in definitions(source).items():
        if name in wanted:
            for path, line in places:
                if not path.startswith(skip):
                    files.setdefault(path, {})[name] = line
    text = ",\n".join(f"{json.dumps(path)}: {json.dumps(dict(sorted(files[path].items())))}" for path in sorted(files))
    (ROOT / "emu" / "source" / f"functions-{version}.json").write_text("{\n" + text + "\n}\n")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], Path(sys.argv[2]))
