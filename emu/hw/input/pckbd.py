"""The keyboard controller i8042; its commands are not modelled (hw/input/pckbd.c, include/hw/input/i8042.h)."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from emu.hw.acpi.acpi_interface import ACPI_DEV_AML_IF_CLASS, TYPE_ACPI_DEV_AML_IF
from emu.hw.core.gpio import (
    qdev_connect_gpio_out,
    qdev_connect_gpio_out_named,
    qdev_get_gpio_in_named,
    qdev_init_gpio_in_named,
    qdev_init_gpio_out,
    qdev_init_gpio_out_named,
)
from emu.hw.core.irq import IRQState, qemu_irq
from emu.hw.core.qdev import DEVICE, DEVICE_CLASS, DeviceCategory, DeviceState
from emu.hw.core.qdev_properties import (
    DEFINE_PROP_BOOL,
    DEFINE_PROP_UINT8,
    DEFINE_PROP_UINT32,
    DEFINE_PROP_UINT64,
    device_class_set_props,
)
from emu.hw.core.sysbus import SYS_BUS_DEVICE, TYPE_SYS_BUS_DEVICE, sysbus_init_mmio, sysbus_realize
from emu.hw.input.ps2 import (
    PS2_DEVICE_IRQ,
    TYPE_PS2_KBD_DEVICE,
    TYPE_PS2_MOUSE_DEVICE,
    PS2KbdState,
    PS2MouseState,
)
from emu.hw.isa.isa_bus import (
    ISA_DEVICE,
    ISA_NUM_IRQS,
    TYPE_ISA_DEVICE,
    ISADevice,
    isa_connect_gpio_out,
    isa_register_ioport,
)
from emu.migration.savevm import VMStateDescription
from emu.qapi.error import error_setg
from emu.qemu.module import type_init
from emu.qom.object import OBJECT, Object, ObjectClass, TypeInfo, object_initialize_child, type_register_static
from emu.qom.parts import Part, caster
from emu.softmmu.memory import DEVICE_LITTLE_ENDIAN, Impl, MemoryRegion, Valid, memory_region_init_io
from emu.softmmu.unmodelled_ops import unmodelled_ops
from emu.trace import Ptr, Seq, Struct, embedded, emulates, seq
from emu.util.error_report import warn_report
from emu.util.qemu_timer import QEMUClockType, QEMUTimer, timer_new_us

TYPE_I8042: Final = "i8042"
TYPE_I8042_MMIO: Final = "i8042-mmio"
I8042_KBD_IRQ: Final = 0
I8042_MOUSE_IRQ: Final = 1
I8042_A20_LINE: Final = "a20"
FILE: Final = "hw/input/pckbd.c"
KBD_LINE: Final = "ps2-kbd-input-irq"
MOUSE_LINE: Final = "ps2-mouse-input-irq"
KBD_MODE_INTS: Final = 0x01 | 0x02
KBD_STAT_CMD_UNLOCKED: Final = 0x08 | 0x10
KBD_OUT_START: Final = 0x01 | 0x02 | 0xCC

i8042_mmio_ops: Final = unmodelled_ops("i8042_mmio_ops", FILE, "kbd_mm_readfn", "kbd_mm_writefn", valid=Valid(1, 4))
i8042_data_ops: Final = unmodelled_ops(
    "i8042_data_ops", FILE, "kbd_read_data", "kbd_write_data", endianness=DEVICE_LITTLE_ENDIAN, impl=Impl(1, 1)
)
i8042_cmd_ops: Final = unmodelled_ops(
    "i8042_cmd_ops", FILE, "kbd_read_status", "kbd_write_command", endianness=DEVICE_LITTLE_ENDIAN, impl=Impl(1, 1)
)


class KBDState(Struct):
    """The controller without its bus."""

    status: int = 0
    mode: int = 0
    outport: int = 0
    extended_state: bool = False
    pending: int = 0
    ps2kbd: PS2KbdState | None = None
    ps2mouse: PS2MouseState | None = None
    throttle_timer: QEMUTimer | None = None
    irqs: Seq[IRQState | None] = seq()
    a20_out: IRQState | None = None
    mask: int = 0


class ISAKBDState(Part):
    """The controller on the ISA bus."""

    SIZE: ClassVar[int] = 3072
    kbd: KBDState = embedded(KBDState)
    kbd_throttle: bool = False
    io: Seq[MemoryRegion | None] = seq()
    kbd_irq: int = 0
    mouse_irq: int = 0


class MMIOKBDState(Part):
    """The controller in memory."""

    SIZE: ClassVar[int] = 3424
    kbd: KBDState = embedded(KBDState)
    size: int = 0
    region: MemoryRegion | None = None


I8042 = caster(ISAKBDState, TYPE_I8042)
I8042_MMIO = caster(MMIOKBDState, TYPE_I8042_MMIO)


@emulates
def kbd_reset(opaque: KBDState) -> None:
    """Start with both interrupts allowed."""
    s = opaque
    s.mode = KBD_MODE_INTS
    s.status = KBD_STAT_CMD_UNLOCKED
    s.outport = KBD_OUT_START
    s.pending = 0


@emulates(modelled=False)
def kbd_throttle_timeout(opaque: Any) -> None:
    """Deliver the next byte."""


@emulates(modelled=False)
def i8042_mmio_set_kbd_irq(opaque: Any, n: int, level: int) -> None:
    """Be told that the keyboard has a byte, or none."""


@emulates(modelled=False)
def i8042_mmio_set_mouse_irq(opaque: Any, n: int, level: int) -> None:
    """Be told that the mouse has a byte, or none."""


@emulates(modelled=False)
def i8042_set_kbd_irq(opaque: Any, n: int, level: int) -> None:
    """Be told that the keyboard has a byte, or none."""


@emulates(modelled=False)
def i8042_set_mouse_irq(opaque: Any, n: int, level: int) -> None:
    """Be told that the mouse has a byte, or none."""


@emulates
def i8042_mmio_reset(dev: DeviceState) -> None:
    """Reset the controller in memory."""
    kbd_reset(I8042_MMIO(dev).kbd)


@emulates
def i8042_mmio_realize(dev: DeviceState) -> None:
    """Make the registers, realize keyboard and mouse."""
    s = I8042_MMIO(dev)
    ks = s.kbd
    memory_region_init_io(Ptr(s, "region"), OBJECT(dev), i8042_mmio_ops, ks, "i8042", s.size)
    assert s.region is not None
    sysbus_init_mmio(SYS_BUS_DEVICE(dev), s.region)
    sysbus_realize(SYS_BUS_DEVICE(ks.ps2kbd))
    sysbus_realize(SYS_BUS_DEVICE(ks.ps2mouse))
    qdev_connect_gpio_out(DEVICE(ks.ps2kbd), PS2_DEVICE_IRQ, qdev_get_gpio_in_named(dev, KBD_LINE, 0))
    qdev_connect_gpio_out(DEVICE(ks.ps2mouse), PS2_DEVICE_IRQ, qdev_get_gpio_in_named(dev, MOUSE_LINE, 0))


@emulates
def i8042_mmio_init(obj: Object) -> None:
    """Make keyboard, mouse and lines."""
    ks = I8042_MMIO(obj).kbd
    ks.extended_state = True
    object_initialize_child(obj, "ps2kbd", Ptr(ks, "ps2kbd"), TYPE_PS2_KBD_DEVICE)
    object_initialize_child(obj, "ps2mouse", Ptr(ks, "ps2mouse"), TYPE_PS2_MOUSE_DEVICE)
    qdev_init_gpio_out(DEVICE(obj), Ptr(ks, "irqs"), 2)
    qdev_init_gpio_in_named(DEVICE(obj), i8042_mmio_set_kbd_irq, KBD_LINE, 1)
    qdev_init_gpio_in_named(DEVICE(obj), i8042_mmio_set_mouse_irq, MOUSE_LINE, 1)


vmstate_kbd_mmio: Final = VMStateDescription(name="pckbd-mmio", version_id=1, minimum_version_id=1)
vmstate_kbd_isa: Final = VMStateDescription(name="pckbd", version_id=3, minimum_version_id=3)
i8042_mmio_properties: Final = (
    DEFINE_PROP_UINT64("mask", MMIOKBDState, "kbd.mask", (1 << 64) - 1),
    DEFINE_PROP_UINT32("size", MMIOKBDState, "size", -1),
)
i8042_properties: Final = (
    DEFINE_PROP_BOOL("extended-state", ISAKBDState, "kbd.extended_state", True),
    DEFINE_PROP_BOOL("kbd-throttle", ISAKBDState, "kbd_throttle", False),
    DEFINE_PROP_UINT8("kbd-irq", ISAKBDState, "kbd_irq", 1),
    DEFINE_PROP_UINT8("mouse-irq", ISAKBDState, "mouse_irq", 12),
)


@emulates
def i8042_mmio_class_init(klass: ObjectClass, data: Any) -> None:
    """Set what makes a device the controller in memory."""
    dc = DEVICE_CLASS(klass)
    dc.realize = i8042_mmio_realize
    dc.reset = i8042_mmio_reset
    dc.vmsd = vmstate_kbd_mmio
    device_class_set_props(dc, i8042_mmio_properties)
    dc.categories |= 1 << DeviceCategory.DEVICE_CATEGORY_INPUT


@emulates
def i8042_setup_a20_line(dev: ISADevice, a20_out: qemu_irq) -> None:
    """Let the controller drive address line 20."""
    qdev_connect_gpio_out_named(DEVICE(dev), I8042_A20_LINE, 0, a20_out)


@emulates
def i8042_reset(dev: DeviceState) -> None:
    """Reset the controller on the ISA bus."""
    kbd_reset(I8042(dev).kbd)


@emulates
def i8042_initfn(obj: Object) -> None:
    """Make registers, keyboard, mouse and lines."""
    isa_s = I8042(obj)
    s = isa_s.kbd
    isa_s.io.append(None)
    isa_s.io.append(None)
    memory_region_init_io(Ptr(isa_s, "io", 0), obj, i8042_data_ops, s, "i8042-data", 1)
    memory_region_init_io(Ptr(isa_s, "io", 1), obj, i8042_cmd_ops, s, "i8042-cmd", 1)
    object_initialize_child(obj, "ps2kbd", Ptr(s, "ps2kbd"), TYPE_PS2_KBD_DEVICE)
    object_initialize_child(obj, "ps2mouse", Ptr(s, "ps2mouse"), TYPE_PS2_MOUSE_DEVICE)
    qdev_init_gpio_out_named(DEVICE(obj), Ptr(s, "a20_out"), I8042_A20_LINE, 1)
    qdev_init_gpio_out(DEVICE(obj), Ptr(s, "irqs"), 2)
    qdev_init_gpio_in_named(DEVICE(obj), i8042_set_kbd_irq, KBD_LINE, 1)
    qdev_init_gpio_in_named(DEVICE(obj), i8042_set_mouse_irq, MOUSE_LINE, 1)


@emulates
def i8042_realizefn(dev: DeviceState) -> None:
    """Put the registers at their ports, realize keyboard and mouse. Error: no such interrupt."""
    isadev, isa_s = ISA_DEVICE(dev), I8042(dev)
    s = isa_s.kbd
    if isa_s.kbd_irq >= ISA_NUM_IRQS:
        error_setg(f'Maximum value for "kbd-irq" is: {ISA_NUM_IRQS - 1}')
    if isa_s.mouse_irq >= ISA_NUM_IRQS:
        error_setg(f'Maximum value for "mouse-irq" is: {ISA_NUM_IRQS - 1}')
    isa_connect_gpio_out(isadev, I8042_KBD_IRQ, isa_s.kbd_irq)
    isa_connect_gpio_out(isadev, I8042_MOUSE_IRQ, isa_s.mouse_irq)
    for at, port in enumerate((0x60, 0x64)):
        region = isa_s.io[at]
        assert region is not None
        isa_register_ioport(isadev, region, port)
    sysbus_realize(SYS_BUS_DEVICE(s.ps2kbd))
    qdev_connect_gpio_out(DEVICE(s.ps2kbd), PS2_DEVICE_IRQ, qdev_get_gpio_in_named(dev, KBD_LINE, 0))
    sysbus_realize(SYS_BUS_DEVICE(s.ps2mouse))
    qdev_connect_gpio_out(DEVICE(s.ps2mouse), PS2_DEVICE_IRQ, qdev_get_gpio_in_named(dev, MOUSE_LINE, 0))
    if isa_s.kbd_throttle and not s.extended_state:
        warn_report("i8042: can't enable kbd-throttle without extended-state, disabling kbd-throttle")
    elif isa_s.kbd_throttle:
        s.throttle_timer = timer_new_us(QEMUClockType.QEMU_CLOCK_VIRTUAL, kbd_throttle_timeout, s)


@emulates(modelled=False)
def i8042_build_aml(adev: Any, scope: Any) -> None:
    """Describe the device in ACPI's language."""


@emulates
def i8042_class_initfn(klass: ObjectClass, data: Any) -> None:
    """Set what makes a device the controller on the ISA bus."""
    dc, adevc = DEVICE_CLASS(klass), ACPI_DEV_AML_IF_CLASS(klass)
    device_class_set_props(dc, i8042_properties)
    dc.reset = i8042_reset
    dc.realize = i8042_realizefn
    dc.vmsd = vmstate_kbd_isa
    adevc.build_dev_aml = i8042_build_aml
    dc.categories |= 1 << DeviceCategory.DEVICE_CATEGORY_INPUT


i8042_mmio_info: Final = TypeInfo(
    name=TYPE_I8042_MMIO,
    parent=TYPE_SYS_BUS_DEVICE,
    instance_init=i8042_mmio_init,
    instance=MMIOKBDState,
    class_init=i8042_mmio_class_init,
)
i8042_info: Final = TypeInfo(
    name=TYPE_I8042,
    parent=TYPE_ISA_DEVICE,
    instance=ISAKBDState,
    instance_init=i8042_initfn,
    class_init=i8042_class_initfn,
    interfaces=(TYPE_ACPI_DEV_AML_IF,),
)


@type_init
@emulates
def i8042_register_types() -> None:
    """Register both types."""
    type_register_static(i8042_info)
    type_register_static(i8042_mmio_info)
