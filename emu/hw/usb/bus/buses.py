"""Buses and their ports (hw/usb/bus.c)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from emu.hw.core.bus import BUS_CLASS, TYPE_BUS, qbus_init, qbus_set_bus_hotplug_handler
from emu.hw.core.hotplug import HOTPLUG_HANDLER_CLASS, TYPE_HOTPLUG_HANDLER
from emu.hw.core.qdev import BUS, DeviceState
from emu.hw.core.qdev_hotplug import qdev_simple_device_unplug_cb
from emu.hw.usb.bus.devices import usb_bus_dev_print, usb_device_type_info, usb_get_dev_path, usb_get_fw_dev_path
from emu.hw.usb.bus.structs import TYPE_USB_BUS, USB_BUS, USBBus, USBBusOps, USBPort, USBPortOps, usb_statics
from emu.qapi.error import error_setg
from emu.qemu.module import type_init
from emu.qom.object import ObjectClass, TypeInfo, type_register_static
from emu.trace import Ptr, emulates


@emulates
def usb_bus_class_init(klass: ObjectClass, data: Any) -> None:
    """Class init of ``usb-bus``."""
    k, hc = BUS_CLASS(klass), HOTPLUG_HANDLER_CLASS(klass)
    k.print_dev = usb_bus_dev_print
    k.get_dev_path = usb_get_dev_path
    k.get_fw_dev_path = usb_get_fw_dev_path
    hc.unplug = qdev_simple_device_unplug_cb


@emulates
def usb_bus_new(bus: Ptr, ops: USBBusOps, host: DeviceState) -> None:
    """Make the bus of a controller."""
    qbus_init(bus, TYPE_USB_BUS, host, None)
    own = USB_BUS(bus.get())
    qbus_set_bus_hotplug_handler(BUS(own))
    own.ops = ops
    statics = usb_statics()
    own.busnr = statics.next_usb_bus
    statics.next_usb_bus += 1
    statics.busses.append(own)


@emulates
def usb_bus_release(bus: USBBus) -> None:
    """Forget a bus."""
    statics = usb_statics()
    assert statics.next_usb_bus > 0
    statics.busses.remove(bus)


@emulates
def usb_port_location(downstream: USBPort, upstream: USBPort | None, portnr: int) -> None:
    """Name a port after the one above it, if there is one."""
    if upstream is not None:
        downstream.path = f"{upstream.path}.{portnr}"
        downstream.hubcount = upstream.hubcount + 1
    else:
        downstream.path = str(portnr)
        downstream.hubcount = 0


@emulates
def usb_fill_port(port: USBPort, opaque: Any, index: int, ops: USBPortOps, speedmask: int) -> None:
    """Set a port up."""
    port.ops = ops
    port.opaque = opaque
    port.index = index
    port.speedmask = speedmask
    usb_port_location(port, None, index + 1)


@emulates
def usb_register_port(bus: USBBus, port: USBPort, opaque: Any, index: int, ops: USBPortOps, speedmask: int) -> None:
    """Add a port to a bus."""
    usb_fill_port(port, opaque, index, ops, speedmask)
    bus.free.append(port)
    bus.nfree += 1


@emulates
def usb_register_companion(
    masterbus: str, ports: Sequence[USBPort], firstport: int, opaque: Any, ops: USBPortOps, speedmask: int
) -> None:
    """Let a controller take over the slow devices at some ports of another. Error: no such bus, or it takes no companion."""
    bus = next((bus for bus in usb_statics().busses if BUS(bus).name == masterbus), None)
    if bus is None:
        error_setg(f"USB bus '{masterbus}' not found")
    if bus.ops.register_companion is None:
        error_setg(f"Can't use USB bus '{masterbus}' as masterbus, it doesn't support companion controllers")

    for i, port in enumerate(ports):
        usb_fill_port(port, opaque, i, ops, speedmask)

    bus.ops.register_companion(bus, ports, firstport)


usb_bus_info: Final = TypeInfo(
    name=TYPE_USB_BUS,
    parent=TYPE_BUS,
    instance=USBBus,
    class_init=usb_bus_class_init,
    interfaces=(TYPE_HOTPLUG_HANDLER,),
)


@type_init
@emulates
def usb_register_types() -> None:
    """Register ``usb-bus`` and ``usb-device``."""
    type_register_static(usb_bus_info)
    type_register_static(usb_device_type_info)
