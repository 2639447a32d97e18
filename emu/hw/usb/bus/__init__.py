"""USB buses, their ports and the devices on them (hw/usb/bus.c, include/hw/usb.h)."""

from emu.hw.usb.bus.buses import (
    usb_bus_new,
    usb_bus_release,
    usb_register_companion,
    usb_register_port,
)
from emu.hw.usb.bus.devices import port_of, usb_bus_from_device
from emu.hw.usb.bus.structs import (
    TYPE_USB_BUS,
    TYPE_USB_DEVICE,
    USB_BUS,
    USB_DEV_FLAG_MSOS_DESC_ENABLE,
    USB_DEVICE,
    USB_DEVICE_CLASS,
    USB_DEVICE_GET_CLASS,
    USB_RELEASE_1,
    USB_RELEASE_2,
    USB_SBRN,
    USB_SPEED_FULL,
    USB_SPEED_LOW,
    USB_SPEED_MASK_FULL,
    USB_SPEED_MASK_HIGH,
    USB_SPEED_MASK_LOW,
    USBBus,
    USBBusOps,
    USBDesc,
    USBDevice,
    USBDeviceClass,
    USBPort,
    USBPortOps,
)
