"""USB buses and their ports (hw/usb/bus.c, include/hw/usb.h); what is plugged into one is not modelled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Final, NamedTuple

from emu.errors import NotModelled
from emu.hw.core.bus import BUS_CLASS, TYPE_BUS, qbus_init, qbus_set_bus_hotplug_handler
from emu.hw.core.hotplug import HOTPLUG_HANDLER_CLASS, TYPE_HOTPLUG_HANDLER
from emu.hw.core.qdev import BUS, DeviceState
from emu.hw.core.qdev_hotplug import qdev_simple_device_unplug_cb
from emu.monitor.monitor import Monitor
from emu.qapi.error import error_setg
from emu.qemu.module import type_init
from emu.qom.object import ObjectClass, TypeInfo, type_register_static
from emu.qom.parts import Part, caster
from emu.trace import Ptr, Seq, Struct, emulates, per_run, seq

TYPE_USB_BUS: Final = "usb-bus"
USB_SBRN: Final = 0x60
USB_RELEASE_1: Final = 0x10
USB_RELEASE_2: Final = 0x20
USB_SPEED_MASK_LOW: Final = 1 << 0
USB_SPEED_MASK_FULL: Final = 1 << 1
USB_SPEED_MASK_HIGH: Final = 1 << 2


class USBPort(Struct):
    """A port; ``path`` is its number, counted from 1, below the ports above it."""

    dev: Struct | None = None
    speedmask: int = 0
    hubcount: int = 0
    path: str = ""
    opaque: Any = None
    index: int = 0


class USBBusOps(NamedTuple):
    """What a controller does for its bus."""

    register_companion: Callable[[USBBus, Sequence[USBPort], int], None] | None = None
    wakeup_endpoint: Callable[..., None] | None = None


class USBBus(Part):
    """A bus and its ports."""

    SIZE: ClassVar[int] = 192
    ops: USBBusOps = USBBusOps()
    busnr: int = 0
    nfree: int = 0
    nused: int = 0
    free: Seq[USBPort] = seq()
    used: Seq[USBPort] = seq()


class UsbStatics(Struct):
    """The file-level variables of hw/usb/bus.c."""

    next_usb_bus: int = 0
    busses: Seq[USBBus] = seq()


USB_BUS = caster(USBBus, TYPE_USB_BUS)
usb_statics = per_run(UsbStatics)


@emulates
def usb_bus_dev_print(mon: Monitor, qdev: DeviceState, indent: int) -> None:
    """Print the line of a device in ``info qtree``."""
    raise NotModelled("USB devices")


@emulates
def usb_get_dev_path(qdev: DeviceState) -> str | None:
    """Return the path of a device."""
    raise NotModelled("USB devices")


@emulates
def usb_get_fw_dev_path(qdev: DeviceState) -> str | None:
    """Return the path of a device for firmware."""
    raise NotModelled("USB devices")


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
def usb_fill_port(port: USBPort, opaque: Any, index: int, speedmask: int) -> None:
    """Set a port up; what happens when something is plugged in is not modelled."""
    port.opaque = opaque
    port.index = index
    port.speedmask = speedmask
    usb_port_location(port, None, index + 1)


@emulates
def usb_register_port(bus: USBBus, port: USBPort, opaque: Any, index: int, speedmask: int) -> None:
    """Add a port to a bus."""
    usb_fill_port(port, opaque, index, speedmask)
    bus.free.append(port)
    bus.nfree += 1


@emulates
def usb_register_companion(masterbus: str, ports: Sequence[USBPort], firstport: int, opaque: Any, speedmask: int) -> None:
    """Let a controller take over the slow devices at some ports of another. Error: no such bus, or it takes no companion."""
    bus = next((bus for bus in usb_statics().busses if BUS(bus).name == masterbus), None)
    if bus is None:
        error_setg(f"USB bus '{masterbus}' not found")
    if bus.ops.register_companion is None:
        error_setg(f"Can't use USB bus '{masterbus}' as masterbus, it doesn't support companion controllers")

    for i, port in enumerate(ports):
        usb_fill_port(port, opaque, i, speedmask)

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
    """Register ``usb-bus``."""
    type_register_static(usb_bus_info)
