"""Devices of the command line and the monitor (softmmu/qdev-monitor.c)."""

from emu.softmmu.qdev_monitor.add import (
    qdev_device_add,
    qdev_device_add_from_qdict,
    qdev_get_peripheral,
    qdev_get_peripheral_anon,
    qdev_set_id,
)
from emu.softmmu.qdev_monitor.find import qbus_find, qbus_find_recursive, qdev_get_device_class
from emu.softmmu.qdev_monitor.opts import qemu_device_opts, qemu_global_option, qemu_global_opts

__all__ = [
    "qbus_find",
    "qbus_find_recursive",
    "qdev_device_add",
    "qdev_device_add_from_qdict",
    "qdev_get_device_class",
    "qdev_get_peripheral",
    "qdev_get_peripheral_anon",
    "qdev_set_id",
    "qemu_device_opts",
    "qemu_global_option",
    "qemu_global_opts",
]
