"""Flat dictionaries made deep (qobject/block-qdict.c)."""

from __future__ import annotations

import re
from typing import Final

from emu.qapi.error import error_setg
from emu.qobject.qdict import QDict, qdict_get, qdict_new, qdict_put
from emu.qobject.qlist import QList, qlist_append, qlist_new
from emu.qobject.qobject import QObject
from emu.trace import emulates

_SEPARATOR: Final = re.compile(r"(?:[^.]|\.\.)*")
_INDEX: Final = re.compile(r"\s*[-+]?[0-9]+")


@emulates
def qdict_split_flat_key(key: str) -> tuple[str, str | None]:
    """Return what is before and behind the first single dot; two dots stand for one."""
    found = _SEPARATOR.match(key)
    assert found is not None
    end = found.end()
    return key[:end].replace("..", "."), key[end + 1 :] if end < len(key) else None


@emulates
def qdict_is_list(maybe_list: QDict) -> bool:
    """Tell whether the keys are the indices of a list. Error: some are, or some are missing."""
    indices = [int(key) for key in maybe_list if _INDEX.fullmatch(key)]
    if indices and len(indices) != len(maybe_list):
        error_setg("Cannot mix list and non-list keys")
    largest = max((-1, *indices))
    if len(indices) != largest + 1:
        error_setg(f"List indices are not contiguous, saw {len(indices)} elements but {largest} largest index")
    return bool(indices)


@emulates
def qdict_crumple(src: QDict) -> QDict | QList:
    """Return what a flat dictionary with keys like ``a.b.0`` means. Error: keys that do not go together."""
    two_level = qdict_new()
    for key, value in src.items():
        if isinstance(value, QDict | QList) and len(value):
            error_setg(f"Value {key} is not flat")
        prefix, suffix = qdict_split_flat_key(key)
        child = qdict_get(two_level, prefix)
        if child is not None and (not isinstance(child, QDict) or suffix is None):
            error_setg("Cannot mix scalar and non-scalar keys")
        if suffix is None:
            qdict_put(two_level, prefix, value)
            continue
        if not isinstance(child, QDict):
            child = qdict_new()
            qdict_put(two_level, prefix, child)
        qdict_put(child, suffix, value)

    multi_level = qdict_new()
    for key, value in two_level.items():
        deep: QObject = qdict_crumple(value) if isinstance(value, QDict) and len(value) else value
        qdict_put(multi_level, key, deep)

    if not qdict_is_list(multi_level):
        return multi_level
    dst = qlist_new()
    for i in range(len(multi_level)):
        item = qdict_get(multi_level, str(i))
        if item is None:
            error_setg(f"Missing list index {i}")
        qlist_append(dst, item)
    return dst
