"""The table of the human monitor's commands that are emulated (monitor/misc.c)."""

from __future__ import annotations

from typing import Any

from emu.monitor.hmp import MonitorHMP, handle_hmp_command, help_cmd, hmp_handlers
from emu.monitor.hmp_cmds import (
    hmp_cont,
    hmp_info_name,
    hmp_info_pci,
    hmp_info_status,
    hmp_info_uuid,
    hmp_info_version,
    hmp_quit,
    hmp_stop,
    hmp_system_reset,
)
from emu.monitor.hmp_cmds_net import hmp_netdev_add, hmp_netdev_del, hmp_object_add, hmp_object_del, hmp_set_link
from emu.monitor.monitor import Monitor, monitor_data_init, monitor_printf
from emu.net.net.info import hmp_info_network
from emu.net.slirp.commands import hmp_hostfwd_add, hmp_hostfwd_remove, hmp_info_usernet
from emu.qapi.error import error_setg
from emu.qobject.qdict import QDict, qdict_get_try_bool, qdict_get_try_str
from emu.qom.qom_hmp_cmds import hmp_info_qom_tree, hmp_qom_get, hmp_qom_list, hmp_qom_set
from emu.softmmu.memory.mtree import mtree_info
from emu.softmmu.qdev_monitor import hmp_device_add, hmp_device_del, hmp_info_qtree
from emu.trace import emulates


@emulates
def do_help_cmd(mon: Monitor, qdict: QDict) -> None:
    """monitor/misc.c. ``help [COMMAND]``."""
    help_cmd(mon, qdict_get_try_str(qdict, "name"))


@emulates
def hmp_info_help(mon: Monitor, qdict: QDict) -> None:
    """monitor/misc.c. ``info`` alone."""
    help_cmd(mon, "info")


@emulates
def hmp_info_mtree(mon: Monitor, qdict: QDict) -> None:
    """monitor/misc.c. ``info mtree [-f] [-d] [-o] [-D]``."""
    names = ("flatview", "dispatch_tree", "owner", "disabled")
    flatview, dispatch_tree, owner, disabled = (qdict_get_try_bool(qdict, name, False) for name in names)
    monitor_printf(mon, mtree_info(flatview, dispatch_tree, owner, disabled))


@emulates
def qmp_human_monitor_command(command_line: str, cpu_index: int | None) -> str:
    """monitor/misc.c. Does a line of the monitor for people and returns what it printed. Error: no such processor."""
    hmp = MonitorHMP()
    monitor_data_init(hmp, False, True)
    if cpu_index is not None and not has_cpu(cpu_index):
        error_setg("Parameter 'cpu-index' expects a CPU number")
    handle_hmp_command(hmp, command_line)
    return hmp.take().replace("\n", "\r\n")


def has_cpu(index: int) -> bool:
    """Tell whether there is a processor of an index."""
    from emu.hw.core.machine import current_machine

    return 0 <= index < int(current_machine().smp.cpus)


def _handlers() -> dict[str, Any]:
    functions = (
        do_help_cmd,
        hmp_cont,
        hmp_device_add,
        hmp_device_del,
        hmp_hostfwd_add,
        hmp_hostfwd_remove,
        hmp_info_help,
        hmp_info_mtree,
        hmp_info_name,
        hmp_info_network,
        hmp_info_pci,
        hmp_info_qom_tree,
        hmp_info_qtree,
        hmp_info_status,
        hmp_info_usernet,
        hmp_info_uuid,
        hmp_info_version,
        hmp_netdev_add,
        hmp_netdev_del,
        hmp_object_add,
        hmp_object_del,
        hmp_qom_get,
        hmp_qom_list,
        hmp_qom_set,
        hmp_quit,
        hmp_set_link,
        hmp_stop,
        hmp_system_reset,
    )
    return {function.__name__: function for function in functions}


hmp_handlers.update(_handlers())
