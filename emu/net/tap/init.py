"""How the tap and bridge backends come into being (net/tap.c)."""

from __future__ import annotations

from typing import Final

from emu.host import SimulatedError, host
from emu.host.tap import close_tap
from emu.host.vhost_net import open_vhost_net
from emu.monitor.monitor import monitor_fd_param
from emu.net.net.clients import qemu_del_net_client
from emu.net.net.mac import qemu_set_info_str
from emu.net.net.structs import (
    DEFAULT_BRIDGE_INTERFACE,
    DEFAULT_NETWORK_DOWN_SCRIPT,
    DEFAULT_NETWORK_SCRIPT,
    NetClientState,
)
from emu.net.tap.script import launch_script, net_bridge_run_helper
from emu.net.tap.state import TAP_NC, TAPState, net_tap_fd_init
from emu.net.tap_linux import tap_fd_get_ifname, tap_open, tap_probe_vnet_hdr, tap_set_sndbuf
from emu.qapi.error import Error, error_setg, error_setg_errno, errp_is_fatal
from emu.qapi.qapi_types_net import NetClientDriver, Netdev, NetdevTapOptions
from emu.trace import emulates
from emu.util.error_report import warn_report

MAX_TAP_QUEUES: Final = 1024


def _close(fd: int) -> None:
    """Close a descriptor after an error, where QEMU comes that far."""
    if not errp_is_fatal():
        close_tap(host(), fd)


def _nonblocking(fd: int, text: str) -> None:
    try:
        host().get(fd).nonblocking = True
    except SimulatedError as err:
        _close(fd)
        error_setg_errno(err.errno, text)


def _probed(fd: int) -> int:
    try:
        return tap_probe_vnet_hdr(fd)
    except Error:
        _close(fd)
        raise


@emulates
def net_init_bridge(netdev: Netdev, name: str, peer: NetClientState | None) -> int:
    """net/tap.c. ``-netdev bridge``. Error: the helper fails."""
    assert netdev.type == NetClientDriver.BRIDGE
    bridge = netdev.u.bridge
    br = DEFAULT_BRIDGE_INTERFACE if bridge.br is None else bridge.br

    fd = net_bridge_run_helper(bridge.helper, br)

    _nonblocking(fd, "Failed to set FD nonblocking")
    vnet_hdr = _probed(fd)
    s = net_tap_fd_init(peer, "bridge", name, fd, vnet_hdr)

    # C prints a NULL pointer as "(null)".
    qemu_set_info_str(TAP_NC(s), f"helper={'(null)' if bridge.helper is None else bridge.helper},br={br}")

    return 0


@emulates
def net_tap_init(tap: NetdevTapOptions, setup_script: str, ifname: str, mq_required: int) -> tuple[int, str, int]:
    """net/tap.c. Opens one queue and runs the script; returns descriptor, name, vnet header. Error: either fails."""
    vnet_hdr, required = (1, 0) if tap.vnet_hdr is None else (int(tap.vnet_hdr), int(tap.vnet_hdr))

    fd, ifname, vnet_hdr = tap_open(ifname, vnet_hdr, required, mq_required)

    if setup_script not in {"", "no"}:
        try:
            launch_script(setup_script, ifname, fd)
        except Error:
            _close(fd)
            raise

    return fd, ifname, vnet_hdr


def _refused(tap: NetdevTapOptions, text: str) -> None:
    """Say that there will be no vhost. Error: it is a must."""
    if tap.vhostforce:
        error_setg(text)
    warn_report(text)


def _vhost_fd(tap: NetdevTapOptions, name: str, fd: int, vhostfdname: str | None) -> int | None:
    """Return a descriptor of the kernel's vhost, None after a warning. Error: there is none, and it is a must."""
    if vhostfdname is None:
        try:
            vhostfd = open_vhost_net(host())
        except SimulatedError as err:
            _refused(tap, f"tap: open vhost char device failed: {err.strerror}")
            return None
        host().get(vhostfd).nonblocking = True
        return vhostfd
    try:
        vhostfd = monitor_fd_param(None, vhostfdname)
    except Error as err:
        if tap.vhostforce:
            raise
        warn_report(err.msg)
        return None
    try:
        host().get(vhostfd).nonblocking = True
    except SimulatedError as err:
        error_setg_errno(err.errno, f"{name}: Can't use file descriptor {fd}")
    return vhostfd


def _vhost(tap: NetdevTapOptions, s: TAPState, name: str, vhostfdname: str | None) -> bool:
    """Set vhost up; return false after a warning that ends in the deletion of the client. Error: it is a must."""
    from emu.hw.net.vhost_net import VhostNetOptions, vhost_net_init
    from emu.hw.virtio.vhost import VHOST_BACKEND_TYPE_KERNEL

    wanted = (vhostfdname is not None or bool(tap.vhostforce)) if tap.vhost is None else tap.vhost
    if not wanted:
        if vhostfdname is not None:
            error_setg("vhostfd(s)= is not valid without vhost")
        return True

    vhostfd = _vhost_fd(tap, name, s.fd, vhostfdname)
    if vhostfd is None:
        return False

    busyloop_timeout = 0 if tap.poll_us is None else tap.poll_us
    options = VhostNetOptions(VHOST_BACKEND_TYPE_KERNEL, TAP_NC(s), nvqs=2, opaque=vhostfd, busyloop_timeout=busyloop_timeout)
    s.vhost_net = vhost_net_init(options)
    if not s.vhost_net:
        _refused(tap, "vhost-net requested but could not be initialized")
        return False
    return True


@emulates
def net_init_tap_one(
    tap: NetdevTapOptions,
    peer: NetClientState | None,
    model: str,
    name: str,
    ifname: str,
    script: str | None,
    downscript: str | None,
    vhostfdname: str | None,
    vnet_hdr: int,
    fd: int,
) -> None:
    """net/tap.c. Makes the client of one queue. Error: it cannot be set up, and is deleted again."""
    s = net_tap_fd_init(peer, model, name, fd, vnet_hdr)
    nc = TAP_NC(s)

    try:
        tap_set_sndbuf(s.fd, tap)

        if tap.fd is not None or tap.fds is not None:
            qemu_set_info_str(nc, f"fd={fd}")
        elif tap.helper is not None:
            qemu_set_info_str(nc, f"helper={tap.helper}")
        else:
            qemu_set_info_str(nc, f"ifname={ifname},script={script},downscript={downscript}")

            if downscript is not None and downscript != "no":
                s.down_script = downscript[:1023]
                s.down_script_arg = ifname

        if not _vhost(tap, s, name, vhostfdname):
            qemu_del_net_client(nc)
    except Error:
        qemu_del_net_client(nc)
        raise


def get_fds(str_: str, max: int) -> list[str]:
    """Return the names between colons, at most ``max`` (net/tap.c)."""
    fds = str_.split(":")
    return (fds[:-1] if fds[-1] == "" else fds)[:max]


def _any(tap: NetdevTapOptions, *names: str) -> bool:
    return any(getattr(tap, name) is not None for name in names)


def _from_fd(tap: NetdevTapOptions, name: str, peer: NetClientState | None) -> None:
    if _any(tap, "ifname", "script", "downscript", "vnet_hdr", "helper", "queues", "fds", "vhostfds"):
        error_setg("ifname=, script=, downscript=, vnet_hdr=, helper=, queues=, fds=, and vhostfds= are invalid with fd=")
    assert tap.fd is not None
    fd = monitor_fd_param(None, tap.fd)

    _nonblocking(fd, f"{name}: Can't use file descriptor {fd}")
    vnet_hdr = _probed(fd)

    try:
        net_init_tap_one(tap, peer, "tap", name, "", tap.script, tap.downscript, tap.vhostfd, vnet_hdr, fd)
    except Error:
        _close(fd)
        raise


def _from_fds(tap: NetdevTapOptions, name: str, peer: NetClientState | None) -> None:
    if _any(tap, "ifname", "script", "downscript", "vnet_hdr", "helper", "queues", "vhostfd"):
        error_setg("ifname=, script=, downscript=, vnet_hdr=, helper=, queues=, and vhostfd= are invalid with fds=")
    assert tap.fds is not None
    fds = get_fds(tap.fds, MAX_TAP_QUEUES)
    vhost_fds = None if tap.vhostfds is None else get_fds(tap.vhostfds, MAX_TAP_QUEUES)
    if vhost_fds is not None and len(fds) != len(vhost_fds):
        error_setg("The number of fds passed does not match the number of vhostfds passed")

    vnet_hdr = 0
    for i, fdname in enumerate(fds):
        fd = monitor_fd_param(None, fdname)

        try:
            host().get(fd).nonblocking = True
        except SimulatedError as err:
            error_setg_errno(err.errno, f"{name}: Can't use file descriptor {fd}")

        if i == 0:
            vnet_hdr = tap_probe_vnet_hdr(fd)
        else:
            try:
                consistent = vnet_hdr == tap_probe_vnet_hdr(fd)
            except Error:
                consistent = False
            if not consistent:
                error_setg("vnet_hdr not consistent across given tap fds")

        vhostfd = None if vhost_fds is None else vhost_fds[i]
        net_init_tap_one(tap, peer, "tap", name, "", tap.script, tap.downscript, vhostfd, vnet_hdr, fd)


def _from_helper(tap: NetdevTapOptions, name: str, peer: NetClientState | None) -> None:
    if _any(tap, "ifname", "script", "downscript", "vnet_hdr", "queues", "vhostfds"):
        error_setg("ifname=, script=, downscript=, vnet_hdr=, queues=, and vhostfds= are invalid with helper=")

    fd = net_bridge_run_helper(tap.helper, DEFAULT_BRIDGE_INTERFACE if tap.br is None else tap.br)

    _nonblocking(fd, "Failed to set FD nonblocking")
    vnet_hdr = _probed(fd)

    try:
        net_init_tap_one(tap, peer, "bridge", name, "", tap.script, tap.downscript, tap.vhostfd, vnet_hdr, fd)
    except Error:
        _close(fd)
        raise


@emulates
def net_init_tap(netdev: Netdev, name: str, peer: NetClientState | None) -> int:
    """net/tap.c. ``-netdev tap``: one client a queue. Error: options that do not go together, or the host refuses."""
    assert netdev.type == NetClientDriver.TAP
    tap = netdev.u.tap
    queues = 1 if tap.queues is None else tap.queues

    # A hub has one port for a backend; only -net has a peer already.
    if peer and _any(tap, "queues", "fds", "vhostfds"):
        error_setg("Multiqueue tap cannot be used with hubs")

    if tap.fd is not None:
        _from_fd(tap, name, peer)
    elif tap.fds is not None:
        _from_fds(tap, name, peer)
    elif tap.helper is not None:
        _from_helper(tap, name, peer)
    else:
        if tap.vhostfds is not None:
            error_setg("vhostfds= is invalid if fds= wasn't specified")

        script = DEFAULT_NETWORK_SCRIPT if tap.script is None else tap.script
        downscript = DEFAULT_NETWORK_DOWN_SCRIPT if tap.downscript is None else tap.downscript
        ifname = "" if tap.ifname is None else tap.ifname[:127]

        for i in range(queues):
            fd, ifname, vnet_hdr = net_tap_init(tap, "no" if i >= 1 else script, ifname, int(queues > 1))

            if queues > 1 and i == 0 and tap.ifname is None:
                found = tap_fd_get_ifname(fd)
                if found is None:
                    _close(fd)
                    error_setg("Fail to get ifname")
                ifname = found

            try:
                net_init_tap_one(
                    tap,
                    peer,
                    "tap",
                    name,
                    ifname,
                    "no" if i >= 1 else script,
                    "no" if i >= 1 else downscript,
                    tap.vhostfd,
                    vnet_hdr,
                    fd,
                )
            except Error:
                _close(fd)
                raise

    return 0
