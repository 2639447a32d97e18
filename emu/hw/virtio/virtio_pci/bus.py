"""The bus between a virtio PCI device and its virtio device: what the transport does for it (hw/virtio/virtio-pci.c)."""

from __future__ import annotations

from typing import Any, Final

from emu.errors import NotModelled
from emu.hw.core.qdev_core import BUS_CLASS, DeviceState
from emu.hw.pci.pci import (
    PCI_DEVICE,
    pci_default_write_config,
    pci_device_iommu_address_space,
    pci_get_address_space,
)
from emu.hw.virtio.virtio import (
    TYPE_VIRTIO_BUS,
    VIRTIO_BUS_CLASS,
    VIRTIO_QUEUE_MAX,
    VirtioBusClass,
    VirtioBusState,
    virtio_get_queue,
    virtio_get_queue_index,
    virtio_queue_enabled_legacy,
    virtio_vdev_has_feature,
)
from emu.hw.virtio.virtio_bus import the_device, virtio_bus_start_ioeventfd, virtio_bus_stop_ioeventfd
from emu.hw.virtio.virtio_pci.device import virtio_pci_info
from emu.hw.virtio.virtio_pci.plug import virtio_pci_device_plugged, virtio_pci_device_unplugged, virtio_pci_pre_plugged
from emu.hw.virtio.virtio_pci.structs import (
    TYPE_VIRTIO_PCI_BUS,
    VIRTIO_PCI,
    VIRTIO_PCI_FLAG_BUS_MASTER_BUG_MIGRATION,
    VIRTIO_PCI_FLAG_MIGRATE_EXTRA,
    VIRTIO_PCI_FLAG_MODERN_PIO_NOTIFY,
    VIRTIO_PCI_FLAG_USE_IOEVENTFD,
    the_bus,
    virtio_pci_legacy,
    virtio_pci_modern,
    virtio_pci_queue_mem_mult,
)
from emu.hw.virtio.virtio_pci.vectors import (
    virtio_pci_notify,
    virtio_pci_query_guest_notifiers,
    virtio_pci_query_nvectors,
    virtio_pci_set_guest_notifiers,
)
from emu.qemu.module import type_init
from emu.qom.object import TypeInfo, type_register_static
from emu.qom.parts import Part
from emu.softmmu.memory import (
    AddressSpace,
    MemoryRegion,
    memory_region_add_eventfd,
    memory_region_add_subregion_overlap,
    memory_region_del_eventfd,
    memory_region_del_subregion,
    memory_region_size,
)
from emu.softmmu.physmem import address_space_memory
from emu.standard_headers.linux.pci_regs import PCI_COMMAND, PCI_COMMAND_MASTER
from emu.standard_headers.linux.virtio_config import VIRTIO_CONFIG_S_DRIVER, VIRTIO_F_VERSION_1
from emu.standard_headers.linux.virtio_pci import VIRTIO_PCI_QUEUE_NOTIFY
from emu.trace import emulates
from emu.util.event_notifier_posix import EventNotifier


@emulates
def virtio_pci_save_config(d: DeviceState, f: object) -> None:
    """Save for migration."""
    raise NotModelled("migration")


@emulates
def virtio_pci_load_config(d: DeviceState, f: object) -> int:
    """Load from migration."""
    raise NotModelled("migration")


@emulates
def virtio_pci_save_queue(d: DeviceState, n: int, f: object) -> None:
    """Save a queue for migration."""
    raise NotModelled("migration")


@emulates
def virtio_pci_load_queue(d: DeviceState, n: int, f: object) -> int:
    """Load a queue from migration."""
    raise NotModelled("migration")


@emulates
def virtio_pci_save_extra_state(d: DeviceState, f: object) -> None:
    """Save the registers of virtio 1 for migration."""
    raise NotModelled("migration")


@emulates
def virtio_pci_load_extra_state(d: DeviceState, f: object) -> int:
    """Load the registers of virtio 1 from migration."""
    raise NotModelled("migration")


def virtio_pci_has_extra_state(d: DeviceState) -> bool:
    """Tell whether the registers of virtio 1 migrate."""
    return bool(VIRTIO_PCI(d).flags & VIRTIO_PCI_FLAG_MIGRATE_EXTRA)


def virtio_pci_ioeventfd_enabled(d: DeviceState) -> bool:
    """Tell whether kicks may come through event notifiers (``ioeventfd``)."""
    return bool(VIRTIO_PCI(d).flags & VIRTIO_PCI_FLAG_USE_IOEVENTFD)


@emulates
def virtio_pci_ioeventfd_assign(d: DeviceState, notifier: EventNotifier, n: int, assign: bool) -> int:
    """Tie the kick of a queue to an event notifier, or untie it, in each BAR that has one; always 0."""
    proxy = VIRTIO_PCI(d)
    vq = virtio_get_queue(the_device(the_bus(proxy)), n)
    legacy = virtio_pci_legacy(proxy)
    modern = virtio_pci_modern(proxy)
    modern_addr = virtio_pci_queue_mem_mult(proxy) * virtio_get_queue_index(vq)
    change = memory_region_add_eventfd if assign else memory_region_del_eventfd
    if modern:
        assert proxy.notify.mr is not None
        # KVM would take a kick of any length; here it has two bytes
        change(proxy.notify.mr, modern_addr, 2, False, n, notifier)
        if proxy.flags & VIRTIO_PCI_FLAG_MODERN_PIO_NOTIFY:
            assert proxy.notify_pio.mr is not None
            change(proxy.notify_pio.mr, 0, 2, True, n, notifier)
    if legacy:
        assert proxy.bar is not None
        change(proxy.bar, VIRTIO_PCI_QUEUE_NOTIFY, 2, True, n, notifier)
    return 0


@emulates
def virtio_pci_set_host_notifier_mr(d: DeviceState, n: int, mr: MemoryRegion, assign: bool) -> int:
    """Lay memory of a backend over the notify address of a queue; -1 if it does not fit."""
    proxy = VIRTIO_PCI(d)
    if n >= VIRTIO_QUEUE_MAX or not virtio_pci_modern(proxy) or virtio_pci_queue_mem_mult(proxy) != memory_region_size(mr):
        return -1
    assert proxy.notify.mr is not None
    if assign:
        memory_region_add_subregion_overlap(proxy.notify.mr, virtio_pci_queue_mem_mult(proxy) * n, mr, 1)
    else:
        memory_region_del_subregion(proxy.notify.mr, mr)
    return 0


@emulates
def virtio_pci_vmstate_change(d: DeviceState, running: bool) -> None:
    """The machine starts or stops, and with it the event notifiers."""
    proxy = VIRTIO_PCI(d)
    bus = the_bus(proxy)
    if not running:
        virtio_bus_stop_ioeventfd(bus)
        return
    pci_dev = PCI_DEVICE(proxy)
    if (
        proxy.flags & VIRTIO_PCI_FLAG_BUS_MASTER_BUG_MIGRATION
        and the_device(bus).status & VIRTIO_CONFIG_S_DRIVER
        and not pci_dev.config[PCI_COMMAND] & PCI_COMMAND_MASTER
    ):
        # old versions did not enable bus mastering when the status was written
        pci_default_write_config(pci_dev, PCI_COMMAND, pci_dev.config[PCI_COMMAND] | PCI_COMMAND_MASTER, 1)
    virtio_bus_start_ioeventfd(bus)


@emulates
def virtio_pci_get_dma_as(d: DeviceState) -> AddressSpace:
    """Return the address space that the PCI device reaches."""
    return pci_get_address_space(PCI_DEVICE(VIRTIO_PCI(d)))


@emulates
def virtio_pci_iommu_enabled(d: DeviceState) -> bool:
    """Tell whether an IOMMU stands between the PCI device and memory."""
    return pci_device_iommu_address_space(PCI_DEVICE(VIRTIO_PCI(d))) is not address_space_memory()


@emulates
def virtio_pci_queue_enabled(d: DeviceState, n: int) -> bool:
    """Tell whether the driver has enabled a queue."""
    proxy = VIRTIO_PCI(d)
    vdev = the_device(the_bus(proxy))
    if virtio_vdev_has_feature(vdev, VIRTIO_F_VERSION_1):
        queue = proxy.vqs.peek(n)
        return queue is not None and queue.enabled
    return virtio_queue_enabled_legacy(vdev, n)


@emulates
def virtio_pci_bus_class_init(klass: Part, data: Any) -> None:
    """Class init of ``virtio-pci-bus``: a bus for one device."""
    bus_class = BUS_CLASS(klass)
    k = VIRTIO_BUS_CLASS(klass)
    bus_class.max_dev = 1
    k.notify = virtio_pci_notify
    k.save_config = virtio_pci_save_config
    k.load_config = virtio_pci_load_config
    k.save_queue = virtio_pci_save_queue
    k.load_queue = virtio_pci_load_queue
    k.save_extra_state = virtio_pci_save_extra_state
    k.load_extra_state = virtio_pci_load_extra_state
    k.has_extra_state = virtio_pci_has_extra_state
    k.query_guest_notifiers = virtio_pci_query_guest_notifiers
    k.set_guest_notifiers = virtio_pci_set_guest_notifiers
    k.set_host_notifier_mr = virtio_pci_set_host_notifier_mr
    k.vmstate_change = virtio_pci_vmstate_change
    k.pre_plugged = virtio_pci_pre_plugged
    k.device_plugged = virtio_pci_device_plugged
    k.device_unplugged = virtio_pci_device_unplugged
    k.query_nvectors = virtio_pci_query_nvectors
    k.ioeventfd_enabled = virtio_pci_ioeventfd_enabled
    k.ioeventfd_assign = virtio_pci_ioeventfd_assign
    k.get_dma_as = virtio_pci_get_dma_as
    k.iommu_enabled = virtio_pci_iommu_enabled
    k.queue_enabled = virtio_pci_queue_enabled


virtio_pci_bus_info: Final = TypeInfo(
    name=TYPE_VIRTIO_PCI_BUS,
    parent=TYPE_VIRTIO_BUS,
    instance_size=VirtioBusState.SIZE,
    class_size=VirtioBusClass.SIZE,
    class_init=virtio_pci_bus_class_init,
)


@type_init
@emulates
def virtio_pci_register_types() -> None:
    """Register ``virtio-pci-bus`` and ``virtio-pci``."""
    type_register_static(virtio_pci_bus_info)
    type_register_static(virtio_pci_info)
