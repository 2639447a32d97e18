"""util/error-report.c and util/error.c: prefixes of messages, fatal errors."""

from __future__ import annotations

import pytest

from emu.errors import QemuAbort, QemuExit
from emu.qapi.error import (
    Error,
    error_abort,
    error_append_hint,
    error_fatal,
    error_prepend,
    error_report_err,
    error_setg,
    errp_guard,
)
from emu.trace import Recorder
from emu.util.error_report import (
    error_init,
    error_report,
    info_report,
    loc_pop,
    loc_push_none,
    loc_set_cmdline,
    loc_set_file,
    loc_set_none,
    warn_report,
    warn_report_once,
)

ARGV = ("qemu", "-device", "foo", "-S")


def printed(rec: Recorder) -> str:
    return "".join(event[4] for event in rec.events if event[0] == "M")


def test_print_loc_names_program_and_argument() -> None:
    with Recorder().active() as rec:
        error_init("/usr/bin/qemu-system-x86_64")
        error_report("a")
        loc_set_cmdline(ARGV, 1, 2)
        warn_report("b")
        inner = loc_push_none()
        info_report("c")
        loc_set_file("conf", 7)
        error_report("d")
        loc_pop(inner)
        loc_set_cmdline(ARGV, 3, 1)
        warn_report_once("e")
        warn_report_once("e")
        loc_set_none()
        error_report("f")
    assert printed(rec).splitlines() == [
        "qemu-system-x86_64: a",
        "qemu-system-x86_64: -device foo: warning: b",
        "qemu-system-x86_64: info: c",
        "qemu-system-x86_64:conf:7: d",
        "qemu-system-x86_64: -S: warning: e",
        "qemu-system-x86_64: f",
    ]


def fail_with_a_hint() -> None:
    try:
        error_setg("no")
    except Error as err:
        error_prepend(err, "oh ")
        error_append_hint(err, "Try yes.\n")
        raise


def failing_elsewhere() -> None:
    loc = loc_push_none()
    loc_set_cmdline(ARGV, 1, 2)
    try:
        with errp_guard():
            fail_with_a_hint()
    finally:
        loc_pop(loc)


def test_error_fatal_prints_where_the_error_was_set() -> None:
    with Recorder().active() as rec:
        error_init("qemu")
        with pytest.raises(QemuExit) as end, error_fatal():
            failing_elsewhere()
    assert end.value.status == 1
    assert printed(rec) == "qemu: -device foo: oh no\nTry yes.\n"


def failing() -> None:
    error_setg("never")


def test_error_abort_names_the_function() -> None:
    with Recorder().active() as rec, pytest.raises(QemuAbort) as end, error_abort():
        failing()
    assert end.value.status == 134
    assert printed(rec) == "Unexpected error in failing():\nnever\n"


def test_error_report_err_uses_the_present_location() -> None:
    with Recorder().active() as rec:
        error_init("qemu")
        try:
            failing()
        except Error as err:
            loc_set_cmdline(ARGV, 3, 1)
            error_report_err(err)
    assert printed(rec) == "qemu: -S: never\n"


def test_no_hint_is_appended_where_c_has_ended_the_program() -> None:
    with Recorder().active() as rec, pytest.raises(QemuExit), error_fatal():
        fail_with_a_hint()
    assert printed(rec) == "oh no\n"
