"""Values from QObjects (qapi/qobject-input-visitor.c): typed ones as JSON gives them, or all strings as key=value gives them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NoReturn

from emu.qapi.error import error_setg
from emu.qapi.qapi_util import qapi_bool_parse
from emu.qapi.visitor import VISITOR_INPUT, Visitor
from emu.qobject.qdict import QDict, qdict_get
from emu.qobject.qjson import qobject_from_json
from emu.qobject.qlist import QList
from emu.qobject.qobject import QNULL, QNull, QObject, qobject_type
from emu.util.cutils import INT64_MAX, UINT64_MAX, qemu_strtod_finite, qemu_strtoi64, qemu_strtosz, qemu_strtou64
from emu.util.ghash import GHashTable
from emu.util.keyval import keyval_parse


class StackObject:
    """A QDict or QList that is being visited: its name in its parent, and what is unvisited of it."""

    __slots__ = ("ahead", "entries", "index", "name", "obj", "unvisited")

    def __init__(self, name: str | None, obj: QDict | QList) -> None:
        self.name = name
        self.obj = obj
        self.unvisited: GHashTable[bool] = GHashTable()
        self.entries: Iterator[QObject] = iter(())
        self.ahead: QObject | None = None
        self.index = -1
        if isinstance(obj, QDict):
            for key in obj:
                self.unvisited[key] = True
        else:
            self.entries = iter(obj)
            self.ahead = next(self.entries, None)


class QObjectInputVisitor(Visitor):
    """Reads typed values. ``root`` is where the visit starts, its name is ignored."""

    __slots__ = ("root", "stack")
    type = VISITOR_INPUT
    index_form = "[{}]"

    def __init__(self, root: QObject) -> None:
        self.root = root
        self.stack: list[StackObject] = []

    def full_name(self, name: str | None, outer: int = 0) -> str:
        """Return the path of a member as errors show it; ``outer`` leaves that many innermost levels out."""
        path = ""
        for so in reversed(self.stack):
            if outer:
                outer -= 1
            elif isinstance(so.obj, QDict):
                path = "." + ("<anonymous>" if name is None else name) + path
            else:
                path = self.index_form.format(so.index & 0xFFFFFFFF) + path
            name = so.name
        if name is not None:
            return name + path
        return path.removeprefix(".") or "<anonymous>"

    def try_get_object(self, name: str | None, consume: bool) -> QObject | None:
        """Return the member or the next element, None where there is none; ``consume`` marks it as visited."""
        if not self.stack:
            return self.root
        tos = self.stack[-1]
        if isinstance(tos.obj, QDict):
            assert name is not None
            found = qdict_get(tos.obj, name)
            if consume and found is not None:
                del tos.unvisited[name]
            return found
        found = tos.ahead
        if consume:
            tos.ahead = next(tos.entries, None)
            tos.index += 1
        return found

    def get_object(self, name: str | None) -> QObject:
        """Return the member or the next element, and mark it as visited. Error: there is none."""
        found = self.try_get_object(name, True) if self.stack else self.root
        if found is None:
            error_setg(f"Parameter '{self.full_name(name)}' is missing")
        return found

    def wrong_type(self, name: str | None, expected: str) -> NoReturn:
        """Raise the Error for a value of a wrong type."""
        error_setg(f"Invalid parameter type for '{self.full_name(name)}', expected: {expected}")

    def start_struct(self, name: str | None) -> None:
        """Enter an object."""
        obj = self.get_object(name)
        if not isinstance(obj, QDict):
            self.wrong_type(name, "object")
        self.stack.append(StackObject(name, obj))

    def check_struct(self) -> None:
        """Refuse members that were not visited."""
        for key in self.stack[-1].unvisited:
            error_setg(f"Parameter '{self.full_name(key)}' is unexpected")

    def end_struct(self) -> None:
        """Leave the object."""
        self.stack.pop()

    def start_list(self, name: str | None, length: int) -> bool:
        """Enter an array."""
        obj = self.get_object(name)
        if not isinstance(obj, QList):
            self.wrong_type(name, "array")
        self.stack.append(StackObject(name, obj))
        return self.next_list()

    def next_list(self) -> bool:
        """Tell whether there is another element."""
        return self.stack[-1].ahead is not None

    def check_list(self) -> None:
        """Refuse elements that were not visited."""
        tos = self.stack[-1]
        if tos.ahead is not None:
            error_setg(f"Only {tos.index + 1} list elements expected in {self.full_name(None, 1)}")

    def end_list(self) -> None:
        """Leave the array."""
        self.stack.pop()

    def start_alternate(self, name: str | None) -> str:
        """Tell what kind of value is there."""
        found = self.try_get_object(name, False)
        if found is None:
            error_setg(f"Parameter '{self.full_name(name)}' is missing")
        return qobject_type(found)

    def optional(self, name: str, present: bool) -> bool:
        """Tell whether there is a member."""
        return self.try_get_object(name, False) is not None

    def type_int64(self, name: str | None, value: int) -> int:
        """Read an integer."""
        obj = self.get_object(name) if self.stack else self.root
        if type(obj) is int and obj <= INT64_MAX:
            return obj
        self.wrong_type(name, "integer")

    def type_uint64(self, name: str | None, value: int) -> int:
        """Read an unsigned integer; a negative one is taken modulo 2^64."""
        obj = self.get_object(name) if self.stack else self.root
        if type(obj) is int:
            return obj & UINT64_MAX
        error_setg(f"Parameter '{self.full_name(name)}' expects uint64")

    def type_bool(self, name: str | None, value: bool) -> bool:
        """Read a boolean."""
        obj = self.get_object(name) if self.stack else self.root
        if type(obj) is bool:
            return obj
        self.wrong_type(name, "boolean")

    def type_str(self, name: str | None, value: str | None) -> str:
        """Read a string."""
        obj = self.get_object(name) if self.stack else self.root
        if type(obj) is str:
            return obj
        self.wrong_type(name, "string")

    def type_number(self, name: str | None, value: float) -> float:
        """Read a number."""
        obj = self.get_object(name)
        if type(obj) is int or type(obj) is float:
            return float(obj)
        self.wrong_type(name, "number")

    def type_any(self, name: str | None, value: Any) -> QObject:
        """Return the QObject."""
        return self.get_object(name)

    def type_null(self, name: str | None, value: Any) -> QNull:
        """Read a null."""
        if not isinstance(self.get_object(name), QNull):
            self.wrong_type(name, "null")
        return QNULL


class QObjectInputVisitorKeyval(QObjectInputVisitor):
    """Reads values that are all strings, as keyval_parse makes them."""

    __slots__ = ()
    index_form = ".{}"

    def get_keyval(self, name: str | None) -> str:
        """Return the string of a member or element. Error: there is none, or it has members."""
        obj = self.get_object(name)
        if type(obj) is str:
            return obj
        if isinstance(obj, (QDict, QList)):
            error_setg(f"Parameters '{self.full_name(name)}.*' are unexpected")
        error_setg(f"Internal error: parameter {self.full_name(name)} invalid")

    def wrong_value(self, name: str | None, expected: str) -> NoReturn:
        """Raise the Error for text that is not of the expected form."""
        error_setg(f"Parameter '{self.full_name(name)}' expects {expected}")

    def type_int64(self, name: str | None, value: int) -> int:
        """Parse an integer."""
        number = qemu_strtoi64(self.get_keyval(name), 0)
        if number.err:
            self.wrong_value(name, "integer")
        return number.value

    def type_uint64(self, name: str | None, value: int) -> int:
        """Parse an unsigned integer."""
        number = qemu_strtou64(self.get_keyval(name), 0)
        if number.err:
            self.wrong_value(name, "integer")
        return number.value

    def type_size(self, name: str | None, value: int) -> int:
        """Parse a size with a suffix."""
        number = qemu_strtosz(self.get_keyval(name))
        if number.err:
            self.wrong_value(name, "size")
        return number.value

    def type_bool(self, name: str | None, value: bool) -> bool:
        """Parse on or off."""
        return qapi_bool_parse(self.full_name(name), self.get_keyval(name))

    def type_str(self, name: str | None, value: str | None) -> str:
        """Return the string."""
        return self.get_keyval(name)

    def type_number(self, name: str | None, value: float) -> float:
        """Parse a number."""
        double = qemu_strtod_finite(self.get_keyval(name))
        if double.err:
            self.wrong_type(name, "number")
        return double.value


def qobject_input_visitor_new(obj: QObject) -> Visitor:
    """Return a visitor that reads typed values."""
    return QObjectInputVisitor(obj)


def qobject_input_visitor_new_keyval(obj: QObject) -> Visitor:
    """Return a visitor that reads values which are all strings."""
    return QObjectInputVisitorKeyval(obj)


def qobject_input_visitor_new_str(string: str, implied_key: str | None) -> Visitor:
    """Return a visitor of a command-line argument: JSON if it begins with ``{``, key=value else. Error: it is malformed."""
    if string.startswith("{"):
        return QObjectInputVisitor(qobject_from_json(string))
    return QObjectInputVisitorKeyval(keyval_parse(string, implied_key))
