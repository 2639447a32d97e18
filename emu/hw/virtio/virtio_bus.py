"""Between a virtio device and its transport (hw/virtio/virtio-bus.c)."""

from __future__ import annotations

from errno import ENOSYS
from os import strerror
from typing import Any, Final

from emu.hw.core.qdev import qdev_get_dev_path, qdev_get_parent_bus
from emu.hw.core.qdev_core import BUS, BUS_CLASS, DEVICE, TYPE_BUS, DeviceState
from emu.hw.virtio.virtio.bus import (
    TYPE_VIRTIO_BUS,
    VIRTIO_BUS,
    VIRTIO_BUS_GET_CLASS,
    VirtioBusClass,
    VirtioBusState,
    parent_bus,
    virtio_bus_get_device,
)
from emu.hw.virtio.virtio.features import virtio_add_feature, virtio_host_has_feature
from emu.hw.virtio.virtio.kick import virtio_queue_host_notifier_read
from emu.hw.virtio.virtio.queues import virtio_get_queue
from emu.hw.virtio.virtio.status import virtio_reset
from emu.hw.virtio.virtio.structs import VIRTIO_DEVICE_GET_CLASS, VirtIODevice
from emu.qapi.error import error_setg
from emu.qemu.module import type_init
from emu.qom.object import TypeInfo, type_register_static
from emu.qom.parts import Part
from emu.softmmu.physmem import address_space_memory
from emu.standard_headers.linux.virtio_config import VIRTIO_F_IOMMU_PLATFORM
from emu.trace import Buf, Ptr, emulates
from emu.util.error_report import error_report
from emu.util.event_notifier_posix import event_notifier_cleanup, event_notifier_init


def the_device(bus: VirtioBusState) -> VirtIODevice:
    """Return the device on a bus where there must be one."""
    vdev = virtio_bus_get_device(bus)
    assert vdev is not None
    return vdev


@emulates
def virtio_bus_device_plugged(vdev: VirtIODevice) -> None:
    """The device is realized: settle its features, then let the transport show it. Error: transport or device refuses."""
    qbus = parent_bus(vdev)
    bus = VIRTIO_BUS(qbus)
    klass = VIRTIO_BUS_GET_CLASS(bus)
    vdc = VIRTIO_DEVICE_GET_CLASS(vdev)
    has_iommu = virtio_host_has_feature(vdev, VIRTIO_F_IOMMU_PLATFORM)

    if klass.pre_plugged is not None:
        klass.pre_plugged(qbus.parent)
    assert vdc.get_features is not None
    vdev.host_features = vdc.get_features(vdev, vdev.host_features)
    if klass.device_plugged is not None:
        klass.device_plugged(qbus.parent)
    vdev.dma_as = address_space_memory()
    if has_iommu:
        vdev_has_iommu = virtio_host_has_feature(vdev, VIRTIO_F_IOMMU_PLATFORM)
        # offered again whatever the backend said: a driver that does not accept it must fail
        virtio_add_feature(Ptr(vdev, "host_features"), VIRTIO_F_IOMMU_PLATFORM)
        if klass.get_dma_as:
            vdev.dma_as = klass.get_dma_as(qbus.parent)
            if not vdev_has_iommu and vdev.dma_as is not address_space_memory():
                error_setg("iommu_platform=true is not supported by the device")


@emulates
def virtio_bus_reset(bus: VirtioBusState) -> None:
    """Reset the device on a bus."""
    vdev = virtio_bus_get_device(bus)
    virtio_bus_stop_ioeventfd(bus)
    if vdev is not None:
        virtio_reset(vdev)


@emulates
def virtio_bus_device_unplugged(vdev: VirtIODevice) -> None:
    """The device is about to go: let the transport hide it."""
    qbus = parent_bus(vdev)
    klass = VIRTIO_BUS_GET_CLASS(qbus)
    if klass.device_unplugged is not None:
        klass.device_unplugged(qbus.parent)


def virtio_bus_get_vdev_id(bus: VirtioBusState) -> int:
    """Return the virtio device id of the device on a bus."""
    return the_device(bus).device_id


def virtio_bus_get_vdev_config_len(bus: VirtioBusState) -> int:
    """Return how long the configuration of the device on a bus is, in bytes."""
    return the_device(bus).config_len


@emulates
def virtio_bus_get_vdev_bad_features(bus: VirtioBusState) -> int:
    """Return the features to assume of a driver that does not negotiate."""
    vdev = the_device(bus)
    k = VIRTIO_DEVICE_GET_CLASS(vdev)
    return k.bad_features(vdev) if k.bad_features is not None else 0


@emulates
def virtio_bus_get_vdev_config(bus: VirtioBusState, config: Buf) -> None:
    """Have the device on a bus fill in its configuration."""
    vdev = the_device(bus)
    k = VIRTIO_DEVICE_GET_CLASS(vdev)
    if k.get_config is not None:
        k.get_config(vdev, config)


@emulates
def virtio_bus_set_vdev_config(bus: VirtioBusState, config: Buf) -> None:
    """Have the device on a bus take over a configuration."""
    vdev = the_device(bus)
    k = VIRTIO_DEVICE_GET_CLASS(vdev)
    if k.set_config is not None:
        k.set_config(vdev, config)


@emulates
def virtio_bus_grab_ioeventfd(bus: VirtioBusState) -> int:
    """Let vhost have the event notifiers (even with ioeventfd=off); 0 or a negative errno."""
    k = VIRTIO_BUS_GET_CLASS(bus)
    if not k.ioeventfd_assign:
        return -ENOSYS
    if bus.ioeventfd_grabbed == 0 and bus.ioeventfd_started:
        virtio_bus_stop_ioeventfd(bus)
        # for virtio_bus_release_ioeventfd, which starts it again
        bus.ioeventfd_started = True
    bus.ioeventfd_grabbed += 1
    return 0


@emulates
def virtio_bus_release_ioeventfd(bus: VirtioBusState) -> None:
    """Take the event notifiers back from vhost."""
    assert bus.ioeventfd_grabbed != 0
    bus.ioeventfd_grabbed -= 1
    if bus.ioeventfd_grabbed == 0 and bus.ioeventfd_started:
        bus.ioeventfd_started = False
        virtio_bus_start_ioeventfd(bus)


@emulates
def virtio_bus_start_ioeventfd(bus: VirtioBusState) -> int:
    """Have kicks come through event notifiers; 0 or a negative errno."""
    k = VIRTIO_BUS_GET_CLASS(bus)
    parent = BUS(bus).parent
    assert parent is not None
    proxy = DEVICE(parent)
    vdev = the_device(bus)
    vdc = VIRTIO_DEVICE_GET_CLASS(vdev)
    assert k.ioeventfd_enabled is not None
    if not k.ioeventfd_assign or not k.ioeventfd_enabled(proxy):
        return -ENOSYS
    if bus.ioeventfd_started:
        return 0
    if not bus.ioeventfd_grabbed:
        assert vdc.start_ioeventfd is not None
        r = vdc.start_ioeventfd(vdev)
        if r < 0:
            error_report("virtio_bus_start_ioeventfd: failed. Fallback to userspace (slower).")
            return r
    bus.ioeventfd_started = True
    return 0


@emulates
def virtio_bus_stop_ioeventfd(bus: VirtioBusState) -> None:
    """Have kicks reach the device at once again."""
    if not bus.ioeventfd_started:
        return
    if not bus.ioeventfd_grabbed:
        vdev = the_device(bus)
        vdc = VIRTIO_DEVICE_GET_CLASS(vdev)
        assert vdc.stop_ioeventfd is not None
        vdc.stop_ioeventfd(vdev)
    bus.ioeventfd_started = False


@emulates
def virtio_bus_ioeventfd_enabled(bus: VirtioBusState) -> bool:
    """Tell whether kicks may come through event notifiers."""
    k = VIRTIO_BUS_GET_CLASS(bus)
    parent = BUS(bus).parent
    assert parent is not None
    assert k.ioeventfd_enabled is not None
    return bool(k.ioeventfd_assign) and k.ioeventfd_enabled(DEVICE(parent))


@emulates
def virtio_bus_set_host_notifier(bus: VirtioBusState, n: int, assign: bool) -> int:
    """Open or close the host notifier of a queue; 0 or a negative errno."""
    vdev = the_device(bus)
    k = VIRTIO_BUS_GET_CLASS(bus)
    parent = BUS(bus).parent
    assert parent is not None
    proxy = DEVICE(parent)
    vq = virtio_get_queue(vdev, n)
    notifier = vq.host_notifier
    if not k.ioeventfd_assign:
        return -ENOSYS
    r = 0
    if assign:
        r = event_notifier_init(notifier, True)
        if r < 0:
            error_report(f"virtio_bus_set_host_notifier: unable to init event notifier: {strerror(-r)} ({r})")
            return r
        r = k.ioeventfd_assign(proxy, notifier, n, True)
        if r < 0:
            error_report(f"virtio_bus_set_host_notifier: unable to assign ioeventfd: {r}")
            virtio_bus_cleanup_host_notifier(bus, n)
    else:
        k.ioeventfd_assign(proxy, notifier, n, False)
    if r == 0:
        vq.host_notifier_enabled = assign
    return r


@emulates
def virtio_bus_cleanup_host_notifier(bus: VirtioBusState, n: int) -> None:
    """Take the last kick out of a host notifier, and close it."""
    notifier = virtio_get_queue(the_device(bus), n).host_notifier
    virtio_queue_host_notifier_read(notifier)
    event_notifier_cleanup(notifier)


@emulates
def virtio_bus_get_dev_path(dev: DeviceState) -> str | None:
    """Name a virtio device by the path of its transport's device."""
    bus = qdev_get_parent_bus(dev)
    assert bus is not None
    assert bus.parent is not None
    return qdev_get_dev_path(DEVICE(bus.parent))


def virtio_bus_get_fw_dev_path(dev: DeviceState) -> str | None:
    """Return None: a virtio device has no place of its own in a firmware path."""
    return None


@emulates
def virtio_bus_device_iommu_enabled(vdev: VirtIODevice) -> bool:
    """Tell whether the device's DMA goes through an IOMMU."""
    qbus = parent_bus(vdev)
    klass = VIRTIO_BUS_GET_CLASS(qbus)
    return klass.iommu_enabled(qbus.parent) if klass.iommu_enabled else False


@emulates
def virtio_bus_class_init(klass: Part, data: Any) -> None:
    """Class init of ``virtio-bus``."""
    bus_class = BUS_CLASS(klass)
    bus_class.get_dev_path = virtio_bus_get_dev_path
    bus_class.get_fw_dev_path = virtio_bus_get_fw_dev_path


virtio_bus_info: Final = TypeInfo(
    name=TYPE_VIRTIO_BUS,
    parent=TYPE_BUS,
    instance=VirtioBusState,
    abstract=True,
    class_=VirtioBusClass,
    class_init=virtio_bus_class_init,
)


@type_init
@emulates
def virtio_register_types() -> None:
    """Register ``virtio-bus``."""
    type_register_static(virtio_bus_info)
