"""Error objects (include/qapi/error.h, util/error.c): an exception that carries QEMU's text, hints and class.

Where C passes an ``Error **`` and checks it, Python raises and catches. ``with error_fatal():`` and ``with error_abort():``
stand for ``&error_fatal`` and ``&error_abort``.
"""

from __future__ import annotations

import os
import sys
from types import TracebackType
from typing import Final, NoReturn

from emu.errors import QemuAbort, QemuExit
from emu.util.error_report import Location, error_printf, error_report_state, loc_now, vreport, warn_report
from emu.util.error_report import error_report as report

ERROR_CLASS_GENERIC_ERROR: Final = "GenericError"
ERROR_CLASS_COMMAND_NOT_FOUND: Final = "CommandNotFound"
ERROR_CLASS_DEVICE_NOT_ACTIVE: Final = "DeviceNotActive"
ERROR_CLASS_DEVICE_NOT_FOUND: Final = "DeviceNotFound"
ERROR_CLASS_KVM_MISSING_CAP: Final = "KVMMissingCap"


class Error(Exception):
    """QEMU's ``Error``: ``msg`` is the one-line text, ``hint`` further help for people, ``func`` who set it.

    ``loc`` is the location that was current when it was set, None outside of a run.
    """

    def __init__(self, msg: str, err_class: str = ERROR_CLASS_GENERIC_ERROR, func: str = "") -> None:
        super().__init__(msg)
        self.msg = msg
        self.err_class = err_class
        self.func = func
        self.hint = ""
        self.loc: Location | None = loc_now()

    def __str__(self) -> str:
        return self.msg


def error_set(err_class: str, text: str) -> NoReturn:
    """Raise an ``Error`` of a class."""
    raise Error(text, err_class, sys._getframe(1).f_code.co_name)


def error_setg(text: str) -> NoReturn:
    """Raise an ``Error`` of class GenericError."""
    raise Error(text, ERROR_CLASS_GENERIC_ERROR, sys._getframe(1).f_code.co_name)


def error_setg_errno(os_errno: int, text: str) -> NoReturn:
    """Raise an ``Error`` whose text ends with the C library's for ``os_errno`` (a positive number; 0 adds none)."""
    suffix = f": {os.strerror(os_errno)}" if os_errno else ""
    raise Error(text + suffix, ERROR_CLASS_GENERIC_ERROR, sys._getframe(1).f_code.co_name)


def error_setg_file_open(os_errno: int, filename: str) -> NoReturn:
    """Raise an ``Error`` that says that a file could not be opened."""
    error_setg_errno(os_errno, f"Could not open '{filename}'")


def error_append_hint(err: Error, text: str) -> None:
    """Append to the hint, which is printed after the message as it stands (newlines included).

    Where ``errp`` is ``&error_fatal`` itself, C never comes this far: the program ends when the error is set.
    """
    if not errp_is_fatal():
        err.hint += text


def error_prepend(err: Error, text: str) -> None:
    """Put text before the message."""
    err.msg = text + err.msg


def error_get_pretty(err: Error) -> str:
    """Return the message without hint."""
    return err.msg


def error_get_class(err: Error) -> str:
    """Return the class as QMP names it."""
    return err.err_class


def error_report_err(err: Error) -> None:
    """Print the message with the current location, then the hint."""
    report(err.msg)
    if err.hint:
        error_printf(err.hint)


def warn_report_err(err: Error) -> None:
    """Print the message as a warning, then the hint."""
    warn_report(err.msg)
    if err.hint:
        error_printf(err.hint)


def error_reportf_err(err: Error, prefix: str) -> None:
    """Put ``prefix`` before the message and print it."""
    error_prepend(err, prefix)
    error_report_err(err)


def warn_reportf_err(err: Error, prefix: str) -> None:
    """Put ``prefix`` before the message and print it as a warning."""
    error_prepend(err, prefix)
    warn_report_err(err)


def _errp() -> list[bool]:
    try:
        return error_report_state().errp
    except LookupError:  # outside of a run
        return []


class _Fatal:
    """``&error_fatal``: an error inside is printed and the program exits with status 1.

    C prints at the place where the error is set, so the location is the one of that moment, not the present one.
    """

    def __call__(self) -> _Fatal:
        return self

    def __enter__(self) -> None:
        _errp().append(True)

    def __exit__(self, kind: type[BaseException] | None, err: BaseException | None, tb: TracebackType | None) -> None:
        if errp := _errp():
            errp.pop()
        if isinstance(err, Error):
            self.end(err)

    def end(self, err: Error) -> NoReturn:
        """Print and exit."""
        vreport("", err.msg, err.loc)
        if err.hint:
            error_printf(err.hint)
        raise QemuExit(1) from err


class _Abort(_Fatal):
    """``&error_abort``: an error inside is a bug of QEMU; it is printed with the function that set it, then ``abort()``.

    The real program also prints file and line of the ``error_setg``; these belong to single statements, which the emulation
    does not map to lines of QEMU.
    """

    def __call__(self) -> _Abort:
        return self

    def end(self, err: Error) -> NoReturn:
        """Print and abort."""
        error_printf(f"Unexpected error in {err.func}():\n")
        vreport("", err.msg, err.loc)
        if err.hint:
            error_printf(err.hint)
        raise QemuAbort from err


class _Guard:
    """``ERRP_GUARD()``, or an ``Error *local_err``: errors are passed on at the end of the function, after what it cleans up."""

    def __call__(self) -> _Guard:
        return self

    def __enter__(self) -> None:
        _errp().append(False)

    def __exit__(self, kind: type[BaseException] | None, err: BaseException | None, tb: TracebackType | None) -> None:
        if errp := _errp():
            errp.pop()


def errp_is_fatal() -> bool:
    """Tell whether an error set here would end the program at once: C would then clean nothing up."""
    errp = _errp()
    return bool(errp) and errp[-1]


errp_guard: Final = _Guard()
error_fatal: Final = _Fatal()
error_abort: Final = _Abort()
