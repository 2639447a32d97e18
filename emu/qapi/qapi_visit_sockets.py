"""Visits of socket addresses (generated from qapi/sockets.json in QEMU)."""

from __future__ import annotations

from emu.qapi.qapi_struct import qapi_free, visit_struct
from emu.qapi.qapi_types_sockets import SocketAddress
from emu.qapi.visitor import Visitor


def visit_type_SocketAddress(v: Visitor, name: str | None, obj: SocketAddress | None = None) -> SocketAddress:
    """Visit an address; an input visitor makes it. Error: it does not fit the schema."""
    return visit_struct(v, name, SocketAddress, obj)


def qapi_free_SocketAddress(obj: SocketAddress | None) -> None:
    """Give an address back."""
    qapi_free(obj)
