"""What describes a property of a device (include/hw/qdev-properties.h)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from emu.qapi.qapi_util import QEnumLookup
from emu.qom.object import Object, ObjectClass, ObjectProperty
from emu.qom.parts import Part
from emu.trace import Seq

Accessor = Callable[[Any, Any, str, Any], Any]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PropertyInfo:
    """A kind of property: its type's name, and how to read, write, print and default it."""

    name: str
    description: str | None = None
    enum_table: QEnumLookup | None = None
    realized_set_allowed: bool = False
    print: Callable[[Object, Property], str] | None = None
    set_default_value: Callable[[ObjectProperty, Property], None] | None = None
    create: Callable[[ObjectClass, str, Property], ObjectProperty] | None = None
    get: Accessor | None = None
    set: Accessor | None = None
    release: Callable[[Object, str, Property], None] | None = None

    @property
    def _enc(self) -> str:
        return self.name


class Property:
    """A property of a device class: its name and kind, and the field of an instance that holds its value.

    ``state`` is the struct and ``fields`` the way to the field, the last being the field itself (in C, an offset).
    """

    __slots__ = (
        "_enc",
        "arrayfield",
        "arrayinfo",
        "arrayzero",
        "bitmask",
        "bitnr",
        "defval",
        "field",
        "info",
        "link_type",
        "mask",
        "name",
        "outer",
        "set_default",
        "state",
    )

    def __init__(self, name: str, state: type[Part], field: str, info: PropertyInfo) -> None:
        *outer, last = field.split(".")
        self.name = name
        self.info = info
        self.state = state
        self.outer = tuple(outer)
        self.field = last
        self.bitnr = 0
        self.mask = 0
        self.bitmask = 0
        self.set_default = False
        self.defval = 0
        self.arrayfield = ""
        self.arrayinfo: PropertyInfo | None = None
        self.arrayzero: Any = 0
        self.link_type = ""
        self._enc = name

    def __repr__(self) -> str:
        return f"<Property {self.name}: {self.state.__name__}.{'.'.join((*self.outer, self.field))}>"

    def holder(self, obj: Object) -> Any:
        """Return the struct of an object that has the field."""
        struct: Any = obj._parts[self.state]
        for field in self.outer:
            struct = getattr(struct, field)
        return struct

    def read(self, obj: Object) -> Any:
        """Return what the field of an object holds."""
        return getattr(self.holder(obj), self.field)

    def write(self, obj: Object, value: Any) -> None:
        """Assign the field of an object."""
        setattr(self.holder(obj) if self.outer else obj._parts[self.state], self.field, value)


class ArrayElementProperty(Property):
    """The property of one element of an array; it is the opaque of a property of one object."""

    __slots__ = ("array", "index")

    def __init__(self, name: str, info: PropertyInfo, array: Seq[Any], index: int) -> None:
        super().__init__(name, Object, name, info)
        self.array = array
        self.index = index

    def read(self, obj: Object) -> Any:
        """Return the element."""
        return self.array[self.index]

    def write(self, obj: Object, value: Any) -> None:
        """Assign the element."""
        self.array[self.index] = value
