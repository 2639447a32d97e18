"""The vhost-user backend: virtio queues in another process (net/vhost-user.c)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from emu.chardev.char import qemu_chr_find, qemu_chr_has_feature
from emu.chardev.char_fe import (
    qemu_chr_fe_add_watch,
    qemu_chr_fe_deinit,
    qemu_chr_fe_disconnect,
    qemu_chr_fe_init,
    qemu_chr_fe_set_handlers,
    qemu_chr_fe_wait_connected,
)
from emu.chardev.structs import (
    CHR_EVENT_CLOSED,
    CHR_EVENT_OPENED,
    QEMU_CHAR_FEATURE_FD_PASS,
    QEMU_CHAR_FEATURE_RECONNECTABLE,
    CharBackend,
    Chardev,
)
from emu.errors import WaitsForEver
from emu.hw.net.vhost_net import (
    VhostNetOptions,
    VHostNetState,
    vhost_net_cleanup,
    vhost_net_get_acked_features,
    vhost_net_get_max_queues,
    vhost_net_init,
    vhost_net_notify_migration_done,
)
from emu.hw.virtio.vhost import VHOST_BACKEND_TYPE_USER
from emu.hw.virtio.vhost_user import VhostUserState, vhost_user_cleanup, vhost_user_init
from emu.net.net.clients import qemu_del_net_client, qemu_find_net_clients_except, qemu_new_net_client
from emu.net.net.info import qmp_set_link
from emu.net.net.mac import qemu_set_info_str
from emu.net.net.packets import qemu_purge_queued_packets
from emu.net.net.structs import MAX_QUEUE_NUM, NetClientInfo, NetClientState
from emu.qapi.error import Error, error_report_err, error_setg
from emu.qapi.qapi_types_net import NetClientDriver, Netdev, NetdevVhostUserOptions
from emu.qom.object import ObjectClass, object_class_get_name
from emu.qom.parts import Part, caster
from emu.trace import Struct, embedded, emulates, g_free, per_run, recorder
from emu.util.async_ import aio_bh_schedule_oneshot
from emu.util.error_report import error_report
from emu.util.gsource import G_IO_HUP, G_SOURCE_CONTINUE, GSource, g_source_destroy


class NetVhostUserState(Part):
    """One queue pair of a device in another process (net/vhost-user.c). Begins with ``NetClientState nc``."""

    SIZE: ClassVar[int] = 472
    chr: CharBackend = embedded(CharBackend)
    """Of the first pair alone."""
    vhost_user: VhostUserState | None = None
    vhost_net: VHostNetState | None = None
    watch: GSource | None = None
    acked_features: int = 0
    started: bool = False


class VhostUserStatics(Struct):
    """The static variable of ``vhost_user_receive``."""

    display_rarp_failure: int = 1


vhost_user_c = per_run(VhostUserStatics)

NET_VHOST_USER_STATE = caster(NetVhostUserState, "NetVhostUserState")
NC = caster(NetClientState, "NetClientState")


def vhost_user_get_vhost_net(nc: NetClientState) -> VHostNetState:
    """Return the vhost device of a queue pair (net/vhost-user.c)."""
    s = NET_VHOST_USER_STATE(nc)
    assert s.vhost_net
    return s.vhost_net


def vhost_user_get_acked_features(nc: NetClientState) -> int:
    """Return what the driver accepted before the device went (net/vhost-user.c)."""
    return NET_VHOST_USER_STATE(nc).acked_features


@emulates
def vhost_user_stop(queues: int, ncs: Sequence[NetClientState]) -> None:
    """net/vhost-user.c."""
    for nc in ncs[:queues]:
        s = NET_VHOST_USER_STATE(nc)

        if s.vhost_net:
            features = vhost_net_get_acked_features(s.vhost_net)
            if features:
                s.acked_features = features
            vhost_net_cleanup(s.vhost_net)


@emulates
def vhost_user_start(queues: int, ncs: Sequence[NetClientState], be: VhostUserState) -> int:
    """net/vhost-user.c. Agrees with the device on each queue pair; -1 after a message."""
    for i in range(queues):
        s = NET_VHOST_USER_STATE(ncs[i])

        net = vhost_net_init(VhostNetOptions(VHOST_BACKEND_TYPE_USER, ncs[i], nvqs=2, opaque=be))
        if not net:
            error_report(f"failed to init vhost_net for queue {i}")
            vhost_user_stop(i, ncs)
            return -1

        if i == 0:
            max_queues = vhost_net_get_max_queues(net)
            if queues > max_queues:
                error_report(f"you are asking more queues than supported: {max_queues}")
                vhost_net_cleanup(net)
                g_free(net)
                vhost_user_stop(i, ncs)
                return -1

        if s.vhost_net:
            vhost_net_cleanup(s.vhost_net)
            g_free(s.vhost_net)
        s.vhost_net = net

    return 0


@emulates
def vhost_user_receive(nc: NetClientState, buf: bytes, size: int) -> int:
    """net/vhost-user.c. An announcement (60 bytes) has the device announce the card itself; all else is dropped."""
    if size == 60:
        r = vhost_net_notify_migration_done(vhost_user_get_vhost_net(nc), buf[6:12])

        if r != 0 and vhost_user_c().display_rarp_failure:
            recorder().message("stderr", "Vhost user backend fails to broadcast fake RARP\n")
            vhost_user_c().display_rarp_failure = 0

    return size


@emulates
def net_vhost_user_cleanup(nc: NetClientState) -> None:
    """net/vhost-user.c."""
    s = NET_VHOST_USER_STATE(nc)

    if s.vhost_net:
        vhost_net_cleanup(s.vhost_net)
        g_free(s.vhost_net)
        s.vhost_net = None
    if nc.queue_index == 0:
        if s.watch:
            g_source_destroy(s.watch)
            s.watch = None
        qemu_chr_fe_deinit(s.chr, True)
        if s.vhost_user:
            vhost_user_cleanup(s.vhost_user)
            g_free(s.vhost_user)
            s.vhost_user = None

    qemu_purge_queued_packets(nc)


@emulates
def vhost_user_set_vnet_endianness(nc: NetClientState, enable: bool) -> int:
    """net/vhost-user.c. The device has been told by its own protocol."""
    return 0


@emulates
def vhost_user_has_vnet_hdr(nc: NetClientState) -> bool:
    """net/vhost-user.c."""
    assert nc.info.type == NetClientDriver.VHOST_USER

    return True


@emulates
def vhost_user_has_ufo(nc: NetClientState) -> bool:
    """net/vhost-user.c."""
    assert nc.info.type == NetClientDriver.VHOST_USER

    return True


@emulates
def vhost_user_check_peer_type(nc: NetClientState, oc: ObjectClass) -> bool:
    """net/vhost-user.c. Error: the card is no virtio card."""
    driver = object_class_get_name(oc)

    if not driver.startswith("virtio-net-"):
        error_setg("vhost-user requires frontend driver virtio-net-*")

    return True


net_vhost_user_info = NetClientInfo(
    variable="net_vhost_user_info",
    type=NetClientDriver.VHOST_USER,
    size=(NetClientState, NetVhostUserState),
    receive=vhost_user_receive,
    cleanup=net_vhost_user_cleanup,
    has_vnet_hdr=vhost_user_has_vnet_hdr,
    has_ufo=vhost_user_has_ufo,
    set_vnet_be=vhost_user_set_vnet_endianness,
    set_vnet_le=vhost_user_set_vnet_endianness,
    check_peer_type=vhost_user_check_peer_type,
)


@emulates
def net_vhost_user_watch(opaque: NetVhostUserState) -> bool:
    """net/vhost-user.c. The device has closed the connection."""
    qemu_chr_fe_disconnect(opaque.chr)

    return G_SOURCE_CONTINUE


@emulates
def chr_closed_bh(opaque: str) -> None:
    """net/vhost-user.c. The device is gone: the link goes down, until it comes again."""
    name = opaque
    ncs = qemu_find_net_clients_except(name, NetClientDriver.NIC, MAX_QUEUE_NUM)
    assert len(ncs) < MAX_QUEUE_NUM

    s = NET_VHOST_USER_STATE(ncs[0])
    for nc in reversed(ncs):
        s = NET_VHOST_USER_STATE(nc)
        if s.vhost_net:
            s.acked_features = vhost_net_get_acked_features(s.vhost_net)

    err: Error | None = None
    try:
        qmp_set_link(name, False)
    except Error as caught:
        err = caught

    qemu_chr_fe_set_handlers(s.chr, None, None, net_vhost_user_event, opaque)

    if err:
        error_report_err(err)


def _opened(name: str, ncs: Sequence[NetClientState], s: NetVhostUserState) -> None:
    assert s.vhost_user
    if vhost_user_start(len(ncs), ncs, s.vhost_user) < 0:
        qemu_chr_fe_disconnect(s.chr)
        return
    s.watch = qemu_chr_fe_add_watch(s.chr, G_IO_HUP, net_vhost_user_watch, s)
    try:
        qmp_set_link(name, True)
    except Error as err:
        s.started = True
        error_report_err(err)
    else:
        s.started = True


@emulates
def net_vhost_user_event(opaque: str, event: int) -> None:
    """net/vhost-user.c. The device has come, or it has gone."""
    name = opaque
    ncs = qemu_find_net_clients_except(name, NetClientDriver.NIC, MAX_QUEUE_NUM)
    assert len(ncs) < MAX_QUEUE_NUM

    s = NET_VHOST_USER_STATE(ncs[0])
    if event == CHR_EVENT_OPENED:
        _opened(name, ncs, s)
    elif event == CHR_EVENT_CLOSED and s.watch:
        # It may have gone in the midst of a request: what follows waits for the main loop.
        g_source_destroy(s.watch)
        s.watch = None
        qemu_chr_fe_set_handlers(s.chr, None, None, None, None, set_open=False)

        aio_bh_schedule_oneshot(chr_closed_bh, opaque)


def _clients(peer: NetClientState | None, device: str, name: str, chr_: Chardev, queues: int, user: VhostUserState) -> Any:
    nc0: NetClientState | None = None
    for i in range(queues):
        nc = qemu_new_net_client(net_vhost_user_info, peer, device, name)
        qemu_set_info_str(nc, f"vhost-user{i} to {chr_.label}")
        nc.queue_index = i
        s = NET_VHOST_USER_STATE(nc)
        if nc0 is None:
            nc0 = nc
            try:
                qemu_chr_fe_init(s.chr, chr_)
                vhost_user_init(user, s.chr)
            except Error as err:
                error_report_err(err)
                return nc0, False
        s.vhost_user = user
    return nc0, True


@emulates
def net_vhost_user_init(peer: NetClientState | None, device: str, name: str, chr_: Chardev, queues: int) -> int:
    """net/vhost-user.c. Makes a client a queue pair and waits for the device; -1 after a message."""
    user = VhostUserState()
    nc0, done = _clients(peer, device, name, chr_, queues, user)
    s = NET_VHOST_USER_STATE(nc0)

    while done and not s.started:
        try:
            qemu_chr_fe_wait_connected(s.chr)
        except Error as err:
            error_report_err(err)
            done = False
            break
        qemu_chr_fe_set_handlers(s.chr, None, None, net_vhost_user_event, NC(s).name)
        if not s.started:
            # QEMU connects again and again, to a device that answers the same each time.
            raise WaitsForEver(f"'{name}' and the other end of character device '{chr_.label}' do not agree")

    if done:
        assert s.vhost_net
        return 0

    vhost_user_cleanup(user)
    g_free(user)
    s.vhost_user = None
    qemu_del_net_client(nc0)

    return -1


@emulates
def net_vhost_claim_chardev(opts: NetdevVhostUserOptions) -> Chardev:
    """net/vhost-user.c. Error: no such character device, or not a socket."""
    chr_ = qemu_chr_find(opts.chardev)

    if chr_ is None:
        error_setg(f'chardev "{opts.chardev}" not found')

    if not qemu_chr_has_feature(chr_, QEMU_CHAR_FEATURE_RECONNECTABLE):
        error_setg(f'chardev "{opts.chardev}" is not reconnectable')
    if not qemu_chr_has_feature(chr_, QEMU_CHAR_FEATURE_FD_PASS):
        error_setg(f'chardev "{opts.chardev}" does not support FD passing')

    return chr_


@emulates
def net_init_vhost_user(netdev: Netdev, name: str, peer: NetClientState | None) -> int:
    """net/vhost-user.c. ``-netdev vhost-user``. Error: no such character device, or a wrong number of queues."""
    assert netdev.type == NetClientDriver.VHOST_USER
    vhost_user_opts = netdev.u.vhost_user

    chr_ = net_vhost_claim_chardev(vhost_user_opts)

    queues = 1 if vhost_user_opts.queues is None else vhost_user_opts.queues
    if queues < 1 or queues > MAX_QUEUE_NUM:
        error_setg(f"vhost-user number of queues must be in range [1, {MAX_QUEUE_NUM}]")

    return net_vhost_user_init(peer, "vhost_user", name, chr_, queues)
