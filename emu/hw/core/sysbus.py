"""The system bus: devices wired up by the board (hw/core/sysbus.c, include/hw/sysbus.h)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, Final

from emu.exec.address_spaces import get_system_io, get_system_memory
from emu.hw.core.bus import qbus_init
from emu.hw.core.gpio import qdev_connect_gpio_out_named, qdev_get_gpio_out_connector, qdev_init_gpio_out_named, qdev_pass_gpios
from emu.hw.core.irq import qemu_irq
from emu.hw.core.qdev import (
    BUS_CLASS,
    DEVICE,
    DEVICE_CLASS,
    TYPE_BUS,
    TYPE_DEVICE,
    BusState,
    DeviceState,
    qdev_new,
    qdev_realize,
    qdev_realize_and_unref,
)
from emu.hw.core.qdev_fw import qdev_fw_name
from emu.monitor import monitor_printf
from emu.qapi.error import error_fatal
from emu.qemu.module import type_init
from emu.qom.object import ObjectClass, TypeInfo, type_register_static
from emu.qom.parts import Part, caster, class_getter
from emu.softmmu.memory import (
    memory_region_add_subregion,
    memory_region_add_subregion_overlap,
    memory_region_del_subregion,
    memory_region_size,
)
from emu.trace import Ptr, Seq, Struct, emulates, per_run, seq

if TYPE_CHECKING:
    from emu.softmmu.memory import MemoryRegion

TYPE_SYSTEM_BUS: Final = "System"
TYPE_SYS_BUS_DEVICE: Final = "sys-bus-device"
SYSBUS_DEVICE_GPIO_IRQ: Final = "sysbus-irq"

QDEV_MAX_MMIO: Final = 32
QDEV_MAX_PIO: Final = 32
UNMAPPED: Final = (1 << 64) - 1


class SysBusDeviceClass(Part):
    """What classes of system bus devices differ in."""

    SIZE: ClassVar[int] = 192
    explicit_ofw_unit_address: Callable[[Any], str | None] | None = None
    connect_irq_notifier: Callable[[Any, qemu_irq], None] | None = None


class SysBusMmio(Struct):
    """A memory region that a device offers, and where the board put it."""

    addr: int = 0
    memory: MemoryRegion | None = None


class SysBusDevice(Part):
    """A device on the system bus: its memory regions and ports."""

    SIZE: ClassVar[int] = 816
    num_mmio: int = 0
    mmio: Seq[SysBusMmio] = seq()
    num_pio: int = 0
    pio: Seq[int] = seq()


SYS_BUS_DEVICE = caster(SysBusDevice, TYPE_SYS_BUS_DEVICE)
SYS_BUS_DEVICE_GET_CLASS = class_getter(SysBusDeviceClass)
SYS_BUS_DEVICE_CLASS = caster(SysBusDeviceClass, TYPE_SYS_BUS_DEVICE)


class SysBusGlobals(Struct):
    """The file-level state of hw/core/sysbus.c."""

    main_system_bus: BusState | None = None


sysbus_globals = per_run(SysBusGlobals)


def sysbus_has_mmio(dev: SysBusDevice, n: int) -> bool:
    """Tell whether a device offers a memory region of that number."""
    return n < dev.num_mmio


def sysbus_get_connected_irq(dev: SysBusDevice, n: int) -> qemu_irq:
    """Return what an interrupt line of a device drives."""
    return qdev_get_gpio_out_connector(DEVICE(dev), SYSBUS_DEVICE_GPIO_IRQ, n)


def sysbus_is_irq_connected(dev: SysBusDevice, n: int) -> bool:
    """Tell whether an interrupt line of a device drives anything."""
    return sysbus_get_connected_irq(dev, n) is not None


@emulates
def sysbus_connect_irq(dev: SysBusDevice, n: int, irq: qemu_irq) -> None:
    """Connect an interrupt line of a device."""
    sbd = SYS_BUS_DEVICE_GET_CLASS(dev)
    qdev_connect_gpio_out_named(DEVICE(dev), SYSBUS_DEVICE_GPIO_IRQ, n, irq)
    if sbd.connect_irq_notifier is not None:
        sbd.connect_irq_notifier(dev, irq)


@emulates
def sysbus_mmio_map_common(dev: SysBusDevice, n: int, addr: int, may_overlap: bool, priority: int) -> None:
    """Put a device's memory region at an address of system memory, away from its old one."""
    assert 0 <= n < dev.num_mmio
    mmio = dev.mmio[n]
    assert mmio.memory is not None
    if mmio.addr == addr:
        return
    if mmio.addr != UNMAPPED:
        memory_region_del_subregion(get_system_memory(), mmio.memory)
    mmio.addr = addr
    if may_overlap:
        memory_region_add_subregion_overlap(get_system_memory(), addr, mmio.memory, priority)
    else:
        memory_region_add_subregion(get_system_memory(), addr, mmio.memory)


@emulates
def sysbus_mmio_map(dev: SysBusDevice, n: int, addr: int) -> None:
    """Map a memory region."""
    sysbus_mmio_map_common(dev, n, addr, False, 0)


@emulates
def sysbus_mmio_map_overlap(dev: SysBusDevice, n: int, addr: int, priority: int) -> None:
    """Map a memory region over others."""
    sysbus_mmio_map_common(dev, n, addr, True, priority)


@emulates
def sysbus_init_irq(dev: SysBusDevice, p: Ptr) -> None:
    """Add an interrupt line."""
    qdev_init_gpio_out_named(DEVICE(dev), p, SYSBUS_DEVICE_GPIO_IRQ, 1)


@emulates
def sysbus_pass_irq(dev: SysBusDevice, target: SysBusDevice) -> None:
    """Let the interrupt lines of a part appear as the whole's."""
    qdev_pass_gpios(DEVICE(target), DEVICE(dev), SYSBUS_DEVICE_GPIO_IRQ)


@emulates
def sysbus_init_mmio(dev: SysBusDevice, memory: MemoryRegion) -> None:
    """Offer a memory region to the board."""
    assert dev.num_mmio < QDEV_MAX_MMIO
    dev.num_mmio += 1
    dev.mmio.append(SysBusMmio(addr=UNMAPPED, memory=memory))


def sysbus_mmio_get_region(dev: SysBusDevice, n: int) -> MemoryRegion:
    """Return a memory region that a device offers."""
    memory = dev.mmio[n].memory
    assert memory is not None
    return memory


@emulates
def sysbus_init_ioports(dev: SysBusDevice, ioport: int, size: int) -> None:
    """Note the ports of a device: they name it in firmware paths."""
    for i in range(size):
        assert dev.num_pio < QDEV_MAX_PIO
        dev.num_pio += 1
        dev.pio.append(ioport + i)


@emulates
def sysbus_device_realize(dev: DeviceState) -> None:
    """Do nothing, so that a subclass has a realize to call as its parent's."""


@emulates
def sysbus_create_varargs(name: str, addr: int, *irqs: qemu_irq) -> DeviceState:
    """Make and realize a device, map its first region and connect its interrupt lines."""
    dev = qdev_new(name)
    s = SYS_BUS_DEVICE(dev)
    with error_fatal():
        sysbus_realize_and_unref(s)
    if addr != UNMAPPED:
        sysbus_mmio_map(s, 0, addr)
    for n, irq in enumerate(irqs):
        sysbus_connect_irq(s, n, irq)
    return dev


@emulates(file="include/hw/sysbus.h")
def sysbus_create_simple(name: str, addr: int, irq: qemu_irq) -> DeviceState:
    """Make a device with at most one interrupt line (include/hw/sysbus.h)."""
    return sysbus_create_varargs(name, addr, *(() if irq is None else (irq,)))


@emulates
def sysbus_realize(dev: SysBusDevice) -> None:
    """Realize a device on the system bus."""
    qdev_realize(DEVICE(dev), sysbus_get_default())


@emulates
def sysbus_realize_and_unref(dev: SysBusDevice) -> None:
    """Realize a device on the system bus and leave it to its parent."""
    qdev_realize_and_unref(DEVICE(dev), sysbus_get_default())


def sysbus_dev_print(mon: Any, dev: DeviceState, indent: int) -> None:
    """Print the memory regions of a device for ``info qtree``."""
    for mmio in SYS_BUS_DEVICE(dev).mmio:
        assert mmio.memory is not None
        monitor_printf(mon, f"{'':{indent}}mmio {mmio.addr:016x}/{memory_region_size(mmio.memory):016x}\n")


def sysbus_get_fw_dev_path(dev: DeviceState) -> str:
    """Name a device for the firmware by its address."""
    s, sbc = SYS_BUS_DEVICE(dev), SYS_BUS_DEVICE_GET_CLASS(dev)
    name = qdev_fw_name(dev)
    if sbc.explicit_ofw_unit_address is not None:
        unit = sbc.explicit_ofw_unit_address(s)
        if unit is not None:
            return f"{name}@{unit}"
    if s.num_mmio:
        return f"{name}@{s.mmio[0].addr:016x}"
    if s.num_pio:
        return f"{name}@i{s.pio[0]:04x}"
    return name


@emulates
def sysbus_add_io(dev: SysBusDevice, addr: int, mem: MemoryRegion) -> None:
    """Put a region at a port."""
    memory_region_add_subregion(get_system_io(), addr, mem)


def sysbus_address_space(dev: SysBusDevice) -> MemoryRegion:
    """Return the memory that a device sees."""
    return get_system_memory()


@emulates
def system_bus_class_init(klass: ObjectClass, data: Any) -> None:
    """Set how devices on the system bus are shown and named."""
    k = BUS_CLASS(klass)
    k.print_dev = sysbus_dev_print
    k.get_fw_dev_path = sysbus_get_fw_dev_path


@emulates
def sysbus_device_class_init(klass: ObjectClass, data: Any) -> None:
    """Set the defaults: only a board can wire such a device up, so ``-device`` does not make one."""
    k = DEVICE_CLASS(klass)
    k.realize = sysbus_device_realize
    k.bus_type = TYPE_SYSTEM_BUS
    k.user_creatable = False


@emulates
def main_system_bus_create() -> None:
    """Make the system bus."""
    qbus_init(Ptr(sysbus_globals(), "main_system_bus"), TYPE_SYSTEM_BUS, None, "main-system-bus")


@emulates
def sysbus_get_default() -> BusState:
    """Return the system bus, made at first use."""
    if sysbus_globals().main_system_bus is None:
        main_system_bus_create()
    bus = sysbus_globals().main_system_bus
    assert bus is not None
    return bus


system_bus_info: Final = TypeInfo(name=TYPE_SYSTEM_BUS, parent=TYPE_BUS, class_init=system_bus_class_init)
sysbus_device_type_info: Final = TypeInfo(
    name=TYPE_SYS_BUS_DEVICE,
    parent=TYPE_DEVICE,
    instance=SysBusDevice,
    abstract=True,
    class_=SysBusDeviceClass,
    class_init=sysbus_device_class_init,
)


@type_init
@emulates
def sysbus_register_types() -> None:
    """Register the bus and its devices."""
    type_register_static(system_bus_info)
    type_register_static(sysbus_device_type_info)
