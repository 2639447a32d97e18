"""What the library calls in QEMU, and the other way round (net/slirp.c)."""

from __future__ import annotations

from typing import Any

from emu.host.libslirp import Slirp, SlirpCb, slirp_cleanup
from emu.migration.savevm import SaveVMHandlers, unregister_savevm
from emu.net.eth import ETH_ZLEN, eth_pad_short_frame
from emu.net.net.packets import qemu_send_packet
from emu.net.net.structs import NetClientInfo, NetClientState
from emu.net.net.vnet import net_peer_needs_padding
from emu.net.slirp.smb import slirp_smb_cleanup
from emu.net.slirp.structs import SLIRP_NC, SLIRP_STATE, GuestFwd, SlirpState, SlirpTimer, slirp_c
from emu.qapi.qapi_types_net import NetClientDriver
from emu.softmmu.runstate import qemu_remove_exit_notifier
from emu.trace import container_of, emulates, g_free
from emu.util.main_loop import main_loop_poll_remove_notifier, qemu_fd_register, qemu_notify_event
from emu.util.notify import Notifier
from emu.util.qemu_timer import (
    QEMU_CLOCK_VIRTUAL,
    QEMU_TIMER_ATTR_EXTERNAL,
    SCALE_MS,
    qemu_clock_get_ns,
    timer_del,
    timer_init_full,
    timer_mod,
)


@emulates
def net_slirp_send_packet(pkt: bytes, pkt_len: int, opaque: SlirpState) -> int:
    """net/slirp.c. The library has a packet for the guest."""
    nc = SLIRP_NC(opaque)

    if net_peer_needs_padding(nc):
        padded = eth_pad_short_frame(ETH_ZLEN, pkt, pkt_len)
        if padded is not None:
            pkt, pkt_len = padded, len(padded)

    return qemu_send_packet(nc, pkt, pkt_len)


@emulates(modelled=False)
def net_slirp_receive(nc: NetClientState, buf: bytes, size: int) -> int:
    """net/slirp.c. Gives a packet of the guest to the library, which has no network to send it to here."""
    return size


@emulates
def slirp_smb_exit(n: Notifier, data: Any) -> None:
    """net/slirp.c."""
    slirp_smb_cleanup(container_of(n))


@emulates
def slirp_free_fwd(data: GuestFwd) -> None:
    """net/slirp.c."""
    from emu.chardev.char_fe import qemu_chr_fe_deinit

    qemu_chr_fe_deinit(data.hd, True)
    g_free(data)


@emulates
def net_slirp_cleanup(nc: NetClientState) -> None:
    """net/slirp.c."""
    s = SLIRP_STATE(nc)
    assert s.slirp

    for fwd in s.fwd:
        slirp_free_fwd(fwd)
    main_loop_poll_remove_notifier(s.poll_notifier)
    unregister_savevm(None, "slirp", s.slirp)
    slirp_cleanup(s.slirp)
    if s.exit_notifier.notify:
        qemu_remove_exit_notifier(s.exit_notifier)
    slirp_smb_cleanup(s)
    slirp_c().slirp_stacks.remove(s)


net_slirp_info = NetClientInfo(
    variable="net_slirp_info",
    type=NetClientDriver.USER,
    size=(NetClientState, SlirpState),
    receive=net_slirp_receive,
    cleanup=net_slirp_cleanup,
)


@emulates(modelled=False)
def net_slirp_guest_error(msg: str, opaque: Any) -> None:
    """net/slirp.c. Logs what the guest did wrong; there is no log."""


@emulates
def net_slirp_clock_get_ns(opaque: Any) -> int:
    """net/slirp.c."""
    return qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL)


@emulates
def net_slirp_init_completed(slirp: Slirp, opaque: SlirpState) -> None:
    """net/slirp.c."""
    s = opaque
    s.slirp = slirp


@emulates(modelled=False)
def net_slirp_timer_cb(opaque: SlirpTimer) -> None:
    """net/slirp.c. Lets the library send a router advertisement; time stands still."""


@emulates
def net_slirp_timer_new_opaque(id: int, cb_opaque: Any, opaque: SlirpState) -> SlirpTimer:
    """net/slirp.c."""
    s = opaque
    t = SlirpTimer()
    t.slirp = s.slirp
    t.id = id
    t.cb_opaque = cb_opaque
    timer_init_full(t.timer, QEMU_CLOCK_VIRTUAL, SCALE_MS, QEMU_TIMER_ATTR_EXTERNAL, net_slirp_timer_cb, t)
    return t


@emulates
def net_slirp_timer_free(timer: SlirpTimer, opaque: Any) -> None:
    """net/slirp.c."""
    timer_del(timer.timer)
    g_free(timer)


@emulates
def net_slirp_timer_mod(timer: SlirpTimer, expire_timer: int, opaque: Any) -> None:
    """net/slirp.c."""
    timer_mod(timer.timer, expire_timer)


@emulates
def net_slirp_register_poll_fd(fd: int, opaque: Any) -> None:
    """net/slirp.c."""
    qemu_fd_register(fd)


@emulates
def net_slirp_unregister_poll_fd(fd: int, opaque: Any) -> None:
    """net/slirp.c. Nothing to do."""


@emulates
def net_slirp_notify(opaque: Any) -> None:
    """net/slirp.c."""
    qemu_notify_event()


slirp_cb = SlirpCb(
    variable="slirp_cb",
    send_packet=net_slirp_send_packet,
    guest_error=net_slirp_guest_error,
    clock_get_ns=net_slirp_clock_get_ns,
    init_completed=net_slirp_init_completed,
    timer_new_opaque=net_slirp_timer_new_opaque,
    timer_free=net_slirp_timer_free,
    timer_mod=net_slirp_timer_mod,
    register_poll_fd=net_slirp_register_poll_fd,
    unregister_poll_fd=net_slirp_unregister_poll_fd,
    notify=net_slirp_notify,
)


@emulates(modelled=False)
def net_slirp_poll_notify(notifier: Notifier, data: Any) -> None:
    """net/slirp.c. Polls the library's sockets in the main loop, which is not run."""


savevm_slirp_state = SaveVMHandlers(variable="savevm_slirp_state")
