"""Whether the test accelerator is in use (include/sysemu/qtest.h, softmmu/qtest.c)."""

from __future__ import annotations

from typing import Any

from emu.trace import Struct, per_run


class QtestStatics(Struct):
    """The global variables of accel/qtest/qtest.c and softmmu/qtest.c."""

    qtest_allowed: bool = False
    qtest: Any = None


qtest_c = per_run(QtestStatics)


def qtest_enabled() -> bool:
    """Tell whether ``-accel qtest`` is in use (include/sysemu/qtest.h)."""
    return qtest_c().qtest_allowed


def qtest_driver() -> bool:
    """Tell whether a test program is connected (softmmu/qtest.c)."""
    return qtest_c().qtest is not None
