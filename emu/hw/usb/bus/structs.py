"""USB buses, ports and devices: the structs (include/hw/usb.h)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Final, NamedTuple

from emu.qom.parts import Part, caster, class_getter
from emu.trace import Seq, Struct, per_run, seq

TYPE_USB_BUS: Final = "usb-bus"
TYPE_USB_DEVICE: Final = "usb-device"
USB_SBRN: Final = 0x60
USB_RELEASE_1: Final = 0x10
USB_RELEASE_2: Final = 0x20
USB_SPEED_LOW: Final = 0
USB_SPEED_FULL: Final = 1
USB_SPEED_HIGH: Final = 2
USB_SPEED_SUPER: Final = 3
USB_SPEED_MASK_LOW: Final = 1 << USB_SPEED_LOW
USB_SPEED_MASK_FULL: Final = 1 << USB_SPEED_FULL
USB_SPEED_MASK_HIGH: Final = 1 << USB_SPEED_HIGH
USB_SPEED_MASK_SUPER: Final = 1 << USB_SPEED_SUPER
USB_STATE_NOTATTACHED: Final = 0
USB_STATE_ATTACHED: Final = 1
USB_STATE_DEFAULT: Final = 3
USB_DEV_FLAG_MSOS_DESC_ENABLE: Final = 1


class USBPortOps(NamedTuple):
    """What a controller does for a port."""

    attach: Callable[[USBPort], None] | None = None
    detach: Callable[[USBPort], None] | None = None


class USBPort(Struct):
    """A port; ``path`` is its number, counted from 1, below the ports above it."""

    dev: USBDevice | None = None
    speedmask: int = 0
    hubcount: int = 0
    path: str = ""
    ops: USBPortOps = USBPortOps()
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


class USBDesc(NamedTuple):
    """What a device says of itself, as far as its creation looks at it: its serial number's text, the speeds it has."""

    serial: str
    speedmask: int


class USBDeviceClass(Part):
    """What classes of devices differ in; the handling of packets is not modelled."""

    SIZE: ClassVar[int] = 304
    realize: Callable[[Any], None] | None = None
    unrealize: Callable[[Any], None] | None = None
    handle_attach: Callable[[Any], None] | None = None
    handle_reset: Callable[[Any], None] | None = None
    handle_control: Callable[..., None] | None = None
    handle_data: Callable[..., None] | None = None
    product_desc: str = ""
    usb_desc: USBDesc | None = None
    attached_settable: bool = False


class USBDevice(Part):
    """A device on a bus; ``speed`` is what it is connected with, ``speedmask`` what it could."""

    SIZE: ClassVar[int] = 5864
    port: USBPort | None = None
    port_path: str | None = None
    serial: str | None = None
    flags: int = 0
    pcap_filename: str | None = None
    speed: int = 0
    speedmask: int = 0
    addr: int = 0
    product_desc: str = ""
    auto_attach: int = 0
    attached: bool = False
    state: int = 0
    strings: Seq[str] = seq()


USB_BUS = caster(USBBus, TYPE_USB_BUS)
USB_DEVICE = caster(USBDevice, TYPE_USB_DEVICE)
USB_DEVICE_CLASS = caster(USBDeviceClass, TYPE_USB_DEVICE)
USB_DEVICE_GET_CLASS = class_getter(USBDeviceClass)
usb_statics = per_run(UsbStatics)
