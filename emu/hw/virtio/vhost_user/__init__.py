"""The vhost-user protocol: the side that owns the guest's memory (hw/virtio/vhost-user.c)."""

from emu.hw.virtio.vhost_user.backend import user_ops, vhost_user_cleanup, vhost_user_init
from emu.hw.virtio.vhost_user.structs import VhostUserState, vhost_user

__all__ = ["VhostUserState", "user_ops", "vhost_user", "vhost_user_cleanup", "vhost_user_init"]
