"""glib/ghash.c: the order in which a table is walked, compared with what libglib 2.74 printed for the same operations."""

from __future__ import annotations

import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from emu.trace import Recorder, Struct, fresh
from emu.trace.fold import fold
from emu.trace.snapshot import snapshot
from emu.util.ghash import GHashTable, g_str_hash

GOLDEN = json.loads((Path(__file__).parent / "data" / "ghash.json").read_text())


def test_g_str_hash_takes_bytes_as_signed() -> None:
    assert g_str_hash("") == 5381
    assert g_str_hash("a") == 5381 * 33 + 97
    assert g_str_hash("é") == ((5381 * 33 + 0xC3 - 256) * 33 + 0xA9 - 256) & 0xFFFFFFFF


def test_walks_equal_those_of_libglib() -> None:
    table: GHashTable[int] = GHashTable()
    walks = []
    for operation in GOLDEN["operations"]:
        kind, key = operation[0], operation[1:]
        if kind == "+":
            table[key] = 1
        elif kind == "-":
            del table[key]
        elif kind == "~":
            table.iter_remove(key)
        else:
            walks.append(list(table))
    assert walks == GOLDEN["walks"]


@given(st.lists(st.tuples(st.sampled_from("+-~?"), st.sampled_from("abcdefghijklmnopqrstuvwxyz"))))
def test_when_the_array_is_brought_up_to_date_changes_nothing(operations: list[tuple[str, str]]) -> None:
    lazy: GHashTable[int] = GHashTable()
    eager: GHashTable[int] = GHashTable()
    for kind, key in operations:
        for table in (lazy, eager):
            if kind == "+":
                table[key] = 1
            elif key in table and kind == "-":
                del table[key]
            elif key in table and kind == "~":
                table.iter_remove(key)
        eager.order()
    assert list(lazy) == list(eager)
    assert sorted(lazy.values()) == [1] * len(lazy)


class Owner(Struct):
    table: GHashTable[int] = fresh(GHashTable)


def test_changes_are_recorded() -> None:
    with Recorder().active() as rec:
        owner = Owner()
        owner.table["a"] = 1
        owner.table["b"] = 2
        owner.table["a"] = 3
        del owner.table["b"]
        owner.table["c"] = 4
        owner.table.iter_remove("c")
    assert fold(rec.events).objects == snapshot(rec).objects
    assert dict(owner.table.items()) == {"a": 3}
