"""What the tap backend asks of Linux, here of the simulated host (net/tap-linux.c)."""

from __future__ import annotations

import errno
from typing import Final

from emu.host import SimulatedError, host
from emu.host.tap import (
    IFF_MULTI_QUEUE,
    IFF_NO_PI,
    IFF_ONE_QUEUE,
    IFF_TAP,
    IFF_VNET_HDR,
    MIN_VNET_HDR,
    PATH_NET_TUN,
    TUN_F_CSUM,
    TUN_F_TSO4,
    TUN_F_TSO6,
    TUN_F_TSO_ECN,
    TUN_F_UFO,
    TUN_FEATURES,
    TapQueue,
    close_tap,
    open_tun,
    set_interface,
    tap_interface,
)
from emu.qapi.error import error_setg, error_setg_errno
from emu.qapi.qapi_types_net import NetdevTapOptions
from emu.trace import emulates
from emu.util.cutils import INT_MAX
from emu.util.error_report import error_report

TAP_DEFAULT_SNDBUF: Final = 0


@emulates
def tap_open(ifname: str, vnet_hdr: int, vnet_hdr_required: int, mq_required: int) -> tuple[int, str, int]:
    """net/tap-linux.c. Opens a queue; returns the descriptor, the interface's name, and whether it has vnet headers.

    Error: no driver, or the driver refuses.
    """
    try:
        fd = open_tun(host())
    except SimulatedError as err:
        error_setg_errno(err.errno, f"could not open {PATH_NET_TUN}")

    flags = IFF_TAP | IFF_NO_PI
    features = TUN_FEATURES

    if features & IFF_ONE_QUEUE:
        flags |= IFF_ONE_QUEUE

    if vnet_hdr:
        if features & IFF_VNET_HDR:
            vnet_hdr = 1
            flags |= IFF_VNET_HDR
        else:
            vnet_hdr = 0

        if vnet_hdr_required and not vnet_hdr:
            close_tap(host(), fd)
            error_setg("vnet_hdr=1 requested, but no kernel support for IFF_VNET_HDR available")

    if mq_required:
        if not features & IFF_MULTI_QUEUE:
            close_tap(host(), fd)
            error_setg("multiqueue required, but no kernel support for IFF_MULTI_QUEUE available")
        flags |= IFF_MULTI_QUEUE

    wanted = ifname or "tap%d"
    try:
        name = set_interface(host(), fd, wanted, flags)
    except SimulatedError as err:
        close_tap(host(), fd)
        shown = f" ({wanted[:15]})" if ifname else ""
        error_setg_errno(err.errno, f"could not configure {PATH_NET_TUN}{shown}")
    host().get(fd).nonblocking = True
    return fd, name, vnet_hdr


@emulates
def tap_set_sndbuf(fd: int, tap: NetdevTapOptions) -> None:
    """net/tap-linux.c. ``sndbuf=``, without which there is no limit."""
    sndbuf = TAP_DEFAULT_SNDBUF if tap.sndbuf is None else min(tap.sndbuf, INT_MAX)

    if not sndbuf:
        sndbuf = INT_MAX

    tap_interface(host(), fd).sndbuf = sndbuf


@emulates
def tap_probe_vnet_hdr(fd: int) -> int:
    """net/tap-linux.c. Returns IFF_VNET_HDR if the interface has vnet headers, else 0. Error: it is no tap."""
    try:
        tap = tap_interface(host(), fd)
    except SimulatedError as err:
        error_setg_errno(err.errno, f"Unable to query TUNGETIFF on FD {fd}")

    return tap.flags & IFF_VNET_HDR


@emulates
def tap_probe_has_ufo(fd: int) -> int:
    """net/tap-linux.c. Whether the driver takes the offload of UDP fragmentation."""
    tap_interface(host(), fd).offload = TUN_F_CSUM | TUN_F_UFO

    return 1


@emulates
def tap_probe_vnet_hdr_len(fd: int, len: int) -> int:
    """net/tap-linux.c. Whether vnet headers of that length can be had."""
    tap_interface(host(), fd)
    return int(len >= MIN_VNET_HDR)


@emulates
def tap_fd_set_vnet_hdr_len(fd: int, len: int) -> None:
    """net/tap-linux.c."""
    tap_interface(host(), fd).vnet_hdr_sz = len


@emulates
def tap_fd_set_vnet_le(fd: int, is_le: bool) -> int:
    """net/tap-linux.c."""
    return 0


@emulates
def tap_fd_set_vnet_be(fd: int, is_be: bool) -> int:
    """net/tap-linux.c. Linux is usually built without it."""
    return -errno.EINVAL


@emulates
def tap_fd_set_offload(fd: int, csum: int, tso4: int, tso6: int, ecn: int, ufo: int) -> None:
    """net/tap-linux.c."""
    offload = 0

    if csum:
        offload |= TUN_F_CSUM
        if tso4:
            offload |= TUN_F_TSO4
        if tso6:
            offload |= TUN_F_TSO6
        if (tso4 or tso6) and ecn:
            offload |= TUN_F_TSO_ECN
        if ufo:
            offload |= TUN_F_UFO

    tap_interface(host(), fd).offload = offload


def _set_queue(fd: int, attach: bool) -> int:
    queue = host().get(fd)
    if not isinstance(queue, TapQueue) or queue.tap is None or not queue.tap.flags & IFF_MULTI_QUEUE:
        return -1
    queue.attached = attach
    return 0


@emulates
def tap_fd_enable(fd: int) -> int:
    """net/tap-linux.c. Attaches a queue."""
    ret = _set_queue(fd, True)

    if ret != 0:
        error_report("could not enable queue")

    return ret


@emulates
def tap_fd_disable(fd: int) -> int:
    """net/tap-linux.c. Detaches a queue."""
    ret = _set_queue(fd, False)

    if ret != 0:
        error_report("could not disable queue")

    return ret


@emulates
def tap_fd_get_ifname(fd: int) -> str | None:
    """net/tap-linux.c. Returns the interface's name, None after a message."""
    try:
        return tap_interface(host(), fd).name
    except SimulatedError as err:
        error_report(f"TUNGETIFF ioctl() failed: {err.strerror}")
        return None


@emulates
def tap_fd_set_steering_ebpf(fd: int, prog_fd: int) -> int:
    """net/tap-linux.c. -1 as ``prog_fd`` takes the program away."""
    tap_interface(host(), fd)
    return 0
