"""The structs of virtio (include/hw/virtio/virtio.h, hw/virtio/virtio.c)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, ClassVar, Final, TypeAlias, TypeVar

from emu.qom.parts import Part, caster, class_getter
from emu.softmmu.memory import AddressSpace, MemoryListener
from emu.standard_headers.linux.virtio_config import VIRTIO_F_ANY_LAYOUT, VIRTIO_F_NOTIFY_ON_EMPTY
from emu.trace import Buf, Seq, Struct, embedded, g_free, seq
from emu.util.event_notifier_posix import EventNotifier

T = TypeVar("T", bound=Struct)

TYPE_VIRTIO_DEVICE: Final = "virtio-device"

VIRTIO_F_BAD_FEATURE: Final = 30
"""No guest accepts this bit; one that does has not negotiated."""
VIRTIO_LEGACY_FEATURES: Final = 1 << VIRTIO_F_BAD_FEATURE | 1 << VIRTIO_F_NOTIFY_ON_EMPTY | 1 << VIRTIO_F_ANY_LAYOUT

VIRTQUEUE_MAX_SIZE: Final = 1024
VIRTIO_QUEUE_MAX: Final = 1024
VIRTIO_NO_VECTOR: Final = 0xFFFF

VIRTIO_DEVICE_ENDIAN_UNKNOWN: Final = 0
VIRTIO_DEVICE_ENDIAN_LITTLE: Final = 1
VIRTIO_DEVICE_ENDIAN_BIG: Final = 2


class Sparse(Seq[T]):
    """An allocated C array of structs. An element comes into being when it is first touched, those before it with it.

    C allocates all 1024 queues of a device at once; here those that nobody touched would only be in the way.
    """

    __slots__ = ("make", "size")

    def __init__(self, size: int, make: Callable[[int], T]) -> None:
        super().__init__()
        self.size = size
        self.make = make

    def __getitem__(self, at: int) -> T:
        if not 0 <= at < self.size:
            raise IndexError(f"{at} is outside of {self.size} elements")
        while len(self) <= at:
            self.append(self.make(len(self)))
        return super().__getitem__(at)

    def peek(self, at: int) -> T | None:
        """Return an element that was touched before, else None. Nothing comes into being."""
        return super().__getitem__(at) if 0 <= at < len(self) else None


def g_free_array(array: Seq[T] | None) -> None:
    """Give the memory of an array of structs back (``g_free`` of its first element)."""
    for item in array if array is not None else ():
        g_free(item)


class FeatureWord(Struct):
    """A ``uint64_t`` of feature bits that is a local variable, so that one can see who changed it."""

    value: int = 0


class VRingMemoryRegionCaches(Struct):
    """Guest memory that the rings of a queue lie in, mapped once (hw/virtio/virtio.c). Address and size, in bytes."""

    desc: tuple[int, int] = (0, 0)
    avail: tuple[int, int] = (0, 0)
    used: tuple[int, int] = (0, 0)


class VRing(Struct):
    """Where a queue lies in guest memory, and how long it is."""

    num: int = 0
    num_default: int = 0
    align: int = 0
    desc: int = 0
    avail: int = 0
    used: int = 0
    caches: VRingMemoryRegionCaches | None = None


class VirtQueueElement(Struct):
    """A chain of buffers that the guest made available."""

    index: int = 0
    len_: int = 0
    ndescs: int = 0
    out_num: int = 0
    in_num: int = 0
    in_sg: tuple[tuple[int, int], ...] = ()
    """Address and size of each buffer that the device may write."""
    out_sg: tuple[tuple[int, int], ...] = ()
    """Address and size of each buffer that the device may read."""


class VirtQueue(Struct):
    """One queue of a device."""

    vring: VRing = embedded(VRing)
    used_elems: Sparse[VirtQueueElement] | None = None
    last_avail_idx: int = 0
    last_avail_wrap_counter: bool = False
    shadow_avail_idx: int = 0
    shadow_avail_wrap_counter: bool = False
    used_idx: int = 0
    used_wrap_counter: bool = False
    signalled_used: int = 0
    signalled_used_valid: bool = False
    notification: bool = False
    queue_index: int = 0
    inuse: int = 0
    vector: int = 0
    handle_output: VirtIOHandleOutput | None = None
    vdev: VirtIODevice | None = None
    guest_notifier: EventNotifier = embedded(EventNotifier)
    host_notifier: EventNotifier = embedded(EventNotifier)
    host_notifier_enabled: bool = False


class VirtQueueList(Struct):
    """The queues that share an MSI-X vector, the last one assigned first."""

    queues: Seq[VirtQueue] = seq()


class VirtIODevice(Part):
    """A virtio device, whatever its transport."""

    SIZE: ClassVar[int] = 512
    name: str | None = None
    status: int = 0
    isr: int = 0
    queue_sel: int = 0
    guest_features: int = 0
    host_features: int = 0
    backend_features: int = 0
    config_len: int = 0
    config: Buf | None = None
    config_vector: int = 0
    generation: int = 0
    nvectors: int = 0
    vq: Sparse[VirtQueue] | None = None
    listener: MemoryListener = embedded(MemoryListener)
    device_id: int = 0
    vm_running: bool = False
    broken: bool = False
    use_disabled_flag: bool = False
    disabled: bool = False
    use_started: bool = False
    started: bool = False
    start_on_kick: bool = False
    disable_legacy_check: bool = False
    vhost_started: bool = False
    vmstate: Any = None
    bus_name: str | None = None
    device_endian: int = VIRTIO_DEVICE_ENDIAN_UNKNOWN
    use_guest_notifier_mask: bool = False
    dma_as: AddressSpace | None = None
    vector_queues: Sparse[VirtQueueList] | None = None
    device_iotlb_enabled: bool = False


VirtIOHandleOutput: TypeAlias = Callable[[VirtIODevice, VirtQueue], None]


class VirtioDeviceClass(Part):
    """What a virtio device implements."""

    SIZE: ClassVar[int] = 376
    realize: Callable[[Any], None] | None = None
    unrealize: Callable[[Any], None] | None = None
    get_features: Callable[[VirtIODevice, int], int] | None = None
    bad_features: Callable[[VirtIODevice], int] | None = None
    set_features: Callable[[VirtIODevice, int], None] | None = None
    validate_features: Callable[[VirtIODevice], int] | None = None
    get_config: Callable[[VirtIODevice, Buf], None] | None = None
    set_config: Callable[[VirtIODevice, Buf], None] | None = None
    reset: Callable[[VirtIODevice], None] | None = None
    set_status: Callable[[VirtIODevice, int], None] | None = None
    queue_reset: Callable[[VirtIODevice, int], None] | None = None
    queue_enable: Callable[[VirtIODevice, int], None] | None = None
    legacy_features: int = 0
    guest_notifier_pending: Callable[[VirtIODevice, int], bool] | None = None
    guest_notifier_mask: Callable[[VirtIODevice, int, bool], None] | None = None
    start_ioeventfd: Callable[[VirtIODevice], int] | None = None
    stop_ioeventfd: Callable[[VirtIODevice], None] | None = None
    pre_load_queues: Callable[[VirtIODevice, int], int] | None = None
    save: Callable[..., None] | None = None
    load: Callable[..., int] | None = None
    post_load: Callable[[VirtIODevice], int] | None = None
    vmsd: Any = None
    primary_unplug_pending: Callable[[Any], bool] | None = None
    get_vhost: Callable[[VirtIODevice], Any] | None = None
    toggle_device_iotlb: Callable[[VirtIODevice], None] | None = None


VIRTIO_DEVICE = caster(VirtIODevice, TYPE_VIRTIO_DEVICE)
VIRTIO_DEVICE_CLASS = caster(VirtioDeviceClass, TYPE_VIRTIO_DEVICE)
VIRTIO_DEVICE_GET_CLASS = class_getter(VirtioDeviceClass)


def queues_of(vdev: VirtIODevice) -> Iterator[tuple[int, VirtQueue]]:
    """Return the queues that have a size, with their numbers."""
    for n, vq in enumerate(vdev.vq if vdev.vq is not None else ()):
        if vq.vring.num:
            yield n, vq
