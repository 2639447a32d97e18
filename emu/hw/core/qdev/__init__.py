"""Devices (hw/core/qdev.c)."""

from emu.hw.core.qdev.bus_link import (
    bus_add_child,
    bus_remove_child,
    qdev_find_recursive,
    qdev_get_child_bus,
    qdev_get_dev_path,
    qdev_get_parent_bus,
    qdev_set_parent_bus,
    qdev_walk_children,
)
from emu.hw.core.qdev.device import (
    device_class_set_parent_realize,
    device_class_set_parent_reset,
    device_class_set_parent_unrealize,
    qdev_new,
    qdev_try_new,
)
from emu.hw.core.qdev.realize import qdev_assert_realized_properly, qdev_realize, qdev_realize_and_unref, qdev_unrealize
from emu.hw.core.qdev.reset import (
    device_cold_reset,
    device_legacy_reset,
    device_phases_reset,
    qbus_reset_all,
    qbus_reset_all_fn,
    qdev_reset_all,
    qdev_reset_all_fn,
)
from emu.hw.core.qdev.state import (
    device_listener_register,
    device_listener_unregister,
    phase_advance,
    phase_check,
    qdev_get_machine,
    qdev_globals,
    qdev_machine_modified,
    qdev_should_hide_device,
)
from emu.hw.core.qdev_core import (
    BUS,
    BUS_CLASS,
    BUS_GET_CLASS,
    DEVICE,
    DEVICE_CLASS,
    DEVICE_GET_CLASS,
    TYPE_BUS,
    TYPE_DEVICE,
    BusChild,
    BusClass,
    BusState,
    DeviceCategory,
    DeviceClass,
    DeviceListener,
    DeviceState,
    MachineInitPhase,
    qbus_is_hotpluggable,
    qbus_mark_full,
)
