"""The groups of options by name (util/qemu-config.c)."""

from __future__ import annotations

from typing import Final

from emu.errors import QemuAbort
from emu.qapi.error import Error, error_abort, error_report_err, error_setg
from emu.trace import Seq, Struct, emulates, per_run, recorder, seq
from emu.util.qemu_option import QemuOpts, QemuOptsList, qemu_opts_create, qemu_opts_find

VM_CONFIG_GROUPS: Final = 48
"""Places for groups, one of which ends the array."""

DRIVE_CONFIG_GROUPS: Final = 5
"""Places for groups of drives, one of which ends the array."""


class ConfigGroups(Struct):
    """The static variables of util/qemu-config.c."""

    vm_config_groups: Seq[QemuOptsList] = seq()
    drive_config_groups: Seq[QemuOptsList] = seq()


config_groups = per_run(ConfigGroups)


def find_list(lists: Seq[QemuOptsList], group: str) -> QemuOptsList:
    """Return the group of a name. Error: there is none."""
    for list_ in lists:
        if list_.name == group:
            return list_
    error_setg(f"There is no option group '{group}'")


def qemu_find_opts(group: str) -> QemuOptsList:
    """Return the group of a name. Where there is none, print that and abort: QEMU's callers use the NULL they get."""
    try:
        return find_list(config_groups().vm_config_groups, group)
    except Error as err:
        error_report_err(err)
        raise QemuAbort from err


def qemu_find_opts_err(group: str) -> QemuOptsList:
    """Return the group of a name. Error: there is none."""
    return find_list(config_groups().vm_config_groups, group)


def qemu_find_opts_singleton(group: str) -> QemuOpts:
    """Return the only use of a group, made where there is none."""
    list_ = qemu_find_opts(group)
    opts = qemu_opts_find(list_, None)
    if opts is None:
        with error_abort():
            opts = qemu_opts_create(list_, None, False)
    return opts


def _add(lists: Seq[QemuOptsList], list_: QemuOptsList, places: int, name: str) -> None:
    if len(lists) == places - 1:
        recorder().message("stderr", f"ran out of space in {name}")
        raise QemuAbort
    lists.append(list_)


@emulates
def qemu_add_drive_opts(list_: QemuOptsList) -> None:
    """Note a group of options that describes drives."""
    _add(config_groups().drive_config_groups, list_, DRIVE_CONFIG_GROUPS, "drive_config_groups")


@emulates
def qemu_add_opts(list_: QemuOptsList) -> None:
    """Note a group of options."""
    _add(config_groups().vm_config_groups, list_, VM_CONFIG_GROUPS, "vm_config_groups")
