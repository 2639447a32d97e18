"""``-device help`` (softmmu/qdev-monitor.c)."""

from __future__ import annotations

from emu.errors import NotModelled
from emu.trace import emulates
from emu.util.qemu_option import QemuOpts, is_help_option, qemu_opt_get, qemu_opt_has_help_opt


@emulates
def qdev_device_help(opts: QemuOpts) -> int:
    """softmmu/qdev-monitor.c. Returns 1 if help was asked for and printed."""
    driver = qemu_opt_get(opts, "driver")
    if driver is not None and is_help_option(driver):
        raise NotModelled("-device help")

    if driver is None or not qemu_opt_has_help_opt(opts):
        return 0

    raise NotModelled(f"-device {driver},help")
