"""Ways to talk to whoever serves virtio queues (hw/virtio/vhost-backend.c)."""

from __future__ import annotations

from emu.errors import NotModelled
from emu.hw.virtio.vhost.structs import VHOST_BACKEND_TYPE_USER, VHOST_BACKEND_TYPE_VDPA, VhostBackendType, vhost_dev
from emu.trace import emulates


@emulates
def vhost_set_backend_type(dev: vhost_dev, backend_type: VhostBackendType) -> int:
    """hw/virtio/vhost-backend.c. NotModelled: the host's kernel."""
    from emu.hw.virtio.vhost_user import user_ops
    from emu.hw.virtio.vhost_vdpa import vdpa_ops

    if backend_type == VHOST_BACKEND_TYPE_USER:
        dev.vhost_ops = user_ops
    elif backend_type == VHOST_BACKEND_TYPE_VDPA:
        dev.vhost_ops = vdpa_ops
    else:
        raise NotModelled("vhost in the host's kernel")
    return 0
