"""The EEPROMs of memory modules (hw/i2c/smbus_eeprom.c): that they are there; they are empty."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from emu.hw.core.qdev import BUS, DEVICE_CLASS, DeviceState, qdev_new, qdev_realize_and_unref
from emu.hw.core.qdev_properties import qdev_prop_set_uint8
from emu.hw.i2c.core import I2CBus
from emu.hw.i2c.smbus_slave import SMBUS_DEVICE_CLASS, TYPE_SMBUS_DEVICE
from emu.migration.savevm import VMStateDescription
from emu.qapi.error import error_fatal
from emu.qemu.module import type_init
from emu.qom.object import ObjectClass, TypeInfo, type_register_static
from emu.qom.parts import Part, caster
from emu.trace import emulates

TYPE_SMBUS_EEPROM: Final = "smbus-eeprom"


class SMBusEEPROMDevice(Part):
    """An EEPROM of 256 bytes."""

    SIZE: ClassVar[int] = 488
    offset: int = 0
    accessed: bool = False


SMBUS_EEPROM = caster(SMBusEEPROMDevice, TYPE_SMBUS_EEPROM)

vmstate_smbus_eeprom: Final = VMStateDescription("smbus-eeprom", version_id=1, minimum_version_id=1)


@emulates(modelled=False)
def eeprom_receive_byte(dev: Any) -> int:
    """Read the next byte."""
    return 0


@emulates(modelled=False)
def eeprom_write_data(dev: Any, buf: bytes, len_: int) -> int:
    """Set the place to read from, and write."""
    return 0


@emulates
def smbus_eeprom_reset(dev: DeviceState) -> None:
    """Begin at the first byte again."""
    SMBUS_EEPROM(dev).offset = 0


@emulates
def smbus_eeprom_realize(dev: DeviceState) -> None:
    """Start as after a reset."""
    smbus_eeprom_reset(dev)


@emulates
def smbus_eeprom_class_initfn(klass: ObjectClass, data: Any) -> None:
    """Set the methods; only a board can make one, since it has the contents."""
    dc, sc = DEVICE_CLASS(klass), SMBUS_DEVICE_CLASS(klass)
    dc.realize = smbus_eeprom_realize
    dc.reset = smbus_eeprom_reset
    sc.receive_byte = eeprom_receive_byte
    sc.write_data = eeprom_write_data
    dc.vmsd = vmstate_smbus_eeprom
    dc.user_creatable = False


smbus_eeprom_info: Final = TypeInfo(
    name=TYPE_SMBUS_EEPROM,
    parent=TYPE_SMBUS_DEVICE,
    instance=SMBusEEPROMDevice,
    class_init=smbus_eeprom_class_initfn,
)


@emulates
def smbus_eeprom_init_one(smbus: I2CBus, address: int) -> None:
    """Make an EEPROM at an address."""
    dev = qdev_new(TYPE_SMBUS_EEPROM)
    qdev_prop_set_uint8(dev, "address", address)
    with error_fatal():
        qdev_realize_and_unref(dev, BUS(smbus))


@emulates
def smbus_eeprom_init(smbus: I2CBus, nb_eeprom: int) -> None:
    """Make ``nb_eeprom`` EEPROMs from address 0x50 on."""
    assert nb_eeprom <= 8
    for i in range(nb_eeprom):
        smbus_eeprom_init_one(smbus, 0x50 + i)


@type_init
@emulates
def smbus_eeprom_register_types() -> None:
    """Register the type."""
    type_register_static(smbus_eeprom_info)
