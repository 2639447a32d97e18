"""What a device is asked for the emulator's part in it (hw/virtio/vhost-user.c)."""

from __future__ import annotations

import errno
from typing import Any

from emu.chardev.structs import CharBackend
from emu.host import SimulatedError, host
from emu.host.sockets import socketpair
from emu.hw.virtio.vhost.structs import VHOST_BACKEND_TYPE_USER, VHOST_F_LOG_ALL, VhostOps, vhost_dev
from emu.hw.virtio.vhost_user.messages import (
    message,
    number,
    process_message_reply,
    reply_supported,
    vhost_user_get_features,
    vhost_user_get_u64,
    vhost_user_set_u64,
    vhost_user_set_vring_call,
    vhost_user_set_vring_enable,
    vhost_user_set_vring_err,
    vhost_user_write,
)
from emu.hw.virtio.vhost_user.rings import (
    vhost_user_can_merge,
    vhost_user_get_vring_base,
    vhost_user_mem_section_filter,
    vhost_user_set_mem_table,
    vhost_user_set_vring_addr,
    vhost_user_set_vring_base,
    vhost_user_set_vring_kick,
    vhost_user_set_vring_num,
)
from emu.hw.virtio.vhost_user.structs import (
    VHOST_MEMORY_BASELINE_NREGIONS,
    VHOST_USER_F_PROTOCOL_FEATURES,
    VHOST_USER_MAX_RAM_SLOTS,
    VHOST_USER_PROTOCOL_F_CONFIG,
    VHOST_USER_PROTOCOL_F_CONFIGURE_MEM_SLOTS,
    VHOST_USER_PROTOCOL_F_LOG_SHMFD,
    VHOST_USER_PROTOCOL_F_MQ,
    VHOST_USER_PROTOCOL_F_NET_MTU,
    VHOST_USER_PROTOCOL_F_RARP,
    VHOST_USER_PROTOCOL_F_REPLY_ACK,
    VHOST_USER_PROTOCOL_F_SLAVE_REQ,
    VHOST_USER_PROTOCOL_F_STATUS,
    VHOST_USER_PROTOCOL_FEATURE_MASK,
    Request,
    VhostUserState,
    vhost_user,
)
from emu.io.channel_socket import qio_channel_socket_new_fd
from emu.qapi.error import error_setg, error_setg_errno
from emu.qom.object import OBJECT, object_unref
from emu.standard_headers.linux.virtio_config import (
    VIRTIO_CONFIG_S_ACKNOWLEDGE,
    VIRTIO_CONFIG_S_DRIVER,
    VIRTIO_CONFIG_S_DRIVER_OK,
    VIRTIO_CONFIG_S_FEATURES_OK,
    VIRTIO_F_IOMMU_PLATFORM,
)
from emu.standard_headers.linux.virtio_net import VIRTIO_NET_F_GUEST_ANNOUNCE
from emu.trace import emulates, g_free
from emu.util.error_report import error_report, warn_report


def _has(features: int, bit: int) -> bool:
    return bool(features & 1 << bit)


@emulates
def vhost_user_get_status(dev: vhost_dev) -> tuple[int, int]:
    """hw/virtio/vhost-user.c."""
    ret, value = vhost_user_get_u64(dev, Request.VHOST_USER_GET_STATUS)
    return ret, value & 0xFF


@emulates
def vhost_user_set_status(dev: vhost_dev, status: int) -> int:
    """hw/virtio/vhost-user.c."""
    return vhost_user_set_u64(dev, Request.VHOST_USER_SET_STATUS, status, False)


@emulates
def vhost_user_add_status(dev: vhost_dev, status: int) -> int:
    """hw/virtio/vhost-user.c."""
    ret, s = vhost_user_get_status(dev)
    if ret < 0:
        return ret

    if s & status == status:
        return 0
    return vhost_user_set_status(dev, s | status)


@emulates
def vhost_user_set_features(dev: vhost_dev, features: int) -> int:
    """hw/virtio/vhost-user.c. Waits for the answer if memory that changes is to be logged."""
    log_enabled = _has(features, VHOST_F_LOG_ALL)
    ret = vhost_user_set_u64(dev, Request.VHOST_USER_SET_FEATURES, features | dev.backend_features, log_enabled)

    if _has(dev.protocol_features, VHOST_USER_PROTOCOL_F_STATUS):
        if not ret:
            return vhost_user_add_status(dev, VIRTIO_CONFIG_S_FEATURES_OK)

    return ret


@emulates
def vhost_user_set_protocol_features(dev: vhost_dev, features: int) -> int:
    """hw/virtio/vhost-user.c."""
    return vhost_user_set_u64(dev, Request.VHOST_USER_SET_PROTOCOL_FEATURES, features, False)


@emulates
def vhost_user_set_owner(dev: vhost_dev) -> int:
    """hw/virtio/vhost-user.c."""
    msg = message(Request.VHOST_USER_SET_OWNER)
    ret = vhost_user_write(dev, msg)
    g_free(msg)
    return ret


@emulates
def vhost_user_get_max_memslots(dev: vhost_dev) -> tuple[int, int]:
    """hw/virtio/vhost-user.c."""
    return vhost_user_get_u64(dev, Request.VHOST_USER_GET_MAX_MEM_SLOTS)


@emulates
def close_slave_channel(u: vhost_user) -> None:
    """hw/virtio/vhost-user.c."""
    assert u.slave_ioc
    object_unref(OBJECT(u.slave_ioc))
    u.slave_ioc = None


@emulates
def vhost_setup_slave_channel(dev: vhost_dev) -> int:
    """hw/virtio/vhost-user.c. Gives the device a socket for requests of its own, if it wants one."""
    u: vhost_user = dev.opaque
    wants_reply = reply_supported(dev)

    if not _has(dev.protocol_features, VHOST_USER_PROTOCOL_F_SLAVE_REQ):
        return 0

    try:
        own, other = socketpair(host())
    except SimulatedError as err:
        error_report("socketpair() failed")
        return -err.errno

    u.slave_ioc = qio_channel_socket_new_fd(own.fd)

    msg = message(Request.VHOST_USER_SET_SLAVE_REQ_FD, need_reply=wants_reply)
    ret = vhost_user_write(dev, msg, (other.fd,), 1)
    if not ret and wants_reply:
        ret = process_message_reply(dev, msg)
    g_free(msg)
    host().close(other.fd)
    if ret:
        close_slave_channel(u)

    return ret


def _protocol_features(dev: vhost_dev, vus: VhostUserState) -> None:
    """Agree on the features of the protocol. Error: the device fails, or lacks the one that is needed."""
    supports_f_config = vus.supports_config or dev.config_ops is not None
    dev.backend_features |= 1 << VHOST_USER_F_PROTOCOL_FEATURES

    err, protocol_features = vhost_user_get_u64(dev, Request.VHOST_USER_GET_PROTOCOL_FEATURES)
    if err < 0:
        error_setg_errno(errno.EPROTO, "vhost_backend_init failed")

    protocol_features &= VHOST_USER_PROTOCOL_FEATURE_MASK

    if supports_f_config:
        if not _has(protocol_features, VHOST_USER_PROTOCOL_F_CONFIG):
            error_setg("vhost-user device expecting VHOST_USER_PROTOCOL_F_CONFIG but the vhost-user backend does not support it.")
    elif _has(protocol_features, VHOST_USER_PROTOCOL_F_CONFIG):
        warn_report("vhost-user backend supports VHOST_USER_PROTOCOL_F_CONFIG but QEMU does not.")
        protocol_features &= ~(1 << VHOST_USER_PROTOCOL_F_CONFIG)

    dev.protocol_features = protocol_features
    if vhost_user_set_protocol_features(dev, dev.protocol_features) < 0:
        error_setg_errno(errno.EPROTO, "vhost_backend_init failed")


def _queues(dev: vhost_dev) -> None:
    """Ask how many queue pairs there are. Error: the device fails, or has too few."""
    if _has(dev.protocol_features, VHOST_USER_PROTOCOL_F_MQ):
        err, max_queues = vhost_user_get_u64(dev, Request.VHOST_USER_GET_QUEUE_NUM)
        if err < 0:
            error_setg_errno(errno.EPROTO, "vhost_backend_init failed")
        # Only the first pair asks; for the others the number stays.
        if dev.vq_index == 0:
            dev.max_queues = max_queues
    else:
        dev.max_queues = 1

    if dev.num_queues and dev.max_queues < dev.num_queues:
        error_setg(f"The maximum number of queues supported by the backend is {dev.max_queues}")


def _memory_slots(dev: vhost_dev, user: VhostUserState) -> None:
    """Ask how many pieces of memory the device can have. Error: it fails, or they are fewer than before."""
    if not _has(dev.protocol_features, VHOST_USER_PROTOCOL_F_CONFIGURE_MEM_SLOTS):
        user.memory_slots = VHOST_MEMORY_BASELINE_NREGIONS
        return

    err, ram_slots = vhost_user_get_max_memslots(dev)
    if err < 0:
        error_setg_errno(errno.EPROTO, "vhost_backend_init failed")

    if ram_slots < user.memory_slots:
        error_setg(
            f"The backend specified a max ram slots limit of {ram_slots}, when the prior validated limit was "
            f"{user.memory_slots}. This limit should never decrease."
        )

    user.memory_slots = min(ram_slots, VHOST_USER_MAX_RAM_SLOTS)


@emulates
def vhost_user_backend_init(dev: vhost_dev, opaque: Any) -> int:
    """hw/virtio/vhost-user.c. Agrees with the device on features, queues and memory. Error: they do not agree."""
    vus: VhostUserState = opaque
    assert dev.vhost_ops
    assert dev.vhost_ops.backend_type == VHOST_BACKEND_TYPE_USER

    u = vhost_user()
    u.user = vus
    u.dev = dev
    dev.opaque = u

    err, features = vhost_user_get_features(dev)
    if err < 0:
        error_setg_errno(-err, "vhost_backend_init failed")

    if _has(features, VHOST_USER_F_PROTOCOL_FEATURES):
        _protocol_features(dev, vus)
        _queues(dev)

        if _has(features, VIRTIO_F_IOMMU_PLATFORM) and not (
            _has(dev.protocol_features, VHOST_USER_PROTOCOL_F_SLAVE_REQ)
            and _has(dev.protocol_features, VHOST_USER_PROTOCOL_F_REPLY_ACK)
        ):
            error_setg("IOMMU support requires reply-ack and slave-req protocol features.")

        _memory_slots(dev, vus)

    if dev.migration_blocker is None and not _has(dev.protocol_features, VHOST_USER_PROTOCOL_F_LOG_SHMFD):
        dev.migration_blocker = "Migration disabled: vhost-user backend lacks VHOST_USER_PROTOCOL_F_LOG_SHMFD feature."

    if dev.vq_index == 0 and vhost_setup_slave_channel(dev) < 0:
        error_setg_errno(errno.EPROTO, "vhost_backend_init failed")

    return 0


@emulates
def vhost_user_backend_cleanup(dev: vhost_dev) -> int:
    """hw/virtio/vhost-user.c."""
    u: vhost_user = dev.opaque
    if u.slave_ioc:
        close_slave_channel(u)
    g_free(u)
    dev.opaque = None

    return 0


@emulates
def vhost_user_get_vq_index(dev: vhost_dev, idx: int) -> int:
    """hw/virtio/vhost-user.c."""
    assert dev.vq_index <= idx < dev.vq_index + dev.nvqs

    return idx


@emulates
def vhost_user_memslots_limit(dev: vhost_dev) -> int:
    """hw/virtio/vhost-user.c."""
    u: vhost_user = dev.opaque
    assert u.user
    return u.user.memory_slots


@emulates
def vhost_user_requires_shm_log(dev: vhost_dev) -> bool:
    """hw/virtio/vhost-user.c."""
    return _has(dev.protocol_features, VHOST_USER_PROTOCOL_F_LOG_SHMFD)


@emulates
def vhost_user_migration_done(dev: vhost_dev, mac_addr: bytes) -> int:
    """hw/virtio/vhost-user.c. Has the device announce the card, unless the driver does; -ENOTSUP if it cannot."""
    if _has(dev.acked_features, VIRTIO_NET_F_GUEST_ANNOUNCE):
        return 0

    if _has(dev.protocol_features, VHOST_USER_PROTOCOL_F_RARP):
        msg = message(Request.VHOST_USER_SEND_RARP, mac_addr + bytes(2))
        ret = vhost_user_write(dev, msg)
        g_free(msg)
        return ret
    return -errno.ENOTSUP


@emulates
def vhost_user_net_set_mtu(dev: vhost_dev, mtu: int) -> int:
    """hw/virtio/vhost-user.c. Tells the device the largest frame; a negative errno if it refuses."""
    if not _has(dev.protocol_features, VHOST_USER_PROTOCOL_F_NET_MTU):
        return 0

    msg = message(Request.VHOST_USER_NET_SET_MTU, number(mtu), need_reply=reply_supported(dev))
    try:
        ret = vhost_user_write(dev, msg)
        if ret < 0:
            return ret
        return process_message_reply(dev, msg) if reply_supported(dev) else 0
    finally:
        g_free(msg)


@emulates
def vhost_user_init(user: VhostUserState, chr_: CharBackend) -> bool:
    """hw/virtio/vhost-user.c. Error: it was done before."""
    if user.chr:
        error_setg("Cannot initialize vhost-user state")
    user.chr = chr_
    user.memory_slots = 0
    return True


@emulates
def vhost_user_cleanup(user: VhostUserState) -> None:
    """hw/virtio/vhost-user.c."""
    if not user.chr:
        return
    user.chr = None


@emulates
def vhost_user_dev_start(dev: vhost_dev, started: bool) -> int:
    """hw/virtio/vhost-user.c. With the last queue pair the device learns that the driver is ready, or gone."""
    if not _has(dev.protocol_features, VHOST_USER_PROTOCOL_F_STATUS):
        return 0

    if dev.vq_index + dev.nvqs != dev.vq_index_end:
        return 0

    if started:
        return vhost_user_add_status(dev, VIRTIO_CONFIG_S_ACKNOWLEDGE | VIRTIO_CONFIG_S_DRIVER | VIRTIO_CONFIG_S_DRIVER_OK)
    return vhost_user_set_status(dev, 0)


user_ops = VhostOps(
    variable="user_ops",
    backend_type=VHOST_BACKEND_TYPE_USER,
    vhost_backend_init=vhost_user_backend_init,
    vhost_backend_cleanup=vhost_user_backend_cleanup,
    vhost_backend_memslots_limit=vhost_user_memslots_limit,
    vhost_set_mem_table=vhost_user_set_mem_table,
    vhost_set_vring_addr=vhost_user_set_vring_addr,
    vhost_set_vring_num=vhost_user_set_vring_num,
    vhost_set_vring_base=vhost_user_set_vring_base,
    vhost_get_vring_base=vhost_user_get_vring_base,
    vhost_set_vring_kick=vhost_user_set_vring_kick,
    vhost_set_vring_call=vhost_user_set_vring_call,
    vhost_set_vring_err=vhost_user_set_vring_err,
    vhost_set_features=vhost_user_set_features,
    vhost_get_features=vhost_user_get_features,
    vhost_set_owner=vhost_user_set_owner,
    vhost_get_vq_index=vhost_user_get_vq_index,
    vhost_set_vring_enable=vhost_user_set_vring_enable,
    vhost_requires_shm_log=vhost_user_requires_shm_log,
    vhost_migration_done=vhost_user_migration_done,
    vhost_net_set_mtu=vhost_user_net_set_mtu,
    vhost_backend_can_merge=vhost_user_can_merge,
    vhost_backend_mem_section_filter=vhost_user_mem_section_filter,
    vhost_dev_start=vhost_user_dev_start,
)
