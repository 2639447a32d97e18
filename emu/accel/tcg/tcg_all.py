"""The TCG accelerator as an object (accel/tcg/tcg-all.c). It translates nothing here."""

from __future__ import annotations

from typing import Any, ClassVar

from emu.accel.accel_common import ACCEL_CLASS, TYPE_ACCEL
from emu.qapi.error import error_setg
from emu.qapi.visitor import Visitor, visit_type_uint32
from emu.qemu.module import type_init
from emu.qom.object import (
    ObjectClass,
    TypeInfo,
    object_class_property_add,
    object_class_property_add_bool,
    object_class_property_add_str,
    object_class_property_set_description,
    type_register_static,
)
from emu.qom.parts import Part, caster
from emu.trace import Struct, emulates, per_run


class TCGState(Part):
    """The TCG accelerator (accel/tcg/tcg-all.c)."""

    SIZE: ClassVar[int] = 56
    mttcg_enabled: bool = False
    splitwx_enabled: int = 0
    tb_size: int = 0


class TcgStatics(Struct):
    """The global variables of accel/tcg/tcg-all.c."""

    tcg_allowed: bool = False
    mttcg_enabled: bool = False


tcg_c = per_run(TcgStatics)

TCG_STATE = caster(TCGState, "tcg-accel")


def tcg_enabled() -> bool:
    """Tell whether TCG is in use (include/sysemu/tcg.h)."""
    return tcg_c().tcg_allowed


def tcg_allowed(value: bool) -> None:
    """Assign ``tcg_allowed``."""
    tcg_c().tcg_allowed = value


@emulates
def tcg_accel_instance_init(obj: Any) -> None:
    """accel/tcg/tcg-all.c. One thread a processor, which x86 allows."""
    s = TCG_STATE(obj)

    s.mttcg_enabled = True
    s.splitwx_enabled = 0


@emulates
def tcg_init_machine(ms: Any) -> int:
    """accel/tcg/tcg-all.c. The translator itself is left out."""
    tcg_allowed(True)
    tcg_c().mttcg_enabled = TCG_STATE(ms.accelerator).mttcg_enabled

    return 0


@emulates
def tcg_get_thread(obj: Any) -> str:
    """accel/tcg/tcg-all.c."""
    return "multi" if TCG_STATE(obj).mttcg_enabled else "single"


@emulates
def tcg_set_thread(obj: Any, value: str) -> None:
    """accel/tcg/tcg-all.c. Error: neither ``multi`` nor ``single``."""
    s = TCG_STATE(obj)

    if value == "multi":
        s.mttcg_enabled = True
    elif value == "single":
        s.mttcg_enabled = False
    else:
        error_setg(f"Invalid 'thread' setting {value}")


@emulates
def tcg_get_tb_size(obj: Any, v: Visitor, name: str, opaque: Any) -> None:
    """accel/tcg/tcg-all.c."""
    visit_type_uint32(v, name, TCG_STATE(obj).tb_size)


@emulates
def tcg_set_tb_size(obj: Any, v: Visitor, name: str, opaque: Any) -> None:
    """accel/tcg/tcg-all.c."""
    TCG_STATE(obj).tb_size = visit_type_uint32(v, name, 0)


@emulates
def tcg_get_splitwx(obj: Any) -> bool:
    """accel/tcg/tcg-all.c."""
    return bool(TCG_STATE(obj).splitwx_enabled)


@emulates
def tcg_set_splitwx(obj: Any, value: bool) -> None:
    """accel/tcg/tcg-all.c."""
    TCG_STATE(obj).splitwx_enabled = int(value)


@emulates
def tcg_accel_class_init(oc: ObjectClass, data: Any) -> None:
    """accel/tcg/tcg-all.c."""
    ac = ACCEL_CLASS(oc)
    ac.name = "tcg"
    ac.init_machine = tcg_init_machine
    ac.allowed = tcg_allowed

    object_class_property_add_str(oc, "thread", tcg_get_thread, tcg_set_thread)

    object_class_property_add(oc, "tb-size", "int", tcg_get_tb_size, tcg_set_tb_size, None, None)
    object_class_property_set_description(oc, "tb-size", "TCG translation block cache size")

    object_class_property_add_bool(oc, "split-wx", tcg_get_splitwx, tcg_set_splitwx)
    object_class_property_set_description(oc, "split-wx", "Map jit pages into separate RW and RX regions")


tcg_accel_type = TypeInfo(
    name="tcg-accel",
    parent=TYPE_ACCEL,
    instance_init=tcg_accel_instance_init,
    class_init=tcg_accel_class_init,
    instance=TCGState,
)


@type_init
@emulates
def register_accel_types() -> None:
    """accel/tcg/tcg-all.c."""
    type_register_static(tcg_accel_type)
