"""``make conformance``: how the emulated call trees fit the recorded ones, as a table."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from conformance.emulated import emulate
from conformance.recorded import compare, scenarios

from app import tree


def main() -> int:
    """Print a row for each recorded command line; return 0 if all that are emulated fit."""
    print(f"{'scenario':<24}{'exact':<7}{'ratio':>7}{'coverage':>10}{'calls':>8}  messages")
    for name, scenario in sorted(scenarios().items()):
        try:
            run = emulate(*scenario["argv"]).run
        except Exception as err:  # noqa: BLE001 # a table of what works shows what does not
            print(f"{name:<24}{type(err).__name__}: {err}")
            continue
        found = compare(name, tree.calls(run.events))
        same = (run.exit_status, run.stderr) == (scenario["exit"], scenario["stderr"])
        messages = "same" if same else f"differ: exit {run.exit_status}, {run.stderr.strip()!r}"
        exact = "yes" if found.exact else "no"
        print(f"{name:<24}{exact:<7}{found.ratio:>7.4f}{found.coverage:>10.4f}{found.emulated:>8}  {messages}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
