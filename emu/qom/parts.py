"""Parts: an object (or a class) is one memory block that holds one struct per type of its chain.

In C, ``DEVICE(obj)`` and ``PCI_DEVICE(obj)`` are the same address seen as two structs. Here they are two parts of one
whole: they share an id, and each records its fields under its own name (``DeviceClass.realize`` and
``PCIDeviceClass.realize`` are two slots of one class). The first part of a whole is ``Object`` or ``ObjectClass``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from emu.trace.containers import Field
from emu.trace.events import Ref
from emu.trace.recorder import ATOMS, encode, recording
from emu.trace.structs import Struct

T = TypeVar("T", bound="Part")


class Part(Struct):
    """One struct of a whole. Subclass it once per C struct, directly: parts do not inherit each other's fields."""

    _whole: Any
    _type: str
    _parts: dict[type[Part], Part]

    @classmethod
    def qualify(cls, name: str) -> str:
        """Return ``Struct.field``: one whole holds fields of the same name in several structs."""
        return f"{cls.__name__}.{name.rstrip('_')}"

    def trace_identity(self) -> tuple[str, tuple[str, ...]]:
        """Return the type's name and all structs of the whole."""
        return self._type, tuple(struct.__name__ for struct in self._parts)

    def trace_fields(self) -> list[tuple[str, Any]]:
        """Return the written fields of the whole, qualified."""
        return [
            (part.FIELDS[name], value)
            for part in self._parts.values()
            for name, value in part.__dict__.items()
            if name in part.FIELDS
        ]

    def __repr__(self) -> str:
        number = self.__dict__.get("_id", "untraced")
        return f"<{type(self).__name__} of {self._type} #{number}>"


def allocate(type_name: str, structs: tuple[type[Part], ...], copy: Part | None = None) -> Any:
    """Allocate a whole of zeroed structs; return its first part.

    ``copy``: a whole whose structs are copied first (``memcpy`` of the parent's class).
    """
    rec = recording()
    parts: dict[type[Part], Part] = {}
    fields: dict[str, Any] = {}
    sources = copy._parts if copy is not None else {}
    for struct in structs:
        parts[struct] = part = object.__new__(struct)
        if struct in sources:
            names, own = struct.FIELDS, part.__dict__
            for name, value in sources[struct].__dict__.items():
                if name in names and not isinstance(value, Field):
                    own[name] = value
                    fields[names[name]] = value if type(value) in ATOMS else encode(value)
    whole = next(iter(parts.values()))
    ref = None
    if rec is not None:
        ref = Ref(rec.new(whole, type_name, tuple([struct.__name__ for struct in structs]), fields))
    common: dict[str, Any] = {"_rec": rec, "_enc": ref, "_whole": whole, "_parts": parts, "_type": type_name}
    if ref is not None:
        common["_id"] = ref.id
    for part in parts.values():
        part.__dict__.update(common)
    return whole


class CastError(AssertionError):
    """An object was cast to a type that it is not an instance of (QEMU would abort)."""


def caster(struct: type[T], type_name: str) -> Callable[[Part | None], T]:
    """Return the cast to ``struct``: ``DEVICE = caster(DeviceState, "device")``. It is not recorded. NULL can't be cast."""

    def cast_to(obj: Part | None) -> T:
        try:
            return obj._parts[struct]  # type: ignore[union-attr,return-value]  # NULL is caught below
        except (KeyError, AttributeError):
            raise CastError(f"Object {obj!r} is not an instance of type {type_name}") from None

    cast_to.__name__ = cast_to.__qualname__ = type_name
    return cast_to


def class_getter(struct: type[T]) -> Callable[[Part], T]:
    """Return the way from an object to a struct of its class: ``DEVICE_GET_CLASS = class_getter(DeviceClass)``."""

    def class_of(obj: Part) -> T:
        return obj._whole.class_._parts[struct]  # type: ignore[no-any-return]

    return class_of
