"""The structs of options (include/qemu/option.h, include/qemu/option_int.h)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

from emu.trace import Seq, Struct, per_run, seq
from emu.util.error_report import Location


class QemuOptType(Enum):
    """What the value of a described option is; the text is how help shows it."""

    QEMU_OPT_STRING = "str"
    QEMU_OPT_BOOL = "bool (on/off)"
    QEMU_OPT_NUMBER = "num"
    QEMU_OPT_SIZE = "size"


QEMU_OPT_STRING = QemuOptType.QEMU_OPT_STRING
QEMU_OPT_BOOL = QemuOptType.QEMU_OPT_BOOL
QEMU_OPT_NUMBER = QemuOptType.QEMU_OPT_NUMBER
QEMU_OPT_SIZE = QemuOptType.QEMU_OPT_SIZE


@dataclass(frozen=True, slots=True)
class QemuOptDesc:
    """The description of one option of a group."""

    name: str
    type: QemuOptType = QEMU_OPT_STRING
    help: str | None = None
    def_value_str: str | None = None

    @property
    def _enc(self) -> str:
        return self.name


class QemuOptsList(Struct):
    """A group of options (``-netdev``): all its uses, and what may stand in one. An empty ``desc`` accepts anything."""

    name: str | None = None
    implied_opt_name: str | None = None
    merge_lists: bool = False
    head: Seq[QemuOpts] = seq()
    desc: tuple[QemuOptDesc, ...] = ()


class QemuOpts(Struct):
    """One use of a group of options."""

    SIZE: ClassVar[int] = 88
    id: str | None = None
    list_: QemuOptsList
    loc: Location
    head: Seq[QemuOpt] = seq()


class QemuOpt(Struct):
    """One ``name=value``. ``value`` is the parsed one where the option is described as a bool, number or size."""

    SIZE: ClassVar[int] = 56
    name: str
    str_: str
    desc: QemuOptDesc | None = None
    value: bool | int = 0
    opts: QemuOpts


def opts_list(
    name: str, *, implied_opt_name: str | None = None, merge_lists: bool = False, desc: tuple[QemuOptDesc, ...] = ()
) -> Callable[[], QemuOptsList]:
    """Declare a group of options as C does statically: each run has its own. ``qemu_netdev_opts = opts_list("netdev", ...)``."""

    def make() -> QemuOptsList:
        fields: dict[str, object] = {"name": name, "implied_opt_name": implied_opt_name, "merge_lists": merge_lists, "desc": desc}
        return QemuOptsList(**{field: value for field, value in fields.items() if value})

    return per_run(make)
