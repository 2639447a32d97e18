"""The groups of options that the program knows (softmmu/vl.c and others)."""

from __future__ import annotations

from typing import Final

from emu.chardev.char import qemu_chardev_opts
from emu.errors import NotModelled
from emu.net.net.startup import qemu_net_opts, qemu_netdev_opts, qemu_nic_opts
from emu.softmmu.qdev_monitor import qemu_device_opts, qemu_global_opts
from emu.util.qemu_config import qemu_add_drive_opts, qemu_add_opts, qemu_find_opts
from emu.util.qemu_option import (
    QEMU_OPT_BOOL,
    QEMU_OPT_NUMBER,
    QEMU_OPT_SIZE,
    QemuOptDesc,
    opts_list,
)


def _strings(*names: str) -> tuple[QemuOptDesc, ...]:
    return tuple(QemuOptDesc(name) for name in names)


qemu_drive_opts = opts_list("drive")
qemu_legacy_drive_opts = opts_list("drive")
qemu_common_drive_opts = opts_list("drive")
bdrv_runtime_opts = opts_list("bdrv_common")
qemu_rtc_opts = opts_list("rtc", merge_lists=True, desc=_strings("base", "clock", "driftfix"))
qemu_mon_opts = opts_list(
    "mon", implied_opt_name="chardev", desc=(*_strings("mode", "chardev"), QemuOptDesc("pretty", QEMU_OPT_BOOL))
)
qemu_trace_opts = opts_list("trace", implied_opt_name="enable", desc=_strings("enable", "events", "file"))
qemu_plugin_opts = opts_list("plugin", implied_opt_name="file")
qemu_option_rom_opts = opts_list(
    "option-rom", implied_opt_name="romfile", desc=(QemuOptDesc("bootindex", QEMU_OPT_NUMBER), QemuOptDesc("romfile"))
)
qemu_accel_opts = opts_list("accel", implied_opt_name="accel")
qemu_mem_opts = opts_list(
    "memory",
    implied_opt_name="size",
    merge_lists=True,
    desc=(
        QemuOptDesc("size", QEMU_OPT_SIZE),
        QemuOptDesc("slots", QEMU_OPT_NUMBER),
        QemuOptDesc("maxmem", QEMU_OPT_SIZE),
    ),
)
qemu_smp_opts = opts_list(
    "smp-opts",
    implied_opt_name="cpus",
    merge_lists=True,
    desc=tuple(
        QemuOptDesc(name, QEMU_OPT_NUMBER) for name in ("cpus", "sockets", "dies", "clusters", "cores", "threads", "maxcpus")
    ),
)
qemu_boot_opts = opts_list(
    "boot-opts",
    implied_opt_name="order",
    merge_lists=True,
    desc=(
        *_strings("order", "once"),
        QemuOptDesc("menu", QEMU_OPT_BOOL),
        QemuOptDesc("splash"),
        QemuOptDesc("splash-time", QEMU_OPT_NUMBER),
        QemuOptDesc("reboot-timeout", QEMU_OPT_NUMBER),
        QemuOptDesc("strict", QEMU_OPT_BOOL),
    ),
)
qemu_add_fd_opts = opts_list(
    "add-fd",
    desc=(
        QemuOptDesc("fd", QEMU_OPT_NUMBER, "file descriptor of which a duplicate is added to fd set"),
        QemuOptDesc("set", QEMU_OPT_NUMBER, "ID of the fd set to add fd to"),
        QemuOptDesc("opaque", help="free-form string used to describe fd"),
    ),
)
qemu_object_opts = opts_list("object", implied_opt_name="qom-type")
qemu_tpmdev_opts = opts_list("tpmdev", implied_opt_name="type")
qemu_overcommit_opts = opts_list(
    "overcommit", desc=(QemuOptDesc("mem-lock", QEMU_OPT_BOOL), QemuOptDesc("cpu-pm", QEMU_OPT_BOOL))
)
qemu_msg_opts = opts_list(
    "msg",
    desc=(
        QemuOptDesc("timestamp", QEMU_OPT_BOOL),
        QemuOptDesc(
            "guest-name",
            QEMU_OPT_BOOL,
            "Prepends guest name for error messages but only if -name guest is set otherwise option is ignored\n",
        ),
    ),
)
qemu_name_opts = opts_list(
    "name",
    implied_opt_name="guest",
    merge_lists=True,
    desc=(
        QemuOptDesc(
            "guest",
            help="Sets the name of the guest.\n"
            "This name will be displayed in the SDL window caption.\n"
            "The name will also be used for the VNC server",
        ),
        QemuOptDesc("process", help="Sets the name of the QEMU process, as shown in top etc"),
        QemuOptDesc(
            "debug-threads",
            QEMU_OPT_BOOL,
            "When enabled, name the individual threads; defaults off.\n"
            "NOTE: The thread names are for debugging and not a\n"
            "stable API.",
        ),
    ),
)
qemu_numa_opts = opts_list("numa", implied_opt_name="type")
qemu_icount_opts = opts_list("icount", implied_opt_name="shift", merge_lists=True)
qemu_semihosting_config_opts = opts_list("semihosting-config", merge_lists=True)
qemu_fw_cfg_opts = opts_list(
    "fw_cfg",
    implied_opt_name="name",
    desc=(
        QemuOptDesc("name", help="Sets the fw_cfg name of the blob to be inserted"),
        QemuOptDesc("file", help="Sets the name of the file from which the fw_cfg blob will be loaded"),
        QemuOptDesc("string", help="Sets content of the blob to be inserted from a string"),
        QemuOptDesc("gen_id", help="Sets id of the object generating the fw_cfg blob to be inserted"),
    ),
)
qemu_action_opts = opts_list("action", merge_lists=True, desc=_strings("shutdown", "reboot", "panic", "watchdog"))

UNMODELLED: Final = (
    "drive",
    "trace",
    "plugin",
    "option-rom",
    "add-fd",
    "tpmdev",
    "icount",
    "semihosting-config",
    "fw_cfg",
    "vnc",
    "acpi",
    "smbios",
    "fsdev",
    "virtfs",
)
"""Groups whose effect is not modelled. Their options are known, what stands in them is not checked."""

LATER = tuple(
    opts_list(name, implied_opt_name=implied)
    for name, implied in (("vnc", "vnc"), ("acpi", "data"), ("smbios", None), ("fsdev", "fsdriver"), ("virtfs", "fsdriver"))
)
"""Groups that other files add through ``opts_init``, in the order of the link."""


def qemu_plugin_add_opts() -> None:
    """Note the group of ``-plugin`` (plugins/loader.c)."""
    qemu_add_opts(qemu_plugin_opts())


def add_groups() -> None:
    """Note all groups, in the order in which ``qemu_init`` does."""
    qemu_add_opts(qemu_drive_opts())
    for drive in (qemu_legacy_drive_opts, qemu_common_drive_opts, qemu_drive_opts, bdrv_runtime_opts):
        qemu_add_drive_opts(drive())
    for group in (
        qemu_chardev_opts,
        qemu_device_opts,
        qemu_netdev_opts,
        qemu_nic_opts,
        qemu_net_opts,
        qemu_rtc_opts,
        qemu_global_opts,
        qemu_mon_opts,
        qemu_trace_opts,
    ):
        qemu_add_opts(group())
    qemu_plugin_add_opts()
    for group in (
        qemu_option_rom_opts,
        qemu_accel_opts,
        qemu_mem_opts,
        qemu_smp_opts,
        qemu_boot_opts,
        qemu_add_fd_opts,
        qemu_object_opts,
        qemu_tpmdev_opts,
        qemu_overcommit_opts,
        qemu_msg_opts,
        qemu_name_opts,
        qemu_numa_opts,
        qemu_icount_opts,
        qemu_semihosting_config_opts,
        qemu_fw_cfg_opts,
        qemu_action_opts,
    ):
        qemu_add_opts(group())


def refuse_unmodelled() -> None:
    """Say so if a configuration file or ``-set`` filled a group whose effect is not modelled."""
    for name in UNMODELLED:
        list_ = qemu_find_opts(name)
        if len(list_.head):
            raise NotModelled(f"-{name}")
