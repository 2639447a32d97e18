"""Accelerators: what runs the guest's processors (accel/accel-common.c, include/qemu/accel.h)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from emu.qemu.module import type_init
from emu.qom.object import TYPE_OBJECT, TypeInfo, module_object_class_by_name, type_register_static
from emu.qom.parts import Part, caster, class_getter
from emu.trace import emulates

TYPE_ACCEL = "accel"
ACCEL_CLASS_SUFFIX = "-accel"


def ACCEL_CLASS_NAME(a: str) -> str:
    """Return the type name of an accelerator."""
    return a + ACCEL_CLASS_SUFFIX


class AccelState(Part):
    """An accelerator (include/qemu/accel.h)."""

    SIZE: ClassVar[int] = 40


class AccelClass(Part):
    """What a kind of accelerator does (include/qemu/accel.h). ``allowed`` tells that it is in use."""

    SIZE: ClassVar[int] = 152
    name: str | None = None
    init_machine: Callable[[Any], int] | None = None
    setup_post: Callable[[Any, Any], None] | None = None
    has_memory: Callable[..., bool] | None = None
    gdbstub_supported_sstep_flags: Callable[[], int] | None = None
    allowed: Callable[[bool], None] | None = None
    compat_props: Any = None


ACCEL = caster(AccelState, TYPE_ACCEL)
ACCEL_CLASS = caster(AccelClass, TYPE_ACCEL)
ACCEL_GET_CLASS = class_getter(AccelClass)

accel_type = TypeInfo(name=TYPE_ACCEL, parent=TYPE_OBJECT, instance=AccelState, class_=AccelClass)


@emulates
def accel_find(opt_name: str) -> AccelClass | None:
    """accel/accel-common.c. Returns the class of an accelerator, None if there is none of that name."""
    klass = module_object_class_by_name(ACCEL_CLASS_NAME(opt_name))
    return ACCEL_CLASS(klass) if klass is not None else None


@emulates(modelled=False)
def accel_init_interfaces(ac: Any) -> None:
    """Give every CPU class what the accelerator wants in it; CPUs do not run here, so this is left out."""


@type_init
@emulates
def register_accel_types() -> None:
    """accel/accel-common.c."""
    type_register_static(accel_type)
