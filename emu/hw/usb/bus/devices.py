"""Devices on a bus: how they find a port and are attached to it (hw/usb/bus.c)."""

from __future__ import annotations

from typing import Any, Final

from emu.errors import NotModelled
from emu.hw.core.qdev import (
    BUS,
    DEVICE,
    DEVICE_CLASS,
    TYPE_DEVICE,
    DeviceState,
    qdev_get_dev_path,
    qdev_try_new,
)
from emu.hw.core.qdev_fw import qdev_fw_name
from emu.hw.core.qdev_properties import DEFINE_PROP_BIT, DEFINE_PROP_STRING, device_class_set_props
from emu.hw.usb.bus.structs import (
    TYPE_USB_BUS,
    TYPE_USB_DEVICE,
    USB_BUS,
    USB_DEV_FLAG_MSOS_DESC_ENABLE,
    USB_DEVICE,
    USB_DEVICE_GET_CLASS,
    USB_SPEED_MASK_FULL,
    USB_SPEED_MASK_HIGH,
    USB_SPEED_MASK_SUPER,
    USBBus,
    USBDevice,
    USBDeviceClass,
    USBPort,
)
from emu.hw.usb.core import usb_attach, usb_detach, usb_ep_init
from emu.monitor.monitor import Monitor, monitor_printf
from emu.qapi.error import Error, error_setg
from emu.qom.object import OBJECT, Object, ObjectClass, TypeInfo, object_get_typename, object_property_add_bool
from emu.trace import emulates

PRODUCT_DESC: Final = 31
"""Characters that a product's name may have."""
SPEEDS: Final = ("1.5", "12", "480", "5000")
"""Megabits a second, by speed."""


def usb_bus_from_device(dev: USBDevice) -> USBBus:
    """Return the bus that a device is on (include/hw/usb.h)."""
    bus = DEVICE(dev).parent_bus
    assert bus is not None
    return USB_BUS(bus)


def port_of(dev: USBDevice) -> USBPort:
    """Return the port that a device has."""
    assert dev.port is not None
    return dev.port


@emulates
def usb_device_get_product_desc(dev: USBDevice) -> str:
    """Return the product's name."""
    return USB_DEVICE_GET_CLASS(dev).product_desc


@emulates
def usb_device_realize(dev: USBDevice) -> None:
    """Let the kind of device do its part. Error: it refuses."""
    klass = USB_DEVICE_GET_CLASS(dev)
    if klass.realize is not None:
        klass.realize(dev)


@emulates
def usb_device_unrealize(dev: USBDevice) -> None:
    """Let the kind of device undo its part."""
    klass = USB_DEVICE_GET_CLASS(dev)
    if klass.unrealize is not None:
        klass.unrealize(dev)


@emulates
def usb_claim_port(dev: USBDevice) -> None:
    """Take a port: the one of ``port=``, else the first free one. Error: there is none. NotModelled: a hub is put in between."""
    bus = usb_bus_from_device(dev)
    assert dev.port is None

    if dev.port_path is not None:
        port = next((port for port in bus.free if port.path == dev.port_path), None)
        if port is None:
            error_setg(f"usb port {dev.port_path} (bus {BUS(bus).name}) not found (in use?)")
    else:
        if bus.nfree == 1 and object_get_typename(OBJECT(dev)) != "usb-hub":
            # the last port is given to a hub, so that there is always room for one more
            qdev_try_new("usb-hub")
            raise NotModelled("a USB hub for the last port")
        if bus.nfree == 0:
            error_setg(f"tried to attach usb device {dev.product_desc} to a bus with no free ports")
        port = bus.free[0]

    bus.free.remove(port)
    bus.nfree -= 1

    dev.port = port
    port.dev = dev

    bus.used.append(port)
    bus.nused += 1


@emulates
def usb_release_port(dev: USBDevice) -> None:
    """Give the port back."""
    bus, port = usb_bus_from_device(dev), port_of(dev)

    bus.used.remove(port)
    bus.nused -= 1

    dev.port = None
    port.dev = None

    bus.free.append(port)
    bus.nfree += 1


def usb_mask_to_str(speedmask: int) -> str:
    """Name speeds."""
    names = ((USB_SPEED_MASK_FULL, "full"), (USB_SPEED_MASK_HIGH, "high"), (USB_SPEED_MASK_SUPER, "super"))
    return "+".join(name for mask, name in names if mask & speedmask) or "unknown"


@emulates
def usb_check_attach(dev: USBDevice) -> None:
    """Error: port and device have no speed in common."""
    bus, port = usb_bus_from_device(dev), port_of(dev)
    assert not dev.attached

    if not port.speedmask & dev.speedmask:
        error_setg(
            f'Warning: speed mismatch trying to attach usb device "{dev.product_desc}" ({usb_mask_to_str(dev.speedmask)} speed)'
            f' to bus "{BUS(bus).name}", port "{port.path}" ({usb_mask_to_str(port.speedmask)} speed)'
        )


@emulates
def usb_device_attach(dev: USBDevice) -> None:
    """Plug a device in. Error: usb_check_attach's."""
    usb_check_attach(dev)

    dev.attached = True
    usb_attach(port_of(dev))


@emulates
def usb_device_detach(dev: USBDevice) -> int:
    """Pull a device out."""
    assert dev.attached
    usb_detach(port_of(dev))
    dev.attached = False
    return 0


@emulates
def usb_qdev_realize(qdev: DeviceState) -> None:
    """Realize of all USB devices. Error: no port, or the device's own. NotModelled: a file for its packets."""
    dev = USB_DEVICE(qdev)

    dev.product_desc = usb_device_get_product_desc(dev)[:PRODUCT_DESC]
    dev.auto_attach = 1
    usb_ep_init(dev)

    usb_claim_port(dev)

    try:
        usb_device_realize(dev)
    except Error:
        usb_release_port(dev)
        raise

    if dev.auto_attach:
        try:
            usb_device_attach(dev)
        except Error:
            usb_qdev_unrealize(qdev)
            raise

    if dev.pcap_filename is not None:
        raise NotModelled("a file with a USB device's packets (pcap)")


@emulates
def usb_qdev_unrealize(qdev: DeviceState) -> None:
    """Undo what realize did."""
    dev = USB_DEVICE(qdev)
    if dev.attached:
        usb_device_detach(dev)
    usb_device_unrealize(dev)
    if dev.port is not None:
        usb_release_port(dev)


@emulates
def usb_bus_dev_print(mon: Monitor, qdev: DeviceState, indent: int) -> None:
    """Print the line of a device in ``info qtree``."""
    dev = USB_DEVICE(qdev)
    bus = usb_bus_from_device(dev)
    path = dev.port.path if dev.port is not None else "-"
    speed = SPEEDS[dev.speed] if dev.speed < len(SPEEDS) else "?"
    attached = ", attached" if dev.attached else ""
    text = f"addr {bus.busnr}.{dev.addr}, port {path}, speed {speed}, name {dev.product_desc}{attached}"
    monitor_printf(mon, f"{' ' * indent}{text}\n")


@emulates
def usb_get_dev_path(qdev: DeviceState) -> str | None:
    """Return the path of a device: its controller's, and its port's."""
    dev, bus = USB_DEVICE(qdev), qdev.parent_bus
    assert bus is not None
    assert bus.parent is not None
    id = qdev_get_dev_path(bus.parent)
    path = port_of(dev).path
    return f"{id}/{path}" if id is not None else path


@emulates
def usb_get_fw_dev_path(qdev: DeviceState) -> str | None:
    """Return the path of a device for firmware: the hubs, then the device itself."""
    *hubs, own = port_of(USB_DEVICE(qdev)).path.split(".")
    return "".join(f"hub@{int(nr):x}/" for nr in hubs) + f"{qdev_fw_name(qdev)}@{int(own):x}"


@emulates
def usb_get_attached(obj: Object) -> bool:
    """Read the property ``attached``."""
    return USB_DEVICE(obj).attached


@emulates
def usb_set_attached(obj: Object, value: bool) -> None:
    """Write it: plug the device in or pull it out."""
    dev = USB_DEVICE(obj)
    if dev.attached == value:
        return

    if value:
        usb_device_attach(dev)
    else:
        usb_device_detach(dev)


@emulates
def usb_device_instance_init(obj: Object) -> None:
    """Add the property ``attached``, which only some devices let one set."""
    klass = USB_DEVICE_GET_CLASS(obj)
    object_property_add_bool(obj, "attached", usb_get_attached, usb_set_attached if klass.attached_settable else None)


usb_props: Final = (
    DEFINE_PROP_STRING("port", USBDevice, "port_path"),
    DEFINE_PROP_STRING("serial", USBDevice, "serial"),
    DEFINE_PROP_BIT("msos-desc", USBDevice, "flags", USB_DEV_FLAG_MSOS_DESC_ENABLE, True),
    DEFINE_PROP_STRING("pcap", USBDevice, "pcap_filename"),
)


@emulates
def usb_device_class_init(klass: ObjectClass, data: Any) -> None:
    """Class init of ``usb-device``."""
    k = DEVICE_CLASS(klass)
    k.bus_type = TYPE_USB_BUS
    k.realize = usb_qdev_realize
    k.unrealize = usb_qdev_unrealize
    device_class_set_props(k, usb_props)


usb_device_type_info: Final = TypeInfo(
    name=TYPE_USB_DEVICE,
    parent=TYPE_DEVICE,
    instance=USBDevice,
    instance_init=usb_device_instance_init,
    abstract=True,
    class_=USBDeviceClass,
    class_init=usb_device_class_init,
)
