"""Whether the test accelerator is in use, and the test server's variables (include/sysemu/qtest.h, softmmu/qtest.c)."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from emu.chardev.structs import CharBackend, Chardev
from emu.qom.parts import Part, caster
from emu.trace import Struct, embedded, per_run

TYPE_QTEST: Final = "qtest"


class QTest(Part):
    """The test server (softmmu/qtest.c)."""

    SIZE: ClassVar[int] = 128
    has_machine_link: bool = False
    chr_name: str | None = None
    chr: Chardev | None = None
    qtest_chr: CharBackend = embedded(CharBackend)
    log: str | None = None


QTEST = caster(QTest, TYPE_QTEST)


class QtestStatics(Struct):
    """The global and static variables of accel/qtest/qtest.c and softmmu/qtest.c."""

    qtest_allowed: bool = False
    qtest: QTest | None = None
    qtest_opened: bool = False
    irq_intercept_dev: Any = None
    opened_at: int = 0
    """When the connection came, in microseconds."""

    _inbuf: bytearray
    _irq_levels: dict[int, int]


qtest_c = per_run(QtestStatics)


def qtest_enabled() -> bool:
    """Tell whether ``-accel qtest`` is in use (include/sysemu/qtest.h)."""
    return qtest_c().qtest_allowed


def qtest_driver() -> bool:
    """Tell whether there is a test server (softmmu/qtest.c)."""
    qtest = qtest_c().qtest
    return qtest is not None and qtest.qtest_chr.chr is not None
