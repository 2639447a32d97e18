"""Tap interfaces of the simulated host: what Linux' tun driver does with ``/dev/net/tun``."""

from __future__ import annotations

import errno
import re
from typing import Final

from emu.host.descriptors import Descriptor, Host, SimulatedError
from emu.trace import Seq, Struct, seq

PATH_NET_TUN: Final = "/dev/net/tun"
IFNAMSIZ: Final = 16
MAX_TAP_QUEUES: Final = 256
MIN_VNET_HDR: Final = 10
INT_MAX: Final = (1 << 31) - 1

IFF_TAP: Final = 0x0002
IFF_NO_PI: Final = 0x1000
IFF_ONE_QUEUE: Final = 0x2000
IFF_VNET_HDR: Final = 0x4000
IFF_MULTI_QUEUE: Final = 0x0100
TUN_FEATURES: Final = IFF_TAP | IFF_NO_PI | IFF_ONE_QUEUE | IFF_VNET_HDR | IFF_MULTI_QUEUE

TUN_F_CSUM: Final = 0x01
TUN_F_TSO4: Final = 0x02
TUN_F_TSO6: Final = 0x04
TUN_F_TSO_ECN: Final = 0x08
TUN_F_UFO: Final = 0x10

_BAD_NAME: Final = re.compile(r"[/:\s]")


class TapInterface(Struct):
    """A tap interface. It goes when its last queue is closed."""

    name: str = ""
    flags: int = 0
    vnet_hdr_sz: int = MIN_VNET_HDR
    offload: int = 0
    sndbuf: int = INT_MAX
    up: bool = False
    queues: Seq[TapQueue] = seq()


class TapQueue(Descriptor):
    """An open ``/dev/net/tun``: a queue of an interface, once that is chosen."""

    tap: TapInterface | None = None
    attached: bool = False


def tap_interface(host: Host, fd: int) -> TapInterface:
    """Return the interface behind a descriptor. SimulatedError: EBADF, ENOTTY, EBADFD."""
    queue = host.get(fd)
    if not isinstance(queue, TapQueue):
        raise SimulatedError(errno.ENOTTY)
    if queue.tap is None:
        raise SimulatedError(errno.EBADFD)
    return queue.tap


def open_tun(host: Host) -> int:
    """Open ``/dev/net/tun``. SimulatedError: EACCES, ENOENT, EMFILE."""
    if host.files.get(PATH_NET_TUN) == "denied":
        raise SimulatedError(errno.EACCES)
    if PATH_NET_TUN not in host.files:
        raise SimulatedError(errno.ENOENT)
    return host.open(TapQueue())


def _free_name(host: Host, template: str) -> str:
    for number in range(1 << 15):
        name = template.replace("%d", str(number))
        if name not in host.interfaces:
            return name
    raise SimulatedError(errno.ENFILE)


def set_interface(host: Host, fd: int, name: str, flags: int) -> str:
    """TUNSETIFF: choose or make the interface of a descriptor; ``%d`` becomes a number. SimulatedError: EINVAL, EBUSY, E2BIG."""
    queue = host.get(fd)
    assert isinstance(queue, TapQueue)
    name = name[: IFNAMSIZ - 1]
    there = host.interfaces.get(name)
    if there is None:
        if name in {"", ".", ".."} or _BAD_NAME.search(name):
            raise SimulatedError(errno.EINVAL)
        if "%d" in name:
            name = _free_name(host, name)
        there = host.interfaces[name] = TapInterface(name=name, flags=flags)
    elif not isinstance(there, TapInterface) or (there.flags ^ flags) & IFF_MULTI_QUEUE:
        raise SimulatedError(errno.EINVAL)
    assert isinstance(there, TapInterface)
    if not there.flags & IFF_MULTI_QUEUE and len(there.queues):
        raise SimulatedError(errno.EBUSY)
    if len(there.queues) == MAX_TAP_QUEUES:
        raise SimulatedError(errno.E2BIG)
    there.queues.append(queue)
    queue.tap = there
    queue.attached = True
    return name


def tap_of_helper(host: Host) -> int:
    """Return a descriptor such as a bridge helper passes on: a new interface with vnet headers."""
    fd = open_tun(host)
    set_interface(host, fd, "tap%d", IFF_TAP | IFF_NO_PI | IFF_VNET_HDR)
    return fd


def close_tap(host: Host, fd: int) -> None:
    """Close a descriptor, and with the last one the interface."""
    queue = host.descriptors.get(str(fd))
    if isinstance(queue, TapQueue) and queue.tap is not None:
        queue.tap.queues.remove(queue)
        if not len(queue.tap.queues):
            del host.interfaces[queue.tap.name]
    host.close(fd)
