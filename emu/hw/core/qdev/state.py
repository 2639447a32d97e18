"""File-level state of hw/core/qdev.c: listeners, the machine's phase, counters."""

from __future__ import annotations

from typing import Any

from emu.hw.core.qdev_core import DEVICE, DeviceListener, DeviceState, MachineInitPhase
from emu.qom.container import container_get
from emu.qom.object import Object, object_get_root
from emu.trace import Seq, Struct, emulates, per_run, seq


class QdevGlobals(Struct):
    """The statics of hw/core/qdev.c."""

    device_listeners: Seq[DeviceListener] = seq()
    machine_phase: int = MachineInitPhase.PHASE_NO_MACHINE
    unattached_count: int = 0
    qdev_hot_added: bool = False
    qdev_hot_removed: bool = False
    machine: Object | None = None


qdev_globals = per_run(QdevGlobals)


def phase_check(phase: MachineInitPhase) -> bool:
    """Tell whether the machine has come as far as a phase."""
    return qdev_globals().machine_phase >= phase


@emulates
def phase_advance(phase: MachineInitPhase) -> None:
    """Go on to the next phase of the machine."""
    assert qdev_globals().machine_phase == phase - 1
    qdev_globals().machine_phase = int(phase)


def qdev_machine_modified() -> bool:
    """Tell whether devices came or went at run time."""
    return qdev_globals().qdev_hot_added or qdev_globals().qdev_hot_removed


def qdev_get_machine() -> Object:
    """Return the machine: a bare container until there is one."""
    own = qdev_globals()
    if own.machine is None:
        own.machine = container_get(object_get_root(), "/machine")
    return own.machine


@emulates
def device_listener_add(dev: DeviceState, opaque: Any) -> int:
    """Tell the listeners of a device."""
    for listener in qdev_globals().device_listeners:
        if listener.realize is not None:
            listener.realize(listener, dev)
    return 0


@emulates
def device_listener_register(listener: DeviceListener) -> None:
    """Add a listener and tell it of the devices that there are."""
    from emu.hw.core.bus import qbus_walk_children
    from emu.hw.core.sysbus import sysbus_get_default

    qdev_globals().device_listeners.append(listener)
    qbus_walk_children(sysbus_get_default(), None, None, device_listener_add, None, None)


@emulates
def device_listener_unregister(listener: DeviceListener) -> None:
    """Remove a listener."""
    qdev_globals().device_listeners.remove(listener)


@emulates
def qdev_should_hide_device(opts: Any, from_json: bool) -> bool:
    """Ask the listeners whether a device is to stay hidden (failover). Error: one finds the options wrong."""
    for listener in qdev_globals().device_listeners:
        if listener.hide_device is not None and listener.hide_device(listener, opts, from_json):
            return True
    return False


def listeners_call(dev: DeviceState, realize: bool) -> None:
    """Tell the listeners that a device is realized, or (last one first) unrealized: DEVICE_LISTENER_CALL."""
    listeners = list(qdev_globals().device_listeners)
    for listener in listeners if realize else reversed(listeners):
        callback = listener.realize if realize else listener.unrealize
        if callback is not None:
            callback(listener, DEVICE(dev))
