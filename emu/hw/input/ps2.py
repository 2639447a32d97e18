"""Keyboard and mouse behind the keyboard controller; nobody types (hw/input/ps2.c, include/hw/input/ps2.h)."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from emu.hw.core.gpio import qdev_init_gpio_out
from emu.hw.core.irq import IRQState, qemu_irq_lower
from emu.hw.core.qdev import DEVICE, DEVICE_CLASS, DeviceCategory, DeviceState, device_class_set_parent_reset
from emu.hw.core.sysbus import TYPE_SYS_BUS_DEVICE
from emu.migration.savevm import VMStateDescription
from emu.qemu.module import type_init
from emu.qom.object import Object, ObjectClass, TypeInfo, type_register_static
from emu.qom.parts import Part, caster, class_getter
from emu.trace import Ptr, emulates
from emu.trace.calls import declared

TYPE_PS2_DEVICE: Final = "ps2-device"
TYPE_PS2_KBD_DEVICE: Final = "ps2-kbd"
TYPE_PS2_MOUSE_DEVICE: Final = "ps2-mouse"
PS2_DEVICE_IRQ: Final = 0

qemu_input_handler_register: Final = declared("qemu_input_handler_register", "ui/input.c")


class PS2DeviceClass(Part):
    """Keeps the base type's ``reset``."""

    SIZE: ClassVar[int] = 200
    parent_reset: Any = None


class PS2State(Part):
    """What keyboard and mouse share."""

    SIZE: ClassVar[int] = 1104
    count: int = 0
    write_cmd: int = 0
    irq: IRQState | None = None


class PS2KbdState(Part):
    """The keyboard."""

    SIZE: ClassVar[int] = 1128
    scan_enabled: int = 0
    translate: int = 0
    scancode_set: int = 0
    modifiers: int = 0


class PS2MouseState(Part):
    """The mouse."""

    SIZE: ClassVar[int] = 1136
    mouse_status: int = 0
    mouse_resolution: int = 0
    mouse_sample_rate: int = 0


PS2_DEVICE = caster(PS2State, TYPE_PS2_DEVICE)
PS2_DEVICE_CLASS = caster(PS2DeviceClass, TYPE_PS2_DEVICE)
PS2_DEVICE_GET_CLASS = class_getter(PS2DeviceClass)
PS2_KBD_DEVICE = caster(PS2KbdState, TYPE_PS2_KBD_DEVICE)
PS2_MOUSE_DEVICE = caster(PS2MouseState, TYPE_PS2_MOUSE_DEVICE)


@emulates
def ps2_reset(dev: DeviceState) -> None:
    """Empty the queue."""
    s = PS2_DEVICE(dev)
    s.write_cmd = -1
    s.count = 0
    qemu_irq_lower(s.irq)


@emulates
def ps2_kbd_reset(dev: DeviceState) -> None:
    """Scan, with the second set of codes."""
    PS2_DEVICE_GET_CLASS(dev).parent_reset(dev)
    s = PS2_KBD_DEVICE(dev)
    s.scan_enabled = 1
    s.translate = 0
    s.scancode_set = 2
    s.modifiers = 0


@emulates
def ps2_mouse_reset(dev: DeviceState) -> None:
    """Forget all settings."""
    PS2_DEVICE_GET_CLASS(dev).parent_reset(dev)
    s = PS2_MOUSE_DEVICE(dev)
    s.mouse_status = 0
    s.mouse_resolution = 0
    s.mouse_sample_rate = 0


@emulates
def ps2_kbd_realize(dev: DeviceState) -> None:
    """Ask for keys."""
    qemu_input_handler_register(dev, "ps2_keyboard_handler")


@emulates
def ps2_mouse_realize(dev: DeviceState) -> None:
    """Ask for movements."""
    qemu_input_handler_register(dev, "ps2_mouse_handler")


vmstate_ps2_keyboard: Final = VMStateDescription(name="ps2kbd", version_id=3, minimum_version_id=2)
vmstate_ps2_mouse: Final = VMStateDescription(name="ps2mouse", version_id=2, minimum_version_id=2)


@emulates
def ps2_kbd_class_init(klass: ObjectClass, data: Any) -> None:
    """Set what makes a device the keyboard."""
    dc, ps2dc = DEVICE_CLASS(klass), PS2_DEVICE_CLASS(klass)
    dc.realize = ps2_kbd_realize
    device_class_set_parent_reset(dc, ps2_kbd_reset, Ptr(ps2dc, "parent_reset"))
    dc.vmsd = vmstate_ps2_keyboard


@emulates
def ps2_mouse_class_init(klass: ObjectClass, data: Any) -> None:
    """Set what makes a device the mouse."""
    dc, ps2dc = DEVICE_CLASS(klass), PS2_DEVICE_CLASS(klass)
    dc.realize = ps2_mouse_realize
    device_class_set_parent_reset(dc, ps2_mouse_reset, Ptr(ps2dc, "parent_reset"))
    dc.vmsd = vmstate_ps2_mouse


@emulates
def ps2_init(obj: Object) -> None:
    """Make the interrupt line."""
    qdev_init_gpio_out(DEVICE(obj), Ptr(PS2_DEVICE(obj), "irq"), 1)


@emulates
def ps2_class_init(klass: ObjectClass, data: Any) -> None:
    """Set what both share."""
    dc = DEVICE_CLASS(klass)
    dc.reset = ps2_reset
    dc.categories |= 1 << DeviceCategory.DEVICE_CATEGORY_INPUT


ps2_kbd_info: Final = TypeInfo(
    name=TYPE_PS2_KBD_DEVICE, parent=TYPE_PS2_DEVICE, instance=PS2KbdState, class_init=ps2_kbd_class_init
)
ps2_mouse_info: Final = TypeInfo(
    name=TYPE_PS2_MOUSE_DEVICE, parent=TYPE_PS2_DEVICE, instance=PS2MouseState, class_init=ps2_mouse_class_init
)
ps2_info: Final = TypeInfo(
    name=TYPE_PS2_DEVICE,
    parent=TYPE_SYS_BUS_DEVICE,
    instance_init=ps2_init,
    instance=PS2State,
    class_init=ps2_class_init,
    class_=PS2DeviceClass,
    abstract=True,
)


@type_init
@emulates
def ps2_register_types() -> None:
    """Register all three types."""
    type_register_static(ps2_info)
    type_register_static(ps2_kbd_info)
    type_register_static(ps2_mouse_info)
