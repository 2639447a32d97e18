"""Interrupts: the line, MSI-X vectors, guest notifiers (hw/virtio/virtio-pci.c; virtio 1.2, 4.1.4.5 and 4.1.5.1)."""

from __future__ import annotations

from emu.hw.core.qdev_core import DeviceState
from emu.hw.pci.msix import (
    msix_enabled,
    msix_is_masked,
    msix_notify,
    msix_set_pending,
    msix_set_vector_notifiers,
    msix_unset_vector_notifiers,
    msix_vector_unuse,
    msix_vector_use,
)
from emu.hw.pci.pci import PCI_DEVICE, PCIDevice, pci_irq_deassert, pci_irq_disabled, pci_set_irq
from emu.hw.virtio.virtio import (
    VIRTIO_DEVICE_GET_CLASS,
    VIRTIO_NO_VECTOR,
    VIRTIO_QUEUE_MAX,
    VirtIODevice,
    queues_of_vector,
    virtio_get_queue,
    virtio_queue_get_num,
    virtio_queue_set_guest_notifier_fd_handler,
    virtio_queue_set_vector,
    virtio_queue_vector,
)
from emu.hw.virtio.virtio_bus import the_device
from emu.hw.virtio.virtio_pci.structs import VIRTIO_PCI, VirtIOPCIProxy, the_bus
from emu.trace import emulates
from emu.util.event_notifier_posix import (
    event_notifier_cleanup,
    event_notifier_init,
    event_notifier_set,
    event_notifier_test_and_clear,
)

# C has a second way for each of these functions, KVM's irqfd; there is no KVM here.


@emulates
def virtio_pci_notify(d: DeviceState, vector: int) -> None:
    """Interrupt the guest: by a message with MSI-X, else by the line."""
    proxy = VIRTIO_PCI(d)
    pci_dev = PCI_DEVICE(proxy)
    if msix_enabled(pci_dev):
        if vector != VIRTIO_NO_VECTOR:
            msix_notify(pci_dev, vector)
    else:
        pci_set_irq(pci_dev, the_device(the_bus(proxy)).isr & 1)


def read_isr(proxy: VirtIOPCIProxy, vdev: VirtIODevice) -> int:
    """Return the ISR, which reading clears; the interrupt line goes down."""
    val = vdev.isr
    vdev.isr = 0
    pci_irq_deassert(PCI_DEVICE(proxy))
    return val


def used_vector(proxy: VirtIOPCIProxy, old: int, new: int) -> int:
    """Change from one vector to another; VIRTIO_NO_VECTOR, which tells the driver, if the new one does not exist."""
    pci_dev = PCI_DEVICE(proxy)
    if old != VIRTIO_NO_VECTOR:
        msix_vector_unuse(pci_dev, old)
    if new >= proxy.nvectors:
        return VIRTIO_NO_VECTOR
    msix_vector_use(pci_dev, new)
    return new


def choose_config_vector(proxy: VirtIOPCIProxy, vdev: VirtIODevice, val: int) -> None:
    """The driver chooses the vector for configuration changes."""
    vdev.config_vector = used_vector(proxy, vdev.config_vector, val)


def choose_queue_vector(proxy: VirtIOPCIProxy, vdev: VirtIODevice, val: int) -> None:
    """The driver chooses the vector of the selected queue."""
    vector = used_vector(proxy, virtio_queue_vector(vdev, vdev.queue_sel), val)
    virtio_queue_set_vector(vdev, vdev.queue_sel, vector)


@emulates
def virtio_pci_query_nvectors(d: DeviceState) -> int:
    """Return how many vectors the device asks for."""
    return VIRTIO_PCI(d).nvectors


@emulates
def virtio_pci_query_guest_notifiers(d: DeviceState) -> bool:
    """Tell whether vhost may interrupt by itself: not while the interrupt line is in use."""
    pci_dev = PCI_DEVICE(VIRTIO_PCI(d))
    return bool(msix_enabled(pci_dev) or pci_irq_disabled(pci_dev))


@emulates
def virtio_pci_vq_vector_unmask(proxy: VirtIOPCIProxy, queue_no: int, vector: int, msg: object) -> int:
    """A vector is unmasked: let a queue of it interrupt."""
    vdev = the_device(the_bus(proxy))
    k = VIRTIO_DEVICE_GET_CLASS(vdev)
    if vdev.use_guest_notifier_mask and k.guest_notifier_mask:
        k.guest_notifier_mask(vdev, queue_no, False)
        if k.guest_notifier_pending and k.guest_notifier_pending(vdev, queue_no):
            event_notifier_set(virtio_get_queue(vdev, queue_no).guest_notifier)
    return 0


@emulates
def virtio_pci_vq_vector_mask(proxy: VirtIOPCIProxy, queue_no: int, vector: int) -> None:
    """A vector is masked: keep a queue of it from interrupting."""
    vdev = the_device(the_bus(proxy))
    k = VIRTIO_DEVICE_GET_CLASS(vdev)
    if vdev.use_guest_notifier_mask and k.guest_notifier_mask:
        k.guest_notifier_mask(vdev, queue_no, True)


def notified_queues(proxy: VirtIOPCIProxy, vector: int) -> list[int]:
    """Return the queues of a vector that have guest notifiers."""
    vdev = the_device(the_bus(proxy))
    found = []
    for vq in queues_of_vector(vdev, vector):
        if not virtio_queue_get_num(vdev, vq.queue_index):
            break
        if vq.queue_index < proxy.nvqs_with_notifiers:
            found.append(vq.queue_index)
    return found


@emulates
def virtio_pci_vector_unmask(dev: PCIDevice, vector: int, msg: object) -> int:
    """Vector notifier: a vector is unmasked."""
    proxy = VIRTIO_PCI(dev)
    for index in notified_queues(proxy, vector):
        virtio_pci_vq_vector_unmask(proxy, index, vector, msg)
    return 0


@emulates
def virtio_pci_vector_mask(dev: PCIDevice, vector: int) -> None:
    """Vector notifier: a vector is masked."""
    proxy = VIRTIO_PCI(dev)
    for index in notified_queues(proxy, vector):
        virtio_pci_vq_vector_mask(proxy, index, vector)


@emulates
def virtio_pci_vector_poll(dev: PCIDevice, vector_start: int, vector_end: int) -> None:
    """Vector notifier: bring the pending bits of masked vectors up to date."""
    proxy = VIRTIO_PCI(dev)
    vdev = the_device(the_bus(proxy))
    k = VIRTIO_DEVICE_GET_CLASS(vdev)
    for queue_no in range(proxy.nvqs_with_notifiers):
        if not virtio_queue_get_num(vdev, queue_no):
            break
        vector = virtio_queue_vector(vdev, queue_no)
        if vector < vector_start or vector >= vector_end or not msix_is_masked(dev, vector):
            continue
        if k.guest_notifier_pending:
            if k.guest_notifier_pending(vdev, queue_no):
                msix_set_pending(dev, vector)
        elif event_notifier_test_and_clear(virtio_get_queue(vdev, queue_no).guest_notifier):
            msix_set_pending(dev, vector)


@emulates
def virtio_pci_set_guest_notifier(d: DeviceState, n: int, assign: bool, with_irqfd: bool) -> int:
    """Open or close the guest notifier of a queue; 0 or a negative errno."""
    proxy = VIRTIO_PCI(d)
    vdev = the_device(the_bus(proxy))
    vdc = VIRTIO_DEVICE_GET_CLASS(vdev)
    vq = virtio_get_queue(vdev, n)
    if assign:
        r = event_notifier_init(vq.guest_notifier, False)
        if r < 0:
            return r
        virtio_queue_set_guest_notifier_fd_handler(vq, True, with_irqfd)
    else:
        virtio_queue_set_guest_notifier_fd_handler(vq, False, with_irqfd)
        event_notifier_cleanup(vq.guest_notifier)
    if not msix_enabled(PCI_DEVICE(proxy)) and vdev.use_guest_notifier_mask and vdc.guest_notifier_mask:
        vdc.guest_notifier_mask(vdev, n, not assign)
    return 0


@emulates
def virtio_pci_set_guest_notifiers(d: DeviceState, nvqs: int, assign: bool) -> int:
    """Open or close the guest notifiers of the first ``nvqs`` queues, for vhost; 0 or a negative errno."""
    proxy = VIRTIO_PCI(d)
    pci_dev = PCI_DEVICE(proxy)
    vdev = the_device(the_bus(proxy))
    k = VIRTIO_DEVICE_GET_CLASS(vdev)
    nvqs = min(nvqs, VIRTIO_QUEUE_MAX)
    if not assign and not proxy.nvqs_with_notifiers:
        return 0
    assert assign or nvqs == proxy.nvqs_with_notifiers
    proxy.nvqs_with_notifiers = nvqs
    if k.guest_notifier_mask and not assign:
        msix_unset_vector_notifiers(pci_dev)
    r, n = 0, 0
    while n < nvqs and virtio_queue_get_num(vdev, n):
        r = virtio_pci_set_guest_notifier(d, n, assign, False)
        if r < 0:
            break
        n += 1
    if r == 0 and k.guest_notifier_mask and assign:
        r = msix_set_vector_notifiers(pci_dev, virtio_pci_vector_unmask, virtio_pci_vector_mask, virtio_pci_vector_poll)
    if r < 0:
        assert assign
        for done in reversed(range(n)):
            virtio_pci_set_guest_notifier(d, done, not assign, False)
    return min(r, 0)
