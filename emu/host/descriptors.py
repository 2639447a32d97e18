"""Descriptors of the simulated host, and what else stands on it."""

from __future__ import annotations

import errno
import os
from typing import Final

from emu.trace import Map, Seq, Struct, mapping, per_run, recorder, seq

FIRST_FREE: Final = 3
"""The first descriptor that a program may get: 0, 1 and 2 are open."""
FOLDERS: Final = ("", ".", "/dev", "/dev/shm", "/etc", "/home", "/root", "/run", "/tmp", "/var/run", "/var/tmp")  # noqa: S108
"""Folders that every host has, the present one among them."""
MAX_DESCRIPTORS: Final = 1024
"""The usual limit of a process."""


class SimulatedError(Exception):
    """A system call of the simulated host fails: ``errno`` is positive."""

    def __init__(self, number: int) -> None:
        super().__init__(os.strerror(number))
        self.errno = number

    @property
    def strerror(self) -> str:
        """The C library's text for the error."""
        return os.strerror(self.errno)


class Descriptor(Struct):
    """What stands behind a file descriptor. Kinds of it are subclasses."""

    fd: int = -1
    nonblocking: bool = False

    def closed(self) -> None:
        """It is being closed."""

    def readable(self) -> bool:
        """Tell whether a read would not wait."""
        return False

    def writable(self) -> bool:
        """Tell whether a write would not wait."""
        return True


class Peer(Struct):
    """A program on the host that others talk to. Kinds of it are subclasses."""

    def connected(self, end: Descriptor) -> None:
        """Someone has connected; ``end`` is this program's end."""

    def listening(self, address: str) -> None:
        """Someone waits for a connection at an address (as a URI)."""

    def arrived(self, end: Descriptor) -> None:
        """Bytes have arrived."""

    def left(self, end: Descriptor) -> None:
        """The other end was closed."""


class Program(Struct):
    """A program on the host: its exit status, and what it prints to standard error."""

    status: int = 0
    stderr: str = ""


class Interface(Struct):
    """A network interface of the host that is no tap."""

    name: str = ""


class Host(Struct):
    """The simulated host of one run."""

    descriptors: Map[Descriptor] = mapping()
    interfaces: Map[Struct] = mapping()
    addresses: tuple[str, ...] = ("192.0.2.2",)
    """Addresses of the network card (RFC 5737, TEST-NET-1), beside 127.0.0.0/8."""
    names: Map[str] = mapping()
    """Host names that resolve, with their IPv4 address; ``localhost`` always does."""
    files: Map[str] = mapping()
    """Paths that exist, with what stands there: ``file``, ``directory``, ``device``, ``program``."""
    programs: Map[Program] = mapping()
    """What the programs on the host do, by path."""
    foreign: Seq[Descriptor] = seq()
    """Sockets that other programs on the host hold."""
    peers: Map[Peer] = mapping()
    """Programs that others talk to, by the path of their socket."""
    written: Map[Struct] = mapping()
    """Files that were written, by path."""
    vdpa: Map[Struct] = mapping()
    """vDPA devices, by path."""
    vhost_net: Map[Struct] = mapping()
    """The driver that serves queues in the kernel, by path."""
    started: Seq[str] = seq()
    """Command lines of the programs that were started."""

    def open(self, descriptor: Descriptor) -> int:
        """Give a descriptor the lowest free number; return it. SimulatedError: EMFILE."""
        for fd in range(FIRST_FREE, MAX_DESCRIPTORS):
            if str(fd) not in self.descriptors:
                descriptor.fd = fd
                self.descriptors[str(fd)] = descriptor
                return fd
        raise SimulatedError(errno.EMFILE)

    def get(self, fd: int) -> Descriptor:
        """Return what stands behind a descriptor. SimulatedError: EBADF."""
        descriptor = self.descriptors.get(str(fd))
        if descriptor is None:
            raise SimulatedError(errno.EBADF)
        return descriptor

    def close(self, fd: int) -> None:
        """Close a descriptor; what was connected to it hears of it."""
        if str(fd) in self.descriptors:
            self.descriptors[str(fd)].closed()
            del self.descriptors[str(fd)]

    def replace(self, fd: int, by: int) -> None:
        """Give ``fd`` what stands behind ``by``, which is free then (``dup2`` and ``close``)."""
        descriptor = self.get(by)
        self.close(fd)
        del self.descriptors[str(by)]
        descriptor.fd = fd
        self.descriptors[str(fd)] = descriptor

    def run(self, argv: tuple[str, ...]) -> int:
        """Run a program to its end; return its exit status, 1 where there is none."""
        self.started.append(" ".join(argv))
        program = self.programs.get(argv[0])
        if program is None:
            return 1
        if program.stderr:
            recorder().message("stderr", program.stderr)
        return program.status

    def run_by_shell(self, argv: tuple[str, ...]) -> int:
        """Run a program as ``sh -c`` would, which says so where there is none."""
        if argv[0] not in self.programs:
            recorder().message("stderr", f"sh: 1: {argv[0]}: not found\n")
            self.started.append(" ".join(argv))
            return 127
        return self.run(argv)

    def has_folder_of(self, path: str) -> bool:
        """Tell whether the folder of a path is there."""
        folder = path.rpartition("/")[0]
        return folder in FOLDERS or self.files.get(folder) == "directory"

    def is_own(self, address: str) -> bool:
        """Tell whether an IPv4 address is one of this host's interfaces'."""
        return address.startswith("127.") or address in self.addresses

    def resolve(self, name: str) -> str | None:
        """Return the IPv4 address of a host name, None if there is none."""
        return "127.0.0.1" if name == "localhost" else self.names.get(name)


def make_host() -> Host:
    """Return a host with what Debian installs beside QEMU, and no network of its own set up."""
    made = Host()
    for name in ("lo", "eth0"):
        made.interfaces[name] = Interface(name=name)
    made.files["/dev/net/tun"] = "device"
    made.programs["/etc/qemu-ifup"] = Program(stderr="W: /etc/qemu-ifup: no bridge for guest interface found\n")
    made.programs["/etc/qemu-ifdown"] = Program()
    made.programs["/usr/lib/qemu/qemu-bridge-helper"] = Program(
        status=1, stderr="failed to parse default acl file `/etc/qemu/bridge.conf'\n"
    )
    return made


host = per_run(make_host)
