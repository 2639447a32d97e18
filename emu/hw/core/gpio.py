"""Lines into and out of devices (hw/core/gpio.c)."""

from __future__ import annotations

from typing import Any

from emu.hw.core.irq import TYPE_IRQ, IRQState, qemu_extend_irqs, qemu_irq, qemu_irq_handler
from emu.hw.core.qdev import DeviceState, qdev_get_machine
from emu.hw.core.qdev_core import NamedGPIOList
from emu.qapi.error import Error, error_abort
from emu.qom.container import container_get
from emu.qom.object import (
    OBJ_PROP_LINK_STRONG,
    OBJECT,
    object_property_add_alias,
    object_property_add_child,
    object_property_add_link,
    object_property_allow_set_link,
    object_property_get_link,
    object_property_set_link,
)
from emu.trace import Ptr, Seq, emulates


@emulates
def qdev_get_named_gpio_list(dev: DeviceState, name: str | None) -> NamedGPIOList:
    """Return a device's lines of a name, an empty list if it has none yet."""
    for ngl in dev.gpios:
        if ngl.name == name:
            return ngl
    ngl = NamedGPIOList() if name is None else NamedGPIOList(name=name)
    dev.gpios.insert(0, ngl)
    return ngl


@emulates
def qdev_init_gpio_in_named_with_opaque(
    dev: DeviceState, handler: qemu_irq_handler, opaque: Any, name: str | None, n: int
) -> None:
    """Add ``n`` input lines; each is a child of the device."""
    gpio_list = qdev_get_named_gpio_list(dev, name)
    assert gpio_list.num_out == 0 or name is None
    qemu_extend_irqs(gpio_list.in_, gpio_list.num_in, handler, opaque, n)
    for i in range(gpio_list.num_in, gpio_list.num_in + n):
        propname = f"{'unnamed-gpio-in' if name is None else name}[{i}]"
        object_property_add_child(OBJECT(dev), propname, OBJECT(gpio_list.in_[i]))
    gpio_list.num_in += n


@emulates(file="include/hw/qdev-core.h")
def qdev_init_gpio_in_named(dev: DeviceState, handler: qemu_irq_handler, name: str | None, n: int) -> None:
    """Add ``n`` named input lines whose handler gets the device (include/hw/qdev-core.h)."""
    qdev_init_gpio_in_named_with_opaque(dev, handler, dev, name, n)


@emulates
def qdev_init_gpio_in(dev: DeviceState, handler: qemu_irq_handler, n: int) -> None:
    """Add ``n`` input lines."""
    qdev_init_gpio_in_named(dev, handler, None, n)


def pin(pins: Ptr, i: int) -> Ptr:
    """Return the address of a line in an array of lines; a lone line is an array of one."""
    return Ptr(pins.struct, pins.field, i) if isinstance(pins.get(), Seq) else pins


@emulates
def qdev_init_gpio_out_named(dev: DeviceState, pins: Ptr, name: str | None, n: int) -> None:
    """Add ``n`` output lines kept at ``pins``; each is a link of the device to the line it drives."""
    gpio_list = qdev_get_named_gpio_list(dev, name)
    assert gpio_list.num_in == 0 or name is None
    lines = pins.get()
    if isinstance(lines, Seq):
        while len(lines) < n:
            lines.append(None)
    for i in range(n):
        propname = f"{'unnamed-gpio-out' if name is None else name}[{gpio_list.num_out + i}]"
        object_property_add_link(
            OBJECT(dev), propname, TYPE_IRQ, pin(pins, i), object_property_allow_set_link, OBJ_PROP_LINK_STRONG
        )
    gpio_list.num_out += n


@emulates
def qdev_init_gpio_out(dev: DeviceState, pins: Ptr, n: int) -> None:
    """Add ``n`` output lines."""
    qdev_init_gpio_out_named(dev, pins, None, n)


@emulates
def qdev_get_gpio_in_named(dev: DeviceState, name: str | None, n: int) -> IRQState:
    """Return a named input line."""
    gpio_list = qdev_get_named_gpio_list(dev, name)
    assert 0 <= n < gpio_list.num_in
    line: IRQState = gpio_list.in_[n]
    return line


@emulates
def qdev_get_gpio_in(dev: DeviceState, n: int) -> IRQState:
    """Return an input line."""
    return qdev_get_gpio_in_named(dev, None, n)


@emulates
def qdev_connect_gpio_out_named(dev: DeviceState, name: str | None, n: int, input_pin: qemu_irq) -> None:
    """Let an output line of a device drive an input line, which gets a place in the tree if it has none."""
    propname = f"{'unnamed-gpio-out' if name is None else name}[{n}]"
    if input_pin is not None and OBJECT(input_pin).parent is None:
        object_property_add_child(container_get(qdev_get_machine(), "/unattached"), "non-qdev-gpio[*]", OBJECT(input_pin))
    with error_abort():
        object_property_set_link(OBJECT(dev), propname, OBJECT(input_pin) if input_pin is not None else None)


@emulates
def qdev_get_gpio_out_connector(dev: DeviceState, name: str | None, n: int) -> qemu_irq:
    """Return the line that an output line drives."""
    try:
        found: Any = object_property_get_link(OBJECT(dev), f"{'unnamed-gpio-out' if name is None else name}[{n}]")
    except Error:
        return None
    return found._parts[IRQState] if found is not None else None


@emulates
def qdev_connect_gpio_out(dev: DeviceState, n: int, input_pin: qemu_irq) -> None:
    """Let an output line drive an input line."""
    qdev_connect_gpio_out_named(dev, None, n, input_pin)


@emulates
def qdev_pass_gpios(dev: DeviceState, container: DeviceState, name: str | None) -> None:
    """Let the lines of a device appear as those of the device that it is a part of."""
    ngl = qdev_get_named_gpio_list(dev, name)
    for count, unnamed in ((ngl.num_in, "unnamed-gpio-in"), (ngl.num_out, "unnamed-gpio-out")):
        for i in range(count):
            propname = f"{unnamed if ngl.name is None else ngl.name}[{i}]"
            object_property_add_alias(OBJECT(container), propname, OBJECT(dev), propname)
    dev.gpios.remove(ngl)
    container.gpios.insert(0, ngl)
