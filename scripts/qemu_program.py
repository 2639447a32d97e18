#!/usr/bin/env python3
"""Write emu/source/program-VERSION.json: what an installed QEMU has beyond the recorded types.

usage: scripts/qemu_program.py VERSION PROGRAM

``beyond`` names its types that are not among the recorded ones, true where it is a device; ``devices`` has what
``-device help`` says of each device; ``machines`` the lines of ``-machine help``.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from emu.source import recorded_types

ROOT = Path(__file__).resolve().parent.parent
ENTRY = re.compile(r'name "([^"]+)"(?:, bus ([^,\n]+))?(?:, alias "[^"]+")?(?:, desc "([^"]*)")?')


def qom_types(program: str, **arguments: Any) -> set[str]:
    """Return the names of types, asked over QMP."""
    commands = [{"execute": "qmp_capabilities"}, {"execute": "qom-list-types", "arguments": arguments}, {"execute": "quit"}]
    argv = [program, "-M", "none", "-accel", "tcg", "-S", "-display", "none", "-qmp", "stdio"]
    asked = "".join(json.dumps(command) + "\n" for command in commands)
    done = subprocess.run(argv, input=asked, capture_output=True, text=True, check=True)
    return {row["name"] for row in json.loads(done.stdout.splitlines()[2])["return"]}


def devices(program: str) -> dict[str, dict[str, Any]]:
    """Return what ``-device help`` says of each device."""
    text = subprocess.run([program, "-device", "help"], capture_output=True, text=True, check=True).stdout
    rows: dict[str, dict[str, Any]] = {}
    for block in text.split("\n\n"):
        heading, *lines = block.strip().splitlines()
        for line in lines:
            found = ENTRY.fullmatch(line)
            if found is None:
                raise ValueError(line)
            name, bus, desc = found.groups()
            row = rows.setdefault(name, {"bus": bus, "desc": desc, "categories": []})
            if heading != "Uncategorized devices:":
                row["categories"].append(heading.removesuffix(" devices:"))
    return rows


def main(version: str, program: str) -> None:
    """Write the file."""
    recorded = recorded_types(version)
    known = {fact["name"] for init in recorded.type_init for fact in init.types} | {fact["name"] for fact in recorded.late}
    all_types, all_devices = qom_types(program, abstract=True), qom_types(program, abstract=True, implements="device")
    machines = subprocess.run([program, "-machine", "help"], capture_output=True, text=True, check=True).stdout
    facts = {
        "program": subprocess.run([program, "-version"], capture_output=True, text=True, check=True).stdout.splitlines()[0],
        "beyond": {name: name in all_devices for name in sorted(all_types - known)},
        "machines": machines.splitlines()[1:],
        "devices": dict(sorted(devices(program).items())),
    }
    text = ",\n".join(
        f"{json.dumps(key)}: " + ("{\n" + ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in value.items()) + "\n}")
        if isinstance(value, dict)
        else f"{json.dumps(key)}: {json.dumps(value)}"
        for key, value in facts.items()
    )
    (ROOT / "emu" / "source" / f"program-{version}.json").write_text("{\n" + text + "\n}\n")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
