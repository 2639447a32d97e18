"""The structs of vhost: virtio queues that another program, the kernel or hardware serves (include/hw/virtio/vhost.h)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, ClassVar, Final, NamedTuple

from emu.softmmu.memory import MemoryListener, MemoryRegionSection
from emu.trace import Seq, Struct, embedded, per_run, seq
from emu.util.event_notifier_posix import EventNotifier

VHOST_F_LOG_ALL: Final = 26
VHOST_NET_F_VIRTIO_NET_HDR: Final = 27


class VhostBackendType(IntEnum):
    """Who serves the queues."""

    VHOST_BACKEND_TYPE_NONE = 0
    VHOST_BACKEND_TYPE_KERNEL = 1
    VHOST_BACKEND_TYPE_USER = 2
    VHOST_BACKEND_TYPE_VDPA = 3


VHOST_BACKEND_TYPE_KERNEL: Final = VhostBackendType.VHOST_BACKEND_TYPE_KERNEL
VHOST_BACKEND_TYPE_USER: Final = VhostBackendType.VHOST_BACKEND_TYPE_USER
VHOST_BACKEND_TYPE_VDPA: Final = VhostBackendType.VHOST_BACKEND_TYPE_VDPA


@dataclass(frozen=True, slots=True)
class vhost_vring_file:
    """A queue and a descriptor for it; -1: none."""

    index: int
    fd: int = -1


@dataclass(frozen=True, slots=True)
class vhost_vring_state:
    """A queue and a number for it."""

    index: int
    num: int = 0


@dataclass(frozen=True, slots=True)
class vhost_vring_addr:
    """Where a queue lies in the program's memory; ``log_guest_addr``: the used ring in the guest's."""

    index: int
    flags: int
    desc_user_addr: int
    used_user_addr: int
    avail_user_addr: int
    log_guest_addr: int


class vhost_memory_region(NamedTuple):
    """A piece of guest memory, and where the program has it."""

    guest_phys_addr: int
    memory_size: int
    userspace_addr: int


class vhost_virtqueue(Struct):
    """One queue, as whoever serves it knows it."""

    kick: int = 0
    call: int = 0
    num: int = 0
    desc: int = 0
    avail: int = 0
    used: int = 0
    desc_phys: int = 0
    desc_size: int = 0
    avail_phys: int = 0
    avail_size: int = 0
    used_phys: int = 0
    used_size: int = 0
    masked_notifier: EventNotifier = embedded(EventNotifier)
    error_notifier: EventNotifier = embedded(EventNotifier)
    dev: vhost_dev | None = None


class vhost_dev(Struct):
    """The queues of one client, and what was agreed on about them."""

    SIZE: ClassVar[int] = 640
    vdev: Any = None
    memory_listener: MemoryListener = embedded(MemoryListener)
    vqs: Seq[vhost_virtqueue] = seq()
    nvqs: int = 0
    vq_index: int = 0
    vq_index_end: int = 0
    num_queues: int = 0
    features: int = 0
    acked_features: int = 0
    backend_features: int = 0
    protocol_features: int = 0
    max_queues: int = 0
    backend_cap: int = 0
    started: bool = False
    log_enabled: bool = False
    log_size: int = 0
    migration_blocker: str | None = None
    vhost_ops: VhostOps | None = None
    opaque: Any = None
    mem: tuple[vhost_memory_region, ...] | None = None
    mem_sections: tuple[MemoryRegionSection, ...] = ()
    tmp_sections: tuple[MemoryRegionSection, ...] = ()
    config_ops: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VhostOps:
    """How to talk to whoever serves the queues: a constant table of functions (include/hw/virtio/vhost-backend.h)."""

    variable: str
    backend_type: VhostBackendType
    vhost_backend_init: Callable[[vhost_dev, Any], int]
    vhost_backend_cleanup: Callable[[vhost_dev], int]
    vhost_backend_memslots_limit: Callable[[vhost_dev], int]
    vhost_set_owner: Callable[[vhost_dev], int]
    vhost_get_features: Callable[[vhost_dev], tuple[int, int]]
    vhost_set_features: Callable[[vhost_dev, int], int]
    vhost_get_vq_index: Callable[[vhost_dev, int], int]
    vhost_set_vring_call: Callable[[vhost_dev, vhost_vring_file], int]
    vhost_set_mem_table: Callable[[vhost_dev, tuple[vhost_memory_region, ...]], int] | None = None
    vhost_set_vring_addr: Callable[[vhost_dev, vhost_vring_addr], int] | None = None
    vhost_set_vring_num: Callable[[vhost_dev, vhost_vring_state], int] | None = None
    vhost_set_vring_base: Callable[[vhost_dev, vhost_vring_state], int] | None = None
    vhost_get_vring_base: Callable[[vhost_dev, int], tuple[int, int]] | None = None
    vhost_set_vring_kick: Callable[[vhost_dev, vhost_vring_file], int] | None = None
    vhost_set_vring_busyloop_timeout: Callable[[vhost_dev, vhost_vring_state], int] | None = None
    vhost_set_backend_cap: Callable[[vhost_dev], int] | None = None
    vhost_net_set_backend: Callable[[vhost_dev, vhost_vring_file], int] | None = None
    vhost_dev_start: Callable[[vhost_dev, bool], int] | None = None
    vhost_backend_can_merge: Callable[[vhost_dev, int, int, int, int], bool] | None = None
    vhost_backend_mem_section_filter: Callable[[vhost_dev, MemoryRegionSection], bool] | None = None
    vhost_set_vring_err: Callable[[vhost_dev, vhost_vring_file], int] | None = None
    vhost_set_vring_enable: Callable[[vhost_dev, int], int] | None = None
    vhost_requires_shm_log: Callable[[vhost_dev], bool] | None = None
    vhost_migration_done: Callable[[vhost_dev, bytes], int] | None = None
    vhost_net_set_mtu: Callable[[vhost_dev, int], int] | None = None
    vhost_get_config: Callable[[vhost_dev, int], tuple[int, bytes]] | None = None
    vhost_set_config: Callable[[vhost_dev, bytes, int, int, int], int] | None = None
    vhost_get_device_id: Callable[[vhost_dev], tuple[int, int]] | None = None

    @property
    def _enc(self) -> str:
        return self.variable


class VhostStatics(Struct):
    """The static variables of hw/virtio/vhost.c."""

    used_memslots: int = 0
    vhost_devices: Seq[vhost_dev] = seq()


vhost_c = per_run(VhostStatics)
