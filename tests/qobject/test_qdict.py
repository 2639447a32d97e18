"""qobject/qdict.c: the order in which an object is walked, compared with what QEMU's own code printed."""

from __future__ import annotations

import json
from pathlib import Path

from emu.qobject.qdict import (
    plain,
    qdict_clone_shallow,
    qdict_del,
    qdict_get_try_bool,
    qdict_get_try_int,
    qdict_get_try_str,
    qdict_haskey,
    qdict_new,
    qdict_put,
    qdict_put_null,
    qobject_of,
    tdb_hash,
)
from emu.qobject.qjson import qobject_from_json, qobject_to_json
from emu.trace import Recorder

GOLDEN = json.loads((Path(__file__).parent / "data" / "qdict.json").read_text())


def test_the_walk_is_qemus() -> None:
    qdict = qdict_new()
    for operation in GOLDEN["operations"]:
        if operation[0] == "+":
            qdict_put(qdict, operation[1:], "x")
        else:
            qdict_del(qdict, operation[1:])
    assert list(qdict) == GOLDEN["walk"]
    assert set(qdict_clone_shallow(qdict)) == set(GOLDEN["walk"])


def test_tdb_hash_is_32_bits_wide() -> None:
    assert tdb_hash("") == 12345
    assert 0 <= tdb_hash("x" * 100) < 1 << 32


def test_values_are_read_by_type() -> None:
    qdict = qdict_new({"i": 1, "b": True, "s": "x", "big": 2**64 - 1})
    qdict_put_null(qdict, "n")
    assert qdict_get_try_int(qdict, "i", 7) == 1
    assert [qdict_get_try_int(qdict, key, 7) for key in ("b", "s", "big", "none")] == [7, 7, 7, 7]
    assert qdict_get_try_bool(qdict, "b", False)
    assert qdict_get_try_str(qdict, "i") is None
    assert qdict_haskey(qdict, "n")


def test_python_values_come_back() -> None:
    value = {"a": [1, None, {"b": True}], "c": "d", "e": 1.5}
    assert plain(qobject_of(value)) == value


def test_qobject_to_json_pretty() -> None:
    assert qobject_to_json(qobject_from_json('{"a": [1, {}], "b": []}'), True) in {
        '{\n    "a": [\n        1,\n        {\n        }\n    ],\n    "b": [\n    ]\n}',
        '{\n    "b": [\n    ],\n    "a": [\n        1,\n        {\n        }\n    ]\n}',
    }


def test_deep_nesting_is_refused_and_not_a_crash() -> None:
    assert qobject_to_json(qobject_from_json("[" * 300 + "]" * 300)) == "[" * 300 + "]" * 300
    qobject_from_json("[" * 1024 + "]" * 1024)


def test_null_is_kept_whether_recorded_or_not() -> None:
    for recording in (True, False):
        with Recorder(recording=recording).active():
            assert qobject_to_json(qobject_from_json('{"a": [null, {}], "b": null}')) == '{"a": [null, {}], "b": null}'
