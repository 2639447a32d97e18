"""The switch Rocker as its creation leaves it; what it does with packets is not modelled (hw/net/rocker/rocker.c)."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from emu.hw.core.qdev import DEVICE_CLASS, DeviceCategory, DeviceState
from emu.hw.core.qdev_properties import DEFINE_PROP_ARRAY, DEFINE_PROP_STRING, DEFINE_PROP_UINT64, device_class_set_props
from emu.hw.core.qdev_properties_system import DEFINE_PROP_MACADDR, qdev_prop_netdev
from emu.hw.net.rocker.rocker_fp import ROCKER_FP_PORTS_MAX, FpPort, fp_port_alloc, fp_port_free, fp_port_reset
from emu.hw.pci.msix import msix_init, msix_uninit, msix_vector_unuse, msix_vector_use
from emu.hw.pci.pci import (
    INTERFACE_CONVENTIONAL_PCI_DEVICE,
    PCI_DEVICE,
    PCI_DEVICE_CLASS,
    TYPE_PCI_DEVICE,
    PCIDevice,
    pci_register_bar,
)
from emu.hw.pci.pci_ids import PCI_CLASS_NETWORK_OTHER, PCI_VENDOR_ID_REDHAT
from emu.migration.savevm import VMStateDescription
from emu.net.net import MACAddr, NICPeers
from emu.qapi.error import Error, error_setg
from emu.qemu.module import type_init
from emu.qom.object import OBJECT, ObjectClass, TypeInfo, type_register_static
from emu.qom.parts import Part, caster
from emu.softmmu.memory import DEVICE_LITTLE_ENDIAN, Impl, MemoryRegion, Valid, memory_region_init, memory_region_init_io
from emu.softmmu.unmodelled_ops import unmodelled_ops
from emu.standard_headers.linux.pci_regs import PCI_BASE_ADDRESS_SPACE_MEMORY
from emu.trace import Ptr, Seq, Struct, embedded, emulates, per_run, seq

TYPE_ROCKER: Final = "rocker"
ROCKER_PCI_BAR0_IDX: Final = 0
ROCKER_PCI_BAR0_SIZE: Final = 0x2000
ROCKER_PCI_MSIX_BAR_IDX: Final = 1
ROCKER_PCI_MSIX_BAR_SIZE: Final = 0x2000
ROCKER_PCI_MSIX_TABLE_OFFSET: Final = 0x0000
ROCKER_PCI_MSIX_PBA_OFFSET: Final = 0x1000
WORLDS: Final = ("ofdpa",)
MAX_ROCKER_NAME_LEN: Final = 9
"""What a name may have so that a port's fits an interface's."""
DEFAULT_MACADDR: Final = bytes.fromhex("525400123501")

rocker_mmio_ops: Final = unmodelled_ops(
    "rocker_mmio_ops",
    "hw/net/rocker/rocker.c",
    "rocker_mmio_read",
    "rocker_mmio_write",
    endianness=DEVICE_LITTLE_ENDIAN,
    valid=Valid(4, 8),
    impl=Impl(4, 8),
)


class Rocker(Part):
    """The switch; ``fp_ports`` counts its front panel's ports."""

    SIZE: ClassVar[int] = 3776
    mmio: MemoryRegion | None = None
    msix_bar: MemoryRegion | None = None
    name: str | None = None
    world_name: str | None = None
    fp_start_macaddr: MACAddr = embedded(MACAddr)
    switch_id: int = 0
    fp_ports: int = 0
    fp_ports_peers: Seq[NICPeers] = seq()
    fp_port: Seq[FpPort] = seq()


class RockerStatics(Struct):
    """The static variables of hw/net/rocker/rocker.c."""

    rockers: Seq[Rocker] = seq()
    sw_index: int = 0


ROCKER = caster(Rocker, TYPE_ROCKER)
rocker_statics = per_run(RockerStatics)


def rocker_msix_vec_count(ports: int) -> int:
    """Return the number of vectors: four of the switch, two of each port (ROCKER_MSIX_VEC_COUNT)."""
    return 4 + 2 * ports


@emulates
def rocker_find(name: str) -> Rocker | None:
    """Return the switch of a name."""
    return next((r for r in rocker_statics().rockers if r.name == name), None)


@emulates
def rocker_msix_init(r: Rocker) -> None:
    """Add MSI-X and use all its vectors. Error: it can't be."""
    dev = PCI_DEVICE(r)
    assert r.msix_bar is not None
    count = rocker_msix_vec_count(r.fp_ports)
    bar, index = r.msix_bar, ROCKER_PCI_MSIX_BAR_IDX
    msix_init(dev, count, bar, index, ROCKER_PCI_MSIX_TABLE_OFFSET, bar, index, ROCKER_PCI_MSIX_PBA_OFFSET, 0)
    for i in range(count):
        msix_vector_use(dev, i)


@emulates
def rocker_msix_uninit(r: Rocker) -> None:
    """Take MSI-X away, and then let its vectors go, which are gone: QEMU asserts that they are not."""
    assert r.msix_bar is not None
    msix_uninit(PCI_DEVICE(r), r.msix_bar, r.msix_bar)
    for i in range(rocker_msix_vec_count(r.fp_ports)):
        msix_vector_unuse(PCI_DEVICE(r), i)


def _check_name(r: Rocker) -> None:
    if r.name is None:
        r.name = TYPE_ROCKER

    if rocker_find(r.name) is not None:
        error_setg(f"{r.name} already exists")

    if len(r.name) > MAX_ROCKER_NAME_LEN:
        error_setg(f"name too long; please shorten to at most {MAX_ROCKER_NAME_LEN} chars")


@emulates
def pci_rocker_realize(dev: PCIDevice) -> None:
    """Make the registers, the interrupts and the ports. Error: no such world, or a name that is taken or too long."""
    r = ROCKER(dev)
    own = rocker_statics()

    if r.world_name is None:
        r.world_name = WORLDS[0]
    if r.world_name not in WORLDS:
        error_setg(f"invalid argument requested world {r.world_name} does not exist")

    memory_region_init_io(Ptr(r, "mmio"), OBJECT(r), rocker_mmio_ops, r, "rocker-mmio", ROCKER_PCI_BAR0_SIZE)
    memory_region_init(Ptr(r, "msix_bar"), OBJECT(r), "rocker-msix-bar", ROCKER_PCI_MSIX_BAR_SIZE)
    assert r.mmio is not None
    assert r.msix_bar is not None
    pci_register_bar(dev, ROCKER_PCI_BAR0_IDX, PCI_BASE_ADDRESS_SPACE_MEMORY, r.mmio)
    pci_register_bar(dev, ROCKER_PCI_MSIX_BAR_IDX, PCI_BASE_ADDRESS_SPACE_MEMORY, r.msix_bar)

    rocker_msix_init(r)

    try:
        _check_name(r)
    except Error:
        rocker_msix_uninit(r)
        raise
    assert r.name is not None

    if not any(bytes(r.fp_start_macaddr.a)):
        for i, byte in enumerate(DEFAULT_MACADDR):
            r.fp_start_macaddr.a[i] = byte
        r.fp_start_macaddr.a[4] = r.fp_start_macaddr.a[4] + own.sw_index & 0xFF
        own.sw_index += 1

    if not r.switch_id:
        r.switch_id = int.from_bytes(bytes(r.fp_start_macaddr.a), "little")

    r.fp_ports = min(r.fp_ports, ROCKER_FP_PORTS_MAX)

    for i in range(r.fp_ports):
        r.fp_port.append(fp_port_alloc(r, r.name, r.fp_start_macaddr, i, r.fp_ports_peers[i]))

    own.rockers.insert(0, r)


@emulates
def pci_rocker_uninit(dev: PCIDevice) -> None:
    """Give the switch back."""
    r = ROCKER(dev)
    rocker_statics().rockers.remove(r)

    for port in r.fp_port:
        fp_port_free(port)

    rocker_msix_uninit(r)


@emulates
def rocker_reset(dev: DeviceState) -> None:
    """Reset the ports."""
    for port in ROCKER(dev).fp_port:
        fp_port_reset(port)


rocker_vmsd: Final = VMStateDescription(name="rocker", unmigratable=True)
rocker_properties: Final = (
    DEFINE_PROP_STRING("name", Rocker, "name"),
    DEFINE_PROP_STRING("world", Rocker, "world_name"),
    DEFINE_PROP_MACADDR("fp_start_macaddr", Rocker, "fp_start_macaddr"),
    DEFINE_PROP_UINT64("switch_id", Rocker, "switch_id", 0),
    DEFINE_PROP_ARRAY("ports", Rocker, "fp_ports", "fp_ports_peers", qdev_prop_netdev, NICPeers),
)


@emulates
def rocker_class_init(klass: ObjectClass, data: Any) -> None:
    """Set the ids."""
    dc, k = DEVICE_CLASS(klass), PCI_DEVICE_CLASS(klass)
    k.realize = pci_rocker_realize
    k.exit = pci_rocker_uninit
    k.vendor_id = PCI_VENDOR_ID_REDHAT
    k.device_id = 0x0006
    k.revision = 0x1
    k.class_id = PCI_CLASS_NETWORK_OTHER
    dc.categories |= 1 << DeviceCategory.DEVICE_CATEGORY_NETWORK
    dc.desc = "Rocker Switch"
    dc.reset = rocker_reset
    device_class_set_props(dc, rocker_properties)
    dc.vmsd = rocker_vmsd


rocker_info: Final = TypeInfo(
    name=TYPE_ROCKER,
    parent=TYPE_PCI_DEVICE,
    instance=Rocker,
    class_init=rocker_class_init,
    interfaces=(INTERFACE_CONVENTIONAL_PCI_DEVICE,),
)


@type_init
@emulates
def rocker_register_types() -> None:
    """Register the type."""
    type_register_static(rocker_info)
