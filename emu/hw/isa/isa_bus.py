"""The ISA bus (hw/isa/isa-bus.c, include/hw/isa/isa.h)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Final

from emu.hw.core.bus import qbus_new
from emu.hw.core.gpio import qdev_connect_gpio_out
from emu.hw.core.irq import IRQArray, IRQState
from emu.hw.core.qdev import (
    BUS,
    BUS_CLASS,
    DEVICE,
    DEVICE_CLASS,
    TYPE_BUS,
    TYPE_DEVICE,
    DeviceCategory,
    DeviceState,
    qdev_get_parent_bus,
    qdev_new,
    qdev_realize_and_unref,
    qdev_try_new,
)
from emu.hw.core.qdev_fw import qdev_fw_name
from emu.hw.core.sysbus import SYS_BUS_DEVICE, TYPE_SYS_BUS_DEVICE, sysbus_realize_and_unref
from emu.qapi.error import error_fatal, error_setg
from emu.qemu.module import type_init
from emu.qom.object import OBJECT, TYPE_INTERFACE, ObjectClass, TypeInfo, type_register_static
from emu.qom.parts import Part, caster
from emu.softmmu.ioport import MemoryRegionPortio, PortioList, portio_list_add, portio_list_init
from emu.softmmu.memory import MemoryRegion, memory_region_add_subregion
from emu.trace import Seq, Struct, emulates, fresh, per_run
from emu.util.assertion import assertion_failed

TYPE_ISA_DEVICE: Final = "isa-device"
TYPE_ISA_BUS: Final = "ISA"
TYPE_ISADMA: Final = "isa-dma"
ISA_NUM_IRQS: Final = 16


class IsaDmaClass(Part):
    """The interface of a DMA controller; transfers are not modelled."""

    SIZE: ClassVar[int] = 168


class ISADeviceClass(Part):
    """The class of ISA devices adds nothing."""

    SIZE: ClassVar[int] = 176


class DmaPair(Seq["Part | None"]):
    """``IsaDma *dma[2]``: the 8-bit and the 16-bit controller."""

    def __init__(self) -> None:
        super().__init__([None, None])


class ISABus(Part):
    """The bus: memory and ports that its devices see, interrupt lines, DMA controllers."""

    SIZE: ClassVar[int] = 160
    address_space: MemoryRegion | None = None
    address_space_io: MemoryRegion | None = None
    irqs: IRQArray | None = None
    dma: Seq[Part | None] = fresh(DmaPair)


class ISADevice(Part):
    """A device on the bus; ``ioport_id`` is its lowest port."""

    SIZE: ClassVar[int] = 168
    ioport_id: int = 0


ISA_DEVICE = caster(ISADevice, TYPE_ISA_DEVICE)
ISA_BUS = caster(ISABus, TYPE_ISA_BUS)


class IsaGlobals(Struct):
    """The file-level state of hw/isa/isa-bus.c."""

    isabus: ISABus | None = None


isa_globals = per_run(IsaGlobals)


def isabus_get_fw_dev_path(dev: DeviceState) -> str:
    """Name a device for the firmware by its lowest port."""
    d = ISA_DEVICE(dev)
    return qdev_fw_name(dev) + (f"@{d.ioport_id:04x}" if d.ioport_id else "")


@emulates
def isa_bus_class_init(klass: ObjectClass, data: Any) -> None:
    """Set how devices are named."""
    BUS_CLASS(klass).get_fw_dev_path = isabus_get_fw_dev_path


@emulates
def isa_bus_new(dev: DeviceState | None, address_space: MemoryRegion, address_space_io: MemoryRegion) -> ISABus:
    """Make the bus. Error: there is one already."""
    own = isa_globals()
    if own.isabus is not None:
        error_setg("Can't create a second ISA bus")
    if dev is None:
        dev = qdev_new("isabus-bridge")
        with error_fatal():
            sysbus_realize_and_unref(SYS_BUS_DEVICE(dev))
    bus = ISA_BUS(qbus_new(TYPE_ISA_BUS, dev, None))
    own.isabus = bus
    bus.address_space = address_space
    bus.address_space_io = address_space_io
    return bus


def the_bus() -> ISABus:
    """Return the bus, which must exist."""
    bus = isa_globals().isabus
    assert bus is not None
    return bus


@emulates
def isa_bus_irqs(bus: ISABus, irqs: IRQArray) -> None:
    """Give the bus its interrupt lines: the board's global system interrupts."""
    bus.irqs = irqs


@emulates
def isa_get_irq(dev: ISADevice | None, isairq: int) -> IRQState:
    """Return an interrupt line of the bus. There are sixteen: QEMU asserts that."""
    if isairq >= ISA_NUM_IRQS:
        raise assertion_failed("hw/isa/isa-bus.c", 85, "isa_get_irq", "isairq < ISA_NUM_IRQS")
    irqs = the_bus().irqs
    assert irqs is not None
    return irqs[isairq]


@emulates
def isa_connect_gpio_out(isadev: ISADevice, gpioirq: int, isairq: int) -> None:
    """Connect an output line of a device to an interrupt of the bus."""
    qdev_connect_gpio_out(DEVICE(isadev), gpioirq, isa_get_irq(isadev, isairq))


@emulates
def isa_bus_dma(bus: ISABus, dma8: Part, dma16: Part) -> None:
    """Give the bus its DMA controllers."""
    assert bus.dma[0] is None
    assert bus.dma[1] is None
    bus.dma[0] = dma8
    bus.dma[1] = dma16


def isa_get_dma(bus: ISABus, nchan: int) -> Part | None:
    """Return the controller of a DMA channel."""
    return bus.dma[1 if nchan > 3 else 0]


@emulates
def isa_init_ioport(dev: ISADevice | None, ioport: int) -> None:
    """Note a port of a device: the lowest names it."""
    if dev is not None and (dev.ioport_id == 0 or ioport < dev.ioport_id):
        dev.ioport_id = ioport


@emulates
def isa_register_ioport(dev: ISADevice | None, io: MemoryRegion, start: int) -> None:
    """Put a region at a port, of which there are 65536."""
    start &= 0xFFFF
    address_space_io = the_bus().address_space_io
    assert address_space_io is not None
    memory_region_add_subregion(address_space_io, start, io)
    isa_init_ioport(dev, start)


@emulates
def isa_register_portio_list(
    dev: ISADevice | None,
    piolist: PortioList,
    start: int,
    pio_start: Sequence[MemoryRegionPortio],
    opaque: Any,
    name: str,
) -> int:
    """Put a list of ports at ``start``. Return 0."""
    address_space_io = the_bus().address_space_io
    assert address_space_io is not None
    isa_init_ioport(dev, start)
    portio_list_init(piolist, OBJECT(dev) if dev is not None else None, pio_start, opaque, name)
    portio_list_add(piolist, address_space_io, start)
    return 0


@emulates
def isa_new(name: str) -> ISADevice:
    """Make a device."""
    return ISA_DEVICE(qdev_new(name))


@emulates
def isa_try_new(name: str) -> ISADevice | None:
    """Make a device if its type exists."""
    dev = qdev_try_new(name)
    return ISA_DEVICE(dev) if dev is not None else None


@emulates
def isa_create_simple(bus: ISABus, name: str) -> ISADevice:
    """Make and realize a device."""
    dev = isa_new(name)
    with error_fatal():
        isa_realize_and_unref(dev, bus)
    return dev


@emulates
def isa_realize_and_unref(dev: ISADevice, bus: ISABus) -> None:
    """Realize a device and leave it to its parent."""
    qdev_realize_and_unref(DEVICE(dev), BUS(bus))


@emulates(modelled=False)
def isa_vga_init(bus: ISABus) -> ISADevice | None:
    """Make a display for a machine without PCI."""
    return None


def isa_bus_from_device(d: ISADevice) -> ISABus:
    """Return the bus that a device is on."""
    bus = qdev_get_parent_bus(DEVICE(d))
    assert bus is not None
    return ISA_BUS(bus)


def isa_address_space(dev: ISADevice | None) -> MemoryRegion:
    """Return the memory that a device sees."""
    memory = (isa_bus_from_device(dev) if dev is not None else the_bus()).address_space
    assert memory is not None
    return memory


def isa_address_space_io(dev: ISADevice | None) -> MemoryRegion:
    """Return the ports that a device sees."""
    ports = (isa_bus_from_device(dev) if dev is not None else the_bus()).address_space_io
    assert ports is not None
    return ports


@emulates
def isabus_bridge_class_init(klass: ObjectClass, data: Any) -> None:
    """Set the name that the firmware knows."""
    dc = DEVICE_CLASS(klass)
    dc.categories |= 1 << DeviceCategory.DEVICE_CATEGORY_BRIDGE
    dc.fw_name = "isa"


@emulates
def isa_device_class_init(klass: ObjectClass, data: Any) -> None:
    """Set the kind of bus."""
    DEVICE_CLASS(klass).bus_type = TYPE_ISA_BUS


isa_dma_info: Final = TypeInfo(name=TYPE_ISADMA, parent=TYPE_INTERFACE, class_=IsaDmaClass)
isa_bus_info: Final = TypeInfo(name=TYPE_ISA_BUS, parent=TYPE_BUS, instance=ISABus, class_init=isa_bus_class_init)
isabus_bridge_info: Final = TypeInfo(name="isabus-bridge", parent=TYPE_SYS_BUS_DEVICE, class_init=isabus_bridge_class_init)
isa_device_type_info: Final = TypeInfo(
    name=TYPE_ISA_DEVICE,
    parent=TYPE_DEVICE,
    instance=ISADevice,
    abstract=True,
    class_=ISADeviceClass,
    class_init=isa_device_class_init,
)


@type_init
@emulates
def isabus_register_types() -> None:
    """Register the bus, its devices, and the interface of DMA controllers."""
    type_register_static(isa_dma_info)
    type_register_static(isa_bus_info)
    type_register_static(isabus_bridge_info)
    type_register_static(isa_device_type_info)
