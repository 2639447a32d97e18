"""What is done to all USB devices (hw/usb/core.c)."""

from __future__ import annotations

from typing import Final

from emu.hw.usb.bus.structs import (
    USB_DEVICE_GET_CLASS,
    USB_SPEED_FULL,
    USB_SPEED_HIGH,
    USB_SPEED_LOW,
    USB_SPEED_SUPER,
    USB_STATE_ATTACHED,
    USB_STATE_DEFAULT,
    USB_STATE_NOTATTACHED,
    USBDevice,
    USBPort,
)
from emu.trace import emulates

FASTEST_FIRST: Final = (USB_SPEED_SUPER, USB_SPEED_HIGH, USB_SPEED_FULL, USB_SPEED_LOW)


@emulates
def usb_pick_speed(port: USBPort) -> None:
    """Choose the highest speed that port and device both have."""
    udev = port.dev
    assert udev is not None
    for speed in FASTEST_FIRST:
        if udev.speedmask & port.speedmask & 1 << speed:
            udev.speed = speed
            return


@emulates
def usb_attach(port: USBPort) -> None:
    """Plug what is at a port in."""
    dev = port.dev
    assert dev is not None
    assert dev.attached
    assert dev.state == USB_STATE_NOTATTACHED
    usb_pick_speed(port)
    assert port.ops.attach is not None
    port.ops.attach(port)
    dev.state = USB_STATE_ATTACHED
    klass = USB_DEVICE_GET_CLASS(dev)
    if klass.handle_attach is not None:
        klass.handle_attach(dev)


@emulates
def usb_detach(port: USBPort) -> None:
    """Pull it out."""
    dev = port.dev
    assert dev is not None
    assert dev.state != USB_STATE_NOTATTACHED
    assert port.ops.detach is not None
    port.ops.detach(port)
    dev.state = USB_STATE_NOTATTACHED


@emulates
def usb_device_reset(dev: USBDevice | None) -> None:
    """Reset a device, if it is plugged in."""
    if dev is None or not dev.attached:
        return
    klass = USB_DEVICE_GET_CLASS(dev)
    if klass.handle_reset is not None:
        klass.handle_reset(dev)
    dev.addr = 0
    dev.state = USB_STATE_DEFAULT


@emulates
def usb_port_reset(port: USBPort) -> None:
    """Reset what is at a port: it is pulled out and plugged in again."""
    dev = port.dev
    assert dev is not None
    usb_detach(port)
    usb_attach(port)
    usb_device_reset(dev)


@emulates(modelled=False)
def usb_ep_init(dev: USBDevice) -> None:
    """Set up the endpoints, which nothing goes through."""
