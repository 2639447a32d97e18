"""The real host, as far as the drop-in front uses it: sockets, taps, programs, standard output, the log of ``-qtest-log``."""

from __future__ import annotations

import errno
import os
import selectors
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, TextIO, cast

from app.dropin.addresses import FAMILIES, TYPES, attempt, real_address, simulated_address
from app.dropin.packets import LONGEST, Packets, Real, Tun, adopt_interface, send
from app.dropin.programs import run_helper, run_program
from emu.host import host
from emu.host.descriptors import Descriptor, SimulatedError
from emu.host.outside import World
from emu.host.sockets import SOCK_DGRAM, HostSocket, InetAddress, UnixAddress, hang_up
from emu.host.tap import TapQueue

CHUNK: Final = 1 << 16
BACKLOG: Final = 1
OPTIONS: Final = {
    "nodelay": (socket.IPPROTO_TCP, socket.TCP_NODELAY),
    "keepalive": (socket.SOL_SOCKET, socket.SO_KEEPALIVE),
}
LAST_WORDS_SECONDS: Final = 2.0
"""How long the end of the program waits for a slow reader."""

Event = Callable[[int], None]
"""What to do when a real socket is ready (``selectors.EVENT_*``)."""


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
        self.reals: dict[int, Real] = {}
        self.packets: dict[int, Packets] = {}
        self.logs: dict[str, TextIO] = {}

    def watch(self, real: Real, events: int, event: Event) -> None:
        """Call ``event`` when a descriptor is ready, 0: no more."""
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

    def bind(self, sock: HostSocket, address: InetAddress | UnixAddress) -> None:
        """Give a real socket an address."""
        real = socket.socket(FAMILIES[sock.family], TYPES[sock.type])
        if sock.reuseaddr:
            real.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt(real.bind, real_address(address))
        except SimulatedError:
            real.close()
            raise
        self.reals[id(sock)] = real
        sock.sockname = simulated_address(real, real.getsockname())
        if sock.type == SOCK_DGRAM:
            self.carry(sock, Packets(real, sock.datagrams, lambda: real.recv(LONGEST)))

    def carry(self, descriptor: Descriptor, packets: Packets) -> None:
        """Begin to take packets from a real descriptor."""
        self.packets[id(descriptor)] = packets

    def listen(self, sock: HostSocket) -> None:
        """Wait for connections."""
        real = self.real_socket(sock)
        attempt(real.listen, BACKLOG)
        real.setblocking(False)
        self.watch(real, selectors.EVENT_READ, lambda _: self._accept(sock, real))

    def real_socket(self, descriptor: Descriptor) -> socket.socket:
        """Return the real socket behind a simulated one. SimulatedError: EINVAL, it was never bound nor connected."""
        real = self.reals.get(id(descriptor))
        if not isinstance(real, socket.socket):
            raise SimulatedError(errno.EINVAL)
        return real

    def _accept(self, sock: HostSocket, real: socket.socket) -> None:
        try:
            connection, address = real.accept()
        except OSError:
            return
        peername = simulated_address(connection, address)
        inside = HostSocket(family=sock.family, type=sock.type, sockname=sock.sockname, peername=peername)
        self.join(inside, connection)
        sock.backlog.append(inside)

    def join(self, inside: HostSocket, real: socket.socket) -> None:
        """Have what one end sends come to the other."""
        end = HostSocket(family=inside.family, type=inside.type)
        inside.other_end, end.other_end = end, inside
        end.owner = cast(Any, Connection(self, real, end))

    def connect(self, sock: HostSocket, address: InetAddress | UnixAddress) -> None:
        """Connect; the program waits for it."""
        real = socket.socket(FAMILIES[sock.family], TYPES[sock.type])
        try:
            attempt(real.connect, real_address(address))
        except SimulatedError:
            real.close()
            raise
        sock.sockname = simulated_address(real, real.getsockname())
        sock.peername = address
        self.join(sock, real)

    def connect_nonblocking(self, sock: HostSocket, address: InetAddress | UnixAddress) -> bool:
        """Begin to connect."""
        real = socket.socket(FAMILIES[sock.family], TYPES[sock.type])
        real.setblocking(False)
        number = real.connect_ex(real_address(address))
        if number not in {0, errno.EINPROGRESS}:
            real.close()
            raise SimulatedError(number)
        sock.connecting = True
        self.reals[id(sock)] = real
        self.watch(real, selectors.EVENT_WRITE, lambda _: self._answered(sock, real, address))
        return False

    def _answered(self, sock: HostSocket, real: socket.socket, address: InetAddress | UnixAddress) -> None:
        """Whoever was to be connected to has taken the connection or refused it."""
        self.watch(real, 0, lambda _: None)
        sock.connecting = False
        if real.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            sock.hung_up = True
            return
        del self.reals[id(sock)]
        sock.sockname = simulated_address(real, real.getsockname())
        sock.peername = address
        self.join(sock, real)

    def sendto(self, sock: HostSocket, data: bytes, address: InetAddress | UnixAddress | None) -> int:
        """Send a datagram."""
        real = self.real_socket(sock)
        if address is None:
            return send(real.send, data)
        return send(real.sendto, data, real_address(address))

    def join_group(self, sock: HostSocket, group: str, local: str | None) -> None:
        """Join a group; it is sent to through the same interface, and comes back to this machine."""
        real = self.real_socket(sock)
        interface = socket.inet_aton(local or "0.0.0.0")  # noqa: S104  # any interface
        attempt(real.setsockopt, socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, socket.inet_aton(group) + interface)
        attempt(real.setsockopt, socket.IPPROTO_IP, socket.IP_MULTICAST_LOOP, 1)
        if local is not None:
            attempt(real.setsockopt, socket.IPPROTO_IP, socket.IP_MULTICAST_IF, interface)

    def set_option(self, sock: HostSocket, option: str) -> None:
        """Switch an option of a connection on, or of a socket that is to become one."""
        owner: object = sock.other_end.owner if sock.other_end is not None else None
        real = owner.real if isinstance(owner, Connection) else self.real_socket(sock)
        level, number = OPTIONS[option]
        attempt(real.setsockopt, level, number, 1)

    def open_tun(self, queue: TapQueue) -> None:
        """Open ``/dev/net/tun``."""
        self.adopt_tun(queue, attempt(Tun))

    def adopt_tun(self, queue: TapQueue, tun: Tun) -> None:
        """Take an open ``/dev/net/tun``."""
        self.reals[id(queue)] = tun
        self.carry(queue, Packets(tun, queue.frames, tun.read))

    def _tun(self, queue: TapQueue) -> Tun:
        return cast(Tun, self.reals[id(queue)])

    def set_interface(self, queue: TapQueue, name: str, flags: int) -> str:
        """Choose or make a tap interface."""
        made: str = attempt(self._tun(queue).set_interface, name, flags)
        return made

    def tun(self, queue: TapQueue, request: int, value: int) -> int:
        """Do another ``ioctl``."""
        number: int = attempt(self._tun(queue).control, request, value)
        return number

    def write(self, queue: TapQueue, data: bytes) -> int:
        """Hand a frame to a tap interface."""
        return send(self._tun(queue).write, data)

    def open_file(self, descriptor: Descriptor, path: str) -> None:
        """Open a file."""
        self.reals[id(descriptor)] = attempt(lambda: Path(path).open("wb", buffering=0))  # noqa: SIM115  # until closed()

    def append(self, descriptor: Descriptor, data: bytes) -> None:
        """Write to it."""
        attempt(os.write, self.reals[id(descriptor)].fileno(), data)

    def exists(self, path: str) -> bool:
        """Look."""
        return Path(path).exists()

    def run(self, argv: tuple[str, ...], keeping: Descriptor | None) -> int:
        """Run a program."""
        real = self.reals.get(id(keeping))
        self.before_waiting()
        return run_program(argv, () if real is None else (real.fileno(),))

    def run_helper(self, command: str, argv: tuple[str, ...]) -> tuple[TapQueue | None, int]:
        """Run a program that opens a tap."""
        self.before_waiting()
        fd, status = run_helper(command, argv)
        if fd is None:
            return None, status
        queue, tun = TapQueue(), Tun(fd)
        self.adopt_tun(queue, tun)
        adopt_interface(host(), queue, tun)
        return queue, status

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
        for each in self.packets.values():
            self.watch(each.real, each.wanted(), each.ready)
        for key, events in self.selector.select(timeout):
            cast(Event, key.data)(events)

    def unlink(self, path: str) -> None:
        """Remove a path."""
        attempt(os.unlink, path)

    def closed(self, descriptor: Descriptor) -> None:
        """Close what is real behind a descriptor, and remove the path of a socket that listens."""
        self.packets.pop(id(descriptor), None)
        real = self.reals.pop(id(descriptor), None)
        if real is None:
            return
        self.watch(real, 0, lambda _: None)
        real.close()
        if isinstance(descriptor, HostSocket) and descriptor.listening and isinstance(descriptor.sockname, UnixAddress):
            path = descriptor.sockname.path
            if not path.startswith("@"):
                with suppress(OSError):
                    Path(path).unlink()

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
