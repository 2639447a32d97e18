"""The registers that every PC with ACPI has (hw/acpi/core.c, include/hw/acpi/acpi.h)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from emu.errors import NotModelled
from emu.hw.core.irq import qemu_irq, qemu_set_irq
from emu.hw.nvram.fw_cfg import fw_cfg_add_file, fw_cfg_find
from emu.qapi.qapi_types_run_state import ShutdownCause
from emu.softmmu.memory import (
    DEVICE_LITTLE_ENDIAN,
    Impl,
    MemoryRegion,
    MemoryRegionOps,
    Valid,
    memory_region_add_subregion,
    memory_region_init_io,
    memory_region_owner,
)
from emu.softmmu.runstate import qemu_system_shutdown_request
from emu.softmmu.runstate_wakeup import (
    QEMU_WAKEUP_REASON_PMTIMER,
    QEMU_WAKEUP_REASON_RTC,
    qemu_register_wakeup_notifier,
    qemu_register_wakeup_support,
    qemu_system_wakeup_enable,
)
from emu.trace import Buf, Ptr, Struct, embedded, emulates
from emu.util.notify import Notifier
from emu.util.qemu_timer import QEMU_CLOCK_VIRTUAL, QEMUTimer, qemu_clock_get_ns, timer_del, timer_mod, timer_new_ns

PM_TIMER_FREQUENCY: Final = 3579545
NANOSECONDS_PER_SECOND: Final = 1000000000

ACPI_BITMASK_TIMER_STATUS: Final = 0x0001
ACPI_BITMASK_POWER_BUTTON_STATUS: Final = 0x0100
ACPI_BITMASK_TIMER_ENABLE: Final = 0x0001
ACPI_BITMASK_GLOBAL_LOCK_ENABLE: Final = 0x0020
ACPI_BITMASK_POWER_BUTTON_ENABLE: Final = 0x0100
ACPI_BITMASK_RT_CLOCK_ENABLE: Final = 0x0400
ACPI_BITMASK_PM1_COMMON_ENABLED: Final = (
    ACPI_BITMASK_RT_CLOCK_ENABLE | ACPI_BITMASK_POWER_BUTTON_ENABLE | ACPI_BITMASK_GLOBAL_LOCK_ENABLE | ACPI_BITMASK_TIMER_ENABLE
)
ACPI_BITMASK_SCI_ENABLE: Final = 0x0001
ACPI_BITMASK_SLEEP_ENABLE: Final = 0x2000

acpi_update_sci_fn = Callable[["ACPIREGS"], None]


class ACPIPMTimer(Struct):
    """The power management timer."""

    timer: QEMUTimer | None = None
    io: MemoryRegion | None = None
    overflow_time: int = 0
    update_sci: acpi_update_sci_fn | None = None


class ACPIPM1EVT(Struct):
    """The fixed events: status and enable bits."""

    io: MemoryRegion | None = None
    sts: int = 0
    en: int = 0
    update_sci: acpi_update_sci_fn | None = None


class ACPIPM1CNT(Struct):
    """The control register."""

    io: MemoryRegion | None = None
    cnt: int = 0
    s4_val: int = 0
    acpi_only: bool = False


class ACPIGPE(Struct):
    """The general purpose events: half of ``len`` bytes of status, half of enable bits."""

    len: int = 0
    sts: Buf
    en: Buf


class ACPIPM1(Struct):
    """``pm1`` of ACPIREGS."""

    evt: ACPIPM1EVT = embedded(ACPIPM1EVT)
    cnt: ACPIPM1CNT = embedded(ACPIPM1CNT)


class ACPIREGS(Struct):
    """All registers."""

    tmr: ACPIPMTimer = embedded(ACPIPMTimer)
    gpe: ACPIGPE = embedded(ACPIGPE)
    pm1: ACPIPM1 = embedded(ACPIPM1)
    wakeup: Notifier = embedded(Notifier)


def muldiv64(a: int, b: int, c: int) -> int:
    """Return ``a * b / c`` without loss in between (include/qemu/host-utils.h)."""
    return a * b // c


@emulates
def acpi_pm1_evt_get_sts(ar: ACPIREGS) -> int:
    """Return the status of the fixed events, the timer's overflow among them."""
    if qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) >= muldiv64(ar.tmr.overflow_time, NANOSECONDS_PER_SECOND, PM_TIMER_FREQUENCY):
        ar.pm1.evt.sts |= ACPI_BITMASK_TIMER_STATUS
    return ar.pm1.evt.sts


@emulates
def acpi_pm1_evt_write_sts(ar: ACPIREGS, val: int) -> None:
    """Clear events that the guest has seen."""
    if acpi_pm1_evt_get_sts(ar) & val & ACPI_BITMASK_TIMER_STATUS:
        acpi_pm_tmr_calc_overflow_time(ar)
    ar.pm1.evt.sts &= ~val


@emulates
def acpi_pm1_evt_write_en(ar: ACPIREGS, val: int) -> None:
    """Set which events the guest wants."""
    ar.pm1.evt.en = val
    qemu_system_wakeup_enable(QEMU_WAKEUP_REASON_RTC, bool(val & ACPI_BITMASK_RT_CLOCK_ENABLE))
    qemu_system_wakeup_enable(QEMU_WAKEUP_REASON_PMTIMER, bool(val & ACPI_BITMASK_TIMER_ENABLE))


@emulates
def acpi_pm1_evt_power_down(ar: ACPIREGS) -> None:
    """Press the power button."""
    if ar.pm1.evt.en & ACPI_BITMASK_POWER_BUTTON_ENABLE:
        ar.pm1.evt.sts |= ACPI_BITMASK_POWER_BUTTON_STATUS
        assert ar.tmr.update_sci is not None
        ar.tmr.update_sci(ar)


@emulates
def acpi_pm1_evt_reset(ar: ACPIREGS) -> None:
    """Reset the fixed events."""
    ar.pm1.evt.sts = 0
    ar.pm1.evt.en = 0
    qemu_system_wakeup_enable(QEMU_WAKEUP_REASON_RTC, False)
    qemu_system_wakeup_enable(QEMU_WAKEUP_REASON_PMTIMER, False)


@emulates
def acpi_pm_evt_read(opaque: ACPIREGS, addr: int, width: int) -> int:
    """Read the fixed events."""
    return {0: opaque.pm1.evt.sts, 2: opaque.pm1.evt.en}.get(addr, 0)


@emulates
def acpi_pm_evt_write(opaque: ACPIREGS, addr: int, val: int, width: int) -> None:
    """Write the fixed events."""
    if addr == 0:
        acpi_pm1_evt_write_sts(opaque, val)
    elif addr == 2:
        acpi_pm1_evt_write_en(opaque, val)
    else:
        return
    assert opaque.pm1.evt.update_sci is not None
    opaque.pm1.evt.update_sci(opaque)


acpi_pm_evt_ops: Final = MemoryRegionOps(
    name="acpi_pm_evt_ops",
    read=acpi_pm_evt_read,
    write=acpi_pm_evt_write,
    impl=Impl(min_access_size=2),
    valid=Valid(min_access_size=1, max_access_size=2),
    endianness=DEVICE_LITTLE_ENDIAN,
)


@emulates
def acpi_pm1_evt_init(ar: ACPIREGS, update_sci: acpi_update_sci_fn, parent: MemoryRegion) -> None:
    """Make the registers of the fixed events."""
    evt = ar.pm1.evt
    evt.update_sci = update_sci
    memory_region_init_io(Ptr(evt, "io"), memory_region_owner(parent), acpi_pm_evt_ops, ar, "acpi-evt", 4)
    assert evt.io is not None
    memory_region_add_subregion(parent, 0, evt.io)


def the_timer(ar: ACPIREGS) -> QEMUTimer:
    """Return the timer, which must have been made."""
    assert ar.tmr.timer is not None
    return ar.tmr.timer


@emulates
def acpi_pm_tmr_update(ar: ACPIREGS, enable: bool) -> None:
    """Schedule the timer's interrupt, or none."""
    if enable:
        timer_mod(the_timer(ar), muldiv64(ar.tmr.overflow_time, NANOSECONDS_PER_SECOND, PM_TIMER_FREQUENCY))
    else:
        timer_del(the_timer(ar))


def acpi_pm_tmr_get_clock() -> int:
    """Return the guest's time in ticks of the timer."""
    return muldiv64(qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL), PM_TIMER_FREQUENCY, NANOSECONDS_PER_SECOND)


@emulates
def acpi_pm_tmr_calc_overflow_time(ar: ACPIREGS) -> None:
    """Work out when the timer's highest bit changes next."""
    ar.tmr.overflow_time = (acpi_pm_tmr_get_clock() + 0x800000) & ~0x7FFFFF


@emulates
def acpi_pm_tmr_timer(opaque: ACPIREGS) -> None:
    """Raise the timer's interrupt; waking a suspended guest is not modelled."""
    assert opaque.tmr.update_sci is not None
    opaque.tmr.update_sci(opaque)


@emulates
def acpi_pm_tmr_read(opaque: ACPIREGS, addr: int, width: int) -> int:
    """Read the timer."""
    return acpi_pm_tmr_get_clock() & 0xFFFFFF


def acpi_pm_tmr_write(opaque: ACPIREGS, addr: int, val: int, width: int) -> None:
    """Write the timer: it can't be written."""


acpi_pm_tmr_ops: Final = MemoryRegionOps(
    name="acpi_pm_tmr_ops",
    read=acpi_pm_tmr_read,
    write=acpi_pm_tmr_write,
    impl=Impl(min_access_size=4),
    valid=Valid(min_access_size=1, max_access_size=4),
    endianness=DEVICE_LITTLE_ENDIAN,
)


@emulates
def acpi_pm_tmr_init(ar: ACPIREGS, update_sci: acpi_update_sci_fn, parent: MemoryRegion) -> None:
    """Make the timer's register."""
    ar.tmr.update_sci = update_sci
    ar.tmr.timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, acpi_pm_tmr_timer, ar)
    memory_region_init_io(Ptr(ar.tmr, "io"), memory_region_owner(parent), acpi_pm_tmr_ops, ar, "acpi-tmr", 4)
    assert ar.tmr.io is not None
    memory_region_add_subregion(parent, 8, ar.tmr.io)


@emulates
def acpi_pm_tmr_reset(ar: ACPIREGS) -> None:
    """Reset the timer."""
    ar.tmr.overflow_time = 0
    timer_del(the_timer(ar))


@emulates(modelled=False)
def acpi_notify_wakeup(notifier: Notifier, data: Any) -> None:
    """Tell the guest why it was woken up; none is ever suspended here."""


@emulates
def acpi_pm1_cnt_write(ar: ACPIREGS, val: int) -> None:
    """Write the control register; bit 13 sends the machine to the state of sleep in bits 10 to 12. NotModelled: S3, S4."""
    ar.pm1.cnt.cnt = val & ~ACPI_BITMASK_SLEEP_ENABLE
    if val & ACPI_BITMASK_SLEEP_ENABLE:
        sus_typ = val >> 10 & 7
        if sus_typ == 0:
            qemu_system_shutdown_request(ShutdownCause.GUEST_SHUTDOWN)
        elif sus_typ in {1, ar.pm1.cnt.s4_val}:
            raise NotModelled("a machine that sleeps")


@emulates
def acpi_pm1_cnt_update(ar: ACPIREGS, sci_enable: bool, sci_disable: bool) -> None:
    """Switch between ACPI and the older interface."""
    if ar.pm1.cnt.acpi_only:
        return
    if sci_enable:
        ar.pm1.cnt.cnt |= ACPI_BITMASK_SCI_ENABLE
    elif sci_disable:
        ar.pm1.cnt.cnt &= ~ACPI_BITMASK_SCI_ENABLE


@emulates
def acpi_pm_cnt_read(opaque: ACPIREGS, addr: int, width: int) -> int:
    """Read the control register."""
    return opaque.pm1.cnt.cnt


@emulates
def acpi_pm_cnt_write(opaque: ACPIREGS, addr: int, val: int, width: int) -> None:
    """Write the control register."""
    acpi_pm1_cnt_write(opaque, val)


acpi_pm_cnt_ops: Final = MemoryRegionOps(
    name="acpi_pm_cnt_ops",
    read=acpi_pm_cnt_read,
    write=acpi_pm_cnt_write,
    impl=Impl(min_access_size=2),
    valid=Valid(min_access_size=1, max_access_size=2),
    endianness=DEVICE_LITTLE_ENDIAN,
)


@emulates
def acpi_pm1_cnt_init(ar: ACPIREGS, parent: MemoryRegion, disable_s3: int, disable_s4: int, s4_val: int, acpi_only: bool) -> None:
    """Make the control register, and tell the firmware which sleep states there are."""
    cnt = ar.pm1.cnt
    cnt.s4_val = s4_val
    cnt.acpi_only = acpi_only
    ar.wakeup.notify = acpi_notify_wakeup
    qemu_register_wakeup_notifier(ar.wakeup)
    qemu_register_wakeup_support()
    memory_region_init_io(Ptr(cnt, "io"), memory_region_owner(parent), acpi_pm_cnt_ops, ar, "acpi-cnt", 2)
    assert cnt.io is not None
    memory_region_add_subregion(parent, 4, cnt.io)
    fw_cfg = fw_cfg_find()
    if fw_cfg is not None:
        fw_cfg_add_file(fw_cfg, "etc/system-states", 6)


@emulates
def acpi_pm1_cnt_reset(ar: ACPIREGS) -> None:
    """Reset the control register."""
    ar.pm1.cnt.cnt = 0
    if ar.pm1.cnt.acpi_only:
        ar.pm1.cnt.cnt |= ACPI_BITMASK_SCI_ENABLE


@emulates
def acpi_gpe_init(ar: ACPIREGS, len_: int) -> None:
    """Make the general purpose events; only the first half of each buffer is used."""
    ar.gpe.len = len_
    ar.gpe.sts = Buf(len_)
    ar.gpe.en = Buf(len_)


@emulates
def acpi_gpe_reset(ar: ACPIREGS) -> None:
    """Reset the general purpose events."""
    ar.gpe.sts.put(0, bytes(ar.gpe.len // 2))
    ar.gpe.en.put(0, bytes(ar.gpe.len // 2))


def acpi_gpe_ioport_get_ptr(ar: ACPIREGS, addr: int) -> tuple[Buf, int]:
    """Return where a byte of the general purpose events lies."""
    half = ar.gpe.len // 2
    return (ar.gpe.sts, addr) if addr < half else (ar.gpe.en, addr - half)


@emulates
def acpi_gpe_ioport_writeb(ar: ACPIREGS, addr: int, val: int) -> None:
    """Write a byte: a status bit is cleared by writing 1."""
    buf, at = acpi_gpe_ioport_get_ptr(ar, addr)
    buf[at] = buf[at] & ~val if addr < ar.gpe.len // 2 else val


@emulates
def acpi_gpe_ioport_readb(ar: ACPIREGS, addr: int) -> int:
    """Read a byte."""
    buf, at = acpi_gpe_ioport_get_ptr(ar, addr)
    return buf[at]


@emulates
def acpi_send_gpe_event(ar: ACPIREGS, irq: qemu_irq, status: int) -> None:
    """Raise a general purpose event."""
    ar.gpe.sts[0] = ar.gpe.sts[0] | status
    acpi_update_sci(ar, irq)


@emulates
def acpi_update_sci(regs: ACPIREGS, irq: qemu_irq) -> None:
    """Set the interrupt line to whether any event that is wanted has happened."""
    pm1a_sts = acpi_pm1_evt_get_sts(regs)
    fixed = pm1a_sts & regs.pm1.evt.en & ACPI_BITMASK_PM1_COMMON_ENABLED
    sci_level = fixed != 0 or (regs.gpe.sts[0] & regs.gpe.en[0]) != 0
    qemu_set_irq(irq, int(sci_level))
    timer_wanted = regs.pm1.evt.en & ACPI_BITMASK_TIMER_ENABLE
    acpi_pm_tmr_update(regs, bool(timer_wanted) and not pm1a_sts & ACPI_BITMASK_TIMER_STATUS)
