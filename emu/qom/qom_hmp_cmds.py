"""The human monitor's commands about objects (qom/qom-hmp-cmds.c)."""

from __future__ import annotations

from typing import Protocol

from emu.qapi.error import ERROR_CLASS_DEVICE_NOT_FOUND, Error, error_reportf_err, error_set
from emu.qobject.qdict import QDict, qdict_get_str, qdict_get_try_bool, qdict_get_try_str
from emu.qobject.qjson import qobject_from_json, qobject_to_json_pretty
from emu.qom.object import (
    Object,
    object_child_foreach,
    object_get_canonical_path_component,
    object_get_root,
    object_get_typename,
    object_property_parse,
    object_resolve_path,
)
from emu.qom.qom_qmp_cmds import qmp_qom_get, qmp_qom_list, qmp_qom_set
from emu.trace import emulates


class Printer(Protocol):
    """What a command needs of its monitor."""

    def printf(self, text: str) -> None:
        """Print to it."""


@emulates
def hmp_qom_list(mon: Printer, qdict: QDict) -> None:
    """qom/qom-hmp-cmds.c. The properties of an object."""
    path = qdict_get_try_str(qdict, "path")
    if path is None:
        mon.printf("/\n")
        return
    try:
        for value in qmp_qom_list(path):
            mon.printf(f"{value['name']} ({value['type']})\n")
    except Error as err:
        error_reportf_err(err, "Error: ")


@emulates
def hmp_qom_set(mon: Printer, qdict: QDict) -> None:
    """qom/qom-hmp-cmds.c. Sets a property from text, or from JSON with ``-j``."""
    path, property, value = (qdict_get_str(qdict, key) for key in ("path", "property", "value"))
    try:
        if qdict_get_try_bool(qdict, "json", False):
            qmp_qom_set(path, property, qobject_from_json(value))
            return
        obj, _ = object_resolve_path(path)
        if obj is None:
            error_set(ERROR_CLASS_DEVICE_NOT_FOUND, f"Device '{path}' not found")
        object_property_parse(obj, property, value)
    except Error as err:
        error_reportf_err(err, "Error: ")


@emulates
def hmp_qom_get(mon: Printer, qdict: QDict) -> None:
    """qom/qom-hmp-cmds.c. A property as JSON."""
    try:
        obj = qmp_qom_get(qdict_get_str(qdict, "path"), qdict_get_str(qdict, "property"))
    except Error as err:
        error_reportf_err(err, "Error: ")
    else:
        mon.printf(f"{qobject_to_json_pretty(obj, True)}\n")


@emulates
def print_qom_composition(mon: Printer, obj: Object, indent: int) -> None:
    """qom/qom-hmp-cmds.c. An object and its children, by name."""
    children: list[Object] = []
    name = "" if obj is object_get_root() else object_get_canonical_path_component(obj)
    mon.printf(f"{' ' * indent}/{name} ({object_get_typename(obj)})\n")

    def insert_qom_composition_child(child: Object) -> int:
        children.append(child)
        return 0

    object_child_foreach(obj, insert_qom_composition_child)
    children.sort(key=lambda child: (object_get_canonical_path_component(child) or "").encode("utf-8", "surrogateescape"))
    for child in children:
        print_qom_composition(mon, child, indent + 2)


@emulates
def hmp_info_qom_tree(mon: Printer, qdict: QDict) -> None:
    """qom/qom-hmp-cmds.c. The tree of objects below the machine, or below a path."""
    path = qdict_get_try_str(qdict, "path")
    obj, ambiguous = object_resolve_path(path if path is not None else "/machine")
    if obj is None:
        mon.printf(f"Path '{path}' could not be resolved.\n")
        return
    if ambiguous:
        mon.printf(f"Warning: Path '{path}' is ambiguous.\n")
        return
    print_qom_composition(mon, obj, 0)
