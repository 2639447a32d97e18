"""A door in the simulated host to the real one. It is shut, unless whoever made the run opens it: a World of its own.

A descriptor on which the World acts is a simulated one all the same: the other end of a connection belongs to a Peer that passes
the bytes on; datagrams and frames are put where the simulated host puts them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emu.trace import per_run

if TYPE_CHECKING:
    from emu.host.descriptors import Descriptor
    from emu.host.sockets import HostSocket, InetAddress, UnixAddress
    from emu.host.tap import TapQueue


class World:
    """What is outside: nothing. All methods raise SimulatedError with the number that the real host gives."""

    is_real = False

    def bind(self, sock: HostSocket, address: InetAddress | UnixAddress) -> None:
        """Give a real socket an address, and the simulated one the address that it got."""

    def listen(self, sock: HostSocket) -> None:
        """Wait for connections; they come into ``sock.backlog``."""

    def connect(self, sock: HostSocket, address: InetAddress | UnixAddress) -> None:
        """Connect, and give ``sock`` its other end."""

    def connect_nonblocking(self, sock: HostSocket, address: InetAddress | UnixAddress) -> bool:
        """Begin to connect; whether it is done at once. ``sock`` is ``connecting`` until the answer is there."""
        raise NotImplementedError

    def sendto(self, sock: HostSocket, data: bytes, address: InetAddress | UnixAddress | None) -> int:
        """Send a datagram, None: to where the socket is connected; return its size."""
        raise NotImplementedError

    def join_group(self, sock: HostSocket, group: str, local: str | None) -> None:
        """Have a datagram socket get what is sent to a group."""

    def open_tun(self, queue: TapQueue) -> None:
        """Open ``/dev/net/tun``."""

    def set_interface(self, queue: TapQueue, name: str, flags: int) -> str:
        """Choose or make a tap interface; return its name. What comes from it goes into ``queue.frames``."""
        raise NotImplementedError

    def tun(self, queue: TapQueue, request: int, value: int) -> int:  # those of a subclass
        """Do another ``ioctl`` on an open ``/dev/net/tun``; return the number that it leaves in the place of ``value``."""
        return value

    def write(self, queue: TapQueue, data: bytes) -> int:
        """Hand a frame to a tap interface; return its size."""
        raise NotImplementedError

    def open_file(self, descriptor: Descriptor, path: str) -> None:
        """Open a file for writing, made or emptied."""

    def append(self, descriptor: Descriptor, data: bytes) -> None:
        """Write to an open file."""

    def exists(self, path: str) -> bool:  # a subclass looks
        """Tell whether something stands at a path."""
        return False

    def run(self, argv: tuple[str, ...], keeping: Descriptor | None) -> int:
        """Run a program to its end, with one descriptor beside the usual three; return its wait status."""
        raise NotImplementedError

    def run_helper(self, command: str, argv: tuple[str, ...]) -> tuple[TapQueue | None, int]:
        """Run a program that opens a tap (``{fd}`` in its arguments is where it sends the descriptor); and its wait status.

        ``command`` is for the shell, if there are no ``argv``.
        """
        raise NotImplementedError

    def set_option(self, sock: HostSocket, option: str) -> None:
        """Switch ``nodelay`` or ``keepalive`` on."""

    def wait(self, sock: HostSocket) -> None:
        """Wait until somebody connects to a listening socket."""

    def await_bytes(self, sock: HostSocket) -> None:
        """Wait until something has arrived on a connection, or it is over."""

    def unlink(self, path: str) -> None:
        """Remove a path."""

    def closed(self, descriptor: Descriptor) -> None:
        """Close what is real behind a descriptor."""

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
