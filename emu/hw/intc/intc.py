"""Interrupt controllers that count and describe interrupts (hw/intc/intc.c, include/hw/intc/intc.h)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Final

from emu.qemu.module import type_init
from emu.qom.object import TYPE_INTERFACE, TypeInfo, interface_class, type_register_static
from emu.qom.parts import Part
from emu.trace import emulates

TYPE_INTERRUPT_STATS_PROVIDER: Final = "intctrl"


class InterruptStatsProviderClass(Part):
    """The interface."""

    SIZE: ClassVar[int] = 128
    get_statistics: Callable[[Any], Any] | None = None
    print_info: Callable[[Any, Any], None] | None = None


INTERRUPT_STATS_PROVIDER_CLASS = interface_class(InterruptStatsProviderClass, TYPE_INTERRUPT_STATS_PROVIDER)

intctrl_info: Final = TypeInfo(name=TYPE_INTERRUPT_STATS_PROVIDER, parent=TYPE_INTERFACE, class_=InterruptStatsProviderClass)


@type_init
@emulates
def intc_register_types() -> None:
    """Register the interface."""
    type_register_static(intctrl_info)
