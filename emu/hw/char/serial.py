"""The UART; characters do not flow here (hw/char/serial.c, include/hw/char/serial.h)."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from emu.chardev.char_fe import qemu_chr_fe_deinit, qemu_chr_fe_set_handlers
from emu.chardev.structs import CharBackend
from emu.hw.core.irq import IRQState, qemu_irq_lower
from emu.hw.core.qdev import DEVICE, DEVICE_CLASS, TYPE_DEVICE, DeviceState, qdev_realize
from emu.hw.core.qdev_properties import (
    DEFINE_PROP_BOOL,
    DEFINE_PROP_UINT8,
    DEFINE_PROP_UINT32,
    device_class_set_props,
    qdev_alias_all_properties,
)
from emu.hw.core.qdev_properties_system import DEFINE_PROP_CHR
from emu.hw.core.reset import qemu_register_reset, qemu_unregister_reset
from emu.hw.core.sysbus import SYS_BUS_DEVICE, TYPE_SYS_BUS_DEVICE, sysbus_init_irq, sysbus_init_mmio
from emu.migration.savevm import VMStateDescription
from emu.qemu.module import type_init
from emu.qom.object import OBJECT, Object, ObjectClass, TypeInfo, object_initialize_child, type_register_static
from emu.qom.parts import Part, caster
from emu.softmmu.memory import DEVICE_LITTLE_ENDIAN, DEVICE_NATIVE_ENDIAN, Impl, MemoryRegion, Valid, memory_region_init_io
from emu.softmmu.unmodelled_ops import unmodelled_ops
from emu.trace import Ptr, embedded, emulates
from emu.util.qemu_timer import QEMUClockType, QEMUTimer, timer_del, timer_free, timer_new_ns

TYPE_SERIAL: Final = "serial"
TYPE_SERIAL_MM: Final = "serial-mm"
FILE: Final = "hw/char/serial.c"
UART_IIR_NO_INT: Final = 0x01
UART_LSR_TEMT_THRE: Final = 0x40 | 0x20
UART_MSR_DCD_DSR_CTS: Final = 0x80 | 0x20 | 0x10
UART_MCR_OUT2: Final = 0x08

serial_io_ops: Final = unmodelled_ops(
    "serial_io_ops",
    FILE,
    "serial_ioport_read",
    "serial_ioport_write",
    endianness=DEVICE_LITTLE_ENDIAN,
    valid=Valid(unaligned=True),
    impl=Impl(1, 1),
)
serial_mm_ops: Final = unmodelled_ops(
    "serial_mm_ops", FILE, "serial_mm_read", "serial_mm_write", valid=Valid(0, 8), impl=Impl(0, 8)
)


class SerialState(Part):
    """A UART."""

    SIZE: ClassVar[int] = 656
    divider: int = 0
    ier: int = 0
    iir: int = 0
    lcr: int = 0
    mcr: int = 0
    lsr: int = 0
    msr: int = 0
    scr: int = 0
    irq: IRQState | None = None
    chr: CharBackend = embedded(CharBackend)
    baudbase: int = 0
    wakeup: bool = False
    fifo_timeout_timer: QEMUTimer | None = None
    modem_status_poll: QEMUTimer | None = None
    io: MemoryRegion | None = None


class SerialMM(Part):
    """A UART in memory."""

    SIZE: ClassVar[int] = 1488
    serial: SerialState | None = None
    regshift: int = 0
    endianness: int = 0


SERIAL = caster(SerialState, TYPE_SERIAL)
SERIAL_MM = caster(SerialMM, TYPE_SERIAL_MM)


@emulates(modelled=False)
def serial_update_msl(opaque: Any) -> None:
    """Read the modem's lines from the character device."""


@emulates(modelled=False)
def fifo_timeout_int(opaque: Any) -> None:
    """Tell the guest of characters that wait."""


@emulates(modelled=False)
def serial_can_receive1(opaque: Any) -> int:
    """Say how many characters fit."""
    return 0


@emulates(modelled=False)
def serial_receive1(opaque: Any, buf: bytes, size: int) -> None:
    """Take characters."""


@emulates(modelled=False)
def serial_event(opaque: Any, event: int) -> None:
    """Take a break."""


@emulates(modelled=False)
def serial_be_change(opaque: Any) -> int:
    """Take another character device."""
    return 0


@emulates
def serial_reset(opaque: SerialState) -> None:
    """Start at 9600 baud with nothing sent and nothing received."""
    s = opaque
    s.ier = 0
    s.iir = UART_IIR_NO_INT
    s.lcr = 0
    s.lsr = UART_LSR_TEMT_THRE
    s.msr = UART_MSR_DCD_DSR_CTS
    s.divider = 0x0C
    s.mcr = UART_MCR_OUT2
    s.scr = 0
    assert s.fifo_timeout_timer is not None
    assert s.modem_status_poll is not None
    timer_del(s.fifo_timeout_timer)
    timer_del(s.modem_status_poll)
    qemu_irq_lower(s.irq)
    serial_update_msl(s)


@emulates
def serial_realize(dev: DeviceState) -> None:
    """Make timers, take the character device, start."""
    s = SERIAL(dev)
    s.modem_status_poll = timer_new_ns(QEMUClockType.QEMU_CLOCK_VIRTUAL, serial_update_msl, s)
    s.fifo_timeout_timer = timer_new_ns(QEMUClockType.QEMU_CLOCK_VIRTUAL, fifo_timeout_int, s)
    qemu_register_reset(serial_reset, s)
    qemu_chr_fe_set_handlers(s.chr, serial_can_receive1, serial_receive1, serial_event, s, serial_be_change)
    serial_reset(s)


@emulates
def serial_unrealize(dev: DeviceState) -> None:
    """Let the character device go."""
    s = SERIAL(dev)
    qemu_chr_fe_deinit(s.chr, False)
    timer_free(s.modem_status_poll)
    timer_free(s.fifo_timeout_timer)
    qemu_unregister_reset(serial_reset, s)


serial_properties: Final = (
    DEFINE_PROP_CHR("chardev", SerialState, "chr"),
    DEFINE_PROP_UINT32("baudbase", SerialState, "baudbase", 115200),
    DEFINE_PROP_BOOL("wakeup", SerialState, "wakeup", False),
)


@emulates
def serial_class_init(klass: ObjectClass, data: Any) -> None:
    """Set what makes a device a UART."""
    dc = DEVICE_CLASS(klass)
    dc.user_creatable = False
    dc.realize = serial_realize
    dc.unrealize = serial_unrealize
    device_class_set_props(dc, serial_properties)


@emulates
def serial_mm_realize(dev: DeviceState) -> None:
    """Realize the UART and offer it to the board."""
    smm = SERIAL_MM(dev)
    s = smm.serial
    assert s is not None
    qdev_realize(DEVICE(s), None)
    memory_region_init_io(Ptr(s, "io"), OBJECT(dev), serial_mm_ops, smm, "serial", 8 << smm.regshift)
    assert s.io is not None
    sysbus_init_mmio(SYS_BUS_DEVICE(smm), s.io)
    sysbus_init_irq(SYS_BUS_DEVICE(smm), Ptr(s, "irq"))


vmstate_serial_mm: Final = VMStateDescription(name="serial", version_id=3, minimum_version_id=2)


@emulates
def serial_mm_instance_init(o: Object) -> None:
    """Make the UART; its properties are the device's too."""
    smm = SERIAL_MM(o)
    object_initialize_child(o, "serial", Ptr(smm, "serial"), TYPE_SERIAL)
    qdev_alias_all_properties(DEVICE(smm.serial), o)


serial_mm_properties: Final = (
    DEFINE_PROP_UINT8("regshift", SerialMM, "regshift", 0),
    DEFINE_PROP_UINT8("endianness", SerialMM, "endianness", DEVICE_NATIVE_ENDIAN),
)


@emulates
def serial_mm_class_init(oc: ObjectClass, data: Any) -> None:
    """Set what makes a device a UART in memory."""
    dc = DEVICE_CLASS(oc)
    device_class_set_props(dc, serial_mm_properties)
    dc.realize = serial_mm_realize
    dc.vmsd = vmstate_serial_mm


serial_info: Final = TypeInfo(name=TYPE_SERIAL, parent=TYPE_DEVICE, instance=SerialState, class_init=serial_class_init)
serial_mm_info: Final = TypeInfo(
    name=TYPE_SERIAL_MM,
    parent=TYPE_SYS_BUS_DEVICE,
    class_init=serial_mm_class_init,
    instance_init=serial_mm_instance_init,
    instance=SerialMM,
)


@type_init
@emulates
def serial_register_types() -> None:
    """Register both types."""
    type_register_static(serial_info)
    type_register_static(serial_mm_info)
