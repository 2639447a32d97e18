"""What USB devices say of themselves (hw/usb/desc.c): as much as their creation needs."""

from __future__ import annotations

from emu.hw.core.qdev import DEVICE, qdev_get_dev_path
from emu.hw.usb.bus import USB_DEVICE_GET_CLASS, USB_SPEED_FULL, USBDesc, USBDevice, port_of
from emu.trace import emulates


def usb_device_get_usb_desc(dev: USBDevice) -> USBDesc:
    """Return what a device says of itself (hw/usb/bus.c)."""
    desc = USB_DEVICE_GET_CLASS(dev).usb_desc
    assert desc is not None
    return desc


@emulates
def usb_desc_set_string(dev: USBDevice, str_: str) -> None:
    """Give a device a text to tell."""
    dev.strings.insert(0, str_)


@emulates
def usb_desc_create_serial(dev: USBDevice) -> None:
    """Give a device its serial number: that of ``serial=``, or one made of the place where it is."""
    if dev.serial is not None:
        usb_desc_set_string(dev, dev.serial)
        return

    bus = DEVICE(dev).parent_bus
    assert bus is not None
    assert bus.parent is not None
    parts = (usb_device_get_usb_desc(dev).serial, qdev_get_dev_path(bus.parent), port_of(dev).path)
    usb_desc_set_string(dev, "-".join(part for part in parts if part is not None))


@emulates
def usb_desc_init(dev: USBDevice) -> None:
    """Set the speeds that a device has."""
    desc = usb_device_get_usb_desc(dev)
    dev.speed = USB_SPEED_FULL
    dev.speedmask = desc.speedmask
