"""QEMU's JSON-like values (include/qapi/qmp/qobject.h).

A QString is a ``str``, a QNum an ``int`` or ``float``, a QBool a ``bool``; QDict, QList and QNull are classes of their own.
References are not counted: a value lives as long as somebody holds it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias, Union

if TYPE_CHECKING:
    from emu.qobject.qdict import QDict
    from emu.qobject.qlist import QList

QObject: TypeAlias = Union["QDict", "QList", "QNull", str, int, float, bool]


class QNull:
    """JSON's ``null`` as a value; ``QNULL`` is the only one (Python's None stands for C's NULL)."""

    __slots__ = ()

    @property
    def _enc(self) -> None:
        return None

    def __repr__(self) -> str:
        return "QNULL"


QNULL: Final = QNull()

QTYPES: Final[dict[type, str]] = {QNull: "null", bool: "boolean", int: "number", float: "number", str: "string"}
"""Type of a value in Python -> its name in JSON; QDict ("object") and QList ("array") add themselves."""


def qobject_type(obj: QObject) -> str:
    """Return what a value is in JSON: null, number, string, object, array or boolean."""
    return QTYPES[type(obj)]
