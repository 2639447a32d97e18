"""The structs of the virtio bus (include/hw/virtio/virtio-bus.h), here because virtio.c and virtio-bus.c call each other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Final

from emu.hw.core.qdev import qdev_get_parent_bus
from emu.hw.core.qdev_core import BUS, DEVICE, BusState
from emu.hw.virtio.virtio.structs import VIRTIO_DEVICE, VirtIODevice
from emu.qom.parts import Part, caster, class_getter

TYPE_VIRTIO_BUS: Final = "virtio-bus"


class VirtioBusClass(Part):
    """What a transport implements. Each function takes the transport's device, not the virtio device."""

    SIZE: ClassVar[int] = 344
    notify: Callable[[Any, int], None] | None = None
    save_config: Callable[..., None] | None = None
    save_queue: Callable[..., None] | None = None
    save_extra_state: Callable[..., None] | None = None
    load_config: Callable[..., int] | None = None
    load_queue: Callable[..., int] | None = None
    load_done: Callable[..., int] | None = None
    load_extra_state: Callable[..., int] | None = None
    has_extra_state: Callable[[Any], bool] | None = None
    query_guest_notifiers: Callable[[Any], bool] | None = None
    set_guest_notifiers: Callable[[Any, int, bool], int] | None = None
    set_host_notifier_mr: Callable[[Any, int, Any, bool], int] | None = None
    vmstate_change: Callable[[Any, bool], None] | None = None
    pre_plugged: Callable[[Any], None] | None = None
    device_plugged: Callable[[Any], None] | None = None
    device_unplugged: Callable[[Any], None] | None = None
    query_nvectors: Callable[[Any], int] | None = None
    ioeventfd_enabled: Callable[[Any], bool] | None = None
    ioeventfd_assign: Callable[[Any, Any, int, bool], int] | None = None
    queue_enabled: Callable[[Any, int], bool] | None = None
    has_variable_vring_alignment: bool = False
    get_dma_as: Callable[[Any], Any] | None = None
    iommu_enabled: Callable[[Any], bool] | None = None


class VirtioBusState(Part):
    """A bus with room for one virtio device."""

    SIZE: ClassVar[int] = 128
    ioeventfd_started: bool = False
    ioeventfd_grabbed: int = 0
    """How often vhost has taken the event notifiers over."""


VIRTIO_BUS = caster(VirtioBusState, TYPE_VIRTIO_BUS)
VIRTIO_BUS_CLASS = caster(VirtioBusClass, TYPE_VIRTIO_BUS)
VIRTIO_BUS_GET_CLASS = class_getter(VirtioBusClass)


def virtio_bus_get_device(bus: Part) -> VirtIODevice | None:
    """Return the device on a bus, if there is one (include/hw/virtio/virtio-bus.h)."""
    children = BUS(bus).children
    return VIRTIO_DEVICE(children[0].child) if len(children) else None


def parent_bus(vdev: VirtIODevice) -> BusState:
    """Return the bus that a device sits on, which it does from realize on."""
    qbus = qdev_get_parent_bus(DEVICE(vdev))
    assert qbus is not None
    return qbus
