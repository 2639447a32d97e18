"""Who is told when the guest is woken up or its power button pressed (softmmu/runstate.c, include/sysemu/runstate.h)."""

from __future__ import annotations

from enum import IntEnum

from emu.trace import Seq, Struct, emulates, per_run, seq
from emu.util.notify import Notifier, notifier_list_add

FILE = "softmmu/runstate.c"


class WakeupReason(IntEnum):
    """What may wake the guest up: a bit number of the mask."""

    QEMU_WAKEUP_REASON_NONE = 0
    QEMU_WAKEUP_REASON_RTC = 1
    QEMU_WAKEUP_REASON_PMTIMER = 2
    QEMU_WAKEUP_REASON_OTHER = 3


(QEMU_WAKEUP_REASON_NONE, QEMU_WAKEUP_REASON_RTC, QEMU_WAKEUP_REASON_PMTIMER, QEMU_WAKEUP_REASON_OTHER) = WakeupReason


class WakeupStatics(Struct):
    """File-level state of softmmu/runstate.c that belongs to waking up and powering down."""

    wakeup_reason_mask: int = 0xFFFFFFFF & ~(1 << QEMU_WAKEUP_REASON_NONE)
    wakeup_suspend_enabled: bool = False
    wakeup_notifiers: Seq[Notifier] = seq()
    powerdown_notifiers: Seq[Notifier] = seq()
    suspend_notifiers: Seq[Notifier] = seq()


wakeup_statics = per_run(WakeupStatics)


@emulates(file=FILE)
def qemu_system_wakeup_enable(reason: int, enabled: bool) -> None:
    """Set whether a reason may wake the guest up."""
    own = wakeup_statics()
    if enabled:
        own.wakeup_reason_mask |= 1 << reason
    else:
        own.wakeup_reason_mask &= ~(1 << reason)


@emulates(file=FILE)
def qemu_register_wakeup_notifier(notifier: Notifier) -> None:
    """Be told when the guest is woken up."""
    notifier_list_add(wakeup_statics().wakeup_notifiers, notifier)


@emulates(file=FILE)
def qemu_register_wakeup_support() -> None:
    """Say that the machine can be woken up."""
    wakeup_statics().wakeup_suspend_enabled = True


@emulates(file=FILE)
def qemu_register_powerdown_notifier(notifier: Notifier) -> None:
    """Be told when the power button is pressed."""
    notifier_list_add(wakeup_statics().powerdown_notifiers, notifier)


@emulates(file=FILE)
def qemu_register_suspend_notifier(notifier: Notifier) -> None:
    """Be told when the guest is suspended."""
    notifier_list_add(wakeup_statics().suspend_notifiers, notifier)
