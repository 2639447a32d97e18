"""A door in the simulated host to the real one. It is shut, unless whoever made the run opens it: a World of its own.

A socket on which the World acts is a simulated one all the same: its other end belongs to a Peer that passes the bytes on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emu.trace import per_run

if TYPE_CHECKING:
    from emu.host.sockets import HostSocket, InetAddress, UnixAddress


class World:
    """What is outside: nothing. All methods raise SimulatedError with the number that the real host gives."""

    is_real = False

    def bind(self, sock: HostSocket, address: InetAddress | UnixAddress) -> None:
        """Give a real socket an address, and the simulated one the address that it got."""

    def listen(self, sock: HostSocket) -> None:
        """Wait for connections; they come into ``sock.backlog``."""

    def connect(self, sock: HostSocket, address: InetAddress | UnixAddress) -> None:
        """Connect, and give ``sock`` its other end."""

    def wait(self, sock: HostSocket) -> None:
        """Wait until somebody connects to a listening socket."""

    def await_bytes(self, sock: HostSocket) -> None:
        """Wait until something has arrived on a connection, or it is over."""

    def unlink(self, path: str) -> None:
        """Remove a path."""

    def closed(self, sock: HostSocket) -> None:
        """Close the real socket behind one that was bound or listens."""

    def log(self, path: str, text: str) -> None:
        """Write to a file that was opened at the first call."""

    def output(self, data: bytes) -> int:
        """Write to standard output; return how much was taken."""
        return len(data)


class Door:
    """The way to the World of a run."""

    def __init__(self) -> None:
        self.world = World()


door = per_run(Door)


def outside() -> World:
    """Return the World of the run."""
    return door().world
