"""How a version of a PC becomes a machine type (``DEFINE_PC_MACHINE`` in include/hw/i386/pc.h)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from emu.hw.core.machine import MACHINE_CLASS, TYPE_MACHINE_SUFFIX, MachineClass, MachineState
from emu.hw.i386.pc.structs import TYPE_PC_MACHINE
from emu.qemu.module import type_init
from emu.qom.object import ObjectClass, TypeInfo, type_register
from emu.trace import emulates


def DEFINE_PC_MACHINE(
    module: str,
    suffix: str,
    namestr: str,
    initfn: Callable[[MachineState], None],
    optsfn: Callable[[MachineClass], None],
) -> None:
    """Declare a machine type: its class_init, its TypeInfo and the function that registers it, in Python's ``module``."""

    def class_init(oc: ObjectClass, data: Any) -> None:
        mc = MACHINE_CLASS(oc)
        optsfn(mc)
        mc.init = initfn

    info = TypeInfo(
        name=namestr + TYPE_MACHINE_SUFFIX,
        parent=TYPE_PC_MACHINE,
        class_init=named(class_init, module, f"pc_machine_{suffix}_class_init"),
    )

    def register() -> None:
        type_register(info)

    type_init(named(register, module, f"pc_machine_init_{suffix}"))


def named(fn: Callable[..., None], module: str, name: str) -> Callable[..., None]:
    """Return a function that a macro of QEMU makes, recorded under the name that the macro gives it."""
    fn.__name__ = fn.__qualname__ = name
    fn.__module__ = module
    return emulates(name=name)(fn)
