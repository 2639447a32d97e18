"""The bridge from PCI Express to conventional PCI (hw/pci-bridge/pcie_pci_bridge.c)."""

from __future__ import annotations

from typing import ClassVar, Final

from emu.hw.core.hotplug import HOTPLUG_HANDLER_CLASS, TYPE_HOTPLUG_HANDLER
from emu.hw.core.qdev_core import DEVICE_CATEGORY_BRIDGE, DEVICE_CLASS, DeviceState
from emu.hw.core.qdev_properties import DEFINE_PROP_ON_OFF_AUTO, Property, device_class_set_props
from emu.hw.pci.msi import msi_init, msi_present, msi_reset, msi_write_config
from emu.hw.pci.pci import (
    INTERFACE_PCIE_DEVICE,
    PCI_DEVICE,
    PCI_DEVICE_CLASS,
    PCI_DEVICE_ID_REDHAT_PCIE_BRIDGE,
    PCI_VENDOR_ID_REDHAT,
    TYPE_PCI_BUS,
    PCIDevice,
    PCIError,
    pci_add_capability,
    pci_register_bar,
    pci_set_word,
)
from emu.hw.pci.pci_bridge import (
    PCI_BRIDGE,
    TYPE_PCI_BRIDGE,
    pci_bridge_exitfn,
    pci_bridge_initfn,
    pci_bridge_reset,
    pci_bridge_write_config,
    sec_bus_of,
)
from emu.hw.pci.pcie import pcie_cap_arifwd_init, pcie_cap_deverr_init, pcie_cap_exit, pcie_cap_init
from emu.hw.pci.pcie_aer import pcie_aer_exit, pcie_aer_init
from emu.hw.pci.pcie_regs import PCI_ERR_SIZEOF, PCI_ERR_VER
from emu.hw.pci.shpc import shpc_bar_size, shpc_cap_write_config, shpc_cleanup, shpc_init, shpc_reset
from emu.hw.pci_bridge.pci_bridge_dev import (
    pci_bridge_dev_plug_cb,
    pci_bridge_dev_unplug_cb,
    pci_bridge_dev_unplug_request_cb,
)
from emu.migration.savevm import MIG_PRI_PCI_BUS, VMStateDescription
from emu.qapi.error import Error
from emu.qapi.qapi_types_common import OnOffAuto
from emu.qemu.module import type_init
from emu.qom.object import TypeInfo, type_register_static
from emu.qom.parts import Part, caster
from emu.softmmu.memory import MemoryRegion, memory_region_init
from emu.standard_headers.linux.pci_regs import (
    PCI_BASE_ADDRESS_MEM_TYPE_64,
    PCI_BASE_ADDRESS_SPACE_MEMORY,
    PCI_CAP_ID_PM,
    PCI_EXP_TYPE_PCI_BRIDGE,
    PCI_INTERRUPT_PIN,
    PCI_PM_PMC,
    PCI_PM_SIZEOF,
)
from emu.trace import Ptr, emulates

TYPE_PCIE_PCI_BRIDGE_DEV: Final = "pcie-pci-bridge"
AER_OFFSET: Final = 0x100
PM_VERSION: Final = 0x3


class PCIEPCIBridge(Part):
    """The bridge, with the BAR of its hot-plug controller."""

    SIZE: ClassVar[int] = 5792
    msi: int = OnOffAuto.AUTO
    shpc_bar: MemoryRegion | None = None


PCIE_PCI_BRIDGE_DEV = caster(PCIEPCIBridge, TYPE_PCIE_PCI_BRIDGE_DEV)


def _bar(pcie_br: PCIEPCIBridge) -> MemoryRegion:
    assert pcie_br.shpc_bar is not None
    return pcie_br.shpc_bar


def _init_msi(d: PCIDevice, msi: int) -> None:
    if msi == OnOffAuto.OFF:
        return
    try:
        msi_init(d, 0, 1, True, True)
    except PCIError:
        if msi == OnOffAuto.ON:
            raise


def _init_capabilities(d: PCIDevice, pcie_br: PCIEPCIBridge) -> None:
    pcie_cap_init(d, 0, PCI_EXP_TYPE_PCI_BRIDGE, 0)
    try:
        pos = pci_add_capability(d, PCI_CAP_ID_PM, 0, PCI_PM_SIZEOF)
        d.exp.pm_cap = pos
        pci_set_word(d.config + pos + PCI_PM_PMC, PM_VERSION)
        pcie_cap_arifwd_init(d)
        pcie_cap_deverr_init(d)
        pcie_aer_init(d, PCI_ERR_VER, AER_OFFSET, PCI_ERR_SIZEOF)
        try:
            _init_msi(d, pcie_br.msi)
        except Error:
            pcie_aer_exit(d)
            raise
    except Error:
        pcie_cap_exit(d)
        raise


@emulates
def pcie_pci_bridge_realize(d: PCIDevice) -> None:
    """Realize of ``pcie-pci-bridge``: a bridge, a hot-plug controller in BAR 0, PCI Express, power, errors, a message.

    Error: ``msi`` is on where it can't be.
    """
    pcie_br = PCIE_PCI_BRIDGE_DEV(d)
    pci_bridge_initfn(d, TYPE_PCI_BUS)
    try:
        d.config[PCI_INTERRUPT_PIN] = 0x1
        memory_region_init(Ptr(pcie_br, "shpc_bar"), d, "shpc-bar", shpc_bar_size(d))
        shpc_init(d, sec_bus_of(PCI_BRIDGE(d)), _bar(pcie_br), 0)
        try:
            _init_capabilities(d, pcie_br)
        except Error:
            shpc_cleanup(d, _bar(pcie_br))
            raise
    except Error:
        pci_bridge_exitfn(d)
        raise
    pci_register_bar(d, 0, PCI_BASE_ADDRESS_SPACE_MEMORY | PCI_BASE_ADDRESS_MEM_TYPE_64, _bar(pcie_br))


@emulates
def pcie_pci_bridge_exit(d: PCIDevice) -> None:
    """Exit of ``pcie-pci-bridge``: undo pcie_pci_bridge_realize."""
    pcie_cap_exit(d)
    shpc_cleanup(d, _bar(PCIE_PCI_BRIDGE_DEV(d)))
    pci_bridge_exitfn(d)


@emulates
def pcie_pci_bridge_reset(qdev: DeviceState) -> None:
    """Reset the bridge and its hot-plug controller."""
    d = PCI_DEVICE(qdev)
    pci_bridge_reset(qdev)
    if msi_present(d):
        msi_reset(d)
    shpc_reset(d)


@emulates
def pcie_pci_bridge_write_config(d: PCIDevice, address: int, val: int, len_: int) -> None:
    """Write the bridge's configuration space."""
    pci_bridge_write_config(d, address, val, len_)
    if msi_present(d):
        msi_write_config(d, address, val, len_)
    shpc_cap_write_config(d, address, val, len_)


pcie_pci_bridge_dev_properties: Final[tuple[Property, ...]] = (
    DEFINE_PROP_ON_OFF_AUTO("msi", PCIEPCIBridge, "msi", OnOffAuto.AUTO),
)

pcie_pci_bridge_dev_vmstate: Final = VMStateDescription(name=TYPE_PCIE_PCI_BRIDGE_DEV, priority=MIG_PRI_PCI_BUS)


@emulates
def pcie_pci_bridge_class_init(klass: Part, data: object) -> None:
    """Class init of ``pcie-pci-bridge``."""
    k = PCI_DEVICE_CLASS(klass)
    dc = DEVICE_CLASS(klass)
    hc = HOTPLUG_HANDLER_CLASS(klass)
    k.is_bridge = True
    k.vendor_id = PCI_VENDOR_ID_REDHAT
    k.device_id = PCI_DEVICE_ID_REDHAT_PCIE_BRIDGE
    k.realize = pcie_pci_bridge_realize
    k.exit = pcie_pci_bridge_exit
    k.config_write = pcie_pci_bridge_write_config
    dc.vmsd = pcie_pci_bridge_dev_vmstate
    device_class_set_props(dc, pcie_pci_bridge_dev_properties)
    dc.reset = pcie_pci_bridge_reset
    dc.categories |= 1 << DEVICE_CATEGORY_BRIDGE
    hc.plug = pci_bridge_dev_plug_cb
    hc.unplug = pci_bridge_dev_unplug_cb
    hc.unplug_request = pci_bridge_dev_unplug_request_cb


pcie_pci_bridge_info: Final = TypeInfo(
    name=TYPE_PCIE_PCI_BRIDGE_DEV,
    parent=TYPE_PCI_BRIDGE,
    instance=PCIEPCIBridge,
    class_init=pcie_pci_bridge_class_init,
    interfaces=(TYPE_HOTPLUG_HANDLER, INTERFACE_PCIE_DEVICE),
)


@type_init
@emulates
def pciepci_register() -> None:
    """Register ``pcie-pci-bridge``."""
    type_register_static(pcie_pci_bridge_info)
