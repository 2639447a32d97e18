"""Text for whoever asked: the monitor whose command runs, or standard output (util/qemu-print.c)."""

from __future__ import annotations

from emu.trace import recorder
from emu.util.error_report import error_report_state


def qemu_printf(text: str) -> None:
    """Print to the current monitor if it is a human one; one for programs drops it; else to stdout (util/qemu-print.c)."""
    monitor = error_report_state().cur_mon
    if monitor is None:
        recorder().message("stdout", text)
    elif not monitor.is_qmp:
        monitor.printf(text)
