"""Reset of devices and their trees (hw/core/qdev.c)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from emu.hw.core.qdev.bus_link import qdev_walk_children
from emu.hw.core.qdev_core import BUS_GET_CLASS, DEVICE, DEVICE_GET_CLASS, BusState, DeviceState
from emu.hw.core.resettable import resettable_reset
from emu.hw.resettable import RESET_TYPE_COLD, RESETTABLE_GET_CLASS, ResettableState
from emu.qom.object import OBJECT
from emu.qom.parts import Part
from emu.trace import emulates


@emulates
def qdev_reset_one(dev: DeviceState, opaque: Any) -> int:
    """Walker that resets a device."""
    device_legacy_reset(dev)
    return 0


@emulates
def qbus_reset_one(bus: BusState, opaque: Any) -> int:
    """Walker that resets a bus."""
    bc = BUS_GET_CLASS(bus)
    if bc.reset is not None:
        bc.reset(bus)
    return 0


@emulates
def qdev_reset_all(dev: DeviceState) -> None:
    """Reset a device after all below it."""
    qdev_walk_children(dev, None, None, qdev_reset_one, qbus_reset_one, None)


@emulates
def qdev_reset_all_fn(opaque: Part) -> None:
    """Reset handler for a device."""
    qdev_reset_all(DEVICE(opaque))


@emulates
def qbus_reset_all(bus: BusState) -> None:
    """Reset a bus after all below it."""
    from emu.hw.core.bus import qbus_walk_children

    qbus_walk_children(bus, None, None, qdev_reset_one, qbus_reset_one, None)


@emulates
def qbus_reset_all_fn(opaque: BusState) -> None:
    """Reset handler for a bus."""
    qbus_reset_all(opaque)


@emulates
def device_cold_reset(dev: DeviceState) -> None:
    """Reset a device by phases."""
    resettable_reset(OBJECT(dev), RESET_TYPE_COLD)


def device_get_reset_state(obj: Part) -> ResettableState:
    """Return the reset state of a device."""
    return DEVICE(obj).reset


@emulates
def device_reset_child_foreach(obj: Part, cb: Callable[..., None], opaque: Any, type_: int) -> None:
    """Hand every bus of a device to a reset phase."""
    for bus in list(DEVICE(obj).child_bus):
        cb(OBJECT(bus), opaque, type_)


@emulates
def device_phases_reset(dev: DeviceState) -> None:
    """Reset method of devices that have none of the older kind: run the phases."""
    rc = RESETTABLE_GET_CLASS(dev)
    if rc.phases_enter is not None:
        rc.phases_enter(OBJECT(dev), RESET_TYPE_COLD)
    if rc.phases_hold is not None:
        rc.phases_hold(OBJECT(dev))
    if rc.phases_exit is not None:
        rc.phases_exit(OBJECT(dev))


@emulates
def device_transitional_reset(obj: Part) -> None:
    """Run the class's reset method, old or new; children are the caller's matter."""
    dc = DEVICE_GET_CLASS(obj)
    if dc.reset is not None:
        dc.reset(DEVICE(obj))


def device_get_transitional_reset(obj: Part) -> Callable[[Any], None] | None:
    """Return the transitional function of a class whose reset is of the older kind."""
    return device_transitional_reset if DEVICE_GET_CLASS(obj).reset is not device_phases_reset else None


@emulates
def device_legacy_reset(dev: DeviceState) -> None:
    """Run the class's reset method."""
    klass = DEVICE_GET_CLASS(dev)
    if klass.reset is not None:
        klass.reset(dev)
