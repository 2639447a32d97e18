"""The interface of what can raise a non-maskable interrupt (hw/core/nmi.c, include/hw/nmi.h)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Final

from emu.qemu.module import type_init
from emu.qom.object import TYPE_INTERFACE, TypeInfo, interface_class, type_register_static
from emu.qom.parts import Part
from emu.trace import emulates

TYPE_NMI: Final = "nmi"


class NMIClass(Part):
    """The method of the interface."""

    SIZE: ClassVar[int] = 120
    nmi_monitor_handler: Callable[[Any, int], None] | None = None


NMI_CLASS = interface_class(NMIClass, TYPE_NMI)

nmi_info: Final = TypeInfo(name=TYPE_NMI, parent=TYPE_INTERFACE, class_=NMIClass)


@type_init
@emulates
def nmi_register_types() -> None:
    """Register the interface."""
    type_register_static(nmi_info)
