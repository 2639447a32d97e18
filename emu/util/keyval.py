"""``key=value,...`` with dotted keys, as a tree of QDicts, QLists and strings (util/keyval.c)."""

from __future__ import annotations

import re
from typing import Final

from emu.qapi.error import error_setg
from emu.qapi.qapi_util import parse_qapi_name
from emu.qobject.qdict import QDict, qdict_get, qdict_new, qdict_put
from emu.qobject.qlist import QList, qlist_append, qlist_new
from emu.qobject.qobject import QObject
from emu.util.cutils import INT_MAX

KEY_SIZE: Final = 128
"""``sizeof(key_in_cur)``: key fragments are shorter."""

_INDEX: Final = re.compile(r"[0-9]+")
_KEY_END: Final = re.compile(r"[=,]|$")
_NAME: Final = re.compile(r"[A-Za-z0-9_.-]*")
_MANY_DIGITS: Final = 20


def key_to_index(key: str) -> int:
    """Return the list index that a key is, at most INT_MAX, -1 where it is none."""
    if _INDEX.fullmatch(key) is None:
        return -1
    return INT_MAX if len(key.lstrip("0")) > _MANY_DIGITS else min(int(key), INT_MAX)


def keyval_parse_put(cur: QDict, key_in_cur: str, value: str | None, key: str) -> QObject:
    """Map a key to a string, or to a QDict (``value`` None), made where missing. Error: it is mapped to the other.

    ``key`` is the whole key up to here, for the error.
    """
    old = qdict_get(cur, key_in_cur)
    if old is None:
        new: QObject = qdict_new() if value is None else value
    elif isinstance(old, QDict) != (value is None):
        error_setg(f"Parameters '{key}.*' used inconsistently")
    elif value is None:
        return old
    else:
        new = value
    qdict_put(cur, key_in_cur, new)
    return new


def fragment_length(key: str, at: int) -> int:
    """Return the length of the key fragment at an offset, 0 where there is none."""
    if at and (index := _INDEX.match(key, at)):
        return index.end() - at
    name = _NAME.match(key, at)
    assert name is not None
    return max(parse_qapi_name(name[0]), 0)


def keyval_parse_key(qdict: QDict, key: str) -> tuple[QDict, str]:
    """Go down the fragments of a key; return the last QDict and the fragment that applies to it. Error: it is malformed."""
    cur, at, key_in_cur = qdict, 0, ""
    while True:
        length = fragment_length(key, at)
        if not length or (at + length < len(key) and key[at + length] != "."):
            error_setg(f"Invalid parameter '{key}'")
        if length >= KEY_SIZE:
            part = " fragment" if at or length != len(key) else ""
            error_setg(f"Parameter{part} '{key[at : at + length]}' is too long")
        if at:
            below = keyval_parse_put(cur, key_in_cur, None, key[: at - 1])
            assert isinstance(below, QDict)
            cur = below
        key_in_cur = key[at : at + length]
        at += length
        if not key.startswith(".", at):
            return cur, key_in_cur
        at += 1


def keyval_parse_value(params: str, at: int) -> tuple[str, int]:
    """Return the value at an offset, in which ``,,`` is a comma, and the offset of the next parameter."""
    value: list[str] = []
    while True:
        comma = params.find(",", at)
        if comma < 0:
            value.append(params[at:])
            return "".join(value), len(params)
        value.append(params[at:comma])
        if not params.startswith(",", comma + 1):
            return "".join(value), comma + 1
        value.append(",")
        at = comma + 2


def keyval_parse_one(qdict: QDict, params: str, at: int, implied_key: str | None) -> tuple[int, bool]:
    """Parse one parameter; return the offset of the next one, and whether it asked for help. Error: it is malformed."""
    found = _KEY_END.search(params, at)
    assert found is not None
    key = params[at : found.start()]
    if key and found[0] != "=":
        if key in {"help", "?"}:
            return found.end(), True
        if implied_key is not None:
            cur, key_in_cur = keyval_parse_key(qdict, implied_key)
            keyval_parse_put(cur, key_in_cur, key, implied_key)
            return found.end(), False
    cur, key_in_cur = keyval_parse_key(qdict, key)
    if found[0] != "=":
        error_setg(f"Expected '=' after parameter '{key}'")
    value, at = keyval_parse_value(params, found.end())
    keyval_parse_put(cur, key_in_cur, value, key)
    return at, False


def keyval_do_merge(dest: QDict, merged: QDict, path: str) -> None:
    """Merge below a path. Error: a key is of another kind."""
    for key, value in merged.items():
        old = qdict_get(dest, key)
        if old is not None and type(old) is not type(value):
            error_setg(f"Parameter '{path}{key}' used inconsistently")
        if isinstance(old, QDict) and isinstance(value, QDict):
            keyval_do_merge(old, value, f"{path}{key}.")
        elif isinstance(old, QList) and isinstance(value, QList):
            for item in value:
                qlist_append(old, item)
        else:
            qdict_put(dest, key, value)


def keyval_merge(dest: QDict, merged: QDict) -> None:
    """Merge a parsed tree into another: strings replace, lists append, objects merge. Error: a key is of another kind."""
    keyval_do_merge(dest, merged, "")


def keyval_listify(cur: QDict, path: str) -> QObject:
    """Turn QDicts whose keys are all indexes into QLists, bottom up. Error: keys are mixed, or an index is missing."""
    indexes: dict[int, QObject] = {}
    has_member = False
    for key, value in cur.items():
        index = key_to_index(key)
        if index < 0:
            has_member = True
        if isinstance(value, QDict):
            listed = keyval_listify(value, f"{path}{key}.")
            if listed is not value:
                qdict_put(cur, key, listed)
                value = listed  # noqa: PLW2901  # what the index maps to
        if index >= 0:
            indexes[index] = value
    if indexes and has_member:
        error_setg(f"Parameters '{path}*' used inconsistently")
    if not indexes:
        return cur
    qlist = qlist_new()
    for i in range(max(indexes) + 1):
        if i not in indexes:
            error_setg(f"Parameter '{path}{i}' missing")
        qlist_append(qlist, indexes[i])
    return qlist


def keyval_parse_into(qdict: QDict, params: str, implied_key: str | None, *, allow_help: bool = False) -> bool:
    """Parse into ``qdict``; return whether help was asked for. Error: malformed, or help that is not allowed."""
    at, help_ = 0, False
    while at < len(params):
        at, wanted = keyval_parse_one(qdict, params, at, implied_key)
        help_ = help_ or wanted
        implied_key = None
    if help_ and not allow_help:
        error_setg("Help is not available for this option")
    keyval_listify(qdict, "")
    return help_


def keyval_parse(params: str, implied_key: str | None) -> QDict:
    """Parse ``key=value,...``; the first may be a value alone, of ``implied_key``. Error: malformed, or a question for help."""
    qdict = qdict_new()
    keyval_parse_into(qdict, params, implied_key)
    return qdict


def keyval_parse_help(params: str, implied_key: str | None) -> tuple[QDict, bool]:
    """Parse ``key=value,...``; return the tree, and whether help was asked for (keyval_parse with ``p_help``)."""
    qdict = qdict_new()
    return qdict, keyval_parse_into(qdict, params, implied_key, allow_help=True)
