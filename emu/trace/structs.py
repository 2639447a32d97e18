"""Traced structs: plain attribute assignment, recorded.

A ``Struct`` stands for a C struct. Its fields are declared as annotated class attributes; the class attribute is
the value that zeroed memory would give. Assigning a field that was not declared is an AttributeError; assigning a
plain list, dict or bytearray is a TypeError, since a change inside it would go unseen.

    class NetQueue(Struct):
        nq_maxlen: int = 0
        packets: Seq[NetPacket] = seq()
        delivering: bool = False
"""

from __future__ import annotations

import sys
from inspect import get_annotations
from typing import Any, ClassVar, TypeVar, cast

from emu.trace.containers import Buf, Map, Seq
from emu.trace.events import ABSENT, Ref
from emu.trace.recorder import ATOMS, CONTAINERS, HOLDERS, Recorder, encode, recording
from emu.trace.symbols import STRUCTS

S = TypeVar("S", bound="Struct")

_getframe = sys._getframe
_new = tuple.__new__  # what a named tuple's own ``__new__`` comes to, at half the price


class Struct:
    """A C struct: a record of declared fields whose every assignment is an event."""

    SIZE: ClassVar[int] = 0
    """``sizeof`` in QEMU, in bytes; 0 where nothing depends on it."""
    CACHES: ClassVar[frozenset[str]] = frozenset()
    """Private attributes that can be found out again."""
    FIELDS: ClassVar[dict[str, str]] = {}
    """Declared field -> its name in events."""
    LATE: ClassVar[frozenset[str]] = frozenset()
    """Fields that a prelude fills only when somebody looks; each is declared with ``late()``."""
    STRUCTS: ClassVar[tuple[str, ...]] = ()
    """What a ``New`` event names: the struct."""

    _rec: Recorder | None
    _id: int
    _enc: Ref | None

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.FIELDS = dict(cls.FIELDS)
        cls.FIELDS.update((name, cls.qualify(name)) for name in get_annotations(cls) if _field(name))
        cls.STRUCTS = (cls.__name__,)
        STRUCTS[cls.__name__] = cls
        HOLDERS.add(cls)

    @classmethod
    def qualify(cls, name: str) -> str:
        """Return the name of a field in events: a trailing underscore keeps a C name out of Python's way (``class_``)."""
        return name.rstrip("_")

    def __init__(self, **fields: Any) -> None:
        rec = recording()
        own, names = self.__dict__, self.FIELDS
        own["_rec"] = rec
        if rec is None:
            own["_enc"] = None
            for name in fields:
                if name not in names:
                    raise AttributeError(f"{type(self).__name__} has no field {name!r}")
            own.update(fields)
            return
        given: dict[str, Any] = {}
        for name, value in fields.items():
            if name not in names:
                raise AttributeError(f"{type(self).__name__} has no field {name!r}")
            kind = type(value)
            given[names[name]] = value if kind in ATOMS else value._enc if kind in HOLDERS else encode(value)
            if kind in CONTAINERS:
                value.bind(self, names[name])
        own["_id"] = number = rec.new(self, type(self).__name__, self.STRUCTS, given)
        own["_enc"] = _new(Ref, (number,))
        own.update(fields)

    def __setattr__(self, name: str, new: Any) -> None:
        own = self.__dict__
        field = self.FIELDS.get(name)
        if field is None:
            raise AttributeError(f"{type(self).__name__} has no field {name!r}")
        rec = own["_rec"]
        kind = type(new)
        if rec is not None:
            old = own.get(name, ABSENT)
            if type(old) not in ATOMS:
                old = encode(old)
            frame = _getframe(1)
            line = rec.lines[frame.f_lasti] if frame.f_code is rec.code else rec.line()
            value = new if kind in ATOMS else new._enc if kind in HOLDERS else encode(new)
            rec.events.append(("S", rec.call, line, own["_id"], field, old, value))
        own[name] = new
        if kind in CONTAINERS:
            new.bind(self, field)

    def trace_identity(self) -> tuple[str, tuple[str, ...]]:
        """Return the type and structs that the ``New`` event of this object names."""
        return type(self).__name__, self.STRUCTS

    def trace_fields(self) -> list[tuple[str, Any]]:
        """Return the fields written so far, by their names in events."""
        return [(self.FIELDS[name], value) for name, value in self.__dict__.items() if name in self.FIELDS]

    def __repr__(self) -> str:
        number = self.__dict__.get("_id", "untraced")
        return f"<{type(self).__name__} #{number}>"

    def _free(self) -> None:
        """Record that the memory is given back (``g_free``)."""
        if self._rec is not None:
            self._rec.free(self._id)


class _Embedded:
    """Default of a field that holds another struct: each instance makes its own at first use."""

    __slots__ = ("kind", "name")

    def __init__(self, kind: type[Struct]) -> None:
        self.kind = kind

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, instance: Any, owner: type) -> Any:
        if instance is None:
            return self
        made = self.kind()
        made.__dict__["_within"] = instance
        instance.__dict__[self.name] = made
        if (rec := instance._rec) is not None:
            rec.events.append(("S", rec.call, rec.line(), instance._id, instance.FIELDS[self.name], ABSENT, made._enc))
        return made


def embedded(kind: type[S]) -> S:
    """Declare a field that is a struct within the struct: zeroed memory of the owner (``PCIExpressDevice exp;``)."""
    return cast(S, _Embedded(kind))


class _Late:
    """Default of a field whose struct the prelude of a run may hold back until it is looked for."""

    __slots__ = ("name",)

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, instance: Any, owner: type) -> Any:
        if instance is None:
            return None
        held_back = instance.__dict__.pop("_late", None)
        if held_back is None:
            return None
        made = instance.__dict__[self.name] = held_back.make()
        return made


def late() -> Any:
    """Declare a field that is NULL in zeroed memory, and may be held back by a prelude (see ``LATE``)."""
    return _Late()


def container_of(member: Struct) -> Any:
    """Return the struct that ``member`` is embedded in: C's ``container_of``."""
    return member.__dict__["_within"]


def _field(name: str) -> bool:
    return not name.startswith("_") and not name.isupper()


def g_free(struct: Struct | None) -> None:
    """Give the memory of a struct back: GLib's ``g_free``."""
    if struct is not None:
        struct._free()


class Ptr:
    """The address of a field (``&proxy->bus``) or of an item of an array (``&mem->alias[3]``: a ``Seq`` and a place in it).

    For functions that fill in memory their caller embeds.
    """

    __slots__ = ("at", "field", "struct")

    def __init__(self, struct: Struct, field: str, at: int | None = None) -> None:
        if field not in struct.FIELDS:
            raise AttributeError(f"{type(struct).__name__} has no field {field!r}")
        self.struct = struct
        self.field = field
        self.at = at

    @property
    def _enc(self) -> Ref | None:
        return self.struct._enc

    def name(self) -> str:
        """Return a readable name of the address."""
        return f"&{self.struct!r}.{self.field}" + ("" if self.at is None else f"[{self.at}]")

    def get(self) -> Any:
        """Return what stands in the field."""
        value = getattr(self.struct, self.field)
        return value if self.at is None else value[self.at]

    def set(self, value: Any) -> None:
        """Assign the field."""
        if self.at is None:
            setattr(self.struct, self.field, value)
        else:
            getattr(self.struct, self.field)[self.at] = value


__all__ = ["Buf", "Map", "Ptr", "Seq", "Struct", "container_of", "embedded", "g_free"]
