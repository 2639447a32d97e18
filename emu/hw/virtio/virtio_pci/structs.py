"""The structs of virtio over PCI (include/hw/virtio/virtio-pci.h)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from emu.hw.virtio.virtio.bus import VirtioBusState
from emu.hw.virtio.virtio.structs import VIRTIO_QUEUE_MAX, Sparse
from emu.qapi.qapi_types_common import OnOffAuto
from emu.qom.object.structs import InstanceInit
from emu.qom.parts import Part, caster, class_getter
from emu.softmmu.memory import MemoryRegion
from emu.trace import Struct, embedded, emulates, fresh

TYPE_VIRTIO_PCI: Final = "virtio-pci"
TYPE_VIRTIO_PCI_BUS: Final = "virtio-pci-bus"

VIRTIO_PCI_FLAG_BUS_MASTER_BUG_MIGRATION_BIT: Final = 0
VIRTIO_PCI_FLAG_USE_IOEVENTFD_BIT: Final = 1
VIRTIO_PCI_FLAG_MIGRATE_EXTRA_BIT: Final = 2
VIRTIO_PCI_FLAG_MODERN_PIO_NOTIFY_BIT: Final = 3
VIRTIO_PCI_FLAG_DISABLE_PCIE_BIT: Final = 4
VIRTIO_PCI_FLAG_PAGE_PER_VQ_BIT: Final = 5
VIRTIO_PCI_FLAG_ATS_BIT: Final = 6
VIRTIO_PCI_FLAG_INIT_DEVERR_BIT: Final = 7
VIRTIO_PCI_FLAG_INIT_LNKCTL_BIT: Final = 8
VIRTIO_PCI_FLAG_INIT_PM_BIT: Final = 9
VIRTIO_PCI_FLAG_INIT_FLR_BIT: Final = 10
VIRTIO_PCI_FLAG_AER_BIT: Final = 11
VIRTIO_PCI_FLAG_ATS_PAGE_ALIGNED_BIT: Final = 12

VIRTIO_PCI_FLAG_BUS_MASTER_BUG_MIGRATION: Final = 1 << VIRTIO_PCI_FLAG_BUS_MASTER_BUG_MIGRATION_BIT
VIRTIO_PCI_FLAG_USE_IOEVENTFD: Final = 1 << VIRTIO_PCI_FLAG_USE_IOEVENTFD_BIT
VIRTIO_PCI_FLAG_MIGRATE_EXTRA: Final = 1 << VIRTIO_PCI_FLAG_MIGRATE_EXTRA_BIT
VIRTIO_PCI_FLAG_MODERN_PIO_NOTIFY: Final = 1 << VIRTIO_PCI_FLAG_MODERN_PIO_NOTIFY_BIT
VIRTIO_PCI_FLAG_DISABLE_PCIE: Final = 1 << VIRTIO_PCI_FLAG_DISABLE_PCIE_BIT
VIRTIO_PCI_FLAG_PAGE_PER_VQ: Final = 1 << VIRTIO_PCI_FLAG_PAGE_PER_VQ_BIT
VIRTIO_PCI_FLAG_ATS: Final = 1 << VIRTIO_PCI_FLAG_ATS_BIT
VIRTIO_PCI_FLAG_INIT_DEVERR: Final = 1 << VIRTIO_PCI_FLAG_INIT_DEVERR_BIT
VIRTIO_PCI_FLAG_INIT_LNKCTL: Final = 1 << VIRTIO_PCI_FLAG_INIT_LNKCTL_BIT
VIRTIO_PCI_FLAG_INIT_PM: Final = 1 << VIRTIO_PCI_FLAG_INIT_PM_BIT
VIRTIO_PCI_FLAG_INIT_FLR: Final = 1 << VIRTIO_PCI_FLAG_INIT_FLR_BIT
VIRTIO_PCI_FLAG_AER: Final = 1 << VIRTIO_PCI_FLAG_AER_BIT
VIRTIO_PCI_FLAG_ATS_PAGE_ALIGNED: Final = 1 << VIRTIO_PCI_FLAG_ATS_PAGE_ALIGNED_BIT

QEMU_VIRTIO_PCI_QUEUE_MEM_MULT: Final = 0x1000


class VirtioPCIClass(Part):
    """The class of virtio-pci devices: the third ``realize`` of the chain, and the first one's predecessor."""

    SIZE: ClassVar[int] = 248
    parent_dc_realize: Callable[[Any], None] | None = None
    realize: Callable[[VirtIOPCIProxy], None] | None = None


class VirtIOPCIRegion(Struct):
    """A structure of virtio 1 in a BAR. ``offset`` and ``size`` in bytes, ``type``: VIRTIO_PCI_CAP_*_CFG."""

    mr: MemoryRegion | None = None
    offset: int = 0
    size: int = 0
    type: int = 0


class VirtIOPCIQueue(Struct):
    """What a virtio 1 driver has written of a queue. Addresses: low and high 32 bits."""

    num: int = 0
    enabled: bool = False
    reset: bool = False
    desc: tuple[int, int] = (0, 0)
    avail: tuple[int, int] = (0, 0)
    used: tuple[int, int] = (0, 0)


class VirtIOPCIQueues(Sparse[VirtIOPCIQueue]):
    """``VirtIOPCIQueue vqs[VIRTIO_QUEUE_MAX]``."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(VIRTIO_QUEUE_MAX, lambda _: VirtIOPCIQueue())


class VirtIOPCIProxy(Part):
    """A PCI device with a virtio bus on it: the transport's side of a virtio device."""

    SIZE: ClassVar[int] = 33744
    bar: MemoryRegion | None = None
    """BAR 0 of a legacy or transitional device."""
    common: VirtIOPCIRegion = embedded(VirtIOPCIRegion)
    isr: VirtIOPCIRegion = embedded(VirtIOPCIRegion)
    device: VirtIOPCIRegion = embedded(VirtIOPCIRegion)
    notify: VirtIOPCIRegion = embedded(VirtIOPCIRegion)
    notify_pio: VirtIOPCIRegion = embedded(VirtIOPCIRegion)
    modern_bar: MemoryRegion | None = None
    io_bar: MemoryRegion | None = None
    legacy_io_bar_idx: int = 0
    msix_bar_idx: int = 0
    modern_io_bar_idx: int = 0
    modern_mem_bar_idx: int = 0
    config_cap: int = 0
    flags: int = 0
    disable_modern: bool = False
    ignore_backend_features: bool = False
    disable_legacy: int = OnOffAuto.AUTO
    class_code: int = 0
    nvectors: int = 0
    dfselect: int = 0
    gfselect: int = 0
    guest_features: tuple[int, int] = (0, 0)
    vqs: Sparse[VirtIOPCIQueue] = fresh(VirtIOPCIQueues)
    nvqs_with_notifiers: int = 0
    bus: VirtioBusState | None = None


VIRTIO_PCI = caster(VirtIOPCIProxy, TYPE_VIRTIO_PCI)
VIRTIO_PCI_CLASS = caster(VirtioPCIClass, TYPE_VIRTIO_PCI)
VIRTIO_PCI_GET_CLASS = class_getter(VirtioPCIClass)


@dataclass(frozen=True, slots=True, kw_only=True)
class VirtioPCIDeviceTypeInfo:
    """What virtio_pci_types_register makes up to four types of. ``instance``: the struct that they add to VirtIOPCIProxy."""

    variable: str
    """The name of QEMU's static variable."""
    base_name: str | None = None
    generic_name: str | None = None
    transitional_name: str | None = None
    non_transitional_name: str | None = None
    parent: str | None = None
    instance: type[Part] | None = None
    class_: type[Part] | None = None
    instance_init: InstanceInit | None = None
    instance_finalize: InstanceInit | None = None
    class_init: Callable[[Any, Any], None] | None = None
    interfaces: tuple[str, ...] = ()

    @property
    def _enc(self) -> str:
        return self.variable


def regs(proxy: VirtIOPCIProxy) -> tuple[VirtIOPCIRegion, ...]:
    """Return the five structures as the array that they also are (``proxy->regs``)."""
    return proxy.common, proxy.isr, proxy.device, proxy.notify, proxy.notify_pio


def the_bus(proxy: VirtIOPCIProxy) -> VirtioBusState:
    """Return ``&proxy->bus``."""
    assert proxy.bus is not None
    return proxy.bus


@emulates
def virtio_pci_modern(proxy: VirtIOPCIProxy) -> bool:
    """Tell whether the device has the interface of virtio 1."""
    return not proxy.disable_modern


@emulates
def virtio_pci_legacy(proxy: VirtIOPCIProxy) -> bool:
    """Tell whether the device has the interface from before virtio 1."""
    return proxy.disable_legacy == OnOffAuto.OFF


@emulates
def virtio_pci_force_virtio_1(proxy: VirtIOPCIProxy) -> None:
    """Leave the device only the interface of virtio 1."""
    proxy.disable_modern = False
    proxy.disable_legacy = int(OnOffAuto.ON)


@emulates
def virtio_pci_disable_modern(proxy: VirtIOPCIProxy) -> None:
    """Take the interface of virtio 1 away."""
    proxy.disable_modern = True


@emulates
def virtio_pci_queue_mem_mult(proxy: VirtIOPCIProxy) -> int:
    """Return how far apart the notify addresses of two queues are, in bytes: a page each with page-per-vq."""
    return QEMU_VIRTIO_PCI_QUEUE_MEM_MULT if proxy.flags & VIRTIO_PCI_FLAG_PAGE_PER_VQ else 4
