"""The root port that belongs to no chipset (hw/pci-bridge/gen_pcie_root_port.c)."""

from __future__ import annotations

from typing import ClassVar, Final

from emu.hw.core.qdev import device_class_set_parent_realize
from emu.hw.core.qdev_core import DEVICE_CLASS, DeviceState
from emu.hw.core.qdev_properties import (
    DEFINE_PROP_BOOL,
    DEFINE_PROP_SIZE,
    DEFINE_PROP_UINT32,
    Property,
    device_class_set_props,
)
from emu.hw.core.qdev_properties_system import DEFINE_PROP_PCIE_LINK_SPEED, DEFINE_PROP_PCIE_LINK_WIDTH
from emu.hw.pci.msix import msix_init_exclusive_bar, msix_uninit_exclusive_bar, msix_vector_use
from emu.hw.pci.pci import (
    PCI_DEVICE,
    PCI_DEVICE_CLASS,
    PCI_DEVICE_GET_CLASS,
    PCIDevice,
    pci_word_test_and_clear_mask,
)
from emu.hw.pci.pci_bridge import PCIResReserve, pci_bridge_qemu_reserve_cap_init
from emu.hw.pci.pci_ids import PCI_DEVICE_ID_REDHAT_PCIE_RP, PCI_VENDOR_ID_REDHAT
from emu.hw.pci.pcie_port import (
    PCIE_ROOT_PORT_CLASS,
    PCIE_ROOT_PORT_GET_CLASS,
    PCIE_SLOT,
    TYPE_PCIE_ROOT_PORT,
    PCIESlot,
)
from emu.hw.pci.pcie_regs import PCI_ERR_SIZEOF
from emu.migration.savevm import MIG_PRI_PCI_BUS, VMStateDescription
from emu.qapi.error import Error
from emu.qapi.qapi_types_common import PCIELinkSpeed, PCIELinkWidth
from emu.qemu.module import type_init
from emu.qom.object import TypeInfo, type_register_static
from emu.qom.parts import Part, caster
from emu.standard_headers.linux.pci_regs import PCI_COMMAND, PCI_COMMAND_IO, PCI_IO_BASE, PCI_IO_LIMIT
from emu.trace import Ptr, embedded, emulates

TYPE_GEN_PCIE_ROOT_PORT: Final = "pcie-root-port"
GEN_PCIE_ROOT_PORT_AER_OFFSET: Final = 0x100
GEN_PCIE_ROOT_PORT_ACS_OFFSET: Final = GEN_PCIE_ROOT_PORT_AER_OFFSET + PCI_ERR_SIZEOF
GEN_PCIE_ROOT_PORT_MSIX_NR_VECTOR: Final = 1
GEN_PCIE_ROOT_DEFAULT_IO_RANGE: Final = 4096
UNSET_32: Final = 0xFFFFFFFF
UNSET_64: Final = 0xFFFF_FFFF_FFFF_FFFF


class GenPCIERootPort(Part):
    """A root port, and what firmware is to keep free behind it."""

    SIZE: ClassVar[int] = 5600
    migrate_msix: bool = False
    res_reserve: PCIResReserve = embedded(PCIResReserve)


GEN_PCIE_ROOT_PORT = caster(GenPCIERootPort, TYPE_GEN_PCIE_ROOT_PORT)


@emulates
def gen_rp_aer_vector(d: PCIDevice) -> int:
    """Return which message tells of errors: the only one."""
    return 0


@emulates
def gen_rp_interrupts_init(d: PCIDevice) -> None:
    """Set one message up. Error: the board takes none."""
    msix_init_exclusive_bar(d, GEN_PCIE_ROOT_PORT_MSIX_NR_VECTOR, 0)
    msix_vector_use(d, 0)


@emulates
def gen_rp_interrupts_uninit(d: PCIDevice) -> None:
    """Undo gen_rp_interrupts_init."""
    msix_uninit_exclusive_bar(d)


@emulates
def gen_rp_realize(dev: DeviceState) -> None:
    """Realize of ``pcie-root-port``: all that PCI devices and root ports do, then what to keep free. Error: that is wrong."""
    d = PCI_DEVICE(dev)
    s = PCIE_SLOT(d)
    grp = GEN_PCIE_ROOT_PORT(d)
    rpc = PCIE_ROOT_PORT_GET_CLASS(d)
    assert rpc.parent_realize is not None
    rpc.parent_realize(dev)
    if grp.res_reserve.io == UNSET_64 and s.hotplug and not s.native_hotplug:
        grp.res_reserve.io = GEN_PCIE_ROOT_DEFAULT_IO_RANGE
    try:
        pci_bridge_qemu_reserve_cap_init(d, 0, grp.res_reserve)
    except Error:
        exit_ = PCI_DEVICE_GET_CLASS(d).exit
        assert exit_ is not None
        exit_(d)
        raise
    if not grp.res_reserve.io:
        pci_word_test_and_clear_mask(d.wmask + PCI_COMMAND, PCI_COMMAND_IO)
        d.wmask[PCI_IO_BASE] = 0
        d.wmask[PCI_IO_LIMIT] = 0


vmstate_rp_dev: Final = VMStateDescription(name="pcie-root-port", priority=MIG_PRI_PCI_BUS, version_id=1, minimum_version_id=1)

gen_rp_props: Final[tuple[Property, ...]] = (
    DEFINE_PROP_BOOL("x-migrate-msix", GenPCIERootPort, "migrate_msix", True),
    DEFINE_PROP_UINT32("bus-reserve", GenPCIERootPort, "res_reserve.bus", UNSET_32),
    DEFINE_PROP_SIZE("io-reserve", GenPCIERootPort, "res_reserve.io", UNSET_64),
    DEFINE_PROP_SIZE("mem-reserve", GenPCIERootPort, "res_reserve.mem_non_pref", UNSET_64),
    DEFINE_PROP_SIZE("pref32-reserve", GenPCIERootPort, "res_reserve.mem_pref_32", UNSET_64),
    DEFINE_PROP_SIZE("pref64-reserve", GenPCIERootPort, "res_reserve.mem_pref_64", UNSET_64),
    DEFINE_PROP_PCIE_LINK_SPEED("x-speed", PCIESlot, "speed", PCIELinkSpeed.SPEED_16),
    DEFINE_PROP_PCIE_LINK_WIDTH("x-width", PCIESlot, "width", PCIELinkWidth.WIDTH_32),
)


@emulates
def gen_rp_dev_class_init(klass: Part, data: object) -> None:
    """Class init of ``pcie-root-port``."""
    dc = DEVICE_CLASS(klass)
    k = PCI_DEVICE_CLASS(klass)
    rpc = PCIE_ROOT_PORT_CLASS(klass)
    k.vendor_id = PCI_VENDOR_ID_REDHAT
    k.device_id = PCI_DEVICE_ID_REDHAT_PCIE_RP
    dc.desc = "PCI Express Root Port"
    dc.vmsd = vmstate_rp_dev
    device_class_set_props(dc, gen_rp_props)
    device_class_set_parent_realize(dc, gen_rp_realize, Ptr(rpc, "parent_realize"))
    rpc.aer_vector = gen_rp_aer_vector
    rpc.interrupts_init = gen_rp_interrupts_init
    rpc.interrupts_uninit = gen_rp_interrupts_uninit
    rpc.aer_offset = GEN_PCIE_ROOT_PORT_AER_OFFSET
    rpc.acs_offset = GEN_PCIE_ROOT_PORT_ACS_OFFSET


gen_rp_dev_info: Final = TypeInfo(
    name=TYPE_GEN_PCIE_ROOT_PORT,
    parent=TYPE_PCIE_ROOT_PORT,
    instance=GenPCIERootPort,
    class_init=gen_rp_dev_class_init,
)


@type_init
@emulates
def gen_rp_register_types() -> None:
    """Register ``pcie-root-port``."""
    type_register_static(gen_rp_dev_info)
