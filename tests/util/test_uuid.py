"""util/uuid.c: UUIDs as text."""

from __future__ import annotations

from emu.util.uuid import QemuUUID, qemu_uuid_is_null, qemu_uuid_parse, qemu_uuid_unparse


def test_text_comes_back_in_lower_case() -> None:
    uuid = QemuUUID()
    assert qemu_uuid_is_null(uuid)
    assert qemu_uuid_parse("00112233-4455-6677-8899-AABBCCDDEEFF", uuid) == 0
    assert qemu_uuid_unparse(uuid) == "00112233-4455-6677-8899-aabbccddeeff"


def test_malformed_text_leaves_the_uuid_alone() -> None:
    uuid = QemuUUID()
    for text in (
        "",
        "00112233445566778899aabbccddeeff",
        "00112233-4455-6677-8899-aabbccddeef",
        "g0112233-4455-6677-8899-aabbccddeeff",
    ):
        assert qemu_uuid_parse(text, uuid) == -1
    assert qemu_uuid_is_null(uuid)
