"""A visitor that passes one renamed member on to another visitor, for alias properties (qapi/qapi-forward-visitor.c)."""

from __future__ import annotations

from typing import Any

from emu.qapi.error import Error, error_setg
from emu.qapi.visitor import Visitor


class ForwardFieldVisitor(Visitor):
    """Passes the member ``from_`` on as ``to``; what is below it keeps its names."""

    __slots__ = ("depth", "from_", "target", "to", "type")

    def __init__(self, target: Visitor, from_: str, to: str) -> None:
        self.type = target.type
        self.target = target
        self.from_ = from_
        self.to = to
        self.depth = 0

    def translate(self, name: str | None) -> str | None:
        """Return the name for the target. Error: it is not the renamed member."""
        if self.depth:
            return name
        if name == self.from_:
            return self.to
        error_setg(f"Parameter '{name}' is missing")

    def start_struct(self, name: str | None) -> None:
        """Enter a struct."""
        self.target.start_struct(self.translate(name))
        self.depth += 1

    def check_struct(self) -> None:
        """Check for left-over members."""
        self.target.check_struct()

    def end_struct(self) -> None:
        """Leave a struct."""
        self.depth -= 1
        self.target.end_struct()

    def start_list(self, name: str | None, length: int) -> bool:
        """Enter a list."""
        name = self.translate(name)
        self.depth += 1
        return self.target.start_list(name, length)

    def next_list(self) -> bool:
        """Go to the next element."""
        return self.target.next_list()

    def check_list(self) -> None:
        """Check for left-over elements."""
        self.target.check_list()

    def end_list(self) -> None:
        """Leave a list."""
        self.depth -= 1
        self.target.end_list()

    def start_alternate(self, name: str | None) -> str:
        """Tell what kind of value is there."""
        return self.target.start_alternate(self.translate(name))

    def optional(self, name: str, present: bool) -> bool:
        """Tell whether an optional member is there."""
        try:
            to = self.translate(name)
        except Error:
            return False
        assert to is not None
        return self.target.optional(to, present)

    def type_int64(self, name: str | None, value: int) -> int:
        """Visit an ``int64_t``."""
        return self.target.type_int64(self.translate(name), value)

    def type_uint64(self, name: str | None, value: int) -> int:
        """Visit a ``uint64_t``."""
        return self.target.type_uint64(self.translate(name), value)

    def type_size(self, name: str | None, value: int) -> int:
        """Visit a size."""
        return self.target.type_size(self.translate(name), value)

    def type_bool(self, name: str | None, value: bool) -> bool:
        """Visit a ``bool``."""
        return self.target.type_bool(self.translate(name), value)

    def type_str(self, name: str | None, value: str | None) -> str:
        """Visit a string."""
        return self.target.type_str(self.translate(name), value)

    def type_number(self, name: str | None, value: float) -> float:
        """Visit a ``double``."""
        return self.target.type_number(self.translate(name), value)

    def type_any(self, name: str | None, value: Any) -> Any:
        """Visit a QObject."""
        return self.target.type_any(self.translate(name), value)

    def type_null(self, name: str | None, value: Any) -> Any:
        """Visit a null."""
        return self.target.type_null(self.translate(name), value)


def visitor_forward_field(target: Visitor, from_: str, to: str) -> Visitor:
    """Return a visitor that passes member ``from_`` on to ``target`` under the name ``to``."""
    return ForwardFieldVisitor(target, from_, to)
