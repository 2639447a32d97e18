"""``qomscope-system-x86_64``: the drop-in front."""

from __future__ import annotations

import sys


def main() -> None:
    """Say that there is none yet."""
    print("qomscope-system-x86_64: not modelled: the monitors and qtest of the drop-in front", file=sys.stderr)
    raise SystemExit(1)
