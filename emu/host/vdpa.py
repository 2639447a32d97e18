"""A vDPA network device of the simulated host: virtio queues in hardware, behind ``/dev/vhost-vdpa-0`` and its like."""

from __future__ import annotations

import errno
from typing import Final

from emu.errors import NotModelled
from emu.host.descriptors import Descriptor, Host, SimulatedError
from emu.host.outside import outside
from emu.trace import Map, Struct, mapping

VIRTIO_ID_NET: Final = 1
FEATURES: Final = sum(1 << bit for bit in (0, 1, 3, 5, 11, 12, 15, 16, 17, 22, 27, 32, 33))
"""Checksums, MTU, MAC, TCP segmentation to the host, mergeable buffers, status, control queue, several queues;
ANY_LAYOUT, VERSION_1, ACCESS_PLATFORM."""
BACKEND_FEATURES: Final = 0b11 << 1
"""IOTLB_MSG_V2 and IOTLB_BATCH."""
CONFIG_SIZE: Final = 24
MAX_PAIRS_AT: Final = 8


class VdpaDevice(Struct):
    """The device. ``config`` begins with the MAC address (6 bytes), status, number of queue pairs and MTU (2 bytes each)."""

    device_id: int = VIRTIO_ID_NET
    features: int = FEATURES
    acked_features: int = 0
    status: int = 0
    owned: bool = False
    config: bytes = bytes(CONFIG_SIZE)
    calls: Map[bool] = mapping()
    """Queues that have a descriptor to interrupt with."""


class VdpaFile(Descriptor):
    """An open vDPA device."""

    device: VdpaDevice | None = None


def make_vdpa(queues: int, *, mac: bytes = bytes.fromhex("525400000001"), mtu: int = 1500) -> VdpaDevice:
    """Return a device with so many queue pairs."""
    head = mac + (1).to_bytes(2, "little") + queues.to_bytes(2, "little") + mtu.to_bytes(2, "little")
    return VdpaDevice(config=head.ljust(CONFIG_SIZE, b"\0"))


def open_vdpa(host: Host, path: str) -> int:
    """Open a device. SimulatedError: ENOENT, EACCES, EBUSY (one program at a time), EMFILE. NotModelled: the real host's."""
    if outside().exists(path):
        raise NotModelled("vDPA devices of the real host")
    if host.files.get(path) == "denied":
        raise SimulatedError(errno.EACCES)
    if path not in host.files:
        raise SimulatedError(errno.ENOENT)
    device = host.vdpa.get(path)
    if not isinstance(device, VdpaDevice):
        return host.open(Descriptor())
    if any(isinstance(other, VdpaFile) and other.device is device for other in host.descriptors.values()):
        raise SimulatedError(errno.EBUSY)
    return host.open(VdpaFile(device=device))


def vdpa_device(host: Host, fd: int) -> VdpaDevice:
    """Return the device behind a descriptor (for ``ioctl``). SimulatedError: EBADF, ENOTTY."""
    there = host.get(fd)
    if not isinstance(there, VdpaFile) or there.device is None:
        raise SimulatedError(errno.ENOTTY)
    return there.device
