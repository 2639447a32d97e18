"""The vhost-user backend: virtio queues in another process (net/vhost-user.c). The other process is not modelled."""

from __future__ import annotations

from emu.chardev.char import qemu_chr_find, qemu_chr_has_feature
from emu.chardev.structs import QEMU_CHAR_FEATURE_FD_PASS, QEMU_CHAR_FEATURE_RECONNECTABLE, Chardev
from emu.errors import NotModelled
from emu.net.net.structs import MAX_QUEUE_NUM, NetClientState
from emu.qapi.error import error_setg
from emu.qapi.qapi_types_net import NetClientDriver, Netdev, NetdevVhostUserOptions
from emu.trace import emulates


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

    net_vhost_claim_chardev(vhost_user_opts)

    queues = 1 if vhost_user_opts.queues is None else vhost_user_opts.queues
    if queues < 1 or queues > MAX_QUEUE_NUM:
        error_setg(f"vhost-user number of queues must be in range [1, {MAX_QUEUE_NUM}]")

    raise NotModelled("the program at the other end of -netdev vhost-user")
