"""The groups of options ``-device`` and ``-global`` (softmmu/qdev-monitor.c)."""

from __future__ import annotations

import re
from typing import Final

from emu.trace import emulates
from emu.util.error_report import error_report
from emu.util.qemu_option import (
    QemuOptDesc,
    opts_list,
    qemu_opt_get,
    qemu_opt_set,
    qemu_opts_create,
    qemu_opts_parse_noisily,
)

qemu_device_opts = opts_list("device", implied_opt_name="driver")

qemu_global_opts = opts_list("global", desc=(QemuOptDesc("driver"), QemuOptDesc("property"), QemuOptDesc("value")))

_GLOBAL: Final = re.compile(r"([^.=]{1,63})\.([^=]{1,63})=")


@emulates
def qemu_global_option(str_: str) -> int:
    """softmmu/qdev-monitor.c. ``driver.property=value``, or the three by name. Returns -1 after a message."""
    short = _GLOBAL.match(str_)
    if short:
        opts = qemu_opts_create(qemu_global_opts(), None, False)
        qemu_opt_set(opts, "driver", short[1])
        qemu_opt_set(opts, "property", short[2])
        qemu_opt_set(opts, "value", str_[short.end() :])
        return 0

    parsed = qemu_opts_parse_noisily(qemu_global_opts(), str_, False)
    if not parsed:
        return -1
    if any(qemu_opt_get(parsed, name) is None for name in ("driver", "property", "value")):
        error_report("options 'driver', 'property', and 'value' are required")
        return -1

    return 0
