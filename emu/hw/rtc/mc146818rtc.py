"""The MC146818 real-time clock and its battery-backed memory; time does not pass here (hw/rtc/mc146818rtc.c)."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from emu.hw.acpi.acpi_interface import ACPI_DEV_AML_IF_CLASS, TYPE_ACPI_DEV_AML_IF
from emu.hw.core.gpio import qdev_connect_gpio_out, qdev_init_gpio_out
from emu.hw.core.irq import IRQState, qemu_irq, qemu_irq_lower
from emu.hw.core.qdev import DEVICE, DEVICE_CLASS, DeviceCategory, DeviceState, qdev_get_machine
from emu.hw.core.qdev_fw import qdev_set_legacy_instance_id
from emu.hw.core.qdev_properties import (
    DEFINE_PROP_INT32,
    DEFINE_PROP_UINT8,
    DEFINE_PROP_UINT16,
    device_class_set_props,
    qdev_prop_set_int32,
)
from emu.hw.core.qdev_properties_system import DEFINE_PROP_LOSTTICKPOLICY
from emu.hw.isa.isa_bus import (
    ISA_DEVICE,
    ISA_NUM_IRQS,
    TYPE_ISA_DEVICE,
    ISABus,
    ISADevice,
    isa_connect_gpio_out,
    isa_new,
    isa_realize_and_unref,
    isa_register_ioport,
)
from emu.hw.resettable import RESETTABLE_CLASS
from emu.migration.savevm import VMStateDescription
from emu.qapi.error import error_fatal, error_setg
from emu.qemu.module import type_init
from emu.qom.object import (
    OBJECT,
    Object,
    ObjectClass,
    TypeInfo,
    object_property_add,
    object_property_add_alias,
    type_register_static,
)
from emu.qom.parts import Part, caster
from emu.softmmu.memory import (
    DEVICE_LITTLE_ENDIAN,
    Impl,
    MemoryRegion,
    memory_region_add_coalescing,
    memory_region_add_subregion,
    memory_region_init_io,
    memory_region_set_flush_coalesced,
)
from emu.softmmu.runstate_wakeup import qemu_register_suspend_notifier
from emu.softmmu.unmodelled_ops import unmodelled_ops
from emu.trace import Buf, Ptr, embedded, emulates, fresh
from emu.util.notify import Notifier
from emu.util.qemu_timer import QEMUClockType, QEMUTimer, timer_new_ns

TYPE_MC146818_RTC: Final = "mc146818rtc"
FILE: Final = "hw/rtc/mc146818rtc.c"
RTC_ISA_BASE: Final = 0x70
RTC_ISA_IRQ: Final = 8
RTC_REG_A: Final = 10
RTC_REG_B: Final = 11
RTC_REG_C: Final = 12
RTC_REG_D: Final = 13
REG_B_PIE_AIE_SQWE: Final = 0x40 | 0x20 | 0x08
REG_C_UF_IRQF_PF_AF: Final = 0x10 | 0x80 | 0x40 | 0x20
LOST_TICK_POLICY_DISCARD: Final = 0
LOST_TICK_POLICY_SLEW: Final = 2

cmos_ops: Final = unmodelled_ops(
    "cmos_ops", FILE, "cmos_ioport_read", "cmos_ioport_write", endianness=DEVICE_LITTLE_ENDIAN, impl=Impl(1, 1)
)


class CmosData(Buf):
    """The clock's 128 bytes of memory."""

    def __init__(self) -> None:
        super().__init__(128)


class RTCState(Part):
    """The clock."""

    SIZE: ClassVar[int] = 1024
    io: MemoryRegion | None = None
    coalesced_io: MemoryRegion | None = None
    cmos_data: Buf = fresh(CmosData)
    isairq: int = 0
    io_base: int = 0
    base_year: int = 0
    irq: IRQState | None = None
    periodic_timer: QEMUTimer | None = None
    update_timer: QEMUTimer | None = None
    coalesced_timer: QEMUTimer | None = None
    lost_tick_policy: int = 0
    suspend_notifier: Notifier = embedded(Notifier)


MC146818_RTC = caster(RTCState, TYPE_MC146818_RTC)


@emulates
def rtc_set_memory(dev: ISADevice, addr: int, val: int) -> None:
    """Write a byte of the memory."""
    if 0 <= addr <= 127:
        MC146818_RTC(dev).cmos_data[addr] = val & 0xFF


def rtc_get_memory(dev: ISADevice, addr: int) -> int:
    """Read a byte of the memory."""
    return MC146818_RTC(dev).cmos_data[addr]


@emulates(modelled=False)
def rtc_set_date_from_host(dev: ISADevice) -> None:
    """Take the time from the host; no clock is read here."""


@emulates(modelled=False)
def rtc_coalesced_timer(opaque: Any) -> None:
    """Deliver interrupts that were lost."""


@emulates(modelled=False)
def rtc_periodic_timer(opaque: Any) -> None:
    """Raise the periodic interrupt."""


@emulates(modelled=False)
def rtc_update_timer(opaque: Any) -> None:
    """Advance the time by a second."""


@emulates(modelled=False)
def check_update_timer(s: RTCState) -> None:
    """Arm the timer for the next alarm or update."""


@emulates
def rtc_notify_suspend(notifier: Any, data: Any) -> None:
    """Note in memory that the guest sleeps."""
    raise NotImplementedError("nothing suspends the guest")


@emulates(modelled=False)
def rtc_get_date(obj: Object, v: Any, name: str, opaque: Any) -> None:
    """Return the time of the guest; no clock is read here."""


@emulates(file="qom/object.c")
def object_property_add_tm(obj: Object, name: str, get: Any) -> None:
    """Add a property that reads a date (``struct tm``)."""
    object_property_add(obj, name, "struct tm", get, None)


@emulates
def rtc_realizefn(dev: DeviceState) -> None:
    """Make timers and registers. Error: no such interrupt, or a policy for lost ticks that it cannot follow."""
    isadev, s = ISA_DEVICE(dev), MC146818_RTC(dev)
    s.cmos_data[RTC_REG_A] = 0x26
    s.cmos_data[RTC_REG_B] = 0x02
    s.cmos_data[RTC_REG_C] = 0x00
    s.cmos_data[RTC_REG_D] = 0x80
    if s.base_year == 2000:
        s.base_year = 0
    if s.isairq >= ISA_NUM_IRQS:
        error_setg(f'Maximum value for "irq" is: {ISA_NUM_IRQS - 1}')
    rtc_set_date_from_host(isadev)
    clock = QEMUClockType.QEMU_CLOCK_HOST
    if s.lost_tick_policy == LOST_TICK_POLICY_SLEW:
        s.coalesced_timer = timer_new_ns(clock, rtc_coalesced_timer, s)
    elif s.lost_tick_policy != LOST_TICK_POLICY_DISCARD:
        error_setg("Invalid lost tick policy.")
    s.periodic_timer = timer_new_ns(clock, rtc_periodic_timer, s)
    s.update_timer = timer_new_ns(clock, rtc_update_timer, s)
    check_update_timer(s)
    s.suspend_notifier.notify = rtc_notify_suspend
    qemu_register_suspend_notifier(s.suspend_notifier)
    memory_region_init_io(Ptr(s, "io"), OBJECT(s), cmos_ops, s, "rtc", 2)
    assert s.io is not None
    isa_register_ioport(isadev, s.io, s.io_base)
    memory_region_set_flush_coalesced(s.io)
    memory_region_init_io(Ptr(s, "coalesced_io"), OBJECT(s), cmos_ops, s, "rtc-index", 1)
    assert s.coalesced_io is not None
    memory_region_add_subregion(s.io, 0, s.coalesced_io)
    memory_region_add_coalescing(s.coalesced_io, 0, 1)
    qdev_set_legacy_instance_id(dev, s.io_base, 3)
    object_property_add_tm(OBJECT(s), "date", rtc_get_date)
    qdev_init_gpio_out(dev, Ptr(s, "irq"), 1)


@emulates
def mc146818_rtc_init(bus: ISABus, base_year: int, intercept_irq: qemu_irq) -> ISADevice:
    """Make the clock; its interrupt goes to ``intercept_irq`` if there is one. The machine shows its date."""
    isadev = isa_new(TYPE_MC146818_RTC)
    dev, s = DEVICE(isadev), MC146818_RTC(isadev)
    qdev_prop_set_int32(dev, "base_year", base_year)
    with error_fatal():
        isa_realize_and_unref(isadev, bus)
    if intercept_irq is not None:
        qdev_connect_gpio_out(dev, 0, intercept_irq)
    else:
        isa_connect_gpio_out(isadev, 0, s.isairq)
    object_property_add_alias(qdev_get_machine(), "rtc-time", OBJECT(isadev), "date")
    return isadev


vmstate_rtc: Final = VMStateDescription(name="mc146818rtc", version_id=3, minimum_version_id=1)
mc146818rtc_properties: Final = (
    DEFINE_PROP_INT32("base_year", RTCState, "base_year", 1980),
    DEFINE_PROP_UINT16("iobase", RTCState, "io_base", RTC_ISA_BASE),
    DEFINE_PROP_UINT8("irq", RTCState, "isairq", RTC_ISA_IRQ),
    DEFINE_PROP_LOSTTICKPOLICY("lost_tick_policy", RTCState, "lost_tick_policy", LOST_TICK_POLICY_DISCARD),
)


@emulates
def rtc_reset_enter(obj: Object, type_: int) -> None:
    """Forget the reason for a shutdown and pending interrupts."""
    s = MC146818_RTC(obj)
    if s.cmos_data[0x0F] != 0xFE:
        s.cmos_data[0x0F] = 0x00
    s.cmos_data[RTC_REG_B] &= ~REG_B_PIE_AIE_SQWE & 0xFF
    s.cmos_data[RTC_REG_C] &= ~REG_C_UF_IRQF_PF_AF & 0xFF
    check_update_timer(s)


@emulates
def rtc_reset_hold(obj: Object) -> None:
    """Lower the interrupt."""
    qemu_irq_lower(MC146818_RTC(obj).irq)


@emulates(modelled=False)
def rtc_build_aml(adev: Any, scope: Any) -> None:
    """Describe the device in ACPI's language."""


@emulates
def rtc_class_initfn(klass: ObjectClass, data: Any) -> None:
    """Set what makes a device this clock."""
    dc, rc, adevc = DEVICE_CLASS(klass), RESETTABLE_CLASS(klass), ACPI_DEV_AML_IF_CLASS(klass)
    dc.realize = rtc_realizefn
    dc.vmsd = vmstate_rtc
    rc.phases_enter = rtc_reset_enter
    rc.phases_hold = rtc_reset_hold
    adevc.build_dev_aml = rtc_build_aml
    device_class_set_props(dc, mc146818rtc_properties)
    dc.categories |= 1 << DeviceCategory.DEVICE_CATEGORY_MISC


mc146818rtc_info: Final = TypeInfo(
    name=TYPE_MC146818_RTC,
    parent=TYPE_ISA_DEVICE,
    instance=RTCState,
    class_init=rtc_class_initfn,
    interfaces=(TYPE_ACPI_DEV_AML_IF,),
)


@type_init
@emulates
def mc146818rtc_register_types() -> None:
    """Register the type."""
    type_register_static(mc146818rtc_info)
