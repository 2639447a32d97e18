"""Up to four types for one device: base, generic, transitional, non-transitional (hw/virtio/virtio-pci.c)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from emu.hw.core.qdev_core import DEVICE_CLASS
from emu.hw.core.qdev_properties import DEFINE_PROP_BOOL, DEFINE_PROP_ON_OFF_AUTO, device_class_set_props
from emu.hw.pci.pci import INTERFACE_CONVENTIONAL_PCI_DEVICE, INTERFACE_PCIE_DEVICE
from emu.hw.virtio.virtio_pci.structs import TYPE_VIRTIO_PCI, VIRTIO_PCI, VirtioPCIDeviceTypeInfo, VirtIOPCIProxy
from emu.qapi.qapi_types_common import OnOffAuto
from emu.qom.object import TypeInfo, type_register
from emu.qom.parts import Part
from emu.trace import emulates

virtio_pci_generic_properties: Final = (
    DEFINE_PROP_ON_OFF_AUTO("disable-legacy", VirtIOPCIProxy, "disable_legacy", OnOffAuto.AUTO),
    DEFINE_PROP_BOOL("disable-modern", VirtIOPCIProxy, "disable_modern", False),
)


@emulates
def virtio_pci_base_class_init(klass: Part, data: Any) -> None:
    """Class init of base types: that of the device."""
    t: VirtioPCIDeviceTypeInfo = data
    if t.class_init:
        t.class_init(klass, None)


@emulates
def virtio_pci_generic_class_init(klass: Part, data: Any) -> None:
    """Class init of generic types: ``disable-legacy`` and ``disable-modern``, which the other two do not have."""
    device_class_set_props(DEVICE_CLASS(klass), virtio_pci_generic_properties)


@emulates
def virtio_pci_transitional_instance_init(obj: Part) -> None:
    """Instance init of transitional types: both interfaces."""
    proxy = VIRTIO_PCI(obj)
    proxy.disable_legacy = int(OnOffAuto.OFF)
    proxy.disable_modern = False


@emulates
def virtio_pci_non_transitional_instance_init(obj: Part) -> None:
    """Instance init of non-transitional types: virtio 1 alone."""
    proxy = VIRTIO_PCI(obj)
    proxy.disable_legacy = int(OnOffAuto.ON)
    proxy.disable_modern = False


@emulates
def virtio_pci_types_register(t: VirtioPCIDeviceTypeInfo) -> None:
    """Register the types of one device. Transitional ones are for conventional PCI alone: they need I/O ports."""
    base_type_info = TypeInfo(
        name=t.base_name or "",
        parent=t.parent or TYPE_VIRTIO_PCI,
        instance=t.instance,
        instance_init=t.instance_init,
        instance_finalize=t.instance_finalize,
        class_=t.class_,
        abstract=True,
        interfaces=t.interfaces,
    )
    generic_type_info = TypeInfo(
        name=t.generic_name or "",
        parent=base_type_info.name,
        class_init=virtio_pci_generic_class_init,
        interfaces=(INTERFACE_PCIE_DEVICE, INTERFACE_CONVENTIONAL_PCI_DEVICE),
    )
    if not t.base_name:
        # a base type in between gives the single type its generic properties
        assert not t.non_transitional_name
        assert not t.transitional_name
        base_name = f"{t.generic_name}-base-type"
        base_type_info = replace(base_type_info, name=base_name, class_init=virtio_pci_generic_class_init)
        generic_type_info = replace(generic_type_info, parent=base_name, class_init=virtio_pci_base_class_init, class_data=t)
    else:
        base_type_info = replace(base_type_info, class_init=virtio_pci_base_class_init, class_data=t)

    type_register(base_type_info)
    if generic_type_info.name:
        type_register(generic_type_info)
    if t.non_transitional_name:
        type_register(
            TypeInfo(
                name=t.non_transitional_name,
                parent=base_type_info.name,
                instance_init=virtio_pci_non_transitional_instance_init,
                interfaces=(INTERFACE_PCIE_DEVICE, INTERFACE_CONVENTIONAL_PCI_DEVICE),
            )
        )
    if t.transitional_name:
        type_register(
            TypeInfo(
                name=t.transitional_name,
                parent=base_type_info.name,
                instance_init=virtio_pci_transitional_instance_init,
                interfaces=(INTERFACE_CONVENTIONAL_PCI_DEVICE,),
            )
        )
