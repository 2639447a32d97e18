"""The test server: a program reaches ports, memory and the clock by lines of text (softmmu/qtest.c, include/sysemu/qtest.h)."""

from emu.softmmu.qtest.state import qtest_c, qtest_driver, qtest_enabled

__all__ = ["qtest_c", "qtest_driver", "qtest_enabled"]
