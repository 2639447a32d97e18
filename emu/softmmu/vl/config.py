"""Configuration files, ``-set``, ``-global``, ``-action``, ``-name`` (softmmu/vl.c)."""

from __future__ import annotations

import errno
import re
from typing import Any, Final

from emu.errors import NotModelled
from emu.host import host
from emu.hw.core.qdev_properties import qdev_prop_register_global
from emu.qapi.error import Error, error_setg, error_setg_file_open
from emu.qom.object import GlobalProperty
from emu.softmmu.globals import globals_c
from emu.trace import emulates
from emu.util.qemu_config import qemu_find_opts, qemu_find_opts_err
from emu.util.qemu_option import (
    QemuOpts,
    qemu_opt_get,
    qemu_opt_set,
    qemu_opts_find,
    qemu_opts_foreach,
)

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
def qemu_read_config_file(filename: str) -> None:
    """util/qemu-config.c. Error: there is no such file on the host."""
    if filename not in host().files:
        error_setg_file_open(errno.ENOENT, filename)
    raise NotModelled("-readconfig")


@emulates
def qemu_read_default_config_file() -> None:
    """softmmu/vl.c. Reads /etc/qemu/qemu.conf, if there is one. Error: it is malformed."""
    try:
        qemu_read_config_file("/etc/qemu/qemu.conf")
    except Error:
        return


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
