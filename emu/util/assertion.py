"""Assertions of QEMU that a user can make fail."""

from __future__ import annotations

from emu.errors import QemuAbort
from emu.trace import recorder
from emu.util.error_report import error_report_state


def assertion_failed(file: str, line: int, function: str, text: str) -> QemuAbort:
    """Print what the C library prints when ``assert(text)`` fails at a line of QEMU 7.2; return what is to be raised."""
    name = error_report_state().prgname
    recorder().message("stderr", f"{name}: ../../{file}:{line}: {function}: Assertion `{text}' failed.\n")
    return QemuAbort()
