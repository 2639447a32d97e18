"""Configuration files, ``-set``, ``-global``, ``-action``, ``-name`` (softmmu/vl.c)."""

from __future__ import annotations

import re
from typing import Any, Final

from emu.errors import QemuAbort
from emu.host.files import host_files
from emu.hw.core.qdev_properties import qdev_prop_register_global
from emu.qapi.error import Error, error_fatal, error_setg
from emu.qapi.qobject_input_visitor import qobject_input_visitor_new_keyval
from emu.qobject.block_qdict import qdict_crumple
from emu.qobject.qdict import QDict
from emu.qom.object import GlobalProperty
from emu.softmmu.globals import globals_c
from emu.softmmu.vl.machine import machine_merge_property
from emu.softmmu.vl.objects import object_option_add_visitor
from emu.softmmu.vl.structs import vl_c
from emu.trace import emulates
from emu.util.keyval import keyval_merge
from emu.util.qemu_config import qemu_config_do_parse, qemu_find_opts, qemu_find_opts_err, qemu_read_config_file
from emu.util.qemu_option import (
    QemuOpts,
    qemu_opt_get,
    qemu_opt_set,
    qemu_opts_find,
    qemu_opts_foreach,
)

CONFIGURATION: Final = "/etc/qemu/qemu.conf"
_SET: Final = re.compile(r"([^.]{1,63})\.([^.]{1,63})\.([^=]{1,63})=")


@emulates
def global_init_func(opaque: Any, opts: QemuOpts) -> int:
    """softmmu/vl.c. One ``-global``."""
    g = GlobalProperty(
        driver=qemu_opt_get(opts, "driver"), property=qemu_opt_get(opts, "property"), value=qemu_opt_get(opts, "value")
    )
    qdev_prop_register_global(g)
    return 0


@emulates
def user_register_global_props() -> None:
    """softmmu/vl.c. Notes every ``-global``."""
    qemu_opts_foreach(qemu_find_opts("global"), global_init_func, None)


def is_qemuopts_group(group: str) -> bool:
    """Tell whether a group is kept as QemuOpts (softmmu/vl.c)."""
    return group not in {"object", "machine", "smp-opts", "boot-opts"}


@emulates
def qemu_record_config_group(group: str, dict: QDict, from_json: bool) -> None:
    """softmmu/vl.c. Notes the use of a group that is not kept as QemuOpts. Error: it does not go with another."""
    if group == "object":
        object_option_add_visitor(qobject_input_visitor_new_keyval(dict))
    if group == "machine":
        assert not from_json
        keyval_merge(vl_c().machine_opts_dict, dict)
    elif group in {"smp-opts", "boot-opts"}:
        with error_fatal():
            machine_merge_property(group.removesuffix("-opts"), dict)
    else:
        raise QemuAbort


@emulates
def qemu_parse_config_group(group: str, qdict: QDict) -> None:
    """softmmu/vl.c. Notes a use of a group from a configuration file. Error: no such group, or wrong."""
    if is_qemuopts_group(group):
        qemu_config_do_parse(group, qdict)
        return

    crumpled = qdict_crumple(qdict)
    if not isinstance(crumpled, QDict):
        error_setg("Lists cannot be at top level of a configuration section")
    qemu_record_config_group(group, crumpled, False)


@emulates
def qemu_read_default_config_file() -> None:
    """softmmu/vl.c. Reads /etc/qemu/qemu.conf, if there is one. Error: it is malformed."""
    try:
        qemu_read_config_file(CONFIGURATION, qemu_parse_config_group)
    except Error:
        if CONFIGURATION in host_files().texts:
            raise


@emulates
def qemu_set_option(str_: str) -> None:
    """softmmu/vl.c. ``-set group.id.arg=value``. Error: malformed, no such group or id."""
    found = _SET.match(str_)
    if found is None:
        error_setg(f'can\'t parse: "{str_}"')
    group, id, arg = found.groups()

    if not is_qemuopts_group(group):
        error_setg(f"-set is not supported with {group}")
    list = qemu_find_opts_err(group)
    opts = qemu_opts_find(list, id)
    if not opts:
        error_setg(f'there is no {group} "{id}" defined')
    qemu_opt_set(opts, arg, str_[found.end() :])


@emulates
def parse_name(opaque: Any, opts: QemuOpts) -> int:
    """softmmu/vl.c. ``-name``."""
    globals_c().qemu_name = qemu_opt_get(opts, "guest")
    return 0
