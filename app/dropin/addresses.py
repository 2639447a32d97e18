"""Addresses of the real host's sockets and of the simulated one's."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from typing import Any, Final

from emu.host.descriptors import SimulatedError
from emu.host.sockets import AF_INET, AF_INET6, AF_UNIX, SOCK_DGRAM, SOCK_STREAM, InetAddress, UnixAddress

FAMILIES: Final = {AF_UNIX: socket.AF_UNIX, AF_INET: socket.AF_INET, AF_INET6: socket.AF_INET6}
TYPES: Final = {SOCK_STREAM: socket.SOCK_STREAM, SOCK_DGRAM: socket.SOCK_DGRAM}


def real_address(address: InetAddress | UnixAddress) -> Any:
    """Return an address as Python's sockets take it; ``@`` begins an abstract name."""
    if isinstance(address, InetAddress):
        return tuple(address)
    return "\0" + address.path[1:] if address.path.startswith("@") else address.path


def simulated_address(sock: socket.socket, address: Any) -> InetAddress | UnixAddress | None:
    """Return an address of a real socket as the simulated host has it."""
    if sock.family != socket.AF_UNIX:
        return InetAddress(address[0], address[1])
    name = os.fsdecode(address)
    return UnixAddress(f"@{name[1:]}" if name.startswith("\0") else name) if name else None


def attempt(call: Callable[..., Any], *args: Any) -> Any:
    """Call; what the real host refuses, the simulated one refuses. SimulatedError: whatever it is."""
    try:
        return call(*args)
    except OSError as err:
        raise SimulatedError(err.errno or 0) from err
