"""A vhost-user device on a real socket, for the real program: the simulated host's own, fed with what comes."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from emu.host.sockets import AF_UNIX, SOCK_STREAM, HostSocket, UnixAddress, send
from emu.host.vhost_user import VhostUserPeer
from emu.trace import Recorder


class RealPeer:
    """It listens at a path and takes one connection after the other; ``requests``: what it was asked in the last one."""

    def __init__(self, path: Path, **wishes: Any) -> None:
        self._recorder = Recorder()
        self._wishes = wishes
        self.requests: list[str] = []
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(path))
        self._listener.listen(1)
        self._connection: socket.socket | None = None
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                self._connection = self._listener.accept()[0]
                with self._connection:
                    self._talk(self._connection)

    def _talk(self, connection: socket.socket) -> None:
        with self._recorder.active():
            peer = VhostUserPeer(path="/real", **self._wishes)
            near, far = HostSocket(family=AF_UNIX, type=SOCK_STREAM), HostSocket(family=AF_UNIX, type=SOCK_STREAM, owner=peer)
            near.sockname = UnixAddress("/real")
            near.other_end, far.other_end = far, near
            peer.connected(far)
            while True:
                data, descriptors, _, _ = socket.recv_fds(connection, 4096, 8)
                for descriptor in descriptors:
                    socket.close(descriptor)
                if not data:
                    return
                send(near, data)
                self.requests = list(peer.requests)
                if near.hung_up:
                    return
                connection.sendall(near.inbox)
                near.inbox = b""

    def hang_up(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            with contextlib.suppress(OSError):
                self._connection.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """End."""
        self.hang_up()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)


@contextlib.contextmanager
def real_peer(path: Path, **wishes: Any) -> Iterator[RealPeer]:
    """Have a device at a path of this machine."""
    peer = RealPeer(path, **wishes)
    try:
        yield peer
    finally:
        peer.close()
