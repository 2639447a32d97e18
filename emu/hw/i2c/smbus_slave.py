"""Devices on an SMBus (hw/i2c/smbus_slave.c): transfers are not modelled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Final

from emu.hw.i2c.core import I2C_SLAVE_CLASS, TYPE_I2C_SLAVE
from emu.qemu.module import type_init
from emu.qom.object import ObjectClass, TypeInfo, type_register_static
from emu.qom.parts import Part, caster
from emu.trace import emulates

TYPE_SMBUS_DEVICE: Final = "smbus-device"


class SMBusDeviceClass(Part):
    """What classes of SMBus devices differ in."""

    SIZE: ClassVar[int] = 240
    receive_byte: Callable[..., int] | None = None
    write_data: Callable[..., int] | None = None


class SMBusDevice(Part):
    """A device on an SMBus."""

    SIZE: ClassVar[int] = 216
    mode: int = 0


SMBUS_DEVICE = caster(SMBusDevice, TYPE_SMBUS_DEVICE)
SMBUS_DEVICE_CLASS = caster(SMBusDeviceClass, TYPE_SMBUS_DEVICE)


@emulates(modelled=False)
def smbus_i2c_event(s: Any, event: int) -> int:
    """Follow a transfer."""
    return 0


@emulates(modelled=False)
def smbus_i2c_recv(s: Any) -> int:
    """Give a byte."""
    return 0


@emulates(modelled=False)
def smbus_i2c_send(s: Any, data: int) -> int:
    """Take a byte."""
    return 0


@emulates
def smbus_device_class_init(klass: ObjectClass, data: Any) -> None:
    """Set how transfers reach the device."""
    sc = I2C_SLAVE_CLASS(klass)
    sc.event = smbus_i2c_event
    sc.recv = smbus_i2c_recv
    sc.send = smbus_i2c_send


smbus_device_type_info: Final = TypeInfo(
    name=TYPE_SMBUS_DEVICE,
    parent=TYPE_I2C_SLAVE,
    instance=SMBusDevice,
    abstract=True,
    class_=SMBusDeviceClass,
    class_init=smbus_device_class_init,
)


@type_init
@emulates
def smbus_device_register_types() -> None:
    """Register the type."""
    type_register_static(smbus_device_type_info)
