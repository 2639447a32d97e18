"""The guest's idea of the date (softmmu/rtc.c)."""

from __future__ import annotations

import re
from typing import Final

from emu.errors import QemuExit
from emu.qom.object import object_register_sugar_prop
from emu.trace import Struct, emulates, per_run
from emu.util.error_report import error_printf, error_report
from emu.util.qemu_option import QemuOpts, qemu_opt_get
from emu.util.qemu_timer import QEMU_CLOCK_HOST, QEMU_CLOCK_REALTIME, QEMU_CLOCK_VIRTUAL, QEMUClockType

_INT: Final = r"\s*[+-]?\d+"
_DATE: Final = re.compile(f"{_INT}-{_INT}-{_INT}")
_CLOCKS: Final = {"host": QEMU_CLOCK_HOST, "rt": QEMU_CLOCK_REALTIME, "vm": QEMU_CLOCK_VIRTUAL}


class RtcStatics(Struct):
    """The variables of softmmu/rtc.c."""

    rtc_base_type: str = "utc"
    rtc_clock: QEMUClockType = QEMU_CLOCK_REALTIME


rtc_c = per_run(RtcStatics)


@emulates
def configure_rtc_base_datetime(startdate: str) -> None:
    """softmmu/rtc.c. Exits after a message if the text is no date."""
    if _DATE.match(startdate) is None:
        error_report("invalid datetime format")
        error_printf("valid formats: '2006-06-17T16:01:21' or '2006-06-17'\n")
        raise QemuExit(1)


@emulates
def configure_rtc(opts: QemuOpts) -> None:
    """softmmu/rtc.c. ``-rtc``; exits after a message."""
    own = rtc_c()
    own.rtc_clock = QEMU_CLOCK_HOST

    value = qemu_opt_get(opts, "base")
    if value is not None:
        if value not in {"utc", "localtime"}:
            configure_rtc_base_datetime(value)
            value = "datetime"
        own.rtc_base_type = value
    value = qemu_opt_get(opts, "clock")
    if value is not None:
        if value not in _CLOCKS:
            error_report(f"invalid option value '{value}'")
            raise QemuExit(1)
        own.rtc_clock = _CLOCKS[value]
    value = qemu_opt_get(opts, "driftfix")
    if value is not None:
        if value == "slew":
            object_register_sugar_prop("mc146818rtc", "lost_tick_policy", "slew", False)
        elif value != "none":
            error_report(f"invalid option value '{value}'")
            raise QemuExit(1)
