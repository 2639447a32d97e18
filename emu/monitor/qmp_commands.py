"""The table of QMP commands that are emulated, with their arguments (qapi/*.json)."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from emu.hw.pci.pci.query import qmp_query_pci
from emu.monitor.misc import qmp_human_monitor_command
from emu.monitor.qmp import QMPCapability
from emu.monitor.qmp_cmds import (
    qmp_query_name,
    qmp_query_status,
    qmp_query_uuid,
    qmp_quit,
    qmp_stop,
    qmp_system_reset,
)
from emu.monitor.qmp_cmds_control import qmp_qmp_capabilities, qmp_query_commands, qmp_query_version
from emu.net.net.info import qmp_query_rx_filter, qmp_set_link
from emu.net.net.qmp import qmp_netdev_add, qmp_netdev_del
from emu.qapi.qapi_struct import QapiStruct, any_, qapi_free, visit_struct
from emu.qapi.qapi_types_net import Netdev
from emu.qapi.qmp_dispatch import qmp_functions
from emu.qapi.qobject_input_visitor import qobject_input_visitor_new
from emu.qobject.qdict import QDict, qobject_of
from emu.qobject.qobject import QObject
from emu.qom.object import ObjectProperty
from emu.qom.qom_qmp_cmds import (
    qmp_device_list_properties,
    qmp_qom_get,
    qmp_qom_list,
    qmp_qom_list_properties,
    qmp_qom_list_types,
    qmp_qom_set,
)
from emu.softmmu.qdev_monitor import qmp_device_add, qmp_device_del
from emu.softmmu.vl.init import qmp_cont
from emu.trace import Seq


class NoArguments(QapiStruct):
    """No arguments (``q_empty``)."""


class CapabilitiesArguments(QapiStruct):
    """``qmp_capabilities``."""

    enable: Seq[QMPCapability] | None = None


class IdArguments(QapiStruct):
    """``device_del``, ``netdev_del``."""

    id: str


class LinkArguments(QapiStruct):
    """``set_link``."""

    name: str
    up: bool


class NameArguments(QapiStruct):
    """``query-rx-filter``."""

    name: str | None = None


class PathArguments(QapiStruct):
    """``qom-list``."""

    path: str


class GetArguments(QapiStruct):
    """``qom-get``."""

    path: str
    property: str


class SetArguments(QapiStruct):
    """``qom-set``."""

    path: str
    property: str
    value: any_


class ListTypesArguments(QapiStruct):
    """``qom-list-types``."""

    implements: str | None = None
    abstract: bool | None = None


class TypenameArguments(QapiStruct):
    """``device-list-properties``, ``qom-list-properties``."""

    typename: str


class HumanArguments(QapiStruct):
    """``human-monitor-command``."""

    command_line: str
    cpu_index: int | None = None


def command(name: str, arguments: type[QapiStruct], function: Callable[[Any], object]) -> None:
    """Note a command: ``function`` takes what its arguments were read into, and returns Python's form of JSON, or None."""

    def marshal(qdict: QDict) -> QObject | None:
        arg = visit_struct(qobject_input_visitor_new(qdict), None, arguments)
        try:
            returned = function(arg)
        finally:
            qapi_free(arg)
        return None if returned is None else qobject_of(returned)

    qmp_functions[name] = marshal


def property_info(prop: ObjectProperty) -> dict[str, object]:
    """Return an ``ObjectPropertyInfo``."""
    info: dict[str, object] = {"name": prop.name, "type": prop.type}
    if prop.description is not None:
        info["description"] = prop.description
    if prop.defval is not None:
        info["default-value"] = prop.defval
    return info


def _rx_filter_info(info: Any) -> dict[str, object]:
    """Return an ``RxFilterInfo``."""
    fields = dataclasses.asdict(info)
    return {
        key.replace("_", "-"): list(value) if isinstance(value, (list, tuple)) else value
        for key, value in fields.items()
        if value is not None
    }


def _name_info() -> dict[str, str]:
    name = qmp_query_name()
    return {} if name is None else {"name": name}


def _qom_get(qdict: QDict) -> QObject:
    arg = visit_struct(qobject_input_visitor_new(qdict), None, GetArguments)
    return qmp_qom_get(arg.path, arg.property)


def _device_add(qdict: QDict) -> None:
    qmp_device_add(qdict)


qmp_functions["device_add"] = _device_add
qmp_functions["qom-get"] = _qom_get
command("qmp_capabilities", CapabilitiesArguments, lambda arg: qmp_qmp_capabilities(arg.enable or ()))
command("query-version", NoArguments, lambda _: qmp_query_version())
command("query-commands", NoArguments, lambda _: qmp_query_commands())
command("query-status", NoArguments, lambda _: qmp_query_status())
command("query-name", NoArguments, lambda _: _name_info())
command("query-uuid", NoArguments, lambda _: {"UUID": qmp_query_uuid()})
command("query-pci", NoArguments, lambda _: qmp_query_pci())
command("query-rx-filter", NameArguments, lambda arg: [_rx_filter_info(each) for each in qmp_query_rx_filter(arg.name)])
command("quit", NoArguments, lambda _: qmp_quit())
command("stop", NoArguments, lambda _: qmp_stop())
command("cont", NoArguments, lambda _: qmp_cont())
command("system_reset", NoArguments, lambda _: qmp_system_reset())
command("device_del", IdArguments, lambda arg: qmp_device_del(arg.id))
command("netdev_add", Netdev, qmp_netdev_add)
command("netdev_del", IdArguments, lambda arg: qmp_netdev_del(arg.id))
command("set_link", LinkArguments, lambda arg: qmp_set_link(arg.name, arg.up))
command("qom-list", PathArguments, lambda arg: qmp_qom_list(arg.path))
command("qom-set", SetArguments, lambda arg: qmp_qom_set(arg.path, arg.property, arg.value))
command("qom-list-types", ListTypesArguments, lambda arg: qmp_qom_list_types(arg.implements, bool(arg.abstract)))
command(
    "device-list-properties",
    TypenameArguments,
    lambda arg: [property_info(prop) for prop in qmp_device_list_properties(arg.typename)],
)
command("qom-list-properties", TypenameArguments, lambda arg: qmp_qom_list_properties(arg.typename))
command("human-monitor-command", HumanArguments, lambda arg: qmp_human_monitor_command(arg.command_line, arg.cpu_index))
