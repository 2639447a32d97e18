"""The real host, as far as the drop-in front uses it: stream sockets, standard input and output, the log of ``-qtest-log``."""

from __future__ import annotations

import os
import selectors
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, TextIO, cast

from emu.host.descriptors import SimulatedError
from emu.host.outside import World
from emu.host.sockets import AF_INET, AF_INET6, AF_UNIX, HostSocket, InetAddress, UnixAddress, hang_up

FAMILIES: Final = {AF_UNIX: socket.AF_UNIX, AF_INET: socket.AF_INET, AF_INET6: socket.AF_INET6}
CHUNK: Final = 1 << 16
BACKLOG: Final = 1
LAST_WORDS_SECONDS: Final = 2.0
"""How long the end of the program waits for a slow reader."""

Event = Callable[[int], None]
"""What to do when a real socket is ready (``selectors.EVENT_*``)."""


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


class Connection:
    """A real connection, as the owner of a simulated socket's other end."""

    def __init__(self, world: RealWorld, real: socket.socket, end: HostSocket) -> None:
        self.world = world
        self.real = real
        self.end = end
        self.waiting = bytearray()
        self.over = False
        real.setblocking(False)
        world.connections.add(self)
        self._watch()

    def _watch(self) -> None:
        events = (0 if self.over else selectors.EVENT_READ) | (selectors.EVENT_WRITE if self.waiting else 0)
        self.world.watch(self.real, events, self.ready)

    def ready(self, events: int) -> None:
        """Pass bytes on, in both directions."""
        if events & selectors.EVENT_WRITE:
            self.flush()
        if events & selectors.EVENT_READ and not self.over:
            try:
                data = self.real.recv(CHUNK)
            except (BlockingIOError, InterruptedError):
                return
            except OSError:
                data = b""
            inside = self.end.other_end
            if not data or inside is None:
                hang_up(self.end)
                self.close()
            else:
                inside.inbox += data

    def arrived(self, end: HostSocket) -> None:
        """Bytes come from inside."""
        self.waiting += end.inbox
        end.inbox = b""
        self.flush()

    def flush(self) -> None:
        """Send what waits, as far as it goes."""
        try:
            while self.waiting:
                del self.waiting[: self.real.send(self.waiting)]
        except (BlockingIOError, InterruptedError):
            pass
        except OSError:
            self.waiting.clear()
        if self.over and not self.waiting:
            self.close()
        else:
            self._watch()

    def connected(self, end: HostSocket) -> None:
        """A connection stands."""

    def listening(self, address: str) -> None:
        """Somebody waits at an address."""

    def left(self, end: HostSocket) -> None:  # noqa: ARG002  # a Peer may have several
        """The end inside was closed: what waits is sent before."""
        self.over = True
        self.flush()

    def close(self) -> None:
        """Close the real connection."""
        if self in self.world.connections:
            self.world.connections.discard(self)
            self.world.watch(self.real, 0, self.ready)
            self.real.close()


class RealWorld(World):
    """The real host. ``before_waiting`` is called before the program waits for a client in the midst of its start."""

    is_real = True

    def __init__(self, before_waiting: Callable[[], None]) -> None:
        self.selector = selectors.DefaultSelector()
        self.before_waiting = before_waiting
        self.connections: set[Connection] = set()
        self.sockets: dict[int, socket.socket] = {}
        self.logs: dict[str, TextIO] = {}

    def watch(self, real: socket.socket, events: int, event: Event) -> None:
        """Call ``event`` when a socket is ready, 0: no more."""
        if real.fileno() < 0:
            return
        known = real.fileno() in self.selector.get_map()
        if not events:
            if known:
                self.selector.unregister(real)
        elif known:
            self.selector.modify(real, events, event)
        else:
            self.selector.register(real, events, event)

    def _attempt(self, call: Callable[..., Any], *args: Any) -> Any:
        try:
            return call(*args)
        except OSError as err:
            raise SimulatedError(err.errno or 0) from err

    def bind(self, sock: HostSocket, address: InetAddress | UnixAddress) -> None:
        """Give a real socket an address."""
        real = socket.socket(FAMILIES[sock.family], socket.SOCK_STREAM)
        if sock.reuseaddr:
            real.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            self._attempt(real.bind, real_address(address))
        except SimulatedError:
            real.close()
            raise
        self.sockets[id(sock)] = real
        sock.sockname = simulated_address(real, real.getsockname())

    def listen(self, sock: HostSocket) -> None:
        """Wait for connections."""
        real = self.sockets[id(sock)]
        self._attempt(real.listen, BACKLOG)
        real.setblocking(False)
        self.watch(real, selectors.EVENT_READ, lambda _: self._accept(sock, real))

    def _accept(self, sock: HostSocket, real: socket.socket) -> None:
        try:
            connection, address = real.accept()
        except OSError:
            return
        peername = simulated_address(connection, address)
        inside = HostSocket(family=sock.family, type=sock.type, sockname=sock.sockname, peername=peername)
        self._join(inside, connection)
        sock.backlog.append(inside)

    def _join(self, inside: HostSocket, real: socket.socket) -> None:
        end = HostSocket(family=inside.family, type=inside.type)
        inside.other_end, end.other_end = end, inside
        end.owner = cast(Any, Connection(self, real, end))

    def connect(self, sock: HostSocket, address: InetAddress | UnixAddress) -> None:
        """Connect; the program waits for it."""
        real = socket.socket(FAMILIES[sock.family], socket.SOCK_STREAM)
        try:
            self._attempt(real.connect, real_address(address))
        except SimulatedError:
            real.close()
            raise
        sock.sockname = simulated_address(real, real.getsockname())
        sock.peername = address
        self._join(sock, real)

    def wait(self, sock: HostSocket) -> None:
        """Wait for a client."""
        self.before_waiting()
        while not len(sock.backlog):
            self.turn(None)

    def await_bytes(self, sock: HostSocket) -> None:
        """Wait until something has arrived on a connection, or it is over."""
        while not sock.inbox and not sock.hung_up:
            self.turn(None)

    def turn(self, timeout: float | None) -> None:
        """Wait until something happens outside, and let it in."""
        for key, events in self.selector.select(timeout):
            cast(Event, key.data)(events)

    def unlink(self, path: str) -> None:
        """Remove a path."""
        self._attempt(os.unlink, path)

    def closed(self, sock: HostSocket) -> None:
        """Close a socket that was bound or listens, and remove its path."""
        real = self.sockets.pop(id(sock), None)
        if real is not None:
            self.watch(real, 0, lambda _: None)
            real.close()
            if sock.listening and isinstance(sock.sockname, UnixAddress) and not sock.sockname.path.startswith("@"):
                with suppress(OSError):
                    Path(sock.sockname.path).unlink()

    def log(self, path: str, text: str) -> None:
        """Write to a file; nothing happens if it cannot be opened."""
        if path not in self.logs:
            try:
                self.logs[path] = Path(path).open("w", encoding="utf-8", errors="surrogateescape")  # noqa: SIM115  # until the end
            except OSError:
                return
        self.logs[path].write(text)
        self.logs[path].flush()

    def output(self, data: bytes) -> int:
        """Write to standard output."""
        try:
            return os.write(1, data)
        except OSError:
            return len(data)

    def finish(self, listeners: list[HostSocket]) -> None:
        """Send what still waits, and close everything."""
        deadline = time.monotonic() + LAST_WORDS_SECONDS
        while any(each.waiting for each in self.connections) and time.monotonic() < deadline:
            for each in tuple(self.connections):
                each.flush()
            time.sleep(0.005)
        for each in tuple(self.connections):
            each.close()
        for sock in listeners:
            self.closed(sock)
        for log in self.logs.values():
            log.close()
