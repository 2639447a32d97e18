"""util/cutils.c: numbers from text, compared with what QEMU's own code returned."""

from __future__ import annotations

from errno import EINVAL, ERANGE

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emu.trace import Recorder
from emu.util.cutils import (
    parse_uint,
    parse_uint_full,
    qemu_parse_fd,
    qemu_strtod_finite,
    qemu_strtoi,
    qemu_strtoi64,
    qemu_strtosz,
    qemu_strtosz_MiB,
    qemu_strtou64,
    qemu_strtoui,
    size_to_str,
)


@pytest.mark.parametrize(
    ("text", "err", "value"),
    [
        ("0", 0, 0),
        ("1k", 0, 1024),
        ("1.5k", 0, 1536),
        ("1.k", 0, 1024),
        ("0x10", 0, 16),
        ("18446744073709551615", 0, 2**64 - 1),
        ("15.99999999999999999999E", 0, 15 << 60),
        ("16E", ERANGE, None),
        ("18446744073709551616", ERANGE, None),
        ("-1", EINVAL, None),
        ("", EINVAL, None),
        (".5k", EINVAL, None),
        ("1.5", EINVAL, None),
        ("1e3k", EINVAL, None),
        ("0x1.8", EINVAL, None),
        ("1 k", EINVAL, None),
        ("1KK", EINVAL, None),
    ],
)
def test_qemu_strtosz(text: str, err: int, value: int | None) -> None:
    number = qemu_strtosz(text)
    assert number.err == err
    assert value is None or number.value == value


def test_a_suffix_on_a_hexadecimal_number_warns() -> None:
    with Recorder().active() as run:
        assert qemu_strtosz("0x10k").value == 16384
    assert run.events[0][4] == "warning: Using a multiplier suffix on hex numbers is deprecated: 0x10k\n"


def test_qemu_strtosz_mib() -> None:
    assert qemu_strtosz_MiB("128").value == 128 << 20
    assert qemu_strtosz_MiB("128k").value == 128 << 10
    assert qemu_strtosz_MiB("1.5").value == 3 << 19


@pytest.mark.parametrize(
    ("text", "err", "value"),
    [
        ("010", 0, 8),
        ("08", EINVAL, 0),
        ("0x", EINVAL, 0),
        ("  +5", 0, 5),
        ("-0x10", 0, -16),
        ("9223372036854775808", ERANGE, 2**63 - 1),
    ],
)
def test_qemu_strtoi64_guesses_the_base(text: str, err: int, value: int) -> None:
    number = qemu_strtoi64(text)
    assert (number.err, number.value) == (err, value)


def test_unsigned_numbers_wrap() -> None:
    assert qemu_strtou64("-1").value == 2**64 - 1
    assert qemu_strtou64("-18446744073709551616").err == ERANGE
    assert qemu_strtoui("-1").value == 2**32 - 1
    assert (qemu_strtoui("4294967296").err, qemu_strtoui("4294967296").value) == (ERANGE, 2**32 - 1)
    assert (qemu_strtoi("2147483648").err, qemu_strtoi("2147483648").value) == (ERANGE, 2**31 - 1)


def test_parse_uint_refuses_a_minus() -> None:
    assert parse_uint("-1", 0).err == ERANGE
    assert parse_uint("12ab", 0)[:3] == (0, 12, 2)
    assert parse_uint_full("12ab", 0).err == EINVAL
    assert parse_uint("", 0).err == EINVAL


def test_qemu_parse_fd() -> None:
    assert [qemu_parse_fd(text) for text in ("3", "-1", "3x", "", "2147483648")] == [3, -1, -1, -1, -1]


@pytest.mark.parametrize(
    ("text", "err"), [("1.5", 0), ("1e400", ERANGE), ("1e-400", ERANGE), ("inf", EINVAL), ("nan", EINVAL), ("1x", EINVAL)]
)
def test_qemu_strtod_finite(text: str, err: int) -> None:
    assert qemu_strtod_finite(text).err == err


def test_size_to_str() -> None:
    assert [size_to_str(size) for size in (0, 1, 1023, 1024, 1 << 20, 999 << 20)] == [
        "0 B",
        "1 B",
        "0.999 KiB",
        "1 KiB",
        "1 MiB",
        "999 MiB",
    ]


@given(st.integers(-(2**63), 2**63 - 1))
def test_decimal_numbers_come_back(value: int) -> None:
    assert qemu_strtoi64(str(value), 10)[:2] == (0, value)
    assert qemu_strtou64(hex(value & (2**64 - 1)))[:2] == (0, value & (2**64 - 1))


@given(st.text())
def test_any_text_is_parsed_or_refused(text: str) -> None:
    for parse in (qemu_strtoi64, qemu_strtou64, qemu_strtoi, qemu_strtoui):
        assert parse(text).err in {0, EINVAL, ERANGE}
