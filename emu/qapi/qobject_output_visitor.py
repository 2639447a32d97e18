"""QObjects from values (qapi/qobject-output-visitor.c)."""

from __future__ import annotations

from typing import Any

from emu.qapi.visitor import VISITOR_OUTPUT, Visitor
from emu.qobject.qdict import QDict, qdict_new, qdict_put
from emu.qobject.qlist import QList, qlist_append, qlist_new
from emu.qobject.qobject import QNULL, QObject


class QObjectOutputVisitor(Visitor):
    """Builds a QObject. ``stack`` holds the containers that are not finished."""

    __slots__ = ("left", "root", "stack")
    type = VISITOR_OUTPUT

    def __init__(self) -> None:
        self.root: QObject | None = None
        self.stack: list[QDict | QList] = []
        self.left: list[int] = []

    def add(self, name: str | None, value: QObject) -> None:
        """Put a value where the visit stands."""
        if not self.stack:
            assert self.root is None
            self.root = value
            return
        current = self.stack[-1]
        if isinstance(current, QDict):
            assert name is not None
            qdict_put(current, name, value)
        else:
            assert name is None
            qlist_append(current, value)

    def start_struct(self, name: str | None) -> None:
        """Begin an object."""
        qdict = qdict_new()
        self.add(name, qdict)
        self.stack.append(qdict)

    def end_struct(self) -> None:
        """Finish the object."""
        assert isinstance(self.stack.pop(), QDict)

    def start_list(self, name: str | None, length: int) -> bool:
        """Begin an array."""
        qlist = qlist_new()
        self.add(name, qlist)
        self.stack.append(qlist)
        self.left.append(length)
        return length > 0

    def next_list(self) -> bool:
        """Go to the next element."""
        self.left[-1] -= 1
        return self.left[-1] > 0

    def end_list(self) -> None:
        """Finish the array."""
        self.left.pop()
        assert isinstance(self.stack.pop(), QList)

    def type_int64(self, name: str | None, value: int) -> int:
        """Add an integer."""
        self.add(name, int(value))
        return value

    type_uint64 = type_int64

    def type_bool(self, name: str | None, value: bool) -> bool:
        """Add a boolean."""
        self.add(name, value)
        return value

    def type_str(self, name: str | None, value: str | None) -> str:
        """Add a string, an empty one for None."""
        self.add(name, value or "")
        return value or ""

    def type_number(self, name: str | None, value: float) -> float:
        """Add a number."""
        self.add(name, value)
        return value

    def type_any(self, name: str | None, value: QObject) -> QObject:
        """Add a QObject."""
        self.add(name, value)
        return value

    def type_null(self, name: str | None, value: Any) -> Any:
        """Add a null."""
        self.add(name, QNULL)
        return value

    def complete(self) -> QObject:
        """Return the QObject."""
        assert self.root is not None
        assert not self.stack
        return self.root


def qobject_output_visitor_new() -> Visitor:
    """Return a visitor that builds a QObject; ``complete`` gives it."""
    return QObjectOutputVisitor()
