"""JSON objects (qobject/qdict.c): a hash table of 512 buckets, walked bucket by bucket, the newest entry of each first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Final, cast

from emu.qobject.qlist import QList
from emu.qobject.qobject import QNULL, QTYPES, QNull, QObject
from emu.trace import Map, Struct, fresh

QDICT_BUCKET_MAX: Final = 512


@lru_cache(maxsize=1 << 12)
def tdb_hash(name: str) -> int:
    """Return the 32-bit hash of a key, in which each byte is shifted by 0, 5, 10, 15 or 20 bits in turn."""
    data = name.encode("utf-8", "surrogateescape")
    value = 0x238F13AF * len(data)
    for i, byte in enumerate(data):
        value += byte << (i * 5 % 24)
    return (1103515243 * value + 12345) & 0xFFFFFFFF


class Buckets(Map[QObject]):
    """The table of a QDict: its walk is by bucket, and from the newest key to the oldest within one."""

    __slots__ = ()

    def __iter__(self) -> Iterator[str]:
        keys = list(self._items)
        keys.reverse()
        keys.sort(key=lambda key: tdb_hash(key) % QDICT_BUCKET_MAX)
        return iter(keys)

    def values(self) -> Iterable[QObject]:
        """Return the values in the order of a walk."""
        return [self._items[key] for key in self]

    def items(self) -> Iterable[tuple[str, QObject]]:
        """Return keys with their values in the order of a walk."""
        return [(key, self._items[key]) for key in self]


class QDict(Struct):
    """A JSON object. Python's ``in``, ``len`` and iteration over keys work as qdict_haskey, qdict_size, qdict_first/next do."""

    SIZE = 4120
    table: Buckets = fresh(Buckets)

    def __contains__(self, key: object) -> bool:
        return key in self.table

    def __len__(self) -> int:
        return len(self.table)

    def __iter__(self) -> Iterator[str]:
        return iter(self.table)

    def items(self) -> Iterable[tuple[str, QObject]]:
        """Return keys with their values in the order of a walk (qdict_first, qdict_next)."""
        return self.table.items()


QTYPES[QDict] = "object"


def qdict_new(entries: Mapping[str, QObject] | None = None) -> QDict:
    """Return a new object."""
    qdict = QDict()
    for key, value in (entries or {}).items():
        qdict.table[key] = value
    return qdict


def qdict_put(qdict: QDict, key: str, value: QObject) -> None:
    """Put a value, in place of an older one of the key."""
    qdict.table[key] = value


qdict_put_obj = qdict_put_str = qdict_put_int = qdict_put_bool = qdict_put


def qdict_put_null(qdict: QDict, key: str) -> None:
    """Put ``null``."""
    qdict.table[key] = QNULL


def qdict_get(qdict: QDict, key: str) -> QObject | None:
    """Return the value of a key, None where there is none."""
    return qdict.table.get(key)


def qdict_haskey(qdict: QDict, key: str) -> bool:
    """Tell whether there is a value of the key."""
    return key in qdict.table


def qdict_size(qdict: QDict) -> int:
    """Return the number of keys."""
    return len(qdict.table)


def qdict_get_int(qdict: QDict, key: str) -> int:
    """Return the integer of a key, which must be one."""
    value = qdict.table[key]
    assert type(value) is int
    return value


def qdict_get_bool(qdict: QDict, key: str) -> bool:
    """Return the boolean of a key, which must be one."""
    value = qdict.table[key]
    assert type(value) is bool
    return value


def qdict_get_str(qdict: QDict, key: str) -> str:
    """Return the string of a key, which must be one."""
    value = qdict.table[key]
    assert type(value) is str
    return value


def qdict_get_qlist(qdict: QDict, key: str) -> QList | None:
    """Return the array of a key, None where there is none or another value."""
    value = qdict.table.get(key)
    return value if isinstance(value, QList) else None


def qdict_get_qdict(qdict: QDict, key: str) -> QDict | None:
    """Return the object of a key, None where there is none or another value."""
    value = qdict.table.get(key)
    return value if isinstance(value, QDict) else None


def qdict_get_try_int(qdict: QDict, key: str, def_value: int) -> int:
    """Return the integer of a key, ``def_value`` where there is none, or one beyond int64_t."""
    value = qdict.table.get(key)
    return value if type(value) is int and value < 1 << 63 else def_value


def qdict_get_try_bool(qdict: QDict, key: str, def_value: bool) -> bool:
    """Return the boolean of a key, ``def_value`` where there is none."""
    value = qdict.table.get(key)
    return value if type(value) is bool else def_value


def qdict_get_try_str(qdict: QDict, key: str) -> str | None:
    """Return the string of a key, None where there is none or another value."""
    value = qdict.table.get(key)
    return value if type(value) is str else None


def qdict_del(qdict: QDict, key: str) -> None:
    """Remove a key, if it is there."""
    if key in qdict.table:
        del qdict.table[key]


def qdict_clone_shallow(src: QDict) -> QDict:
    """Return a new object with the same values, put in the order of a walk."""
    dest = QDict()
    for key, value in src.items():
        dest.table[key] = value
    return dest


def qobject_of(value: object) -> QObject:
    """Return Python's form of JSON (dict, list, None, ...) as a value."""
    if value is None:
        return QNULL
    if isinstance(value, dict):
        return qdict_new({key: qobject_of(item) for key, item in value.items()})
    if isinstance(value, list):
        qlist = QList()
        for item in value:
            qlist.head.append(qobject_of(item))
        return qlist
    assert type(value) in QTYPES
    return cast(QObject, value)


def plain(value: QObject) -> object:
    """Return a value as Python's form of JSON, keys in the order of a walk."""
    if isinstance(value, QDict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, QList):
        return [plain(item) for item in value]
    return None if isinstance(value, QNull) else value
