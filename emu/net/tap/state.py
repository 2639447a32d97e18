"""The tap backend once it is there (net/tap.c)."""

from __future__ import annotations

import errno
from typing import Any, ClassVar, Final

from emu.host import SimulatedError, host
from emu.host.tap import close_tap, read_frame, write_frame
from emu.net.eth import ETH_ZLEN, eth_pad_short_frame
from emu.net.net.clients import qemu_new_net_client
from emu.net.net.packets import qemu_flush_queued_packets, qemu_purge_queued_packets, qemu_send_packet_async
from emu.net.net.structs import NET_BUFSIZE, NetClientInfo, NetClientState
from emu.net.net.vnet import net_peer_needs_padding
from emu.net.tap.script import launch_script
from emu.net.tap_linux import (
    tap_fd_disable,
    tap_fd_enable,
    tap_fd_set_offload,
    tap_fd_set_steering_ebpf,
    tap_fd_set_vnet_be,
    tap_fd_set_vnet_hdr_len,
    tap_fd_set_vnet_le,
    tap_probe_has_ufo,
    tap_probe_vnet_hdr_len,
)
from emu.qapi.error import Error, error_report_err
from emu.qapi.qapi_types_net import NetClientDriver
from emu.qom.parts import Part, caster
from emu.softmmu.runstate import qemu_add_exit_notifier, qemu_remove_exit_notifier
from emu.trace import container_of, embedded, emulates, g_free
from emu.util.main_loop import qemu_set_fd_handler
from emu.util.notify import Notifier

SIZEOF_VIRTIO_NET_HDR: Final = 10
SIZEOF_VIRTIO_NET_HDR_MRG_RXBUF: Final = 12
SIZEOF_VIRTIO_NET_HDR_V1_HASH: Final = 20

PACKETS_AT_A_TIME: Final = 50
"""After so many the main loop may do something else."""


class TAPState(Part):
    """One queue of a tap interface (net/tap.c). Begins with ``NetClientState nc``."""

    SIZE: ClassVar[int] = 71216
    fd: int = 0
    down_script: str = ""
    down_script_arg: str = ""
    read_poll: bool = False
    write_poll: bool = False
    using_vnet_hdr: bool = False
    has_ufo: bool = False
    enabled: bool = False
    vhost_net: Any = None
    host_vnet_hdr_len: int = 0
    exit: Notifier = embedded(Notifier)


TAP_STATE = caster(TAPState, "TAPState")
TAP_NC = caster(NetClientState, "NetClientState")


@emulates
def tap_update_fd_handler(s: TAPState) -> None:
    """net/tap.c."""
    qemu_set_fd_handler(
        s.fd,
        tap_send if s.read_poll and s.enabled else None,
        tap_writable if s.write_poll and s.enabled else None,
        s,
    )


@emulates
def tap_read_poll(s: TAPState, enable: bool) -> None:
    """net/tap.c."""
    s.read_poll = enable
    tap_update_fd_handler(s)


@emulates
def tap_write_poll(s: TAPState, enable: bool) -> None:
    """net/tap.c."""
    s.write_poll = enable
    tap_update_fd_handler(s)


@emulates
def tap_writable(opaque: TAPState) -> None:
    """net/tap.c. The host takes packets again."""
    s = opaque

    tap_write_poll(s, False)

    qemu_flush_queued_packets(TAP_NC(s))


@emulates
def tap_write_packet(s: TAPState, iov: tuple[bytes, ...], iovcnt: int) -> int:
    """net/tap.c. Returns the size, 0 if the host takes no more for now, or -1."""
    try:
        return write_frame(host(), s.fd, b"".join(iov[:iovcnt]))
    except SimulatedError as err:
        if err.errno == errno.EAGAIN:
            tap_write_poll(s, True)
            return 0
        return -1


def _header(s: TAPState) -> bytes:
    return bytes(s.host_vnet_hdr_len)


@emulates
def tap_receive_iov(nc: NetClientState, iov: tuple[bytes, ...], iovcnt: int) -> int:
    """net/tap.c. Puts an empty vnet header before the packet, if the host wants one and the card gave none."""
    s = TAP_STATE(nc)

    if s.host_vnet_hdr_len and not s.using_vnet_hdr:
        iov = (_header(s), *iov[:iovcnt])
        iovcnt += 1

    return tap_write_packet(s, iov, iovcnt)


@emulates
def tap_receive_raw(nc: NetClientState, buf: bytes, size: int) -> int:
    """net/tap.c."""
    s = TAP_STATE(nc)
    iov: tuple[bytes, ...] = (buf[:size],)

    if s.host_vnet_hdr_len:
        iov = (_header(s), *iov)

    return tap_write_packet(s, iov, len(iov))


@emulates
def tap_receive(nc: NetClientState, buf: bytes, size: int) -> int:
    """net/tap.c."""
    s = TAP_STATE(nc)

    if s.host_vnet_hdr_len and not s.using_vnet_hdr:
        return tap_receive_raw(nc, buf, size)

    return tap_write_packet(s, (buf[:size],), 1)


@emulates
def tap_read_packet(tapfd: int, maxlen: int) -> bytes:
    """net/tap.c. Returns a packet from the host, nothing if there is none."""
    try:
        return read_frame(host(), tapfd)[:maxlen]
    except SimulatedError:
        return b""


@emulates
def tap_send_completed(nc: NetClientState, len: int) -> None:
    """net/tap.c. The packet that waited has gone: read on."""
    tap_read_poll(TAP_STATE(nc), True)


@emulates
def tap_send(opaque: TAPState) -> None:
    """net/tap.c. Reads packets from the host and sends them to the card, at most 50 at a time."""
    s = opaque
    nc = TAP_NC(s)

    for _ in range(PACKETS_AT_A_TIME):
        buf = tap_read_packet(s.fd, NET_BUFSIZE)
        if not buf:
            break

        if s.host_vnet_hdr_len and not s.using_vnet_hdr:
            buf = buf[s.host_vnet_hdr_len :]

        if net_peer_needs_padding(nc):
            padded = eth_pad_short_frame(ETH_ZLEN, buf, len(buf))
            buf = buf if padded is None else padded

        size = qemu_send_packet_async(nc, buf, len(buf), tap_send_completed)
        if size == 0:
            tap_read_poll(s, False)
        if size <= 0:
            break


@emulates
def tap_has_ufo(nc: NetClientState) -> bool:
    """net/tap.c."""
    assert nc.info.type == NetClientDriver.TAP

    return TAP_STATE(nc).has_ufo


@emulates
def tap_has_vnet_hdr(nc: NetClientState) -> bool:
    """net/tap.c."""
    assert nc.info.type == NetClientDriver.TAP

    return bool(TAP_STATE(nc).host_vnet_hdr_len)


@emulates
def tap_has_vnet_hdr_len(nc: NetClientState, len: int) -> bool:
    """net/tap.c."""
    assert nc.info.type == NetClientDriver.TAP

    return bool(tap_probe_vnet_hdr_len(TAP_STATE(nc).fd, len))


@emulates
def tap_set_vnet_hdr_len(nc: NetClientState, len: int) -> None:
    """net/tap.c."""
    s = TAP_STATE(nc)

    assert nc.info.type == NetClientDriver.TAP
    assert len in {SIZEOF_VIRTIO_NET_HDR_MRG_RXBUF, SIZEOF_VIRTIO_NET_HDR, SIZEOF_VIRTIO_NET_HDR_V1_HASH}

    tap_fd_set_vnet_hdr_len(s.fd, len)
    s.host_vnet_hdr_len = len


@emulates
def tap_using_vnet_hdr(nc: NetClientState, using_vnet_hdr: bool) -> None:
    """net/tap.c."""
    s = TAP_STATE(nc)

    assert nc.info.type == NetClientDriver.TAP
    assert bool(s.host_vnet_hdr_len) == bool(using_vnet_hdr)

    s.using_vnet_hdr = bool(using_vnet_hdr)


@emulates
def tap_set_vnet_le(nc: NetClientState, is_le: bool) -> int:
    """net/tap.c."""
    return tap_fd_set_vnet_le(TAP_STATE(nc).fd, is_le)


@emulates
def tap_set_vnet_be(nc: NetClientState, is_be: bool) -> int:
    """net/tap.c."""
    return tap_fd_set_vnet_be(TAP_STATE(nc).fd, is_be)


@emulates
def tap_set_offload(nc: NetClientState, csum: int, tso4: int, tso6: int, ecn: int, ufo: int) -> None:
    """net/tap.c."""
    s = TAP_STATE(nc)
    if s.fd < 0:
        return

    tap_fd_set_offload(s.fd, csum, tso4, tso6, ecn, ufo)


@emulates
def tap_exit_notify(notifier: Notifier, data: Any) -> None:
    """net/tap.c. Runs the script for the end."""
    s: TAPState = container_of(notifier)

    if s.down_script:
        try:
            launch_script(s.down_script, s.down_script_arg, s.fd)
        except Error as err:
            error_report_err(err)


@emulates
def tap_cleanup(nc: NetClientState) -> None:
    """net/tap.c."""
    from emu.hw.net.vhost_net import vhost_net_cleanup

    s = TAP_STATE(nc)

    if s.vhost_net:
        vhost_net_cleanup(s.vhost_net)
        g_free(s.vhost_net)
        s.vhost_net = None

    qemu_purge_queued_packets(nc)

    tap_exit_notify(s.exit, None)
    qemu_remove_exit_notifier(s.exit)

    tap_read_poll(s, False)
    tap_write_poll(s, False)
    close_tap(host(), s.fd)
    s.fd = -1


@emulates
def tap_poll(nc: NetClientState, enable: bool) -> None:
    """net/tap.c."""
    s = TAP_STATE(nc)
    tap_read_poll(s, enable)
    tap_write_poll(s, enable)


@emulates
def tap_set_steering_ebpf(nc: NetClientState, prog_fd: int) -> bool:
    """net/tap.c."""
    assert nc.info.type == NetClientDriver.TAP

    return tap_fd_set_steering_ebpf(TAP_STATE(nc).fd, prog_fd) == 0


def tap_get_fd(nc: NetClientState) -> int:
    """Return the descriptor of a tap (net/tap.c)."""
    assert nc.info.type == NetClientDriver.TAP
    return TAP_STATE(nc).fd


net_tap_info = NetClientInfo(
    variable="net_tap_info",
    type=NetClientDriver.TAP,
    size=(NetClientState, TAPState),
    receive=tap_receive,
    receive_raw=tap_receive_raw,
    receive_iov=tap_receive_iov,
    poll=tap_poll,
    cleanup=tap_cleanup,
    has_ufo=tap_has_ufo,
    has_vnet_hdr=tap_has_vnet_hdr,
    has_vnet_hdr_len=tap_has_vnet_hdr_len,
    using_vnet_hdr=tap_using_vnet_hdr,
    set_offload=tap_set_offload,
    set_vnet_hdr_len=tap_set_vnet_hdr_len,
    set_vnet_le=tap_set_vnet_le,
    set_vnet_be=tap_set_vnet_be,
    set_steering_ebpf=tap_set_steering_ebpf,
)


@emulates
def net_tap_fd_init(peer: NetClientState | None, model: str, name: str, fd: int, vnet_hdr: int) -> TAPState:
    """net/tap.c. Makes the client of one queue and asks the host what it can do."""
    nc = qemu_new_net_client(net_tap_info, peer, model, name)

    s = TAP_STATE(nc)

    s.fd = fd
    s.host_vnet_hdr_len = SIZEOF_VIRTIO_NET_HDR if vnet_hdr else 0
    s.using_vnet_hdr = False
    s.has_ufo = bool(tap_probe_has_ufo(s.fd))
    s.enabled = True
    tap_set_offload(nc, 0, 0, 0, 0, 0)
    # Another program may have left another length behind.
    if tap_probe_vnet_hdr_len(s.fd, s.host_vnet_hdr_len):
        tap_fd_set_vnet_hdr_len(s.fd, s.host_vnet_hdr_len)
    tap_read_poll(s, True)
    s.vhost_net = None

    s.exit.notify = tap_exit_notify
    qemu_add_exit_notifier(s.exit)

    return s


@emulates
def tap_get_vhost_net(nc: NetClientState) -> Any:
    """net/tap.c. Returns the vhost device of a queue, None if it has none."""
    assert nc.info.type == NetClientDriver.TAP
    return TAP_STATE(nc).vhost_net


@emulates
def tap_enable(nc: NetClientState) -> int:
    """net/tap.c. Attaches a queue to its interface."""
    s = TAP_STATE(nc)

    if s.enabled:
        return 0
    ret = tap_fd_enable(s.fd)
    if ret == 0:
        s.enabled = True
        tap_update_fd_handler(s)
    return ret


@emulates
def tap_disable(nc: NetClientState) -> int:
    """net/tap.c. Detaches a queue from its interface."""
    s = TAP_STATE(nc)

    if not s.enabled:
        return 0
    ret = tap_fd_disable(s.fd)
    if ret == 0:
        qemu_purge_queued_packets(nc)
        s.enabled = False
        tap_update_fd_handler(s)
    return ret
