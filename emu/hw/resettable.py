"""The interface of everything that can be reset: structs (include/hw/resettable.h)."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from typing import Any, ClassVar

from emu.qom.object import interface_class, interface_getter
from emu.qom.parts import Part
from emu.trace import Struct

TYPE_RESETTABLE_INTERFACE = "resettable"


class ResetType(IntEnum):
    """Why a reset happens: 7.2 knows one type."""

    RESET_TYPE_COLD = 0


RESET_TYPE_COLD = ResetType.RESET_TYPE_COLD


class ResettableState(Struct):
    """How deep in reset an object is."""

    count: int = 0
    hold_phase_pending: bool = False
    exit_phase_in_progress: bool = False


class ResettableClass(Part):
    """The methods of a resettable class. ``phases_*`` are the members of its ``ResettablePhases``."""

    SIZE: ClassVar[int] = 160
    phases_enter: Callable[[Any, int], None] | None = None
    phases_hold: Callable[[Any], None] | None = None
    phases_exit: Callable[[Any], None] | None = None
    get_state: Callable[[Any], ResettableState] | None = None
    get_transitional_function: Callable[[Any], Callable[[Any], None] | None] | None = None
    child_foreach: Callable[[Any, Callable[..., None], Any, int], None] | None = None


RESETTABLE_CLASS = interface_class(ResettableClass, TYPE_RESETTABLE_INTERFACE)
RESETTABLE_GET_CLASS = interface_getter(ResettableClass, TYPE_RESETTABLE_INTERFACE)
