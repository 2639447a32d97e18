#!/usr/bin/env python3
"""Write emu/source/commands-VERSION.json: the commands of QEMU's monitors, those that are not emulated too.

usage: scripts/qemu_commands.py VERSION PATH-TO-QEMU-BUILD

The tables come from the headers that a build makes of hmp-commands*.hx and the schema; which of them the installed program
has, it is asked itself.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = ("qemu-system-x86_64", "-accel", "tcg", "-S", "-display", "none", "-nodefaults", "-M", "none", "-qmp", "stdio")


def answers(*commands: dict[str, Any]) -> list[Any]:
    """Return what the installed program returns for QMP commands."""
    requests = [{"execute": "qmp_capabilities"}, *commands, {"execute": "quit"}]
    text = "".join(json.dumps(request) + "\n" for request in requests)
    done = subprocess.run(PROGRAM, input=text, check=True, capture_output=True, text=True).stdout
    lines = [json.loads(line) for line in done.splitlines()]
    return [line["return"] for line in lines if "return" in line][1:-1]


def table(header: str) -> list[dict[str, Any]]:
    """Return the entries of a table of HMP commands."""
    found = []
    header = re.sub(r"^#ifdef CONFIG_VMNET$.*?^#endif$\n", "", header, flags=re.MULTILINE | re.DOTALL)  # macOS alone has it
    for entry in re.findall(r"^\{\n(.*?)^\},$", header, re.MULTILINE | re.DOTALL):
        fields: dict[str, Any] = {}
        for name in ("name", "args_type", "params", "help", "flags"):
            value = re.search(rf'^\.{name}\s*=((?:\s*"(?:[^"\\]|\\.)*")+)', entry, re.MULTILINE)
            if value is not None:
                parts = re.findall(r'"((?:[^"\\]|\\.)*)"', value[1])
                fields[name] = "".join(parts).encode().decode("unicode_escape")
        handler = re.search(r"^\.(cmd|cmd_info_hrt)\s*=\s*(\w+)", entry, re.MULTILINE)
        if handler is not None:
            fields[handler[1]] = handler[2]
        found.append(fields)
    return found


def help_line(prefix: str, entry: dict[str, Any]) -> str:
    """Return what ``help`` says of a command."""
    return f"{prefix}{entry['name']} {entry['params']} -- {entry['help']}\n"


def main(version: str, build: Path) -> None:
    """Write the file."""
    asked = [{"execute": "human-monitor-command", "arguments": {"command-line": line}} for line in ("help", "help info")]
    names, help_, help_info = answers({"execute": "query-commands"}, *asked)
    register = (build / "qapi" / "qapi-init-commands.c").read_text()
    options = dict(re.findall(r'qmp_register_command\(cmds, "([^"]+)",\s*\w+, ([^;]*), \w+\);', register))
    qmp = [{"name": each["name"], "oob": "QCO_ALLOW_OOB" in options.get(each["name"], "")} for each in reversed(names)]
    tables = {}
    for key, file, prefix, text in (
        ("hmp", "hmp-commands.h", "", help_),
        ("hmp_info", "hmp-commands-info.h", "info ", help_info),
    ):
        entries = table((build / file).read_text())
        present = [entry for entry in entries if help_line(prefix, entry) in text.replace("\r\n", "\n")]
        tables[key] = sorted(present, key=lambda entry: entry["name"].encode())
    lines = [
        f'"{key}": [\n' + ",\n".join(json.dumps(entry) for entry in entries) + "\n]"
        for key, entries in (("qmp", qmp), *tables.items())
    ]
    (ROOT / "emu" / "source" / f"commands-{version}.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], Path(sys.argv[2]))
