"""The high precision event timer; counting is not modelled (hw/timer/hpet.c, include/hw/timer/hpet.h)."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from emu.hw.core.gpio import qdev_init_gpio_in, qdev_init_gpio_out
from emu.hw.core.irq import IRQState, qemu_set_irq
from emu.hw.core.qdev import DEVICE_CLASS, DeviceState
from emu.hw.core.qdev_properties import (
    DEFINE_PROP_BIT,
    DEFINE_PROP_BOOL,
    DEFINE_PROP_UINT8,
    DEFINE_PROP_UINT32,
    device_class_set_props,
)
from emu.hw.core.sysbus import SYS_BUS_DEVICE, TYPE_SYS_BUS_DEVICE, sysbus_init_irq, sysbus_init_mmio
from emu.migration.savevm import VMStateDescription
from emu.qapi.error import error_setg
from emu.qemu.module import type_init
from emu.qom.object import Object, ObjectClass, TypeInfo, type_register_static
from emu.qom.parts import Part, caster
from emu.softmmu.memory import MemoryRegion, Valid, memory_region_init_io
from emu.softmmu.unmodelled_ops import unmodelled_ops
from emu.trace import Ptr, Seq, Struct, emulates, per_run, seq
from emu.util.error_report import warn_report
from emu.util.qemu_timer import QEMUClockType, QEMUTimer, timer_new_ns

TYPE_HPET: Final = "hpet"
HPET_BASE: Final = 0xFED00000
HPET_LEN: Final = 0x400
HPET_NUM_IRQ_ROUTES: Final = 32
HPET_LEGACY_PIT_INT: Final = 0
HPET_LEGACY_RTC_INT: Final = 1
HPET_MIN_TIMERS: Final = 3
HPET_MAX_TIMERS: Final = 32
HPET_MSI_SUPPORT: Final = 0
HPET_INTCAP: Final = "hpet-intcap"
HPET_ID_NUM_TIM_SHIFT: Final = 8
HPET_CLK_PERIOD: Final = 10
FS_PER_NS: Final = 1000000

hpet_ram_ops: Final = unmodelled_ops("hpet_ram_ops", "hw/timer/hpet.c", "hpet_ram_read", "hpet_ram_write", valid=Valid(4, 4))


class HPETTimer(Struct):
    """One comparator."""

    tn: int = 0
    qemu_timer: QEMUTimer | None = None
    config: int = 0
    cmp: int = 0
    period: int = 0


class HPETState(Part):
    """The timer block."""

    SIZE: ClassVar[int] = 3472
    iomem: MemoryRegion | None = None
    hpet_offset_saved: bool = False
    irqs: Seq[IRQState | None] = seq()
    flags: int = 0
    rtc_irq_level: int = 0
    pit_enabled: IRQState | None = None
    num_timers: int = 0
    intcap: int = 0
    timer: Seq[HPETTimer] = seq()
    capability: int = 0
    config: int = 0
    hpet_counter: int = 0
    hpet_id: int = 0


class HpetConfig(Struct):
    """How many timer blocks there are (``hpet_cfg``; 255 stands for none)."""

    count: int = 0xFF


hpet_cfg = per_run(HpetConfig)
HPET = caster(HPETState, TYPE_HPET)


@emulates(modelled=False)
def hpet_timer(opaque: Any) -> None:
    """Raise the interrupt when a comparator matches."""


@emulates
def hpet_reset(d: DeviceState) -> None:
    """Stop counting and give the timer its interrupt back."""
    s = HPET(d)
    qemu_set_irq(s.pit_enabled, 1)
    s.hpet_counter = 0
    s.config = 0
    s.rtc_irq_level = 0


@emulates(modelled=False)
def hpet_handle_legacy_irq(opaque: Any, n: int, level: int) -> None:
    """Pass the interrupts of timer and clock on while the HPET does not replace them."""


@emulates
def hpet_init(obj: Object) -> None:
    """Make the registers."""
    sbd, s = SYS_BUS_DEVICE(obj), HPET(obj)
    memory_region_init_io(Ptr(s, "iomem"), obj, hpet_ram_ops, s, "hpet", HPET_LEN)
    assert s.iomem is not None
    sysbus_init_mmio(sbd, s.iomem)


@emulates
def hpet_realize(dev: DeviceState) -> None:
    """Make lines and comparators. Error: there are eight already."""
    sbd, s, cfg = SYS_BUS_DEVICE(dev), HPET(dev), hpet_cfg()
    if not s.intcap:
        warn_report("Hpet's intcap not initialized")
    if cfg.count == 0xFF:
        cfg.count = 0
    if cfg.count == 8:
        error_setg("Only 8 instances of HPET is allowed")
    s.hpet_id = cfg.count
    cfg.count += 1
    for i in range(HPET_NUM_IRQ_ROUTES):
        s.irqs.append(None)
        sysbus_init_irq(sbd, Ptr(s, "irqs", i))
    s.num_timers = min(max(s.num_timers, HPET_MIN_TIMERS), HPET_MAX_TIMERS)
    for i in range(HPET_MAX_TIMERS):
        timer = HPETTimer(tn=i)
        timer.qemu_timer = timer_new_ns(QEMUClockType.QEMU_CLOCK_VIRTUAL, hpet_timer, timer)
        s.timer.append(timer)
    s.capability = 0x8086A001 | (s.num_timers - 1) << HPET_ID_NUM_TIM_SHIFT | HPET_CLK_PERIOD * FS_PER_NS << 32
    qdev_init_gpio_in(dev, hpet_handle_legacy_irq, 2)
    qdev_init_gpio_out(dev, Ptr(s, "pit_enabled"), 1)


vmstate_hpet: Final = VMStateDescription(name="hpet", version_id=2, minimum_version_id=1)
hpet_device_properties: Final = (
    DEFINE_PROP_UINT8("timers", HPETState, "num_timers", HPET_MIN_TIMERS),
    DEFINE_PROP_BIT("msi", HPETState, "flags", HPET_MSI_SUPPORT, False),
    DEFINE_PROP_UINT32(HPET_INTCAP, HPETState, "intcap", 0),
    DEFINE_PROP_BOOL("hpet-offset-saved", HPETState, "hpet_offset_saved", True),
)


@emulates
def hpet_device_class_init(klass: ObjectClass, data: Any) -> None:
    """Set what makes a device this timer."""
    dc = DEVICE_CLASS(klass)
    dc.realize = hpet_realize
    dc.reset = hpet_reset
    dc.vmsd = vmstate_hpet
    device_class_set_props(dc, hpet_device_properties)


hpet_device_info: Final = TypeInfo(
    name=TYPE_HPET,
    parent=TYPE_SYS_BUS_DEVICE,
    instance=HPETState,
    instance_init=hpet_init,
    class_init=hpet_device_class_init,
)


@type_init
@emulates
def hpet_register_types() -> None:
    """Register the type."""
    type_register_static(hpet_device_info)
