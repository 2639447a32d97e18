"""What the tap backend asks of Linux, here of the simulated host (net/tap-linux.c)."""

from __future__ import annotations

import errno
from contextlib import suppress
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
    close_tap,
    open_tun,
    set_interface,
    set_offload,
    set_queue,
    set_sndbuf,
    set_steering,
    set_vnet_be,
    set_vnet_hdr_size,
    set_vnet_le,
    tap_interface,
    tun_features,
    vnet_hdr_size,
)
from emu.qapi.error import error_setg, error_setg_errno
from emu.qapi.qapi_types_net import NetdevTapOptions
from emu.trace import emulates, recorder
from emu.util.cutils import INT_MAX
from emu.util.error_report import error_report, warn_report

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
    try:
        features = tun_features(host(), fd)
    except SimulatedError as err:
        warn_report(f"TUNGETFEATURES failed: {err.strerror}")
        features = 0

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
        # Another program may have left another size behind.
        with suppress(SimulatedError):
            set_vnet_hdr_size(host(), fd, MIN_VNET_HDR)

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
    """net/tap-linux.c. ``sndbuf=``, without which there is no limit. Error: it is refused."""
    sndbuf = TAP_DEFAULT_SNDBUF if tap.sndbuf is None else min(tap.sndbuf, INT_MAX)

    if not sndbuf:
        sndbuf = INT_MAX

    try:
        set_sndbuf(host(), fd, sndbuf)
    except SimulatedError as err:
        if tap.sndbuf is not None:
            error_setg_errno(err.errno, "TUNSETSNDBUF ioctl failed")


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
    try:
        set_offload(host(), fd, TUN_F_CSUM | TUN_F_UFO)
    except SimulatedError:
        return 0

    return 1


@emulates
def tap_probe_vnet_hdr_len(fd: int, len: int) -> int:
    """net/tap-linux.c. Whether vnet headers of that length can be had."""
    try:
        orig = vnet_hdr_size(host(), fd)
        set_vnet_hdr_size(host(), fd, len)
    except SimulatedError:
        return 0
    set_vnet_hdr_size(host(), fd, orig)
    return 1


@emulates
def tap_fd_set_vnet_hdr_len(fd: int, len: int) -> None:
    """net/tap-linux.c."""
    set_vnet_hdr_size(host(), fd, len)


@emulates
def tap_fd_set_vnet_le(fd: int, is_le: bool) -> int:
    """net/tap-linux.c. Returns 0, or -EINVAL if the driver does not know about it."""
    try:
        set_vnet_le(host(), fd, int(is_le))
    except SimulatedError as err:
        return -err.errno
    return 0


@emulates
def tap_fd_set_vnet_be(fd: int, is_be: bool) -> int:
    """net/tap-linux.c. Returns 0, or -EINVAL as Linux is usually built."""
    try:
        set_vnet_be(host(), fd, int(is_be))
    except SimulatedError as err:
        return -err.errno
    return 0


@emulates
def tap_fd_set_offload(fd: int, csum: int, tso4: int, tso6: int, ecn: int, ufo: int) -> None:
    """net/tap-linux.c."""
    try:
        set_offload(host(), fd, 0)
    except SimulatedError as err:
        if err.errno == errno.EINVAL:
            return

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

    for attempt in (offload, offload & ~TUN_F_UFO):
        try:
            set_offload(host(), fd, attempt)
        except SimulatedError as err:
            failure = err.strerror
        else:
            return
    recorder().message("stderr", f"TUNSETOFFLOAD ioctl() failed: {failure}\n")


def _set_queue(fd: int, attach: bool) -> int:
    try:
        set_queue(host(), fd, attach=attach)
    except SimulatedError:
        return -1
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
    try:
        set_steering(host(), fd, prog_fd)
    except SimulatedError as err:
        error_report(f"Issue while setting TUNSETSTEERINGEBPF: {err.strerror} with fd: {fd}, prog_fd: {prog_fd}")
        return -1
    return 0
