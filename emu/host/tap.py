"""Tap interfaces of the simulated host: what Linux' tun driver does with ``/dev/net/tun``."""

from __future__ import annotations

import errno
import re
from typing import Final

from emu.host.descriptors import Descriptor, Host, SimulatedError, host
from emu.host.outside import outside
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
IFF_ATTACH_QUEUE: Final = 0x0200
IFF_DETACH_QUEUE: Final = 0x0400
TUN_FEATURES: Final = IFF_TAP | IFF_NO_PI | IFF_ONE_QUEUE | IFF_VNET_HDR | IFF_MULTI_QUEUE

TUN_F_CSUM: Final = 0x01
TUN_F_TSO4: Final = 0x02
TUN_F_TSO6: Final = 0x04
TUN_F_TSO_ECN: Final = 0x08
TUN_F_UFO: Final = 0x10

TUNSETSNDBUF: Final = 0x4004_54D4
TUNSETOFFLOAD: Final = 0x4004_54D0
TUNGETFEATURES: Final = 0x8004_54CF
TUNGETVNETHDRSZ: Final = 0x8004_54D7
TUNSETVNETHDRSZ: Final = 0x4004_54D8
TUNSETQUEUE: Final = 0x4004_54D9
TUNSETVNETLE: Final = 0x4004_54DC
TUNSETVNETBE: Final = 0x4004_54DE
TUNSETSTEERINGEBPF: Final = 0x8004_54E0

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
    frames: Seq[bytes] = seq()
    """What the host has sent and was not read yet, with vnet headers."""

    def closed(self) -> None:
        """The interface goes with its last queue."""
        outside().closed(self)
        if self.tap is not None and self in self.tap.queues:
            self.tap.queues.remove(self)
            if not len(self.tap.queues):
                del host().interfaces[self.tap.name]

    def readable(self) -> bool:
        """Tell whether a frame is there."""
        return len(self.frames) > 0


def tap_queue(host: Host, fd: int) -> TapQueue:
    """Return the queue behind a descriptor (for ``ioctl``). SimulatedError: EBADF, ENOTTY."""
    queue = host.get(fd)
    if not isinstance(queue, TapQueue):
        raise SimulatedError(errno.ENOTTY)
    return queue


def tap_interface(host: Host, fd: int) -> TapInterface:
    """Return the interface behind a descriptor. SimulatedError: EBADF, ENOTTY, EBADFD."""
    queue = tap_queue(host, fd)
    if queue.tap is None:
        raise SimulatedError(errno.EBADFD)
    return queue.tap


def open_tun(host: Host) -> int:
    """Open ``/dev/net/tun``. SimulatedError: EACCES, ENOENT, EMFILE."""
    if outside().is_real:
        queue = TapQueue()
        outside().open_tun(queue)
        return host.open(queue)
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
    queue = tap_queue(host, fd)
    name = name[: IFNAMSIZ - 1]
    if outside().is_real:
        name = outside().set_interface(queue, name, flags)
        join_interface(host, queue, name, flags)
        return name
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


def join_interface(host: Host, queue: TapQueue, name: str, flags: int) -> TapInterface:
    """Note of which interface of the real host a queue is; return it."""
    there = host.interfaces.get(name)
    if not isinstance(there, TapInterface):
        there = host.interfaces[name] = TapInterface(name=name, flags=flags)
    there.queues.append(queue)
    queue.tap = there
    queue.attached = True
    return there


def tap_of_helper(host: Host) -> int:
    """Return a descriptor such as a bridge helper passes on: a new interface with vnet headers."""
    fd = open_tun(host)
    set_interface(host, fd, "tap%d", IFF_TAP | IFF_NO_PI | IFF_VNET_HDR)
    return fd


def close_tap(host: Host, fd: int) -> None:
    """Close a descriptor, and with the last one the interface."""
    host.close(fd)


def tun_features(host: Host, fd: int) -> int:
    """TUNGETFEATURES. SimulatedError: ENOTTY."""
    queue = tap_queue(host, fd)
    return outside().tun(queue, TUNGETFEATURES, 0) if outside().is_real else TUN_FEATURES


def set_sndbuf(host: Host, fd: int, size: int) -> None:
    """TUNSETSNDBUF. SimulatedError: EINVAL, not positive; tap_interface's."""
    tap = tap_interface(host, fd)
    if size <= 0:
        raise SimulatedError(errno.EINVAL)
    outside().tun(tap_queue(host, fd), TUNSETSNDBUF, size)
    tap.sndbuf = size


def set_offload(host: Host, fd: int, offload: int) -> None:
    """TUNSETOFFLOAD. SimulatedError: EINVAL, the driver does not know a bit; tap_interface's."""
    tap = tap_interface(host, fd)
    outside().tun(tap_queue(host, fd), TUNSETOFFLOAD, offload)
    tap.offload = offload


def vnet_hdr_size(host: Host, fd: int) -> int:
    """TUNGETVNETHDRSZ. SimulatedError: tap_interface's."""
    tap = tap_interface(host, fd)
    return outside().tun(tap_queue(host, fd), TUNGETVNETHDRSZ, tap.vnet_hdr_sz)


def set_vnet_hdr_size(host: Host, fd: int, size: int) -> None:
    """TUNSETVNETHDRSZ. SimulatedError: EINVAL, too small; tap_interface's."""
    tap = tap_interface(host, fd)
    if size < MIN_VNET_HDR:
        raise SimulatedError(errno.EINVAL)
    outside().tun(tap_queue(host, fd), TUNSETVNETHDRSZ, size)
    tap.vnet_hdr_sz = size


def set_vnet_le(host: Host, fd: int, is_le: int) -> None:
    """TUNSETVNETLE. SimulatedError: tap_interface's."""
    tap_interface(host, fd)
    outside().tun(tap_queue(host, fd), TUNSETVNETLE, is_le)


def set_vnet_be(host: Host, fd: int, is_be: int) -> None:
    """TUNSETVNETBE. SimulatedError: EINVAL, as Linux is usually built; tap_interface's."""
    tap_interface(host, fd)
    if not outside().is_real:
        raise SimulatedError(errno.EINVAL)
    outside().tun(tap_queue(host, fd), TUNSETVNETBE, is_be)


def set_steering(host: Host, fd: int, program: int) -> None:
    """TUNSETSTEERINGEBPF; -1 takes the program away. SimulatedError: tap_interface's."""
    tap_interface(host, fd)
    outside().tun(tap_queue(host, fd), TUNSETSTEERINGEBPF, program)


def set_queue(host: Host, fd: int, *, attach: bool) -> None:
    """TUNSETQUEUE. SimulatedError: EINVAL, the interface has one queue, or the queue is so already."""
    queue = tap_queue(host, fd)
    if outside().is_real:
        outside().tun(queue, TUNSETQUEUE, IFF_ATTACH_QUEUE if attach else IFF_DETACH_QUEUE)
    elif queue.tap is None or not queue.tap.flags & IFF_MULTI_QUEUE or queue.attached == attach:
        raise SimulatedError(errno.EINVAL)
    queue.attached = attach


def write_frame(host: Host, fd: int, frame: bytes) -> int:
    """Hand a frame to the host, of which the simulated one takes all; return its size. SimulatedError: EIO, EAGAIN."""
    queue = tap_queue(host, fd)
    return outside().write(queue, frame) if outside().is_real else len(frame)


def read_frame(host: Host, fd: int) -> bytes:
    """Return a frame that the host has sent. SimulatedError: EAGAIN, there is none."""
    queue = tap_queue(host, fd)
    if not len(queue.frames):
        raise SimulatedError(errno.EAGAIN)
    return queue.frames.pop(0)
