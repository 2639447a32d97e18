"""Monitors and ports of the command line (softmmu/vl.c)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from emu.chardev.char import qemu_chr_new_from_opts, qemu_chr_new_mux_mon, qemu_chr_parse_compat
from emu.errors import QemuExit
from emu.qapi.error import error_abort, error_fatal
from emu.softmmu.globals import globals_c
from emu.softmmu.vl.structs import device_config, vl_c
from emu.trace import emulates
from emu.util.error_report import error_report, loc_pop, loc_push_restore, loc_save
from emu.util.qemu_config import qemu_find_opts
from emu.util.qemu_option import QemuOpts, qemu_opt_set, qemu_opt_set_bool, qemu_opts_create

MAX_PARALLEL_PORTS: Final = 3


@emulates
def monitor_parse(optarg: str, mode: str, pretty: bool) -> None:
    """softmmu/vl.c. ``-monitor`` and ``-qmp`` stand for ``-chardev`` and ``-mon``; exits after a message."""
    own = vl_c()
    if optarg.startswith("chardev:"):
        label = optarg.removeprefix("chardev:")[:31]
    else:
        label = f"compat_monitor{own.monitor_device_index}"
        if not qemu_chr_parse_compat(label, optarg, True):
            error_report(f"parse error: {optarg}")
            raise QemuExit(1)

    with error_fatal():
        opts = qemu_opts_create(qemu_find_opts("mon"), label, True)
    with error_abort():
        qemu_opt_set(opts, "mode", mode)
        qemu_opt_set(opts, "chardev", label)
        if mode == "control":
            qemu_opt_set_bool(opts, "pretty", pretty)
        else:
            assert not pretty
    own.monitor_device_index += 1


@emulates
def add_device_config(type: str, cmdline: str) -> None:
    """softmmu/vl.c. Notes a port for later."""
    vl_c().device_configs.append(device_config(type=type, cmdline=cmdline, loc=loc_save()))


@emulates
def foreach_device_config(type: str, func: Callable[[str], int]) -> int:
    """softmmu/vl.c. Returns what ``func`` returned, if not 0."""
    for conf in vl_c().device_configs:
        if conf.type != type:
            continue
        loc_push_restore(conf.loc)
        rc = func(conf.cmdline)
        loc_pop(conf.loc)
        if rc:
            return rc
    return 0


@emulates
def serial_parse(devname: str) -> int:
    """softmmu/vl.c. Makes the character device of a serial port; -1 after a message."""
    own = vl_c()
    index = own.num_serial_hds

    chr_: Any = None
    if devname != "none":
        chr_ = qemu_chr_new_mux_mon(f"serial{index}", devname)
        if not chr_:
            error_report(f"could not connect serial device to character backend '{devname}'")
            return -1
    own.serial_hds.append(chr_)
    own.num_serial_hds += 1
    return 0


def serial_hd(i: int) -> Any:
    """Return the character device of a serial port, None if it has none (softmmu/vl.c)."""
    own = vl_c()
    return own.serial_hds[i] if i < own.num_serial_hds else None


@emulates
def parallel_parse(devname: str) -> int:
    """softmmu/vl.c. Makes the character device of a parallel port; -1 after a message."""
    own = vl_c()
    if devname == "none":
        return 0
    if own.parallel_index == MAX_PARALLEL_PORTS:
        error_report("too many parallel ports")
        raise QemuExit(1)
    chr_ = qemu_chr_new_mux_mon(f"parallel{own.parallel_index}", devname)
    if not chr_:
        error_report(f"could not connect parallel device to character backend '{devname}'")
        return -1
    globals_c().parallel_hds.append(chr_)
    own.parallel_index += 1
    return 0


@emulates
def chardev_init_func(opaque: Any, opts: QemuOpts) -> int:
    """softmmu/vl.c. One ``-chardev``; exits after help. Error: it cannot be made."""
    if not qemu_chr_new_from_opts(opts):
        raise QemuExit(0)
    return 0


@emulates
def mon_init_func(opaque: Any, opts: QemuOpts) -> int:
    """softmmu/vl.c. One ``-mon``. Error: no such character device, or it is in use."""
    from emu.monitor.monitor import monitor_init_opts

    return monitor_init_opts(opts)
