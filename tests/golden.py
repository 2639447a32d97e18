"""Golden logs: a log and its state at some places, as JSON. Python and JavaScript must both fold to these.

python tests/golden.py      writes tests/js/fixtures/golden.json anew
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import demo

from app import wire
from emu.trace.events import Raw
from emu.trace.fold import fold

FILE = Path(__file__).parent / "js" / "fixtures" / "golden.json"


def golden(events: list[Raw], places: int) -> dict[str, Any]:
    """Return a log's events and its states before the first event, after the last, and at places in between."""
    step = max(1, len(events) // places)
    at = sorted({*range(0, len(events), step), len(events)})
    return {
        "events": json.loads(wire.events_text(events)),
        "states": {str(n): json.loads(wire.state_text(fold(events[:n]))) for n in at},
    }


def text() -> str:
    """Return what belongs into the file: the log of the demo machine, which has every kind of event and of value."""
    made = golden(demo.run(["-rounds", "2"]).events, 12)
    events = ",\n".join(wire.text(event) for event in made["events"])
    states = ",\n".join(f'"{n}": {wire.text(state)}' for n, state in made["states"].items())
    return f'{{"events": [\n{events}\n],\n"states": {{\n{states}\n}}}}\n'


if __name__ == "__main__":
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(text(), encoding="utf-8")
