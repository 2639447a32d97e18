"""The messages of the vhost-user protocol and who sends them (hw/virtio/vhost-user.c, include/hw/virtio/vhost-user.h)."""

from __future__ import annotations

import struct
from enum import IntEnum
from typing import Final

from emu.chardev.structs import CharBackend
from emu.hw.virtio.vhost.structs import vhost_dev
from emu.io.channel_socket import QIOChannelSocket
from emu.trace import Struct

VHOST_MEMORY_BASELINE_NREGIONS: Final = 8
VHOST_USER_F_PROTOCOL_FEATURES: Final = 30
VHOST_USER_MAX_RAM_SLOTS: Final = 256
"""ACPI_MAX_RAM_SLOTS."""

VHOST_USER_PROTOCOL_F_MQ: Final = 0
VHOST_USER_PROTOCOL_F_LOG_SHMFD: Final = 1
VHOST_USER_PROTOCOL_F_RARP: Final = 2
VHOST_USER_PROTOCOL_F_REPLY_ACK: Final = 3
VHOST_USER_PROTOCOL_F_NET_MTU: Final = 4
VHOST_USER_PROTOCOL_F_SLAVE_REQ: Final = 5
VHOST_USER_PROTOCOL_F_CONFIG: Final = 9
VHOST_USER_PROTOCOL_F_CONFIGURE_MEM_SLOTS: Final = 15
VHOST_USER_PROTOCOL_F_STATUS: Final = 16
VHOST_USER_PROTOCOL_FEATURE_MASK: Final = (1 << 17) - 1


class VhostUserRequest(IntEnum):
    """What may be asked, as far as it is."""

    VHOST_USER_NONE = 0
    VHOST_USER_GET_FEATURES = 1
    VHOST_USER_SET_FEATURES = 2
    VHOST_USER_SET_OWNER = 3
    VHOST_USER_RESET_OWNER = 4
    VHOST_USER_SET_MEM_TABLE = 5
    VHOST_USER_SET_VRING_NUM = 8
    VHOST_USER_SET_VRING_ADDR = 9
    VHOST_USER_SET_VRING_BASE = 10
    VHOST_USER_GET_VRING_BASE = 11
    VHOST_USER_SET_VRING_KICK = 12
    VHOST_USER_SET_VRING_CALL = 13
    VHOST_USER_SET_VRING_ERR = 14
    VHOST_USER_GET_PROTOCOL_FEATURES = 15
    VHOST_USER_SET_PROTOCOL_FEATURES = 16
    VHOST_USER_GET_QUEUE_NUM = 17
    VHOST_USER_SET_VRING_ENABLE = 18
    VHOST_USER_SEND_RARP = 19
    VHOST_USER_NET_SET_MTU = 20
    VHOST_USER_SET_SLAVE_REQ_FD = 21
    VHOST_USER_GET_MAX_MEM_SLOTS = 36
    VHOST_USER_SET_STATUS = 39
    VHOST_USER_GET_STATUS = 40


Request = VhostUserRequest

VHOST_USER_VRING_IDX_MASK: Final = 0xFF
VHOST_USER_VRING_NOFD_MASK: Final = 0x1 << 8

VHOST_USER_VERSION: Final = 0x1
VHOST_USER_REPLY_MASK: Final = 0x1 << 2
VHOST_USER_NEED_REPLY_MASK: Final = 0x1 << 3

VHOST_USER_VRING_STATE: Final = struct.Struct("<II")
VHOST_USER_VRING_ADDR: Final = struct.Struct("<IIQQQQ")
VHOST_USER_HDR: Final = struct.Struct("<III")
VHOST_USER_PAYLOAD_SIZE: Final = 632
"""Size of the largest payload, ``sizeof(VhostUserPayload)``: the session of a crypto device."""


class VhostUserMsg(Struct):
    """One message: header and payload."""

    request: int = 0
    flags: int = 0
    size: int = 0
    payload: bytes = b""

    @property
    def u64(self) -> int:
        """The payload as a number."""
        return int.from_bytes(self.payload[:8], "little")


class VhostUserState(Struct):
    """What all queues of a client share (include/hw/virtio/vhost-user.h)."""

    chr: CharBackend | None = None
    memory_slots: int = 0
    supports_config: bool = False


class vhost_user(Struct):
    """One device of ``vhost_dev`` (hw/virtio/vhost-user.c)."""

    dev: vhost_dev | None = None
    user: VhostUserState | None = None
    slave_ioc: QIOChannelSocket | None = None
