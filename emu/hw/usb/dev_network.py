"""A network card on USB as its creation leaves it; no packet passes (hw/usb/dev-network.c)."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from emu.hw.core.qdev import DEVICE, DEVICE_CLASS, DeviceCategory
from emu.hw.core.qdev_properties import device_class_set_props
from emu.hw.core.qdev_properties_system import DEFINE_NIC_PROPERTIES
from emu.hw.usb.bus import TYPE_USB_DEVICE, USB_DEVICE, USB_DEVICE_CLASS, USB_SPEED_MASK_FULL, USBDesc, USBDevice
from emu.hw.usb.desc import usb_desc_create_serial, usb_desc_init, usb_desc_set_string
from emu.migration.savevm import VMStateDescription
from emu.net.net import (
    NetClientInfo,
    NetClientState,
    NICConf,
    NICState,
    qemu_del_nic,
    qemu_format_nic_info_str,
    qemu_get_nic_opaque,
    qemu_get_queue,
    qemu_macaddr_default_if_unset,
    qemu_new_nic,
)
from emu.qapi.qapi_types_net import NetClientDriver
from emu.qemu.module import type_init
from emu.qom.object import OBJECT, Object, ObjectClass, TypeInfo, object_get_typename, type_register_static
from emu.qom.parts import Part, caster
from emu.softmmu.bootdevice import device_add_bootindex_property
from emu.trace import Ptr, embedded, emulates

TYPE_USB_NET: Final = "usb-net"
SPEED: Final = 1000000
"""100 Mbit/s, in hundreds of bits a second."""

desc_net: Final = USBDesc(serial="1", speedmask=USB_SPEED_MASK_FULL)


class USBNetState(Part):
    """The card."""

    SIZE: ClassVar[int] = 18272
    rndis_state: int = 0
    medium: int = 0
    speed: int = 0
    media_state: int = 0
    filter: int = 0
    vendorid: int = 0
    connection: int = 0
    usbstring_mac: str = ""
    nic: NICState | None = None
    conf: NICConf = embedded(NICConf)


USB_NET = caster(USBNetState, TYPE_USB_NET)


@emulates(modelled=False)
def usb_net_handle_reset(dev: USBDevice) -> None:
    """Do nothing, as QEMU does."""


@emulates(modelled=False)
def usb_net_handle_control(dev: USBDevice, *request: Any) -> None:
    """Do what a driver asks."""


@emulates(modelled=False)
def usb_net_handle_data(dev: USBDevice, p: Any) -> None:
    """Take a packet from a driver, or give it one."""


@emulates
def usbnet_receive(nc: NetClientState, buf: bytes, size: int) -> int:
    """Refuse a packet: no driver has configured the card."""
    return -1


@emulates
def usbnet_cleanup(nc: NetClientState) -> None:
    """Forget the client."""
    s: USBNetState = qemu_get_nic_opaque(nc)
    s.nic = None


@emulates
def usb_net_unrealize(dev: USBDevice) -> None:
    """Give the network back."""
    s = USB_NET(dev)
    assert s.nic is not None
    qemu_del_nic(s.nic)


net_usbnet_info: Final = NetClientInfo(
    variable="net_usbnet_info",
    type=NetClientDriver.NIC,
    size=(NICState,),
    receive=usbnet_receive,
    cleanup=usbnet_cleanup,
)


@emulates
def usb_net_realize(dev: USBDevice) -> None:
    """Set the card up and make the network."""
    s = USB_NET(dev)

    usb_desc_create_serial(dev)
    usb_desc_init(dev)

    s.rndis_state = 0
    s.medium = 0
    s.speed = SPEED
    s.media_state = 0
    s.filter = 0
    s.vendorid = 0x1234
    s.connection = 1

    qemu_macaddr_default_if_unset(s.conf.macaddr)
    s.nic = qemu_new_nic(net_usbnet_info, s.conf, object_get_typename(OBJECT(s)), DEVICE(dev).id, DEVICE(dev), s)
    qemu_format_nic_info_str(qemu_get_queue(s.nic), bytes(s.conf.macaddr.a))
    s.usbstring_mac = bytes(s.conf.macaddr.a).hex()
    usb_desc_set_string(dev, s.usbstring_mac)


@emulates
def usb_net_instance_init(obj: Object) -> None:
    """Add the place in the boot order."""
    dev, s = USB_DEVICE(obj), USB_NET(obj)
    device_add_bootindex_property(obj, Ptr(s.conf, "bootindex"), "bootindex", "/ethernet-phy@0", DEVICE(dev))


vmstate_usb_net: Final = VMStateDescription(name="usb-net", unmigratable=True)
net_properties: Final = DEFINE_NIC_PROPERTIES(USBNetState, "conf")


@emulates
def usb_net_class_initfn(klass: ObjectClass, data: Any) -> None:
    """Class init of ``usb-net``."""
    dc, uc = DEVICE_CLASS(klass), USB_DEVICE_CLASS(klass)
    uc.realize = usb_net_realize
    uc.product_desc = "QEMU USB Network Interface"
    uc.usb_desc = desc_net
    uc.handle_reset = usb_net_handle_reset
    uc.handle_control = usb_net_handle_control
    uc.handle_data = usb_net_handle_data
    uc.unrealize = usb_net_unrealize
    dc.categories |= 1 << DeviceCategory.DEVICE_CATEGORY_NETWORK
    dc.fw_name = "network"
    dc.vmsd = vmstate_usb_net
    device_class_set_props(dc, net_properties)


net_info: Final = TypeInfo(
    name=TYPE_USB_NET,
    parent=TYPE_USB_DEVICE,
    instance=USBNetState,
    class_init=usb_net_class_initfn,
    instance_init=usb_net_instance_init,
)


@type_init
@emulates
def usb_net_register_types() -> None:
    """Register ``usb-net``."""
    type_register_static(net_info)
