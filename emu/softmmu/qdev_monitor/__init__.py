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
from emu.softmmu.qdev_monitor.show import hmp_info_qtree
from emu.softmmu.qdev_monitor.unplug import (
    find_device_state,
    hmp_device_add,
    hmp_device_del,
    qdev_unplug,
    qmp_device_add,
    qmp_device_del,
)

__all__ = [
    "find_device_state",
    "hmp_device_add",
    "hmp_device_del",
    "hmp_info_qtree",
    "qbus_find",
    "qbus_find_recursive",
    "qdev_device_add",
    "qdev_device_add_from_qdict",
    "qdev_get_device_class",
    "qdev_get_peripheral",
    "qdev_get_peripheral_anon",
    "qdev_set_id",
    "qdev_unplug",
    "qemu_device_opts",
    "qemu_global_option",
    "qemu_global_opts",
    "qmp_device_add",
    "qmp_device_del",
]
