"""Linux' kernel serves virtio queues (hw/virtio/vhost-backend.c)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from emu.host import SimulatedError, host
from emu.host.vhost_net import BACKEND_FEATURES, VhostNetFile, vhost_net_file
from emu.hw.virtio.vhost.structs import (
    VHOST_BACKEND_TYPE_KERNEL,
    VhostOps,
    vhost_dev,
    vhost_memory_region,
    vhost_vring_addr,
    vhost_vring_file,
    vhost_vring_state,
)
from emu.trace import emulates

VHOST_BACKEND_F_IOTLB_MSG_V2: Final = 1
MEMORY_SLOTS: Final = 64
"""The driver's ``max_mem_regions`` where nobody has changed it."""


@emulates
def vhost_kernel_call(dev: vhost_dev, request: str, arg: Callable[[VhostNetFile], Any]) -> int:
    """hw/virtio/vhost-backend.c. Asks the kernel (``VHOST_`` and ``request``); 0 or a negative errno."""
    assert dev.vhost_ops
    assert dev.vhost_ops.backend_type == VHOST_BACKEND_TYPE_KERNEL
    try:
        arg(vhost_net_file(host(), dev.opaque, request))
    except SimulatedError as err:
        return -err.errno
    return 0


def _set(field: str, value: object) -> Callable[[VhostNetFile], None]:
    return lambda file: setattr(file, field, value)


def _vring(index: int, field: str, value: object) -> Callable[[VhostNetFile], None]:
    return lambda file: setattr(file.vring(index), field, value)


def _get(dev: vhost_dev, request: str, read: Callable[[VhostNetFile], int]) -> tuple[int, int]:
    """Return 0 or a negative errno, and the number that was asked for."""
    found: list[int] = []
    ret = vhost_kernel_call(dev, request, lambda file: found.append(read(file)))
    return ret, found[0] if found else 0


@emulates
def vhost_kernel_init(dev: vhost_dev, opaque: Any) -> int:
    """hw/virtio/vhost-backend.c. ``opaque``: the descriptor."""
    assert dev.vhost_ops
    assert dev.vhost_ops.backend_type == VHOST_BACKEND_TYPE_KERNEL

    dev.opaque = opaque

    return 0


@emulates
def vhost_kernel_cleanup(dev: vhost_dev) -> int:
    """hw/virtio/vhost-backend.c."""
    host().close(dev.opaque)

    return 0


@emulates
def vhost_kernel_memslots_limit(dev: vhost_dev) -> int:
    """hw/virtio/vhost-backend.c."""
    return MEMORY_SLOTS


@emulates
def vhost_kernel_net_set_backend(dev: vhost_dev, file: vhost_vring_file) -> int:
    """hw/virtio/vhost-backend.c. Ties a queue to a tap, -1: to none."""
    return vhost_kernel_call(dev, "NET_SET_BACKEND", _vring(file.index, "backend", file.fd))


@emulates
def vhost_kernel_set_mem_table(dev: vhost_dev, mem: tuple[vhost_memory_region, ...]) -> int:
    """hw/virtio/vhost-backend.c."""
    return vhost_kernel_call(dev, "SET_MEM_TABLE", _set("memory", tuple(tuple(region) for region in mem)))


@emulates
def vhost_kernel_set_vring_addr(dev: vhost_dev, addr: vhost_vring_addr) -> int:
    """hw/virtio/vhost-backend.c."""
    addresses = (addr.desc_user_addr, addr.avail_user_addr, addr.used_user_addr)
    return vhost_kernel_call(dev, "SET_VRING_ADDR", _vring(addr.index, "addresses", addresses))


@emulates
def vhost_kernel_set_vring_num(dev: vhost_dev, ring: vhost_vring_state) -> int:
    """hw/virtio/vhost-backend.c."""
    return vhost_kernel_call(dev, "SET_VRING_NUM", _vring(ring.index, "num", ring.num))


@emulates
def vhost_kernel_set_vring_base(dev: vhost_dev, ring: vhost_vring_state) -> int:
    """hw/virtio/vhost-backend.c."""
    return vhost_kernel_call(dev, "SET_VRING_BASE", _vring(ring.index, "base", ring.num))


@emulates
def vhost_kernel_get_vring_base(dev: vhost_dev, index: int) -> tuple[int, int]:
    """hw/virtio/vhost-backend.c. Returns 0 or a negative errno, and how far the kernel has come."""
    return _get(dev, "GET_VRING_BASE", lambda file: file.vring(index).base)


@emulates
def vhost_kernel_set_vring_kick(dev: vhost_dev, file: vhost_vring_file) -> int:
    """hw/virtio/vhost-backend.c."""
    return vhost_kernel_call(dev, "SET_VRING_KICK", _vring(file.index, "kick", file.fd))


@emulates
def vhost_kernel_set_vring_call(dev: vhost_dev, file: vhost_vring_file) -> int:
    """hw/virtio/vhost-backend.c."""
    return vhost_kernel_call(dev, "SET_VRING_CALL", _vring(file.index, "call", file.fd))


@emulates
def vhost_kernel_set_vring_err(dev: vhost_dev, file: vhost_vring_file) -> int:
    """hw/virtio/vhost-backend.c."""
    return vhost_kernel_call(dev, "SET_VRING_ERR", _vring(file.index, "err", file.fd))


@emulates
def vhost_kernel_set_vring_busyloop_timeout(dev: vhost_dev, s: vhost_vring_state) -> int:
    """hw/virtio/vhost-backend.c. Microseconds."""
    return vhost_kernel_call(dev, "SET_VRING_BUSYLOOP_TIMEOUT", _vring(s.index, "busyloop_timeout", s.num))


@emulates
def vhost_kernel_set_features(dev: vhost_dev, features: int) -> int:
    """hw/virtio/vhost-backend.c."""
    return vhost_kernel_call(dev, "SET_FEATURES", _set("acked_features", features))


@emulates
def vhost_kernel_set_backend_cap(dev: vhost_dev) -> int:
    """hw/virtio/vhost-backend.c. Agrees on messages about address translation; always 0."""
    features = BACKEND_FEATURES & 1 << VHOST_BACKEND_F_IOTLB_MSG_V2
    if vhost_kernel_call(dev, "GET_BACKEND_FEATURES", lambda _: None):
        return 0

    if vhost_kernel_call(dev, "SET_BACKEND_FEATURES", _set("backend_features", features)):
        return 0

    dev.backend_cap = features

    return 0


@emulates
def vhost_kernel_get_features(dev: vhost_dev) -> tuple[int, int]:
    """hw/virtio/vhost-backend.c. Returns 0 or a negative errno, and the features."""

    def features(file: VhostNetFile) -> int:
        assert file.driver is not None
        return file.driver.features

    return _get(dev, "GET_FEATURES", features)


@emulates
def vhost_kernel_set_owner(dev: vhost_dev) -> int:
    """hw/virtio/vhost-backend.c."""
    return vhost_kernel_call(dev, "SET_OWNER", _set("owned", True))


@emulates
def vhost_kernel_get_vq_index(dev: vhost_dev, idx: int) -> int:
    """hw/virtio/vhost-backend.c. Each pair has a descriptor of its own, and counts from 0."""
    assert dev.vq_index <= idx < dev.vq_index + dev.nvqs

    return idx - dev.vq_index


kernel_ops = VhostOps(
    variable="kernel_ops",
    backend_type=VHOST_BACKEND_TYPE_KERNEL,
    vhost_backend_init=vhost_kernel_init,
    vhost_backend_cleanup=vhost_kernel_cleanup,
    vhost_backend_memslots_limit=vhost_kernel_memslots_limit,
    vhost_net_set_backend=vhost_kernel_net_set_backend,
    vhost_set_mem_table=vhost_kernel_set_mem_table,
    vhost_set_vring_addr=vhost_kernel_set_vring_addr,
    vhost_set_vring_num=vhost_kernel_set_vring_num,
    vhost_set_vring_base=vhost_kernel_set_vring_base,
    vhost_get_vring_base=vhost_kernel_get_vring_base,
    vhost_set_vring_kick=vhost_kernel_set_vring_kick,
    vhost_set_vring_call=vhost_kernel_set_vring_call,
    vhost_set_vring_err=vhost_kernel_set_vring_err,
    vhost_set_vring_busyloop_timeout=vhost_kernel_set_vring_busyloop_timeout,
    vhost_set_features=vhost_kernel_set_features,
    vhost_get_features=vhost_kernel_get_features,
    vhost_set_backend_cap=vhost_kernel_set_backend_cap,
    vhost_set_owner=vhost_kernel_set_owner,
    vhost_get_vq_index=vhost_kernel_get_vq_index,
)
