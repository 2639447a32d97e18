"""The groups of options by name, and files with uses of them (util/qemu-config.c)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from emu.errors import QemuAbort
from emu.host.descriptors import SimulatedError
from emu.host.files import read_text
from emu.qapi.error import Error, error_abort, error_report_err, error_setg, error_setg_file_open
from emu.qobject.qdict import QDict, qdict_new, qdict_put
from emu.trace import Seq, Struct, emulates, per_run, recorder, seq
from emu.util.error_report import loc_pop, loc_push_none, loc_set_file
from emu.util.qemu_option import QemuOpts, QemuOptsList, qemu_opts_create, qemu_opts_find, qemu_opts_from_qdict

VM_CONFIG_GROUPS: Final = 48
"""Places for groups, one of which ends the array."""

DRIVE_CONFIG_GROUPS: Final = 5
"""Places for groups of drives, one of which ends the array."""

LINE: Final = 1023
"""What is read of a line at once."""

_GROUP_WITH_ID: Final = re.compile(r'\[\s*(\S{1,63}+)\s*"([^"]{1,63})')
_GROUP: Final = re.compile(r"\[([^]]{1,63})\]?")
_VALUE: Final = re.compile(r'\s*(\S{1,63}+)\s*=\s*"([^"]{1,1023})')
_WORD: Final = re.compile(r"\s*(\S{1,63}+)")
"""What ``sscanf`` takes: it does not look at what follows the last word it stores."""

ConfigCB = Callable[[str, QDict], None]


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


def _lines(text: str) -> Iterator[str]:
    for line in text.splitlines(keepends=True):
        for at in range(0, len(line), LINE):
            yield line[at : at + LINE]


def _heading(line: str) -> tuple[str, QDict] | None:
    """Return the group that a line begins, and the first entry of its use."""
    with_id = _GROUP_WITH_ID.match(line)
    if with_id:
        return with_id[1], qdict_new({"id": with_id[2]})
    group = _GROUP.match(line)
    return (group[1], qdict_new()) if group else None


@emulates
def qemu_config_foreach(text: str, cb: ConfigCB, fname: str) -> int:
    """Call a function for each use of a group in a file; return how many there are. Error: malformed, or the function's."""
    loc = loc_push_none()
    count = 0
    current: tuple[str, QDict] | None = None
    try:
        for lno, line in enumerate(_lines(text), 1):
            if line[0] in "\n#":
                continue
            heading = _heading(line) if line[0] == "[" else None
            if heading is not None:
                count += 1
                before, current = current, heading
                if before is not None:
                    cb(*before)
                continue
            loc_set_file(fname, lno)
            value = _VALUE.match(line)
            word = value or _WORD.match(line)
            if word is None:
                error_setg("parse error")
            if current is None:
                error_setg("no group defined")
            qdict_put(current[1], word[1], value[2] if value else "")
        if current is not None:
            cb(*current)
    finally:
        loc_pop(loc)
    return count


@emulates
def qemu_config_do_parse(group: str, qdict: QDict) -> None:
    """Note a use of a group. Error: there is no such group, or the use is wrong."""
    list_ = find_list(config_groups().vm_config_groups, group)
    qemu_opts_from_qdict(list_, qdict)


@emulates
def qemu_read_config_file(filename: str, cb: ConfigCB) -> int:
    """Read a file; return how many uses of groups it has. Error: there is no such file on the host, or qemu_config_foreach's."""
    try:
        text = read_text(filename)
    except SimulatedError as err:
        error_setg_file_open(err.errno, filename)
    return qemu_config_foreach(text, cb, filename)
