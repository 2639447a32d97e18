"""The switch Rocker as a type; realizing one is not modelled (hw/net/rocker/rocker.c)."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from emu.errors import NotModelled
from emu.hw.core.qdev import DEVICE_CLASS, DeviceCategory, DeviceState
from emu.hw.core.qdev_properties import DEFINE_PROP_ARRAY, DEFINE_PROP_STRING, DEFINE_PROP_UINT64, device_class_set_props
from emu.hw.core.qdev_properties_system import DEFINE_PROP_MACADDR, qdev_prop_netdev
from emu.hw.pci.pci import INTERFACE_CONVENTIONAL_PCI_DEVICE, PCI_DEVICE_CLASS, TYPE_PCI_DEVICE, PCIDevice
from emu.hw.pci.pci_ids import PCI_CLASS_NETWORK_OTHER, PCI_VENDOR_ID_REDHAT
from emu.migration.savevm import VMStateDescription
from emu.net.net import MACAddr, NICPeers
from emu.qemu.module import type_init
from emu.qom.object import ObjectClass, TypeInfo, type_register_static
from emu.qom.parts import Part, caster
from emu.trace import Seq, embedded, emulates, seq

TYPE_ROCKER: Final = "rocker"


class Rocker(Part):
    """The switch; ``fp_ports`` counts its front panel's ports."""

    SIZE: ClassVar[int] = 3776
    name: str | None = None
    world_name: str | None = None
    fp_start_macaddr: MACAddr = embedded(MACAddr)
    switch_id: int = 0
    fp_ports: int = 0
    fp_ports_peers: Seq[NICPeers] = seq()


ROCKER = caster(Rocker, TYPE_ROCKER)


@emulates
def pci_rocker_realize(dev: PCIDevice) -> None:
    """Make the switch. NotModelled: always."""
    raise NotModelled("the switch rocker")


@emulates(modelled=False)
def pci_rocker_uninit(dev: PCIDevice) -> None:
    """Give the switch back."""


@emulates(modelled=False)
def rocker_reset(dev: DeviceState) -> None:
    """Reset the switch."""


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
