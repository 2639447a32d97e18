"""UUIDs (util/uuid.c, include/qemu/uuid.h): 16 bytes, as text ``xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx``."""

from __future__ import annotations

import re
from typing import ClassVar, Final

from emu.trace import Buf, Struct, fresh

UUID_NONE: Final = "00000000-0000-0000-0000-000000000000"
UUID_SIZE: Final = 16

_VALID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class UUIDBytes(Buf):
    """``unsigned char data[16]``."""

    def __init__(self) -> None:
        super().__init__(UUID_SIZE)


class QemuUUID(Struct):
    """A UUID, its fields big-endian."""

    SIZE: ClassVar[int] = UUID_SIZE
    data: Buf = fresh(UUIDBytes)


def qemu_uuid_is_null(uu: QemuUUID) -> bool:
    """Tell whether all bytes are zero."""
    return not any(bytes(uu.data))


def qemu_uuid_is_equal(lhv: QemuUUID, rhv: QemuUUID) -> bool:
    """Tell whether two UUIDs have the same bytes."""
    return bytes(lhv.data) == bytes(rhv.data)


def qemu_uuid_unparse(uuid: QemuUUID) -> str:
    """Return the text of a UUID, in lower case."""
    digits = bytes(uuid.data).hex()
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def qemu_uuid_parse(text: str, uuid: QemuUUID) -> int:
    """Fill a UUID from text; return 0, or -1 for malformed text, which leaves it as it is."""
    if _VALID.fullmatch(text) is None:
        return -1
    uuid.data.put(0, bytes.fromhex(text.replace("-", "")))
    return 0
