"""A monitor that a command prints to (monitor/monitor.c)."""

from __future__ import annotations

from emu.trace import Struct


class Monitor(Struct):
    """A monitor: ``outbuf`` is what was printed to it and not yet sent."""

    outbuf: str = ""


def monitor_printf(mon: Monitor, text: str) -> None:
    """Print to a monitor."""
    mon.outbuf += text
