"""The structures of virtio 1 in BAR 4: common, ISR, device, notify (hw/virtio/virtio-pci.c; virtio 1.2, 4.1.4)."""

from __future__ import annotations

from typing import Final

from emu.hw.core.qdev_core import DEVICE
from emu.hw.virtio.virtio import (
    VIRTIO_DEVICE_GET_CLASS,
    VIRTIO_QUEUE_MAX,
    VirtIODevice,
    queues_of,
    virtio_bus_get_device,
    virtio_config_modern_readb,
    virtio_config_modern_readl,
    virtio_config_modern_readw,
    virtio_config_modern_writeb,
    virtio_config_modern_writel,
    virtio_config_modern_writew,
    virtio_error,
    virtio_queue_enable,
    virtio_queue_get_num,
    virtio_queue_notify,
    virtio_queue_reset,
    virtio_queue_set_num,
    virtio_queue_set_rings,
    virtio_queue_vector,
    virtio_set_features,
    virtio_set_status,
)
from emu.hw.virtio.virtio_bus import virtio_bus_start_ioeventfd, virtio_bus_stop_ioeventfd
from emu.hw.virtio.virtio_pci.reset import virtio_pci_reset
from emu.hw.virtio.virtio_pci.structs import VirtIOPCIProxy, VirtIOPCIQueue, the_bus, virtio_pci_queue_mem_mult
from emu.hw.virtio.virtio_pci.vectors import choose_config_vector, choose_queue_vector, read_isr
from emu.softmmu.memory import DEVICE_LITTLE_ENDIAN, Impl, MemoryRegionOps
from emu.standard_headers.linux import virtio_pci
from emu.standard_headers.linux.virtio_config import VIRTIO_CONFIG_S_DRIVER_OK
from emu.trace import emulates

UINT64_MAX: Final = (1 << 64) - 1

ADDRESSES: Final = {
    virtio_pci.VIRTIO_PCI_COMMON_Q_DESCLO: ("desc", 0),
    virtio_pci.VIRTIO_PCI_COMMON_Q_DESCHI: ("desc", 1),
    virtio_pci.VIRTIO_PCI_COMMON_Q_AVAILLO: ("avail", 0),
    virtio_pci.VIRTIO_PCI_COMMON_Q_AVAILHI: ("avail", 1),
    virtio_pci.VIRTIO_PCI_COMMON_Q_USEDLO: ("used", 0),
    virtio_pci.VIRTIO_PCI_COMMON_Q_USEDHI: ("used", 1),
}
"""Register -> which ring of the selected queue, and which half of its address."""


def joined(halves: tuple[int, int]) -> int:
    """Return the number whose low and high 32 bits are given."""
    return halves[1] << 32 | halves[0]


def with_half(halves: tuple[int, int], at: int, val: int) -> tuple[int, int]:
    """Return the halves with one of them replaced."""
    val &= 0xFFFFFFFF
    return (val, halves[1]) if at == 0 else (halves[0], val)


@emulates
def virtio_pci_common_read(proxy: VirtIOPCIProxy, addr: int, size: int) -> int:
    """Read the common configuration (virtio 1.2, 4.1.4.3). ``addr`` must be a register's first byte; elsewhere 0."""
    vdev = virtio_bus_get_device(the_bus(proxy))
    if vdev is None:
        return UINT64_MAX
    # the class itself has the zeros that a queue reads as which nobody wrote yet
    queue = proxy.vqs.peek(vdev.queue_sel) or VirtIOPCIQueue
    match addr:
        case virtio_pci.VIRTIO_PCI_COMMON_DFSELECT:
            return proxy.dfselect
        case virtio_pci.VIRTIO_PCI_COMMON_DF if proxy.dfselect <= 1:
            vdc = VIRTIO_DEVICE_GET_CLASS(vdev)
            return (vdev.host_features & ~vdc.legacy_features) >> 32 * proxy.dfselect & 0xFFFFFFFF
        case virtio_pci.VIRTIO_PCI_COMMON_GFSELECT:
            return proxy.gfselect
        case virtio_pci.VIRTIO_PCI_COMMON_GF if proxy.gfselect <= 1:
            return proxy.guest_features[proxy.gfselect]
        case virtio_pci.VIRTIO_PCI_COMMON_MSIX:
            return vdev.config_vector
        case virtio_pci.VIRTIO_PCI_COMMON_NUMQ:
            return max((n + 1 for n, _ in queues_of(vdev)), default=0)
        case virtio_pci.VIRTIO_PCI_COMMON_STATUS:
            return vdev.status
        case virtio_pci.VIRTIO_PCI_COMMON_CFGGENERATION:
            return vdev.generation
        case virtio_pci.VIRTIO_PCI_COMMON_Q_SELECT:
            return vdev.queue_sel
        case virtio_pci.VIRTIO_PCI_COMMON_Q_SIZE:
            return virtio_queue_get_num(vdev, vdev.queue_sel)
        case virtio_pci.VIRTIO_PCI_COMMON_Q_MSIX:
            return virtio_queue_vector(vdev, vdev.queue_sel)
        case virtio_pci.VIRTIO_PCI_COMMON_Q_ENABLE:
            return int(queue.enabled)
        case virtio_pci.VIRTIO_PCI_COMMON_Q_NOFF:
            # the queues lie in order
            return vdev.queue_sel
        case virtio_pci.VIRTIO_PCI_COMMON_Q_RESET:
            return int(queue.reset)
    if addr in ADDRESSES:
        ring, half = ADDRESSES[addr]
        halves: tuple[int, int] = getattr(queue, ring)
        return halves[half]
    return 0


@emulates
def virtio_pci_common_write(proxy: VirtIOPCIProxy, addr: int, val: int, size: int) -> None:
    """Write the common configuration (virtio 1.2, 4.1.4.3). ``addr`` must be a register's first byte."""
    bus = the_bus(proxy)
    vdev = virtio_bus_get_device(bus)
    if vdev is None:
        return
    match addr:
        case virtio_pci.VIRTIO_PCI_COMMON_DFSELECT:
            proxy.dfselect = val
        case virtio_pci.VIRTIO_PCI_COMMON_GFSELECT:
            proxy.gfselect = val
        case virtio_pci.VIRTIO_PCI_COMMON_GF if proxy.gfselect <= 1:
            proxy.guest_features = with_half(proxy.guest_features, proxy.gfselect, val)
            virtio_set_features(vdev, joined(proxy.guest_features))
        case virtio_pci.VIRTIO_PCI_COMMON_MSIX:
            choose_config_vector(proxy, vdev, val)
        case virtio_pci.VIRTIO_PCI_COMMON_STATUS:
            if not val & VIRTIO_CONFIG_S_DRIVER_OK:
                virtio_bus_stop_ioeventfd(bus)
            virtio_set_status(vdev, val & 0xFF)
            if val & VIRTIO_CONFIG_S_DRIVER_OK:
                virtio_bus_start_ioeventfd(bus)
            if vdev.status == 0:
                virtio_pci_reset(DEVICE(proxy))
        case virtio_pci.VIRTIO_PCI_COMMON_Q_SELECT:
            if val < VIRTIO_QUEUE_MAX:
                vdev.queue_sel = val
        case virtio_pci.VIRTIO_PCI_COMMON_Q_MSIX:
            choose_queue_vector(proxy, vdev, val)
        case _:
            write_queue(proxy, vdev, addr, val)


def write_queue(proxy: VirtIOPCIProxy, vdev: VirtIODevice, addr: int, val: int) -> None:
    """Write a register of the selected queue: the rest of virtio_pci_common_write."""
    match addr:
        case virtio_pci.VIRTIO_PCI_COMMON_Q_SIZE:
            queue = proxy.vqs[vdev.queue_sel]
            queue.num = val & 0xFFFF
            virtio_queue_set_num(vdev, vdev.queue_sel, queue.num)
        case virtio_pci.VIRTIO_PCI_COMMON_Q_ENABLE:
            if val != 1:
                virtio_error(vdev, f"wrong value for queue_enable {val:x}")
                return
            queue = proxy.vqs[vdev.queue_sel]
            virtio_queue_set_num(vdev, vdev.queue_sel, queue.num)
            virtio_queue_set_rings(vdev, vdev.queue_sel, joined(queue.desc), joined(queue.avail), joined(queue.used))
            queue.enabled = True
            queue.reset = False
            virtio_queue_enable(vdev, vdev.queue_sel)
        case virtio_pci.VIRTIO_PCI_COMMON_Q_RESET:
            if val == 1:
                queue = proxy.vqs[vdev.queue_sel]
                queue.reset = True
                virtio_queue_reset(vdev, vdev.queue_sel)
                queue.reset = False
                queue.enabled = False
    if addr in ADDRESSES:
        ring, half = ADDRESSES[addr]
        queue = proxy.vqs[vdev.queue_sel]
        setattr(queue, ring, with_half(getattr(queue, ring), half, val))


@emulates
def virtio_pci_notify_read(proxy: VirtIOPCIProxy, addr: int, size: int) -> int:
    """Read a notify address: nothing is to be learnt there."""
    return 0 if virtio_bus_get_device(the_bus(proxy)) is not None else UINT64_MAX


@emulates
def virtio_pci_notify_write(proxy: VirtIOPCIProxy, addr: int, val: int, size: int) -> None:
    """The driver kicks the queue that an address belongs to (virtio 1.2, 4.1.4.4); the value does not matter."""
    vdev = virtio_bus_get_device(the_bus(proxy))
    queue = addr // virtio_pci_queue_mem_mult(proxy)
    if vdev is not None and queue < VIRTIO_QUEUE_MAX:
        virtio_queue_notify(vdev, queue)


@emulates
def virtio_pci_notify_write_pio(proxy: VirtIOPCIProxy, addr: int, val: int, size: int) -> None:
    """The driver kicks the queue whose number it writes to the I/O port (modern-pio-notify)."""
    vdev = virtio_bus_get_device(the_bus(proxy))
    if vdev is not None and val < VIRTIO_QUEUE_MAX:
        virtio_queue_notify(vdev, val)


@emulates
def virtio_pci_isr_read(proxy: VirtIOPCIProxy, addr: int, size: int) -> int:
    """Read the ISR, which clears it (virtio 1.2, 4.1.4.5)."""
    vdev = virtio_bus_get_device(the_bus(proxy))
    return read_isr(proxy, vdev) if vdev is not None else UINT64_MAX


@emulates
def virtio_pci_isr_write(proxy: VirtIOPCIProxy, addr: int, val: int, size: int) -> None:
    """Write the ISR: it is read-only."""


@emulates
def virtio_pci_device_read(proxy: VirtIOPCIProxy, addr: int, size: int) -> int:
    """Read the device's own configuration (virtio 1.2, 4.1.4.6). ``size`` in bytes."""
    vdev = virtio_bus_get_device(the_bus(proxy))
    if vdev is None:
        return UINT64_MAX
    return {1: virtio_config_modern_readb, 2: virtio_config_modern_readw, 4: virtio_config_modern_readl}[size](vdev, addr)


@emulates
def virtio_pci_device_write(proxy: VirtIOPCIProxy, addr: int, val: int, size: int) -> None:
    """Write the device's own configuration (virtio 1.2, 4.1.4.6). ``size`` in bytes."""
    vdev = virtio_bus_get_device(the_bus(proxy))
    if vdev is None:
        return
    {1: virtio_config_modern_writeb, 2: virtio_config_modern_writew, 4: virtio_config_modern_writel}[size](vdev, addr, val)


_IMPL: Final = Impl(min_access_size=1, max_access_size=4)
common_ops: Final = MemoryRegionOps(
    name="common_ops", read=virtio_pci_common_read, write=virtio_pci_common_write, impl=_IMPL, endianness=DEVICE_LITTLE_ENDIAN
)
isr_ops: Final = MemoryRegionOps(
    name="isr_ops", read=virtio_pci_isr_read, write=virtio_pci_isr_write, impl=_IMPL, endianness=DEVICE_LITTLE_ENDIAN
)
device_ops: Final = MemoryRegionOps(
    name="device_ops", read=virtio_pci_device_read, write=virtio_pci_device_write, impl=_IMPL, endianness=DEVICE_LITTLE_ENDIAN
)
notify_ops: Final = MemoryRegionOps(
    name="notify_ops", read=virtio_pci_notify_read, write=virtio_pci_notify_write, impl=_IMPL, endianness=DEVICE_LITTLE_ENDIAN
)
notify_pio_ops: Final = MemoryRegionOps(
    name="notify_pio_ops",
    read=virtio_pci_notify_read,
    write=virtio_pci_notify_write_pio,
    impl=_IMPL,
    endianness=DEVICE_LITTLE_ENDIAN,
)
