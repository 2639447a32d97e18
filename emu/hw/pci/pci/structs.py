"""Devices and buses of PCI: structs, constants, casts (include/hw/pci/{pci,pci_bus,pcie,pcie_aer,pcie_sriov}.h)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Final, NamedTuple

from emu.errors import QemuExit
from emu.hw.core.qdev_core import DEVICE
from emu.qapi.error import Error
from emu.qom.parts import Part, caster, class_getter
from emu.softmmu.memory import AddressSpace, MemoryRegion
from emu.trace import Buf, Seq, Struct, embedded, fresh, seq
from emu.util.notify import Notifier

TYPE_PCI_DEVICE: Final = "pci-device"
TYPE_PCI_BUS: Final = "PCI"
TYPE_PCIE_BUS: Final = "PCIE"
TYPE_CXL_BUS: Final = "CXL"
INTERFACE_CXL_DEVICE: Final = "cxl-device"
INTERFACE_PCIE_DEVICE: Final = "pci-express-device"
INTERFACE_CONVENTIONAL_PCI_DEVICE: Final = "conventional-pci-device"

PCI_BUS_MAX: Final = 256
PCI_DEVFN_MAX: Final = 256
PCI_SLOT_MAX: Final = 32
PCI_FUNC_MAX: Final = 8
PCI_NUM_PINS: Final = 4
PCI_ROM_SLOT: Final = 6
PCI_NUM_REGIONS: Final = 7
PCI_BAR_UNMAPPED: Final = (1 << 64) - 1
PCI_HEADER_TYPE_MULTI_FUNCTION: Final = 0x80
PCI_CONFIG_HEADER_SIZE: Final = 0x40
PCI_CONFIG_SPACE_SIZE: Final = 0x100
PCIE_CONFIG_SPACE_SIZE: Final = 0x1000

QEMU_PCI_CAP_MSI: Final = 0x1
QEMU_PCI_CAP_MSIX: Final = 0x2
QEMU_PCI_CAP_EXPRESS: Final = 0x4
QEMU_PCI_CAP_MULTIFUNCTION_BITNR: Final = 3
QEMU_PCI_CAP_MULTIFUNCTION: Final = 1 << QEMU_PCI_CAP_MULTIFUNCTION_BITNR
QEMU_PCI_CAP_SERR_BITNR: Final = 4
QEMU_PCI_CAP_SERR: Final = 1 << QEMU_PCI_CAP_SERR_BITNR
QEMU_PCI_SHPC_BITNR: Final = 5
QEMU_PCI_CAP_SHPC: Final = 1 << QEMU_PCI_SHPC_BITNR
QEMU_PCI_SLOTID_BITNR: Final = 6
QEMU_PCI_CAP_SLOTID: Final = 1 << QEMU_PCI_SLOTID_BITNR
QEMU_PCIE_SLTCAP_PCP_BITNR: Final = 7
QEMU_PCIE_SLTCAP_PCP: Final = 1 << QEMU_PCIE_SLTCAP_PCP_BITNR
QEMU_PCIE_LNKSTA_DLLLA_BITNR: Final = 8
QEMU_PCIE_LNKSTA_DLLLA: Final = 1 << QEMU_PCIE_LNKSTA_DLLLA_BITNR
QEMU_PCIE_EXTCAP_INIT_BITNR: Final = 9
QEMU_PCIE_EXTCAP_INIT: Final = 1 << QEMU_PCIE_EXTCAP_INIT_BITNR
QEMU_PCIE_CXL_BITNR: Final = 10
QEMU_PCIE_CAP_CXL: Final = 1 << QEMU_PCIE_CXL_BITNR

PCI_BUS_IS_ROOT: Final = 0x0001
PCI_BUS_EXTENDED_CONFIG_SPACE: Final = 0x0002
PCI_BUS_CXL: Final = 0x0004

PCI_REQ_ID_INVALID: Final = 0
PCI_REQ_ID_BDF: Final = 1
PCI_REQ_ID_SECONDARY_BUS: Final = 2

QEMU_PCI_VGA_MEM: Final = 0
QEMU_PCI_VGA_IO_LO: Final = 1
QEMU_PCI_VGA_IO_HI: Final = 2
QEMU_PCI_VGA_NUM_REGIONS: Final = 3
QEMU_PCI_VGA_MEM_BASE: Final = 0xA0000
QEMU_PCI_VGA_MEM_SIZE: Final = 0x20000
QEMU_PCI_VGA_IO_LO_BASE: Final = 0x3B0
QEMU_PCI_VGA_IO_LO_SIZE: Final = 0xC
QEMU_PCI_VGA_IO_HI_BASE: Final = 0x3C0
QEMU_PCI_VGA_IO_HI_SIZE: Final = 0x20

PCI_INTX_ENABLED: Final = 0
PCI_INTX_INVERTED: Final = 1
PCI_INTX_DISABLED: Final = 2

ConfigRead = Callable[["PCIDevice", int, int], int]
ConfigWrite = Callable[["PCIDevice", int, int, int], None]
SetIrq = Callable[[Any, int, int], None]
MapIrq = Callable[["PCIDevice", int], int]


def PCI_DEVFN(slot: int, func: int) -> int:
    """Return the number of a function of a slot."""
    return ((slot & 0x1F) << 3) | (func & 0x07)


def PCI_SLOT(devfn: int) -> int:
    """Return the slot of a function."""
    return devfn >> 3 & 0x1F


def PCI_FUNC(devfn: int) -> int:
    """Return a function's number within its slot."""
    return devfn & 0x07


def PCI_BUILD_BDF(bus: int, devfn: int) -> int:
    """Return the 16-bit id of a function on a bus."""
    return bus << 8 | devfn


def PCI_BUS_NUM(bdf: int) -> int:
    """Return the bus of a 16-bit id."""
    return bdf >> 8 & 0xFF


class PCIError(Error):
    """An error of a function that in C also returns ``ret``, a negative errno by which callers tell errors apart."""

    def __init__(self, ret: int, msg: str) -> None:
        super().__init__(msg)
        self.ret = ret


class MSIMessage(NamedTuple):
    """A write that is an interrupt (include/hw/pci/msi.h)."""

    address: int
    data: int


class PCIINTxRoute(NamedTuple):
    """Where an interrupt pin ends."""

    mode: int
    irq: int


class PCIIORegion(Struct):
    """What a base address register stands for. ``addr``: where it is mapped, PCI_BAR_UNMAPPED for nowhere; size in bytes."""

    addr: int = 0
    size: int = 0
    type: int = 0
    memory: MemoryRegion | None = None
    address_space: MemoryRegion | None = None


class PCIIORegions(Seq[PCIIORegion]):
    """``PCIIORegion io_regions[PCI_NUM_REGIONS]``: six BARs and the ROM."""

    def __init__(self) -> None:
        super().__init__(PCIIORegion() for _ in range(PCI_NUM_REGIONS))


class PCIVGARegions(Seq[MemoryRegion | None]):
    """``MemoryRegion *vga_regions[QEMU_PCI_VGA_NUM_REGIONS]``."""

    def __init__(self) -> None:
        super().__init__([None] * QEMU_PCI_VGA_NUM_REGIONS)


class PCIDevices(Seq["PCIDevice | None"]):
    """``PCIDevice *devices[PCI_SLOT_MAX * PCI_FUNC_MAX]``."""

    def __init__(self) -> None:
        super().__init__([None] * (PCI_SLOT_MAX * PCI_FUNC_MAX))


class PCIReqIDCache(Struct):
    """Whose id the requests of a device carry, and which part of it."""

    dev: PCIDevice | None = None
    type: int = PCI_REQ_ID_INVALID


class PCIEAERErr(Struct):
    """A PCI Express error to report (include/hw/pci/pcie_aer.h)."""

    status: int = 0
    source_id: int = 0
    flags: int = 0
    header: tuple[int, ...] = (0, 0, 0, 0)
    prefix: tuple[int, ...] = (0, 0, 0, 0)


class PCIEAERLog(Struct):
    """Errors that were recorded but not read yet, ``log_max`` at most (include/hw/pci/pcie_aer.h)."""

    log_num: int = 0
    log_max: int = 0
    log: Seq[PCIEAERErr] = seq()


class PCIESriovPF(Struct):
    """The physical function's side of SR-IOV (include/hw/pci/pcie_sriov.h)."""

    num_vfs: int = 0
    vfname: str | None = None


class PCIESriovVF(Struct):
    """The virtual function's side of SR-IOV (include/hw/pci/pcie_sriov.h)."""

    pf: PCIDevice | None = None
    vf_number: int = 0


class PCIExpressDevice(Struct):
    """What PCI Express adds to a device: offsets of its capabilities, 0 for none (include/hw/pci/pcie.h)."""

    exp_cap: int = 0
    pm_cap: int = 0
    hpev_notified: bool = False
    aer_cap: int = 0
    aer_log: PCIEAERLog = embedded(PCIEAERLog)
    ats_cap: int = 0
    acs_cap: int = 0
    sriov_cap: int = 0
    sriov_pf: PCIESriovPF = embedded(PCIESriovPF)
    sriov_vf: PCIESriovVF = embedded(PCIESriovVF)


class PCIDeviceClass(Part):
    """What all PCI devices of a class share; ``realize`` is what ``pci_qdev_realize`` calls."""

    SIZE: ClassVar[int] = 232
    realize: Callable[[Any], None] | None = None
    exit: Callable[[Any], None] | None = None
    config_read: ConfigRead | None = None
    config_write: ConfigWrite | None = None
    vendor_id: int = 0
    device_id: int = 0
    revision: int = 0
    class_id: int = 0
    subsystem_vendor_id: int = 0
    subsystem_id: int = 0
    is_bridge: bool = False
    romfile: str | None = None


class PCIDevice(Part):
    """A function on a PCI bus."""

    SIZE: ClassVar[int] = 2608
    partially_hotplugged: bool = False
    has_power: bool = False
    config: Buf
    cmask: Buf
    """Which bits a migration checks."""
    wmask: Buf
    """Which bits the guest may write."""
    w1cmask: Buf
    """Which bits the guest clears by writing 1."""
    used: Buf
    """Which bytes capabilities take: not 0."""
    devfn: int = 0
    requester_id_cache: PCIReqIDCache = embedded(PCIReqIDCache)
    name: str = ""
    io_regions: Seq[PCIIORegion] = fresh(PCIIORegions)
    bus_master_as: AddressSpace = embedded(AddressSpace)
    bus_master_container_region: MemoryRegion | None = None
    bus_master_enable_region: MemoryRegion | None = None
    config_read: ConfigRead | None = None
    config_write: ConfigWrite | None = None
    vga_regions: Seq[MemoryRegion | None] = fresh(PCIVGARegions)
    has_vga: bool = False
    irq_state: int = 0
    cap_present: int = 0
    msix_cap: int = 0
    msix_entries_nr: int = 0
    msix_table: Buf | None = None
    msix_pba: Buf | None = None
    irq_opaque: Any = None
    msi_trigger: Callable[[PCIDevice, MSIMessage], None] | None = None
    msi_prepare_message: Callable[[PCIDevice, int], MSIMessage] | None = None
    msix_prepare_message: Callable[[PCIDevice, int], MSIMessage] | None = None
    msix_exclusive_bar: MemoryRegion | None = None
    msix_table_mmio: MemoryRegion | None = None
    msix_pba_mmio: MemoryRegion | None = None
    msix_entry_used: Seq[int] | None = None
    msix_function_masked: bool = False
    version_id: int = 0
    msi_cap: int = 0
    exp: PCIExpressDevice = embedded(PCIExpressDevice)
    shpc: Any = None
    romfile: str | None = None
    romsize: int = 0
    has_rom: bool = False
    rom: MemoryRegion | None = None
    rom_bar: int = 0
    intx_routing_notifier: Callable[[PCIDevice], None] | None = None
    msix_vector_use_notifier: Callable[[PCIDevice, int, MSIMessage], int] | None = None
    msix_vector_release_notifier: Callable[[PCIDevice, int], None] | None = None
    msix_vector_poll_notifier: Callable[[PCIDevice, int, int], None] | None = None
    failover_pair_id: str | None = None
    acpi_index: int = 0


class PCIBusClass(Part):
    """What all PCI buses of a class share."""

    SIZE: ClassVar[int] = 176
    bus_num: Callable[[PCIBus], int] | None = None
    numa_node: Callable[[PCIBus], int] | None = None


class PCIBus(Part):
    """A PCI bus: its functions by number, where its BARs are mapped, how its interrupts go."""

    SIZE: ClassVar[int] = 2320
    flags: int = 0
    iommu_fn: Callable[[PCIBus, Any, int], AddressSpace] | None = None
    iommu_opaque: Any = None
    devfn_min: int = 0
    slot_reserved_mask: int = 0
    set_irq: SetIrq | None = None
    map_irq: MapIrq | None = None
    route_intx_to_irq: Callable[[Any, int], PCIINTxRoute] | None = None
    irq_opaque: Any = None
    devices: Seq[PCIDevice | None] = fresh(PCIDevices)
    parent_dev: PCIDevice | None = None
    address_space_mem: MemoryRegion | None = None
    address_space_io: MemoryRegion | None = None
    child: Seq[PCIBus] = seq()
    nirq: int = 0
    irq_count: Seq[int] | None = None
    machine_done: Notifier = embedded(Notifier)


PCI_DEVICE = caster(PCIDevice, TYPE_PCI_DEVICE)
PCI_DEVICE_CLASS = caster(PCIDeviceClass, TYPE_PCI_DEVICE)
PCI_DEVICE_GET_CLASS = class_getter(PCIDeviceClass)
PCI_BUS = caster(PCIBus, TYPE_PCI_BUS)
PCI_BUS_CLASS = caster(PCIBusClass, TYPE_PCI_BUS)
PCI_BUS_GET_CLASS = class_getter(PCIBusClass)


SEGFAULT_STATUS: Final = 139
"""Exit status that a shell shows after a crash: 128 + SIGSEGV."""


def pci_get_bus(dev: Part) -> PCIBus:
    """Return the bus that a device is on. QemuExit: it is on none (``realized=on`` among the options), and QEMU crashes."""
    bus = DEVICE(dev).parent_bus
    if bus is None:
        raise QemuExit(SEGFAULT_STATUS)
    return PCI_BUS(bus)


def pci_bus_is_root(bus: PCIBus) -> bool:
    """Tell whether a bus hangs on a host bridge."""
    return bool(bus.flags & PCI_BUS_IS_ROOT)


def pci_bus_is_cxl(bus: PCIBus) -> bool:
    """Tell whether a bus is a CXL bus."""
    return bool(bus.flags & PCI_BUS_CXL)


def pci_is_cxl(d: PCIDevice) -> bool:
    """Tell whether a device is a CXL device."""
    return bool(d.cap_present & QEMU_PCIE_CAP_CXL)


def pci_is_express(d: PCIDevice) -> bool:
    """Tell whether a device is a PCI Express device."""
    return bool(d.cap_present & QEMU_PCI_CAP_EXPRESS)


def pci_is_vf(d: PCIDevice) -> bool:
    """Tell whether a device is a virtual function."""
    return d.exp.sriov_vf.pf is not None


def pci_config_size(d: PCIDevice) -> int:
    """Return the size of a device's configuration space, in bytes."""
    return PCIE_CONFIG_SPACE_SIZE if pci_is_express(d) else PCI_CONFIG_SPACE_SIZE
