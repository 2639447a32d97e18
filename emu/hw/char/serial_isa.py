"""A PC's serial ports (hw/char/serial-isa.c)."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from emu.hw.acpi.acpi_interface import ACPI_DEV_AML_IF_CLASS, TYPE_ACPI_DEV_AML_IF
from emu.hw.char.serial import TYPE_SERIAL, SerialState, serial_io_ops
from emu.hw.core.qdev import DEVICE, DEVICE_CLASS, DeviceCategory, DeviceState, qdev_realize
from emu.hw.core.qdev_fw import qdev_set_legacy_instance_id
from emu.hw.core.qdev_properties import (
    DEFINE_PROP_UINT32,
    device_class_set_props,
    qdev_alias_all_properties,
    qdev_prop_set_uint32,
)
from emu.hw.core.qdev_properties_system import qdev_prop_set_chr
from emu.hw.isa.isa_bus import (
    ISA_DEVICE,
    TYPE_ISA_DEVICE,
    ISABus,
    isa_get_irq,
    isa_new,
    isa_realize_and_unref,
    isa_register_ioport,
)
from emu.migration.savevm import VMStateDescription
from emu.qapi.error import error_fatal, error_setg
from emu.qemu.module import type_init
from emu.qom.object import OBJECT, Object, ObjectClass, TypeInfo, object_initialize_child, type_register_static
from emu.qom.parts import Part, caster
from emu.softmmu.memory import memory_region_init_io
from emu.softmmu.vl.monitors import serial_hd
from emu.trace import Ptr, Struct, emulates, per_run

TYPE_ISA_SERIAL: Final = "isa-serial"
MAX_ISA_SERIAL_PORTS: Final = 4
UINT32_MAX: Final = 0xFFFFFFFF
isa_serial_io: Final = (0x3F8, 0x2F8, 0x3E8, 0x2E8)
isa_serial_irq: Final = (4, 3, 4, 3)


class ISASerialState(Part):
    """A serial port."""

    SIZE: ClassVar[int] = 848
    index: int = 0
    iobase: int = 0
    isairq: int = 0
    state: SerialState | None = None


class SerialIsaStatics(Struct):
    """How many ports there are."""

    index: int = 0


serial_isa_statics = per_run(SerialIsaStatics)
ISA_SERIAL = caster(ISASerialState, TYPE_ISA_SERIAL)


@emulates
def serial_isa_realizefn(dev: DeviceState) -> None:
    """Settle port and interrupt by number, realize the UART. Error: four are there already."""
    own, isadev, isa = serial_isa_statics(), ISA_DEVICE(dev), ISA_SERIAL(dev)
    s = isa.state
    assert s is not None
    if isa.index == UINT32_MAX:
        isa.index = own.index
    if isa.index >= MAX_ISA_SERIAL_PORTS:
        error_setg(f"Max. supported number of ISA serial ports is {MAX_ISA_SERIAL_PORTS}.")
    if isa.iobase == UINT32_MAX:
        isa.iobase = isa_serial_io[isa.index]
    if isa.isairq == UINT32_MAX:
        isa.isairq = isa_serial_irq[isa.index]
    own.index += 1
    s.irq = isa_get_irq(isadev, isa.isairq)
    qdev_realize(DEVICE(s), None)
    qdev_set_legacy_instance_id(dev, isa.iobase, 3)
    memory_region_init_io(Ptr(s, "io"), OBJECT(isa), serial_io_ops, s, "serial", 8)
    assert s.io is not None
    isa_register_ioport(isadev, s.io, isa.iobase)


@emulates(modelled=False)
def serial_isa_build_aml(adev: Any, scope: Any) -> None:
    """Describe the device in ACPI's language."""


vmstate_isa_serial: Final = VMStateDescription(name="serial", version_id=3, minimum_version_id=2)
serial_isa_properties: Final = (
    DEFINE_PROP_UINT32("index", ISASerialState, "index", -1),
    DEFINE_PROP_UINT32("iobase", ISASerialState, "iobase", -1),
    DEFINE_PROP_UINT32("irq", ISASerialState, "isairq", -1),
)


@emulates
def serial_isa_class_initfn(klass: ObjectClass, data: Any) -> None:
    """Set what makes a device a serial port."""
    dc, adevc = DEVICE_CLASS(klass), ACPI_DEV_AML_IF_CLASS(klass)
    dc.realize = serial_isa_realizefn
    dc.vmsd = vmstate_isa_serial
    adevc.build_dev_aml = serial_isa_build_aml
    device_class_set_props(dc, serial_isa_properties)
    dc.categories |= 1 << DeviceCategory.DEVICE_CATEGORY_INPUT


@emulates
def serial_isa_initfn(o: Object) -> None:
    """Make the UART; its properties are the port's too."""
    self = ISA_SERIAL(o)
    object_initialize_child(o, "serial", Ptr(self, "state"), TYPE_SERIAL)
    qdev_alias_all_properties(DEVICE(self.state), o)


serial_isa_info: Final = TypeInfo(
    name=TYPE_ISA_SERIAL,
    parent=TYPE_ISA_DEVICE,
    instance=ISASerialState,
    instance_init=serial_isa_initfn,
    class_init=serial_isa_class_initfn,
    interfaces=(TYPE_ACPI_DEV_AML_IF,),
)


@type_init
@emulates
def serial_register_types() -> None:
    """Register the type."""
    type_register_static(serial_isa_info)


@emulates
def serial_isa_init(bus: ISABus, index: int, chr_: Any) -> None:
    """Make a port for ``-serial``."""
    isadev = isa_new(TYPE_ISA_SERIAL)
    dev = DEVICE(isadev)
    qdev_prop_set_uint32(dev, "index", index)
    qdev_prop_set_chr(dev, "chardev", chr_)
    with error_fatal():
        isa_realize_and_unref(isadev, bus)


@emulates
def serial_hds_isa_init(bus: ISABus, from_: int, to: int) -> None:
    """Make the ports that ``-serial`` asks for."""
    assert from_ >= 0
    assert to <= MAX_ISA_SERIAL_PORTS
    for i in range(from_, to):
        if serial_hd(i) is not None:
            serial_isa_init(bus, i, serial_hd(i))
