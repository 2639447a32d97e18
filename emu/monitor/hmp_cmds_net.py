"""The human monitor's commands about network clients (monitor/hmp-cmds.c)."""

from __future__ import annotations

from emu.monitor.monitor import Monitor, hmp_handle_error
from emu.net.net.clients import qemu_find_net_clients_except
from emu.net.net.info import qmp_set_link, show_netdevs
from emu.net.net.init import netdev_add
from emu.net.net.qmp import qmp_netdev_del
from emu.net.net.structs import MAX_QUEUE_NUM
from emu.qapi.error import Error
from emu.qapi.qapi_types_net import NetClientDriver, NetClientDriver_str
from emu.qobject.qdict import QDict, qdict_get_bool, qdict_get_str, qdict_get_try_str
from emu.qom.object_interfaces import user_creatable_add_from_str, user_creatable_del
from emu.trace import emulates
from emu.util.qemu_config import qemu_find_opts
from emu.util.qemu_option import is_help_option, qemu_opts_del, qemu_opts_from_qdict
from emu.util.readline import ReadLineState, readline_add_completion, readline_set_completion_index


@emulates(file="monitor/hmp-cmds.c")
def hmp_set_link(mon: Monitor, qdict: QDict) -> None:
    """monitor/hmp-cmds.c. ``set_link NAME on|off``."""
    name = qdict_get_str(qdict, "name")
    up = qdict_get_bool(qdict, "up")
    try:
        qmp_set_link(name, up)
    except Error as err:
        hmp_handle_error(mon, err)


@emulates(file="monitor/hmp-cmds.c")
def hmp_netdev_add(mon: Monitor, qdict: QDict) -> None:
    """monitor/hmp-cmds.c. ``netdev_add TYPE,id=...``: ``qdict`` holds the options, ``type`` the first."""
    type = qdict_get_try_str(qdict, "type")

    if type is not None and is_help_option(type):
        show_netdevs()
        return
    try:
        opts = qemu_opts_from_qdict(qemu_find_opts("netdev"), qdict)
        try:
            netdev_add(opts)
        except Error:
            qemu_opts_del(opts)
            raise
    except Error as err:
        hmp_handle_error(mon, err)


@emulates(file="monitor/hmp-cmds.c")
def hmp_netdev_del(mon: Monitor, qdict: QDict) -> None:
    """monitor/hmp-cmds.c. ``netdev_del ID``."""
    id = qdict_get_str(qdict, "id")
    try:
        qmp_netdev_del(id)
    except Error as err:
        hmp_handle_error(mon, err)


@emulates(file="monitor/hmp-cmds.c")
def hmp_object_add(mon: Monitor, qdict: QDict) -> None:
    """monitor/hmp-cmds.c. ``object_add TYPE,id=...``."""
    try:
        user_creatable_add_from_str(qdict_get_str(qdict, "object"))
    except Error as err:
        hmp_handle_error(mon, err)


@emulates(file="monitor/hmp-cmds.c")
def hmp_object_del(mon: Monitor, qdict: QDict) -> None:
    """monitor/hmp-cmds.c. ``object_del ID``."""
    try:
        user_creatable_del(qdict_get_str(qdict, "id"))
    except Error as err:
        hmp_handle_error(mon, err)


def add_completion_option(rs: ReadLineState, str_: str, option: str) -> None:
    """Offer an option that begins as the word does (monitor/misc.c)."""
    if option.startswith(str_):
        readline_add_completion(rs, option)


@emulates(file="monitor/misc.c")
def netdev_add_completion(rs: ReadLineState, nb_args: int, str_: str) -> None:
    """monitor/misc.c. Kinds of clients."""
    if nb_args != 2:
        return
    readline_set_completion_index(rs, len(str_))
    for driver in NetClientDriver:
        add_completion_option(rs, str_, NetClientDriver_str(driver))


@emulates(file="monitor/misc.c")
def set_link_completion(rs: ReadLineState, nb_args: int, str_: str) -> None:
    """monitor/misc.c. Names of all clients, then ``on`` and ``off``."""
    readline_set_completion_index(rs, len(str_))
    if nb_args == 2:
        for nc in qemu_find_net_clients_except(None, NetClientDriver.NONE, MAX_QUEUE_NUM)[:MAX_QUEUE_NUM]:
            add_completion_option(rs, str_, nc.name)
    elif nb_args == 3:
        add_completion_option(rs, str_, "on")
        add_completion_option(rs, str_, "off")


@emulates(file="monitor/misc.c")
def netdev_del_completion(rs: ReadLineState, nb_args: int, str_: str) -> None:
    """monitor/misc.c. Names of the clients that ``netdev_del`` can delete."""
    if nb_args != 2:
        return
    readline_set_completion_index(rs, len(str_))
    for nc in qemu_find_net_clients_except(None, NetClientDriver.NIC, MAX_QUEUE_NUM)[:MAX_QUEUE_NUM]:
        if nc.is_netdev:
            add_completion_option(rs, str_, nc.name)
