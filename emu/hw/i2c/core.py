"""The I2C bus and what hangs on it (hw/i2c/core.c): that it is there; transfers are not modelled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Final

from emu.hw.core.bus import qbus_new
from emu.hw.core.qdev import DEVICE_CLASS, TYPE_BUS, TYPE_DEVICE, DeviceCategory, DeviceState
from emu.hw.core.qdev_properties import DEFINE_PROP_UINT8, device_class_set_props
from emu.migration.savevm import VMSTATE_INSTANCE_ID_ANY, VMStateDescription, vmstate_register
from emu.qemu.module import type_init
from emu.qom.object import ObjectClass, TypeInfo, type_register_static
from emu.qom.parts import Part, caster, class_getter
from emu.trace import emulates

TYPE_I2C_BUS: Final = "i2c-bus"
TYPE_I2C_SLAVE: Final = "i2c-slave"


class I2CBus(Part):
    """A bus."""

    SIZE: ClassVar[int] = 160
    broadcast: bool = False


class I2CSlaveClass(Part):
    """What classes of devices on the bus differ in."""

    SIZE: ClassVar[int] = 216
    send: Callable[..., int] | None = None
    recv: Callable[..., int] | None = None
    event: Callable[..., int] | None = None
    match_and_add: Callable[..., bool] | None = None


class I2CSlave(Part):
    """A device on the bus."""

    SIZE: ClassVar[int] = 168
    address: int = 0


I2C_BUS = caster(I2CBus, TYPE_I2C_BUS)
I2C_SLAVE = caster(I2CSlave, TYPE_I2C_SLAVE)
I2C_SLAVE_CLASS = caster(I2CSlaveClass, TYPE_I2C_SLAVE)
I2C_SLAVE_GET_CLASS = class_getter(I2CSlaveClass)

vmstate_i2c_bus: Final = VMStateDescription("i2c_bus", version_id=1, minimum_version_id=1)


@emulates
def i2c_init_bus(parent: DeviceState, name: str) -> I2CBus:
    """Make a bus."""
    bus = I2C_BUS(qbus_new(TYPE_I2C_BUS, parent, name))
    vmstate_register(None, VMSTATE_INSTANCE_ID_ANY, vmstate_i2c_bus, bus)
    return bus


@emulates(modelled=False)
def i2c_slave_match(candidate: I2CSlave, address: int, broadcast: bool, current_devs: Any) -> bool:
    """Tell whether a device answers to an address."""
    return False


i2c_props: Final = (DEFINE_PROP_UINT8("address", I2CSlave, "address", 0),)


@emulates
def i2c_slave_class_init(klass: ObjectClass, data: Any) -> None:
    """Set the kind of bus and the property ``address``."""
    k, sc = DEVICE_CLASS(klass), I2C_SLAVE_CLASS(klass)
    k.categories |= 1 << DeviceCategory.DEVICE_CATEGORY_MISC
    k.bus_type = TYPE_I2C_BUS
    device_class_set_props(k, i2c_props)
    sc.match_and_add = i2c_slave_match


i2c_bus_info: Final = TypeInfo(name=TYPE_I2C_BUS, parent=TYPE_BUS, instance=I2CBus)
i2c_slave_type_info: Final = TypeInfo(
    name=TYPE_I2C_SLAVE,
    parent=TYPE_DEVICE,
    instance=I2CSlave,
    abstract=True,
    class_=I2CSlaveClass,
    class_init=i2c_slave_class_init,
)


@type_init
@emulates
def i2c_slave_register_types() -> None:
    """Register the bus and its devices."""
    type_register_static(i2c_bus_info)
    type_register_static(i2c_slave_type_info)
