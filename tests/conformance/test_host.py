"""No command line of a visitor touches this machine: no file, socket, program or device is opened while it is emulated."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from conformance.recorded import scenarios

SCRIPT = Path(__file__).with_name("watch_host.py")


def watched(command_lines: list[list[str]], random_ones: int) -> dict[str, Any]:
    """Return what the first command line's successors, and so many random ones, touched."""
    done = subprocess.run(
        [sys.executable, str(SCRIPT)],
        input=json.dumps([command_lines, random_ones]),
        capture_output=True,
        text=True,
        check=True,
        cwd=SCRIPT.parents[2],
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_no_command_line_touches_the_host(cases: int) -> None:
    found = watched([scenario["argv"] for scenario in scenarios().values()], max(20, cases // 10))
    assert found["touched"] == []
    assert found["done"] > len(scenarios())


def test_the_watch_sees_what_it_is_for() -> None:
    found = watched([["-M", "pc"], ["--open", "/etc/hostname"], ["-M", "none"]], 0)
    assert [argv for argv, _ in found["touched"]] == [["--open", "/etc/hostname"]]
