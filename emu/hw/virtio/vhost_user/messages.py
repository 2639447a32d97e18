"""Messages go out and answers come in (hw/virtio/vhost-user.c)."""

from __future__ import annotations

import errno
from collections.abc import Sequence

from emu.chardev.char_fe import qemu_chr_fe_read_all, qemu_chr_fe_set_msgfds, qemu_chr_fe_write_all
from emu.chardev.structs import CharBackend
from emu.hw.virtio.vhost.structs import vhost_dev, vhost_vring_file, vhost_vring_state
from emu.hw.virtio.vhost_user.structs import (
    VHOST_USER_F_PROTOCOL_FEATURES,
    VHOST_USER_HDR,
    VHOST_USER_NEED_REPLY_MASK,
    VHOST_USER_PAYLOAD_SIZE,
    VHOST_USER_PROTOCOL_F_REPLY_ACK,
    VHOST_USER_REPLY_MASK,
    VHOST_USER_VERSION,
    VHOST_USER_VRING_IDX_MASK,
    VHOST_USER_VRING_NOFD_MASK,
    Request,
    VhostUserMsg,
    vhost_user,
)
from emu.trace import emulates, g_free
from emu.util.error_report import error_report


def message(request: int, payload: bytes = b"", *, need_reply: bool = False) -> VhostUserMsg:
    """Return a message to be sent."""
    flags = VHOST_USER_VERSION | (VHOST_USER_NEED_REPLY_MASK if need_reply else 0)
    return VhostUserMsg(request=request, flags=flags, size=len(payload), payload=payload)


def number(value: int) -> bytes:
    """Return a number as a payload."""
    return (value & 0xFFFF_FFFF_FFFF_FFFF).to_bytes(8, "little")


def _chr(dev: vhost_dev) -> CharBackend:
    u: vhost_user = dev.opaque
    assert u.user
    assert u.user.chr
    return u.user.chr


def reply_supported(dev: vhost_dev) -> bool:
    """Tell whether any request may ask for an answer."""
    return bool(dev.protocol_features & 1 << VHOST_USER_PROTOCOL_F_REPLY_ACK)


@emulates
def vhost_user_read_header(dev: vhost_dev, msg: VhostUserMsg) -> int:
    """hw/virtio/vhost-user.c. Returns 0 or, after a message, a negative errno."""
    r, header = qemu_chr_fe_read_all(_chr(dev), VHOST_USER_HDR.size)
    if r != VHOST_USER_HDR.size:
        error_report(
            f"Failed to read msg header. Read {r} instead of {VHOST_USER_HDR.size}. Original request {int(msg.request)}."
        )
        return -errno.EIO

    msg.request, msg.flags, msg.size = VHOST_USER_HDR.unpack(header)
    wanted = VHOST_USER_REPLY_MASK | VHOST_USER_VERSION
    if msg.flags != wanted:
        error_report(f"Failed to read msg header. Flags 0x{msg.flags:x} instead of 0x{wanted:x}.")
        return -errno.EPROTO

    return 0


@emulates
def vhost_user_read(dev: vhost_dev, msg: VhostUserMsg) -> int:
    """hw/virtio/vhost-user.c. Reads an answer. Returns 0 or, after a message, a negative errno."""
    r = vhost_user_read_header(dev, msg)
    if r < 0:
        return r

    if msg.size > VHOST_USER_PAYLOAD_SIZE:
        error_report(f"Failed to read msg header. Size {msg.size} exceeds the maximum {VHOST_USER_PAYLOAD_SIZE}.")
        return -errno.EPROTO

    if msg.size:
        r, payload = qemu_chr_fe_read_all(_chr(dev), msg.size)
        if r != msg.size:
            error_report(f"Failed to read msg payload. Read {r} instead of {msg.size}.")
            return -errno.EIO
        msg.payload = payload

    return 0


@emulates
def process_message_reply(dev: vhost_dev, msg: VhostUserMsg) -> int:
    """hw/virtio/vhost-user.c. Reads the answer if one was asked for; -EIO if it is an error."""
    if not msg.flags & VHOST_USER_NEED_REPLY_MASK:
        return 0

    msg_reply = VhostUserMsg()
    try:
        ret = vhost_user_read(dev, msg_reply)
        if ret < 0:
            return ret

        if msg_reply.request != msg.request:
            error_report(f"Received unexpected msg type. Expected {int(msg.request)} received {int(msg_reply.request)}")
            return -errno.EPROTO

        return -errno.EIO if msg_reply.u64 else 0
    finally:
        g_free(msg_reply)


def vhost_user_one_time_request(request: int) -> bool:
    """Tell whether a request is for the whole device, not for a pair of queues (hw/virtio/vhost-user.c)."""
    return request in {
        Request.VHOST_USER_SET_OWNER,
        Request.VHOST_USER_RESET_OWNER,
        Request.VHOST_USER_SET_MEM_TABLE,
        Request.VHOST_USER_GET_QUEUE_NUM,
        Request.VHOST_USER_NET_SET_MTU,
    }


@emulates
def vhost_user_write(dev: vhost_dev, msg: VhostUserMsg, fds: Sequence[int] = (), fd_num: int = 0) -> int:
    """hw/virtio/vhost-user.c. Sends a message with descriptors. Returns 0 or, after a message, a negative errno."""
    if vhost_user_one_time_request(msg.request) and dev.vq_index != 0:
        msg.flags &= ~VHOST_USER_NEED_REPLY_MASK
        return 0

    if qemu_chr_fe_set_msgfds(_chr(dev), fds, fd_num) < 0:
        error_report("Failed to set msg fds.")
        return -errno.EINVAL

    data = VHOST_USER_HDR.pack(msg.request, msg.flags, msg.size) + msg.payload
    ret = qemu_chr_fe_write_all(_chr(dev), data, len(data))
    if ret != len(data):
        error_report(f"Failed to write msg. Wrote {ret} instead of {len(data)}.")
        return -errno.EINVAL if ret < 0 else -errno.EIO

    return 0


@emulates
def vhost_set_vring(dev: vhost_dev, request: int, ring: vhost_vring_state) -> int:
    """hw/virtio/vhost-user.c."""
    msg = message(request, ring.index.to_bytes(4, "little") + ring.num.to_bytes(4, "little"))
    ret = vhost_user_write(dev, msg)
    g_free(msg)
    return ret


@emulates
def vhost_user_set_vring_enable(dev: vhost_dev, enable: int) -> int:
    """hw/virtio/vhost-user.c. -EINVAL where it was not agreed on."""
    if not dev.features & 1 << VHOST_USER_F_PROTOCOL_FEATURES:
        return -errno.EINVAL

    for i in range(dev.nvqs):
        ret = vhost_set_vring(dev, Request.VHOST_USER_SET_VRING_ENABLE, vhost_vring_state(dev.vq_index + i, enable))
        if ret < 0:
            return ret

    return 0


@emulates
def vhost_set_vring_file(dev: vhost_dev, request: int, file: vhost_vring_file) -> int:
    """hw/virtio/vhost-user.c. Hands a descriptor of a queue over."""
    fds: tuple[int, ...] = ()
    u64 = file.index & VHOST_USER_VRING_IDX_MASK
    if file.fd > 0:
        fds = (file.fd,)
    else:
        u64 |= VHOST_USER_VRING_NOFD_MASK
    msg = message(request, number(u64))
    ret = vhost_user_write(dev, msg, fds, len(fds))
    g_free(msg)
    return ret


@emulates
def vhost_user_set_vring_call(dev: vhost_dev, file: vhost_vring_file) -> int:
    """hw/virtio/vhost-user.c."""
    return vhost_set_vring_file(dev, Request.VHOST_USER_SET_VRING_CALL, file)


@emulates
def vhost_user_set_vring_err(dev: vhost_dev, file: vhost_vring_file) -> int:
    """hw/virtio/vhost-user.c."""
    return vhost_set_vring_file(dev, Request.VHOST_USER_SET_VRING_ERR, file)


def ask(dev: vhost_dev, msg: VhostUserMsg, size: int) -> int:
    """Send a request and put its answer of ``size`` bytes in its place; 0 or, after a message, a negative errno."""
    request = msg.request
    ret = vhost_user_write(dev, msg)
    if ret < 0:
        return ret

    ret = vhost_user_read(dev, msg)
    if ret < 0:
        return ret

    if msg.request != request:
        error_report(f"Received unexpected msg type. Expected {int(request)} received {int(msg.request)}")
        return -errno.EPROTO

    if msg.size != size:
        error_report("Received bad msg size.")
        return -errno.EPROTO

    return 0


@emulates
def vhost_user_get_u64(dev: vhost_dev, request: int) -> tuple[int, int]:
    """hw/virtio/vhost-user.c. Asks for a number: 0 or, after a message, a negative errno, and the number."""
    if vhost_user_one_time_request(request) and dev.vq_index != 0:
        return 0, 0

    msg = message(request)
    try:
        ret = ask(dev, msg, 8)
        return (ret, 0) if ret < 0 else (0, msg.u64)
    finally:
        g_free(msg)


@emulates
def vhost_user_get_features(dev: vhost_dev) -> tuple[int, int]:
    """hw/virtio/vhost-user.c."""
    ret, features = vhost_user_get_u64(dev, Request.VHOST_USER_GET_FEATURES)
    return (-errno.EPROTO, 0) if ret < 0 else (0, features)


@emulates
def enforce_reply(dev: vhost_dev, msg: VhostUserMsg) -> int:
    """hw/virtio/vhost-user.c. Waits for the answer, or for that to a request which is always answered."""
    if msg.flags & VHOST_USER_NEED_REPLY_MASK:
        return process_message_reply(dev, msg)
    return vhost_user_get_features(dev)[0]


@emulates
def vhost_user_set_u64(dev: vhost_dev, request: int, u64: int, wait_for_reply: bool) -> int:
    """hw/virtio/vhost-user.c. Sends a number."""
    msg = message(request, number(u64), need_reply=wait_for_reply and reply_supported(dev))
    try:
        ret = vhost_user_write(dev, msg)
        if ret < 0:
            return ret
        return enforce_reply(dev, msg) if wait_for_reply else 0
    finally:
        g_free(msg)
