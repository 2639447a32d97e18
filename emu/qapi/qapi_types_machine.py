"""``-numa`` as options describe it (qapi/machine.json); distances, places of CPUs and HMAT are not modelled."""

from __future__ import annotations

from typing import ClassVar

from emu.errors import NotModelled
from emu.qapi.qapi_struct import QapiStruct, size, uint16
from emu.qapi.qapi_util import QapiEnum
from emu.trace import Seq, Struct, embedded


class NumaOptionsType(QapiEnum):
    """What a ``-numa`` is about."""

    NODE = 0, "node"
    DIST = 1, "dist"
    CPU = 2, "cpu"
    HMAT_LB = 3, "hmat-lb"
    HMAT_CACHE = 4, "hmat-cache"


class NumaNodeOptions(QapiStruct):
    """A node: its number, CPUs, and memory; ``mem`` in bytes."""

    nodeid: uint16 | None = None
    cpus: Seq[uint16] | None = None
    mem: size | None = None
    memdev: str | None = None
    initiator: uint16 | None = None


class UnmodelledNumaOptions(QapiStruct):
    """All but nodes. NotModelled: there are such."""

    def __init__(self) -> None:
        raise NotModelled("-numa of another kind than node")


class NumaOptionsUnion(Struct):
    """The branches of ``NumaOptions``."""

    node: NumaNodeOptions
    unmodelled: UnmodelledNumaOptions


class NumaOptions(QapiStruct):
    """One ``-numa``."""

    BRANCHES: ClassVar[tuple[str, dict[QapiEnum, str]] | None] = (
        "type",
        {kind: "node" if kind is NumaOptionsType.NODE else "unmodelled" for kind in NumaOptionsType},
    )
    type: NumaOptionsType
    u: NumaOptionsUnion = embedded(NumaOptionsUnion)
