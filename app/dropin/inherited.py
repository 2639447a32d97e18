"""Descriptors that whoever started the program left open for it: ``fd=N`` means them."""

from __future__ import annotations

import os
import socket
import stat
from contextlib import suppress
from pathlib import Path
from typing import Final

from app.dropin.addresses import FAMILIES, TYPES, simulated_address
from app.dropin.packets import LONGEST, Packets, Tun, adopt_interface
from app.dropin.world import RealWorld
from emu.host.descriptors import Descriptor, Host
from emu.host.sockets import SOCK_DGRAM, HostSocket
from emu.host.tap import PATH_NET_TUN, TapQueue

OWN: Final = Path("/proc/self/fd")
STANDARD: Final = (0, 1, 2)


def inherited() -> list[int]:
    """Return the descriptors that were there before this program: what Python opens is not inheritable."""
    found = []
    for entry in OWN.iterdir():
        with suppress(OSError):
            if os.get_inheritable(int(entry.name)):
                found.append(int(entry.name))
    return sorted(found)


def adopt(world: RealWorld, host: Host) -> None:
    """Put what stands behind inherited descriptors on the simulated host, under the same numbers."""
    for fd in inherited():
        host.descriptors[str(fd)] = Descriptor(fd=fd) if fd in STANDARD else _descriptor(world, host, fd)


def _descriptor(world: RealWorld, host: Host, fd: int) -> Descriptor:
    os.set_inheritable(fd, False)
    if stat.S_ISSOCK(os.fstat(fd).st_mode):
        return _socket(world, fd)
    if str((OWN / str(fd)).readlink()) == PATH_NET_TUN:
        queue, tun = TapQueue(fd=fd), Tun(fd)
        world.adopt_tun(queue, tun)
        adopt_interface(host, queue, tun)
        return queue
    return Descriptor(fd=fd)


def _socket(world: RealWorld, fd: int) -> Descriptor:
    real = socket.socket(fileno=fd)
    families = {number: name for name, number in FAMILIES.items()}
    types = {number: name for name, number in TYPES.items()}
    if real.family not in families or real.type not in types:
        real.detach()
        return Descriptor(fd=fd)
    sock = HostSocket(fd=fd, family=families[real.family], type=types[real.type])
    sock.sockname = simulated_address(real, real.getsockname())
    connected = False
    with suppress(OSError):
        sock.peername = simulated_address(real, real.getpeername())
        connected = True
    if sock.type == SOCK_DGRAM:
        world.reals[id(sock)] = real
        world.carry(sock, Packets(real, sock.datagrams, lambda: real.recv(LONGEST)))
    elif connected:
        world.join(sock, real)
    else:
        world.reals[id(sock)] = real
    return sock
