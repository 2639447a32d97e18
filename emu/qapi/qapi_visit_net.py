"""Visits of network options (generated from qapi/net.json in QEMU)."""

from __future__ import annotations

from emu.qapi.qapi_struct import qapi_free, visit_struct
from emu.qapi.qapi_types_net import Netdev
from emu.qapi.visitor import Visitor


def visit_type_Netdev(v: Visitor, name: str | None, obj: Netdev | None = None) -> Netdev:
    """Visit a network client's options; an input visitor makes them. Error: they do not fit the schema."""
    return visit_struct(v, name, Netdev, obj)


def qapi_free_Netdev(obj: Netdev | None) -> None:
    """Give a network client's options back."""
    qapi_free(obj)
