"""Ready command lines: what the page offers to begin with, titled in both of its languages."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources


@cache
def scenarios() -> list[dict[str, str]]:
    """Return the ready command lines: name, argv as one line, title in English (``en``) and Chinese (``zh``)."""
    rows: list[dict[str, str]] = json.loads(resources.files("app").joinpath("scenarios.json").read_text("utf-8"))
    return rows
