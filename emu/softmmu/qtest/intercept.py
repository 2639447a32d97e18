"""Interrupt lines that a test program listens to (softmmu/qtest.c, hw/core/irq.c, hw/core/gpio.c)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from emu.hw.core.gpio import qdev_connect_gpio_out_named, qdev_get_gpio_out_connector
from emu.hw.core.irq import IRQState, qemu_allocate_irq, qemu_set_irq
from emu.hw.core.qdev_core import DeviceState
from emu.softmmu.qtest.state import qtest_c
from emu.trace import emulates

Changed = Callable[[int, int], None]


def note_level(n: int, level: int, changed: Changed) -> None:
    """Say that a line has another level than before (the end of qtest_irq_handler)."""
    levels = qtest_c()._irq_levels
    if levels.get(n, 0) != level:
        levels[n] = level
        changed(n, level)


@emulates(file="hw/core/irq.c")
def qemu_irq_intercept_in(gpio_in: Any, changed: Changed, n: int) -> None:
    """hw/core/irq.c. Puts a handler before that of each line of an array."""
    for i in range(n):
        line: IRQState = gpio_in[i]
        old = qemu_allocate_irq(line.handler, line.opaque, line.n)

        def qtest_irq_handler(opaque: IRQState, number: int, level: int) -> None:
            qemu_set_irq(opaque, level)
            note_level(number, level, changed)

        line.handler = qtest_irq_handler
        line.opaque = old


@emulates(file="hw/core/gpio.c")
def qdev_intercept_gpio_out(dev: DeviceState, icpt: IRQState, name: str | None, n: int) -> IRQState | None:
    """hw/core/gpio.c. Connects an output to another line; returns where it led."""
    disconnected = qdev_get_gpio_out_connector(dev, name, n)
    qdev_connect_gpio_out_named(dev, name, n, icpt)
    return disconnected


def intercept(dev: DeviceState, outputs: bool, changed: Changed) -> None:
    """Listen to the unnamed lines of a device."""
    for ngl in dev.gpios:
        if ngl.name:
            continue
        if not outputs:
            qemu_irq_intercept_in(ngl.in_, changed, ngl.num_in)
            continue
        for i in range(ngl.num_out):
            behind: list[IRQState | None] = []

            def qtest_irq_handler(opaque: Any, n: int, level: int, behind: list[IRQState | None] = behind) -> None:
                qemu_set_irq(behind[0], level)
                note_level(n, level, changed)

            behind.append(qdev_intercept_gpio_out(dev, qemu_allocate_irq(qtest_irq_handler, None, i), ngl.name, i))
