"""JSON arrays (qobject/qlist.c)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from emu.qobject.qobject import QTYPES, QObject
from emu.trace import Seq, Struct, seq


class QList(Struct):
    """An array of values."""

    head: Seq[QObject] = seq()

    def __len__(self) -> int:
        return len(self.head)

    def __iter__(self) -> Iterator[QObject]:
        return iter(self.head)


QTYPES[QList] = "array"


def qlist_new(items: Iterable[QObject] = ()) -> QList:
    """Return a new array."""
    qlist = QList()
    for item in items:
        qlist.head.append(item)
    return qlist


def qlist_append(qlist: QList, value: QObject) -> None:
    """Append a value."""
    qlist.head.append(value)
