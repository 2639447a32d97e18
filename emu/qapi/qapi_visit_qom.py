"""Visits of objects' options (generated from qapi/qom.json in QEMU)."""

from __future__ import annotations

from emu.qapi.qapi_struct import qapi_free, visit_struct
from emu.qapi.qapi_types_qom import ObjectOptions
from emu.qapi.visitor import Visitor


def visit_type_ObjectOptions(v: Visitor, name: str | None, obj: ObjectOptions | None = None) -> ObjectOptions:
    """Visit an object's options; an input visitor makes them. Error: they do not fit. NotModelled: such an object."""
    return visit_struct(v, name, ObjectOptions, obj)


def qapi_free_ObjectOptions(obj: ObjectOptions | None) -> None:
    """Give an object's options back."""
    qapi_free(obj)
