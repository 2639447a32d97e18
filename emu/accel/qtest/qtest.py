"""The accelerator for tests: no processor runs (accel/qtest/qtest.c)."""

from __future__ import annotations

from typing import Any

from emu.accel.accel_common import ACCEL_CLASS, TYPE_ACCEL
from emu.qemu.module import type_init
from emu.qom.object import ObjectClass, TypeInfo, type_register_static
from emu.softmmu.qtest import qtest_c
from emu.trace import emulates


def qtest_allowed(value: bool) -> None:
    """Assign ``qtest_allowed``."""
    qtest_c().qtest_allowed = value


@emulates
def qtest_init_accel(ms: Any) -> int:
    """accel/qtest/qtest.c."""
    return 0


@emulates
def qtest_accel_class_init(oc: ObjectClass, data: Any) -> None:
    """accel/qtest/qtest.c."""
    ac = ACCEL_CLASS(oc)
    ac.name = "QTest"
    ac.init_machine = qtest_init_accel
    ac.allowed = qtest_allowed


qtest_accel_type = TypeInfo(name="qtest-accel", parent=TYPE_ACCEL, class_init=qtest_accel_class_init)


@type_init
@emulates
def qtest_type_init() -> None:
    """accel/qtest/qtest.c."""
    type_register_static(qtest_accel_type)
