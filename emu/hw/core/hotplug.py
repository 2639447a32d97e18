"""Who is told when a device is plugged: the interface (hw/core/hotplug.c, include/hw/hotplug.h)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from emu.hw.core.qdev_core import DeviceState
from emu.qemu.module import type_init
from emu.qom.object import TYPE_INTERFACE, TypeInfo, interface_class, interface_getter, type_register_static
from emu.qom.parts import Part
from emu.trace import emulates

TYPE_HOTPLUG_HANDLER = "hotplug-handler"

HotplugHandler = Part
HotplugFn = Callable[[Any, DeviceState], None]


class HotplugHandlerClass(Part):
    """The methods of a hotplug handler."""

    SIZE: ClassVar[int] = 144
    pre_plug: HotplugFn | None = None
    plug: HotplugFn | None = None
    unplug_request: HotplugFn | None = None
    unplug: HotplugFn | None = None


HOTPLUG_HANDLER_CLASS = interface_class(HotplugHandlerClass, TYPE_HOTPLUG_HANDLER)
HOTPLUG_HANDLER_GET_CLASS = interface_getter(HotplugHandlerClass, TYPE_HOTPLUG_HANDLER)


@emulates
def hotplug_handler_pre_plug(plug_handler: Part, plugged_dev: DeviceState) -> None:
    """Ask the handler before a device is realized. Error: it refuses."""
    hdc = HOTPLUG_HANDLER_GET_CLASS(plug_handler)
    if hdc.pre_plug is not None:
        hdc.pre_plug(plug_handler, plugged_dev)


@emulates
def hotplug_handler_plug(plug_handler: Part, plugged_dev: DeviceState) -> None:
    """Tell the handler that a device is realized."""
    hdc = HOTPLUG_HANDLER_GET_CLASS(plug_handler)
    if hdc.plug is not None:
        hdc.plug(plug_handler, plugged_dev)


@emulates
def hotplug_handler_unplug_request(plug_handler: Part, plugged_dev: DeviceState) -> None:
    """Ask the guest, through the handler, to let a device go."""
    hdc = HOTPLUG_HANDLER_GET_CLASS(plug_handler)
    if hdc.unplug_request is not None:
        hdc.unplug_request(plug_handler, plugged_dev)


@emulates
def hotplug_handler_unplug(plug_handler: Part, plugged_dev: DeviceState) -> None:
    """Take a device away."""
    hdc = HOTPLUG_HANDLER_GET_CLASS(plug_handler)
    if hdc.unplug is not None:
        hdc.unplug(plug_handler, plugged_dev)


hotplug_handler_info = TypeInfo(name=TYPE_HOTPLUG_HANDLER, parent=TYPE_INTERFACE, class_=HotplugHandlerClass)


@type_init
@emulates
def hotplug_handler_register_types() -> None:
    """Register ``hotplug-handler``."""
    type_register_static(hotplug_handler_info)
