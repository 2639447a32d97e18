"""util/id.c: identifiers."""

from __future__ import annotations

from emu.trace import Recorder
from emu.util.id import IdSubSystems, id_generate, id_wellformed


def test_id_wellformed() -> None:
    assert all(id_wellformed(id_) for id_ in ("a", "n0", "a-b._9"))
    assert not any(id_wellformed(id_) for id_ in ("", "0a", "a b", "é", "#net000", "a\n"))


def test_id_generate_counts_by_subsystem_in_each_run() -> None:
    for _ in range(2):
        with Recorder().active():
            made = [id_generate(IdSubSystems.ID_NET), id_generate(IdSubSystems.ID_NET), id_generate(IdSubSystems.ID_QDEV)]
        assert made == ["#net000", "#net100", "#qdev000"]
