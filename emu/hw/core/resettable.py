"""Reset in three phases, through a tree of devices and buses (hw/core/resettable.c)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from emu.hw.resettable import (
    RESET_TYPE_COLD,
    RESETTABLE_GET_CLASS,
    TYPE_RESETTABLE_INTERFACE,
    ResettableClass,
    ResettableState,
)
from emu.qemu.module import type_init
from emu.qom.object import TYPE_INTERFACE, TypeInfo, type_register_static
from emu.qom.parts import Part
from emu.trace import Struct, emulates, per_run


class ResetProgress(Struct):
    """File-level state of hw/core/resettable.c."""

    enter_phase_in_progress: bool = False
    exit_phase_in_progress: int = 0


progress = per_run(ResetProgress)


def _state(obj: Part) -> tuple[ResettableClass, ResettableState]:
    rc = RESETTABLE_GET_CLASS(obj)
    assert rc.get_state is not None
    return rc, rc.get_state(obj)


def _tr_func(rc: ResettableClass, obj: Part) -> Callable[[Any], None] | None:
    return rc.get_transitional_function(obj) if rc.get_transitional_function is not None else None


@emulates
def resettable_reset(obj: Part, type_: int) -> None:
    """Put an object into reset and take it out again."""
    resettable_assert_reset(obj, type_)
    resettable_release_reset(obj, type_)


@emulates
def resettable_assert_reset(obj: Part, type_: int) -> None:
    """Run the phases enter and hold over an object and its children."""
    own = progress()
    assert type_ == RESET_TYPE_COLD
    assert not own.enter_phase_in_progress
    own.enter_phase_in_progress = True
    resettable_phase_enter(obj, None, type_)
    own.enter_phase_in_progress = False
    resettable_phase_hold(obj, None, type_)


@emulates
def resettable_release_reset(obj: Part, type_: int) -> None:
    """Run the phase exit over an object and its children."""
    own = progress()
    assert type_ == RESET_TYPE_COLD
    assert not own.enter_phase_in_progress
    own.exit_phase_in_progress += 1
    resettable_phase_exit(obj, None, type_)
    own.exit_phase_in_progress -= 1


def resettable_is_in_reset(obj: Part) -> bool:
    """Tell whether an object is in reset."""
    return _state(obj)[1].count > 0


@emulates
def resettable_phase_enter(obj: Part, opaque: object, type_: int) -> None:
    """Phase enter: children first, then the object unless it was in reset already."""
    rc, s = _state(obj)
    assert not s.exit_phase_in_progress
    action_needed = s.count == 0
    s.count += 1
    assert s.count <= 50
    if rc.child_foreach is not None:
        rc.child_foreach(obj, resettable_phase_enter, None, type_)
    if action_needed:
        if rc.phases_enter is not None and _tr_func(rc, obj) is None:
            rc.phases_enter(obj, type_)
        s.hold_phase_pending = True


@emulates
def resettable_phase_hold(obj: Part, opaque: object, type_: int) -> None:
    """Phase hold: children first; an old-style reset method runs here."""
    rc, s = _state(obj)
    assert not s.exit_phase_in_progress
    if rc.child_foreach is not None:
        rc.child_foreach(obj, resettable_phase_hold, None, type_)
    if s.hold_phase_pending:
        s.hold_phase_pending = False
        tr_func = _tr_func(rc, obj)
        if tr_func is not None:
            tr_func(obj)
        elif rc.phases_hold is not None:
            rc.phases_hold(obj)


@emulates
def resettable_phase_exit(obj: Part, opaque: object, type_: int) -> None:
    """Phase exit: children first, then the object once nothing holds it in reset."""
    rc, s = _state(obj)
    assert not s.exit_phase_in_progress
    s.exit_phase_in_progress = True
    if rc.child_foreach is not None:
        rc.child_foreach(obj, resettable_phase_exit, None, type_)
    assert s.count > 0
    s.count -= 1
    if s.count == 0 and rc.phases_exit is not None and _tr_func(rc, obj) is None:
        rc.phases_exit(obj)
    s.exit_phase_in_progress = False


@emulates
def resettable_change_parent(obj: Part, newp: Part | None, oldp: Part | None) -> None:
    """Bring an object's reset count in line with its new parent's."""
    s = _state(obj)[1]
    newp_count = _state(newp)[1].count if newp is not None else 0
    oldp_count = _state(oldp)[1].count if oldp is not None else 0
    own = progress()
    assert not own.enter_phase_in_progress
    assert not own.exit_phase_in_progress
    for _ in range(oldp_count, newp_count):
        resettable_assert_reset(obj, RESET_TYPE_COLD)
    if oldp_count and s.hold_phase_pending:
        resettable_phase_hold(obj, None, RESET_TYPE_COLD)
    for _ in range(newp_count, oldp_count):
        resettable_release_reset(obj, RESET_TYPE_COLD)


@emulates
def resettable_cold_reset_fn(opaque: Part) -> None:
    """Reset handler that resets one object."""
    resettable_reset(opaque, RESET_TYPE_COLD)


@emulates
def resettable_class_set_parent_phases(rc: ResettableClass, enter: Any, hold: Any, exit_: Any, parent_phases: Struct) -> None:
    """Override reset phases; the old ones go to ``parent_phases`` (fields ``enter``, ``hold``, ``exit``)."""
    for name, override in (("enter", enter), ("hold", hold), ("exit", exit_)):
        setattr(parent_phases, name, getattr(rc, f"phases_{name}"))
        if override is not None:
            setattr(rc, f"phases_{name}", override)


@emulates
def resettable_state_clear(state: ResettableState) -> None:
    """Forget a dirty reset state (include/hw/resettable.h)."""
    state.count = 0
    state.hold_phase_pending = False
    state.exit_phase_in_progress = False


resettable_interface_info = TypeInfo(name=TYPE_RESETTABLE_INTERFACE, parent=TYPE_INTERFACE, class_=ResettableClass)


@type_init
@emulates
def reset_register_types() -> None:
    """Register ``resettable``."""
    type_register_static(resettable_interface_info)
