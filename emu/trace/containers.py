"""Traced containers: lists, mappings and byte buffers that belong to one field of one struct."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from emu.trace.events import ABSENT, Value
from emu.trace.recorder import ATOMS, CONTAINERS, HOLDERS, encode

if TYPE_CHECKING:
    from emu.trace.structs import Struct

T = TypeVar("T")
ManyMaker = Callable[[Sequence[Any]], Callable[[list[Any]], Iterable[Any]]]
"""From some values of one run to how they are made in another, given the structs of that."""


class Field:
    """What the three containers share: the struct and the field that they belong to."""

    __slots__ = ("_field", "_owner")

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        CONTAINERS.add(cls)

    def __init__(self) -> None:
        self._owner: Struct | None = None
        self._field = ""

    def bind(self, owner: Struct, field: str) -> None:
        """Make ``owner.field`` the one place that holds this container. ValueError: another already does."""
        if self._owner is not None and (self._owner is not owner or self._field != field):
            raise ValueError(f"already held by {self._owner!r}.{self._field}")
        self._owner = owner
        self._field = field

    @property
    def _enc(self) -> Value:
        raise NotImplementedError

    def twin_maker(self, many: ManyMaker) -> Callable[[list[Any]], Field]:
        """Return how to make an unbound copy of what this is now, in another run. ``many`` says how its items are made."""
        raise NotImplementedError

    def _poke(self, at: int | str, old: Value, new: Value) -> None:
        owner = self._owner
        if owner is not None and (rec := owner._rec) is not None:
            rec.events.append(("P", rec.call, rec.line(), owner._id, self._field, at, old, new))

    def _insert(self, at: int | str, value: Value) -> None:
        owner = self._owner
        if owner is not None and (rec := owner._rec) is not None:
            rec.events.append(("I", rec.call, rec.line(), owner._id, self._field, at, value))

    def _remove(self, at: int | str, old: Value) -> None:
        owner = self._owner
        if owner is not None and (rec := owner._rec) is not None:
            rec.events.append(("R", rec.call, rec.line(), owner._id, self._field, at, old))


def _plain(value: Any) -> Value:
    kind = type(value)
    return value if kind in ATOMS else value._enc if kind in HOLDERS else encode(value)


class Seq(Field, Generic[T]):
    """A list (QTAILQ, QLIST, GSList, an array of structs)."""

    __slots__ = ("_items",)

    def __init__(self, items: Iterable[T] = ()) -> None:
        super().__init__()
        self._items = list(items)

    @property
    def _enc(self) -> Value:
        return tuple(_plain(item) for item in self._items)

    def twin_maker(self, many: ManyMaker) -> Callable[[list[Any]], Seq[T]]:
        """Return how to make a copy (see Field)."""
        items = many(self._items)
        return lambda twins: Seq(items(twins))

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[T]:
        return iter(self._items)

    def __reversed__(self) -> Iterator[T]:
        return reversed(self._items)

    def __contains__(self, item: object) -> bool:
        return any(item is own or item == own for own in self._items)

    def __getitem__(self, at: int) -> T:
        return self._items[at]

    def __setitem__(self, at: int, item: T) -> None:
        self._poke(at, _plain(self._items[at]), _plain(item))
        self._items[at] = item

    def index(self, item: T) -> int:
        """Return the place of an item. ValueError: it is not there."""
        return self._items.index(item)

    def insert(self, at: int, item: T) -> None:
        """Insert an item before place ``at`` (0 is the head, ``len`` the tail)."""
        self._insert(at, _plain(item))
        self._items.insert(at, item)

    def append(self, item: T) -> None:
        """Insert at the tail."""
        self.insert(len(self._items), item)

    def remove(self, item: T) -> None:
        """Remove an item. ValueError: it is not there."""
        at = next((i for i, own in enumerate(self._items) if own is item), None)
        self.pop(self._items.index(item) if at is None else at)

    def pop(self, at: int = -1) -> T:
        """Remove and return the item at a place."""
        at = range(len(self._items))[at]
        self._remove(at, _plain(self._items[at]))
        return self._items.pop(at)


class Map(Field, Generic[T]):
    """A mapping from strings."""

    __slots__ = ("_items",)

    def __init__(self) -> None:
        super().__init__()
        self._items: dict[str, T] = {}

    @property
    def _enc(self) -> Value:
        return {key: _plain(item) for key, item in self._items.items()}

    def twin_maker(self, many: ManyMaker) -> Callable[[list[Any]], Map[T]]:
        """Return how to make a copy (see Field)."""
        keys, items, kind = tuple(self._items), many(list(self._items.values())), type(self)

        def make(twins: list[Any]) -> Map[T]:
            twin = kind()
            twin._items = dict(zip(keys, items(twins), strict=True))
            return twin

        return make

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __contains__(self, key: object) -> bool:
        return key in self._items

    def __getitem__(self, key: str) -> T:
        return self._items[key]

    def get(self, key: str) -> T | None:
        """Return the item of a key, or None."""
        return self._items.get(key)

    def __setitem__(self, key: str, item: T) -> None:
        if key in self._items:
            self._poke(key, _plain(self._items[key]), _plain(item))
        else:
            self._insert(key, _plain(item))
        self._items[key] = item

    def __delitem__(self, key: str) -> None:
        self._remove(key, _plain(self._items[key]))
        del self._items[key]

    def values(self) -> Iterable[T]:
        """Return the items."""
        return self._items.values()

    def items(self) -> Iterable[tuple[str, T]]:
        """Return keys with their items."""
        return self._items.items()


class Buf(Field):
    """A buffer of bytes (a configuration space, a mask)."""

    __slots__ = ("_bytes",)

    def __init__(self, size: int, fill: int = 0) -> None:
        super().__init__()
        self._bytes = bytearray([fill]) * size

    @property
    def _enc(self) -> Value:
        return bytes(self._bytes)

    def twin_maker(self, many: ManyMaker) -> Callable[[list[Any]], Buf]:
        """Return how to make a copy (see Field)."""
        content = bytes(self._bytes)

        def make(_: list[Any]) -> Buf:
            twin = Buf(0)
            twin._bytes += content
            return twin

        return make

    def __len__(self) -> int:
        return len(self._bytes)

    def __bytes__(self) -> bytes:
        return bytes(self._bytes)

    def __getitem__(self, at: int) -> int:
        return self._bytes[at]

    def __setitem__(self, at: int, byte: int) -> None:
        self.write(at, byte & 0xFF, 1)

    def read(self, at: int, size: int) -> int:
        """Return ``size`` bytes from offset ``at`` on as a little-endian number. IndexError: outside."""
        if at < 0 or at + size > len(self._bytes):
            raise IndexError(f"{at}+{size} is outside of {len(self._bytes)} bytes")
        return int.from_bytes(self._bytes[at : at + size], "little")

    def write(self, at: int, value: int, size: int) -> None:
        """Write ``value`` as ``size`` little-endian bytes. IndexError: outside."""
        self.put(at, (value & ((1 << 8 * size) - 1)).to_bytes(size, "little"))

    def put(self, at: int, data: bytes) -> None:
        """Overwrite bytes from offset ``at`` on. IndexError: outside."""
        if at < 0 or at + len(data) > len(self._bytes):
            raise IndexError(f"{at}+{len(data)} is outside of {len(self._bytes)} bytes")
        self._poke(at, bytes(self._bytes[at : at + len(data)]), data)
        self._bytes[at : at + len(data)] = data

    def __add__(self, offset: int) -> BufAt:
        return BufAt(self, offset)


class BufAt:
    """An address inside a buffer: C's ``config + PCI_COMMAND``. Reads and writes as the buffer does, from there on."""

    __slots__ = ("at", "buf")

    def __init__(self, buf: Buf, at: int) -> None:
        self.buf = buf
        self.at = at

    @property
    def _enc(self) -> Value:
        return self.buf._owner._enc if self.buf._owner is not None else None

    def __add__(self, offset: int) -> BufAt:
        return BufAt(self.buf, self.at + offset)

    def __getitem__(self, at: int) -> int:
        return self.buf[self.at + at]

    def __setitem__(self, at: int, byte: int) -> None:
        self.buf[self.at + at] = byte

    def read(self, at: int, size: int) -> int:
        """Return ``size`` bytes from offset ``at`` on as a little-endian number. IndexError: outside."""
        return self.buf.read(self.at + at, size)

    def write(self, at: int, value: int, size: int) -> None:
        """Write ``value`` as ``size`` little-endian bytes. IndexError: outside."""
        self.buf.write(self.at + at, value, size)

    def put(self, at: int, data: bytes) -> None:
        """Overwrite bytes from offset ``at`` on. IndexError: outside."""
        self.buf.put(self.at + at, data)


class _Fresh:
    """Default of a container field: each instance makes its own at first use."""

    __slots__ = ("kind", "name")

    def __init__(self, kind: type[Field]) -> None:
        self.kind = kind

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, instance: Any, owner: type) -> Any:
        if instance is None:
            return self
        made = self.kind()
        instance.__dict__[self.name] = made
        made.bind(instance, instance.FIELDS[self.name])
        if (rec := instance._rec) is not None:
            rec.events.append(("S", rec.call, rec.line(), instance._id, instance.FIELDS[self.name], ABSENT, made._enc))
        return made


def seq() -> Seq[Any]:
    """Declare a field that starts as an empty list."""
    return cast(Seq[Any], _Fresh(Seq))


def mapping() -> Map[Any]:
    """Declare a field that starts as an empty mapping."""
    return cast(Map[Any], _Fresh(Map))


def fresh(kind: type[T]) -> T:
    """Declare a field that starts as an empty container of class ``kind``."""
    return cast(T, _Fresh(cast(type[Field], kind)))
