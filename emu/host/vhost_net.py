"""``/dev/vhost-net`` of the simulated host: Linux' kernel serves the queues of a card, between guest memory and a tap."""

from __future__ import annotations

import errno
from typing import Final

from emu.errors import NotModelled
from emu.host.descriptors import Descriptor, Host, SimulatedError
from emu.host.outside import outside
from emu.trace import Map, Seq, Struct, mapping, seq

PATH_VHOST_NET: Final = "/dev/vhost-net"
FEATURES: Final = sum(1 << bit for bit in (15, 24, 26, 27, 28, 29, 32, 33))
"""Of Linux 6.1 (drivers/vhost/net.c, vhost.h): mergeable buffers, NOTIFY_ON_EMPTY, LOG_ALL, VIRTIO_NET_HDR (which is ANY_LAYOUT
too), INDIRECT_DESC, EVENT_IDX, VERSION_1, ACCESS_PLATFORM."""
BACKEND_FEATURES: Final = 1 << 1
"""IOTLB_MSG_V2."""


class VhostNetDriver(Struct):
    """The driver, which all that open it share. ``refuses``: a request (without ``VHOST_``) that it answers with EINVAL."""

    features: int = FEATURES
    refuses: str = ""


class KernelVring(Struct):
    """What the kernel was told of a queue. ``backend``: the tap's descriptor; -1: none."""

    num: int = 0
    base: int = 0
    addresses: tuple[int, int, int] = (0, 0, 0)
    """Where descriptors, available and used ring lie in the program's memory."""
    kick: int = -1
    call: int = -1
    err: int = -1
    backend: int = -1
    busyloop_timeout: int = 0


class VhostNetFile(Descriptor):
    """An open ``/dev/vhost-net``: one queue pair."""

    driver: VhostNetDriver | None = None
    owned: bool = False
    acked_features: int = 0
    backend_features: int = 0
    memory: tuple[tuple[int, int, int], ...] = ()
    """Guest address, size and address in the program of each piece of guest memory."""
    vrings: Map[KernelVring] = mapping()
    requests: Seq[str] = seq()
    """What it was asked, in order."""

    def vring(self, index: int) -> KernelVring:
        """Return a queue. SimulatedError: ENOBUFS, a pair has two."""
        if index not in {0, 1}:
            raise SimulatedError(errno.ENOBUFS)
        if str(index) not in self.vrings:
            self.vrings[str(index)] = KernelVring()
        return self.vrings[str(index)]


def open_vhost_net(host: Host, path: str = PATH_VHOST_NET) -> int:
    """Open the driver. SimulatedError: ENOENT, EACCES, EMFILE. NotModelled: that of the real host."""
    if outside().exists(path):
        raise NotModelled("vhost in the real host's kernel")
    if host.files.get(path) == "denied":
        raise SimulatedError(errno.EACCES)
    driver = host.vhost_net.get(path)
    if not isinstance(driver, VhostNetDriver):
        raise SimulatedError(errno.ENOENT)
    return host.open(VhostNetFile(driver=driver))


def vhost_net_file(host: Host, fd: int, request: str) -> VhostNetFile:
    """Note a request; return what it is for. SimulatedError: EBADF, ENOTTY, EINVAL (it is to be refused), EPERM (no owner)."""
    there = host.get(fd)
    if not isinstance(there, VhostNetFile) or there.driver is None:
        raise SimulatedError(errno.ENOTTY)
    there.requests.append(request)
    if request == there.driver.refuses:
        raise SimulatedError(errno.EINVAL)
    if not there.owned and request.startswith(("SET_VRING", "GET_VRING", "SET_MEM", "NET_SET")):
        raise SimulatedError(errno.EPERM)
    return there
