"""How a run ends early: ``QemuExit`` where QEMU itself would exit, ``NotModelled`` where the emulation ends."""

from __future__ import annotations

from typing import Final

ABORT_STATUS: Final = 134
"""Exit status that a shell shows after ``abort()``: 128 + SIGABRT."""


class NotModelled(Exception):
    """QEMU would go on here, the emulation cannot. ``what`` names the missing part, as a reader would look for it."""

    def __init__(self, what: str) -> None:
        super().__init__(f"not modelled: {what}")
        self.what = what


class WaitsForEver(NotModelled):
    """QEMU itself would stand here until something happens on the host, and nothing does. ``what`` names it."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.args = (f"the program waits for ever: {what}",)


class QemuExit(Exception):
    """QEMU calls ``exit(status)``; what it prints before has been printed."""

    def __init__(self, status: int) -> None:
        super().__init__(f"exit({status})")
        self.status = status


class QemuAbort(QemuExit):
    """QEMU calls ``abort()`` (a failed assertion, an error that was passed to ``&error_abort``)."""

    def __init__(self) -> None:
        super().__init__(ABORT_STATUS)
        self.args = ("abort()",)
