"""The ICH9 bridge to conventional PCI (hw/pci-bridge/i82801b11.c)."""

from __future__ import annotations

from typing import ClassVar, Final

from emu.hw.core.qdev_core import DEVICE_CATEGORY_BRIDGE, DEVICE_CLASS
from emu.hw.pci.pci import (
    INTERFACE_CONVENTIONAL_PCI_DEVICE,
    PCI_DEVICE_CLASS,
    PCI_VENDOR_ID_INTEL,
    TYPE_PCI_BUS,
    PCIDevice,
    pci_config_set_prog_interface,
)
from emu.hw.pci.pci_bridge import (
    TYPE_PCI_BRIDGE,
    pci_bridge_exitfn,
    pci_bridge_initfn,
    pci_bridge_reset,
    pci_bridge_ssvid_init,
    pci_bridge_write_config,
)
from emu.hw.pci.pci_ids import PCI_CLASS_BRIDGE_PCI_INF_SUB, PCI_DEVICE_ID_INTEL_82801BA_11
from emu.migration.savevm import MIG_PRI_PCI_BUS, VMStateDescription
from emu.qapi.error import Error
from emu.qemu.module import type_init
from emu.qom.object import TypeInfo, type_register_static
from emu.qom.parts import Part
from emu.trace import emulates

I82801BA_SSVID_OFFSET: Final = 0x50
I82801BA_SSVID_SVID: Final = 0
I82801BA_SSVID_SSID: Final = 0
ICH9_D2P_A2_REVISION: Final = 0x92


class I82801b11Bridge(Part):
    """The bridge; it adds nothing."""

    SIZE: ClassVar[int] = 5504


@emulates
def i82801b11_bridge_realize(d: PCIDevice) -> None:
    """Realize of ``i82801b11-bridge``."""
    pci_bridge_initfn(d, TYPE_PCI_BUS)
    try:
        pci_bridge_ssvid_init(d, I82801BA_SSVID_OFFSET, I82801BA_SSVID_SVID, I82801BA_SSVID_SSID)
    except Error:
        pci_bridge_exitfn(d)
        raise
    pci_config_set_prog_interface(d.config, PCI_CLASS_BRIDGE_PCI_INF_SUB)


i82801b11_bridge_dev_vmstate: Final = VMStateDescription(name="i82801b11_bridge", priority=MIG_PRI_PCI_BUS)


@emulates
def i82801b11_bridge_class_init(klass: Part, data: object) -> None:
    """Class init of ``i82801b11-bridge``."""
    k = PCI_DEVICE_CLASS(klass)
    dc = DEVICE_CLASS(klass)
    k.is_bridge = True
    k.vendor_id = PCI_VENDOR_ID_INTEL
    k.device_id = PCI_DEVICE_ID_INTEL_82801BA_11
    k.revision = ICH9_D2P_A2_REVISION
    k.realize = i82801b11_bridge_realize
    k.config_write = pci_bridge_write_config
    dc.vmsd = i82801b11_bridge_dev_vmstate
    dc.reset = pci_bridge_reset
    dc.categories |= 1 << DEVICE_CATEGORY_BRIDGE


i82801b11_bridge_info: Final = TypeInfo(
    name="i82801b11-bridge",
    parent=TYPE_PCI_BRIDGE,
    instance=I82801b11Bridge,
    class_init=i82801b11_bridge_class_init,
    interfaces=(INTERFACE_CONVENTIONAL_PCI_DEVICE,),
)


@type_init
@emulates
def d2pbr_register() -> None:
    """Register ``i82801b11-bridge``."""
    type_register_static(i82801b11_bridge_info)
