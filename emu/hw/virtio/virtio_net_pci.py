"""The virtio network card on PCI (hw/virtio/virtio-net-pci.c)."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from emu.hw.core.qdev import qdev_realize
from emu.hw.core.qdev_core import BUS, DEVICE, DEVICE_CATEGORY_NETWORK, DEVICE_CLASS
from emu.hw.core.qdev_properties import DEFINE_PROP_BIT, DEFINE_PROP_UINT32, device_class_set_props
from emu.hw.net.virtio_net import TYPE_VIRTIO_NET, VIRTIO_NET, VirtIONet, virtio_net_set_netclient_name
from emu.hw.pci.pci import PCI_DEVICE_CLASS
from emu.hw.pci.pci_ids import PCI_CLASS_NETWORK_ETHERNET, PCI_DEVICE_ID_VIRTIO_NET, PCI_VENDOR_ID_REDHAT_QUMRANET
from emu.hw.virtio.virtio import virtio_instance_init_common
from emu.hw.virtio.virtio_pci import (
    VIRTIO_PCI_CLASS,
    VIRTIO_PCI_FLAG_USE_IOEVENTFD_BIT,
    VirtioPCIDeviceTypeInfo,
    VirtIOPCIProxy,
    virtio_pci_types_register,
)
from emu.qemu.module import type_init
from emu.qom.object import OBJECT, object_get_typename, object_property_add_alias
from emu.qom.parts import Part, caster
from emu.standard_headers.linux.virtio_pci import VIRTIO_PCI_ABI_VERSION
from emu.trace import Ptr, emulates

TYPE_VIRTIO_NET_PCI: Final = "virtio-net-pci-base"
DEV_NVECTORS_UNSPECIFIED: Final = 0xFFFFFFFF


class VirtIONetPCI(Part):
    """The PCI device with the network device inside it."""

    SIZE: ClassVar[int] = 43008
    vdev: VirtIONet | None = None


VIRTIO_NET_PCI = caster(VirtIONetPCI, TYPE_VIRTIO_NET_PCI)

virtio_net_properties: Final = (
    DEFINE_PROP_BIT("ioeventfd", VirtIOPCIProxy, "flags", VIRTIO_PCI_FLAG_USE_IOEVENTFD_BIT, True),
    DEFINE_PROP_UINT32("vectors", VirtIOPCIProxy, "nvectors", DEV_NVECTORS_UNSPECIFIED),
)


@emulates
def virtio_net_pci_realize(vpci_dev: VirtIOPCIProxy) -> None:
    """VirtioPCIClass.realize: as many vectors as queues, and two; then realize the network device. Error: it refuses."""
    qdev = DEVICE(vpci_dev)
    dev = VIRTIO_NET_PCI(vpci_dev)
    assert dev.vdev is not None
    vdev = DEVICE(dev.vdev)
    net = VIRTIO_NET(vdev)
    if vpci_dev.nvectors == DEV_NVECTORS_UNSPECIFIED:
        # two a queue pair, one for the configuration, one for the control queue
        vpci_dev.nvectors = 2 * max(net.nic_conf.peers.queues, 1) + 1 + 1
    virtio_net_set_netclient_name(net, qdev.id, object_get_typename(OBJECT(qdev)))
    assert vpci_dev.bus is not None
    qdev_realize(vdev, BUS(vpci_dev.bus))


@emulates
def virtio_net_pci_class_init(klass: Part, data: Any) -> None:
    """Class init of ``virtio-net-pci-base``, called by virtio_pci_base_class_init."""
    dc, k, vpciklass = DEVICE_CLASS(klass), PCI_DEVICE_CLASS(klass), VIRTIO_PCI_CLASS(klass)
    k.romfile = "efi-virtio.rom"
    k.vendor_id = PCI_VENDOR_ID_REDHAT_QUMRANET
    k.device_id = PCI_DEVICE_ID_VIRTIO_NET
    k.revision = VIRTIO_PCI_ABI_VERSION
    k.class_id = PCI_CLASS_NETWORK_ETHERNET
    dc.categories |= 1 << DEVICE_CATEGORY_NETWORK
    device_class_set_props(dc, virtio_net_properties)
    vpciklass.realize = virtio_net_pci_realize


@emulates
def virtio_net_pci_instance_init(obj: Part) -> None:
    """Instance init: make the network device, whose properties become the card's."""
    dev = VIRTIO_NET_PCI(obj)
    virtio_instance_init_common(obj, Ptr(dev, "vdev"), TYPE_VIRTIO_NET)
    assert dev.vdev is not None
    object_property_add_alias(obj, "bootindex", OBJECT(dev.vdev), "bootindex")


virtio_net_pci_info: Final = VirtioPCIDeviceTypeInfo(
    variable="virtio_net_pci_info",
    base_name=TYPE_VIRTIO_NET_PCI,
    generic_name="virtio-net-pci",
    transitional_name="virtio-net-pci-transitional",
    non_transitional_name="virtio-net-pci-non-transitional",
    instance=VirtIONetPCI,
    instance_init=virtio_net_pci_instance_init,
    class_init=virtio_net_pci_class_init,
)


@type_init
@emulates
def virtio_net_pci_register() -> None:
    """Register the four types of the card."""
    virtio_pci_types_register(virtio_net_pci_info)
