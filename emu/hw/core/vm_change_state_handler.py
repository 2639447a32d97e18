"""Handlers of the machine's starting and stopping, ordered by depth in the device tree (hw/core/vm-change-state-handler.c)."""

from __future__ import annotations

from typing import Any

from emu.hw.core.qdev_core import DeviceState
from emu.softmmu.runstate import VMChangeStateEntry, VMChangeStateHandler, qemu_add_vm_change_state_handler_prio
from emu.trace import emulates


@emulates
def qdev_get_dev_tree_depth(dev: DeviceState) -> int:
    """Return how many devices and buses stand above a device."""
    depth = 0
    bus = dev.parent_bus
    while bus is not None:
        depth += 1
        bus = bus.parent.parent_bus if bus.parent is not None else None
    return depth


@emulates
def qdev_add_vm_change_state_handler(dev: DeviceState, cb: VMChangeStateHandler, opaque: Any) -> VMChangeStateEntry:
    """Add a handler that is called after those of the devices above it on start, before them on stop."""
    return qemu_add_vm_change_state_handler_prio(cb, opaque, qdev_get_dev_tree_depth(dev))
