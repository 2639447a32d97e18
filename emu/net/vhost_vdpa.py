"""The vhost-vdpa backend: virtio queues in hardware (net/vhost-vdpa.c). The simulated host has no such device."""

from __future__ import annotations

import errno

from emu.errors import NotModelled
from emu.host import SimulatedError, host
from emu.monitor.monitor import monitor_fd_param
from emu.net.net.structs import NetClientState
from emu.qapi.error import Error, error_prepend, error_setg, error_setg_errno, errp_is_fatal
from emu.qapi.qapi_types_net import NetClientDriver, Netdev
from emu.trace import emulates


@emulates
def vhost_vdpa_get_features(fd: int) -> int:
    """net/vhost-vdpa.c. Error: it is no vDPA device."""
    number = errno.ENOTTY
    try:
        host().get(fd)
    except SimulatedError as err:
        number = err.errno
    error_setg_errno(number, "Fail to query features from vhost-vDPA device")


def _open(vhostdev: str) -> int:
    if vhostdev not in host().files:
        error_setg_errno(errno.ENOENT, f"Could not open '{vhostdev}'")
    raise NotModelled("vhost-vdpa devices")


def _passed(vhostfd: str) -> int:
    try:
        return monitor_fd_param(None, vhostfd)
    except Error as err:
        if not errp_is_fatal():
            error_prepend(err, "vhost-vdpa: unable to parse vhostfd: ")
        raise


@emulates
def net_init_vhost_vdpa(netdev: Netdev, name: str, peer: NetClientState | None) -> int:
    """net/vhost-vdpa.c. ``-netdev vhost-vdpa``. Error: options that do not go together, or no such device."""
    assert netdev.type == NetClientDriver.VHOST_VDPA
    opts = netdev.u.vhost_vdpa
    if opts.vhostdev is None and opts.vhostfd is None:
        error_setg("vhost-vdpa: neither vhostdev= nor vhostfd= was specified")

    if opts.vhostdev is not None and opts.vhostfd is not None:
        error_setg("vhost-vdpa: vhostdev= and vhostfd= are mutually exclusive")

    if opts.vhostdev is not None:
        vdpa_device_fd = _open(opts.vhostdev)
    else:
        assert opts.vhostfd is not None
        vdpa_device_fd = _passed(opts.vhostfd)

    vhost_vdpa_get_features(vdpa_device_fd)
    raise NotModelled("vhost-vdpa devices")
