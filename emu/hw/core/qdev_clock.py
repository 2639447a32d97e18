"""Clocks of devices, as far as their end goes (hw/core/qdev-clock.c)."""

from __future__ import annotations

from emu.errors import NotModelled
from emu.hw.core.qdev_core import DeviceState
from emu.trace import emulates


@emulates
def qdev_finalize_clocklist(dev: DeviceState) -> None:
    """Drop a device's clocks. NotModelled: it has any, which no modelled device does."""
    if len(dev.clocks):
        raise NotModelled("clocks of a device")
